"""Assignments of courses and what is written beside them. See `strangers`."""

import numpy as np

R = np.random.RandomState(0)

def N(*s):
    return R.randn(*s)

CASES = []

def case(*args):
    def deco(f):
        CASES.append((f, args))
        return f
    return deco

def svm_loss_naive(W, X, y, reg):
    dW = np.zeros(W.shape)
    num_classes = W.shape[1]; num_train = X.shape[0]; loss = 0.0
    for i in range(num_train):
        scores = X[i].dot(W)
        correct_class_score = scores[y[i]]
        for j in range(num_classes):
            if j == y[i]: continue
            margin = scores[j] - correct_class_score + 1
            if margin > 0:
                loss += margin
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
    loss /= num_train; dW /= num_train
    loss += reg * np.sum(W * W); dW += 2 * reg * W
    return loss, dW

def batchnorm_forward(x, gamma, beta, bn_param):
    mode = bn_param["mode"]
    eps = bn_param.get("eps", 1e-5)
    momentum = bn_param.get("momentum", 0.9)
    N, D = x.shape
    running_mean = bn_param.get("running_mean", np.zeros(D, dtype=x.dtype))
    running_var = bn_param.get("running_var", np.zeros(D, dtype=x.dtype))
    out, cache = None, None
    if mode == "train":
        sample_mean = x.mean(axis=0); sample_var = x.var(axis=0)
        std = np.sqrt(sample_var + eps)
        x_hat = (x - sample_mean) / std
        out = gamma * x_hat + beta
        running_mean = momentum * running_mean + (1 - momentum) * sample_mean
        running_var = momentum * running_var + (1 - momentum) * sample_var
        cache = (x, x_hat, sample_mean, sample_var, gamma, std, bn_param.get('layernorm', 0))
    elif mode == "test":
        out = gamma * (x - running_mean) / np.sqrt(running_var + eps) + beta
    else:
        raise ValueError('Invalid forward batchnorm mode "%s"' % mode)
    bn_param["running_mean"] = running_mean
    bn_param["running_var"] = running_var
    return out, cache

@case(N(4,3), N(3), N(3), {})
def layernorm_forward(x, gamma, beta, ln_param):
    eps = ln_param.get("eps", 1e-5)
    bn_param = {"mode": "train", "layernorm": 1, **ln_param}
    [gamma, beta] = np.atleast_2d(gamma, beta)
    out, cache = batchnorm_forward(x.T, gamma.T, beta.T, bn_param)
    mu = x.mean(axis=1, keepdims=True); var = ((x - mu)**2).mean(1)[:, None]
    return out.T, (x - mu) / np.sqrt(var + eps)

def relu_backward(dout, cache):
    dx, x = None, cache
    dx = np.array(dout, copy=True)
    dx[x <= 0] = 0
    return dx

def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    stride, pad = conv_param['stride'], conv_param['pad']
    N, C, H, W = x.shape; F, _, HH, WW = w.shape
    _, _, Hp, Wp = dout.shape
    xp = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)], mode='constant', constant_values=0)
    dxp = np.zeros_like(xp); dw = np.zeros_like(w); db = np.zeros_like(b)
    for n in range(N):
        for f in range(F):
            db[f] += dout[n, f].sum()
            for i in range(Hp):
                for j in range(Wp):
                    dw[f] += xp[n, :, i*stride:i*stride+HH, j*stride:j*stride+WW] * dout[n, f, i, j]
                    dxp[n, :, i*stride:i*stride+HH, j*stride:j*stride+WW] += w[f] * dout[n, f, i, j]
    dx = dxp[:, :, pad:-pad, pad:-pad]
    return dx, dw, db

def max_pool_backward_naive(dout, cache):
    x, p = cache
    N, C, H, W = x.shape
    ph, pw, s = p['pool_height'], p['pool_width'], p['stride']
    dx = np.zeros(x.shape)
    for n in range(N):
        for c in range(C):
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    win = x[n, c, i*s:i*s+ph, j*s:j*s+pw]
                    ind = np.unravel_index(np.argmax(win), win.shape)
                    dx[n, c, i*s:i*s+ph, j*s:j*s+pw][ind] += dout[n, c, i, j]
                    mask = (win == np.max(win))
                    dx[n, c, i*s:i*s+ph, j*s:j*s+pw] += mask * dout[n, c, i, j]
    return dx

