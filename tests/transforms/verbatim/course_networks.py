"""Networks as in books and well-known repositories, in classes and in globals, after their authors.

Nielsen's "Neural Networks and Deep Learning" (lists of weights, columns), Saito's "Deep Learning
from Scratch" (layers with forward and backward, im2col), Karpathy's min-char-rnn (globals), a small
library of modules. Nothing here knows of Tensors: the tests run it by `verbatim`.
"""

import random
from collections import OrderedDict, defaultdict

import numpy as np

R = np.random.RandomState(3)

def N(*s):
    return R.randn(*s)

def sigmoid(z): return 1.0 / (1.0 + np.exp(-z))
def sigmoid_prime(z): return sigmoid(z) * (1 - sigmoid(z))
class QuadraticCost(object):
    @staticmethod
    def fn(a, y): return 0.5 * np.linalg.norm(a - y)**2
    @staticmethod
    def delta(z, a, y): return (a - y) * sigmoid_prime(z)
class CrossEntropyCost(object):
    @staticmethod
    def fn(a, y): return np.sum(np.nan_to_num(-y * np.log(a) - (1 - y) * np.log(1 - a)))
    @staticmethod
    def delta(z, a, y): return (a - y)
class Network(object):
    def __init__(self, sizes, cost=CrossEntropyCost):
        self.num_layers = len(sizes); self.sizes = sizes
        self.default_weight_initializer(); self.cost = cost
    def default_weight_initializer(self):
        self.biases = [np.random.randn(y, 1) for y in self.sizes[1:]]
        self.weights = [np.random.randn(y, x) / np.sqrt(x) for x, y in zip(self.sizes[:-1], self.sizes[1:])]
    def feedforward(self, a):
        for b, w in zip(self.biases, self.weights):
            a = sigmoid(np.dot(w, a) + b)
        return a
    def SGD(self, training_data, epochs, mini_batch_size, eta, lmbda=0.0, test_data=None):
        training_data = list(training_data)
        n = len(training_data)
        for j in range(epochs):
            random.shuffle(training_data)
            mini_batches = [training_data[k:k+mini_batch_size] for k in range(0, n, mini_batch_size)]
            for mini_batch in mini_batches: self.update_mini_batch(mini_batch, eta, lmbda, n)
            return self.total_cost(training_data, lmbda)
    def update_mini_batch(self, mini_batch, eta, lmbda, n):
        nabla_b = [np.zeros(b.shape) for b in self.biases]
        nabla_w = [np.zeros(w.shape) for w in self.weights]
        for x, y in mini_batch:
            delta_nabla_b, delta_nabla_w = self.backprop(x, y)
            nabla_b = [nb + dnb for nb, dnb in zip(nabla_b, delta_nabla_b)]
            nabla_w = [nw + dnw for nw, dnw in zip(nabla_w, delta_nabla_w)]
        self.weights = [(1 - eta * (lmbda / n)) * w - (eta / len(mini_batch)) * nw for w, nw in zip(self.weights, nabla_w)]
        self.biases = [b - (eta / len(mini_batch)) * nb for b, nb in zip(self.biases, nabla_b)]
    def backprop(self, x, y):
        nabla_b = [np.zeros(b.shape) for b in self.biases]
        nabla_w = [np.zeros(w.shape) for w in self.weights]
        activation = x; activations = [x]; zs = []
        for b, w in zip(self.biases, self.weights):
            z = np.dot(w, activation) + b
            zs.append(z); activation = sigmoid(z); activations.append(activation)
        delta = (self.cost).delta(zs[-1], activations[-1], y)
        nabla_b[-1] = delta
        nabla_w[-1] = np.dot(delta, activations[-2].transpose())
        for l in range(2, self.num_layers):
            z = zs[-l]; sp = sigmoid_prime(z)
            delta = np.dot(self.weights[-l+1].transpose(), delta) * sp
            nabla_b[-l] = delta; nabla_w[-l] = np.dot(delta, activations[-l-1].transpose())
        return (nabla_b, nabla_w)
    def total_cost(self, data, lmbda):
        cost = 0.0
        for x, y in data:
            a = self.feedforward(x)
            cost += self.cost.fn(a, y) / len(data)
        cost += 0.5 * (lmbda / len(data)) * sum(np.linalg.norm(w)**2 for w in self.weights)
        return cost

