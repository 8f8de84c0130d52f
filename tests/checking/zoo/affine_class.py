"""An affine layer as a class, as in 'deep learning from scratch': gradients are attributes."""

import numpy as np

from .mistakes import Mistake

STYLE = "class"
NAMES = ("x",)
GRADIENTS = {"W": "dW", "b": "db"}


class Affine:
    """Keeps its parameters, its input and their gradients."""

    def __init__(self, W, b):
        self.W = W
        self.b = b
        self.x = None
        self.original_x_shape = None
        self.dW = None
        self.db = None

    def forward(self, x):
        self.original_x_shape = x.shape
        x = x.reshape(x.shape[0], -1)
        self.x = x
        out = np.dot(self.x, self.W) + self.b
        return out

    def backward(self, dout):
        dx = np.dot(dout, self.W.T)
        self.dW = np.dot(self.x.T, dout)
        self.db = np.sum(dout, axis=0)
        dx = dx.reshape(*self.original_x_shape)
        return dx


def make(rng):
    """Images of two channels, and a layer for them."""
    n, units = rng.integers(3, 6), rng.integers(2, 5)
    layer = Affine(rng.normal(size=(8, units)), rng.normal(size=units))
    return layer, (rng.normal(size=(n, 2, 2, 2)),)


MISTAKES = (
    Mistake("dx flat", "dx = dx.reshape(*self.original_x_shape)", "dx = 1 * dx", "shape", ("x",)),
    Mistake(
        "dx of a slope",
        "dx = dx.reshape(*self.original_x_shape)",
        "dx = (dx * (self.x > 0)).reshape(*self.original_x_shape)",
        ("mask", "slope"),
        ("x",),
    ),
    Mistake(
        "dx with channels last",
        "dx = dx.reshape(*self.original_x_shape)",
        "dx = dx.reshape(-1, 2, 2, 2).transpose(0, 2, 3, 1)",
        "permuted",
        ("x",),
    ),
    Mistake(
        "weights of the other order",
        "np.dot(dout, self.W.T)",
        "np.dot(dout, self.W[::-1].T)",
        ("weights", "permuted", "operand"),
        ("x",),
    ),
    Mistake(
        "weights updated too early",
        "dx = np.dot(dout, self.W.T)",
        "self.dW = np.dot(self.x.T, dout)\n        dx = np.dot(dout, (self.W - 0.1 * self.dW).T)",
        "weights",
        ("x",),
    ),
    Mistake(
        "dW averaged",
        "np.dot(self.x.T, dout)",
        "np.dot(self.x.T, dout) / self.x.shape[0]",
        "scale",
        ("W",),
    ),
    Mistake(
        "dW transposed", "np.dot(self.x.T, dout)", "np.dot(dout.T, self.x)", "transposed", ("W",)
    ),
    Mistake(
        "dW accumulated",
        "self.dW = np.dot(self.x.T, dout)",
        "self.dW = (0 if self.dW is None else self.dW) + np.dot(self.x.T, dout)",
        "accumulated",
        ("W",),
    ),
    Mistake(
        "dW of the output",
        "np.dot(self.x.T, dout)",
        "np.dot(self.x.T, np.dot(self.x, self.W))",
        "operand",
        ("W",),
    ),
    Mistake(
        "dW with weight decay",
        "np.dot(self.x.T, dout)",
        "np.dot(self.x.T, dout) + 0.1 * self.W",
        "regularisation",
        ("W",),
    ),
    Mistake(
        "db accumulated",
        "self.db = np.sum(dout, axis=0)",
        "self.db = 0 * self.b if self.db is None else self.db\n"
        "        self.db += np.sum(dout, axis=0)",
        "accumulated",
        ("b",),
    ),
    Mistake("db averaged", "np.sum(dout, axis=0)", "np.mean(dout, axis=0)", "scale", ("b",)),
    Mistake("db over units", "np.sum(dout, axis=0)", "np.sum(dout, axis=1)", "axis", ("b",)),
    Mistake(
        "db with the penalty of the weights",
        "np.sum(dout, axis=0)",
        "np.sum(dout, axis=0) + 0.1 * self.b",
        "regularisation",
        ("b",),
    ),
    Mistake(
        "db never set",
        "self.db = np.sum(dout, axis=0)",
        "db = np.sum(dout, axis=0)",
        "missing",
        ("b",),
    ),
    Mistake(
        "input of the first call",
        "self.dW = np.dot(self.x.T, dout)",
        "self.x_T = getattr(self, 'x_T', self.x.T)\n        self.dW = np.dot(self.x_T, dout)",
        "stale",
        ("W",),
    ),
)