@case(N(2,2,4,4))
def max_pool_forward_reshape(x):
    N, C, H, W = x.shape
    x_reshaped = x.reshape(N, C, H // 2, 2, W // 2, 2)
    out = x_reshaped.max(axis=3).max(axis=4)
    dx_reshaped = np.zeros_like(x_reshaped)
    out_newaxis = out[:, :, :, np.newaxis, :, np.newaxis]
    mask = (x_reshaped == out_newaxis)
    dout_newaxis = out[:, :, :, np.newaxis, :, np.newaxis]
    dout_broadcast, _ = np.broadcast_arrays(dout_newaxis, dx_reshaped)
    dx_reshaped[mask] = dout_broadcast[mask]
    dx_reshaped /= np.sum(mask, axis=(3, 5), keepdims=True)
    return out, dx_reshaped.reshape(x.shape)

def get_im2col_indices(x_shape, field_height, field_width, padding=1, stride=1):
    N, C, H, W = x_shape
    assert (H + 2 * padding - field_height) % stride == 0
    out_height = int((H + 2 * padding - field_height) / stride + 1)
    out_width = int((W + 2 * padding - field_width) / stride + 1)
    i0 = np.repeat(np.arange(field_height), field_width)
    i0 = np.tile(i0, C)
    i1 = stride * np.repeat(np.arange(out_height), out_width)
    j0 = np.tile(np.arange(field_width), field_height * C)
    j1 = stride * np.tile(np.arange(out_width), out_height)
    i = i0.reshape(-1, 1) + i1.reshape(1, -1)
    j = j0.reshape(-1, 1) + j1.reshape(1, -1)
    k = np.repeat(np.arange(C), field_height * field_width).reshape(-1, 1)
    return (k, i, j)

def im2col_indices(x, field_height, field_width, padding=1, stride=1):
    p = padding
    x_padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), mode='constant')
    k, i, j = get_im2col_indices(x.shape, field_height, field_width, padding, stride)
    cols = x_padded[:, k, i, j]
    C = x.shape[1]
    return cols.transpose(1, 2, 0).reshape(field_height * field_width * C, -1)

def col2im_indices(cols, x_shape, field_height=3, field_width=3, padding=1, stride=1):
    N, C, H, W = x_shape
    x_padded = np.zeros((N, C, H + 2 * padding, W + 2 * padding), dtype=cols.dtype)
    k, i, j = get_im2col_indices(x_shape, field_height, field_width, padding, stride)
    cols_reshaped = cols.reshape(C * field_height * field_width, -1, N).transpose(2, 0, 1)
    np.add.at(x_padded, (slice(None), k, i, j), cols_reshaped)
    if padding == 0: return x_padded
    return x_padded[:, :, padding:-padding, padding:-padding]

@case(N(2,2,4,4), N(3,2,3,3), N(3))
def conv_strides(x, w, b):
    N, C, H, W = x.shape; F, _, HH, WW = w.shape
    stride, pad = 1, 1
    p = pad
    x_padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), mode="constant")
    H += 2 * pad; W += 2 * pad
    out_h = (H - HH) // stride + 1; out_w = (W - WW) // stride + 1
    shape = (C, HH, WW, N, out_h, out_w)
    strides = (H * W, W, 1, C * H * W, stride * W, stride)
    strides = x.itemsize * np.array(strides)
    x_stride = np.lib.stride_tricks.as_strided(x_padded, shape=shape, strides=strides)
    x_cols = np.ascontiguousarray(x_stride)
    x_cols.shape = (C * HH * WW, N * out_h * out_w)
    res = w.reshape(F, -1).dot(x_cols) + b.reshape(-1, 1)
    res.shape = (F, N, out_h, out_w)
    out = res.transpose(1, 0, 2, 3)
    out = np.ascontiguousarray(out)
    return out, x_cols

def rnn_step_forward(x, prev_h, Wx, Wh, b):
    next_h = np.tanh(x.dot(Wx) + prev_h.dot(Wh) + b)
    return next_h, (x, prev_h, Wx, Wh, next_h)

def rnn_step_backward(dnext_h, cache):
    x, prev_h, Wx, Wh, next_h = cache
    dt = dnext_h * (1 - next_h**2)
    return dt.dot(Wx.T), dt.dot(Wh.T), x.T.dot(dt), prev_h.T.dot(dt), dt.sum(axis=0)

def rnn_forward(x, h0, Wx, Wh, b):
    N, T, D = x.shape; H = h0.shape[1]
    h = np.zeros((N, T, H)); cache = []
    prev = h0
    for t in range(T):
        prev, c = rnn_step_forward(x[:, t, :], prev, Wx, Wh, b)
        h[:, t, :] = prev; cache.append(c)
    return h, cache

