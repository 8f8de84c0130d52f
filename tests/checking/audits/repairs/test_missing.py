"""What is missing or stands for something else: unused names, softmaxes, masks, statements."""

import ast

import numpy as np
import pytest

from autograd_lite.checking.audits.auditing import audit
from autograd_lite.checking.audits.repairs.sites import unused
from tests.checking.audits.modules import module_of

from .networks import undone

pytestmark = pytest.mark.usefixtures("patient")

RNG = np.random.default_rng(0)
X, W = RNG.normal(size=(5, 3)), RNG.normal(size=(3, 4))
SHARES = """
import numpy as np

def loss(p, x, y, weights):
    share = weights / weights.sum()
    h = np.tanh(x @ p["W"])
    return np.sum(share * (h.sum(axis=1) - y) ** 2)

def gradients(p, x, y, weights):
    share = weights / weights.sum()
    h = np.tanh(x @ p["W"])
    error = 2 * share * (h.sum(axis=1) - y)
    return {"W": x.T @ (error[:, None] * (1 - h**2))}
"""
SOFTMAX = """
import numpy as np

def loss(p, x, c):
    e = np.exp(x @ p["W"])
    A = e / e.sum(axis=1, keepdims=True)
    return np.sum((A * c) ** 3)

def gradients(p, x, c):
    e = np.exp(x @ p["W"])
    A = e / e.sum(axis=1, keepdims=True)
    dA = 3 * (A * c) ** 2 * c
    dS = A * (dA - np.sum(dA * A, axis=1, keepdims=True))
    return {"W": x.T @ dS}
"""
ROWS = SOFTMAX.replace(
    "    dS = A * (dA - np.sum(dA * A, axis=1, keepdims=True))",
    """    dS = np.empty_like(dA)
    for i in range(len(x)):
        jacobian = np.diag(A[i]) - np.outer(A[i], A[i])
        dS[i] = jacobian @ dA[i]""",
)
STEPS = """
import numpy as np

def loss(p, x, y):
    total = 0.0
    for i in range(len(x)):
        z = x[i] @ p["W"]
        for j in range(4):
            margin = z[j] - z[y[i]] + 1
            if j != y[i] and margin > 0:
                total += 0.5 * margin**2
    return total

def gradients(p, x, y):
    dW = np.zeros_like(p["W"])
    for i in range(len(x)):
        z = x[i] @ p["W"]
        right = y[i]
        for j in range(4):
            margin = z[j] - z[right] + 1
            if j == right:
                continue
            if margin > 0:
                dW[:, j] += margin * x[i]
                dW[:, right] -= margin * x[i]
    return {"W": dW}
"""
TABLES = """
import numpy as np

def loss(p, ids, others):
    return np.sum(np.tanh(np.sum(p["U"][ids] * p["V"][others], axis=1)) ** 2)

def gradients(p, ids, others):
    U, V = p["U"], p["V"]
    t = np.tanh(np.sum(U[ids] * V[others], axis=1))
    slope = (2 * t * (1 - t**2))[:, None]
    dU, dV = np.zeros_like(U), np.zeros_like(V)
    np.add.at(dU, ids, slope * V[others])
    np.add.at(dV, others, slope * U[ids])
    return {"U": dU, "V": dV}
"""
LABELS = """
import numpy as np

def loss(p, x, y, gamma):
    e = np.exp(np.sqrt((x @ p["W"]) ** 2 + 0.1))
    q = (e / e.sum(axis=1, keepdims=True))[range(len(y)), y]
    return np.sum((1 - q) ** gamma)

def gradients(p, x, y, gamma):
    z = x @ p["W"]
    root = np.sqrt(z**2 + 0.1)
    e = np.exp(root)
    a = e / e.sum(axis=1, keepdims=True)
    q = a[range(len(y)), y]
    dq = -gamma * (1 - q) ** (gamma - 1)
    dz = a * (-dq * q)[:, None]
    dz[range(len(y)), y] += dq * q
    return {"W": x.T @ (dz * z / root)}
"""


