"""An affine layer as in cs231n: inputs of any shape are flattened to rows."""

import numpy as np

from .mistakes import Mistake

STYLE = "layer"
NAMES = ("x", "w", "b")


def make(rng):
    """A few little images; as many units as an image has entries."""
    n, h, w = rng.integers(3, 6), rng.integers(2, 4), 2
    units = h * w
    return rng.normal(size=(n, h, w)), rng.normal(size=(units, units)), rng.normal(size=units)


def forward(x, w, b):
    """Computes the forward pass for an affine (fully-connected) layer."""
    N = x.shape[0]
    out = x.reshape(N, -1).dot(w) + b
    cache = (x, w, b)
    return out, cache


def backward(dout, cache):
    """Computes the backward pass for an affine layer."""
    x, w, _b = cache
    N = x.shape[0]
    dx = dout.dot(w.T).reshape(x.shape)
    x_row = x.reshape(N, -1)
    dw = x_row.T.dot(dout)
    db = np.sum(dout, axis=0)
    return dx, dw, db


MISTAKES = (
    Mistake(
        "dx keeps the rows", "dout.dot(w.T).reshape(x.shape)", "dout.dot(w.T)", "shape", ("x",)
    ),
    Mistake("w is not transposed", "dout.dot(w.T)", "dout.dot(w)", "operand", ("x",)),
    Mistake("dx from the inputs", "dout.dot(w.T)", "x.reshape(N, -1).dot(w.T)", "operand", ("x",)),
    Mistake(
        "dx in Fortran's order",
        ".reshape(x.shape)",
        '.reshape(x.shape, order="F")',
        "permuted",
        ("x",),
    ),
    Mistake("dw transposed", "x_row.T.dot(dout)", "dout.T.dot(x_row)", "transposed", ("w",)),
    Mistake(
        "dw averaged over the batch", "x_row.T.dot(dout)", "x_row.T.dot(dout) / N", "scale", ("w",)
    ),
    Mistake(
        "dw with a learning rate", "x_row.T.dot(dout)", "0.01 * x_row.T.dot(dout)", "scale", ("w",)
    ),
    Mistake(
        "dw with a penalty that the loss lacks",
        "x_row.T.dot(dout)",
        "x_row.T.dot(dout) + 0.5 * w",
        "regularisation",
        ("w",),
    ),
    Mistake(
        "dw of single precision",
        "x_row.T.dot(dout)",
        "x_row.T.dot(dout).astype(np.float32)",
        "dtype",
        ("w",),
    ),
    Mistake(
        "rows in Fortran's order",
        "x_row = x.reshape(N, -1)",
        'x_row = x.reshape(N, -1, order="F")',
        "permuted",
        ("w",),
    ),
    Mistake(
        "db averaged over the batch",
        "np.sum(dout, axis=0)",
        "np.mean(dout, axis=0)",
        "scale",
        ("b",),
    ),
    Mistake(
        "db summed over the units", "np.sum(dout, axis=0)", "np.sum(dout, axis=1)", "axis", ("b",)
    ),
    Mistake("db not summed", "np.sum(dout, axis=0)", "dout", "axis", ("b",)),
    Mistake("db summed over everything", "np.sum(dout, axis=0)", "np.sum(dout)", "axis", ("b",)),
    Mistake(
        "db keeps its dimensions",
        "np.sum(dout, axis=0)",
        "np.sum(dout, axis=0, keepdims=True)",
        "shape",
        ("b",),
    ),
    Mistake("db forgotten", "return dx, dw, db", "return dx, dw, None", "missing", ("b",)),
)
