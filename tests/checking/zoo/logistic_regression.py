"""Logistic regression with samples in columns, a weight column and a bias that is one number."""

import numpy as np

from .mistakes import Mistake

STYLE = "loss"


def make(rng, features=4, samples=7, scale=1.0):
    params = {"w": rng.normal(size=(features, 1)), "b": np.array(rng.normal())}
    X = scale * rng.normal(size=(features, samples))
    Y = rng.integers(0, 2, size=(1, samples))
    return params, (X, Y)


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def loss(params, X, Y):
    z = np.dot(params["w"].T, X) + params["b"]
    return np.mean(np.logaddexp(0, z) - Y * z)


def gradients(params, X, Y):
    w, b = params["w"], params["b"]
    m = X.shape[1]
    z = np.dot(w.T, X) + b
    A = sigmoid(z)
    dz = A - Y
    dw = np.dot(X, dz.T) / m
    db = np.sum(dz) / m
    return {"w": dw, "b": db}


MISTAKES = (
    Mistake(
        "weights of all calls",
        "dw = np.dot(X, dz.T) / m",
        'dw = vars(gradients).setdefault("dw", np.zeros_like(w))\n    dw += np.dot(X, dz.T) / m',
        "accumulated",
        ("w",),
    ),
    Mistake(
        "buffer of the weights",
        "dw = np.dot(X, dz.T) / m",
        'dw = np.dot(X, dz.T / m, out=vars(gradients).setdefault("dw", np.zeros_like(w)))',
        "aliased",
        ("w",),
    ),
    Mistake(
        "weights summed over the batch", "np.dot(X, dz.T) / m", "np.dot(X, dz.T)", "scale", ("w",)
    ),
    Mistake(
        "bias summed over the batch", "db = np.sum(dz) / m", "db = np.sum(dz)", "scale", ("b",)
    ),
    Mistake("divided by the features", "m = X.shape[1]", "m = X.shape[0]", "scale", ("w", "b")),
    Mistake("sign turned", "dz = A - Y", "dz = Y - A", "scale", ("w", "b")),
    Mistake(
        "sigmoid's slope of a squared loss",
        "dz = A - Y",
        "dz = (A - Y) * A * (1 - A)",
        "slope",
        ("w", "b"),
    ),
    Mistake("sigmoid forgotten", "dz = A - Y", "dz = z - Y", ("operand", "factor"), ("w", "b")),
    Mistake("labels inverted", "dz = A - Y", "dz = A - (1 - Y)", "labels", ("w", "b")),
    Mistake("labels not subtracted", "dz = A - Y", "dz = A", ("labels", "path"), ("w", "b")),
    Mistake(
        "labels shifted by one sample",
        "dz = A - Y",
        "dz = A - np.roll(Y, 1)",
        ("labels", "shifted"),
        ("w",),
    ),
    Mistake(
        "probabilities rounded to a decision",
        "A = sigmoid(z)",
        "A = (sigmoid(z) > 0.5).astype(float)",
        ("labels", "integer"),
        ("w", "b"),
    ),
    Mistake(
        "row instead of column",
        "dw = np.dot(X, dz.T) / m",
        "dw = np.dot(dz, X.T) / m",
        ("transposed", "shape"),
        ("w",),
    ),
    Mistake(
        "flat weights",
        "dw = np.dot(X, dz.T) / m",
        "dw = np.dot(X, dz.ravel()) / m",
        "shape",
        ("w",),
    ),
    Mistake(
        "bias as an array of one",
        "db = np.sum(dz) / m",
        "db = np.sum(dz, axis=1) / m",
        "shape",
        ("b",),
    ),
    Mistake("bias not summed", "db = np.sum(dz) / m", "db = dz / m", ("axis", "shape"), ("b",)),
    Mistake(
        "bias missing in the forward pass",
        "np.dot(w.T, X) + b\n    A",
        "np.dot(w.T, X)\n    A",
        ("path", "operand"),
        ("w", "b"),
    ),
    Mistake(
        "activation for input",
        "np.dot(X, dz.T)",
        "np.dot(X * A, dz.T)",
        ("operand", "factor"),
        ("w",),
    ),
    Mistake(
        "sigmoid written with an overflow",
        "return 1.0 / (1.0 + np.exp(-z))",
        "return np.exp(z) / (1.0 + np.exp(z))",
        ("overflow", "nan"),
        ("w", "b"),
        make={"scale": 1e4},
    ),
    Mistake(
        "learning rate applied",
        'return {"w": dw, "b": db}',
        'return {"w": 0.01 * dw, "b": 0.01 * db}',
        "scale",
        ("w", "b"),
    ),
    Mistake(
        "whole numbers", "dw = np.dot(X, dz.T) / m", "dw = np.dot(X, dz.T) // m", "integer", ("w",)
    ),
)
