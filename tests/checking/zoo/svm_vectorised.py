"""Hinge loss of a linear classifier for several classes, without loops."""

import numpy as np

from .mistakes import Mistake

STYLE = "loss"


def make(rng, N=6, D=5, C=4):
    for _ in range(300):  # most draws lie too near to a kink
        W = rng.standard_normal((D, C))
        X = rng.standard_normal((N, D))
        y = rng.integers(0, C, size=N)
        scores = X @ W
        margins = scores - scores[np.arange(N), y][:, None] + 1
        margins[np.arange(N), y] = -5
        inside = (margins > 0).sum(axis=1)
        if np.abs(margins).min() > 0.02 and np.ptp(inside) > 1:
            break
    return {"W": W}, (X, y, 0.1)


def loss(params, X, y, reg):
    W = params["W"]
    scores = X.dot(W)
    correct = scores[np.arange(X.shape[0]), y].reshape(-1, 1)
    margins = np.maximum(0, scores - correct + 1.0)
    margins[np.arange(X.shape[0]), y] = 0
    return np.sum(margins) / X.shape[0] + reg * np.sum(W * W)


def gradients(params, X, y, reg):
    W = params["W"]
    num_train = X.shape[0]
    rows = np.arange(num_train)
    scores = X.dot(W)
    correct_class_score = scores[rows, y][:, np.newaxis]
    margins = np.maximum(0, scores - correct_class_score + 1)
    margins[rows, y] = 0

    binary = np.zeros_like(margins)
    binary[margins > 0] = 1
    row_sum = np.sum(binary, axis=1)
    binary[rows, y] = -row_sum
    dW = X.T.dot(binary)
    dW /= num_train
    dW += 2 * reg * W
    return {"W": dW}


P = ("W",)
MISTAKES = (
    Mistake(
        "some samples drawn",
        "dW = X.T.dot(binary)",
        "dW = X.T.dot(binary * np.random.choice([0, 2], size=(num_train, 1)))",
        "random",
        P,
    ),
    Mistake(
        "gradient of all calls",
        "    dW /= num_train\n",
        '    dW = dW / num_train + vars(gradients).get("old", 0)\n'
        '    vars(gradients)["old"] = dW.copy()\n',
        "accumulated",
        P,
    ),
    Mistake(
        "features rolled",
        "dW = X.T.dot(binary)",
        "dW = np.roll(X, 1, axis=1).T.dot(binary)",
        ("permuted", "shifted"),
        P,
    ),
    Mistake("penalty halved", "dW += 2 * reg * W", "dW += reg * W", "regularisation", P),
    Mistake("penalty missing", "    dW += 2 * reg * W\n", "", "regularisation", P),
    Mistake(
        "penalty before the division",
        "    dW /= num_train\n    dW += 2 * reg * W\n",
        "    dW += 2 * reg * W\n    dW /= num_train\n",
        "regularisation",
        P,
        line="dW /= num_train",
    ),
    Mistake(
        "penalty without its strength", "dW += 2 * reg * W", "dW += 2 * W", "regularisation", P
    ),
    Mistake(
        "not divided by the batch",
        "    dW /= num_train\n",
        "",
        "scale",
        P,
        line="dW += 2 * reg * W",
    ),
    Mistake(
        "right class not counted", "    binary[rows, y] = -row_sum\n", "", ("path", "labels"), P
    ),
    Mistake(
        "right class counted once",
        "binary[rows, y] = -row_sum",
        "binary[rows, y] = -1",
        ("path", "labels", "mask"),
        P,
    ),
    Mistake("right class with a plus", "= -row_sum", "= row_sum", ("labels", "path"), P),
    Mistake(
        "labels off by one",
        "binary[rows, y] = -row_sum",
        "binary[rows, y - 1] = -row_sum",
        ("labels", "shifted"),
        P,
    ),
    Mistake(
        "right class not left out of the margins",
        "    margins[rows, y] = 0\n",
        "",
        ("mask", "labels"),
        P,
        line="row_sum = np.sum(binary, axis=1)",
    ),
    Mistake(
        "margins for their sign",
        "binary[margins > 0] = 1",
        "binary = margins.copy()",
        ("mask", "factor", "power"),
        P,
    ),
    Mistake("margin of zero", "correct_class_score + 1)", "correct_class_score)", "mask", P),
    Mistake("mask of all classes", "binary[margins > 0] = 1", "binary[:] = 1", "mask", P),
    Mistake(
        "sign turned",
        "dW = X.T.dot(binary)",
        "dW = -X.T.dot(binary)",
        "scale",
        P,
        line="dW = -X.T.dot(binary)",
    ),
    Mistake(
        "counts in small whole numbers",
        "dW = X.T.dot(binary)",
        "dW = X.T.astype(int).dot(binary)",
        "integer",
        P,
    ),
    Mistake(
        "result transposed", 'return {"W": dW}', 'return {"W": dW.T}', ("transposed", "shape"), P
    ),
    Mistake("result flat", 'return {"W": dW}', 'return {"W": dW.ravel()}', "shape", P),
    Mistake(
        "scores overwritten in the weights",
        "dW += 2 * reg * W",
        "W *= 2 * reg\n    dW += W",
        "modified",
        (),
    ),
)