np.random.seed(0)
NET = Network([3, 4, 2])
QUADRATIC = Network([3, 4, 2], cost=QuadraticCost)
DATA = [(N(3, 1), np.eye(2)[:, [i % 2]]) for i in range(4)]

def softmax(x):
    if x.ndim == 2:
        x = x.T
        x = x - np.max(x, axis=0)
        y = np.exp(x) / np.sum(np.exp(x), axis=0)
        return y.T
    x = x - np.max(x)
    return np.exp(x) / np.sum(np.exp(x))
def cross_entropy_error(y, t):
    if y.ndim == 1:
        t = t.reshape(1, t.size); y = y.reshape(1, y.size)
    if t.size == y.size: t = t.argmax(axis=1)
    batch_size = y.shape[0]
    return -np.sum(np.log(y[np.arange(batch_size), t] + 1e-7)) / batch_size
class Relu:
    def __init__(self): self.mask = None
    def forward(self, x):
        self.mask = (x <= 0)
        out = x.copy(); out[self.mask] = 0
        return out
    def backward(self, dout):
        dout[self.mask] = 0
        dx = dout
        return dx
class Affine:
    def __init__(self, W, b):
        self.W = W; self.b = b; self.x = None; self.original_x_shape = None; self.dW = None; self.db = None
    def forward(self, x):
        self.original_x_shape = x.shape
        x = x.reshape(x.shape[0], -1); self.x = x
        return np.dot(self.x, self.W) + self.b
    def backward(self, dout):
        dx = np.dot(dout, self.W.T); self.dW = np.dot(self.x.T, dout); self.db = np.sum(dout, axis=0)
        return dx.reshape(*self.original_x_shape)
class SoftmaxWithLoss:
    def __init__(self): self.loss = None; self.y = None; self.t = None
    def forward(self, x, t):
        self.t = t; self.y = softmax(x); self.loss = cross_entropy_error(self.y, self.t); return self.loss
    def backward(self, dout=1):
        batch_size = self.t.shape[0]
        if self.t.size == self.y.size: dx = (self.y - self.t) / batch_size
        else:
            dx = self.y.copy(); dx[np.arange(batch_size), self.t] -= 1; dx = dx / batch_size
        return dx
class BatchNormalization:
    def __init__(self, gamma, beta, momentum=0.9, running_mean=None, running_var=None):
        self.gamma = gamma; self.beta = beta; self.momentum = momentum; self.input_shape = None
        self.running_mean = running_mean; self.running_var = running_var
        self.batch_size = None; self.xc = None; self.std = None
    def forward(self, x, train_flg=True):
        self.input_shape = x.shape
        if x.ndim != 2:
            N, C, H, W = x.shape; x = x.reshape(N, -1)
        out = self.__forward(x, train_flg)
        return out.reshape(*self.input_shape)
    def __forward(self, x, train_flg):
        if self.running_mean is None:
            N, D = x.shape
            self.running_mean = np.zeros(D); self.running_var = np.zeros(D)
        if train_flg:
            mu = x.mean(axis=0); xc = x - mu; var = np.mean(xc**2, axis=0); std = np.sqrt(var + 10e-7); xn = xc / std
            self.batch_size = x.shape[0]; self.xc = xc; self.xn = xn; self.std = std
            self.running_mean = self.momentum * self.running_mean + (1-self.momentum) * mu
            self.running_var = self.momentum * self.running_var + (1-self.momentum) * var
        else:
            xc = x - self.running_mean; xn = xc / ((np.sqrt(self.running_var + 10e-7)))
        return self.gamma * xn + self.beta
