"""Layers written for NumPy arrays, as in the assignments of courses: loops, masks, assignments.

Nothing here knows of Tensors, and nothing should: the tests run it by `verbatim`.
"""

import numpy as np
from math import sqrt


def helper(a):
    if isinstance(a, np.ndarray):
        return a * 2
    raise TypeError(type(a))


def affine_forward(x, w, b):
    out = None
    N = x.shape[0]
    x_row = x.reshape(N, -1)
    out = x_row.dot(w) + b
    cache = (x, w, b)
    return out, cache


def affine_backward(dout, cache):
    x, w, b = cache
    dx = dout.dot(w.T).reshape(x.shape)
    dw = x.reshape(x.shape[0], -1).T.dot(dout)
    db = np.sum(dout, axis=0)
    return dx, dw, db


def batchnorm_forward(x, gamma, beta, bn_param):
    mode = bn_param["mode"]
    eps = bn_param.get("eps", 1e-5)
    momentum = bn_param.get("momentum", 0.9)
    N, D = x.shape
    running_mean = bn_param.get("running_mean", np.zeros(D, dtype=x.dtype))
    running_var = bn_param.get("running_var", np.zeros(D, dtype=x.dtype))
    out, cache = None, None
    if mode == "train":
        mu = np.mean(x, axis=0)
        xmu = x - mu
        sq = xmu**2
        var = 1.0 / N * np.sum(sq, axis=0)
        sqrtvar = np.sqrt(var + eps)
        ivar = 1.0 / sqrtvar
        xhat = xmu * ivar
        out = gamma * xhat + beta
        running_mean = momentum * running_mean + (1 - momentum) * mu
        running_var = momentum * running_var + (1 - momentum) * var
        cache = (xhat, gamma, xmu, ivar, sqrtvar, var, eps)
    bn_param["running_mean"] = running_mean
    bn_param["running_var"] = running_var
    return out, cache


def conv_forward_naive(x, w, b, conv_param):
    stride, pad = conv_param["stride"], conv_param["pad"]
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    x_padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant")
    H_new = 1 + (H + 2 * pad - HH) // stride
    W_new = 1 + (W + 2 * pad - WW) // stride
    out = np.zeros((N, F, H_new, W_new))
    for i in range(N):
        for f in range(F):
            for j in range(H_new):
                for k in range(W_new):
                    out[i, f, j, k] = (
                        np.sum(
                            x_padded[
                                i, :, j * stride : HH + j * stride, k * stride : WW + k * stride
                            ]
                            * w[f]
                        )
                        + b[f]
                    )
    return out, (x, w, b, conv_param)


def max_pool_forward_naive(x, pool_param):
    HH, WW = pool_param["pool_height"], pool_param["pool_width"]
    s = pool_param["stride"]
    N, C, H, W = x.shape
    H_new = 1 + (H - HH) // s
    W_new = 1 + (W - WW) // s
    out = np.zeros((N, C, H_new, W_new))
    for i in range(N):
        for j in range(C):
            for k in range(H_new):
                for l in range(W_new):
                    window = x[i, j, k * s : HH + k * s, l * s : WW + l * s]
                    out[i, j, k, l] = np.max(window)
    return out, (x, pool_param)


def svm_loss(x, y):
    N = x.shape[0]
    correct = x[np.arange(N), y]
    margins = np.maximum(0, x - correct[:, np.newaxis] + 1.0)
    margins[np.arange(N), y] = 0
    loss = np.sum(margins) / N
    num_pos = np.sum(margins > 0, axis=1)
    dx = np.zeros_like(x)
    dx[margins > 0] = 1
    dx[np.arange(N), y] -= num_pos
    dx /= N
    return loss, dx


