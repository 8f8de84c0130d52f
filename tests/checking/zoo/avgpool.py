"""Average pooling by loops over windows, all images at once."""

import numpy as np

from .mistakes import Mistake

STYLE = "layer"
NAMES = ("x",)


def make(rng):
    """Windows of two by three that overlap in one direction."""
    return rng.normal(size=(rng.integers(2, 4), 2, 5, 5)), (2, 3), (1, 2)


def forward(x, size, strides):
    """The mean of each window."""
    kh, kw = size
    sh, sw = strides
    n, c, h, w = x.shape
    oh, ow = (h - kh) // sh + 1, (w - kw) // sw + 1
    out = np.empty((n, c, oh, ow))
    for i in range(oh):
        for j in range(ow):
            out[:, :, i, j] = x[:, :, i * sh : i * sh + kh, j * sw : j * sw + kw].mean(axis=(2, 3))
    return out, (x.shape, size, strides)


def backward(dout, cache):
    """Each window's entries share its gradient equally."""
    shape, (kh, kw), (sh, sw) = cache
    _, _, oh, ow = dout.shape
    dx = np.zeros(shape)
    for i in range(oh):
        for j in range(ow):
            share = dout[:, :, i, j] / (kh * kw)
            window = dx[:, :, i * sh : i * sh + kh, j * sw : j * sw + kw]
            window += share[:, :, np.newaxis, np.newaxis]
    return dx


X = ("x",)
MISTAKES = (
    Mistake("sum of the window", "dout[:, :, i, j] / (kh * kw)", "dout[:, :, i, j]", "scale", X),
    Mistake("divided by the height", "/ (kh * kw)", "/ kh", "scale", X),
    Mistake("divided by squares", "/ (kh * kw)", "/ (kh * kh)", "scale", X),
    Mistake("divided by a size too many", "/ (kh * kw)", "/ (kh * kw) ** 2", "scale", X),
    Mistake("divided by the batch", "/ (kh * kw)", "/ (kh * kw * shape[0])", "scale", X),
    Mistake("divided by the number of windows", "/ (kh * kw)", "/ (oh * ow)", "scale", X),
    Mistake("times the size", "/ (kh * kw)", "* (kh * kw)", "scale", X),
    Mistake("windows assigned", "window += share[", "window[:] = share[", "overwritten", X),
    Mistake(
        "only the corner",
        "window += share[:, :, np.newaxis, np.newaxis]",
        "window[:, :, 0, 0] += share",
        ("path", "mask"),
        X,
    ),
    Mistake(
        "windows without strides",
        "j * sw : j * sw + kw]\n            window",
        "j : j + kw]\n            window",
        "shifted",
        X,
    ),
    Mistake("strides exchanged", "(sh, sw) = cache", "(sw, sh) = cache", "shifted", X),
    Mistake(
        "channels of the other",
        "share = dout[:, :, i, j]",
        "share = dout[:, ::-1, i, j]",
        "permuted",
        X,
    ),
    Mistake(
        "first row of windows",
        "share = dout[:, :, i, j]",
        "share = dout[:, :, 0, j]",
        ("operand", "shifted"),
        X,
    ),
    Mistake(
        "averaged over channels",
        "share = dout[:, :, i, j]",
        "share = dout[:, :, i, j].mean(axis=1, keepdims=True)",
        "axis",
        X,
    ),
    Mistake(
        "no last column of windows",
        "for j in range(ow):\n            share",
        "for j in range(ow - 1):\n            share",
        ("path", "shifted", "overwritten"),
        X,
    ),
    Mistake(
        "single precision",
        "dx = np.zeros(shape)",
        "dx = np.zeros(shape, dtype=np.float32)",
        "dtype",
        X,
    ),
    Mistake("flat", "return dx", "return dx.reshape(shape[0], -1)", "shape", X),
)
