"""Running sums, windows, entries, and what is right by chance: found there, and not elsewhere."""

import ast

import numpy as np
import pytest

from autograd_lite.checking.audits.repairs.shorter import Exchanged

from .networks import undone

pytestmark = pytest.mark.usefixtures("patient")

RNG = np.random.default_rng(0)
X, W = RNG.normal(size=(6, 3)), RNG.normal(size=3)
RUNNING = """
import numpy as np

def loss(p, x, c):
    risk = np.tanh(x @ p["w"])
    return np.sum(c * np.cumsum(risk) ** 2)

def gradients(p, x, c):
    risk = np.tanh(x @ p["w"])
    due = 2 * c * np.cumsum(risk)
    tail = np.cumsum(due[::-1])[::-1]
    return {"w": x.T @ (tail * (1 - risk**2))}
"""
TABLE = """
import numpy as np

def loss(p, x, c):
    u = x @ p["A"]
    return np.sum(c * np.cumsum(u, axis=1) ** 2)

def gradients(p, x, c):
    u = x @ p["A"]
    due = 2 * c * np.cumsum(u, axis=1)
    du = np.cumsum(due[:, ::-1], axis=1)[:, ::-1]
    return {"A": x.T @ du}
"""
WINDOWS = """
import numpy as np

def loss(p, k, s):
    total = 0.0
    for i in range((len(p["x"]) - k) // s + 1):
        total = total + np.sum(p["x"][i * s : i * s + k] * p["w"]) ** 2
    return total

def gradients(p, k, s):
    x, w = p["x"], p["w"]
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for i in range((len(x) - k) // s + 1):
        g = 2 * np.sum(x[i * s : i * s + k] * w)
        dx[i * s : i * s + k] += g * w
        dw += g * x[i * s : i * s + k]
    return {"x": dx, "w": dw}
"""
CHAIN = """
import numpy as np

def loss(p, marks):
    a = p["start"]
    for t in range(len(marks)):
        a = np.tanh(a * p["y"][t, marks[t]])
    return np.sum(a**2)

def gradients(p, marks):
    y = p["y"]
    states = [p["start"]]
    for t in range(len(marks)):
        states.append(np.tanh(states[-1] * y[t, marks[t]]))
    dy = np.zeros_like(y)
    da = 2 * states[-1]
    for t in range(len(marks) - 1, -1, -1):
        dz = da * (1 - states[t + 1] ** 2)
        dy[t, marks[t]] += np.sum(dz * states[t])
        da = dz * y[t, marks[t]]
    return {"start": da, "y": dy}
"""
TRIPLES = """
import numpy as np

def loss(p, pairs):
    total = 0.0
    for i, j in pairs:
        total = total + np.sum(np.tanh(p["E"][i] - p["E"][j]))
    return total

def gradients(p, pairs):
    E = p["E"]
    gE = np.zeros_like(E)
    for i, j in pairs:
        d = 1 - np.tanh(E[i] - E[j]) ** 2
        gE[i] += d
        gE[j] -= d
    return {"E": gE}
"""
CALLED = """
import numpy as np

def padded(z):
    return np.hstack([z, np.ones((len(z), 1))])

def loss(p, x):
    return np.sum((padded(np.tanh(x @ p["A"])) @ p["B"]) ** 3)

def gradients(p, x):
    z = x @ p["A"]
    h = padded(np.tanh(z))
    d = 3 * (h @ p["B"]) ** 2
    dB = h.T @ d
    dA = x.T @ ((d @ p["B"].T)[:, :-1] * (1 - np.tanh(z) ** 2))
    return {"A": dA, "B": dB}
"""
HALVES = """
import numpy as np

def forward(p, x):
    return np.tanh(np.hstack([x @ p["A"], x @ p["B"]]))

def loss(p, x, c):
    return np.sum(c * forward(p, x) ** 2)

def add(grads, name, x, d):
    grads[name] = grads[name] + x.T @ d

def gradients(p, x, c):
    h = forward(p, x)
    d = 2 * c * h * (1 - h**2)
    n = p["A"].shape[1]
    grads = {name: np.zeros_like(value) for name, value in p.items()}
    add(grads, "A", x, d[:, :n])
    add(grads, "B", x, d[:, n:])
    return grads
"""
LARGEST = """
import numpy as np

def loss(p, x, c):
    f = x @ p["A"]
    return np.sum(c * f.max(axis=1) ** 2)

def gradients(p, x, c):
    f = x @ p["A"]
    g = f.max(axis=1)
    dg = 2 * c * g
    df = np.zeros_like(f)
    df += dg[:, None, :] * (f == f.max(axis=1, keepdims=True))
    return {"A": np.einsum("bpi,bpf->if", x, df)}
"""
CUBES = """
import numpy as np

def loss(p, x):
    u = x @ p["A"]
    return np.sum(np.sin(u + 0.1 * u**3))

def gradients(p, x):
    u = x @ p["A"]
    n, m = x.shape
    du = np.cos(u + 0.1 * u**3) * (1 + 3 * 0.1 * u**2)
    return {"A": x.T @ du}
"""
GATES = """
import numpy as np

def loss(p, x):
    h = np.zeros(3)
    for t in range(len(x)):
        a = np.tanh(x[t] + p["U"] @ h)
        b = np.tanh(x[t] - p["V"] @ h)
        h = a * b
    return np.sum(h**2)

def gradients(p, x):
    states, one, two = [np.zeros(3)], [], []
    for t in range(len(x)):
        one.append(np.tanh(x[t] + p["U"] @ states[-1]))
        two.append(np.tanh(x[t] - p["V"] @ states[-1]))
        states.append(one[t] * two[t])
    dU, dV = np.zeros_like(p["U"]), np.zeros_like(p["V"])
    dh = 2 * states[-1]
    for t in reversed(range(len(x))):
        da = dh * two[t] * (1 - one[t] ** 2)
        db = -dh * one[t] * (1 - two[t] ** 2)
        dU += np.outer(da, states[t])
        dV += np.outer(db, states[t])
        dh = p["U"].T @ da + p["V"].T @ db
    return {"U": dU, "V": dV}
"""
C, A = RNG.normal(size=6), RNG.normal(size=(3, 4))
PAIRS = [(0, 1), (2, 1), (3, 0), (1, 3)]
EACH = {
    "running": (RUNNING, {"w": W}, (X, C)),
    "table": (TABLE, {"A": A}, (X, RNG.normal(size=(6, 4)))),
    "windows": (WINDOWS, {"x": RNG.normal(size=9), "w": W}, (3, 2)),
    "chain": (CHAIN, {"y": RNG.normal(size=(4, 3)), "start": W}, (np.array([2, 0, 1, 2]),)),
    "triples": (TRIPLES, {"E": RNG.normal(size=(4, 3))}, (PAIRS,)),
    "called": (CALLED, {"A": A, "B": RNG.normal(size=(5, 2))}, (X,)),
    "halves": (HALVES, {"A": A, "B": RNG.normal(size=(3, 4))}, (X, RNG.normal(size=(6, 8)))),
    "largest": (LARGEST, {"A": A}, (RNG.normal(size=(2, 5, 3)), RNG.normal(size=(2, 4)))),
    "gates": (GATES, {"U": RNG.normal(size=(3, 3)), "V": RNG.normal(size=(3, 3))}, (X[:4],)),
    "cubes": (CUBES, {"A": A}, (X[:3],)),
}


