"""Slopes that are missing, too much, out of order or those of another unit."""

import numpy as np
import pytest

from .made import kinds, told

RNG = np.random.default_rng(7)
MLP = """
import numpy as np

def forward(x, w, b, v):
    h = np.tanh(x @ w + b)
    return h @ v, (x, w, h, v)

def backward(dout, cache):
    x, w, h, v = cache
    dv = h.T @ dout
    dh = dout @ v.T
    dz = dh * (1 - h ** 2)
    dw = x.T @ dz
    db = dz.sum(axis=0)
    return dz @ w.T, dw, db, dv
"""
LAYERS = (RNG.normal(size=(5, 3)), RNG.normal(size=(3, 4)), RNG.normal(size=4),
          RNG.normal(size=(4, 4)))  # fmt: skip
LEAKY = """
import numpy as np

def forward(x, alpha):
    return np.where(x > 0, x, alpha * x), (x, alpha)

def backward(dout, cache):
    x, alpha = cache
    left = x < 0
    slope = 1 + left * (alpha - 1)
    dx = dout * slope
    return dx, (dout * x * left).sum(axis=0)
"""
SLOPES = (RNG.normal(size=(6, 3)), np.array([0.1, 0.2, 0.3]))
SOFTMAX = """
import numpy as np

def forward(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    p = e / e.sum(axis=-1, keepdims=True)
    return p, p

def backward(dout, p):
    return p * (dout - np.sum(dout * p, axis=-1, keepdims=True))
"""
SOFTPLUS = """
import numpy as np

def forward(x):
    return np.logaddexp(0, x), x

def backward(dout, x):
    s = 1 / (1 + np.exp(-x))
    dx = dout * s
    return dx
"""
COMPOSED = SOFTPLUS.replace("np.logaddexp(0, x)", "np.log1p(np.exp(x))")
ONE = (RNG.normal(size=(4, 3)),)


def test_the_gradient_before_the_slope():
    found = told(MLP, ("db = dz.sum", "db = dh.sum"), LAYERS, "dh", "dz", "name", "dh")
    assert [each.kind for each in found] == ["slope"]
    assert "`dh` stands for `dz`: the derivative of the activation is missing" in found[0].text
    text = MLP, ("dw = x.T @ dz", "dw = (dh.T @ x).T")
    assert kinds(*text, LAYERS, "dh.T", "dz.T", "whole name", "dh.T") == {"slope"}


def test_another_operand_is_no_slope():
    made = ("dout", "h", "name", "dout")
    assert kinds(MLP, ("dv = h.T @", "dv = dout.T @"), LAYERS, *made) == {"operand"}


def test_zeros_are_no_slope():
    text = MLP, ("dv = h.T @ dout", "dv = (h @ np.eye(4) * 0 + 1).T @ dout")
    made = ("h @ np.eye(4) * 0 + 1", "h", "name", "h @ np.eye(4) * 0 + 1")
    assert kinds(*text, LAYERS, *made) == {"operand"}


def test_a_line_too_early():
    text = MLP, ("    dz = dh * (1 - h ** 2)\n",
                 "    dh = dh * (1 - h ** 2)\n    dz = dh * (1 - h ** 2)\n")  # fmt: skip
    made = ("dh = dh * (1 - h ** 2)", "pass", "statement moved")
    assert kinds(*text, LAYERS, *made) == {"slope"}


@pytest.mark.parametrize(
    ("right", "mistake", "old", "new", "form", "piece"),
    [
        ("(alpha - 1)", "(0 - 1)", "0", "alpha", "name", "0"),
        ("dout * slope", "dout * slope ** 2", "slope ** 2", "slope", "power", "2"),
        ("dout * slope", "1 * dout", "1 * dout", "dout * slope", "factor added", "slope"),
    ],
)
def test_a_unit_with_a_slope_that_is_learned(right, mistake, old, new, form, piece):
    text = LEAKY, (right, mistake)
    assert kinds(*text, SLOPES, old, new, form, piece) == {"slope"}


def test_a_softmax_is_no_sigmoid_and_has_an_axis():
    text = SOFTMAX, ("np.sum(dout * p, axis=-1, keepdims=True)", "dout * p")
    new = "np.sum(dout * p, axis=-1, keepdims=True)"
    assert kinds(*text, ONE, "dout * p", new, "sum") == {"slope"}
    text = SOFTMAX, ("(dout * p, axis=-1", "(dout * p, axis=0")
    assert kinds(*text, ONE, "0", "-1", "axis") == {"axis"}


def test_probabilities_along_another_axis():
    text = SOFTMAX, ("    return p * (dout", "    q = p / p.sum(axis=0)\n    return q * (dout")
    assert kinds(*text, ONE, "q", "p", "name", "q") == {"axis"}
    text = SOFTMAX, ("    return p * (dout", "    q = p.sum(axis=0)\n    return q * (dout")
    assert kinds(*text, ONE, "q", "p", "name", "q") == {"operand"}


def test_a_slope_once_more():
    text = SOFTPLUS, ("dx = dout * s", "dx = dout * s * (1 - s)")
    made = ("dout * s * (1 - s)", "dout * s", "factor dropped", "1 - s")
    assert kinds(*text, ONE, *made) == {"slope"}


def test_the_slope_of_the_other_side():
    text = COMPOSED, ("np.exp(-x)", "np.exp(x)")
    assert kinds(*text, ONE, "x", "-x", "sign", "x") == {"slope"}


def test_the_incoming_gradient_is_a_factor():
    text = SOFTPLUS, ("dx = dout * s", "dx = np.ones_like(dout) * s")
    made = ("np.ones_like(dout)", "dout", "call dropped", "np.ones_like(dout)")
    assert kinds(*text, ONE, *made) == {"factor"}
