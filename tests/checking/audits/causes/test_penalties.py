"""Gradients of penalties: of whole parameters, of entries in loops, of what is made of them."""

import numpy as np
import pytest

from autograd_lite.checking.audits.causes.parts import penalty_parts
from autograd_lite.checking.audits.causes.roles import is_counted
from autograd_lite.checking.audits.problems import of_loss
from autograd_lite.checking.audits.records import recorded

from .made import kinds, named, told

RNG = np.random.default_rng(8)
LOOPS = """
import numpy as np

def loss(W, x, y, lam):
    return np.sum((x @ W - y) ** 2) + lam * np.sum(W ** 2)

def gradients(W, x, y, lam):
    dW = np.zeros(W.shape)
    for k in range(len(x)):
        for i in range(W.shape[0]):
            for j in range(W.shape[1]):
                error = x[k] @ W[:, j] - y[k, j]
                dW[i, j] += 2 * error * x[k, i] + 2 * lam * W[i, j] / len(x)
    return dW
"""
DATA = (RNG.normal(size=(3, 2)), RNG.normal(size=(4, 3)), RNG.normal(size=(4, 2)), 0.05)
SMOOTH = """
import numpy as np

def loss(w, x):
    steps = w[1:] - w[:-1]
    return np.sum((x - w) ** 2) + 3 * np.sum(steps ** 2)

def gradients(w, x):
    steps = w[1:] - w[:-1]
    dw = 2 * (w - x)
    dw[1:] += 6 * steps
    dw[:-1] -= 6 * steps
    return dw
"""
SERIES = (RNG.normal(size=6), RNG.normal(size=6))
TWO = """
import numpy as np

def forward(x, A, B):
    return np.tanh(x @ A) * (x @ B), (x, A, B)

def backward(dout, cache):
    x, A, B = cache
    da = dout * (x @ B) * (1 - np.tanh(x @ A) ** 2)
    db = dout * np.tanh(x @ A)
    dx = db @ B.T
    dx += da @ A.T
    return dx, x.T @ da, x.T @ db
"""
LEARNED = """
import numpy as np

def loss(params, x, y):
    return np.sum((x @ params["P"] @ params["Q"] - y) ** 2)

def gradients(params, x, y):
    P, Q = params["P"].copy(), params["Q"].copy()
    d = 2 * (x @ P @ Q - y)
    dP = x.T @ d @ Q.T
    dQ = P.T @ x.T @ d
    return {"P": dP, "Q": dQ}
"""
SINGLE = """
import numpy as np

def loss(s, x):
    t = s[0] ** 2 * np.mean(x ** 2)
    return t

def gradients(s, x):
    r = np.array([np.mean(x ** 2)])
    ds = 2 * s[0] * r
    return ds
"""


@pytest.mark.parametrize(
    ("mistake", "old", "new", "form", "piece"),
    [
        ("- 2 * lam * W[i, j]", "2 * error * x[k, i] - 2 * lam * W[i, j] / len(x)",
         "2 * error * x[k, i] + 2 * lam * W[i, j] / len(x)", "sign", "2 * lam * W[i, j] / len(x)"),
        ("+ lam * W[i, j]", "lam * W[i, j]", "2 * lam * W[i, j]", "factor added", "2"),
        ("+ 2 * 0.01 * W[i, j]", "0.01", "lam", "near", None),
        ("+ lam * W[i, j]", "lam * W[i, j] / len(x)", "lam * W[i, j] / len(x) * 2", "factor added",
         "2"),
    ],
)  # fmt: skip
def test_the_penalty_of_an_entry(mistake, old, new, form, piece):
    text = LOOPS, ("+ 2 * lam * W[i, j]", mistake)
    assert kinds(*text, DATA, old, new, form, piece) == {"regularisation"}


def test_the_other_term_is_no_penalty():
    text = LOOPS, ("+= 2 * error * x[k, i]", "+= 2 * error")
    made = ("2 * error", "2 * error * x[k, i]", "factor added", "x[k, i]")
    assert kinds(*text, DATA, *made) == {"factor"}


def test_a_learning_rate_on_a_penalty_too():
    right = "2 * error * x[k, i] + 2 * lam * W[i, j] / len(x)"
    text = LOOPS, (right, f"0.1 * ({right})")
    made = (f"0.1 * ({right})", right, "factor dropped", "0.1")
    assert kinds(*text, DATA, *made) == {"scale"}


def test_what_is_counted_is_a_penalty():
    w = np.array([0.5, -1.0, 2.0, 0.3])
    assert is_counted(np.array([0.1, -0.2, 1.2, 0.0]), w)  # 0.2, 0.2, 0.6 and 0 times
    assert not is_counted(np.array([0.1, 0.2, 1.2, 0.0]), w)
    assert not is_counted(np.array([0.1, -0.25, 1.2, 0.0]), w)
    assert not is_counted(0 * w, w)


def test_weights_of_a_product_are_no_penalty():
    inputs = (RNG.normal(size=(4, 3)), RNG.normal(size=(3, 3)), RNG.normal(size=(3, 3)))
    text = TWO, ("dx += da @ A.T", "dx += da @ B.T")
    assert kinds(*text, inputs, "B", "A", "name", "B") == {"weights"}


