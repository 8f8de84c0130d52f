"""Slopes that are missing, too much, out of order or those of another unit."""

import numpy as np
import pytest

from autograd_lite.checking.audits.causes.activations import slopes_of
from autograd_lite.checking.audits.records import recorded

from .made import kinds, named, problem_of, told

RNG = np.random.default_rng(7)
MLP = """
import numpy as np

def forward(x, w, b, v):
    h = np.tanh(x @ w + b)
    return h @ v, (x, w, h, v)

def backward(dout, cache):
    x, w, h, v = cache
    dv = h.T @ dout
    dh = dout @ v.T
    dz = dh * (1 - h ** 2)
    dw = x.T @ dz
    db = dz.sum(axis=0)
    return dz @ w.T, dw, db, dv
"""
LAYERS = (RNG.normal(size=(5, 3)), RNG.normal(size=(3, 4)), RNG.normal(size=4),
          RNG.normal(size=(4, 4)))  # fmt: skip
LEAKY = """
import numpy as np

def forward(x, alpha):
    return np.where(x > 0, x, alpha * x), (x, alpha)

def backward(dout, cache):
    x, alpha = cache
    left = x < 0
    slope = 1 + left * (alpha - 1)
    dx = dout * slope
    return dx, (dout * x * left).sum(axis=0)
"""
SLOPES = (RNG.normal(size=(6, 3)), np.array([0.1, 0.2, 0.3]))
SOFTMAX = """
import numpy as np

def forward(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    p = e / e.sum(axis=-1, keepdims=True)
    return p, p

def backward(dout, p):
    return p * (dout - np.sum(dout * p, axis=-1, keepdims=True))
"""
SOFTPLUS = """
import numpy as np

def forward(x):
    return np.logaddexp(0, x), x

def backward(dout, x):
    s = 1 / (1 + np.exp(-x))
    dx = dout * s
    return dx
"""
COMPOSED = SOFTPLUS.replace("np.logaddexp(0, x)", "np.log1p(np.exp(x))")
ONE = (RNG.normal(size=(4, 3)),)
ROW = """
import numpy as np

def forward(x):
    p = np.exp(x) / np.exp(x).sum()
    return p, p

def backward(dout, p):
    dx = dout
    return dx
"""
WEIGHTED = """
import numpy as np

def forward(x, v):
    return np.exp(x) * v, (x, v)

def backward(dout, cache):
    x, v = cache
    e = np.exp(x)
    dx = dout * e * v
    return dx, dout * e
"""
TWO = (RNG.normal(size=(4, 3)), RNG.normal(size=(4, 3)))
LINE = """
import numpy as np

def loss(w, x, y):
    p = 1 / (1 + np.exp(-x @ w))
    return -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p))

def gradients(w, x, y):
    p = 1 / (1 + np.exp(-x @ w))
    d = p - y
    return x.T @ d
"""
GELU = """
import numpy as np

def forward(x):
    t = np.tanh(x + 0.1 * x ** 3)
    return t, (x, t)

def backward(dout, cache):
    x, t = cache
    v = x
    dv = dout * (1 - t ** 2)
    dx = dv * (1 + 3 * 0.1 * v ** 2)
    return dx
"""
CHAIN = LINE.replace(
    "    d = p - y\n    return x.T @ d\n",
    """
    da = (p - y) / (p * (1 - p))
    dz = back(da, p)
    return x.T @ dz

def back(da, p):
    return da * p * (1 - p)
""",
)
POINTS = (RNG.normal(size=3), RNG.normal(size=(6, 3)), RNG.integers(2, size=6) * 1.0)


def test_the_gradient_before_the_slope():
    found = told(MLP, ("db = dz.sum", "db = dh.sum"), LAYERS, "dh", "dz", "name", "dh")
    assert [each.kind for each in found] == ["slope"]
    assert "`dh` stands for `dz`: the derivative of the activation is missing" in found[0].text
    text = MLP, ("dw = x.T @ dz", "dw = (dh.T @ x).T")
    assert kinds(*text, LAYERS, "dh.T", "dz.T", "whole name", "dh.T") == {"slope"}


def test_another_operand_is_no_slope():
    made = ("dout", "h", "name", "dout")
    assert kinds(MLP, ("dv = h.T @", "dv = dout.T @"), LAYERS, *made) == {"operand"}