def softmax_loss(x, y):
    shifted = x - np.max(x, axis=1, keepdims=True)
    Z = np.sum(np.exp(shifted), axis=1, keepdims=True)
    logp = shifted - np.log(Z)
    probs = np.exp(logp)
    N = x.shape[0]
    loss = -np.sum(logp[np.arange(N), y]) / N
    dx = probs.copy()
    dx[np.arange(N), y] -= 1
    dx /= N
    return loss, dx


def lstm_forward(x, h0, Wx, Wh, b):
    N, T, D = x.shape
    H = h0.shape[1]
    h = np.zeros((N, T, H))
    prev_h = h0
    prev_c = np.zeros_like(h0)
    for t in range(T):
        a = x[:, t, :].dot(Wx) + prev_h.dot(Wh) + b
        i = sigmoid(a[:, :H])
        f = sigmoid(a[:, H : 2 * H])
        o = sigmoid(a[:, 2 * H : 3 * H])
        g = np.tanh(a[:, 3 * H :])
        prev_c = f * prev_c + i * g
        prev_h = o * np.tanh(prev_c)
        h[:, t, :] = prev_h
    return h


def sigmoid(x):
    pos_mask = x >= 0
    neg_mask = x < 0
    z = np.zeros_like(x)
    z[pos_mask] = np.exp(-x[pos_mask])
    z[neg_mask] = np.exp(x[neg_mask])
    top = np.ones_like(x)
    top[neg_mask] = z[neg_mask]
    return top / (1 + z)


def dropout_forward(x, p):
    np.random.seed(3)
    mask = (np.random.rand(*x.shape) < p) / p
    return x * mask


def word_embedding(x, W):
    N, T = x.shape
    out = np.zeros((N, T, W.shape[1]))
    for i in range(N):
        out[i] = W[x[i], :]
    return out


def groupnorm(x, gamma, beta, G, eps=1e-5):
    N, C, H, W = x.shape
    xg = x.reshape(N * G, -1).T
    mu = xg.mean(axis=0)
    var = xg.var(axis=0)
    std = np.sqrt(var + eps)
    z = (xg - mu) / std
    z = z.T.reshape(N, C, H, W)
    return gamma * z + beta


def attention(q, k, v, n):
    B, T, D = q.shape
    out = np.empty((B, T, D))
    d = D // n
    for h in range(n):
        s = slice(h * d, (h + 1) * d)
        scores = np.matmul(q[:, :, s], k[:, :, s].transpose(0, 2, 1)) / sqrt(d)
        mask = np.triu(np.ones((T, T)), 1).astype(bool)
        scores[:, mask] = -1e9
        scores -= scores.max(axis=-1, keepdims=True)
        e = np.exp(scores)
        out[:, :, s] = (e / e.sum(axis=-1, keepdims=True)) @ v[:, :, s]
    return out


def im2col(x, k):
    N, C, H, W = x.shape
    oh, ow = H - k + 1, W - k + 1
    col = np.zeros((N, C, k, k, oh, ow))
    for y in range(k):
        for xx in range(k):
            col[:, :, y, xx, :, :] = x[:, :, y : y + oh, xx : xx + ow]
    return col.transpose(0, 4, 5, 1, 2, 3).reshape(N * oh * ow, -1)


class Dense:
    def __init__(self, n, m):
        self.W = np.random.randn(n, m) * sqrt(2.0 / n)
        self.b = np.zeros(m)

    def forward(self, x):
        self.x = x
        out = np.dot(x, self.W)
        out += self.b
        return self.act(out)

    def act(self, z):
        return helper(np.maximum(z, 0))


@np.vectorize
def leaky(t):
    return t if t > 0 else 0.1 * t


def checked(x):
    assert type(x) == np.ndarray
    assert x.dtype == np.float64
    np.testing.assert_allclose(leaky(np.abs(x)), np.abs(x))
    loss = np.mean([np.sum(row**2) for row in leaky(x)])
    text = "%.3f %s" % (loss, x.shape)
    assert text.endswith("(4, 5)")
    assert "%.1f" % loss
    return loss
