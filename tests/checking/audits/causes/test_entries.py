"""Which entries an index takes and in which order: rows by their numbers, rounds of a loop."""

import numpy as np
import pytest

from .made import kinds, named

RNG = np.random.default_rng(10)
WORDS = """
import numpy as np

def loss(E, x, y):
    return np.sum((E[x] - y) ** 2)

def gradients(E, x, y):
    d = 2 * (E[x] - y)
    dE = np.zeros_like(E)
    np.add.at(dE, x, d)
    return dE
"""
BOOK = (RNG.normal(size=(7, 2)), np.array([1, 5, 2, 3, 5, 6]), RNG.normal(size=(6, 2)))
SCORES = """
import numpy as np

def loss(W, x, y):
    z = x @ W
    return np.sum(z ** 2) - z[np.arange(len(y)), y].sum()

def gradients(W, x, y):
    d = 2 * (x @ W)
    d[np.arange(len(y)), y] -= 1
    return x.T @ d
"""
LAYER = """
import numpy as np

def forward(x, w, keep):
    return x * keep * w, (x, w, keep)

def backward(dout, cache):
    x, w, keep = cache
    keep = keep * 1.0
    dw = np.sum(dout * x * keep, axis=0)
    dx = np.zeros_like(x)
    for i in range(x.shape[0]):
        for k in range(x.shape[1]):
            at = i
            dx[at, k] = dout[i, k] * w[k] * keep[i, k]
    return dx, dw
"""
SQUARE = (RNG.normal(size=(4, 4)), RNG.normal(size=4), RNG.integers(2, size=(4, 4)))
ONES = """
import numpy as np

def forward(x, w):
    return np.hstack([np.ones((len(x), 1)), x]) @ w, (x, w)

def backward(dout, cache):
    x, w = cache
    a = np.hstack([np.ones((len(x), 1)), x])
    return dout @ w[1:].T, a.T @ dout
"""


@pytest.mark.parametrize(
    ("mistake", "form", "kind", "words"),
    [("x - 1", "term dropped", "shifted", "is off by -1"),
     ("x[::-1]", "slice", "permuted", "in another order"),
     ("np.sort(x)", "call dropped", "permuted", "in another order")],
)  # fmt: skip
def test_rows_by_other_numbers(mistake, form, kind, words):
    text = WORDS, ("np.add.at(dE, x, d)", f"np.add.at(dE, {mistake}, d)")
    piece = "1" if form == "term dropped" else mistake
    found = named(*text, BOOK, mistake, "x", form, piece)
    assert found.kind == kind
    assert words in found.text


def test_numbers_that_take_rows_of_no_parameter_are_labels():
    scores = (BOOK[2].T.copy(), RNG.normal(size=(3, 2)), np.array([0, 4, 2]))
    made = ("y - 1", "y", "term dropped", "1")
    text = SCORES, ("[np.arange(len(y)), y] -= 1", "[np.arange(len(y)), y - 1] -= 1")
    assert named(*text, scores, *made).kind == "labels"


@pytest.mark.parametrize(
    ("mistake", "kind"),
    [("np.roll(x, 1, axis=0)", "shifted"), ("np.flip(x)", "permuted"),
     ("np.roll(keep, 1, axis=0)", "mask")],
)  # fmt: skip
def test_numbers_in_another_order(mistake, kind):
    due = "keep" if "keep" in mistake else "x"
    text = LAYER, ("dout * x * keep,", "dout * x * keep,".replace(due, mistake))
    assert kinds(*text, SQUARE, mistake, due, "call dropped", mistake) == {kind}


def test_the_column_of_ones_elsewhere():
    inputs = (RNG.normal(size=(5, 3)), RNG.normal(size=(4, 2)))
    text = ONES, ("a.T @ dout", "np.roll(a, -1, axis=1).T @ dout")
    made = ("np.roll(a, -1, axis=1)", "a", "call dropped", "np.roll(a, -1, axis=1)")
    assert kinds(*text, inputs, *made) == {"bias_column"}


@pytest.mark.parametrize(
    ("mistake", "kind"), [(":1", "path"), ("-1:", "path"), ("::-1", "permuted"), ("1:", "shifted")]
)
def test_one_row_for_all(mistake, kind):
    text = LAYER, ("dout * x * keep,", f"dout * np.resize(x[{mistake}], x.shape) * keep,")
    assert named(*text, SQUARE, mistake, ":", "slice", mistake).kind == kind
    part = f"x[{mistake}]"
    assert named(*text, SQUARE, part, "x", "slice", part).kind == kind


@pytest.mark.parametrize(
    ("mistake", "old", "new", "form", "kind"),
    [(":, k", ":", "i", "slice", "overwritten"), ("k, k", "k", "i", "index", "permuted"),
     ("at - 1, k", "at - 1", "at", "index", "shifted")],
)  # fmt: skip
def test_the_entry_of_a_round(mistake, old, new, form, kind):
    text = LAYER, ("dx[at, k]", f"dx[{mistake}]")
    assert named(*text, SQUARE, old, new, form, old).kind == kind


def test_what_is_assigned_to_an_index_is_one():
    text = LAYER, ("at = i\n", "at = i - 1\n")
    assert named(*text, SQUARE, "i - 1", "i", "term dropped", "1").kind == "shifted"
    text = LAYER, ("dout[i, k] * w", "(dout[i, k] + 1) * w")
    made = ("dout[i, k] + 1", "dout[i, k]", "term dropped", "1")
    assert named(*text, SQUARE, *made).kind == "path"
