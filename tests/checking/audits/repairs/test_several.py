"""Several mistakes at once: each is told by itself, and one is never told as two."""

import numpy as np
import pytest

from autograd_lite.checking.audits.auditing import audit
from tests.checking.audits.modules import module_of

pytestmark = pytest.mark.usefixtures("patient")

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(6, 3)), RNG.normal(size=(6, 2))
MLP = """
import numpy as np

def loss(p, x, y):
    a1 = np.tanh(x @ p["W1"] + p["b1"])
    a2 = a1 @ p["W2"] + p["b2"]
    return 0.5 * np.sum((a2 - y) ** 2) / len(x)

def gradients(p, x, y):
    m = x.shape[0]
    a1 = np.tanh(x @ p["W1"] + p["b1"])
    a2 = a1 @ p["W2"] + p["b2"]
    d2 = a2 - y
    dW2 = a1.T @ d2 / m
    db2 = np.sum(d2, axis=0) / m
    d1 = (d2 @ p["W2"].T) * (1 - a1**2)
    dW1 = x.T @ d1 / m
    db1 = np.sum(d1, axis=0) / m
    return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
"""
PARAMS = {
    "W1": RNG.normal(size=(3, 4)), "b1": RNG.normal(size=4),
    "W2": RNG.normal(size=(4, 2)), "b2": RNG.normal(size=2),
}  # fmt: skip
DEEP = """
import numpy as np

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def loss(p, x, y):
    h1 = sigmoid(x @ p["A"])
    h2 = np.tanh(h1 @ p["B"])
    return np.mean(np.sum((h2 @ p["C"] - y) ** 2, axis=1))

def gradients(p, x, y):
    h1 = sigmoid(x @ p["A"])
    h2 = np.tanh(h1 @ p["B"])
    d3 = 2 * (h2 @ p["C"] - y) / len(x)
    gC = h2.T @ d3
    d2 = d3 @ p["C"].T * (1 - h2 * h2)
    gB = h1.T @ d2
    d1 = d2 @ p["B"].T * h1 * (1 - h1)
    gA = x.T @ d1
    return {"A": gA, "B": gB, "C": gC}
"""
LAYERS = {
    "A": RNG.normal(size=(3, 4)), "B": RNG.normal(size=(4, 4)), "C": RNG.normal(size=(4, 2)),
}  # fmt: skip
GATE = """
import numpy as np

def loss(p, x, y):
    u = x @ p["U"]
    v = np.tanh(x @ p["V"])
    e = np.exp(u * v)
    q = e / e.sum(axis=1, keepdims=True)
    return -np.sum(y * np.log(q)) + 0.5 * 0.1 * np.sum(p["V"] ** 2)

def gradients(p, x, y):
    u = x @ p["U"]
    v = np.tanh(x @ p["V"])
    e = np.exp(u * v)
    q = e / e.sum(axis=1, keepdims=True)
    ds = q - y
    dU = x.T @ (ds * v)
    dV = x.T @ (ds * u * (1 - v**2)) + 0.1 * p["V"]
    return {"U": dU, "V": dV}
"""
TABLES = {"U": RNG.normal(size=(3, 4)), "V": RNG.normal(size=(3, 4))}
LABELS = np.eye(4)[[0, 2, 1, 3, 3, 0]]


def report_on(text, changes, params, *data):
    """The report on a module with some mistakes, and the lines at which they were made."""
    lines = []
    for right, wrong in changes:
        assert text.count(right) == 1
        lines.append(text[: text.index(right)].count("\n") + 1)
        text = text.replace(right, wrong)
    module = module_of(text, f"several_{abs(hash(text))}")
    return audit(module.loss, module.gradients, params, *data), lines


@pytest.mark.parametrize(
    ("text", "params", "y", "changes", "kinds"),
    [
        (MLP, PARAMS, Y, [("(1 - a1**2)", "a1 * (1 - a1)"), ("a1.T @ d2 / m", "a1.T @ d2")],
         {"W1": "slope", "b1": "slope", "W2": "scale"}),
        (MLP, PARAMS, Y, [("a2 - y\n", "y - a2\n"), ("x.T @ d1 / m", "x.T @ d1")],
         {"W2": "scale", "b2": "scale", "b1": "scale"}),
        (MLP, PARAMS, Y, [(" * (1 - a1**2)", ""), ("np.sum(d2, axis=0) / m", "np.sum(d2, axis=0)"),
                          ("x.T @ d1 / m", "x.T @ d1")], {"W1": "slope", "b1": "slope"}),
        (DEEP, LAYERS, Y, [("(1 - h2 * h2)", "h2 * (1 - h2)"), ("h1 * (1 - h1)", "(1 - h1 ** 2)")],
         {"A": "slope", "B": "slope"}),
        (DEEP, LAYERS, Y, [("/ len(x)", ""), ("d2 @ p[\"B\"].T", "d2 @ p[\"B\"]")],
         {"C": "scale", "B": "scale"}),
        (GATE, TABLES, LABELS, [("ds * v", "ds"), ("+ 0.1 * p", "+ 0.2 * p")],
         {"U": "factor", "V": "regularisation"}),
    ],
)  # fmt: skip
def test_two_mistakes_are_told_one_by_one(text, params, y, changes, kinds):
    """Each line is named, and each gradient has the cause that spoilt it."""
    report, lines = report_on(text, changes, params, X, y)
    assert report.first_wrong_line.line == min(lines)
    note = next(note for note in report.notes if "lines are wrong" in note)
    assert all(f"line {line}," in note for line in lines)
    found = {each.name: each.diagnosis.kind for each in report.wrong}
    assert kinds.items() <= found.items()


def test_two_mistakes_in_the_same_gradients_are_both_in_the_text():
    """A slope and a factor in one chain of lines."""
    changes = [("(1 - h2 * h2)", "(1 - h2)"), ("h1.T @ d2", "h1.T @ d2 / len(x)")]
    report, lines = report_on(DEEP, changes, LAYERS, X, Y)
    texts = {each.name: each.diagnosis.text for each in report.wrong}
    assert "(1)" in texts["B"]
    assert "(2)" in texts["B"]
    assert "(1)" not in texts["A"]
    assert report.first_wrong_line.line == min(lines)


@pytest.mark.parametrize(
    ("text", "params", "y", "change"),
    [
        (MLP, PARAMS, Y, ("(1 - a1**2)", "np.cos(a1)")),
        (MLP, PARAMS, Y, ("a2 - y\n", "np.sign(a2 - y)\n")),
        (DEEP, LAYERS, Y, ("h2 @ p[\"C\"] - y) /", "h2 @ p[\"C\"] + y**2) /")),
        (GATE, TABLES, LABELS, ("ds = q - y", "ds = q * y")),
        (GATE, TABLES, LABELS, ("ds * u * (1 - v**2)", "np.sin(ds * u)")),
    ],
)  # fmt: skip
def test_one_mistake_is_not_told_as_two(text, params, y, change):
    """Neither one that is undone by a change of one line nor one that is not."""
    report, _ = report_on(text, [change], params, X, y)
    assert not any("lines are wrong" in note for note in report.notes)
    assert not any("(2)" in each.diagnosis.text for each in report.wrong)
