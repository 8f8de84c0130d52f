"""Softplus with a learned sharpness, stable for large inputs: where backward passes overflow."""

import numpy as np

from .mistakes import Mistake

STYLE = "layer"
NAMES = ("x", "beta")


def make(rng, size=1.0):
    """Exact zeros are among the inputs: nothing is special about them here."""
    x = size * rng.normal(size=(rng.integers(3, 6), rng.integers(3, 5)))
    x[0, 0] = 0.0
    x[1, :2] = size, -size
    return x, rng.uniform(0.5, 2.0, size=x.shape[1])


def forward(x, beta):
    """log(1 + exp(beta x)) / beta."""
    bx = beta * x
    soft = np.logaddexp(0.0, bx)
    out = soft / beta
    return out, (x, beta, bx, soft, out)


def backward(dout, cache):
    """The slope is a sigmoid."""
    x, beta, bx, soft, out = cache
    decay = np.exp(-np.abs(bx))
    s = np.where(bx >= 0, 1 / (1 + decay), decay / (1 + decay))
    dx = dout * s
    dbeta = np.sum(dout * (x * s / beta - out / beta), axis=0)
    return dx, dbeta


X, B, BOTH = ("x",), ("beta",), ("x", "beta")
MISTAKES = (
    Mistake(
        "exp(x) / (1 + exp(x))",
        "    dx =",
        "    s = np.exp(bx) / (1 + np.exp(bx))\n    dx =",
        ("overflow", "nan"),
        BOTH,
        make={"size": 1e4},
    ),
    Mistake(
        "exp(x - out)",
        "dx = dout * s",
        "dx = dout * np.exp(bx) * np.exp(-soft)",
        ("overflow", "nan"),
        X,
        make={"size": 1e4},
    ),
    Mistake(
        "derivative by a quotient with the input",
        "dx = dout * s",
        "dx = dout * s * x / x",
        "nan",
        X,
    ),
    Mistake(
        "root of a negative number",
        "dx = dout * s",
        "dx = dout * np.sqrt(x) * s / np.sqrt(x)",
        "nan",
        X,
    ),
    Mistake(
        "slope of the hard function", "dx = dout * s", "dx = dout * (x > 0)", ("slope", "mask"), X
    ),
    Mistake("slope without beta", "dx = dout * s", "dx = dout / (1 + np.exp(-x))", "slope", X),
    Mistake("slope of a sigmoid", "dx = dout * s", "dx = dout * s * (1 - s)", "slope", X),
    Mistake("value for slope", "dx = dout * s", "dx = dout * out", ("slope", "factor"), X),
    Mistake("times beta", "dx = dout * s", "dx = dout * s * beta", "factor", X),
    Mistake(
        "a random direction",
        "dx = dout * s",
        "dx = dout * s + 1e-2 * np.random.randn(*x.shape)",
        "random",
        X,
    ),
    Mistake(
        "noise for every entry",
        "dx = dout * s",
        "dx = dout * s * (np.random.rand(*x.shape) > 0.5)",
        ("random", "mask"),
        X,
    ),
    Mistake(
        "the incoming gradient overwritten",
        "dx = dout * s",
        "dout *= s\n    dx = dout",
        ("modified", "twice", "slope"),
        B,
    ),
    Mistake(
        "the incoming gradient overwritten at the end",
        "return dx, dbeta",
        "dout *= s\n    return dout, dbeta",
        "modified",
        (),
    ),
    Mistake("beta's path of the quotient missing", " - out / beta)", ")", "path", B),
    Mistake("beta's path of the product missing", "x * s / beta - out", "-out", "path", B),
    Mistake("beta's quotient squared", "- out / beta)", "- out / beta**2)", ("power", "factor"), B),
    Mistake("beta over rows", "out / beta), axis=0)", "out / beta), axis=1)", "axis", B),
    Mistake("beta not returned", "return dx, dbeta", "return dx, None", "missing", B),
)
