"""Multiclass SVM loss with its gradient, vectorised, with a linear model and its penalty."""

import numpy as np

from .mistakes import Mistake

STYLE = "both"
NAMES = ("W", "X")


def make(rng):
    """Some margins are violated and some are not; the bias is a column of ones."""
    n, d, classes = rng.integers(5, 8), rng.integers(2, 4), rng.integers(3, 5)
    return rng.normal(size=(d, classes)), rng.normal(size=(n, d)), np.arange(n) % (classes - 1), 0.1


def forward(W, X, y, reg):
    """Structured SVM loss function, vectorized implementation."""
    num_train = X.shape[0]
    scores = X.dot(W)
    correct = scores[np.arange(num_train), y].reshape(-1, 1)
    margin = np.maximum(0, scores - correct + 1)
    margin[np.arange(num_train), y] = 0
    loss = margin.sum() / num_train + reg * np.sum(W * W)

    dscores = np.zeros_like(scores)
    dscores[margin > 0] = 1
    rows = np.arange(num_train)
    dscores[rows, y] -= np.sum(dscores, axis=1)
    dW = X.T.dot(dscores)
    dW /= num_train
    dW += 2 * reg * W
    dX = dscores.dot(W.T) / num_train
    return loss, (dW, dX)


MISTAKES = (
    Mistake("penalty missing", "    dW += 2 * reg * W\n", "", ("regularisation", "path"), ("W",)),
    Mistake("half of the penalty", "2 * reg * W", "reg * W", "regularisation", ("W",)),
    Mistake(
        "penalty divided by the batch",
        "    dW /= num_train\n    dW += 2 * reg * W\n",
        "    dW += 2 * reg * W\n    dW /= num_train\n",
        "regularisation",
        ("W",),
    ),
    Mistake(
        "penalty in dX",
        "dX = dscores.dot(W.T) / num_train",
        "dX = dscores.dot(W.T) / num_train + 2 * reg * X",
        "regularisation",
        ("X",),
    ),
    Mistake("penalty twice", "2 * reg * W", "4 * reg * W", ("regularisation", "twice"), ("W",)),
    Mistake("dW not averaged", "    dW /= num_train\n", "", ("scale", "twice", "path"), ("W",)),
    Mistake("dX not averaged", "dscores.dot(W.T) / num_train", "dscores.dot(W.T)", "scale", ("X",)),
    Mistake(
        "no margins", "dscores[margin > 0] = 1", "dscores[margin >= 0] = 1", "mask", ("W", "X")
    ),
    Mistake(
        "margins the other way",
        "dscores[margin > 0] = 1",
        "dscores[margin == 0] = 1",
        "mask",
        ("W", "X"),
    ),
    Mistake(
        "margin of one forgotten",
        "dscores[margin > 0] = 1",
        "dscores[margin > 1] = 1",
        "mask",
        ("W", "X"),
    ),
    Mistake(
        "margins instead of their signs",
        "dscores[margin > 0] = 1",
        "dscores = margin.copy()",
        ("slope", "mask", "factor"),
        ("W", "X"),
    ),
    Mistake(
        "right class gets one", "-= np.sum(dscores, axis=1)", "-= 1", ("labels", "axis"), ("W", "X")
    ),
    Mistake(
        "right class added",
        "-= np.sum(dscores, axis=1)",
        "+= np.sum(dscores, axis=1)",
        ("labels", "scale"),
        ("W", "X"),
    ),
    Mistake(
        "right class forgotten",
        "    dscores[rows, y] -= np.sum(dscores, axis=1)\n",
        "",
        ("labels", "path"),
        ("W", "X"),
    ),
    Mistake(
        "labels off by one", "dscores[rows, y] -=", "dscores[rows, y + 1] -=", "labels", ("W", "X")
    ),
    Mistake(
        "weights for data",
        "dX = dscores.dot(W.T)",
        "dX = dscores.dot(W.T[::-1])",
        ("weights", "permuted", "operand"),
        ("X",),
    ),
    Mistake(
        "scores instead of their gradient",
        "dW = X.T.dot(dscores)",
        "dW = X.T.dot(scores)",
        "operand",
        ("W",),
    ),
    Mistake(
        "dW transposed",
        "    return loss, (dW, dX)",
        "    return loss, (dW.T, dX)",
        "transposed",
        ("W",),
    ),
)
