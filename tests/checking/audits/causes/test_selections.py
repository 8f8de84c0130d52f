"""Masks, labels and gates: what says which of two things counts."""

import numpy as np
import pytest

from .made import kinds

RNG = np.random.default_rng(6)
GATE = """
import numpy as np

def forward(x, h):
    t = 1 / (1 + np.exp(-x))
    return t * h + (1 - t) * x, (x, h, t)

def backward(dout, cache):
    x, h, t = cache
    dh = dout * t
    dt = dout * (h - x)
    dx = dout * (1 - t)
    dx += dt * t * (1 - t)
    return dx, dh
"""
PAIR = (RNG.normal(size=(4, 3)), RNG.normal(size=(4, 3)))
DROPPED = """
import numpy as np

def forward(x, w, keep, other):
    return np.maximum(x, 0) * keep * w, (x, w, keep, other)

def backward(dout, cache):
    x, w, keep, other = cache
    keep, other = keep * 1.0, other * 1.0
    dw = np.sum(dout * np.maximum(x, 0) * keep, axis=0)
    dx = dout * keep * w
    dx = dx * (x > 0)
    return dx, dw
"""
MASKS = (RNG.normal(size=(6, 3)), RNG.normal(size=3), RNG.integers(2, size=(6, 3)) * 2,
         RNG.integers(2, size=(6, 3)) * 2)  # fmt: skip
LABELS = """
import numpy as np

def loss(w, x, same):
    d = x @ w
    return np.sum(same * d ** 2) + np.sum((1 - same) * np.exp(-d))

def gradients(w, x, same):
    d = x @ w
    dd = 2 * same * d
    dd -= np.where(same, 0, 1) * np.exp(-d)
    return x.T @ dd
"""
SAME = (RNG.normal(size=3), RNG.normal(size=(6, 3)), np.array([1.0, 0, 0, 1, 1, 0]))
CENTRED = """
import numpy as np

def forward(x):
    mu = x.mean(axis=0)
    return (x - mu) ** 3, x

def backward(dout, x):
    mu = x.mean(axis=0)
    d = 3 * dout * (x - mu) ** 2
    return d - d.mean(axis=0)
"""


@pytest.mark.parametrize(
    ("right", "mistake", "old", "new", "form"),
    [("dh = dout * t", "dh = dout * (1 - t)", "1 - t", "t", "term dropped"),
     ("dx = dout * (1 - t)", "dx = dout * t", "t", "1 - t", "term added")],
)  # fmt: skip
def test_the_other_gate_is_another_operand(right, mistake, old, new, form):
    text = GATE, (right, mistake)
    assert kinds(*text, PAIR, old, new, form, "1") == {"operand"}


def test_half_of_a_slope_is_a_slope():
    text = GATE, ("dt * t * (1 - t)", "dt * t")
    made = ("dt * t", "dt * t * (1 - t)", "factor added", "1 - t")
    assert kinds(*text, PAIR, *made) == {"slope"}


def test_a_gate_is_no_half_of_a_slope():
    text = GATE, ("dx = dout * (1 - t)", "dx = 1.0 * dout")
    made = ("1.0 * dout", "1.0 * dout * (1 - t)", "factor added", "1 - t")
    assert kinds(*text, PAIR, *made) == {"factor"}


@pytest.mark.parametrize(
    ("right", "mistake", "form"),
    [("dx = dout * keep", "other", "name"), ("dx = dout * keep", "keep[0]", "slice"),
     ("dx = dout * keep", "keep > 0", "slope"), ("dx = dout * keep", "np.sign(keep)", "slope")],
)  # fmt: skip
def test_another_mask(right, mistake, form):
    text = DROPPED, (right, f"dx = dout * ({mistake})")
    assert kinds(*text, MASKS, mistake, "keep", form, mistake) == {"mask"}


def test_the_slope_of_another_unit_is_no_mask():
    text = DROPPED, ("dx * (x > 0)", "dx * np.where(x > 0, 1, 0.01)")
    made = ("np.where(x > 0, 1, 0.01)", "x > 0", "slope", "np.where(x > 0, 1, 0.01)")
    assert kinds(*text, MASKS, *made) == {"slope"}
    text = DROPPED, ("dx * (x > 0)", "dx * (x != 0)")
    assert kinds(*text, MASKS, "x != 0", "x > 0", "slope", "x != 0") == {"mask"}


def test_a_mask_upside_down():
    text = DROPPED, ("dx * (x > 0)", "dx * (x <= 0)")
    assert kinds(*text, MASKS, "x <= 0", "1 - (x <= 0)", "term added", "1") == {"mask"}


def test_labels_upside_down():
    text = LABELS, ("2 * same * d", "2 * (1 - same) * d")
    assert kinds(*text, SAME, "1 - same", "same", "term dropped", "1") == {"labels"}
    text = LABELS, ("np.where(same, 0, 1)", "np.where(same, 1, 0)")
    made = ("np.where(same, 1, 0)", "np.where(same, 0, 1)", "exchange", "np.where(same, 1, 0)")
    assert kinds(*text, SAME, *made) == {"labels"}


def test_what_is_not_centred_is_another_operand():
    text = CENTRED, ("3 * dout * (x - mu) ** 2", "3 * dout * x ** 2")
    assert kinds(*text, PAIR[:1], "x", "x - mu", "term added", "mu") == {"operand"}
    text = CENTRED, ("d - d.mean(axis=0)", "m - m.mean(axis=0) * 0 if (m := d) is d else d")
    made = ("m - m.mean(axis=0) * 0", "d - d.mean(axis=0)", "term added", "d.mean(axis=0)")
    assert kinds(*text, PAIR[:1], *made) == {"path"}
