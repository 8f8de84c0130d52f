"""A transposed convolution: every entry of the input paints a window of the output."""

import numpy as np

from .mistakes import Mistake

STYLE = "layer"
NAMES = ("x", "w", "b")


def make(rng):
    """As many channels in as out; painted windows overlap."""
    c = rng.integers(2, 4)
    x, w = rng.normal(size=(2, c, 3, 3)), rng.normal(size=(c, c, 3, 3))
    return x, w, rng.normal(size=c), {"stride": 2}


def forward(x, w, b, param):
    """out[n, :, i*s:i*s+k, j*s:j*s+k] += x[n, c, i, j] * w[c]."""
    s = param["stride"]
    N, C, H, W = x.shape
    _, F, k, _ = w.shape
    out = np.zeros((N, F, (H - 1) * s + k, (W - 1) * s + k))
    for i in range(H):
        for j in range(W):
            painted = np.tensordot(x[:, :, i, j], w, axes=([1], [0]))
            out[:, :, i * s : i * s + k, j * s : j * s + k] += painted
    out += b.reshape(1, -1, 1, 1)
    return out, dict(x=x, w=w, stride=s)


def backward(dout, cache):
    """An ordinary convolution of the incoming gradient."""
    x, w, s = cache["x"], cache["w"], cache["stride"]
    N, C, H, W = x.shape
    k = w.shape[2]
    dx = np.zeros(x.shape)
    dw = np.zeros(w.shape)
    for i in range(H):
        for j in range(W):
            d = dout[:, :, i * s : i * s + k, j * s : j * s + k]
            dx[:, :, i, j] = np.tensordot(d, w, axes=([1, 2, 3], [1, 2, 3]))
            dw += np.tensordot(x[:, :, i, j], d, axes=([0], [0]))
    db = dout.sum(axis=(0, 2, 3))
    return dx, dw, db


X, W, B = ("x",), ("w",), ("b",)
MISTAKES = (
    Mistake(
        "no stride",
        "d = dout[:, :, i * s : i * s + k, j",
        "d = dout[:, :, i : i + k, j",
        "shifted",
        X + W,
    ),
    Mistake(
        "windows one off",
        "d = dout[:, :, i * s : i * s + k, j",
        "d = np.roll(dout, -1, axis=2)[:, :, i * s : i * s + k, j",
        "shifted",
        X + W,
    ),
    Mistake(
        "rows and columns exchanged",
        "dx[:, :, i, j] =",
        "dx[:, :, j, i] =",
        ("transposed", "permuted"),
        X,
    ),
    Mistake(
        "channels of w exchanged",
        "np.tensordot(d, w, axes=([1, 2, 3], [1, 2, 3]))",
        "np.tensordot(d, w, axes=([1, 2, 3], [0, 2, 3]))",
        ("operand", "axis"),
        X,
    ),
    Mistake(
        "w flipped",
        "np.tensordot(d, w, axes",
        "np.tensordot(d, w[:, :, ::-1, ::-1], axes",
        ("operand", "permuted"),
        X,
    ),
    Mistake(
        "rows and columns of w exchanged",
        "([1, 2, 3], [1, 2, 3])",
        "([1, 2, 3], [1, 3, 2])",
        ("operand", "axis"),
        X,
    ),
    Mistake(
        "dx of one entry only",
        "np.tensordot(d, w, axes=([1, 2, 3], [1, 2, 3]))",
        "np.dot(d[:, :, 0, 0], w[:, :, 0, 0].T)",
        ("path", "axis"),
        X,
    ),
    Mistake("dx negative", "dx[:, :, i, j] = np", "dx[:, :, i, j] = -np", "scale", X),
    Mistake("dw assigned", "dw += np.tensordot", "dw = np.tensordot", "overwritten", W),
    Mistake(
        "dw transposed",
        "np.tensordot(x[:, :, i, j], d, axes=([0], [0]))",
        "np.tensordot(d, x[:, :, i, j], axes=([0], [0])).transpose(0, 3, 1, 2)",
        ("transposed", "permuted"),
        W,
    ),
    Mistake(
        "dw averaged",
        "np.tensordot(x[:, :, i, j], d",
        "np.tensordot(x[:, :, i, j] / N, d",
        "scale",
        W,
    ),
    Mistake(
        "dw of one entry of x",
        "np.tensordot(x[:, :, i, j], d",
        "np.tensordot(x[:, :, 0, 0], d",
        ("operand", "shifted"),
        W,
    ),
    Mistake("dw twice", "dw += np.tensordot", "dw += 2 * np.tensordot", "scale", W),
    Mistake(
        "dw in single precision",
        "dw = np.zeros(w.shape)",
        "dw = np.zeros(w.shape, np.float32)",
        "dtype",
        W,
    ),
    Mistake("db of images", "dout.sum(axis=(0, 2, 3))", "dout.sum(axis=(2, 3))", "axis", B),
    Mistake(
        "db keeps its dimensions",
        "dout.sum(axis=(0, 2, 3))",
        "dout.sum(axis=(0, 2, 3), keepdims=True)",
        "shape",
        B,
    ),
    Mistake("db averaged", "dout.sum(axis=(0, 2, 3))", "dout.mean(axis=(0, 2, 3))", "scale", B),
    Mistake(
        "db of what the last window got",
        "dout.sum(axis=(0, 2, 3))",
        "d.sum(axis=(0, 2, 3))",
        ("operand", "path", "shifted"),
        B,
    ),
)
