"""What a mistake may be undone with: words of every kind, and the places that may be at fault."""

import ast
import types
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from autograd_lite.checking.audits.auditing import audit, audit_layer
from autograd_lite.checking.audits.repairs.additions import scales
from autograd_lite.checking.audits.repairs.vocabulary import Vocabulary
from tests.checking.audits.modules import module_of

pytestmark = pytest.mark.usefixtures("patient")

RNG = np.random.default_rng(0)


LISTS = """
import numpy as np

def forward(params, x):
    a, zs, activations = x, [], [x]
    for k in range(3):
        zs.append(a @ params[f"W{k}"])
        a = np.tanh(zs[-1])
        activations.append(a)
    return zs, activations

def loss(params, x, y):
    return 0.5 * np.sum((forward(params, x)[1][-1] - y) ** 2)

def gradients(params, x, y):
    zs, activations = forward(params, x)
    grads = {}
    delta = activations[-1] - y
    for k in reversed(range(3)):
        delta = delta * (1 - np.tanh(zs[k]) ** 2)
        grads[f"W{k}"] = activations[k].T @ delta
        delta = delta @ params[f"W{k}"].T
    return grads
"""
GATES = """
import numpy as np

EPS = 0.05

def forward(x, a, b, c):
    h = x @ a
    z = 1 / (1 + np.exp(-h))
    s = np.sqrt(np.mean(x**2) + EPS)
    return z * (x @ b) + (1 - z) * (x @ c) / s, (x, a, b, c, z)

def backward(dout, cache):
    x, a, b, c, z = cache
    s = np.sqrt(np.mean(x * x) + EPS)
    db = x.T @ (dout * z)
    dc = x.T @ (dout * (1 - z) / s)
    dh = dout * (x @ b - x @ c / s) * z * (1 - z)
    ds = -np.sum(dout * (1 - z) * (x @ c)) / s**2
    dx = ds * x / x.size / s
    for weights, part in ((a, dh), (b, dout * z), (c, dout * (1 - z) / s)):
        dx = dx + part @ weights.T
    da = x.T @ dh
    return dx, da, db, dc
"""
ATTENTION = """
import numpy as np

def forward(q, k, v, w):
    s = q @ k.T
    e = np.exp(s - s.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return p @ v @ w, (q, k, v, w, p)

def backward(dout, cache):
    q, k, v, w, p = cache
    dw = (p @ v).T @ dout
    dy = dout @ w.T
    dv = p.T @ dy
    dp = dy @ v.T
    ds = p * (dp - np.sum(dp * p, axis=1, keepdims=True))
    dq = ds @ k
    dk = ds.T @ q
    return dq, dk, dv, dw
"""


def report_on(text, right, wrong, name):
    """The report on a network with a mistake."""
    assert text.count(right) == 1
    module = module_of(text.replace(right, wrong), name)
    if hasattr(module, "loss"):
        params = {f"W{k}": RNG.normal(size=(3, 3)) for k in range(3)}
        return audit(
            module.loss, module.gradients, params, RNG.normal(size=(4, 3)), np.ones((4, 3))
        )
    if text is GATES:
        arrays = (RNG.normal(size=(4, 3)), *(RNG.normal(size=(3, 2)) for _ in range(3)))
    else:
        arrays = tuple(RNG.normal(size=shape) for shape in ((4, 3), (5, 3), (5, 3), (3, 3)))
    return audit_layer(module.forward, module.backward, *arrays)


MISTAKES = (
    (LISTS, "np.tanh(zs[k])", "np.tanh(activations[k + 1])", "slope"),
    (LISTS, "activations[k].T", "activations[k + 1].T", None),
    (LISTS, 'params[f"W{k}"].T\n', 'params[f"W{max(k - 1, 0)}"].T\n', None),
    (GATES, "dc = x.T @ (dout * (1 - z) / s)", "dc = x.T @ (dout * z / s)", None),
    (GATES, "s = np.sqrt(np.mean(x * x) + EPS)", "s = np.sqrt(np.mean(x * x))", "eps"),
    (GATES, "((a, dh), (b, dout * z)", "((a, dh), (b, dout)", None),
    (ATTENTION, "p * (dp - np.sum(dp * p, axis=1, keepdims=True))", "dp", "slope"),
    (ATTENTION, "dy = dout @ w.T", "dy = dout", "factor"),
    (ATTENTION, "dq = ds @ k", "dq = ds @ (ds.T @ q)", "operand"),
)


