"""A convolution by four nested loops and np.pad, as in the first notebook of cs231n."""

import numpy as np

from .mistakes import Mistake

STYLE = "layer"
NAMES = ("x", "w", "b")


def make(rng):
    """Small images; windows overlap, and the padding matters."""
    c, f = rng.integers(1, 3), rng.integers(2, 4)
    x, w = rng.normal(size=(2, c, 4, 5)), rng.normal(size=(f, c, 3, 3))
    return x, w, rng.normal(size=f), {"stride": 1, "pad": 1}


def forward(x, w, b, conv_param):
    """A naive implementation of the forward pass for a convolutional layer."""
    stride, pad = conv_param["stride"], conv_param["pad"]
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    H_out = 1 + (H + 2 * pad - HH) // stride
    W_out = 1 + (W + 2 * pad - WW) // stride
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant")
    out = np.zeros((N, F, H_out, W_out))
    for n in range(N):
        for f in range(F):
            for i in range(H_out):
                for j in range(W_out):
                    hs, ws = i * stride, j * stride
                    patch = x_pad[n, :, hs : hs + HH, ws : ws + WW]
                    out[n, f, i, j] = np.sum(patch * w[f]) + b[f]
    cache = (x, w, b, conv_param)
    return out, cache


def backward(dout, cache):
    """A naive implementation of the backward pass for a convolutional layer."""
    x, w, b, conv_param = cache
    stride, pad = conv_param["stride"], conv_param["pad"]
    F, C, HH, WW = w.shape
    N, _, H_out, W_out = dout.shape
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), "constant")
    dx_pad = np.zeros_like(x_pad)
    dw = np.zeros_like(w)
    db = np.zeros_like(b)
    for n in range(N):
        for f in range(F):
            db[f] += np.sum(dout[n, f])
            for i in range(H_out):
                for j in range(W_out):
                    top, left = i * stride, j * stride
                    window = x_pad[n, :, top : top + HH, left : left + WW]
                    dw[f] += window * dout[n, f, i, j]
                    dx_pad[n, :, top : top + HH, left : left + WW] += w[f] * dout[n, f, i, j]
    dx = dx_pad[:, :, pad:-pad, pad:-pad]
    return dx, dw, db


X, W, B = ("x",), ("w",), ("b",)
MISTAKES = (
    Mistake("db assigned", "db[f] += np", "db[f] = np", "overwritten", B),
    Mistake("db averaged over positions", "np.sum(dout[n, f])", "np.mean(dout[n, f])", "scale", B),
    Mistake("db averaged over images", "np.sum(dout[n, f])", "np.sum(dout[n, f]) / N", "scale", B),
    Mistake("db in a column", "np.zeros_like(b)", "np.zeros((F, 1))", "shape", B),
    Mistake(
        "db of single precision", "np.zeros_like(b)", "np.zeros(F, dtype=np.float32)", "dtype", B
    ),
    Mistake(
        "db of whole numbers",
        "db[f] += np.sum(dout[n, f])",
        "db[f] += int(np.sum(dout[n, f]))",
        "integer",
        B,
    ),
    Mistake("dw assigned", "dw[f] += window", "dw[f] = window", "overwritten", W),
    Mistake("dw flipped", "dw[f] += window *", "dw[f] += window[:, ::-1, ::-1] *", "permuted", W),
    Mistake(
        "dw with rows and columns exchanged",
        "dw[f] += window *",
        "dw[f] += window.transpose(0, 2, 1) *",
        ("transposed", "permuted"),
        W,
    ),
    Mistake("dw averaged over images", "dw[f] += window *", "dw[f] += window / N *", "scale", W),
    Mistake("dw of the first image", "window = x_pad[n,", "window = x_pad[0,", "operand", W),
    Mistake(
        "dw of windows one off",
        "window = x_pad[n, :, top",
        "window = np.roll(x_pad, 1, axis=3)[n, :, top",
        "shifted",
        W,
    ),
    Mistake(
        "dw without the weights' penalty",
        "dw = np.zeros_like(w)",
        "dw = 0.1 * w",
        "regularisation",
        W,
    ),
    Mistake(
        "dx assigned where windows overlap", "+= w[f] * dout", "= w[f] * dout", "overwritten", X
    ),
    Mistake(
        "dx by flipped weights",
        "+= w[f] * dout",
        "+= w[f, :, ::-1, ::-1] * dout",
        ("operand", "permuted"),
        X,
    ),
    Mistake(
        "dx by the first filter", "+= w[f] * dout", "+= w[0] * dout", ("operand", "weights"), X
    ),
    Mistake("dx without the weights", "+= w[f] * dout", "+= dout", ("factor", "operand"), X),
    Mistake(
        "dx keeps its padding", "dx = dx_pad[:, :, pad:-pad, pad:-pad]", "dx = dx_pad", "shape", X
    ),
    Mistake(
        "dx cropped at one side",
        "dx_pad[:, :, pad:-pad, pad:-pad]",
        "dx_pad[:, :, 2 * pad :, 2 * pad :]",
        "shifted",
        X,
    ),
    Mistake(
        "dx cropped at the other side",
        "dx_pad[:, :, pad:-pad, pad:-pad]",
        "dx_pad[:, :, : -2 * pad, pad:-pad]",
        "shifted",
        X,
    ),
    Mistake(
        "last row of windows forgotten",
        "for i in range(H_out):\n                for j in range(W_out):\n                    top",
        "for i in range(H_out - 1):\n                for j in range(W_out):\n"
        "                    top",
        ("path", "shifted", "overwritten"),
        ("x", "w"),
    ),
)