@pytest.mark.parametrize(
    ("name", "right", "wrong", "due"),
    [
        ("running", "np.cumsum(due[::-1])[::-1]", "np.cumsum(due)", "np.cumsum(due[::-1])[::-1]"),
        ("running", "np.cumsum(due[::-1])[::-1]", "np.cumsum(due)[::-1]", "(due[::-1])[::-1]"),
        ("running", "np.cumsum(due[::-1])[::-1]", "due[::-1].cumsum()", "[::-1]"),
        ("running", "2 * c * np.cumsum(risk)", "2 * c * risk", "np.cumsum(risk)"),
        ("running", "(1 - risk**2)", "(1 - risk)", "risk ** 2"),
        ("table", "np.cumsum(due[:, ::-1], axis=1)[:, ::-1]", "np.cumsum(due, axis=1)", "::-1"),
        ("table", "np.cumsum(due[:, ::-1], axis=1)", "np.cumsum(due[:, ::-1], axis=0)", "axis=1"),
        ("windows", "dx[i * s : i * s + k]", "dx[i : i + k]", "dx[i * s:i * s + k]"),
        ("windows", "dw += g * x[i * s : i * s + k]", "dw += g * x[i : i + k]", "i * s:i * s + k"),
        ("windows", "dx[i * s : i * s + k] += g * w", "dx[i * s : i * s + k] += g", "g * w"),
        ("chain", "da = dz * y[t, marks[t]]", "da = dz", "y[t, marks[t]]"),
        ("chain", "da = dz * y[t, marks[t]]", "da = dz * y[t, marks[t - 1]]", "marks[t]]"),
        ("triples", "        gE[j] -= d\n", "", "gE[j] -= d"),
        ("triples", "gE[j] -= d", "gE[j] += d", "gE[j] -= d"),
        ("called", "padded(np.tanh(z))", "np.tanh(padded(z))", "padded(np.tanh(z))"),
        ("called", "[:, :-1] * (1", "[:, 1:] * (1", ":-1"),
        ("halves", 'd[:, :n])\n    add(grads, "B", x, d[:, n:])',
         'd[:, n:])\n    add(grads, "B", x, d[:, :n])', "d[:, "),
        ("largest", " * (f == f.max(axis=1, keepdims=True))", "", "f.max(axis=1"),
        ("largest", "2 * c * g", "2 * g", "c"),
        ("gates", ' + p["V"].T @ db', "", '+ p["V"].T @ db'),
        ("gates", 'p["U"].T @ da + ', "", '+ p["U"].T @ da'),
        ("gates", 'p["V"].T @ db', 'p["V"] @ db', 'p["U"].T @ da + '),
        ("cubes", "3 * 0.1", "0.1", "3"),
    ],
)  # fmt: skip
def test_it_is_undone(name, right, wrong, due):
    """The line is named, and what ought to stand there."""
    text, params, data = EACH[name]
    found, line = undone(text, right, wrong, params, *data)
    before = name == "triples" and not wrong  # the line after which one is missing
    assert found.line == line - before
    assert found.should_be is not None
    assert due in found.should_be


