"""What decides which entries count, and zeros where there should be none."""

import numpy as np
import pytest

from .made import named

RNG = np.random.default_rng(11)
UNIT = """
import numpy as np

def forward(x, other):
    return np.where(x > 0, x, 0.1 * x) + np.maximum(other, 0), (x, other)

def backward(dout, cache):
    x, other = cache
    dother = np.where(other > 0, dout, 0)
    slope = np.where(x > 0, 1, 0.1)
    best = np.argmax(x, axis=1)
    zeros = dother * 1.0
    rows = np.where(np.arange(len(x))[:, None] > 1, dout, 0)
    dx = dout * slope
    return dx, dother
"""
PAIR = (RNG.normal(size=(5, 4)), RNG.normal(size=(5, 4)))
HINGE = """
import numpy as np

def loss(w, x, same):
    z = x @ w
    return np.sum(np.maximum(0, z + 1)) - np.sum((1 - same) * z)

def gradients(w, x, same):
    z = x @ w
    margin = np.maximum(0, z + 1)
    d = -(1 - same)
    return x.T @ ((margin > 0) + d)
"""
MARGINS = (RNG.normal(size=3), RNG.normal(size=(6, 3)), np.array([1, 0, 0, 1, 1, 0]) * 1.0)


@pytest.mark.parametrize(
    ("right", "mistake", "old", "new", "form", "kind"),
    [("other > 0, dout", "other > 1, dout", "1", "0", "near", "mask"),
     ("other > 0, dout", "x > 0, dout", "x", "other", "name", "mask"),
     ("argmax(x,", "argmax(-x,", "-x", "x", "sign", "mask"),
     ("x > 0, 1, 0.1)", "x > 0, 1, 0.2)", "0.2", "0.1", "near", "slope"),
     ("x > 0, 1, 0.1)", "other > 0, 1, 0.1)", "other", "x", "name", "slope"),
     ("argmax(x, axis=1)", "argmax(x, axis=0)", "0", "1", "axis", "axis")],
)  # fmt: skip
def test_what_decides(right, mistake, old, new, form, kind):
    found = named(UNIT, (right, mistake), PAIR, old, new, form, old)
    assert found.kind == kind, found.text


@pytest.mark.parametrize(
    ("mistake", "due", "kind", "words"),
    [("dout", "zeros", "mask", "is missing"), ("zeros", "dout", "mask", "is too much"),
     ("x", "zeros", "operand", "stands for"), ("rows", "dout", "operand", "stands for")],
)  # fmt: skip
def test_zeros_are_those_of_a_mask(mistake, due, kind, words):
    text = UNIT, ("dx = dout * slope", f"dx = {mistake} * slope")
    found = named(*text, PAIR, mistake, due, "name", mistake)
    assert found.kind == kind, found.text
    assert words in found.text


@pytest.mark.parametrize(
    ("mistake", "kind"), [("np.maximum(0, z)", "mask"), ("np.abs(z)", "operand")]
)
def test_the_margin_of_a_hinge(mistake, kind):
    text = HINGE, ("margin = np.maximum(0, z + 1)", f"margin = {mistake}")
    assert named(*text, MARGINS, "z", "z + 1", "term added", "1").kind == kind


def test_the_sign_of_a_mask_is_a_sign():
    text = HINGE, ("d = -(1 - same)", "d = (1 - same)")
    assert named(*text, MARGINS, "1 - same", "same - 1", "sign", "1 - same").kind == "path"


def test_what_is_multiplied_chooses_the_same():
    text = UNIT, ("    rows = np", "    best = (x > 0)\n    rows = np")
    made = ("x > 0", "(x > 0) * dout", "factor added", "dout")
    assert named(*text, PAIR, *made).kind == "factor"


def test_a_comparison_that_is_counted_makes_a_number():
    right = "return x.T @ ((margin > 0) + d)"
    text = HINGE, (right, f"{right} / np.sum(z > 0)")
    found = named(*text, MARGINS, "z", "margin", "name", "z")
    assert found.kind == "scale", found.text
