"""Mistakes in indices that are undone: other entries, other halves, repeated indices, borders."""

import ast

import numpy as np
import pytest

from .networks import undone

pytestmark = pytest.mark.usefixtures("patient")

RNG = np.random.default_rng(0)
WORDS = """
import numpy as np

def loss(p, ids, others):
    x = np.concatenate([p["E"][ids], p["C"][others]], axis=1)
    return 0.5 * np.sum(np.tanh(x) ** 2 * p["w"])

def gradients(p, ids, others):
    d = p["E"].shape[1]
    x = np.concatenate([p["E"][ids], p["C"][others]], axis=1)
    t = np.tanh(x)
    dw = 0.5 * np.sum(t**2, axis=0)
    dx = t * p["w"] * (1 - t**2)
    dE, dC = np.zeros_like(p["E"]), np.zeros_like(p["C"])
    np.add.at(dE, ids, dx[:, :d])
    np.add.at(dC, others, dx[:, d:])
    return {"E": dE, "C": dC, "w": dw}
"""
PAIRS = """
import numpy as np

def loss(p, counts):
    total = 0.0
    for i in range(4):
        for j in range(5):
            total += counts[i, j] * np.tanh(p["W"][i] @ p["C"][j] + p["b"][j])
    return total

def gradients(p, counts):
    W, C, b = p["W"], p["C"], p["b"]
    dW, dC, db = np.zeros_like(W), np.zeros_like(C), np.zeros_like(b)
    for i in range(4):
        for j in range(5):
            inner = counts[i, j] * (1 - np.tanh(W[i] @ C[j] + b[j]) ** 2)
            dW[i] += inner * C[j]
            dC[j] += inner * W[i]
            db[j] += inner
    return {"W": dW, "C": dC, "b": db}
"""
WINDOWS = """
import numpy as np

def loss(p, s, pad):
    x = np.pad(p["x"], ((pad, pad), (pad, pad)))
    total = 0.0
    for i in range(3):
        for j in range(3):
            total += np.sum((x[i * s : i * s + 3, j * s : j * s + 3] * p["k"]) ** 2)
    return 0.5 * total

def gradients(p, s, pad):
    x, k = np.pad(p["x"], ((pad, pad), (pad, pad))), p["k"]
    dx, dk = np.zeros_like(x), np.zeros_like(k)
    for i in range(3):
        for j in range(3):
            top = i * s
            window = x[top : top + 3, j * s : j * s + 3]
            dk += window**2 * k
            dx[top : top + 3, j * s : j * s + 3] += window * k**2
    return {"x": dx[pad:-pad, pad:-pad], "k": dk}
"""
LAYERS = """
import numpy as np

def loss(p, x):
    for w in p["w"]:
        x = np.tanh(x @ w)
    return 0.5 * np.sum(x**2)

def gradients(p, x):
    w, activations = p["w"], [x]
    for each in w:
        activations.append(np.tanh(activations[-1] @ each))
    grads = [None] * len(w)
    delta = activations[-1]
    for l in range(1, len(w) + 1):
        delta = delta * (1 - activations[-l] ** 2)
        grads[-l] = activations[-l - 1].T @ delta
        delta = delta @ w[-l].T
    return {"w": grads}
"""
INPUTS = {
    WORDS: ({"E": RNG.normal(size=(4, 2)), "C": RNG.normal(size=(4, 2)), "w": RNG.normal(size=4)},
            np.array([0, 2, 2, 1]), np.array([3, 3, 0, 1])),
    PAIRS: ({"W": RNG.normal(size=(4, 3)), "C": RNG.normal(size=(5, 3)), "b": RNG.normal(size=5)},
            RNG.uniform(size=(4, 5))),
    WINDOWS: ({"x": RNG.normal(size=(5, 5)), "k": RNG.normal(size=(3, 3))}, 2, 1),
    LAYERS: ({"w": [RNG.normal(size=(3, 3)) for _ in range(3)]}, RNG.normal(size=(4, 3))),
}  # fmt: skip
SAME = {"dw = 0.5 * np.sum(t ** 2, axis=0)": "dw = 0.5 * (t ** 2).sum(axis=0)"}
MISTAKES = (
    (WORDS, "np.add.at(dE, ids, dx[:, :d])", "dE[ids] += dx[:, :d]"),
    (WORDS, "np.add.at(dC, others, dx[:, d:])", "np.add.at(dC, others, dx[:, :d])"),
    (WORDS, "np.add.at(dE, ids,", "np.add.at(dE, others,"),
    (WORDS, "dw = 0.5 * np.sum(t**2, axis=0)", "dw = 0.5 * (t**2)[0]"),
    (PAIRS, "dC[j] += inner * W[i]", "dC[j] += inner * C[j]"),
    (PAIRS, "dC[j] += inner", "dC[i] += inner"),
    (PAIRS, "(1 - np.tanh(W[i] @ C[j] + b[j]) ** 2)", "(1 - np.tanh(W[i] @ C[0] + b[j]) ** 2)"),
    (WINDOWS, "top = i * s", "top = i"),
    (WINDOWS, "dx[pad:-pad, pad:-pad]", "dx[: -2 * pad, : -2 * pad]"),
    (LAYERS, "activations[-l - 1].T", "activations[-l].T"),
)


@pytest.mark.parametrize(("text", "right", "wrong"), MISTAKES)
def test_the_index_that_was_meant_is_found(text, right, wrong):
    params, *data = INPUTS[text]
    line, due = undone(text, right, wrong, params, *data)
    assert line is not None
    assert line.line == due
    assert line.should_be is not None
    meant = normal(text.splitlines()[due - 1].strip())
    assert normal(line.should_be) in (meant, SAME.get(meant))


def normal(statement):
    """A statement as Python spells it."""
    return ast.unparse(ast.parse(statement))
