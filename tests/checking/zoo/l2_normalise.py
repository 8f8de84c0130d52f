"""Rows divided by their length, with a learned scale (as in weight norm, or SSD's conv4_3)."""

import numpy as np

from .mistakes import Mistake

STYLE = "layer"
NAMES = ("x", "g")


def make(rng):
    """Short rows, so that eps can be seen; one scale for each column."""
    n, d = rng.integers(3, 5), rng.integers(5, 7)
    return 0.5 * rng.normal(size=(n, d)), rng.uniform(0.5, 2.0, size=d)


def forward(x, g, epsilon=1e-2):
    """g * x / sqrt(|x|² + epsilon)."""
    sq_sum = np.square(x).sum(axis=1)
    inv_norm = 1.0 / np.sqrt(sq_sum + epsilon)
    y = x * inv_norm[:, None]
    return y * g, dict(x=x, g=g, y=y, sq_sum=sq_sum, inv_norm=inv_norm, epsilon=epsilon)


def backward(dout, c):
    """Directly and through the length."""
    x, y, g, inv_norm = c["x"], c["y"], c["g"], c["inv_norm"]
    dg = (dout * y).sum(axis=0)
    dy = dout * g
    dinv = (dy * x).sum(axis=1)
    dsq = -0.5 * (c["sq_sum"] + c["epsilon"]) ** -1.5 * dinv
    dx = dy * inv_norm[:, None] + 2 * x * dsq[:, None]
    return dx, dg


X, G = ("x",), ("g",)
PART = ("factor", "scale", "twice", "path")
MISTAKES = (
    Mistake("dg of x", "dg = (dout * y)", "dg = (dout * x)", ("operand", "factor"), G),
    Mistake("dg without y", "dg = (dout * y).sum", "dg = dout.sum", ("factor", "operand"), G),
    Mistake("dg over columns", "* y).sum(axis=0)", "* y).sum(axis=1)", "axis", G),
    Mistake("dg averaged", "* y).sum(axis=0)", "* y).mean(axis=0)", "scale", G),
    Mistake("g missing", "dy = dout * g", "dy = 1 * dout", "factor", X),
    Mistake("g as a divisor", "dy = dout * g", "dy = dout / g", ("power", "factor"), X),
    Mistake(
        "x missing in the length", "dinv = (dy * x)", "dinv = (dy * 1)", ("factor", "operand"), X
    ),
    Mistake(
        "y for x in the length",
        "dinv = (dy * x)",
        "dinv = (dy * y)",
        ("operand", "factor", "power"),
        X,
    ),
    Mistake("length averaged", "(dy * x).sum(axis=1)", "(dy * x).mean(axis=1)", PART, X),
    Mistake("power one half", "** -1.5", "** -0.5", ("power", "factor"), X),
    Mistake("power one", "** -1.5", "** -1", ("power", "factor"), X),
    Mistake("power three", "** -1.5", "** -3", ("power", "factor"), X),
    Mistake("eps missing", '(c["sq_sum"] + c["epsilon"])', 'c["sq_sum"]', "eps", X),
    Mistake("a larger eps", 'c["epsilon"]', "0.1", "eps", X),
    Mistake("half missing", "-0.5 * (c", "-1.0 * (c", PART, X),
    Mistake("sign of the length", "-0.5 * (c", "0.5 * (c", PART, X),
    Mistake("two missing", "+ 2 * x * dsq", "+ x * dsq", PART, X),
    Mistake("length is a constant", " + 2 * x * dsq[:, None]", "", "path", X),
    Mistake("only the length", "dy * inv_norm[:, None] + 2 *", "2 *", "path", X),
    Mistake(
        "norm for its inverse",
        "dy * inv_norm[:, None]",
        "dy / inv_norm[:, None]",
        ("power", "factor"),
        X,
    ),
    Mistake("norm missing", "dy * inv_norm[:, None]", "dy", ("factor", "twice"), X),
)
