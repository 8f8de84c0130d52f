"""One step of an LSTM, gates in one matrix, as in cs231n; the two results are stacked."""

import numpy as np

from .mistakes import Mistake

STYLE = "layer"
NAMES = ("x", "prev_h", "prev_c", "Wx", "Wh", "b")


def make(rng):
    """As many inputs as hidden units, so that either matrix fits."""
    N, H = rng.integers(2, 4), rng.integers(4, 6)
    shapes = (N, H), (N, H), (N, H), (H, 4 * H), (H, 4 * H), (4 * H,)
    return tuple(0.6 * rng.normal(size=shape) for shape in shapes)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward(x, prev_h, prev_c, Wx, Wh, b):
    """Forward pass for a single timestep of an LSTM: the next state and the next cell."""
    H = prev_h.shape[1]
    a = x.dot(Wx) + prev_h.dot(Wh) + b
    i = sigmoid(a[:, :H])
    f = sigmoid(a[:, H : 2 * H])
    o = sigmoid(a[:, 2 * H : 3 * H])
    g = np.tanh(a[:, 3 * H :])
    next_c = f * prev_c + i * g
    tanh_c = np.tanh(next_c)
    next_h = o * tanh_c
    return np.stack([next_h, next_c]), (x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c, tanh_c)


def backward(dnext, cache):
    """Backward pass for a single timestep of an LSTM."""
    dnext_h, dnext_c = dnext
    x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c, tanh_c = cache
    do = dnext_h * tanh_c
    dc = dnext_c + dnext_h * o * (1 - tanh_c**2)
    df = dc * prev_c
    di = dc * g
    dg = dc * i
    dprev_c = dc * f
    da_i = di * i * (1 - i)
    da_f = df * f * (1 - f)
    da_o = do * o * (1 - o)
    da_g = dg * (1 - g**2)
    da = np.hstack((da_i, da_f, da_o, da_g))
    dx = da.dot(Wx.T)
    dprev_h = da.dot(Wh.T)
    dWx = x.T.dot(da)
    dWh = prev_h.T.dot(da)
    db = da.sum(axis=0)
    return dx, dprev_h, dprev_c, dWx, dWh, db


GATES = ("x", "prev_h", "Wx", "Wh", "b")
ALL = (*GATES, "prev_c")
MISTAKES = (
    Mistake("path of the next cell missing", "dc = dnext_c + dnext_h", "dc = dnext_h", "path", ALL),
    Mistake(
        "path of the next state missing",
        "dnext_c + dnext_h * o * (1 - tanh_c**2)",
        "1 * dnext_c",
        "path",
        ALL,
    ),
    Mistake("slope at the cell", "o * (1 - tanh_c**2)", "o * (1 - next_c**2)", "slope", ALL),
    Mistake("slope of the cell missing", "o * (1 - tanh_c**2)", "o", "slope", ALL),
    Mistake("output gate missing", "dnext_h * o * (1 - tanh", "dnext_h * (1 - tanh", "factor", ALL),
    Mistake(
        "cell for its tanh",
        "do = dnext_h * tanh_c",
        "do = dnext_h * next_c",
        ("operand", "slope", "factor"),
        GATES,
    ),
    Mistake(
        "forget gate by the next cell", "df = dc * prev_c", "df = dc * next_c", "operand", GATES
    ),
    Mistake("input gate by itself", "di = dc * g", "di = dc * i", "operand", GATES),
    Mistake("candidate without gate", "dg = dc * i", "dg = dc", "factor", GATES),
    Mistake(
        "previous cell without gate", "dprev_c = dc * f", "dprev_c = dc", "factor", ("prev_c",)
    ),
    Mistake(
        "previous cell by the input gate",
        "dprev_c = dc * f",
        "dprev_c = dc * i",
        "operand",
        ("prev_c",),
    ),
    Mistake(
        "slope of the input gate missing", "da_i = di * i * (1 - i)", "da_i = di", "slope", GATES
    ),
    Mistake("half of a slope", "da_f = df * f * (1 - f)", "da_f = df * (1 - f)", "slope", GATES),
    Mistake(
        "tanh's slope for a gate",
        "da_o = do * o * (1 - o)",
        "da_o = do * (1 - o**2)",
        "slope",
        GATES,
    ),
    Mistake(
        "sigmoid's slope for the candidate", "dg * (1 - g**2)", "dg * g * (1 - g)", "slope", GATES
    ),
    Mistake(
        "slope of the candidate without square", "dg * (1 - g**2)", "dg * (1 - g)", "slope", GATES
    ),
    Mistake(
        "gates in another order",
        "(da_i, da_f, da_o, da_g)",
        "(da_f, da_i, da_o, da_g)",
        "permuted",
        GATES,
    ),
    Mistake(
        "one gate forgotten",
        "(da_i, da_f, da_o, da_g)",
        "(da_i, 0 * da_f, da_o, da_g)",
        "path",
        GATES,
    ),
    Mistake(
        "weights exchanged",
        "dx = da.dot(Wx.T)",
        "dx = da.dot(Wh.T)",
        ("weights", "operand"),
        ("x",),
    ),
    Mistake("dWh of x", "dWh = prev_h.T.dot(da)", "dWh = x.T.dot(da)", "operand", ("Wh",)),
    Mistake(
        "dWh of the cell", "dWh = prev_h.T.dot(da)", "dWh = prev_c.T.dot(da)", "operand", ("Wh",)
    ),
    Mistake("db averaged", "da.sum(axis=0)", "da.mean(axis=0)", "scale", ("b",)),
    Mistake(
        "db keeps its dimensions",
        "da.sum(axis=0)",
        "da.sum(axis=0, keepdims=True)",
        "shape",
        ("b",),
    ),
)