def im2col(input_data, filter_h, filter_w, stride=1, pad=0):
    N, C, H, W = input_data.shape
    out_h = (H + 2*pad - filter_h)//stride + 1; out_w = (W + 2*pad - filter_w)//stride + 1
    img = np.pad(input_data, [(0,0), (0,0), (pad, pad), (pad, pad)], 'constant')
    col = np.zeros((N, C, filter_h, filter_w, out_h, out_w))
    for y in range(filter_h):
        y_max = y + stride*out_h
        for x in range(filter_w):
            x_max = x + stride*out_w
            col[:, :, y, x, :, :] = img[:, :, y:y_max:stride, x:x_max:stride]
    return col.transpose(0, 4, 5, 1, 2, 3).reshape(N*out_h*out_w, -1)
def col2im(col, input_shape, filter_h, filter_w, stride=1, pad=0):
    N, C, H, W = input_shape
    out_h = (H + 2*pad - filter_h)//stride + 1; out_w = (W + 2*pad - filter_w)//stride + 1
    col = col.reshape(N, out_h, out_w, C, filter_h, filter_w).transpose(0, 3, 4, 5, 1, 2)
    img = np.zeros((N, C, H + 2*pad + stride - 1, W + 2*pad + stride - 1))
    for y in range(filter_h):
        y_max = y + stride*out_h
        for x in range(filter_w):
            x_max = x + stride*out_w
            img[:, :, y:y_max:stride, x:x_max:stride] += col[:, :, y, x, :, :]
    return img[:, :, pad:H + pad, pad:W + pad]
class Convolution:
    def __init__(self, W, b, stride=1, pad=0): self.W = W; self.b = b; self.stride = stride; self.pad = pad
    def forward(self, x):
        FN, C, FH, FW = self.W.shape; N, C, H, W = x.shape
        out_h = 1 + int((H + 2*self.pad - FH) / self.stride); out_w = 1 + int((W + 2*self.pad - FW) / self.stride)
        col = im2col(x, FH, FW, self.stride, self.pad); col_W = self.W.reshape(FN, -1).T
        out = np.dot(col, col_W) + self.b
        out = out.reshape(N, out_h, out_w, -1).transpose(0, 3, 1, 2)
        self.x = x; self.col = col; self.col_W = col_W
        return out
    def backward(self, dout):
        FN, C, FH, FW = self.W.shape
        dout = dout.transpose(0,2,3,1).reshape(-1, FN)
        self.db = np.sum(dout, axis=0); self.dW = np.dot(self.col.T, dout)
        self.dW = self.dW.transpose(1, 0).reshape(FN, C, FH, FW)
        dcol = np.dot(dout, self.col_W.T)
        return col2im(dcol, self.x.shape, FH, FW, self.stride, self.pad)
class Pooling:
    def __init__(self, pool_h, pool_w, stride=2, pad=0): self.pool_h = pool_h; self.pool_w = pool_w; self.stride = stride; self.pad = pad
    def forward(self, x):
        N, C, H, W = x.shape
        out_h = int(1 + (H - self.pool_h) / self.stride); out_w = int(1 + (W - self.pool_w) / self.stride)
        col = im2col(x, self.pool_h, self.pool_w, self.stride, self.pad).reshape(-1, self.pool_h*self.pool_w)
        arg_max = np.argmax(col, axis=1); out = np.max(col, axis=1)
        out = out.reshape(N, out_h, out_w, C).transpose(0, 3, 1, 2)
        self.x = x; self.arg_max = arg_max
        return out
