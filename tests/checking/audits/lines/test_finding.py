"""The first wrong line of hand-written gradients, and what it ought to be."""

import warnings

import numpy as np
import pytest

from autograd_lite.checking.audits.layers import of_layer
from autograd_lite.checking.audits.lines import finding
from autograd_lite.checking.audits.lines.finding import located
from autograd_lite.checking.audits.problems import of_loss
from autograd_lite.checking.audits.records import recorded
from tests.checking.audits.modules import module_of
from tests.checking.zoo.mistakes import code_of, lines_at_fault, load

# Networks without long loops: how many of their mistakes are found at the line, of all.
NETWORKS = {"blog_network": 0.89, "batchnorm_staged": 0.95, "two_layer_net": 0.91, "relu": 0.94}


def problem_of(network, make):
    rng = np.random.default_rng(1)
    if network.STYLE == "loss":
        params, data = network.make(rng, **make)
        return of_loss(network.loss, network.gradients, params, data)
    return of_layer(network.forward, network.backward, network.make(rng, **make), 1)


def line_of(problem, record, wrong):
    place = located(problem, record, wrong)
    return None if place is None else place.line


def found_in(name, mistake):
    network = load(name, mistake)
    problem = problem_of(network, mistake.make)
    _, record = recorded(problem)
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return line_of(problem, record, mistake.parameters)


@pytest.mark.parametrize("name", NETWORKS)
def test_the_lines_of_most_mistakes_are_found(name):
    mistakes = load(name).MISTAKES
    found = [(mistake, found_in(name, mistake)) for mistake in mistakes]
    right = [line is not None and line.line in lines_at_fault(name, m) for m, line in found]
    assert np.mean(right) >= NETWORKS[name]


DUE = {
    "derivative of the sigmoid missing": (
        "hidden_error",
        "(output_error @ output_weights.T)[:, 1:] * slope",
    ),
    "factor 2 of a square without the half": ("output_error", "output_layer_outputs - y"),
    "hidden gradient summed over the batch": (
        "total_hidden_gradient",
        "(input_layer_outputs.T @ hidden_error) / 6",
    ),
}


@pytest.mark.parametrize("title", DUE)
def test_what_a_name_should_be_is_said_in_the_users_names(title):
    (mistake,) = (each for each in load("blog_network").MISTAKES if each.name == title)
    line = found_in("blog_network", mistake)
    assert (line.name, line.should_be) == DUE[title]


NETWORK = """
import numpy as np

def loss(p, X, y):
    h = np.tanh(X @ p["W"] + p["b"])
    out = h @ p["V"]
    return np.mean((out - y) ** 2)

def gradients(p, X, y):
    h = np.tanh(X @ p["W"] + p["b"])
    out = h @ p["V"]
    dout = 2 * (out - y) / y.size
    dV = h.T @ dout
    dh = dout @ p["V"].T
    da = dh * (1 - h ** 2)
    return {"W": X.T @ da, "b": da.sum(axis=0), "V": dV}
"""

WRONG = [
    ("dh * (1 - h ** 2)", "dh * (1 - h)", ("W", "b"), "da", "dh * (1 - h ** 2)"),
    ("dh * (1 - h ** 2)", "dh * 1", ("W", "b"), "da", "dh * (1 - h ** 2)"),
    ("dV = h.T @ dout", "dV = (X @ p['W']).T @ dout", ("V",), "dV", "h.T @ dout"),
    ('dh = dout @ p["V"].T', 'dh = dout @ (2 * p["V"] + 1).T', ("W", "b"), "dh", None),
    ("/ y.size", "/ len(y)", ("W", "b", "V"), "dout", None),
    ('"b": da.sum(axis=0)', '"b": da.mean(axis=0)', ("b",), "da.mean(axis=0)", "da.sum(axis=0)"),
]


@pytest.mark.parametrize(("right", "wrong", "names", "name", "due"), WRONG)
def test_a_network_with_tanh(right, wrong, names, name, due):
    module = module_of(NETWORK.replace(right, wrong), package="tests.checking.zoo")
    rng = np.random.default_rng(2)
    params = {"W": rng.normal(size=(3, 4)), "b": rng.normal(size=4), "V": rng.normal(size=(4, 2))}
    data = rng.normal(size=(5, 3)), rng.normal(size=(5, 2))
    problem = of_loss(module.loss, module.gradients, params, data)
    line = line_of(problem, recorded(problem)[1], names)
    assert wrong in line.source
    assert line.name == name
    assert due is None or line.should_be == due