@pytest.mark.parametrize("number", range(len(MISTAKES)))
def test_a_mistake_is_found_at_its_line(number):
    text, right, wrong, kind = MISTAKES[number]
    with np.errstate(all="ignore"):
        report = report_on(text, right, wrong, f"undone_{number}")
    line = report.first_wrong_line
    start = text[: text.index(right)].count("\n") + 1
    assert line is not None, report
    assert line.line == start, report
    assert line.should_be is not None, report
    kinds = {each.diagnosis.kind for each in report.parameters if each.diagnosis}
    assert kind is None or kinds == {kind}, report


def words_of(code, **values):
    """The vocabulary of a statement."""
    scope = {"np": np, "RATE": 0.3, "_hidden": 0.4}
    exec("def f(): pass", scope)
    return Vocabulary(ast.parse(code).body[0], values, scope["f"])


def test_words_are_names_attributes_constants_and_entries():
    layer = types.SimpleNamespace(W=np.ones(2), eps=1e-3, name="first")
    words = words_of(
        "y = zs[k] + params[f'W{k}']",
        zs=[np.zeros(2), np.ones(2), np.ones(3)], k=1, self=layer, flag=True,
        params={"W0": np.ones(1), "W1": np.ones(2), "b1": np.ones(3)},
    )  # fmt: skip
    assert {"zs[k]", "zs[k - 1]", "zs[k + 1]", "self.W", "params['b1']"} <= set(words.arrays)
    assert {'params[f"b{k}"]', 'params[f"W{k - 1}"]'} <= set(words.arrays)
    assert {"k", "self.eps", "RATE"} <= set(words.numbers)
    assert not {"_hidden", "flag", "self", "self.name"} & {*words.numbers, *words.arrays}
    np.testing.assert_array_equal(words.arrays['params[f"b{k}"]'], np.ones(3))
    np.testing.assert_array_equal(words.arrays["zs[k + 1]"], np.ones(3))


def test_keys_that_are_added_up_are_words_as_well():
    caches = {"A1": np.ones(2), "A2": np.ones(3), "Z2": np.ones(3)}
    words = words_of("d = caches['Z' + str(l)]", caches=caches, l=2)
    assert {"caches['A' + str(l)]", "caches['A' + str(l - 1)]"} <= set(words.arrays)
    assert "caches['Z' + str(l - 1)]" not in words.arrays


def test_what_fails_to_be_computed_is_no_word():
    words = words_of("y = zs[k]", zs=[np.ones(2)], k=0)
    assert "zs[k + 1]" not in words.arrays
    assert words.evaluated("1 / 0") is None
    assert words.evaluated("unknown") is None


SIGNS = """
import numpy as np

def forward(a, b, c):
    return a * (b - c) / len(a), (a, b, c)

def backward(dout, cache):
    a, b, c = cache
    step = dout * a / len(a)
    gap = (b - c) * dout
    da = gap / len(a)
    db = step
    dc = -step
    return da, db, dc
"""


@pytest.mark.parametrize(
    ("right", "wrong", "due"),
    [
        ("gap = (b - c) * dout", "gap = (c - b) * dout", "gap = (b - c) * dout"),
        ("gap = (b - c) * dout", "gap = 2 * (b - c) * dout", "gap = (b - c) * dout"),
    ],
)
def test_a_change_is_traced_back_to_where_it_belongs(right, wrong, due):
    """The line that reads the wrong array could be changed as well."""
    module = module_of(SIGNS.replace(right, wrong), f"signs_{abs(hash(wrong))}")
    arrays = [RNG.normal(size=(4, 3)) for _ in range(3)]
    line = audit_layer(module.forward, module.backward, *arrays).first_wrong_line
    assert (line.source.strip(), line.should_be) == (wrong, due)


@pytest.mark.parametrize(("value", "scaled"), [((3, 2, 5, 5), False), (np.ones((3, 2)), True)])
def test_a_shape_is_never_multiplied(value, scaled):
    """It would be repeated, and arrays of it fill the memory."""
    words = SimpleNamespace(numbers={"n": 3}, lengths={})
    slot = SimpleNamespace(parent=None)
    site: Any = SimpleNamespace(node=ast.Name("shape"), slot=slot, words=words, loops=[])
    assert ("shape * n" in [ast.unparse(made.node) for made in scales(site, value)]) is scaled
