"""Backpropagation one sample at a time, quadratic cost, as in a well-known online book."""

import numpy as np

from .mistakes import Mistake

STYLE = "loss"
LAYERS = 3


def make(rng, sizes=(4, 5, 3, 2), samples=7):
    network = {}
    for k in range(LAYERS):
        network[f"bias{k}"] = rng.normal(size=(sizes[k + 1], 1))
        network[f"weight{k}"] = rng.normal(size=(sizes[k + 1], sizes[k]))
    xs = rng.normal(size=(samples, sizes[0], 1))
    ys = rng.random((samples, sizes[-1], 1))
    return network, (xs, ys)


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def sigmoid_prime(z):
    return sigmoid(z) * (1 - sigmoid(z))


def loss(network, xs, ys):
    cost = 0.0
    for x, y in zip(xs, ys, strict=True):
        a = x
        for k in range(LAYERS):
            a = sigmoid(np.dot(network[f"weight{k}"], a) + network[f"bias{k}"])
        cost += 0.5 * np.linalg.norm(a - y) ** 2 / len(xs)
    return cost


def backprop(network, x, y):
    nabla = {}
    activation = x
    activations = [x]
    zs = []
    for k in range(LAYERS):
        z = np.dot(network[f"weight{k}"], activation) + network[f"bias{k}"]
        zs.append(z)
        activation = sigmoid(z)
        activations.append(activation)
    delta = (activations[-1] - y) * sigmoid_prime(zs[-1])
    for k in reversed(range(LAYERS)):
        if k < LAYERS - 1:
            sp = sigmoid_prime(zs[k])
            delta = np.dot(network[f"weight{k + 1}"].transpose(), delta) * sp
        nabla[f"bias{k}"] = delta
        nabla[f"weight{k}"] = np.dot(delta, activations[k].transpose())
    return nabla


def gradients(network, xs, ys):
    sums = {name: np.zeros(value.shape) for name, value in network.items()}
    for x, y in zip(xs, ys, strict=True):
        delta_nabla = backprop(network, x, y)
        for name, change in delta_nabla.items():
            sums[name] = sums[name] + change
    return {name: total / len(xs) for name, total in sums.items()}


WEIGHTS = ("weight0", "weight1", "weight2")
BIASES = ("bias0", "bias1", "bias2")
HIDDEN = ("weight0", "weight1", "bias0", "bias1")
ALL = WEIGHTS + BIASES
MISTAKES = (
    Mistake(
        "last sample only",
        "sums[name] = sums[name] + change",
        "sums[name] = change",
        "overwritten",
        ALL,
    ),
    Mistake("not averaged", "name: total / len(xs)", "name: total", "scale", ALL),
    Mistake(
        "averaged over the features",
        "name: total / len(xs)",
        "name: total / xs.shape[1]",
        "scale",
        ALL,
    ),
    Mistake(
        "sums of earlier calls",
        "    sums = {name: np.zeros(value.shape) for name, value in network.items()}",
        '    sums = vars(gradients).setdefault("sums", {k: 0.0 * v for k, v in network.items()})',
        "accumulated",
        ALL,
    ),
    Mistake(
        "slope of the output missing",
        "(activations[-1] - y) * sigmoid_prime(zs[-1])",
        "activations[-1] - y",
        "slope",
        ALL,
    ),
    Mistake(
        "slope at the activation",
        "sp = sigmoid_prime(zs[k])",
        "sp = sigmoid_prime(activations[k + 1])",
        "slope",
        HIDDEN,
    ),
    Mistake(
        "slope of the hidden layers missing",
        ".transpose(), delta) * sp",
        ".transpose(), delta)",
        "slope",
        HIDDEN,
    ),
    Mistake(
        "slope is the sigmoid",
        "return sigmoid(z) * (1 - sigmoid(z))",
        "return sigmoid(z)",
        "slope",
        ALL,
    ),
    Mistake(
        "slope of the pre-activation itself",
        "return sigmoid(z) * (1 - sigmoid(z))",
        "return z * (1 - z)",
        "slope",
        ALL,
    ),
    Mistake("sign of the cost", "(activations[-1] - y) *", "(y - activations[-1]) *", "scale", ALL),
    Mistake(
        "two of the square", "(activations[-1] - y) *", "2 * (activations[-1] - y) *", "scale", ALL
    ),
    Mistake(
        "pre-activations for activations",
        "activations[k].transpose())",
        "(zs[k - 1] if k else x).transpose())",
        ("operand", "slope"),
        ("weight1", "weight2"),
    ),
    Mistake(
        "activations rolled",
        "np.dot(delta, activations[k].transpose())",
        "np.dot(delta, np.roll(activations[k], 1).transpose())",
        ("shifted", "permuted"),
        WEIGHTS,
    ),
    Mistake(
        "weights scaled by the rate",
        'nabla[f"weight{k}"] = np',
        'nabla[f"weight{k}"] = 0.3 * np',
        "scale",
        WEIGHTS,
    ),
    Mistake(
        "all returned transposed",
        "name: total / len(xs)",
        "name: total.T / len(xs)",
        ("transposed", "shape"),
        ALL,
    ),
    Mistake(
        "biases flat",
        'nabla[f"bias{k}"] = delta',
        'nabla[f"bias{k}"] = delta.ravel()',
        "shape",
        BIASES,
    ),
    Mistake(
        "single precision",
        "name: total / len(xs)",
        "name: np.float32(total / len(xs))",
        "dtype",
        ALL,
    ),
    Mistake(
        "biases forgotten",
        "total in sums.items()}",
        'total in sums.items() if "bias" not in name}',
        "missing",
        BIASES,
    ),
)
