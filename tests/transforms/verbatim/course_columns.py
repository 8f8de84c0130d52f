"""Layers in columns, as in Ng's courses, and what is written beside courses. See `strangers`."""

import math
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

Y = np.array([[1, 0, 1, 1, 0]])

def sigmoid(Z):
    A = 1 / (1 + np.exp(-Z)); cache = Z
    return A, cache

def relu(Z):
    A = np.maximum(0, Z)
    assert(A.shape == Z.shape)
    return A, Z

@case(N(3,1), 0.1, N(3,5), Y)
def propagate2(w, b, X, Y):
    m = X.shape[1]
    A = 1 / (1 + np.exp(-(w.T.dot(X) + b)))
    cost = (-1. / m) * (Y.dot(np.log(A).T) + (1 - Y).dot(np.log(1 - A).T))
    cost = np.squeeze(np.array(cost))
    return {"dw": (1/m) * X.dot((A - Y).T), "db": (1/m) * (A - Y).sum()}, cost

def linear_forward(A, W, b):
    Z = W.dot(A) + b
    assert(Z.shape == (W.shape[0], A.shape[1]))
    cache = (A, W, b)
    return Z, cache

def linear_activation_forward(A_prev, W, b, activation):
    if activation == "sigmoid":
        Z, linear_cache = linear_forward(A_prev, W, b); A, activation_cache = sigmoid(Z)
    elif activation == "relu":
        Z, linear_cache = linear_forward(A_prev, W, b); A, activation_cache = relu(Z)
    return A, (linear_cache, activation_cache)

def L_model_forward(X, parameters):
    caches = []; A = X
    L = len(parameters) // 2
    for l in range(1, L):
        A_prev = A
        A, cache = linear_activation_forward(A_prev, parameters['W' + str(l)], parameters['b' + str(l)], activation="relu")
        caches.append(cache)
    AL, cache = linear_activation_forward(A, parameters['W' + str(L)], parameters['b' + str(L)], "sigmoid")
    caches.append(cache)
    assert(AL.shape == (1, X.shape[1]))
    return AL, caches

def compute_cost(AL, Y):
    m = Y.shape[1]
    cost = (-1 / m) * (np.dot(Y, np.log(AL).T) + np.dot(1 - Y, np.log(1 - AL).T))
    cost = np.squeeze(cost)
    assert(cost.shape == ())
    return cost

@case(np.abs(N(1,5))*0.1 + 0.3, Y)
def compute_cost_2021(A2, Y):
    m = Y.shape[1]
    logprobs = np.multiply(np.log(A2), Y) + np.multiply((1 - Y), np.log(1 - A2))
    cost = -(1/m) * np.sum(logprobs)
    cost = float(np.squeeze(cost))
    assert(isinstance(cost, float))
    return cost

@case(N(3,7), np.array([[1,0,1,1,0,0,1]]))
def random_mini_batches(X, Y, mini_batch_size=3, seed=0):
    np.random.seed(seed); m = X.shape[1]; mini_batches = []
    permutation = list(np.random.permutation(m))
    shuffled_X = X[:, permutation]; shuffled_Y = Y[:, permutation].reshape((1, m))
    inc = mini_batch_size
    for k in range(math.floor(m / mini_batch_size)):
        mini_batches.append((shuffled_X[:, k*inc:(k+1)*inc], shuffled_Y[:, k*inc:(k+1)*inc]))
    if m % mini_batch_size != 0: mini_batches.append((shuffled_X[:, int(m/inc)*inc:], shuffled_Y[:, int(m/inc)*inc:]))
    return mini_batches

@case(N(2,4,4,2), {'f': 2, 'stride': 2})
def pool_forward(A_prev, hparameters, mode="both"):
    (m, n_H_prev, n_W_prev, n_C_prev) = A_prev.shape
    f = hparameters["f"]; stride = hparameters["stride"]
    n_H = int(1 + (n_H_prev - f) / stride); n_W = int(1 + (n_W_prev - f) / stride)
    A = np.zeros((m, n_H, n_W, n_C_prev)); B = np.zeros_like(A)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C_prev):
                    a_prev_slice = A_prev[i, h*stride:h*stride+f, w*stride:w*stride+f, c]
                    A[i, h, w, c] = np.max(a_prev_slice); B[i, h, w, c] = np.mean(a_prev_slice)
    return A, B

@case(N(3,2), N(4,2), N(4,2), {k: N(*s) for k, s in dict(Wf=(4,7), bf=(4,1), Wi=(4,7), bi=(4,1), Wc=(4,7), bc=(4,1), Wo=(4,7), bo=(4,1)).items()})
def lstm_cell_forward(xt, a_prev, c_prev, p):
    n_x, m = xt.shape; n_a = a_prev.shape[0]
    concat = np.zeros((n_a + n_x, m))
    concat[: n_a, :] = a_prev
    concat[n_a :, :] = xt
    sg = lambda z: sigmoid(z)[0]
    ft = sg(np.dot(p["Wf"], concat) + p["bf"]); it = sg(np.dot(p["Wi"], concat) + p["bi"])
    cct = np.tanh(np.dot(p["Wc"], concat) + p["bc"]); c_next = ft * c_prev + it * cct
    ot = sg(np.dot(p["Wo"], concat) + p["bo"]); a_next = ot * np.tanh(c_next)
    return a_next, c_next, (a_next, c_next, ft)

