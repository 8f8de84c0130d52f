"""Networks whose loss, forward and backward pass are methods, as people call and order them."""

import numpy as np
import pytest

from autograd_lite.checking.audits.auditing import audit_layer
from autograd_lite.checking.audits.methods import Methods, methods_of
from autograd_lite.checking.audits.problems import FormError

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(5, 3)), RNG.normal(size=(5, 2))
HELD = ["self.weights1", "self.weights2", "self.bias1", "self.bias2"]


class Network:
    """Every method that a stranger's network has; `factor` is a mistake in the second bias."""

    def __init__(self, factor=1.0):
        self.weights1, self.weights2 = RNG.normal(size=(3, 4)), RNG.normal(size=(4, 2))
        self.bias1, self.bias2, self.factor = np.zeros(4), np.zeros(2), factor

    def forward(self, x):
        self.x, self.hidden = x, np.tanh(x @ self.weights1 + self.bias1)
        return self.hidden @ self.weights2 + self.bias2

    def gradients_of(self, error):
        d = error / len(self.x)
        dh = d @ self.weights2.T * (1 - self.hidden**2)
        return self.x.T @ dh, self.hidden.T @ d, dh.sum(0), self.factor * d.sum(0)


class ByPredictions(Network):
    """The loss takes what was predicted, and so does the backward pass; returned by layers."""

    def loss(self, y, y_hat):
        return 0.5 * np.sum((y_hat - y) ** 2) / len(y)

    def backward(self, x, y, output):  # noqa: ARG002 - as it is called
        w1, w2, b1, b2 = self.gradients_of(output - y)
        return w1, b1, w2, b2


class ByState(Network):
    """The loss takes the targets alone."""

    def forward(self, x):
        self.out = super().forward(x)
        return self.out

    def compute_cost(self, y):
        return 0.5 * np.sum((self.out - y) ** 2) / len(y)

    def backprop(self, y):
        grads = dict(zip(HELD, self.gradients_of(self.out - y), strict=True))
        return {"d" + name.removeprefix("self."): grad for name, grad in grads.items()}


class ByLoss(Network):
    """The loss runs the forward pass itself, and names tell in which order gradients come."""

    def calculate_loss(self, x, y):
        return 0.5 * np.sum((self.forward(x) - y) ** 2) / len(y)

    def backward(self, x, y):
        out = self.forward(x)
        dweights1, dweights2, dbias1, dbias2 = self.gradients_of(out - y)
        return dbias2, dbias1, dweights2, dweights1


class ByCache(Network):
    """Whole passes in the words of a course: predictions and a cache."""

    forward = None

    def forward_propagation(self, x):
        out = Network.forward(self, x)
        return out, {"out": out}

    def compute_cost(self, out, y):
        return 0.5 * np.sum((out - y) ** 2) / len(y)

    def backward_propagation(self, cache, x, y):  # noqa: ARG002 - as it is called
        self.grads = dict(zip(
            ("weights1", "weights2", "bias1", "bias2"),
            self.gradients_of(cache["out"] - y), strict=True,
        ))  # fmt: skip


EVERY = [ByPredictions, ByState, ByLoss, ByCache]


@pytest.mark.parametrize("kind", EVERY)
def test_the_loss_of_a_network_is_differentiated(kind):
    report = audit_layer(kind(), None, X, Y)
    assert report.ok, report
    assert sorted(p.name for p in report.parameters) == sorted(HELD)


@pytest.mark.parametrize("kind", EVERY)
def test_a_mistake_in_one_gradient_is_found(kind):
    report = audit_layer(kind(5.0), None, X, Y)
    assert [p.name for p in report.parameters if not p.ok] == ["self.bias2"]
    assert {p.diagnosis.kind for p in report.parameters if not p.ok} == {"scale"}


def test_methods_are_given_themselves():
    network = ByState()
    report = audit_layer(network.compute_cost, network.backprop, X, Y)
    assert report.ok, report
    assert len(report.parameters) == 4


def test_methods_of_two_objects_are_refused():
    with pytest.raises(FormError, match="methods of two objects of class ByLoss"):
        audit_layer(ByLoss().calculate_loss, ByLoss().backward, X, Y)


def test_which_methods_are_the_passes():
    assert methods_of(ByPredictions(), (X, Y)) == Methods("forward", "loss", "backward")
    assert methods_of(ByPredictions(), (X,)) == Methods("forward", None, "backward")
    assert methods_of(ByLoss(), (X, Y)) == Methods("calculate_loss", None, "backward")
    with pytest.raises(FormError, match="has no method forward, and none loss"):
        methods_of(object(), (X,))


class Layer:
    """Shapes that would fit in another order, where names do not tell."""

    def __init__(self):
        self.scale, self.shift = RNG.normal(size=(3, 1)), RNG.normal(size=3)

    def forward(self, x):
        self.x = x
        return x @ self.scale + self.shift.sum()

    def backward(self, d):
        return np.full(3, d.sum()), self.x.T @ d, d @ self.scale.T


def test_shapes_tell_the_order_of_what_an_object_returns():
    report = audit_layer(Layer(), None, X)
    assert report.ok, report
    assert len(report.parameters) == 3


def forward(x, w, b):
    return x @ w + b, (x, w)


def backward(dout, cache):
    x, w = cache
    dw, db, dx = x.T @ dout, dout.sum(0), dout @ w.T
    return dw, db, dx


def test_names_tell_the_order_of_what_a_function_returns_if_shapes_say_it_is_another():
    report = audit_layer(forward, backward, X, RNG.normal(size=(3, 2)), np.zeros(2))
    assert report.ok, report


def exchanged(dout, cache):
    x, w = cache
    dw, dx = x.T @ dout, dout @ w.T
    return dw, dx


def test_an_order_that_fits_is_that_of_the_inputs():
    inputs = X[:3], RNG.normal(size=(3, 3))
    report = audit_layer(lambda x, w: (x @ w, (x, w)), exchanged, *inputs)
    assert [p.name for p in report.parameters if not p.ok] == ["x", "w"]
