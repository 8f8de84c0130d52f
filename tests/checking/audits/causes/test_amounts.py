"""Numbers in the wrong place: scale where all is scaled, twice and path where a part of it is."""

import numpy as np
import pytest

from .made import kinds, named, told

RNG = np.random.default_rng(5)
NORM = """
import numpy as np

def forward(x):
    mu = x.mean(axis=0)
    xmu = x - mu
    v = np.exp(-xmu)
    return xmu * np.sum(xmu ** 2) + v, (xmu, v)

def backward(dout, cache):
    xmu, v = cache
    square = np.sum(xmu ** 2)
    dxmu = dout * square
    dxmu += 2 * xmu * np.sum(dout * xmu)
    dxmu += -dout * v
    dmu = -dxmu.sum(axis=0)
    n = x_shape(xmu)
    dx = dxmu + dmu / n
    return dx

def x_shape(x):
    return x.shape[0]
"""
X = (RNG.normal(size=(5, 3)),)
LOOPS = """
import numpy as np

def loss(w, x):
    return np.sum((x @ w) ** 2) / 2

def gradients(w, x):
    dw = np.zeros_like(w)
    for i in range(len(x)):
        dw += x[i] * (x[i] @ w)
    return dw
"""
LINE = (RNG.normal(size=4), RNG.normal(size=(6, 4)))
SPREAD = """
import numpy as np

def loss(w, x, y):
    z = x @ w
    return np.sum((y - z) ** 2 / np.exp(z))

def gradients(w, x, y):
    z = x @ w
    precision = np.exp(-z)
    d = -2 * (y - z) * precision
    d -= (y - z) ** 2 * precision
    return x.T @ d
"""
POINTS = (0.3 * RNG.normal(size=4), RNG.normal(size=(6, 4)), RNG.normal(size=6))
CHANCE = """
import numpy as np

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def forward(z, v):
    return v * (1 - sigmoid(z)), (z, v)

def backward(dout, cache):
    z, v = cache
    p = sigmoid(z)
    return -dout * v * p * (1 - p), dout * sigmoid(-z)
"""
BLEND = """
import numpy as np

def forward(x, h, z):
    return z * x + (1 - z) * h, (x, h, z)

def backward(dout, cache):
    x, h, z = cache
    dx = dout * z
    dh = dout * (1 - z)
    dz = dout * (x - h)
    return dx, dh, dz
"""


def test_a_part_counts_twice():
    text = NORM, ("dx = dxmu + dmu / n", "dx = dxmu + 2 * dmu / n")
    (found,) = told(*text, X, "2 * dmu", "dmu", "factor dropped", "2")
    assert found.kind == "twice"
    assert "`dmu` counts 2 times" in found.text


def test_one_of_several_statements_that_add():
    text = NORM, ("dxmu += -dout * v", "dxmu += 2 * (-dout * v)")
    arguments = (X, "2 * (-dout * v)", "-dout * v", "factor dropped", "2")
    assert kinds(*text, *arguments) == {"twice"}


def test_the_whole_is_scaled_and_not_twice():
    text = LOOPS, ("dw += x[i]", "dw += 2 * x[i]")
    arguments = (LINE, "2 * x[i]", "x[i]", "factor dropped", "2")
    assert kinds(*text, *arguments) == {"scale"}


def test_a_part_that_is_to_be_halved_counts_twice():
    text = NORM, ("dxmu += 2 * xmu *", "dxmu += 4 * xmu *")
    assert kinds(*text, X, "4", "2", "near") == {"twice"}
    arguments = (X, "4 * xmu", "4 * xmu / 2", "factor added", "2")
    assert kinds(*text, *arguments) == {"twice"}
    text = NORM, ("dxmu += 2 * xmu *", "dxmu += 1 * xmu *")
    assert kinds(*text, X, "1", "2", "near") == {"scale"}


def test_half_of_a_part_is_not_twice():
    text = NORM, ("dx = dxmu + dmu / n", "dx = dxmu + dmu / n / 2")
    arguments = (X, "dmu / n / 2", "dmu / n", "factor dropped", "2")
    assert kinds(*text, *arguments) == {"scale"}


