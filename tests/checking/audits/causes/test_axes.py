"""Another axis: of a sum, of a product of several axes, of probabilities, and steps of a roll."""

import numpy as np
import pytest

from .made import named

RNG = np.random.default_rng(12)
SOFTMAX = """
import numpy as np

def forward(x):
    e = np.exp(x)
    p = e / e.sum(axis=1, keepdims=True)
    return p, p

def backward(dout, p):
    dx = p * (dout - (dout * p).sum(axis=1, keepdims=True))
    return dx
"""
ONE = (RNG.normal(size=(4, 4)),)
ROLLED = """
import numpy as np

def forward(x, w):
    return np.tensordot(np.roll(x, 1, axis=0), w, axes=([1], [0])), (x, w)

def backward(dout, cache):
    x, w = cache
    dw = np.tensordot(np.roll(x, 1, axis=0), dout, axes=([0], [0]))
    d = np.tensordot(dout, w, axes=([1], [1]))
    dx = np.roll(d, -1, axis=0)
    return dx, dw
"""
TWO = (RNG.normal(size=(3, 3)), RNG.normal(size=(3, 3)))
CLASSES = """
import numpy as np

def loss(w, x, y):
    e = np.exp(x @ w)
    p = e / e.sum(axis=1, keepdims=True)
    return -np.sum(np.log(p[np.arange(len(y)), y]))

def gradients(w, x, y):
    e = np.exp(x @ w)
    p = e / e.sum(axis=1, keepdims=True)
    p[np.arange(len(y)), y] -= 1
    return x.T @ p
"""
DATA = (RNG.normal(size=(3, 2)), RNG.normal(size=(4, 3)), np.array([0, 1, 1, 0]))


@pytest.mark.parametrize(
    ("mistake", "kind"),
    [("p * (dout - (dout * p).sum(axis=0, keepdims=True))", "axis"),
     ("p * (dout - np.sum(dout * p, 0, keepdims=True))", "slope"),
     ("p * (1 - p) * dout", "slope")],
)  # fmt: skip
def test_a_softmax_along_the_other_axis(mistake, kind):
    right = "p * (dout - (dout * p).sum(axis=1, keepdims=True))"
    text = SOFTMAX, (f"dx = {right}", f"dx = {mistake}")
    assert named(*text, ONE, mistake, right, "slope", mistake).kind == kind


@pytest.mark.parametrize(
    ("right", "mistake", "old", "new", "form", "piece", "kind"),
    [("axes=([1], [1])", "axes=([1], [0])", "0", "0 - 1", "term added", "1", "axis"),
     ("roll(d, -1,", "roll(d, -2,", "-2", "-1", "near", None, "shifted"),
     ("roll(d, -1,", "roll(d, 0,", "0", "0 - 1", "term added", "1", "shifted"),
     ("roll(d, -1,", "roll(d * 2, -1,", "d * 2", "d", "factor dropped", "2", "scale")],
)  # fmt: skip
def test_axes_of_products_and_steps(right, mistake, old, new, form, piece, kind):
    assert named(ROLLED, (right, mistake), TWO, old, new, form, piece).kind == kind


@pytest.mark.parametrize(("mistake", "kind"), [("e / e.sum()", "axis"), ("e * 1.0", "factor")])
def test_what_adds_up_to_one_elsewhere(mistake, kind):
    right = "p = e / e.sum(axis=1, keepdims=True)\n    p["
    text = CLASSES, (right, f"p = {mistake}\n    p[")
    again = "p /= p.sum(axis=1, keepdims=True)"
    made = (f"p = {mistake}", f"if True: p = {mistake}; {again}", "factor added")
    assert named(*text, DATA, *made, "p.sum(axis=1, keepdims=True)").kind == kind


def test_arrays_of_several_axes_are_permuted():
    for part, kind in (("w[None]", "permuted"), ("w", "transposed")):
        text = ROLLED, ("    d = np", f"    e = {part}.T\n    d = np")
        assert named(*text, TWO, f"{part}.T", part, "transpose").kind == kind


@pytest.mark.parametrize(
    ("mistake", "old", "kind"), [("d / w[:1]", "w[:1]", "factor"), ("d * w[:1]", "w[:1]", "axis")]
)
def test_what_divides_is_no_axis(mistake, old, kind):
    text = ROLLED, ("dx = np.roll(d,", f"dx = np.roll({mistake},")
    assert named(*text, TWO, old, f"{old}.sum(axis=0)", "sum", "0").kind == kind
