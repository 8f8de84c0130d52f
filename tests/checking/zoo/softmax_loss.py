"""Softmax loss as in cs231n: one function for the loss and its gradient."""

import numpy as np

from .mistakes import Mistake

STYLE = "both"
NAMES = ("x",)


def make(rng, size=1.0):
    """Scores of a few classes, and labels of which the last class is not one."""
    n, classes = rng.integers(3, 6), rng.integers(3, 6)
    return size * rng.normal(size=(n, classes)), rng.integers(0, classes - 1, size=n)


def forward(x, y):
    """Loss and gradient for softmax classification."""
    shifted_logits = x - np.max(x, axis=1, keepdims=True)
    Z = np.sum(np.exp(shifted_logits), axis=1, keepdims=True)
    log_probs = shifted_logits - np.log(Z)
    N = x.shape[0]
    loss = -np.sum(log_probs[np.arange(N), y]) / N
    probs = np.exp(log_probs)
    dx = probs.copy()
    dx[np.arange(N), y] -= 1
    dx /= N
    return loss, dx


MISTAKES = (
    Mistake("not averaged", "    dx /= N\n", "", "scale", ("x",)),
    Mistake("averaged twice", "dx /= N", "dx /= N * N", "scale", ("x",)),
    Mistake("averaged over classes", "dx /= N", "dx /= x.shape[1] * N", "scale", ("x",)),
    Mistake("the wrong sign", "dx /= N", "dx /= -N", "scale", ("x",)),
    Mistake(
        "labels off by one",
        "dx[np.arange(N), y] -= 1",
        "dx[np.arange(N), y + 1] -= 1",
        "labels",
        ("x",),
    ),
    Mistake(
        "labels counted from one",
        "dx[np.arange(N), y] -= 1",
        "dx[np.arange(N), y - 1] -= 1",
        "labels",
        ("x",),
    ),
    Mistake(
        "labels subtracted in whole columns",
        "dx[np.arange(N), y] -= 1",
        "dx[:, y] -= 1",
        "labels",
        ("x",),
    ),
    Mistake(
        "labels of the first row",
        "dx[np.arange(N), y] -= 1",
        "dx[np.arange(N), y[0]] -= 1",
        "labels",
        ("x",),
        make={"size": 1.0},
    ),
    Mistake(
        "labels added", "dx[np.arange(N), y] -= 1", "dx[np.arange(N), y] += 1", "labels", ("x",)
    ),
    Mistake("labels missing", "    dx[np.arange(N), y] -= 1\n", "", ("labels", "path"), ("x",)),
    Mistake(
        "labels after the average",
        "dx[np.arange(N), y] -= 1\n    dx /= N",
        "dx /= N\n    dx[np.arange(N), y] -= 1",
        "labels",
        ("x",),
    ),
    Mistake(
        "scores instead of probabilities",
        "dx = probs.copy()",
        "dx = x.copy()",
        ("labels", "operand"),
        ("x",),
    ),
    Mistake(
        "unnormalised probabilities",
        "probs = np.exp(log_probs)",
        "probs = np.exp(shifted_logits)",
        ("labels", "factor", "slope"),
        ("x",),
    ),
    Mistake(
        "probabilities over the batch",
        "probs = np.exp(log_probs)",
        "probs = np.exp(x) / np.sum(np.exp(x), axis=0)",
        ("axis", "labels"),
        ("x",),
    ),
    Mistake(
        "a softmax that overflows",
        "probs = np.exp(log_probs)",
        "probs = np.exp(x) / np.sum(np.exp(x), axis=1, keepdims=True)",
        ("overflow", "nan"),
        ("x",),
        make={"size": 1000.0},
    ),
    Mistake(
        "whole numbers",
        "return loss, dx",
        "return loss, dx.astype(int)",
        "integer",
        ("x",),
    ),
    Mistake(
        "single precision", "dx = probs.copy()", "dx = probs.astype(np.float32)", "dtype", ("x",)
    ),
    Mistake(
        "a sigmoid's slope besides", "dx /= N", "dx *= probs * (1 - probs) / N", "slope", ("x",)
    ),
    Mistake(
        "summed over the batch", "return loss, dx", "return loss, dx.sum(axis=0)", "axis", ("x",)
    ),
)
