"""A dense layer with tanh as one class, its cache a dict, its bias a row."""

import numpy as np

from .mistakes import Mistake

STYLE = "class"
NAMES = ("inputs",)
GRADIENTS = {"weights": "grad_weights", "bias": "grad_bias"}


class TanhLayer:
    """Keeps gradients as grad_weights and grad_bias."""

    def __init__(self, weights, bias):
        self.weights = weights
        self.bias = bias
        self.cache = {}

    def forward(self, inputs):
        z = np.matmul(inputs, self.weights) + self.bias
        a = np.tanh(z)
        self.cache["inputs"], self.cache["z"], self.cache["a"] = inputs, z, a
        return a

    def backward(self, upstream):
        inputs, a = self.cache["inputs"], self.cache["a"]
        delta = upstream * (1 - np.square(a))
        self.grad_weights = np.einsum("ni,nj->ij", inputs, delta)
        self.grad_bias = delta.sum(axis=0, keepdims=True)
        grad_inputs = np.matmul(delta, self.weights.T)
        return grad_inputs


def make(rng):
    """As many inputs as outputs; the bias is a row."""
    n, d = rng.integers(6, 8), rng.integers(4, 6)
    weights, bias = 0.5 * rng.normal(size=(d, d)), rng.normal(size=(1, d))
    return TanhLayer(weights, bias), (rng.normal(size=(n, d)),)


W, B = ("weights",), ("bias",)
ALL = ("inputs", "weights", "bias")
MISTAKES = (
    Mistake("slope missing", "upstream * (1 - np.square(a))", "upstream * 1", "slope", ALL),
    Mistake(
        "slope at the pre-activation", "np.square(a)", 'np.square(self.cache["z"])', "slope", ALL
    ),
    Mistake("slope without square", "(1 - np.square(a))", "(1 - a)", "slope", ALL),
    Mistake("slope of a sigmoid", "(1 - np.square(a))", "a * (1 - a)", "slope", ALL),
    Mistake(
        "slope of a root",
        "(1 - np.square(a))",
        "np.sqrt(1 - np.square(a))",
        ("slope", "power"),
        ALL,
    ),
    Mistake("slope of the wrong sign", "(1 - np.square(a))", "(np.square(a) - 1)", "scale", ALL),
    Mistake("slope added", "upstream * (1 -", "upstream + (1 -", ("slope", "factor"), ALL),
    Mistake("weights' gradient transposed", "ni,nj->ij", "ni,nj->ji", "transposed", W),
    Mistake(
        "weights' gradient of the activation", '"ni,nj->ij", inputs', '"ni,nj->ij", a', "operand", W
    ),
    Mistake(
        "weights' gradient of the upstream",
        "inputs, delta)",
        "inputs, upstream)",
        ("slope", "operand"),
        W,
    ),
    Mistake(
        "weights' gradient averaged", "inputs, delta)", "inputs, delta) / len(inputs)", "scale", W
    ),
    Mistake("weights' gradient by rows", "ni,nj->ij", "ni,nj->nij", "axis", W),
    Mistake(
        "weights' gradient of single precision",
        "inputs, delta)",
        "inputs, delta).astype(np.float32)",
        "dtype",
        W,
    ),
    Mistake(
        "weights' gradient decayed",
        "inputs, delta)",
        "inputs, delta) + 1e-2 * self.weights",
        "regularisation",
        W,
    ),
    Mistake(
        "bias as a vector", "delta.sum(axis=0, keepdims=True)", "delta.sum(axis=0)", "shape", B
    ),
    Mistake(
        "bias over units",
        "delta.sum(axis=0, keepdims=True)",
        "delta.sum(axis=1, keepdims=True)",
        "axis",
        B,
    ),
    Mistake(
        "bias of the upstream", "delta.sum(axis=0", "upstream.sum(axis=0", ("slope", "operand"), B
    ),
    Mistake("bias averaged", "delta.sum(axis=0", "delta.mean(axis=0", "scale", B),
    Mistake("weights not transposed", "self.weights.T)", "self.weights)", "operand", ("inputs",)),
    Mistake(
        "weights updated before",
        "np.matmul(delta, self.weights.T)",
        "np.matmul(delta, (self.weights - 0.1 * self.grad_weights).T)",
        "weights",
        ("inputs",),
    ),
    Mistake(
        "upstream instead of delta",
        "np.matmul(delta, ",
        "np.matmul(upstream, ",
        ("slope", "operand"),
        ("inputs",),
    ),
)