def test_zeros_are_no_slope():
    text = MLP, ("dv = h.T @ dout", "dv = (h @ np.eye(4) * 0 + 1).T @ dout")
    made = ("h @ np.eye(4) * 0 + 1", "h", "name", "h @ np.eye(4) * 0 + 1")
    assert kinds(*text, LAYERS, *made) == {"operand"}


def test_a_line_too_early():
    text = MLP, ("    dz = dh * (1 - h ** 2)\n",
                 "    dh = dh * (1 - h ** 2)\n    dz = dh * (1 - h ** 2)\n")  # fmt: skip
    made = ("dh = dh * (1 - h ** 2)", "pass", "statement moved")
    assert kinds(*text, LAYERS, *made) == {"slope"}


@pytest.mark.parametrize(
    ("right", "mistake", "old", "new", "form", "piece"),
    [
        ("(alpha - 1)", "(0 - 1)", "0", "alpha", "name", "0"),
        ("dout * slope", "dout * slope ** 2", "slope ** 2", "slope", "power", "2"),
        ("dout * slope", "1 * dout", "1 * dout", "dout * slope", "factor added", "slope"),
    ],
)
def test_a_unit_with_a_slope_that_is_learned(right, mistake, old, new, form, piece):
    text = LEAKY, (right, mistake)
    assert kinds(*text, SLOPES, old, new, form, piece) == {"slope"}


def test_a_softmax_is_no_sigmoid_and_has_an_axis():
    text = SOFTMAX, ("np.sum(dout * p, axis=-1, keepdims=True)", "dout * p")
    new = "np.sum(dout * p, axis=-1, keepdims=True)"
    assert kinds(*text, ONE, "dout * p", new, "sum") == {"slope"}
    text = SOFTMAX, ("(dout * p, axis=-1", "(dout * p, axis=0")
    assert kinds(*text, ONE, "0", "-1", "axis") == {"axis"}


def test_probabilities_along_another_axis():
    text = SOFTMAX, ("    return p * (dout", "    q = p / p.sum(axis=0)\n    return q * (dout")
    assert kinds(*text, ONE, "q", "p", "name", "q") == {"axis"}
    text = SOFTMAX, ("    return p * (dout", "    q = p.sum(axis=0)\n    return q * (dout")
    assert kinds(*text, ONE, "q", "p", "name", "q") == {"operand"}


def test_a_slope_once_more():
    text = SOFTPLUS, ("dx = dout * s", "dx = dout * s * (1 - s)")
    made = ("dout * s * (1 - s)", "dout * s", "factor dropped", "1 - s")
    assert kinds(*text, ONE, *made) == {"slope"}


def test_the_slope_of_the_other_side():
    text = COMPOSED, ("np.exp(-x)", "np.exp(x)")
    assert kinds(*text, ONE, "x", "-x", "sign", "x") == {"slope"}


def test_the_incoming_gradient_is_a_factor():
    text = SOFTPLUS, ("dx = dout * s", "dx = np.ones_like(dout) * s")
    made = ("np.ones_like(dout)", "dout", "call dropped", "np.ones_like(dout)")
    assert kinds(*text, ONE, *made) == {"factor"}


@pytest.mark.parametrize(
    ("mistake", "due", "form", "kind"),
    [("dout @ (np.diag(p) - np.outer(p, p))", "dout", "factor dropped", "slope"),
     ("dout @ np.outer(p, p)", "dout", "factor dropped", "factor"),
     ("dout", "dout @ (np.diag(p) - np.outer(p, p))", "factor added", "slope")],
)  # fmt: skip
def test_the_jacobian_of_a_softmax(mistake, due, form, kind):
    matrix = max(mistake, due, key=len).removeprefix("dout @ ").removeprefix("(")
    matrix = matrix[: -matrix.count(")") + matrix.count("(") or None]
    text = ROW, ("dx = dout", f"dx = {mistake}")
    assert named(*text, (ONE[0][0],), mistake, due, form, matrix).kind == kind


@pytest.mark.parametrize(
    ("mistake", "kind"), [("x * (1 - x)", "slope"), ("dout * (1 - x)", "operand")]
)
def test_a_slope_at_another_value_in_both_places(mistake, kind):
    right = mistake.replace("x", "s")
    text = SOFTPLUS.replace("return dx", "return dx * 1"), ("dx = dout * s", f"dx = ({mistake})")
    assert named(*text, ONE, mistake, right, "whole name", "x").kind == kind