def test_a_penalty_of_differences():
    text = SMOOTH, ("    steps = w[1:] - w[:-1]\n    dw",
                 "    steps = (w[1:] - w[:-1]) / 2\n    dw")  # fmt: skip
    made = ("(w[1:] - w[:-1]) / 2", "w[1:] - w[:-1]", "factor dropped", "2")
    (found,) = told(*text, SERIES, *made)
    assert found.kind == "regularisation"
    assert "counts 0.5 times" in found.text


def test_the_other_term_beside_a_penalty_of_differences():
    text = SMOOTH, ("dw = 2 * (w - x)", "dw = 2 * (w - x) / 2")
    made = ("2 * (w - x) / 2", "2 * (w - x)", "factor dropped", "2")
    assert kinds(*text, SERIES, *made) == {"scale"}


def test_weights_that_are_learned_at_once():
    inputs = ({"P": RNG.normal(size=(3, 2)), "Q": RNG.normal(size=(2, 4))},
              RNG.normal(size=(5, 3)), RNG.normal(size=(5, 4)))  # fmt: skip
    made = ("P -= 0.01 * dP", "pass", "statement dropped")
    assert kinds(LEARNED, ("    dQ =", "    P -= 0.01 * dP\n    dQ ="), inputs, *made) == {
        "weights"
    }


@pytest.mark.parametrize(
    ("right", "old", "new", "form", "piece", "kind"),
    [("t + 0.1 * s[0] ** 2", "2 * s[0] * r", "2 * s[0] * r + 0.2 * s", "term added", "0.2 * s",
      "regularisation"),
     ("t", "2 * s[0] * r + 0.2 * r", "2 * s[0] * r", "term dropped", "0.2 * r", "path")],
)  # fmt: skip
def test_the_penalty_of_a_single_number(right, old, new, form, piece, kind):
    text = SINGLE.replace("return t", f"return {right}"), ("ds = 2 * s[0] * r", f"ds = {old}")
    assert named(*text, (np.array([0.7]), RNG.normal(size=4)), old, new, form, piece).kind == kind


def test_what_penalties_are_made_of():
    def loss(w, x):
        steps = w[1:] - w[:-1]
        return np.sum((x * w) ** 2) + 3 * np.sum(steps**2)

    w, x = SERIES
    _, record = recorded(of_loss(loss, loss, w, (x,)))
    parts = penalty_parts(record)
    assert any(np.array_equal(w[1:] - w[:-1], part) for part in parts)
    assert not any(np.array_equal(x * w, part) for part in parts)
    _, record = recorded(of_loss(lambda w: np.sum(w**2), loss, w, ()))
    assert penalty_parts(record) == []  # there is nothing else


@pytest.mark.parametrize(
    ("mistake", "form", "kind"),
    [("dw[1:] += 6 * steps * 2", "factor dropped", "regularisation"),
     ("dw[1:] += 6 * x[1:] * 2", "factor dropped", "twice")],
)  # fmt: skip
def test_a_multiple_of_what_a_penalty_is_made_of(mistake, form, kind):
    text = SMOOTH, ("dw[1:] += 6 * steps", mistake)
    old = mistake.removeprefix("dw[1:] += ")
    assert named(*text, SERIES, old, old.removesuffix(" * 2"), form, "2").kind == kind


@pytest.mark.parametrize(("other", "kind"), [("x[k, i]", "power"), ("lam", "regularisation")])
def test_a_term_with_entries_of_data_is_no_penalty(other, kind):
    text = LOOPS, ("+ 2 * lam * W[i, j]", f"+ 2 * W[i, j] * {other}")
    old, new = f"2 * W[i, j] * {other}", f"2 * W[i, j] * {other} * {other}"
    assert named(*text, DATA, old, new, "factor added", other).kind == kind


@pytest.mark.parametrize(
    ("mistake", "kind"), [("lam * W[i, j]", "regularisation"), ("error * W[i, j]", "path")]
)
def test_what_is_computed_in_a_loop_is_of_no_penalty(mistake, kind):
    text = LOOPS, ("+ 2 * lam * W[i, j]", f"+ {mistake}")
    old = f"2 * error * x[k, i] + {mistake} / len(x)"
    made = (old, "2 * error * x[k, i]", "term dropped", f"{mistake} / len(x)")
    assert named(*text, DATA, *made).kind == kind


@pytest.mark.parametrize(("piece", "kind"), [("0.2 * s", "regularisation"), ("0.2", "path")])
def test_a_parameter_without_axes(piece, kind):
    text = SINGLE.replace("s[0]", "s"), ("ds = 2 * s * r", f"ds = 2 * s * r + {piece}")
    text = text[0].replace("r = np.array([np.mean(x ** 2)])", "r = np.mean(x ** 2)"), text[1]
    old, new = f"2 * s * r + {piece}", "2 * s * r"
    assert named(*text, (np.array(0.3), RNG.normal(size=4)), old, new, "term dropped", piece
                 ).kind == kind  # fmt: skip
