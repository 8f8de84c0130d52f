"""A net of two layers with ReLU, softmax loss and L2 penalty, row by row."""

import numpy as np

from .mistakes import Mistake

STYLE = "loss"


def make(rng, N=5, D=4, H=6, C=3):
    for _ in range(300):  # most draws lie too near to a kink
        params = {
            "W1": rng.normal(size=(D, H)),
            "b1": rng.normal(size=H),
            "W2": rng.normal(size=(H, C)),
            "b2": rng.normal(size=C),
        }
        X = rng.normal(size=(N, D))
        hidden = X @ params["W1"] + params["b1"]
        alive = (hidden > 0).sum(axis=1)
        if np.abs(hidden).min() > 0.02 and alive.min() > 0 and alive.max() < H:
            break
    return params, (X, rng.integers(C, size=N), 0.2)


def loss(params, X, y, reg):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    N = X.shape[0]
    hidden = np.maximum(0, np.dot(X, W1) + b1)
    scores = np.dot(hidden, W2) + b2
    exp_scores = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    probs = exp_scores / np.sum(exp_scores, axis=1, keepdims=True)
    data_loss = -np.sum(np.log(probs[range(N), y])) / N
    reg_loss = 0.5 * reg * np.sum(W1 * W1) + 0.5 * reg * np.sum(W2 * W2)
    return data_loss + reg_loss


def gradients(params, X, y, reg):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    N = X.shape[0]
    pre = np.dot(X, W1) + b1
    h = np.maximum(0, pre)
    out = np.dot(h, W2) + b2
    exps = np.exp(out - np.max(out, axis=1, keepdims=True))
    p = exps / np.sum(exps, axis=1, keepdims=True)

    dscores = p
    dscores[range(N), y] -= 1
    dscores /= N
    dW2 = np.dot(h.T, dscores)
    db2 = np.sum(dscores, axis=0)
    dhidden = np.dot(dscores, W2.T)
    dhidden[pre <= 0] = 0
    dW1 = np.dot(X.T, dhidden)
    db1 = np.sum(dhidden, axis=0)
    dW2 += reg * W2
    dW1 += reg * W1
    return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}


FIRST, SECOND = ("W1", "b1"), ("W2", "b2")
ALL = FIRST + SECOND
W1, W2, B1, B2 = ("W1",), ("W2",), ("b1",), ("b2",)
MISTAKES = (
    Mistake(
        "hidden units of the first call",
        "h = np.maximum(0, pre)",
        'h = vars(gradients).setdefault("h", np.maximum(0, pre))',
        "stale",
        ALL,
    ),
    Mistake(
        "hidden error passed on twice",
        "dW1 = np.dot(X.T, dhidden)",
        "dW1 = np.dot(X.T, dhidden + dhidden)",
        ("twice", "scale"),
        W1,
    ),
    Mistake(
        "softmax without shift",
        "np.exp(out - np.max(out, axis=1, keepdims=True))",
        "np.exp(out * 1e3) ** 1e-3",
        ("overflow", "nan"),
        ALL,
    ),
    Mistake(
        "bias from the first sample",
        "db1 = np.sum(dhidden, axis=0)",
        "db1 = dhidden[0].copy()",
        ("axis", "path", "overwritten"),
        B1,
    ),
    Mistake("mask of the relu missing", "    dhidden[pre <= 0] = 0\n", "", "mask", FIRST),
    Mistake("mask turned round", "dhidden[pre <= 0]", "dhidden[pre > 0]", "mask", FIRST),
    Mistake("mask of the gradient", "dhidden[pre <= 0]", "dhidden[dhidden <= 0]", "mask", FIRST),
    Mistake(
        "relu's slope taken to be its value",
        "dhidden[pre <= 0] = 0",
        "dhidden *= h",
        ("slope", "factor"),
        FIRST,
    ),
    Mistake(
        "slope of a sigmoid for a relu",
        "dhidden[pre <= 0] = 0",
        "dhidden *= h * (1 - h)",
        "slope",
        FIRST,
    ),
    Mistake("batch not divided out", "    dscores /= N\n", "", "scale", ALL),
    Mistake("divided by the features", "dscores /= N", "dscores /= X.shape[1]", "scale", ALL),
    Mistake("penalty of layer 1 missing", "    dW1 += reg * W1\n", "", "regularisation", W1),
    Mistake("penalty of layer 2 doubled", "dW2 += reg", "dW2 += 2 * reg", "regularisation", W2),
    Mistake(
        "penalty of layer 1 over the batch", "dW1 += reg", "dW1 += reg / N", "regularisation", W1
    ),
    Mistake(
        "penalty assigned instead of added",
        "dW2 += reg * W2",
        "dW2 = reg * W2",
        ("overwritten", "path"),
        W2,
    ),
    Mistake(
        "pre-activation for activation", "h.T, dscores", "pre.T, dscores", ("operand", "mask"), W2
    ),
    Mistake(
        "bias of layer 1 from the scores",
        "db1 = np.sum(dhidden, axis=0)",
        "db1 = np.sum(np.dot(dscores, W2.T), axis=0)",
        "mask",
        B1,
    ),
    Mistake("bias of layer 1 averaged", "db1 = np.sum(", "db1 = np.mean(", "scale", B1),
    Mistake(
        "bias of layer 2 summed over the classes",
        "dscores, axis=0",
        "dscores, axis=1",
        ("axis", "shape"),
        B2,
    ),
    Mistake(
        "labels off by one",
        "dscores[range(N), y] -= 1",
        "dscores[range(N), y - 1] -= 1",
        "labels",
        ALL,
    ),
    Mistake(
        "first class subtracted",
        "dscores[range(N), y] -= 1",
        "dscores[range(N), 0] -= 1",
        "labels",
        ALL,
    ),
    Mistake(
        "weights stepped before the error is passed on",
        "    dhidden = np.dot(dscores, W2.T)",
        "    W2 = W2 - 0.1 * dW2\n    dhidden = np.dot(dscores, W2.T)",
        "weights",
        FIRST + W2,
    ),
    Mistake("bias of layer 2 forgotten", ', "b2": db2}', "}", "missing", B2),
    Mistake(
        "probabilities of another softmax",
        "np.max(out, axis=1, keepdims=True)",
        "np.max(out, axis=0)",
        ("labels", "axis"),
        ALL,
    ),
)
