"""Powers: of what stands beside, in exponents, of entries; and lengths that are named."""

import numpy as np
import pytest

from .made import named
from .test_amounts import NORM, POINTS, SPREAD, X

RNG = np.random.default_rng(13)
FIELDS = """
import numpy as np

class Norm:
    pass

def forward(x):
    self = Norm()
    self.mu, self.std = np.full(x.shape[1], 1.5), np.array([1.0, 2.0, 3.0])
    return (x - self.mu) / self.std, self

def backward(dout, self):
    d = dout / self.std
    return d
"""
COSINE = """
import numpy as np

def forward(a, b):
    dot, norm = np.sum(a * b, axis=1), np.sqrt(np.sum(b ** 2, axis=1))
    cos = dot / norm
    return cos, (a, b, dot, norm, cos)

def backward(dout, cache):
    a, b, dot, norm, cos = cache
    dnorm = -dout * dot / norm ** 2
    db = (dout / norm)[:, None] * a + (dnorm / norm)[:, None] * b
    da = (dout / norm)[:, None] * b
    return da, db
"""
MACHINE = """
import numpy as np

def loss(V, X):
    return np.sum(V * np.sum(X ** 2, axis=0)[:, None])

def gradients(V, X):
    dV = np.zeros_like(V)
    for i in range(X.shape[0]):
        for j in range(V.shape[0]):
            for f in range(V.shape[1]):
                dV[j, f] += X[i, j] ** 2
    return dV
"""
LOGISTIC = """
import numpy as np

def loss(w, x, y):
    return np.sum(np.log(1 + np.exp(-y * (x @ w))))

def gradients(w, x, y):
    z = x @ w
    g = -y / (1 + np.exp(y * z))
    return x.T @ g
"""


@pytest.mark.parametrize(
    ("right", "mistake", "old", "new", "form", "piece", "kind"),
    [
        ("np.exp(-z)", "np.exp(-2 * z)", "-2 * z", "-z", "factor dropped", "2", "power"),
        ("np.exp(-z)", "np.exp(-z / 2)", "-z / 2", "-z", "factor dropped", "2", "power"),
        ("x.T @ d", "x.T @ (2 * d)", "2 * d", "d", "factor dropped", "2", "scale"),
        ("z) * precision", "z) * ((-precision) ** 1)", "(-precision) ** 1", "precision ** 1",
         "power", "2", "scale"),
        ("z) * precision", "z) * precision ** 2", "precision ** 2", "precision", "power", "2",
         "power"),
    ],
)  # fmt: skip
def test_what_stands_in_an_exponent(right, mistake, old, new, form, piece, kind):
    assert named(SPREAD, (right, mistake), POINTS, old, new, form, piece).kind == kind


def test_a_field_that_stands_there_already_has_another_power():
    text = FIELDS, ("d = dout / self.std", "d = dout / self.std / self.std")
    old, new = "dout / self.std / self.std", "dout / self.std"
    assert named(*text, X, old, new, "factor dropped", "self.std").kind == "power"
    text = FIELDS, ("d = dout / self.std", "d = dout / self.std / self.mu")
    old, new = "dout / self.std / self.mu", "dout / self.std"
    assert named(*text, X, old, new, "factor dropped", "self.mu").kind == "factor"


@pytest.mark.parametrize(
    ("mistake", "old", "new", "kind"),
    [("dot / norm", "-dout * dot", "-dout * cos", "power"),
     ("dot / norm", "dot", "cos", "power"),
     ("a[:, 0] / norm ** 2", "a[:, 0]", "dot", "operand")],
)  # fmt: skip
def test_another_array_that_lacks_what_stands_beside_it(mistake, old, new, kind):
    text = COSINE, ("dot / norm ** 2", mistake)
    found = named(*text, (*X, X[0][::-1].copy()), old, new, "name", new)
    assert found.kind == kind, found.text


def test_an_entry_squared_is_a_power():
    inputs = (RNG.normal(size=(4, 2)), RNG.normal(size=(3, 4)))
    for factor, kind in (("X[i, j]", "power"), ("X[i, 0]", "factor")):
        text = MACHINE, ("X[i, j] ** 2", "X[i, j] * 1.0")
        new = f"X[i, j] * 1.0 * {factor}"
        found = named(*text, inputs, "X[i, j] * 1.0", new, "factor added", factor)
        assert found.kind == kind, found.text


@pytest.mark.parametrize(("used", "kind"), [("y * z", "slope"), ("y * z) * (1 + 0 * z", "path")])
def test_minus_what_is_read_in_an_exponent_only(used, kind):
    text = LOGISTIC.replace("y * z", used), ("z = x @ w", "z = -(x @ w)")
    found = named(*text, POINTS, "-(x @ w)", "x @ w", "sign", "-(x @ w)")
    assert found.kind in (kind, "scale") if kind == "path" else found.kind == kind


def test_a_length_is_named_where_it_has_to_do_with_the_place():
    text = NORM, ("dmu / n", "dmu")
    found = named(*text, X, "dmu", "dmu / n", "factor added", "n").text
    assert "the factor `n` is missing: 5 is the length of axis 0 of x" in found
    text = MACHINE, ("X[i, j] ** 2", "X[i, j] ** 2 / 3")
    inputs = (RNG.normal(size=(4, 2)), RNG.normal(size=(3, 4)))
    old = "X[i, j] ** 2 / 3"
    assert "length" in named(*text, inputs, old, "X[i, j] ** 2", "factor dropped", "3").text
    text = MACHINE.replace("return dV", "t = 1.0\n    return dV * t"), ("t = 1.0", "t = 3 * 1.0")
    found = named(*text, inputs, "3 * 1.0", "1.0", "factor dropped", "3").text
    assert "the factor `3` is too much." in found