@pytest.mark.parametrize("wrong", ["2 / len(x) * (", "2 * ("])
def test_a_name_that_is_not_read_was_meant(wrong):
    """A share for each row that was computed is used."""
    data = X, RNG.normal(size=5), RNG.uniform(1, 3, size=5)
    found, line = undone(SHARES, "2 * share * (", wrong, {"W": W}, *data)
    assert found.line == line
    assert "share" in found.should_be


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        (SOFTMAX, "A * (dA - np.sum(dA * A, axis=1, keepdims=True))", "A * (1 - A) * dA"),
        (ROWS, "np.diag(A[i]) - np.outer(A[i], A[i])", "np.diag(A[i])"),
        (ROWS, "np.diag(A[i]) - np.outer(A[i], A[i])", "np.diag(A[i] * (1 - A[i]))"),
    ],
)
def test_a_softmax_is_no_sigmoid(text, right, wrong):
    """The derivative of a softmax has a second term."""
    found, line = undone(text, right, wrong, {"W": W}, X, RNG.normal(size=(5, 4)))
    assert found.line == line


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("if margin > 0:\n                dW", "if True:\n                dW"),
        ("right = y[i]", "right = 0"),
        ("    return {", "        return {"),
    ],
)
def test_a_round_of_a_loop_is_as_it_should_be(right, wrong):
    """A condition, an index and the place of a return are mended."""
    found, line = undone(STEPS, right, wrong, {"W": W}, X, np.array([1, 3, 2, 1, 2]))
    assert found.line == line


def test_two_names_of_one_array_are_told():
    """Each name gets an array of its own."""
    params = {"U": RNG.normal(size=(6, 3)), "V": RNG.normal(size=(6, 3))}
    ids, others = np.array([0, 2, 2, 5]), np.array([1, 4, 1, 3])
    wrong = "dU = dV = np.zeros_like(U)"
    right = "dU, dV = np.zeros_like(U), np.zeros_like(V)"
    found, line = undone(TABLES, right, wrong, params, ids, others)
    assert found.line == line
    module = module_of(TABLES.replace(right, wrong), "one_array_of_two")
    report = audit(module.loss, module.gradients, params, ids, others)
    assert {each.diagnosis.kind for each in report.parameters if each.diagnosis} == {"aliased"}


@pytest.mark.parametrize(
    ("right", "wrong", "due"),
    [
        ("(1 - q) ** (gamma - 1)", "(1 - q) ** gamma", "gamma - 1"),
        ("root = np.sqrt(z**2 + 0.1)", "root = np.sqrt(z**2) + 0.1", "0.1)"),
        ("    a = e / e.sum(axis=1, keepdims=True)", "    a = e / len(e)", "sum"),
    ],
)
def test_exponents_roots_and_sums(right, wrong, due):
    """An exponent is one less, an eps belongs under the root, a sum is no count."""
    found, line = undone(LABELS, right, wrong, {"W": W}, X, np.array([1, 3, 2, 1, 0]), 2.5)
    assert found.line == line
    assert due in found.should_be


def test_names_that_are_never_read():
    """Those with an underscore are meant to be."""
    tree = ast.parse("def f(x, y, _z):\n    a, _b = x\n    c = a\n    c += 1")
    assert unused(tree) == {"y", "c"}


KEPT = """
import numpy as np

def loss(p, x):
    return np.sum(np.tanh(x @ p["W"]) ** 3)

def gradients(p, x):
    h = np.tanh(x @ p["W"])
    h = vars(gradients).setdefault("h", h)
    return {"W": x.T @ (3 * h**2 * (1 - h**2))}
"""


def test_what_is_kept_of_an_earlier_call_is_told_by_a_fresh_one():
    """The gradient is right where nothing was called before: the line that keeps is named."""
    module = module_of(KEPT, "kept_of_a_call")
    report = audit(module.loss, module.gradients, {"W": W}, X)
    assert report.parameters[0].diagnosis.kind == "stale"
    assert "setdefault" in report.first_wrong_line.source


ADDED = """
import numpy as np

def loss(p, x):
    return np.sum((x @ p["W"]) ** 2)

def gradients(p, x):
    total = vars(gradients).setdefault("W", np.zeros_like(p["W"]))
    total += 2 * x.T @ (x @ p["W"])
    return {"W": total.copy()}
"""


def test_the_statement_that_adds_to_what_is_kept_is_named():
    """Not the one that keeps it."""
    module = module_of(ADDED, "added_in_each_call")
    report = audit(module.loss, module.gradients, {"W": W}, X)
    assert report.parameters[0].diagnosis.kind == "accumulated"
    assert report.first_wrong_line.source.startswith("total +=")
