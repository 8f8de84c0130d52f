"""Where objects hold their arrays: twice, once for two parameters, or not before they are used."""

from types import SimpleNamespace

import numpy as np
import pytest

from autograd_lite.checking.audits.auditing import audit_layer
from autograd_lite.checking.audits.holdings import places_of

X, T = np.ones((5, 3)), np.ones((5, 2))


class Affine:
    """A layer that shares its arrays with the network that made it."""

    def __init__(self, w, b):
        self.W, self.b, self.dW, self.db = w, b, None, None

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW, self.db = self.x.T @ dout, np.sum(dout, axis=0)
        return dout @ self.W.T


class SharedArrays:
    """`params` and the layers hold the same arrays, as in a well-known book."""

    def __init__(self, factor=1.0):
        rng = np.random.default_rng(0)
        self.params = {"W1": rng.normal(size=(3, 2)), "b1": np.zeros(2)}
        self.layers = {"Affine1": Affine(self.params["W1"], self.params["b1"])}
        self.factor = factor

    def loss(self, x, t):
        self.out = self.layers["Affine1"].forward(x)
        return 0.5 * np.sum((self.out - t) ** 2)

    def gradient(self, x, t):
        self.loss(x, t)
        self.layers["Affine1"].backward(self.out - t)
        return {"W1": self.layers["Affine1"].dW, "b1": self.factor * self.layers["Affine1"].db}


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_arrays_that_are_held_twice_are_one_parameter(dtype):
    """In other precision too; what is returned counts, not what the layer keeps."""
    x, t = np.ones((5, 3), dtype) / 3, np.ones((5, 2), dtype) / 7
    report = audit_layer(SharedArrays(), None, x, t)
    assert [each.name for each in report.parameters] == ["self.params['W1']", "self.params['b1']"]
    assert report.ok, report
    wrong = audit_layer(SharedArrays(0.5), None, x, t)
    assert [each.name for each in wrong.parameters if not each.ok] == ["self.params['b1']"]


def test_two_parameters_that_began_as_one_array_are_two():
    """Their gradients are apart, and so are they after the first step."""
    places = places_of(SimpleNamespace(b=[X, X], c=T, d=T, params={"c": T}))
    assert [len(place) for place in places.values()] == [1, 1, 2, 1]


class MadeLate:
    """Its parameters are made by the first forward pass, which knows how many there are."""

    def __init__(self, factor=1.0):
        self.gamma, self.factor = None, factor

    def forward(self, inputs):
        if self.gamma is None:
            self.gamma = np.ones(inputs.shape[1])
        self.inputs = inputs
        return self.gamma * inputs

    def backward(self, dvalues):
        self.dgamma = self.factor * np.sum(dvalues * self.inputs, axis=0)
        return dvalues * self.gamma


@pytest.mark.parametrize("factor", [1.0, 2.0])
def test_parameters_that_the_first_forward_pass_makes_are_looked_at(factor):
    """They are not there before it."""
    report = audit_layer(MadeLate(factor), None, np.arange(6.0).reshape(2, 3))
    assert {each.name: each.ok for each in report.parameters} == {
        "inputs": True, "self.gamma": factor == 1
    }  # fmt: skip
