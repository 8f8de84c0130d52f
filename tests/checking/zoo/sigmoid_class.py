"""A sigmoid layer with a slope of its own, as a class in the manner of 'from scratch' books."""

import numpy as np

from .mistakes import Mistake

STYLE = "class"
NAMES = ("x",)
GRADIENTS = {"k": "dk"}


class Sigmoid:
    """1 / (1 + exp(-k x)), with a steepness k for every unit."""

    def __init__(self, k):
        self.k = k
        self.x = None
        self.out = None
        self.dk = None

    def forward(self, x):
        out = 1 / (1 + np.exp(-self.k * x))
        self.x = x
        self.out = out
        return out

    def backward(self, dout):
        da = dout * (1.0 - self.out) * self.out
        dx = da * self.k
        self.dk = np.sum(da * self.x, axis=0)
        return dx


def make(rng):
    """As many rows as one likes."""
    n, d = rng.integers(4, 7), rng.integers(2, 4)
    return Sigmoid(rng.uniform(0.5, 2.0, size=d)), (rng.normal(size=(n, d)),)


BOTH = ("x", "k")
MISTAKES = (
    Mistake(
        "slope missing",
        "da = dout * (1.0 - self.out) * self.out",
        "da = dout.copy()",
        "slope",
        BOTH,
    ),
    Mistake(
        "slope without the activation",
        "(1.0 - self.out) * self.out",
        "(1.0 - self.out)",
        "slope",
        BOTH,
    ),
    Mistake("slope of the other hal", "(1.0 - self.out) * self.out", "self.out", "slope", BOTH),
    Mistake("slope of tanh", "(1.0 - self.out) * self.out", "(1.0 - self.out**2)", "slope", BOTH),
    Mistake(
        "slope at the pre-activation",
        "(1.0 - self.out) * self.out",
        "(1.0 - self.x) * self.x",
        "slope",
        BOTH,
    ),
    Mistake(
        "slope of a sigmoid of a sigmoid",
        "(1.0 - self.out) * self.out",
        "(lambda s: s * (1 - s))(1 / (1 + np.exp(-self.out)))",
        "slope",
        BOTH,
    ),
    Mistake(
        "slope twice",
        "(1.0 - self.out) * self.out",
        "((1.0 - self.out) * self.out) ** 2",
        "slope",
        BOTH,
    ),
    Mistake("slope of the wrong sign", "(1.0 - self.out)", "(self.out - 1.0)", "scale", BOTH),
    Mistake(
        "slope of a ReLU", "(1.0 - self.out) * self.out", "(self.x > 0)", ("slope", "mask"), BOTH
    ),
    Mistake(
        "slope at the unscaled input",
        "(1.0 - self.out) * self.out",
        "np.exp(-self.x) / (1 + np.exp(-self.x)) ** 2",
        "slope",
        BOTH,
    ),
    Mistake(
        "incoming gradient missing", "dout * (1.0", "np.ones_like(dout) * (1.0", "factor", BOTH
    ),
    Mistake("k missing", "dx = da * self.k", "dx = 1 * da", "factor", ("x",)),
    Mistake("divided by k", "dx = da * self.k", "dx = da / self.k", ("power", "factor"), ("x",)),
    Mistake("x missing", "np.sum(da * self.x, axis=0)", "np.sum(da, axis=0)", "factor", ("k",)),
    Mistake(
        "out for x",
        "np.sum(da * self.x, axis=0)",
        "np.sum(da * self.out, axis=0)",
        "operand",
        ("k",),
    ),
    Mistake(
        "dk over units",
        "np.sum(da * self.x, axis=0)",
        "np.sum(da * self.x, axis=1)",
        "axis",
        ("k",),
    ),
    Mistake(
        "dk averaged",
        "np.sum(da * self.x, axis=0)",
        "np.mean(da * self.x, axis=0)",
        "scale",
        ("k",),
    ),
    Mistake(
        "dk accumulated",
        "self.dk = np.sum(",
        "self.dk = (0 if self.dk is None else self.dk) + np.sum(",
        "accumulated",
        ("k",),
    ),
    Mistake(
        "the first output kept",
        "        self.out = out\n",
        "        if self.out is None:\n            self.out = out\n",
        "stale",
        BOTH,
    ),
    Mistake(
        "one buffer for all gradients",
        "dx = da * self.k",
        "self.buffer = getattr(self, 'buffer', np.empty_like(da))\n"
        "        dx = np.multiply(da, self.k, out=self.buffer)",
        "aliased",
        ("x",),
    ),
)
