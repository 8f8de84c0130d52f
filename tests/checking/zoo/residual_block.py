"""A residual block: x + relu(x W1 + b1) W2 + b2; gradients are gathered in a dict."""

import numpy as np

from .mistakes import Mistake

STYLE = "layer"
NAMES = ("x", "W1", "b1", "W2", "b2")


def make(rng):
    """Square matrices; pre-activations on both sides of the kink, none near it."""
    n, d = rng.integers(6, 8), rng.integers(3, 5)
    while True:
        x, W1, W2 = (rng.normal(size=s) for s in ((n, d), (d, d), (d, d)))
        b1, b2 = 0.1 * rng.normal(size=d), rng.normal(size=d)
        z = x @ W1 + b1
        if np.abs(z).min() > 0.02 and np.all((z > 0).any(axis=0) & (z < 0).any(axis=0)):
            return x, W1, b1, W2, b2


def forward(x, W1, b1, W2, b2):
    """The shortcut is added at the end."""
    z1 = np.dot(x, W1) + b1
    a1 = np.maximum(z1, 0)
    out = x + np.dot(a1, W2) + b2
    cache = {"x": x, "z1": z1, "a1": a1, "W1": W1, "W2": W2}
    return out, cache


def backward(dout, cache):
    """Gradients by name, as an optimiser takes them."""
    grads = {}
    grads["W2"] = np.dot(cache["a1"].T, dout)
    grads["b2"] = np.sum(dout, axis=0)
    da1 = np.dot(dout, cache["W2"].T)
    dz1 = da1.copy()
    dz1[cache["z1"] <= 0] = 0
    grads["W1"] = np.dot(cache["x"].T, dz1)
    grads["b1"] = np.sum(dz1, axis=0)
    grads["x"] = dout + np.dot(dz1, cache["W1"].T)
    return tuple(grads[name] for name in ("x", "W1", "b1", "W2", "b2"))


X, FIRST = ("x",), ("x", "W1", "b1")
MISTAKES = (
    Mistake("shortcut missing", "dout + np.dot(dz1", "np.dot(dz1", "path", X),
    Mistake("shortcut only", ' + np.dot(dz1, cache["W1"].T)', " + 0", "path", X),
    Mistake("shortcut twice", "dout + np.dot(dz1", "2 * dout + np.dot(dz1", "twice", X),
    Mistake(
        "shortcut through the mask",
        "dout + np.dot(dz1",
        'dout * (cache["z1"] > 0) + np.dot(dz1',
        ("mask", "factor"),
        X,
    ),
    Mistake("mask missing", '    dz1[cache["z1"] <= 0] = 0\n', "", "mask", FIRST),
    Mistake("mask the wrong way round", "<= 0] = 0", "> 0] = 0", "mask", FIRST),
    Mistake("mask of the gradient", 'dz1[cache["z1"] <= 0]', "dz1[da1 <= 0]", "mask", FIRST),
    Mistake("mask of the input", 'dz1[cache["z1"] <= 0]', 'dz1[cache["x"] <= 0]', "mask", FIRST),
    Mistake(
        "mask with leaks",
        'dz1[cache["z1"] <= 0] = 0',
        'dz1[cache["z1"] <= 0] *= 0.01',
        ("slope", "mask"),
        FIRST,
    ),
    Mistake(
        "first weights for the second",
        'np.dot(dout, cache["W2"].T)',
        'np.dot(dout, cache["W1"].T)',
        ("weights", "operand"),
        FIRST,
    ),
    Mistake(
        "second weights updated before",
        'np.dot(dout, cache["W2"].T)',
        'np.dot(dout, (cache["W2"] - 0.1 * grads["W2"]).T)',
        "weights",
        FIRST,
    ),
    Mistake(
        "second weights missing",
        'np.dot(dout, cache["W2"].T)',
        "1 * dout",
        ("factor", "operand"),
        FIRST,
    ),
    Mistake(
        "second weights not transposed",
        'np.dot(dout, cache["W2"].T)',
        'np.dot(dout, cache["W2"])',
        "operand",
        FIRST,
    ),
    Mistake(
        "second weights for the first",
        'np.dot(dz1, cache["W1"].T)',
        'np.dot(dz1, cache["W2"].T)',
        ("weights", "operand"),
        X,
    ),
    Mistake(
        "no mask on the way to x",
        'np.dot(dz1, cache["W1"].T)',
        'np.dot(da1, cache["W1"].T)',
        ("mask", "operand"),
        X,
    ),
    Mistake(
        "dW2 before the mask",
        'np.dot(cache["a1"].T, dout)',
        'np.dot(cache["z1"].T, dout)',
        ("operand", "mask"),
        ("W2",),
    ),
    Mistake(
        "dW2 of x", 'np.dot(cache["a1"].T, dout)', 'np.dot(cache["x"].T, dout)', "operand", ("W2",)
    ),
    Mistake(
        "dW1 of the activation",
        'np.dot(cache["x"].T, dz1)',
        'np.dot(cache["a1"].T, dz1)',
        "operand",
        ("W1",),
    ),
    Mistake(
        "dW1 averaged",
        'np.dot(cache["x"].T, dz1)',
        'np.dot(cache["x"].T, dz1) / len(dout)',
        "scale",
        ("W1",),
    ),
    Mistake("b1 of all units", "np.sum(dz1, axis=0)", "np.sum(dz1)", "axis", ("b1",)),
    Mistake(
        "b2 of both biases",
        '("x", "W1", "b1", "W2", "b2"))',
        '("x", "W1", "b1", "W2", "b1"))',
        ("aliased", "operand"),
        ("b1", "b2"),
    ),
)
