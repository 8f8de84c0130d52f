"""The same hinge loss by loops over samples and classes, with a bias and squared margins too."""

import numpy as np

from .mistakes import Mistake

STYLE = "loss"


def make(rng, N=5, D=4, C=3):
    for _ in range(300):  # most draws lie too near to a kink
        params = {"W": rng.standard_normal((C, D)), "b": rng.standard_normal(C)}
        X = rng.standard_normal((N, D))
        y = [int(label) for label in rng.integers(0, C, size=N)]
        margins = []
        for i in range(N):
            s = params["W"] @ X[i] + params["b"]
            margins += [s[j] - s[y[i]] + 1 for j in range(C) if j != y[i]]
        positive = np.sum(np.array(margins) > 0)
        if 1 < positive < len(margins) and np.min(np.abs(margins)) > 0.02:
            break
    return params, (X, y, 0.05)


def loss(params, X, y, reg):
    W, b = params["W"], params["b"]
    total = 0.0
    for i in range(len(X)):
        scores = W.dot(X[i]) + b
        for j in range(len(b)):
            if j == y[i]:
                continue
            margin = scores[j] - scores[y[i]] + 1
            if margin > 0:
                total += margin + 0.5 * margin**2
    return total / len(X) + reg * np.sum(W**2)


def gradients(params, X, y, reg):
    W, b = params["W"], params["b"]
    dW = np.zeros(W.shape)
    db = np.zeros(b.shape)
    for i in range(len(X)):
        scores = W.dot(X[i]) + b
        for j in range(len(b)):
            if j == y[i]:
                continue
            margin = scores[j] - scores[y[i]] + 1
            if margin > 0:
                slope = 1 + margin
                dW[j, :] += slope * X[i]
                dW[y[i], :] -= slope * X[i]
                db[j] += slope
                db[y[i]] -= slope
    dW /= len(X)
    db /= len(X)
    dW += 2 * reg * W
    return {"W": dW, "b": db}


W, B = ("W",), ("b",)
MISTAKES = (
    Mistake("whole numbers", "db[j] += slope", "db[j] += int(slope)", "integer", B),
    Mistake(
        "assigned for the right class",
        "dW[y[i], :] -= slope",
        "dW[y[i], :] = -slope",
        "overwritten",
        W,
    ),
    Mistake(
        "assigned for the other class", "dW[j, :] += slope", "dW[j, :] = slope", "overwritten", W
    ),
    Mistake("bias assigned", "db[j] += slope", "db[j] = slope", "overwritten", B),
    Mistake(
        "right class left out",
        "                dW[y[i], :] -= slope * X[i]\n",
        "",
        ("path", "labels"),
        W,
    ),
    Mistake(
        "right class added", "dW[y[i], :] -= slope", "dW[y[i], :] += slope", ("path", "labels"), W
    ),
    Mistake(
        "label off by one", "db[y[i]] -= slope", "db[y[i] - 1] -= slope", ("labels", "shifted"), B
    ),
    Mistake(
        "quadratic part missing",
        "slope = 1 + margin",
        "slope = 1",
        ("path", "power", "factor"),
        W + B,
    ),
    Mistake(
        "quadratic part doubled",
        "slope = 1 + margin",
        "slope = 1 + 2 * margin",
        ("twice", "scale"),
        W + B,
    ),
    Mistake("linear part missing", "slope = 1 + margin", "slope = margin", "path", W + B),
    Mistake(
        "mask missing",
        "            if margin > 0:\n                slope",
        "            if True:\n                slope",
        "mask",
        W + B,
    ),
    Mistake(
        "mask at the margin of one",
        "            if margin > 0:\n                slope",
        "            if margin > 1:\n                slope",
        "mask",
        W + B,
    ),
    Mistake("penalty halved", "dW += 2 * reg * W", "dW += reg * W", "regularisation", W),
    Mistake(
        "penalty on the bias",
        "dW += 2 * reg * W",
        "dW += 2 * reg * W\n    db += 2 * reg * b",
        "regularisation",
        B,
        line="db += 2 * reg * b",
    ),
    Mistake(
        "penalty added for each sample",
        "    dW /= len(X)\n    db /= len(X)\n    dW += 2 * reg * W",
        "    dW /= len(X)\n    db /= len(X)\n    dW += 2 * reg * W * len(X)",
        "regularisation",
        W,
    ),
    Mistake("weights not averaged", "    dW /= len(X)\n", "", "scale", W, line="dW += 2 * reg * W"),
    Mistake("bias averaged over the classes", "db /= len(X)", "db /= len(b)", "scale", B),
    Mistake(
        "gradient kept from call to call",
        "dW = np.zeros(W.shape)",
        'dW = vars(gradients).setdefault("dW", np.zeros(W.shape))',
        "accumulated",
        W,
    ),
    Mistake(
        "buffer without zeros",
        "db = np.zeros(b.shape)",
        "db = b.copy()",
        ("regularisation", "accumulated"),
        B,
    ),
)
