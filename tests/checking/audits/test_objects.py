"""Objects and functions in the forms in which people write them: each is audited in full."""

import numpy as np
import pytest

from autograd_lite.checking.audits.auditing import audit_layer
from autograd_lite.checking.audits.holdings import (
    gradient_at,
    put,
    spelled,
    trails_of,
    value_at,
)
from autograd_lite.checking.audits.problems import FormError

RNG = np.random.default_rng(0)
X, T = RNG.normal(size=(5, 3)), RNG.normal(size=(5, 2))


class Linear:
    def __init__(self, n, m, factor=1.0):
        self.W, self.b, self.factor = RNG.normal(size=(n, m)), np.zeros(m), factor

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, d):
        self.dW, self.db = self.factor * self.x.T @ d, d.sum(0)
        return d @ self.W.T


class Layers:
    """A network of layers, with its loss."""

    def __init__(self, factor):
        self.layers = [Linear(3, 4), Linear(4, 2, factor)]

    def forward(self, x, t):
        for layer in self.layers:
            x = layer.forward(x)
        self.difference = x - t
        return 0.5 * np.sum(self.difference**2)

    def backward(self, d=1.0):
        d = d * self.difference
        for layer in reversed(self.layers):
            d = layer.backward(d)
        return d


class Lists:
    """Lists of weights and of their gradients."""

    def __init__(self, factor):
        self.params, self.factor = [RNG.normal(size=(3, 2)), np.zeros(2)], factor

    def forward(self, x):
        self.x = x
        return x @ self.params[0] + self.params[1]

    def backward(self, d):
        self.grads = [self.x.T @ d, self.factor * d.sum(0)]
        return d @ self.params[0].T


class Inputs:
    """The gradient of the input in an attribute."""

    def __init__(self, factor):
        self.weights, self.factor = RNG.normal(size=(3, 2)), factor

    def forward(self, x):
        self.x = x
        return x @ self.weights

    def backward(self, dvalues):
        self.dweights = self.x.T @ dvalues
        self.dinputs = self.factor * dvalues @ self.weights.T


class Named:
    """A loss whose gradients are returned by the names of the parameters."""

    def __init__(self, factor):
        self.params, self.factor = {"W1": RNG.normal(size=(3, 2)), "b1": np.zeros(2)}, factor

    def loss(self, x, t):
        d = x @ self.params["W1"] + self.params["b1"] - t
        return 0.5 * np.sum(d**2), {"W1": x.T @ d, "b1": self.factor * d.sum(0)}


class Without:
    """A loss whose backward pass takes nothing and keeps all."""

    def __init__(self, factor):
        self.W, self.factor = RNG.normal(size=(3, 2)), factor

    def forward(self, x, t):
        self.x, self.d = x, x @ self.W - t
        return np.mean(self.d**2)

    def backward(self):
        self.dW = self.factor * 2 * self.x.T @ self.d / self.d.size


class Parameter:
    """An array with its gradient, in slots."""

    __slots__ = ("data", "grad")

    def __init__(self, data):
        self.data, self.grad = data, None


class Slots:
    """A layer of parameters that are objects."""

    __slots__ = ("W", "factor", "x")

    def __init__(self, factor):
        self.W, self.factor = Parameter(RNG.normal(size=(3, 2))), factor

    def forward(self, x):
        self.x = x
        return x @ self.W.data

    def backward(self, dout):
        self.W.grad = self.factor * self.x.T @ dout
        return dout @ self.W.data.T


FORMS = (
    (Layers, (X, T), {"x", "self.layers[0].W", "self.layers[0].b", "self.layers[1].W",
                      "self.layers[1].b"}, "self.layers[1].W"),
    (Lists, (X,), {"x", "self.params[0]", "self.params[1]"}, "self.params[1]"),
    (Inputs, (X,), {"x", "self.weights"}, "x"),
    (Named, (X, T), {"self.params['W1']", "self.params['b1']"}, "self.params['b1']"),
    (Without, (X, T), {"self.W"}, "self.W"),
    (Slots, (X,), {"x", "self.W.data"}, "self.W.data"),
)  # fmt: skip


@pytest.mark.parametrize(("kind", "inputs", "names", "wrong"), FORMS)
def test_every_form_is_audited_in_full(kind, inputs, names, wrong):
    right = audit_layer(kind(1.0), None, *inputs)
    assert right.ok, right
    assert {each.name for each in right.parameters} == names
    assert not any("could not be recorded" in note for note in right.notes), right
    report = audit_layer(kind(3.0), None, *inputs)
    assert [each.name for each in report.parameters if not each.ok] == [wrong], report
    assert (
        report.parameters[-1].diagnosis is None or report.parameters[-1].diagnosis.kind == "scale"
    )


