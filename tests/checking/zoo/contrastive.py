"""Pairs through the same layer: alike ones are pulled together, others pushed to a margin."""

import numpy as np

from .mistakes import Mistake

STYLE = "loss"


def make(rng, pairs=6, inputs=4, outputs=3, margin=1.5):
    for _ in range(300):  # most draws lie too near to a kink
        params = {"W": rng.normal(size=(inputs, outputs)), "b": 0.5 * rng.normal(size=outputs)}
        left, right = rng.normal(size=(2, pairs, inputs))
        same = np.arange(pairs) % 3 == 0
        far = embed(params, left)[~same] - embed(params, right)[~same]
        distance = np.sqrt(np.sum(far**2, axis=1))
        inside = np.sum(distance < margin)
        if 0 < inside < len(far) and np.abs(distance - margin).min() > 0.05:
            break
    return params, (left, right, same.astype(float), margin)


def embed(params, x):
    return np.tanh(x @ params["W"] + params["b"])


def loss(params, left, right, same, margin):
    distance = np.sqrt(np.sum((embed(params, left) - embed(params, right)) ** 2, axis=1))
    hinge = np.maximum(0.0, margin - distance)
    return np.mean(same * distance**2 + (1 - same) * hinge**2) / 2


def gradients(params, left, right, same, margin):
    n = len(same)
    e1, e2 = embed(params, left), embed(params, right)
    diff = e1 - e2
    dist = np.sqrt((diff * diff).sum(axis=1, keepdims=True))
    same = same.reshape(n, 1)
    gap = margin - dist
    gap = gap * (gap > 0)
    pull = same * diff
    push = -(1 - same) * gap * diff / dist
    d1 = (pull + push) / n
    d2 = -d1
    d1 = d1 * (1 - e1**2)
    d2 = d2 * (1 - e2**2)
    dW = np.matmul(left.T, d1) + np.matmul(right.T, d2)
    db = d1.sum(axis=0) + d2.sum(axis=0)
    return {"W": dW, "b": db}


W, B = ("W",), ("b",)
BOTH = W + B
MISTAKES = (
    Mistake(
        "eps in the distance only here",
        "(diff * diff).sum(axis=1, keepdims=True))",
        "(diff * diff).sum(axis=1, keepdims=True) + 0.01)",
        "eps",
        BOTH,
    ),
    Mistake(
        "eps beside the distance", "gap * diff / dist", "gap * diff / (dist + 0.01)", "eps", BOTH
    ),
    Mistake(
        "embeddings of the first call",
        "e1, e2 = embed(params, left), embed(params, right)",
        'e1 = vars(gradients).setdefault("e1", embed(params, left))\n    e2 = embed(params, right)',
        "stale",
        BOTH,
    ),
    Mistake(
        "logarithm of what may be negative",
        "pull = same * diff",
        "pull = same * np.exp(np.log(diff))",
        "nan",
        BOTH,
    ),
    Mistake("no gradient of the bias", '{"W": dW, "b": db}', '{"W": dW, "b": None}', "missing", B),
    Mistake("second branch missing", " + np.matmul(right.T, d2)", "", "path", W),
    Mistake(
        "second branch of the bias missing",
        "d1.sum(axis=0) + d2.sum(axis=0)",
        "d1.sum(axis=0)",
        "path",
        B,
    ),
    Mistake(
        "first branch twice",
        "np.matmul(right.T, d2)",
        "np.matmul(left.T, d1)",
        ("twice", "path"),
        W,
    ),
    Mistake(
        "inputs exchanged",
        "np.matmul(left.T, d1) + np.matmul(right.T, d2)",
        "np.matmul(right.T, d1) + np.matmul(left.T, d2)",
        "operand",
        W,
    ),
    Mistake("second branch with the sign of the first", "d2 = -d1", "d2 = d1.copy()", "path", BOTH),
    Mistake(
        "second branch assigned before the slope of the first",
        "    d2 = d2 * (1 - e2**2)",
        "    d2 = -d1 * (1 - e2**2)",
        "slope",
        BOTH,
    ),
    Mistake(
        "slope of the first branch missing", "d1 = d1 * (1 - e1**2)", "d1 = d1 * 1", "slope", BOTH
    ),
    Mistake("slope without square", "(1 - e2**2)", "(1 - e2)", ("slope", "power"), BOTH),
    Mistake("mask of the margin missing", "    gap = gap * (gap > 0)\n", "", "mask", BOTH),
    Mistake("mask turned", "gap * (gap > 0)", "gap * (gap < 0)", "mask", BOTH),
    Mistake(
        "mask for the gap",
        "gap = gap * (gap > 0)",
        "gap = 1.0 * (gap > 0)",
        ("factor", "power"),
        BOTH,
    ),
    Mistake(
        "distance not divided out", "gap * diff / dist", "gap * diff", ("factor", "power"), BOTH
    ),
    Mistake(
        "squared distance divided out", "gap * diff / dist", "gap * diff / dist**2", "power", BOTH
    ),
    Mistake(
        "push towards each other",
        "push = -(1 - same)",
        "push = (1 - same)",
        ("path", "scale"),
        BOTH,
    ),
    Mistake("push missing", "(pull + push) / n", "pull / n", "path", BOTH),
    Mistake("pull missing", "(pull + push) / n", "push / n", "path", BOTH),
    Mistake(
        "labels inverted",
        "same = same.reshape(n, 1)",
        "same = 1 - same.reshape(n, 1)",
        "labels",
        BOTH,
    ),
    Mistake("factor of the square", "(pull + push) / n", "2 * (pull + push) / n", "scale", BOTH),
    Mistake(
        "labels changed in place",
        "same = same.reshape(n, 1)",
        "same *= -1\n    same = -same.reshape(n, 1)",
        "modified",
        (),
    ),
)