@pytest.mark.parametrize(
    ("piece", "form", "kind"),
    [("e", "factor dropped", "slope"), ("e", "factor added", "factor"),
     ("x", "factor dropped", "factor"), ("(1 - x)", "factor dropped", "factor")],
)  # fmt: skip
def test_the_exponential_is_its_own_slope(piece, form, kind):
    more, less = f"dout * {piece}", "dout"
    old, new = (more, less) if form == "factor dropped" else (less, more)
    text = WEIGHTED, ("dx = dout * e * v", f"dx = ({old}) * v")
    assert named(*text, TWO, old, new, form, piece.strip("()")).kind == kind


def test_data_has_no_slope():
    text = LINE, ("x.T @ d", "(x * (1 - p)[:, None]).T @ d")
    made = ("x * (1 - p)[:, None]", "x", "factor dropped", "(1 - p)[:, None]")
    assert named(*text, POINTS, *made).kind == "factor"
    text = LINE, ("d = p - y", "d = p - y * (1 - p)")
    made = ("y * (1 - p)", "y", "factor dropped", "1 - p")
    assert named(*text, POINTS, *made).kind == "factor"


def test_the_rows_of_a_softmax_are_summed():
    text = SOFTMAX, ("p * (dout - np.sum(dout * p, axis=-1, keepdims=True))", "p * (1 - p) * dout")
    new = "p * dout - p * np.sum(dout * p, axis=-1, keepdims=True)"
    assert named(*text, ONE, "p * (1 - p) * dout", new, "slope", "p * (1 - p)").kind == "slope"


def test_a_difference_has_no_slope():
    text = LINE, ("d = p - y", "d = x[:, 0] - y")
    assert named(*text, POINTS, "x[:, 0]", "p", "name", "x[:, 0]").kind == "operand"


@pytest.mark.parametrize(
    ("right", "mistake", "old", "new", "form", "piece", "kind"),
    [
        ("1 + 3 * 0.1 *", "1 + 0.1 *", "0.1 * v ** 2", "0.1 * v ** 2 * 3", "factor added", "3",
         "slope"),
        ("dx = dv * (", "dx = 3 * dv * (", "3 * dv", "dv", "factor dropped", "3", "scale"),
        ("dv = dout * (1 - t ** 2)", "dv = dout * t * (1 - t)", "dout * t", "dout * t + dout",
         "term added", "dout", "slope"),
    ],
)  # fmt: skip
def test_a_number_within_a_slope(right, mistake, old, new, form, piece, kind):
    found = named(GELU, (right, mistake), ONE, old, new, form, piece)
    assert found.kind == kind, found.text


def test_a_slope_of_another_shape():
    text = GELU, ("    return dx\n", "    return dx.reshape(4, 3)\n")
    text = text[0].replace("x, t = cache", "x, t = (c.reshape(-1) for c in cache)").replace(
        "dv =", "dout = dout.reshape(-1)\n    dv ="), text[1]  # fmt: skip
    right = text[0].replace(*text[1])
    text = right, ("dout * (1 - t ** 2)", "dout * 1.0")
    made = ("dout * 1.0", "dout * (1 - t ** 2)", "slope", "1 - t ** 2")
    assert named(*text, ONE, *made).kind == "slope"


def test_several_ways_from_a_value():
    problem = problem_of(GELU, *ONE)
    slopes = [slope for kind, slope in slopes_of(recorded(problem)[1]) if kind == "slope"]
    v = ONE[0]
    assert any(np.allclose(slope, 1 + 0.3 * v**2) for slope in slopes)
    problem = problem_of(WEIGHTED, *TWO)
    assert not any(np.allclose(slope, np.exp(TWO[0]))
                   for _, slope in slopes_of(recorded(problem)[1]))  # fmt: skip


def test_before_and_after_the_slope_though_labels_are_read():
    text = CHAIN, ("dz = back(da, p)", "dz = back(p - y, p)")
    assert named(*text, POINTS, "p - y", "da", "name", "da").kind == "slope"
    text = CHAIN, ("return x.T @ dz", "return x.T @ (p - p)")
    assert named(*text, POINTS, "p - p", "p - y", "name", "y").kind == "labels"


@pytest.mark.parametrize("old", ["y / p - (1 - y) / (1 - p)"])
def test_a_minus_in_front_of_all_is_no_slope(old):
    text = CHAIN.replace("(p - y) / (p * (1 - p))", f"-({old})"), (f"-({old})", old)
    new = "(1 - y) / (1 - p) - y / p"
    assert named(*text, POINTS, old, new, "sign", old).kind == "scale"
