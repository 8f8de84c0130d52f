"""A highway layer: a gate decides how much is transformed and how much is carried."""

import numpy as np

from .mistakes import Mistake

STYLE = "layer"
NAMES = ("x", "Wh", "bh", "Wt", "bt")


def make(rng):
    """As many units as inputs, as the carried part needs."""
    n, d = rng.integers(6, 8), rng.integers(4, 6)
    Wh, Wt = 0.6 * rng.normal(size=(d, d)), 0.6 * rng.normal(size=(d, d))
    return rng.normal(size=(n, d)), Wh, rng.normal(size=d), Wt, rng.normal(size=d)


def forward(x, Wh, bh, Wt, bt):
    """t * tanh(x Wh + bh) + (1 - t) * x."""
    h = np.tanh(x @ Wh + bh)
    t = 1 / (1 + np.exp(-(x @ Wt + bt)))
    out = t * h + (1 - t) * x
    return out, (x, Wh, Wt, h, t)


def backward(dout, cache):
    """Three paths to x: transformed, gated, carried."""
    x, Wh, Wt, h, t = cache
    dh = dout * t
    dt = dout * (h - x)
    dzh = dh * (1 - h * h)
    dzt = dt * t * (1 - t)
    dWh, dbh = x.T @ dzh, dzh.sum(axis=0)
    dWt, dbt = x.T @ dzt, dzt.sum(axis=0)
    dx = dzh @ Wh.T
    dx += dzt @ Wt.T
    dx += dout * (1 - t)
    return dx, dWh, dbh, dWt, dbt


X, H, T = ("x",), ("Wh", "bh"), ("Wt", "bt")
MISTAKES = (
    Mistake("gate missing", "dh = dout * t", "dh = dout * 1", "factor", (*X, *H)),
    Mistake(
        "the other gate", "dh = dout * t", "dh = dout * (1 - t)", ("operand", "factor"), (*X, *H)
    ),
    Mistake("carried part missing in the gate", "(h - x)", "h", "path", (*X, *T)),
    Mistake("transformed part missing in the gate", "(h - x)", "-x", "path", (*X, *T)),
    Mistake(
        "sign of the gate", "(h - x)", "(x - h)", ("scale", "factor", "path", "twice"), (*X, *T)
    ),
    Mistake("slope of tanh missing", "dzh = dh * (1 - h * h)", "dzh = dh", "slope", (*X, *H)),
    Mistake("sigmoid's slope for tanh", "dh * (1 - h * h)", "dh * h * (1 - h)", "slope", (*X, *H)),
    Mistake(
        "slope of tanh at its input", "(1 - h * h)", "(1 - np.arctanh(h) ** 2)", "slope", (*X, *H)
    ),
    Mistake("slope of the gate missing", "dzt = dt * t * (1 - t)", "dzt = dt", "slope", (*X, *T)),
    Mistake("half a slope of the gate", "dt * t * (1 - t)", "dt * t", "slope", (*X, *T)),
    Mistake("gate's weights by h", "x.T @ dzt", "h.T @ dzt", "operand", ("Wt",)),
    Mistake(
        "gradients of the matrices exchanged",
        "dWh, dbh = x.T @ dzh",
        "dWh, dbh = x.T @ dzt",
        "operand",
        ("Wh",),
    ),
    Mistake("gate's weights transposed", "x.T @ dzt", "dzt.T @ x", "transposed", ("Wt",)),
    Mistake("gate's bias averaged", "dzt.sum(axis=0)", "dzt.mean(axis=0)", "scale", ("bt",)),
    Mistake("bias over units", "dzh.sum(axis=0)", "dzh.sum(axis=1)", "axis", ("bh",)),
    Mistake("weights exchanged", "dzh @ Wh.T", "dzh @ Wt.T", ("weights", "operand"), X),
    Mistake("weights not transposed", "dzh @ Wh.T", "dzh @ Wh", "operand", X),
    Mistake("path of the gate missing", "    dx += dzt @ Wt.T\n", "", "path", X),
    Mistake("carried path missing", "    dx += dout * (1 - t)\n", "", "path", X),
    Mistake(
        "carried path assigned",
        "dx += dout * (1 - t)",
        "dx = dout * (1 - t)",
        ("overwritten", "path"),
        X,
    ),
    Mistake("carried path not gated", "dx += dout * (1 - t)", "dx += dout", "factor", X),
    Mistake(
        "carried path by the wrong gate",
        "dx += dout * (1 - t)",
        "dx += dout * t",
        ("operand", "factor"),
        X,
    ),
    Mistake("carried path twice", "dx += dout * (1 - t)", "dx += 2 * dout * (1 - t)", "twice", X),
)