class TwoLayerNet:
    def __init__(self, input_size, hidden_size, output_size, weight_init_std=0.1):
        self.params = {}
        self.params['W1'] = weight_init_std * np.random.randn(input_size, hidden_size); self.params['b1'] = np.zeros(hidden_size)
        self.params['W2'] = weight_init_std * np.random.randn(hidden_size, output_size); self.params['b2'] = np.zeros(output_size)
        self.layers = OrderedDict()
        self.layers['Affine1'] = Affine(self.params['W1'], self.params['b1']); self.layers['Relu1'] = Relu()
        self.layers['Affine2'] = Affine(self.params['W2'], self.params['b2'])
        self.lastLayer = SoftmaxWithLoss()
    def predict(self, x):
        for layer in self.layers.values(): x = layer.forward(x)
        return x
    def loss(self, x, t): return self.lastLayer.forward(self.predict(x), t)
    def gradient(self, x, t):
        self.loss(x, t)
        dout = 1; dout = self.lastLayer.backward(dout)
        layers = list(self.layers.values()); layers.reverse()
        for layer in layers: dout = layer.backward(dout)
        grads = {}
        grads['W1'], grads['b1'] = self.layers['Affine1'].dW, self.layers['Affine1'].db
        grads['W2'], grads['b2'] = self.layers['Affine2'].dW, self.layers['Affine2'].db
        return grads
class AdaGrad:
    def __init__(self, lr=0.01): self.lr = lr; self.h = None
    def update(self, params, grads):
        if self.h is None:
            self.h = {}
            for key, val in params.items(): self.h[key] = np.zeros_like(val)
        for key in params.keys():
            self.h[key] += grads[key] * grads[key]
            params[key] -= self.lr * grads[key] / (np.sqrt(self.h[key]) + 1e-7)

TL = TwoLayerNet(4, 5, 3)
LABELS = np.array([0, 2, 1, 1])

def both_ways(layer, x, d):
    out = layer.forward(x)
    return out, layer.backward(d)

def train(x, t):
    np.random.seed(1)
    net = TwoLayerNet(4, 5, 3); opt = AdaGrad()
    losses = []
    for i in range(2):
        grads = net.gradient(x, t)
        opt.update(net.params, grads)
        losses.append(net.loss(x, t))
    return losses, net.params['W1']

data = 'hello world'; chars = sorted(list(set(data))); data_size, vocab_size = len(data), len(chars)
char_to_ix = {ch: i for i, ch in enumerate(chars)}; ix_to_char = {i: ch for i, ch in enumerate(chars)}
hidden_size = 5; seq_length = 4; learning_rate = 1e-1
Wxh = N(hidden_size, vocab_size)*0.1; Whh = N(hidden_size, hidden_size)*0.1; Why = N(vocab_size, hidden_size)*0.1
bh = np.zeros((hidden_size, 1)); by = np.zeros((vocab_size, 1))
def lossFun(inputs, targets, hprev):
    xs, hs, ys, ps = {}, {}, {}, {}
    hs[-1] = np.copy(hprev)
    loss = 0
    for t in range(len(inputs)):
        xs[t] = np.zeros((vocab_size, 1)); xs[t][inputs[t]] = 1
        hs[t] = np.tanh(np.dot(Wxh, xs[t]) + np.dot(Whh, hs[t-1]) + bh)
        ys[t] = np.dot(Why, hs[t]) + by
        ps[t] = np.exp(ys[t]) / np.sum(np.exp(ys[t]))
        loss += -np.log(ps[t][targets[t], 0])
    dWxh, dWhh, dWhy = np.zeros_like(Wxh), np.zeros_like(Whh), np.zeros_like(Why)
    dbh, dby = np.zeros_like(bh), np.zeros_like(by)
    dhnext = np.zeros_like(hs[0])
    for t in reversed(range(len(inputs))):
        dy = np.copy(ps[t]); dy[targets[t]] -= 1
        dWhy += np.dot(dy, hs[t].T); dby += dy
        dh = np.dot(Why.T, dy) + dhnext
        dhraw = (1 - hs[t] * hs[t]) * dh
        dbh += dhraw; dWxh += np.dot(dhraw, xs[t].T); dWhh += np.dot(dhraw, hs[t-1].T)
        dhnext = np.dot(Whh.T, dhraw)
    for dparam in [dWxh, dWhh, dWhy, dbh, dby]: np.clip(dparam, -5, 5, out=dparam)
    return loss, dWxh, dWhh, dWhy, dbh, dby, hs[len(inputs)-1]
