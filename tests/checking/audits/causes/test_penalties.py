"""Gradients of penalties: of whole parameters, of entries in loops, of what is made of them."""

import numpy as np
import pytest

from .made import kinds, told

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


@pytest.mark.parametrize(
    ("mistake", "old", "new", "form", "piece"),
    [
        ("- 2 * lam * W[i, j]", "2 * error * x[k, i] - 2 * lam * W[i, j] / len(x)",
         "2 * error * x[k, i] + 2 * lam * W[i, j] / len(x)", "sign", "2 * lam * W[i, j] / len(x)"),
        ("+ lam * W[i, j]", "lam * W[i, j]", "2 * lam * W[i, j]", "factor added", "2"),
        ("+ 2 * 0.01 * W[i, j]", "0.01", "lam", "near", None),
    ],
)  # fmt: skip
def test_the_penalty_of_an_entry(mistake, old, new, form, piece):
    text = LOOPS, ("+ 2 * lam * W[i, j]", mistake)
    assert kinds(*text, DATA, old, new, form, piece) == {"regularisation"}


def test_the_other_term_is_no_penalty():
    text = LOOPS, ("+= 2 * error * x[k, i]", "+= 2 * error")
    made = ("2 * error", "2 * error * x[k, i]", "factor added", "x[k, i]")
    assert kinds(*text, DATA, *made) == {"factor"}


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
