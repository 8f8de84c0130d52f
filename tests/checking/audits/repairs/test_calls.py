"""Mistakes in calls that are undone: one that is missing, its axis, its result that goes lost."""

import numpy as np
import pytest

from autograd_lite.checking.audits.auditing import audit_layer
from tests.checking.audits.modules import module_of

from .networks import undone

pytestmark = pytest.mark.usefixtures("patient")

RNG = np.random.default_rng(0)
RANKS = """
import numpy as np

def softmax(x, axis=1):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)

def loss(p, x, grades):
    s = x @ p["w"]
    by_rows = -np.sum(softmax(grades) * np.log(softmax(s)))
    return by_rows - np.sum(softmax(grades, 0) * np.log(softmax(s, 0)))

def gradients(p, x, grades):
    s = x @ p["w"]
    ds = softmax(s) - softmax(grades)
    ds += softmax(s, 0) - softmax(grades, 0)
    return {"w": x.T @ ds}
"""
HUBER = """
import numpy as np

def loss(p, x, y, delta):
    r = x @ p["w"] - y
    return np.sum(np.where(np.abs(r) <= delta, 0.5 * r**2, delta * (np.abs(r) - delta / 2)))

def gradients(p, x, y, delta):
    r = x @ p["w"] - y
    g = np.where(np.abs(r) <= delta, r, delta * np.sign(r))
    return {"w": x.T @ g}
"""
STEPS = """
import numpy as np

def back(d, a, w):
    z = d * (1 - a**2)
    return z @ w.T, z

def loss(p, x):
    for w in p["w"]:
        x = np.tanh(x @ w)
    return 0.5 * np.sum(x**2)

def gradients(p, x):
    kept = [x]
    for w in p["w"]:
        kept.append(np.tanh(kept[-1] @ w))
    grads = [None] * 3
    d = kept[-1]
    for k in reversed(range(3)):
        d, z = back(d, kept[k + 1], p["w"][k])
        grads[k] = kept[k].T @ z
    return {"w": grads}
"""
X = RNG.normal(size=(4, 3))
INPUTS = {
    RANKS: ({"w": RNG.normal(size=(3, 4))}, X, RNG.normal(size=(4, 4))),
    HUBER: ({"w": RNG.normal(size=3)}, RNG.normal(size=(9, 3)), RNG.normal(size=9), 1.0),
    STEPS: ({"w": [RNG.normal(size=(3, 3)) for _ in range(3)]}, X),
}
MISTAKES = (
    (RANKS, "- softmax(grades)\n    ds +=", "- grades\n    ds +="),
    (RANKS, "ds += softmax(s, 0)", "ds += softmax(s, 1)"),
    (HUBER, "np.abs(r) <= delta, r,", "r <= delta, r,"),
    (STEPS, "d, z = back(d,", "_, z = back(d,"),
)


@pytest.mark.parametrize(("text", "right", "wrong"), MISTAKES)
def test_the_call_that_was_meant_is_found(text, right, wrong):
    params, *data = INPUTS[text]
    line, due = undone(text, right, wrong, params, *data)
    assert line is not None
    assert line.line == due
    assert line.should_be == text.splitlines()[due - 1].strip()


AVERAGED = """
import numpy as np

def loss(p, x, y):
    s = x @ p["w"]
    s = s - np.log(np.sum(np.exp(s), axis=1, keepdims=True))
    return -np.mean(s[np.arange(len(y)), y])

def gradients(p, x, y):
    s = np.exp(x @ p["w"])
    ds = s / s.sum(axis=1, keepdims=True)
    ds[np.arange(len(y)), y] -= 1
    ds /= len(y)
    return {"w": x.T @ ds}
"""


def test_what_was_changed_in_place_lacks_a_factor():
    params, labels = {"w": RNG.normal(size=(3, 3))}, np.array([0, 2, 1, 1])
    line, due = undone(AVERAGED, "    ds /= len(y)\n", "", params, X, labels)
    assert line is not None
    assert line.line in (due - 1, due)
    assert line.should_be is not None


SHARED = """
import numpy as np

def squash(z):
    return 1 / (1 + np.exp(-z))

def loss(p, x):
    return np.sum(squash(x @ p["w"]) ** 2)

def gradients(p, x):
    a = squash(x @ p["w"])
    return {"w": x.T @ (2 * a * a * (1 - a))}
"""


def test_what_the_loss_calls_too_is_not_changed():
    line, due = undone(SHARED, "2 * a * a", "-2 * a * a", {"w": RNG.normal(size=3)}, X)
    assert line is not None
    assert line.line == due


SIDE_EFFECTS = """
import numpy as np

CALLED = []

def wipe(x):
    CALLED.append(1)
    x *= 0
    return x

def forward(x, w):
    return np.tanh(x @ w), (x, w)

def backward(dout, cache):
    x, w = cache
    d = dout * np.tanh(x @ w)
    return d @ w.T, x.T @ d
"""


def test_functions_that_are_not_part_of_the_passes_are_not_called():
    module = module_of(SIDE_EFFECTS, "side_effects")
    arrays = np.random.default_rng(0).normal(size=(4, 3)), np.ones((3, 2))
    report = audit_layer(module.forward, module.backward, *arrays)
    assert not report.ok
    assert module.CALLED == []