@pytest.mark.parametrize(
    ("text", "inputs", "right", "mistake", "kind"),
    [
        (NORM, X, "dmu = -dxmu.sum(axis=0)", "dmu = dxmu.sum(axis=0)", "path"),
        (LOOPS, LINE, "dw += x[i] * (x[i] @ w)", "dw += -(x[i] * (x[i] @ w))", "scale"),
    ],
)
def test_the_sign_of_a_path_and_of_the_whole(text, inputs, right, mistake, kind):
    value, due = mistake.rpartition("= ")[2], right.rpartition("= ")[2]
    made = (inputs, value, due, "sign", due if kind == "scale" else value)
    assert kinds(text, (right, mistake), *made) == {kind}


def test_an_array_of_another_axis_is_counted():
    text = NORM, ("x.shape[0]", "x.shape[1]")
    (found,) = told(*text, X, "1", "0", "index")
    assert found.kind == "scale"
    assert "`x.shape[1]` is 3, where `x.shape[0]`, 5, is due" in found.text


def test_another_axis_is_no_number():
    text = NORM, ("dmu = -dxmu.sum(axis=0)", "dmu = -dxmu.sum(axis=-1)[:3]")
    assert kinds(*text, X, "1", "2", "near") == {"axis"}
    text = NORM, ("dmu = -dxmu.sum(axis=0)", "dmu = -np.sum(dxmu, 1)[:3]")
    assert kinds(*text, X, "1", "0", "near") == {"axis"}


def test_a_power_of_a_number_and_of_a_value():
    text = NORM, ("dmu / n", "dmu / n ** 2")
    assert kinds(*text, X, "n ** 2", "n", "power", "2") == {"scale"}
    text = NORM, ("dxmu = dout * square", "dxmu = dout * square ** 2")
    assert kinds(*text, X, "square ** 2", "square", "power", "2") == {"power"}


@pytest.mark.parametrize(
    ("mistake", "old", "new", "form", "piece", "kind"),
    [
        ("(y - z) * precision ** 2", "precision ** 2", "precision", "power", "2", "power"),
        ("(y - z) * np.sqrt(precision)", "np.sqrt(precision)", "precision", "call dropped",
         "np.sqrt(precision)", "power"),
        ("(y - z)", "-2 * (y - z)", "-2 * (y - z) * precision", "factor added", "precision",
         "factor"),
    ],
)  # fmt: skip
def test_a_factor_is_no_slope_though_it_is_that_of_an_exponential(
    mistake, old, new, form, piece, kind
):
    text = SPREAD, ("-2 * (y - z) * precision", f"-2 * {mistake}")
    assert kinds(*text, POINTS, old, new, form, piece) == {kind}


def test_a_negative_power_of_an_array():
    text = NORM, ("dxmu = dout * square", "dxmu = dout * (square + 0 * v) ** -0.5")
    assert kinds(*text, X, "0.5", "-1", "power") == {"power"}


def test_one_over_it():
    text = SPREAD, ("np.exp(-z)", "np.exp(z)")
    assert kinds(*text, POINTS, "z", "-z", "sign", "z") == {"power"}


def test_a_power_beside_and_in_a_sum():
    text = SPREAD, ("-2 * (y - z) * precision", "-2 * (y - z) * precision * precision")
    made = ("-2 * (y - z) * precision * precision", "-2 * (y - z) * precision", "factor dropped")
    assert kinds(*text, POINTS, *made, "precision") == {"power"}
    text = SPREAD, ("x.T @ d", "x.T @ (d * (1 + precision) * precision / (1 + precision))")
    made = ("d * (1 + precision) * precision", "d * (1 + precision)", "factor dropped")
    assert kinds(*text, POINTS, *made, "precision") == {"factor"}


def test_a_power_of_what_was_assigned():
    text = SPREAD, ("d = -2 * (y - z) * precision",
                 "e = (y - z) * precision ** 2\n    d = -2 * e")  # fmt: skip
    arguments = (POINTS, "-2 * e", "-2 * e / precision", "factor added", "precision")
    assert kinds(*text, *arguments) == {"power"}