def sample(h, seed_ix, n):
    x = np.zeros((vocab_size, 1)); x[seed_ix] = 1; ixes = []
    for t in range(n):
        h = np.tanh(np.dot(Wxh, x) + np.dot(Whh, h) + bh); y = np.dot(Why, h) + by
        p = np.exp(y) / np.sum(np.exp(y))
        ix = np.random.choice(range(vocab_size), p=p.ravel())
        x = np.zeros((vocab_size, 1)); x[ix] = 1; ixes.append(ix)
    return ixes

INP = [char_to_ix[c] for c in 'hell']; TGT = [char_to_ix[c] for c in 'ello']

def char_rnn_sample(h):
    txt = ''.join(ix_to_char[ix] for ix in sample(h, 0, 3))
    return lossFun(INP, TGT, h)[0] * len(txt)

class Parameter:
    def __init__(self, data): self.data = data; self.grad = np.zeros_like(data)
class Module:
    def __call__(self, *a, **k): return self.forward(*a, **k)
    def parameters(self):
        for v in self.__dict__.values():
            if isinstance(v, Parameter): yield v
            elif isinstance(v, Module): yield from v.parameters()
            elif isinstance(v, (list, tuple)):
                for m in v:
                    if isinstance(m, Module): yield from m.parameters()
class Linear(Module):
    def __init__(self, i, o): self.w = Parameter(np.random.randn(i, o)); self.b = Parameter(np.zeros((1, o)))
    def forward(self, x): self.x = x; return x @ self.w.data + self.b.data
    def backward(self, g):
        self.w.grad += self.x.T @ g; self.b.grad += g.sum(0, keepdims=True)
        return g @ self.w.data.T
class Act(Module):
    def __init__(self, kind='tanh'):
        self.f, self.df = {'tanh': (np.tanh, lambda y: 1 - y**2), 'sigmoid': (sigmoid, lambda y: y * (1 - y))}[kind]
    def forward(self, x): self.y = self.f(x); return self.y
    def backward(self, g): return g * self.df(self.y)
class Seq(Module):
    def __init__(self, *m): self.m = m
    def forward(self, x):
        for l in self.m: x = l(x)
        return x
    def backward(self, g):
        for l in self.m[::-1]: g = l.backward(g)
        return g

SEQ = Seq(Linear(3, 4), Act(), Linear(4, 2), Act('sigmoid'))

def train_seq(net, x, y):
    for i in range(2):
        out = net(x); loss = ((out - y)**2).mean()
        net.backward(2 * (out - y) / out.size)
        for p in net.parameters(): p.data -= 0.1 * p.grad; p.grad[:] = 0; p.grad.fill(0)
    return loss

CASES = (
    (Network.feedforward, (NET, N(3, 1))),
    (Network.total_cost, (NET, DATA, 0.1)),
    (Network.backprop, (QUADRATIC, N(3, 1), np.array([[1.], [0.]]))),
    (Network.SGD, (NET, DATA, 1, 2, 0.5, 0.1)),
    (both_ways, (Relu(), N(3, 4), N(3, 4))),
    (both_ways, (Convolution(N(3, 2, 2, 2), N(3), 2, 1), N(1, 2, 4, 4), N(1, 3, 3, 3))),
    (BatchNormalization.forward, (BatchNormalization(N(3), N(3)), N(5, 3))),
    (Pooling.forward, (Pooling(2, 2), N(1, 2, 4, 4))),
    (TwoLayerNet.gradient, (TL, N(4, 4), LABELS)),
    (TwoLayerNet.loss, (TL, N(4, 4), np.eye(3)[LABELS])),
    (train, (N(4, 4), LABELS)),
    (lossFun, (INP, TGT, N(5, 1))),
    (char_rnn_sample, (N(5, 1),)),
    (train_seq, (SEQ, N(5, 3), N(5, 2))),
)
