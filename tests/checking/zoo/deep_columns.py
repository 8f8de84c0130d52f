"""L layers with samples in columns, caches of (A, W, b, Z), a sigmoid at the end."""

import numpy as np

from .mistakes import Mistake

STYLE = "loss"
LAYERS = 3


def make(rng, n_x=4, n_h1=5, n_h2=3, m=6):
    sizes = (n_x, n_h1, n_h2, 1)
    for _ in range(300):  # most draws lie too near to a kink
        parameters = {}
        for l in range(1, LAYERS + 1):
            parameters["W" + str(l)] = rng.standard_normal((sizes[l], sizes[l - 1]))
            parameters["b" + str(l)] = rng.standard_normal((sizes[l], 1))
        X = rng.standard_normal((n_x, m))
        Y = (rng.random((1, m)) > 0.5).astype(float)
        caches = forward(parameters, X)[1]
        masks = [Z > 0 for _, _, _, Z in caches[:-1]]
        mixed = all(mask.any() and not mask.all() for mask in masks)
        if mixed and min(np.abs(Z).min() for _, _, _, Z in caches[:-1]) > 0.02:
            break
    return parameters, (X, Y)


def forward(parameters, X):
    caches = []
    A = X
    for l in range(1, LAYERS + 1):
        W, b = parameters["W" + str(l)], parameters["b" + str(l)]
        Z = np.dot(W, A) + b
        caches.append((A, W, b, Z))
        A = np.maximum(0, Z) if l < LAYERS else 1 / (1 + np.exp(-Z))
    return A, caches


def loss(parameters, X, Y):
    m = Y.shape[1]
    AL, _ = forward(parameters, X)
    cost = -1 / m * np.sum(Y * np.log(AL) + (1 - Y) * np.log(1 - AL))
    return np.squeeze(cost)


def linear_backward(dZ, cache):
    A_prev, W, _, _ = cache
    m = A_prev.shape[1]
    dW = 1 / m * np.dot(dZ, A_prev.T)
    db = 1 / m * np.sum(dZ, axis=1, keepdims=True)
    dA_prev = np.dot(W.T, dZ)
    return dA_prev, dW, db


def relu_backward(dA, Z):
    dZ = np.array(dA, copy=True)
    dZ[Z <= 0] = 0
    return dZ


def sigmoid_backward(dA, Z):
    s = 1 / (1 + np.exp(-Z))
    return dA * s * (1 - s)


def gradients(parameters, X, Y):
    AL, caches = forward(parameters, X)
    grads = {}
    dAL = -(np.divide(Y, AL) - np.divide(1 - Y, 1 - AL))
    dZ = sigmoid_backward(dAL, caches[-1][3])
    dA, grads["W3"], grads["b3"] = linear_backward(dZ, caches[-1])
    for l in reversed(range(1, LAYERS)):
        dZ = relu_backward(dA, caches[l - 1][3])
        dA, grads["W" + str(l)], grads["b" + str(l)] = linear_backward(dZ, caches[l - 1])
    return grads


WEIGHTS, BIASES = ("W1", "W2", "W3"), ("b1", "b2", "b3")
ALL = WEIGHTS + BIASES
HIDDEN = ("W1", "W2", "b1", "b2")
LAST = ("W3", "b3")
MISTAKES = (
    Mistake(
        "single precision",
        "dW = 1 / m * np.dot(dZ, A_prev.T)",
        "dW = np.dot(dZ, A_prev.T).astype(np.float32) / m",
        "dtype",
        WEIGHTS,
    ),
    Mistake("weights not averaged", "dW = 1 / m * np.dot", "dW = np.dot", "scale", WEIGHTS),
    Mistake("biases not averaged", "db = 1 / m * np.sum", "db = np.sum", "scale", BIASES),
    Mistake(
        "biases averaged twice",
        "1 / m * np.sum(dZ, axis=1,",
        "1 / m * np.mean(dZ, axis=1,",
        "scale",
        BIASES,
    ),
    Mistake(
        "averaged over the features", "m = A_prev.shape[1]", "m = A_prev.shape[0]", "scale", ALL
    ),
    Mistake(
        "batch divided out at each layer",
        "np.dot(W.T, dZ)",
        "1 / m * np.dot(W.T, dZ)",
        "scale",
        HIDDEN,
        line="dA_prev = 1 / m * np.dot(W.T, dZ)",
    ),
    Mistake(
        "bias without keepdims",
        "np.sum(dZ, axis=1, keepdims=True)",
        "np.sum(dZ, axis=1)",
        "shape",
        BIASES,
    ),
    Mistake(
        "bias summed over everything",
        "np.sum(dZ, axis=1, keepdims=True)",
        "np.sum(dZ)",
        ("axis", "shape"),
        BIASES,
    ),
    Mistake("mask of the relu missing", "    dZ[Z <= 0] = 0\n", "", "mask", HIDDEN),
    Mistake("mask by the gradient", "dZ[Z <= 0] = 0", "dZ[dA <= 0] = 0", "mask", HIDDEN),
    Mistake(
        "relu's value for its slope",
        "dZ[Z <= 0] = 0",
        "dZ = dA * np.maximum(0, Z)",
        ("slope", "factor"),
        HIDDEN,
    ),
    Mistake("sigmoid's slope missing", "return dA * s * (1 - s)", "return dA", "slope", ALL),
    Mistake(
        "half the sigmoid's slope missing",
        "dA * s * (1 - s)",
        "dA * (1 - s)",
        ("slope", "factor"),
        ALL,
    ),
    Mistake(
        "sigmoid's slope of the pre-activation",
        "dA * s * (1 - s)",
        "dA * Z * (1 - Z)",
        "slope",
        ALL,
    ),
    Mistake(
        "sigmoid's slope applied twice",
        "dZ = sigmoid_backward(dAL, caches[-1][3])",
        "dZ = sigmoid_backward(AL - Y, caches[-1][3])",
        "slope",
        ALL,
    ),
    Mistake("sign of the loss forgotten", "dAL = -(np.divide", "dAL = (np.divide", "scale", ALL),
    Mistake(
        "second half of the cross entropy missing", " - np.divide(1 - Y, 1 - AL))", ")", "path", ALL
    ),
    Mistake(
        "penalty that the loss has not",
        "dW = 1 / m * np.dot(dZ, A_prev.T)",
        "dW = 1 / m * np.dot(dZ, A_prev.T) + 0.7 / m * W",
        "regularisation",
        WEIGHTS,
    ),
)