def test_a_method_that_returns_loss_and_gradients_can_be_given():
    network = Named(1.0)
    report = audit_layer(network.loss, None, X, T)
    assert report.ok
    assert len(report.parameters) == 2


def test_a_function_of_both_takes_its_parameters_in_a_dict():
    def both(params, x, t):
        d = x @ params["W"] - t
        return 0.5 * np.sum(d**2), {"dW": 2 * x.T @ d}

    report = audit_layer(both, None, {"W": T.T @ X}, T, X @ X.T @ X)
    assert [(each.name, each.verdict) for each in report.parameters] == [("W", "wrong")]


def test_the_target_of_a_loss_is_data_and_that_is_said():
    def forward(pred, target):
        return np.mean((pred - target) ** 2), pred - target

    def backward(dout, cache):
        return 2 * dout * cache / cache.size

    report = audit_layer(forward, backward, T, T + 1)
    assert [each.name for each in report.parameters] == ["pred"]
    assert report.ok
    assert "target" in report.notes[0]


def test_arrays_without_a_gradient_are_said_to_be_left_out():
    layer = Inputs(1.0)
    layer.running_mean = np.zeros(2)
    report = audit_layer(layer, None, X)
    assert any("self.running_mean" in note for note in report.notes)


def test_a_backward_pass_that_takes_nothing_needs_a_loss():
    class Bad(Without):
        def forward(self, x, t):
            super().forward(x, t)
            return self.d

    with pytest.raises(FormError, match="takes no incoming gradient"):
        audit_layer(Bad(1.0), None, X, T)


def test_trails_lead_to_arrays_and_gradients():
    network = Layers(1.0)
    network.forward(X, T)
    network.backward()
    trails = trails_of(network)
    assert "self.layers[1].W" in trails
    assert "self.layers[1].dW" not in trails
    trail = trails["self.layers[1].W"]
    assert spelled(trail) == "self.layers[1].W"
    assert gradient_at(network, trail) is network.layers[1].dW
    put(network, trail, X)
    assert value_at(network, trail) is network.layers[1].W is X


class Affine:
    """A layer of a network."""

    def __init__(self, w, b):
        self.W, self.b, self.dW, self.db = w, b, None, None

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW, self.db = self.x.T @ dout, np.sum(dout, axis=0)
        return dout @ self.W.T


class Stack:
    """A network of layers whose backward pass returns nothing, as its input needs no gradient."""

    def __init__(self):
        self.layers = [Affine(np.ones((3, 2)), np.zeros(2)), Affine(np.eye(2), np.ones(2))]
        self.momentum = [np.zeros((3, 2)) for _ in range(12)]

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, dout):
        for layer in reversed(self.layers):
            dout = layer.backward(dout)


def test_the_input_of_a_network_that_returns_nothing_is_data():
    """The arrays of an optimiser are not looked at, and the note stays short."""
    report = audit_layer(Stack(), None, np.arange(6.0).reshape(2, 3))
    assert report.ok, report
    assert [each.name for each in report.parameters] == [
        "self.layers[0].W", "self.layers[0].b", "self.layers[1].W", "self.layers[1].b"
    ]  # fmt: skip
    assert report.notes[0].split(": ")[1].startswith("x, self.momentum[0], ")
    assert report.notes[0].endswith("self.momentum[6] and 5 more")


class AddsUp:
    """Gradients are added to what is there until they are set to zero, as in larger libraries."""

    def __init__(self):
        self.W = np.arange(6.0).reshape(3, 2)
        self.gradW = np.zeros_like(self.W)

    def forward(self, x):
        return x @ self.W

    def backward(self, x, gradOutput):
        self.gradW += x.T @ gradOutput
        return gradOutput @ self.W.T

    def zero_grad(self):
        self.gradW.fill(0)


class Holds:
    def __init__(self):
        self.modules = [AddsUp()]

    def forward(self, x):
        self.x = x
        return self.modules[0].forward(x)

    def backward(self, gradOutput):
        return self.modules[0].backward(self.x, gradOutput)


@pytest.mark.parametrize("kind", [AddsUp, Holds])
def test_what_sets_gradients_to_zero_is_called(kind):
    """That of the object, and of the layers within."""
    report = audit_layer(kind(), None, np.ones((4, 3)))
    assert len(report.parameters) == 2
    assert report.ok, report