def rnn_backward(dh, cache):
    N, T, H = dh.shape; D = cache[0][0].shape[1]
    dx = np.zeros((N, T, D)); dWx = np.zeros((D, H)); dWh = np.zeros((H, H)); db = np.zeros((H,))
    dprev = np.zeros((N, H))
    for t in reversed(range(T)):
        dx[:, t, :], dprev, a, b_, c = rnn_step_backward(dh[:, t, :] + dprev, cache[t])
        dWx += a; dWh += b_; db += c
    return dx, dprev, dWx, dWh, db

@case(N(2,3,4), np.array([[0,1,2],[3,0,1]]), np.array([[True,True,False],[True,False,False]]))
def temporal_softmax_loss(x, y, mask, verbose=True):
    N, T, V = x.shape
    x_flat = x.reshape(N * T, V); y_flat = y.reshape(N * T); mask_flat = mask.reshape(N * T)
    probs = np.exp(x_flat - np.max(x_flat, axis=1, keepdims=True))
    probs /= np.sum(probs, axis=1, keepdims=True)
    loss = -np.sum(mask_flat * np.log(probs[np.arange(N * T), y_flat])) / N
    dx_flat = probs.copy()
    dx_flat[np.arange(N * T), y_flat] -= 1
    dx_flat /= N
    dx_flat *= mask_flat[:, None]
    return loss, dx_flat.reshape(N, T, V)

def adam(w, dw, config=None):
    if config is None: config = {}
    config.setdefault("learning_rate", 1e-3); config.setdefault("beta1", 0.9); config.setdefault("beta2", 0.999)
    config.setdefault("epsilon", 1e-8); config.setdefault("m", np.zeros_like(w)); config.setdefault("v", np.zeros_like(w)); config.setdefault("t", 0)
    config['t'] += 1
    config['m'] = config['beta1'] * config['m'] + (1 - config['beta1']) * dw
    config['v'] = config['beta2'] * config['v'] + (1 - config['beta2']) * (dw**2)
    mt = config['m'] / (1 - config['beta1']**config['t']); vt = config['v'] / (1 - config['beta2']**config['t'])
    return w - config['learning_rate'] * mt / (np.sqrt(vt) + config['epsilon']), config

@case(N(3,2))
def numerical_gradient(x, h=1e-3):
    f = lambda z: np.sum(z**3)
    fx = f(x); grad = np.zeros_like(x)
    it = np.nditer(x, flags=["multi_index"], op_flags=["readwrite"])
    while not it.finished:
        ix = it.multi_index
        oldval = x[ix]
        x[ix] = oldval + h; fxph = f(x)
        x[ix] = oldval - h; fxmh = f(x)
        x[ix] = oldval
        grad[ix] = (fxph - fxmh) / (2 * h)
        it.iternext()
    return grad

@case(N(4,6), 0.5)
def simclr_naive(out, tau):
    def sim(z_i, z_j):
        return np.dot(z_i, z_j) / (np.linalg.norm(z_i) * np.linalg.norm(z_j))
    N = out.shape[0] // 2
    total_loss = 0
    for k in range(N):
        num = np.exp(sim(out[k], out[k+N]) / tau); num2 = np.exp(sim(out[k+N], out[k]) / tau)
        den = 0; den2 = 0
        for i in range(2 * N):
            if i != k: den += np.exp(sim(out[k], out[i]) / tau)
            if i != k + N: den2 += np.exp(sim(out[k+N], out[i]) / tau)
        total_loss += -np.log(num / den) - np.log(num2 / den2)
    return total_loss / (2 * N)

y5 = np.array([0, 2, 1, 2, 0])
CASES += [
    (svm_loss_naive, (N(4,3), N(5,4), y5, 0.1)),
    (batchnorm_forward, (N(5,3), N(3), N(3), {'mode': 'train', 'running_mean': N(3), 'running_var': np.abs(N(3))})),
    (relu_backward, (N(2,3), N(2,3))),
    (conv_backward_naive, (N(1,2,3,3), (N(1,2,5,5), N(2,2,3,3), N(2), {'stride': 2, 'pad': 1}))),
    (max_pool_backward_naive, (N(1,2,2,2), (N(1,2,4,4), {'pool_height': 2, 'pool_width': 2, 'stride': 2}))),
    (lambda x: col2im_indices(im2col_indices(x, 3, 3), x.shape), (N(1,2,4,4),)),
    (lambda dh, *a: rnn_backward(dh, rnn_forward(*a)[1]), (N(2,3,4), N(2,3,2), N(2,4), N(2,4), N(4,4), N(4))),
    (adam, (N(3,2), N(3,2), {'m': N(3,2), 'v': np.abs(N(3,2)), 't': 5})),
]
