"""A rectified linear unit: the smallest layer that has a mask."""

import numpy as np

from .mistakes import Mistake

STYLE = "layer"
NAMES = ("x",)


def make(rng):
    """Entries on both sides of the kink, below and above one."""
    x = rng.uniform(0.1, 2.0, size=(rng.integers(3, 6), rng.integers(4, 7)))
    x *= rng.choice([-1.0, 1.0], size=x.shape)
    x[0, :4] = [-0.5, 0.5, 1.5, -1.5]
    return (x,)


def forward(x):
    """Computes the forward pass for a layer of rectified linear units (ReLUs)."""
    out = np.maximum(0, x)
    cache = x
    return out, cache


def backward(dout, cache):
    """Computes the backward pass for a layer of rectified linear units (ReLUs)."""
    dx, x = None, cache
    dx = dout * (x > 0)
    return dx


MISTAKES = (
    Mistake("no mask", "dout * (x > 0)", "dout.copy()", "mask", ("x",)),
    Mistake("mask the wrong way round", "x > 0", "x < 0", "mask", ("x",)),
    Mistake("mask of the incoming gradient", "x > 0", "dout > 0", "mask", ("x",)),
    Mistake("mask of large entries only", "x > 0", "x > 1", "mask", ("x",)),
    Mistake("mask of entries that are not zero", "x > 0", "x != 0", "mask", ("x",)),
    Mistake("mask of magnitudes", "x > 0", "np.abs(x) > 1", "mask", ("x",)),
    Mistake("slope of a leaky unit", "(x > 0)", "np.where(x > 0, 1, 0.01)", "slope", ("x",)),
    Mistake("value instead of slope", "(x > 0)", "np.maximum(0, x)", ("slope", "factor"), ("x",)),
    Mistake("incoming gradient missing", "dout * (x > 0)", "(x > 0) * 1.0", "factor", ("x",)),
    Mistake(
        "divided by the batch", "dout * (x > 0)", "dout * (x > 0) / x.shape[0]", "scale", ("x",)
    ),
    Mistake("the wrong sign", "dout * (x > 0)", "-dout * (x > 0)", "scale", ("x",)),
    Mistake(
        "summed over the batch", "dout * (x > 0)", "np.sum(dout * (x > 0), axis=0)", "axis", ("x",)
    ),
    Mistake("flat", "dout * (x > 0)", "(dout * (x > 0)).ravel()", "shape", ("x",)),
    Mistake("transposed", "dout * (x > 0)", "(dout * (x > 0)).T", "transposed", ("x",)),
    Mistake(
        "single precision", "dout * (x > 0)", "(dout * (x > 0)).astype(np.float32)", "dtype", ("x",)
    ),
    Mistake("whole numbers", "dout * (x > 0)", "(dout * (x > 0)).astype(int)", "integer", ("x",)),
    Mistake("nothing returned", "return dx", "return None", "missing", ("x",)),
    Mistake(
        "written into the incoming gradient",
        "dx = dout * (x > 0)",
        "dx = dout\n    dx[x <= 0] = 0",
        "modified",
        (),
    ),
)
