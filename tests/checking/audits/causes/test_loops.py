"""What is missing in loops, of halves of a sum, and in a part of one gradient."""

import ast
from types import SimpleNamespace

import numpy as np

from autograd_lite.checking.audits.auditing import audit, audit_layer
from autograd_lite.checking.audits.causes.diagnoses import empty_edge, of_memory
from autograd_lite.checking.audits.causes.roles import axes_of_distribution
from autograd_lite.checking.audits.repairs.everywhere import Windows
from tests.checking.audits.modules import module_of

SQUARES = """
import numpy as np

def forward(x):
    return x ** 2, x

def backward(dout, x):
    dx = np.zeros_like(x)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            part = 2 * x[i, j]
            dx[i, j] += part
    return dx
"""
SMOOTH = """
import numpy as np

def loss(w, x):
    return np.sum((w - x) ** 2) + 3 * np.sum((w[1:] - w[:-1]) ** 2)

def gradients(w, x):
    dw = 2 * (w - x)
    steps = w[1:] - w[:-1]
    dw[1:] += 6 * steps
    return dw
"""
GATED = """
import numpy as np

def forward(x, W):
    h = x @ W
    return h[:, :2] * np.tanh(h[:, 2:]), (x, W, h)

def backward(dout, cache):
    x, W, h = cache
    a, g = h[:, :2], np.tanh(h[:, 2:])
    da, dg = dout * g, dout * a * (1 - g**2)
    dW = x.T @ np.hstack([da, dg])
    dx = da @ W[:, :2].T
    return dx, dW
"""
RNG = np.random.default_rng(0)


def told(report):
    """The kinds of the diagnoses."""
    return {each.diagnosis.kind for each in report.parameters if each.diagnosis}


def test_the_entry_of_a_loop_is_missing():
    module = module_of(SQUARES, "squares")
    report = audit_layer(module.forward, module.backward, RNG.normal(size=(3, 4)))
    assert told(report) == {"factor"}, report
    assert "dout[i, j]" in report.parameters[0].diagnosis.text


def test_the_other_half_of_a_difference_is_missing():
    module = module_of(SMOOTH, "smooth")
    report = audit(module.loss, module.gradients, RNG.normal(size=6), RNG.normal(size=6))
    assert told(report) == {"path"}, report
    assert "dw[:-1] -= 6 * steps" in report.first_wrong_line.should_be


def test_a_path_is_missing_in_one_gradient_alone():
    module = module_of(GATED, "gated")
    inputs = RNG.normal(size=(5, 3)), RNG.normal(size=(3, 4))
    report = audit_layer(module.forward, module.backward, *inputs)
    assert told(report) == {"path"}, report


def test_probabilities():
    p = np.array([[0.2, 0.8], [0.5, 0.5]])
    assert axes_of_distribution(p) == {1}
    assert axes_of_distribution(p.T) == {0}
    assert axes_of_distribution(np.stack([p, p])) == {2}
    assert not axes_of_distribution(2 * p)
    assert not axes_of_distribution(np.eye(2))  # these are labels
    assert not axes_of_distribution(p[0])


def test_windows_are_read_as_a_whole():
    windows = Windows()
    tree = windows.visit(ast.parse("f(x[:, 1:], y[:-1], z[0], v[:], u[i, 1:])", mode="eval").body)
    assert ast.unparse(tree) == "f(x, y, z[0], v[:], u[i, 1:])"
    assert [ast.unparse(each) for each in windows.dropped] == ["1:", ":-1"]


def test_an_empty_row():
    truth = RNG.normal(size=(4, 3))
    manual = truth.copy()
    manual[-1] = 0
    case = SimpleNamespace(truth=truth, explained_by=lambda due: bool(np.array_equal(due, manual)))
    assert empty_edge(case, None).kind == "path"
    ones = SimpleNamespace(values={0: np.hstack([truth, np.ones((4, 1))])})
    assert empty_edge(case, ones).kind == "bias_column"
    manual[-1] = 1
    assert empty_edge(case, None) is None


def test_gradients_that_share_their_memory():
    def backward(x):
        dx = np.stack([2 * x[0], 3 * x[1]])
        return {"a": dx[0], "b": dx[0] if x[0, 0] else dx[1]}

    found = of_memory(cases_of(backward))
    assert found.kind == "aliased"
    assert "a and b" in found.text
    found = of_memory(cases_of(lambda x: {"a": 2 * x[0], "b": 2 * x[0]}))
    assert found is None


def cases_of(backward):
    """The cases of two gradients, of which the second is wrong."""
    x = np.arange(1.0, 7.0).reshape(2, 3)
    problem = SimpleNamespace(manual=lambda: SimpleNamespace(gradients=backward(x)))
    due = {"a": 2 * x[0], "b": 3 * x[1]}
    return [SimpleNamespace(problem=problem, name=name, is_wrong=name == "b", truth=due[name])
            for name in due]  # fmt: skip