def test_few_digits():
    text = LOOPS, ("np.zeros_like(w)", "np.zeros(w.shape, 'f4')")
    (found,) = told(*text, LINE, "np.zeros(w.shape, 'f4')", "np.zeros(w.shape)", "call dropped")
    assert found.kind == "dtype"
    assert "rounded to float32: all are right to 6 digits" in found.text


@pytest.mark.parametrize(("mistake", "kind"), [("z", "factor"), ("-z - 1", "path")])
def test_one_minus_a_probability(mistake, kind):
    text = CHANCE, ("sigmoid(-z)", f"sigmoid({mistake})")
    old, new = ("z", "-z") if kind == "factor" else ("-z - 1", "-z + 1")
    assert named(*text, (*X, *X), old, new, "sign", "z" if kind == "factor" else "1").kind == kind


def test_an_entry_is_no_constant():
    text = LOOPS, ("x[i] * (x[i] @ w)", "x[i] * 1")
    assert named(*text, LINE, "1", "x[i, 0]", "near").kind == "factor"
    assert named(*text, LINE, "1", "2", "near").kind == "scale"


def test_a_count_is_off_by_one():
    text = NORM, ("dmu / n", "dmu / (n - 1)")
    (found,) = told(*text, X, "n - 1", "n", "term dropped", "1")
    assert found.kind == "scale"
    assert "`n - 1` stands for `n`" in found.text
    text = NORM, ("dmu / n", "(dmu - 1) / n")
    assert named(*text, X, "dmu - 1", "dmu", "term dropped", "1").kind == "path"


@pytest.mark.parametrize(
    ("right", "mistake", "due", "piece", "kind"),
    [("dh = dout * (1 - z)", "dout", "dout - dout * z", "dout * z", "factor"),
     ("dh = dout * (1 - z)", "dout", "dout - h * z", "h * z", "path"),
     ("dz = dout * (x - h)", "dout * x", "dout * x - dout * h", "dout * h", "path")],
)  # fmt: skip
def test_a_term_of_a_product_is_a_factor(right, mistake, due, piece, kind):
    text = BLEND, (right, f"{right[:5]}{mistake}")
    found = named(*text, (*X, *X, 0.1 * X[0]), mistake, due, "term added", piece)
    assert found.kind == kind, found.text


def test_a_number_added_is_not_twice():
    text = BLEND, ("dh = dout * (1 - z)", "dh = dout * (1 - z) + 1 + 2")
    old, new = "dout * (1 - z) + 1 + 2", "dout * (1 - z) + 1"
    assert named(*text, (*X, *X, *X), old, new, "term dropped", "2").kind == "path"


def test_a_sign_call_is_a_factor():
    text = BLEND, ("dh = dout * (1 - z)", "dh = np.sign(dout) * (1 - z)")
    old = "np.sign(dout)"
    assert named(*text, (*X, *X, *X), old, "dout", "call dropped", old).kind == "factor"


def test_what_is_summed_over_the_other_axis():
    square = (RNG.normal(size=(4, 4)),)
    text = NORM, ("-dxmu.sum(axis=0)", "-dxmu.T.sum(axis=0)")
    assert named(*text, square, "dxmu.T", "dxmu", "transpose").kind == "axis"
    text = NORM, ("dxmu = dout * square", "dxmu = dout.T * square")
    assert named(*text, square, "dout.T", "dout", "transpose").kind != "axis"


@pytest.mark.parametrize(
    ("divisor", "piece", "kind"), [("2 * n", "2", "scale"), ("0.5 * n", "0.5", "twice")]
)
def test_a_factor_below_the_line(divisor, piece, kind):
    text = NORM, ("dx = dxmu + dmu / n", f"dx = dxmu + dmu / ({divisor})")
    assert named(*text, X, divisor, "n", "factor dropped", piece).kind == kind


@pytest.mark.parametrize(
    ("right", "mistake", "due", "piece", "kind"),
    [("dout * square", "dout", "dout * square", "square", "factor"),
     ("dmu / n", "dmu", "dmu / n", "n", "scale")],
)  # fmt: skip
def test_a_number_that_is_computed_is_a_factor(right, mistake, due, piece, kind):
    assert named(NORM, (right, mistake), X, mistake, due, "factor added", piece).kind == kind
