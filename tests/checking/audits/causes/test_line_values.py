"""What a wrong line tells by its values alone, where no change of the source explains it."""

import numpy as np
import pytest

from autograd_lite.checking.audits.cases import Case
from autograd_lite.checking.audits.causes.line_values import of_line
from autograd_lite.checking.audits.lines.finding import Located
from autograd_lite.checking.audits.opinions import guess
from autograd_lite.checking.audits.problems import of_loss
from autograd_lite.checking.audits.records import recorded
from autograd_lite.checking.audits.reporting.findings import WrongLine

RNG = np.random.default_rng(0)
X, W, V, Y = (RNG.normal(size=shape) for shape in ((6, 3), (3, 4), (4, 2), (6, 2)))
SCORES = np.exp(RNG.normal(size=(6, 4)))
CHANCES = SCORES / SCORES.sum(axis=1, keepdims=True)
OWN = np.eye(4)[[0, 1, 2, 3, 0, 1]]
CENTRED = CHANCES - OWN  # adds up to 0 in each row


def loss(params, x, y):
    hidden = np.tanh(x @ params["W"])
    error = hidden @ params["V"] - y
    return np.sum(error**2) + 0.05 * np.sum(params["W"] ** 2)


PROBLEM = of_loss(loss, loss, {"W": W, "V": V}, (X, Y))
HIDDEN = np.tanh(X @ W)
DELTA = 2 * (HIDDEN @ V - Y)
BACK = DELTA @ V.T
DATA = X.T @ (BACK * (1 - HIDDEN**2))


def kind_of(given, due, problem=PROBLEM):
    """The kind of the mistake of a line that assigns one thing where another is due."""
    _, record = recorded(problem)
    case = Case(problem, "W", 0, DATA, guess(DATA, 0.0))
    line = WrongLine("net.py", 7, "d = ...", "d", None)
    found = of_line(Located(line, (given,), (due,)), case, record)
    return None if found is None else found.kind


@pytest.mark.parametrize(
    ("given", "due", "kind"),
    [
        (3 * BACK, BACK, "scale"),
        (-BACK, BACK, "scale"),
        (DATA[:, ::-1], DATA, "permuted"),
        (BACK, BACK * (1 - HIDDEN**2), "slope"),
        (BACK * (1 - HIDDEN**2) ** 2, BACK * (1 - HIDDEN**2), "slope"),
        (BACK * HIDDEN, BACK, "factor"),
        (BACK, BACK * (HIDDEN > 0), "mask"),
        (DATA, DATA + 0.1 * W, "regularisation"),
        (0.1 * W, DATA + 0.1 * W, "path"),
        (DATA + 0.2 * W, DATA + 0.1 * W, "regularisation"),
        (X @ W, HIDDEN, "operand"),
        (RNG.normal(size=(6, 4)), BACK, None),
    ],
)
def test_values_tell_the_kind(given, due, kind):
    assert kind_of(given, due) == kind


def test_steps_that_are_left_out_are_named():
    square = RNG.normal(size=(2, 2))

    def turned(params, x):
        return np.sum((x @ params["A"] @ params["B"]) ** 2)

    problem = of_loss(turned, turned, {"A": square, "B": square + 1}, (X[:, :2],))
    _, record = recorded(problem)
    end = 2 * X[:, :2] @ square @ (square + 1)
    case = Case(problem, "A", 0, square, guess(square, 0.0))
    line = WrongLine("net.py", 7, "d = ...", "d", None)
    found = of_line(Located(line, (end,), (end @ (square + 1).T,)), case, record)
    assert found is not None
    assert found.kind == "factor"
    assert "matmul" in found.text


def test_nothing_is_said_of_what_are_no_numbers():
    assert kind_of(None, BACK) is None
    assert kind_of(BACK[:2], BACK) is None


@pytest.mark.parametrize(
    ("given", "due", "kind"),
    [
        (np.round(CHANCES), CHANCES, "integer"),
        ((CHANCES.max(axis=1, keepdims=True) == CHANCES) * 1.0, CHANCES, "integer"),
        ((RNG.normal(size=(6, 4)) > 0) * 1.0, (HIDDEN > 0) * 1.0, None),
        (CENTRED * (1 - OWN), CENTRED, "labels"),
        (CENTRED * OWN, CENTRED, None),
    ],
)
def test_decisions_and_labels(given, due, kind):
    found = of_values(given, due)
    assert found == kind


def of_values(given, due):
    """The kind, if it is one of these."""
    found = kind_of(given, due)
    return found if found in ("integer", "labels") else None


def test_a_row_of_one_label_is_not_enough():
    once = CENTRED.copy()
    once[0, 0] = 0
    assert of_values(once, CENTRED) is None


def leaky(params, x, y):
    hidden = x @ params["W"]
    hidden = np.where(hidden > 0, hidden, 0.1 * hidden)
    return np.sum((hidden @ params["V"] - y) ** 2)


def test_a_leak_is_a_slope_and_a_mask_is_a_mask():
    problem = of_loss(leaky, leaky, {"W": W, "V": V}, (X, Y))
    on = X @ W > 0
    due = 2 * (np.where(on, X @ W, 0.1 * X @ W) @ V - Y) @ V.T * np.where(on, 1, 0.1)
    assert kind_of(due * on, due, problem) == "slope"
    assert kind_of(due * (RNG.random(due.shape) > 0.5), due, problem) == "mask"


def chances(params, x, y):
    p = 1 / (1 + np.exp(-(x @ params["W"])))
    return -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p))


def test_one_of_two_ways_is_no_mask():
    y = (RNG.random((6, 4)) > 0.5) * 1.0
    problem = of_loss(chances, chances, {"W": W}, (X, y))
    p = 1 / (1 + np.exp(-(X @ W)))
    due = -y / p + (1 - y) / (1 - p)
    assert kind_of(-y / p, due, problem) == "path"
    assert kind_of(due * (p > 0.5), due, problem) == "mask"
