"""One step of a vanilla RNN with tanh, as in cs231n."""

import numpy as np

from .mistakes import Mistake

STYLE = "layer"
NAMES = ("x", "prev_h", "Wx", "Wh", "b")


def make(rng):
    """As many inputs as hidden units, so that either matrix fits."""
    N, H = rng.integers(3, 5), rng.integers(5, 7)
    return (
        rng.normal(size=(N, H)),
        rng.normal(size=(N, H)),
        0.4 * rng.normal(size=(H, H)),
        0.4 * rng.normal(size=(H, H)),
        rng.normal(size=H),
    )


def forward(x, prev_h, Wx, Wh, b):
    """Run the forward pass for a single timestep of a vanilla RNN."""
    next_h = np.tanh(x.dot(Wx) + prev_h.dot(Wh) + b)
    cache = (x, prev_h, Wx, Wh, b, next_h)
    return next_h, cache


def backward(dnext_h, cache):
    """Backward pass for a single timestep of a vanilla RNN."""
    x, prev_h, Wx, Wh, b, next_h = cache
    dz = dnext_h * (1 - next_h**2)
    dx = dz.dot(Wx.T)
    dprev_h = dz.dot(Wh.T)
    dWx = x.T.dot(dz)
    dWh = prev_h.T.dot(dz)
    db = np.sum(dz, axis=0)
    return dx, dprev_h, dWx, dWh, db


ALL = ("x", "prev_h", "Wx", "Wh", "b")
MISTAKES = (
    Mistake("slope missing", "dnext_h * (1 - next_h**2)", "dnext_h * 1.0", "slope", ALL),
    Mistake("slope without square", "(1 - next_h**2)", "(1 - next_h)", "slope", ALL),
    Mistake("slope of a sigmoid", "(1 - next_h**2)", "next_h * (1 - next_h)", "slope", ALL),
    Mistake(
        "slope of a tanh of a tanh", "(1 - next_h**2)", "(1 - np.tanh(next_h) ** 2)", "slope", ALL
    ),
    Mistake("slope squared", "(1 - next_h**2)", "(1 - next_h**2) ** 2", "slope", ALL),
    Mistake(
        "slope at the pre-activation",
        "(1 - next_h**2)",
        "(1 - (x.dot(Wx) + prev_h.dot(Wh) + b) ** 2)",
        "slope",
        ALL,
    ),
    Mistake(
        "slope at the state before", "(1 - next_h**2)", "(1 - prev_h**2)", ("slope", "operand"), ALL
    ),
    Mistake(
        "recurrent weights for x", "dz.dot(Wx.T)", "dz.dot(Wh.T)", ("weights", "operand"), ("x",)
    ),
    Mistake(
        "input's weights for h", "dz.dot(Wh.T)", "dz.dot(Wx.T)", ("weights", "operand"), ("prev_h",)
    ),
    Mistake("Wx not transposed", "dz.dot(Wx.T)", "dz.dot(Wx)", "operand", ("x",)),
    Mistake(
        "slope missing in one product",
        "dz.dot(Wh.T)",
        "dnext_h.dot(Wh.T)",
        ("slope", "operand"),
        ("prev_h",),
    ),
    Mistake(
        "recurrent path missing",
        "dprev_h = dz.dot(Wh.T)",
        "dprev_h = np.zeros_like(prev_h)",
        ("path", "scale"),
        ("prev_h",),
    ),
    Mistake(
        "recurrent path added to the input's",
        "dx = dz.dot(Wx.T)",
        "dx = dz.dot(Wx.T) + dz.dot(Wh.T)",
        ("path", "twice", "weights", "operand"),
        ("x",),
    ),
    Mistake("x for h", "prev_h.T.dot(dz)", "x.T.dot(dz)", "operand", ("Wh",)),
    Mistake(
        "next state for the one before", "prev_h.T.dot(dz)", "next_h.T.dot(dz)", "operand", ("Wh",)
    ),
    Mistake("h for x", "x.T.dot(dz)\n    dWh", "prev_h.T.dot(dz)\n    dWh", "operand", ("Wx",)),
    Mistake("dWx transposed", "dWx = x.T.dot(dz)", "dWx = dz.T.dot(x)", "transposed", ("Wx",)),
    Mistake("dWx averaged", "dWx = x.T.dot(dz)", "dWx = x.T.dot(dz) / len(x)", "scale", ("Wx",)),
    Mistake(
        "dWh clipped",
        "dWh = prev_h.T.dot(dz)",
        "dWh = np.clip(prev_h.T.dot(dz), -0.1, 0.1)",
        ("mask", "unknown"),
        ("Wh",),
    ),
    Mistake("db over units", "np.sum(dz, axis=0)", "np.sum(dz, axis=1)", "axis", ("b",)),
    Mistake(
        "db of the incoming gradient",
        "np.sum(dz, axis=0)",
        "np.sum(dnext_h, axis=0)",
        ("slope", "operand"),
        ("b",),
    ),
    Mistake("db not summed", "np.sum(dz, axis=0)", "dz", "axis", ("b",)),
    Mistake(
        "weights' gradients share an array",
        "dWx = x.T.dot(dz)\n    dWh = prev_h.T.dot(dz)",
        "dWx = dWh = x.T.dot(dz)\n    dWh[:] = prev_h.T.dot(dz)",
        ("aliased", "operand", "overwritten"),
        ("Wx", "Wh"),
    ),
)