BY_CHANCE = """
import numpy as np

def loss(p, x, c):
    return np.sum(c * np.tanh(x @ p["A"] + p["b"]) ** 2) / p["A"].shape[1]

def gradients(p, x, c):
    n, k = len(x), p["A"].shape[1]
    h = np.tanh(x @ p["A"] + p["b"])
    d = 2 * c * h / k * (1 - h**2)
    return {"A": x.T @ d, "b": d.sum(axis=0)}
"""


@pytest.mark.parametrize(("wrong", "due"), [("", "shape[1]"), (" / len(p)", "shape[1]")])
def test_a_length_that_is_equal_by_chance_is_not_offered(wrong, due):
    """There are as many samples as units: without the last sample the number of them is wrong."""
    data = X[:4], RNG.normal(size=(4, 4))
    text = BY_CHANCE.replace('n, k = len(x), p["A"].shape[1]', "n = len(x)")
    found, line = undone(text, " / k", wrong, {"A": A, "b": RNG.normal(size=4)}, *data)
    assert found.line == line
    assert "n" not in found.should_be.replace("np", "")
    assert due in found.should_be


def test_expressions_are_exchanged_wherever_they_stand():
    """And never as texts: `n` is no part of `np.sum(len)`."""
    tree = ast.parse("np.sum(n) / (n + len(n))", mode="eval").body
    found = Exchanged("n", "x.shape[0]").visit(tree)
    assert ast.unparse(found) == "np.sum(x.shape[0]) / (x.shape[0] + len(x.shape[0]))"