@case(N(4,3), N(3,3), np.array([0, 2, 1, 0]))
def crf(emissions, trans, tags):
    T, K = emissions.shape
    score = emissions[0, tags[0]]
    for t in range(1, T): score += trans[tags[t-1], tags[t]] + emissions[t, tags[t]]
    alpha = emissions[0].copy()
    for t in range(1, T):
        new = np.zeros(K)
        for j in range(K):
            v = alpha + trans[:, j] + emissions[t, j]; m = v.max()
            new[j] = m + np.log(np.sum(np.exp(v - m)))
        alpha = new
    logZ = np.logaddexp.reduce(alpha)
    vit = np.full((T, K), -np.inf); vit[0] = emissions[0]; bp = np.zeros((T, K), dtype=int)
    for t in range(1, T):
        for j in range(K):
            s = vit[t-1] + trans[:, j]; bp[t, j] = np.argmax(s); vit[t, j] = s[bp[t, j]] + emissions[t, j]
    path = [int(np.argmax(vit[-1]))]
    for t in range(T-1, 0, -1): path.append(bp[t, path[-1]])
    return logZ - score, np.max(vit[-1])

@case(N(5,2), N(2), N(2,2))
def gaussian_nll(X, mu, A):
    S = A @ A.T + np.eye(2); d = X.shape[1]; total = 0.
    inv = np.linalg.inv(S); det = np.linalg.det(S)
    for x in X:
        diff = (x - mu).reshape(-1, 1)
        total += 0.5 * (diff.T @ inv @ diff).item() + 0.5 * np.log(det) + d / 2 * np.log(2 * np.pi)
    L = np.linalg.cholesky(S); z = np.linalg.solve(L, (X - mu).T)
    return total, np.sum(z**2) + 2 * np.log(np.diag(L)).sum()

@case(N(6,2), N(3,2))
def kmeans_loss(X, C):
    assign = np.array([np.argmin([np.linalg.norm(x - c) for c in C]) for x in X])
    loss = 0; newC = np.empty_like(C)
    for k in range(len(C)):
        pts = X[assign == k]
        if len(pts) > 0: newC[k] = pts.mean(axis=0); loss += np.sum((pts - C[k])**2)
        else: newC[k] = C[k]
    D = ((X[:, None, :] - C[None, :, :])**2).sum(-1)
    return loss, newC, D.min(axis=1).sum()

@case(N(4,2), N(3,2), 0.7 * np.ones(1))
def kernels(X, Y, ls):
    K = np.zeros((len(X), len(Y)))
    for i, x in enumerate(X):
        for j, y in enumerate(Y): K[i, j] = math.exp(-np.sum((x - y)**2) / (2 * ls[0]**2))
    poly = (X.dot(Y.T) + 1)**3; lap = np.exp(-np.abs(X[:, np.newaxis] - Y).sum(2)); lin = np.inner(X, Y)
    from itertools import product as prod
    G = np.array([np.exp(-np.linalg.norm(a - b)**2) for a, b in prod(X, X)]).reshape(4, 4)
    return K, poly, lap, lin, G

@case(N(2,3,4))
def instance_norm(x):
    out = np.zeros(x.shape, dtype=x.dtype)
    for b in range(x.shape[0]):
        for c in range(x.shape[1]):
            v = x[b][c]
            out[b, c] = (v - v.mean()) / (v.std() + 1e-5)
    return out

@case(N(4,3), N(3,5), N(5,3))
def attention_loop(X, Wq, Wk):
    Q, K = X @ Wq, (Wk @ X.T).T
    out = np.zeros_like(X)
    for i in range(len(X)):
        s = np.array([Q[i] @ K[j] / math.sqrt(5) if j <= i else -np.inf for j in range(len(X))])
        a = np.exp(s - np.max(s)); a /= a.sum()
        for j in range(len(X)): out[i] += a[j] * X[j]
    return out

@case(N(5,3), np.array([0,1,2,1,0]))
def masked(x, y):
    m = (y[:, None] == y[None, :]).astype(float); np.fill_diagonal(m, 0)
    w = np.ones(5) / 5; w[y == 1] *= 2.0; cw = np.bincount(y) / len(y); d = m.dot(x)
    s = np.zeros(3)
    for k in range(3): s[k] = x[y == k].mean()
    acc = (x.argmax(1) == y).mean()
    return d, w.dot(x), cw[y].dot(x), s, acc, (m * w).sum(0).dot(x), np.bincount(y, weights=x[:, 0])

CASES.append((lambda X, P: compute_cost(L_model_forward(X, P)[0], Y), (N(3,5), {'W1': N(4,3), 'b1': N(4,1), 'W2': N(1,4), 'b2': N(1,1)})))
