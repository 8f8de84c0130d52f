"""Softmax regression with a penalty on the weights, as in the first assignment of a course."""

import numpy as np

from .mistakes import Mistake

STYLE = "loss"


def make(rng, N=7, D=5, C=4, scale=1.0):
    params = {"W": 0.5 * rng.standard_normal((D, C)), "b": 0.3 * rng.standard_normal(C)}
    X = scale * rng.standard_normal((N, D))
    y = rng.integers(0, C, size=N)
    return params, (X, y, 0.3)


def loss(params, X, y, reg):
    scores = X.dot(params["W"]) + params["b"]
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_sums = np.log(np.sum(np.exp(shifted), axis=1))
    data_loss = np.mean(log_sums - shifted[np.arange(len(y)), y])
    return data_loss + 0.5 * reg * np.sum(params["W"] * params["W"])


def gradients(params, X, y, reg):
    W, b = params["W"], params["b"]
    num_train = X.shape[0]
    scores = X.dot(W) + b
    scores -= np.max(scores, axis=1, keepdims=True)
    exp_scores = np.exp(scores)
    probs = exp_scores / np.sum(exp_scores, axis=1, keepdims=True)

    dscores = probs.copy()
    dscores[np.arange(num_train), y] -= 1
    dscores /= num_train

    grads = {}
    grads["W"] = X.T.dot(dscores)
    grads["b"] = np.sum(dscores, axis=0)
    grads["W"] += reg * W
    return grads


W, B = ("W",), ("b",)
MISTAKES = (
    Mistake(
        "gradients of all calls",
        '    grads["W"] = X.T.dot(dscores)',
        '    total = vars(gradients).setdefault("W", np.zeros_like(W))\n'
        "    total += X.T.dot(dscores)\n"
        '    grads["W"] = total.copy()',
        "accumulated",
        W,
        line="total += X.T.dot(dscores)",
    ),
    Mistake(
        "samples drawn",
        '    grads["W"] = X.T.dot(dscores)',
        "    some = np.random.choice(num_train, num_train)\n"
        '    grads["W"] = X[some].T.dot(dscores[some])',
        "random",
        W,
    ),
    Mistake(
        "single precision",
        'grads["b"] = np.sum(dscores, axis=0)',
        'grads["b"] = np.sum(dscores, axis=0).astype("f")',
        "dtype",
        B,
    ),
    Mistake(
        "penalty multiplied into the weights",
        'grads["W"] += reg * W',
        'W *= reg\n    grads["W"] += W',
        "modified",
        (),
    ),
    Mistake(
        "penalty added twice",
        '    grads["W"] += reg * W\n',
        '    for array in (W, params["W"]):\n        grads["W"] += reg * array\n',
        ("regularisation", "twice"),
        W,
        line='grads["W"] += reg * array',
    ),
    Mistake("not divided by the batch", "    dscores /= num_train\n", "", "scale", ("W", "b")),
    Mistake("penalty missing", '    grads["W"] += reg * W\n', "", "regularisation", W),
    Mistake("penalty doubled", "+= reg * W", "+= 2 * reg * W", "regularisation", W),
    Mistake("penalty halved", "+= reg * W", "+= 0.5 * reg * W", "regularisation", W),
    Mistake(
        "penalty divided by the batch", "+= reg * W", "+= reg * W / num_train", "regularisation", W
    ),
    Mistake(
        "penalty with the sign turned", '["W"] += reg * W', '["W"] -= reg * W', "regularisation", W
    ),
    Mistake(
        "penalty on the bias",
        '    grads["W"] += reg * W\n',
        '    grads["W"] += reg * W\n    grads["b"] += reg * b\n',
        "regularisation",
        B,
        line='grads["b"] += reg * b',
    ),
    Mistake(
        "penalty before the division by the batch",
        '    dscores /= num_train\n\n    grads = {}\n    grads["W"] = X.T.dot(dscores)\n'
        '    grads["b"] = np.sum(dscores, axis=0)\n    grads["W"] += reg * W',
        '    grads = {}\n    grads["W"] = X.T.dot(dscores) + reg * W\n    grads["W"] /= num_train\n'
        '    grads["b"] = np.sum(dscores, axis=0) / num_train',
        "regularisation",
        W,
        line='grads["W"] /= num_train',
    ),
    Mistake("labels off by one", "num_train), y] -= 1", "num_train), y - 1] -= 1", "labels", W + B),
    Mistake("labels not subtracted", "[np.arange(num_train), y] -= 1", "-= 0", "labels", W + B),
    Mistake(
        "one subtracted from every row's label",
        "[np.arange(num_train), y]",
        "[:, y]",
        "labels",
        W + B,
    ),
    Mistake(
        "labels subtracted after the division",
        "    dscores[np.arange(num_train), y] -= 1\n    dscores /= num_train\n",
        "    dscores /= num_train\n    dscores[np.arange(num_train), y] -= 1\n",
        "labels",
        W + B,
        line="dscores[np.arange(num_train), y] -= 1",
    ),
    Mistake(
        "bias summed over the classes", "dscores, axis=0)", "dscores, axis=1)", ("axis", "shape"), B
    ),
    Mistake("bias not summed", "np.sum(dscores, axis=0)", "dscores", ("axis", "shape"), B),
    Mistake(
        "bias keeps its dimension",
        "dscores, axis=0)",
        "dscores, axis=0, keepdims=True)",
        "shape",
        B,
    ),
    Mistake(
        "probabilities summed over the batch",
        "probs = exp_scores / np.sum(exp_scores, axis=1, keepdims=True)",
        "probs = exp_scores / np.sum(exp_scores, axis=0, keepdims=True)",
        ("axis", "labels"),
        W + B,
    ),
    Mistake(
        "softmax without shift",
        "    scores -= np.max(scores, axis=1, keepdims=True)\n    exp_scores",
        "    exp_scores",
        ("overflow", "nan"),
        W + B,
        make={"scale": 1e4},
    ),
    Mistake(
        "whole numbers in the one-hot copy",
        "dscores = probs.copy()",
        "dscores = probs.astype(int).astype(float)",
        "integer",
        W + B,
    ),
)
