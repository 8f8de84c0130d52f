"""Backward passes that take a step with their gradients and keep none of them."""

import numpy as np
import pytest

from autograd_lite.checking.audits.auditing import audit_layer
from autograd_lite.checking.audits.problems import FormError

RATE = 0.03
X = np.random.default_rng(0).normal(size=(4, 1))


class Dense:
    """A layer for one column, as a well-known series of films has it."""

    def __init__(self):
        rng = np.random.default_rng(1)
        self.weights, self.bias = rng.normal(size=(3, 4)), rng.normal(size=(3, 1))

    def forward(self, input):
        self.input = input
        return np.dot(self.weights, self.input) + self.bias

    def backward(self, output_gradient, learning_rate):
        weights_gradient = np.dot(output_gradient, self.input.T)
        input_gradient = np.dot(self.weights.T, output_gradient)
        self.weights -= learning_rate * weights_gradient
        self.bias -= learning_rate * output_gradient
        return input_gradient


class TwiceTheWeights(Dense):
    def backward(self, output_gradient, learning_rate):
        weights_gradient = 2 * np.dot(output_gradient, self.input.T)
        input_gradient = np.dot(self.weights.T, output_gradient)
        self.weights = self.weights - learning_rate * weights_gradient
        self.bias = self.bias - learning_rate * output_gradient
        return input_gradient


class UpdatedTooEarly(Dense):
    def backward(self, output_gradient, learning_rate):
        self.weights -= learning_rate * np.dot(output_gradient, self.input.T)
        self.bias -= learning_rate * output_gradient
        return np.dot(self.weights.T, output_gradient)


class RateOfItsOwn(Dense):
    """The learning rate is an attribute, and there is a velocity, which is no parameter."""

    def __init__(self):
        super().__init__()
        self.learning_rate, self.velocity = 0.01, np.zeros((3, 4))

    def backward(self, dout):
        self.velocity = 0.9 * self.velocity - self.learning_rate * dout @ self.input.T
        result = self.weights.T @ dout
        self.weights += self.velocity
        self.bias -= self.learning_rate * dout
        return result


class Optimiser:
    def __init__(self, lr):
        self.lr = lr

    def update(self, weights, gradient):
        return weights - self.lr * gradient


class HasOptimisers(Dense):
    """The learning rate is that of an optimiser within."""

    def __init__(self):
        super().__init__()
        self.w_opt, self.b_opt = Optimiser(0.01), Optimiser(0.01)

    def backward(self, accum_grad):
        weights = self.weights
        self.weights = self.w_opt.update(self.weights, accum_grad @ self.input.T)
        self.bias = self.b_opt.update(self.bias, accum_grad)
        return weights.T @ accum_grad


class NumberInTheLine(Dense):
    """The learning rate is a number."""

    def backward(self, dout):
        result = self.weights.T @ dout
        self.weights -= 0.05 * (dout @ self.input.T)
        self.bias -= dout * 0.05
        return result


class ReturnsNothing(Dense):
    """The first layer of a network."""

    def backward(self, dout, learn_rate):
        self.weights -= learn_rate * dout @ self.input.T
        self.bias -= learn_rate * dout


class RateOfTheModule(Dense):
    """The learning rate stands where nobody can see it."""

    def backward(self, dout):
        result = self.weights.T @ dout
        self.weights = self.weights - RATE * (dout @ self.input.T)
        self.bias = self.bias - RATE * dout
        return result


class OnlyIfAsked(Dense):
    """It keeps its gradients, and takes a step if it is given a rate, too early."""

    def backward(self, dout, lr=None):
        self.dweights, self.dbias = dout @ self.input.T, dout
        if lr is not None:
            self.weights = self.weights - lr * self.dweights
        return self.weights.T @ dout


class Adaptive(Dense):
    """A step of the same length for every gradient tells nothing of it."""

    def backward(self, output_gradient, learning_rate):
        input_gradient = np.dot(self.weights.T, output_gradient)
        self.weights -= learning_rate * np.sign(np.dot(output_gradient, self.input.T))
        self.bias -= learning_rate * np.sign(output_gradient)
        return input_gradient


def kinds(layer):
    """The kind of what is wrong with each gradient that is looked at, or None."""
    report = audit_layer(layer, None, X)
    return {each.name: each.diagnosis and each.diagnosis.kind for each in report.parameters}


@pytest.mark.parametrize(
    "layer", [Dense, RateOfItsOwn, HasOptimisers, NumberInTheLine, RateOfTheModule, OnlyIfAsked]
)
def test_what_a_step_takes_is_the_gradient_times_the_rate(layer):
    """Whether the rate is given or the layer's own."""
    report = audit_layer(layer(), None, X)
    assert [each.name for each in report.parameters] == ["input", "self.weights", "self.bias"]
    assert report.ok, report


def test_a_rate_that_nobody_told_is_noted():
    """The gradients are right or wrong but for one factor."""
    report = audit_layer(RateOfTheModule(), None, X)
    assert report.notes[0] == "the learning rate is not known: by most of the steps it is 0.03"


class WithLoss:
    """A network with its own loss, one of whose parameters is updated by another rule."""

    def __init__(self):
        rng = np.random.default_rng(0)
        self.W, self.b, self.lr = rng.normal(size=(3, 2)), np.zeros(2), 0.1

    def forward(self, x):
        self.out = x @ self.W + self.b
        return self.out

    def loss(self, x, y):
        return 0.5 * np.sum((self.forward(x) - y) ** 2)

    def backward(self, x, y):
        error = self.out - y
        gradient = x.T @ error
        self.W = self.W - self.lr * gradient / (np.sqrt(gradient**2) + 1e-8)
        self.b = self.b - self.lr * error.sum(axis=0)


def test_what_an_optimiser_makes_equally_long_is_not_looked_at():
    """Whether there is an incoming gradient to vary or none."""
    rng = np.random.default_rng(1)
    report = audit_layer(WithLoss(), None, rng.normal(size=(4, 3)), rng.normal(size=(4, 2)))
    assert [(each.name, each.ok) for each in report.parameters] == [("self.b", True)]
    assert "self.W" in report.notes[0]


def test_a_mistake_in_what_is_taken_is_found():
    """In the line where it was made."""
    report = audit_layer(TwiceTheWeights(), None, X)
    assert [each.name for each in report.parameters if not each.ok] == ["self.weights"]
    assert report.first_wrong_line.source.startswith("weights_gradient = 2 *")


def test_weights_that_are_updated_too_early_are_told():
    """What they are used for afterwards is wrong, and what was taken from them is not."""
    found = kinds(UpdatedTooEarly())
    assert found == {"input": "weights", "self.weights": None, "self.bias": None}


def test_steps_that_are_no_multiples_of_gradients_are_not_looked_at():
    """An optimiser has a mind of its own."""
    report = audit_layer(Adaptive(), None, X)
    assert [each.name for each in report.parameters] == ["input"]
    assert report.ok
    assert report.notes[0].endswith("no gradient of it was found: self.weights, self.bias")


def test_the_input_of_a_first_layer_is_data():
    """It takes its steps and returns nothing."""
    report = audit_layer(ReturnsNothing(), None, X)
    assert [(each.name, each.ok) for each in report.parameters] == [
        ("self.weights", True), ("self.bias", True)
    ]  # fmt: skip
    assert report.notes[0] == "not looked at, since no gradient of it was found: input"


def test_inputs_that_the_forward_pass_does_not_take_are_refused():
    """A learning rate is none of them."""
    with pytest.raises(FormError, match="was given 2 inputs, and takes 1"):
        audit_layer(Dense(), None, X, 0.1)