def test_nothing_is_said_of_gradients_that_are_right():
    module = module_of(NETWORK, package="tests.checking.zoo")
    params = {"W": np.ones((3, 4)), "b": np.zeros(4), "V": np.ones((4, 2))}
    problem = of_loss(module.loss, module.gradients, params, (np.eye(5, 3), np.ones((5, 2))))
    assert line_of(problem, recorded(problem)[1], ()) is None


LOOPS = """
import numpy as np

def loss(p, xs, y):
    h = np.zeros(3)
    for x in xs:
        h = np.tanh(p["W"] @ x + p["U"] @ h)
    return 0.5 * np.sum((h - y) ** 2)

def gradients(p, xs, y):
    states = [np.zeros(3)]
    for x in xs:
        states.append(np.tanh(p["W"] @ x + p["U"] @ states[-1]))
    dW, dU = np.zeros(p["W"].shape), np.zeros(p["U"].shape)
    dh = states[-1] - y
    for t in reversed(range(len(xs))):
        da = dh * (1 - states[t + 1] ** 2)
        dW += np.outer(da, xs[t])
        dU += np.outer(da, states[t])
        dh = p["U"].T @ da
    return {"W": dW, "U": dU}
"""

WRONG_LOOPS = [
    ("(1 - states[t + 1] ** 2)", "(1 - states[t] ** 2)", ("W", "U")),
    ("np.outer(da, xs[t])", "np.outer(da, xs[0])", ("W",)),
    ("dU += np.outer(da, states[t])", "dU += np.outer(da, states[t + 1])", ("U",)),
    ('dh = p["U"].T @ da', 'dh = p["U"] @ da', ("W", "U")),
    ("dh = states[-1] - y", "dh = states[-1] + y", ("W", "U")),
    ("dW += np.outer", "dW = np.outer", ("W",)),
]


@pytest.mark.parametrize(("right", "wrong", "names"), WRONG_LOOPS)
def test_a_loop_over_time(right, wrong, names):
    module = module_of(LOOPS.replace(right, wrong), package="tests.checking.zoo")
    rng = np.random.default_rng(2)
    params = {"W": rng.normal(size=(3, 2)), "U": rng.normal(size=(3, 3)) / 2}
    data = rng.normal(size=(4, 2)), rng.normal(size=3)
    problem = of_loss(module.loss, module.gradients, params, data)
    line = line_of(problem, recorded(problem)[1], names)
    assert wrong in line.source


@pytest.mark.parametrize("name", ["blog_network", "two_layer_net"])
def test_what_is_said_to_be_right_is_right(name):
    """What should be, put into the source in the place of what is there, mends the gradients."""
    tried = 0
    for mistake in load(name).MISTAKES:
        line = found_in(name, mistake)
        wrong = "" if line is None else f"{line.name} = {line.source.partition(' = ')[2]}"
        if line is None or line.should_be is None or wrong != line.source or "\n" in wrong:
            continue
        text = mistake.substituted(code_of(name))
        module = module_of(
            text.replace(wrong, f"{line.name} = {line.should_be}", 1), package="tests.checking.zoo"
        )
        problem = problem_of(module, mistake.make)
        right, found = recorded(problem)[1].gradients(), problem.manual().gradients
        names = [n for n in mistake.parameters if line.line in lines_at_fault(name, mistake)]
        for each in names:
            tried += 1
            np.testing.assert_allclose(found[each], right[problem.names.index(each)], 1e-6)
    assert tried > 3


def test_an_error_while_it_is_looked_for_costs_the_line_alone(monkeypatch):
    def fail(*_):
        raise RuntimeError

    monkeypatch.setattr(finding, "found_line", fail)
    module = module_of(NETWORK, package="tests.checking.zoo")
    params = {"W": np.ones((3, 4)), "b": np.zeros(4), "V": np.ones((4, 2))}
    problem = of_loss(module.loss, module.gradients, params, (np.eye(5, 3), np.ones((5, 2))))
    assert line_of(problem, recorded(problem)[1], ("W",)) is None


def test_it_is_said_when_there_is_no_source():
    scope = {"np": np}
    exec(NETWORK, scope)
    params = {"W": np.ones((3, 4)), "b": np.zeros(4), "V": np.ones((4, 2))}
    data = np.eye(5, 3), np.ones((5, 2))
    problem = of_loss(scope["loss"], scope["gradients"], params, data)
    assert "no source" in finding.why_no_line(problem)
