"""A leaky rectified linear unit with a learned slope per feature (PReLU), by boolean indices."""

import numpy as np

from .mistakes import Mistake

STYLE = "layer"
NAMES = ("x", "alpha")


def make(rng):
    """Every feature has entries on both sides of the kink."""
    n, d = rng.integers(4, 7), rng.integers(2, 4)
    x = rng.uniform(0.2, 2.0, size=(n, d)) * rng.choice([-1.0, 1.0], size=(n, d))
    x[0], x[1] = 0.5, -0.5
    return x, rng.uniform(0.1, 0.4, size=d)


def forward(x, alpha):
    """Slope one on the right, alpha on the left."""
    out = np.where(x > 0, x, alpha * x)
    return out, {"x": x, "alpha": alpha}


def backward(dout, cache):
    """The slope of each entry, and what each alpha got from the entries on the left."""
    x, alpha = cache["x"], cache["alpha"]
    slope = np.ones_like(x)
    left = x < 0
    slope += left * (alpha - 1)
    dx = dout * slope
    dalpha = (dout * x * left).sum(axis=0)
    return dx, dalpha


MISTAKES = (
    Mistake("left is right", "left = x < 0", "left = x > 0", "mask", ("x", "alpha")),
    Mistake("left is everywhere", "left = x < 0", "left = np.ones_like(x)", "mask", ("x", "alpha")),
    Mistake("slope of an ordinary unit", "(alpha - 1)", "(0 - 1)", ("slope", "mask"), ("x",)),
    Mistake("slope one too large", "(alpha - 1)", "alpha", "slope", ("x",)),
    Mistake("a fixed slope", "(alpha - 1)", "(0.01 - 1)", "slope", ("x",)),
    Mistake("no slope", "dx = dout * slope", "dx = dout * 1", ("slope", "mask"), ("x",)),
    Mistake("slope squared", "dx = dout * slope", "dx = dout * slope**2", "slope", ("x",)),
    Mistake("dx averaged", "dx = dout * slope", "dx = dout * slope / len(x)", "scale", ("x",)),
    Mistake(
        "dx in whole numbers",
        "dx = dout * slope",
        "dx = (dout * slope).astype(int)",
        "integer",
        ("x",),
    ),
    Mistake("dalpha without mask", "(dout * x * left)", "(dout * x)", "mask", ("alpha",)),
    Mistake("dalpha without x", "(dout * x * left)", "(dout * left)", "factor", ("alpha",)),
    Mistake(
        "dalpha with alpha", "(dout * x * left)", "(dout * alpha * x * left)", "factor", ("alpha",)
    ),
    Mistake("dalpha over features", "left).sum(axis=0)", "left).sum(axis=1)", "axis", ("alpha",)),
    Mistake("one alpha for all", "left).sum(axis=0)", "left).sum()", "axis", ("alpha",)),
    Mistake("dalpha of every entry", "left).sum(axis=0)", "left)", "axis", ("alpha",)),
    Mistake("dalpha averaged", "left).sum(axis=0)", "left).mean(axis=0)", "scale", ("alpha",)),
)
