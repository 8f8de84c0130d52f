"""Embeddings of length one and triplets: the positive is to be nearer by a margin."""

import numpy as np

from .mistakes import Mistake

STYLE = "loss"


def make(rng, n=6, d=4, k=3, margin=0.4):
    for _ in range(300):  # most draws lie too near to a kink
        params = {"W": rng.normal(size=(k, d))}
        triplets = rng.normal(size=(3, n, d))
        a, p, q = (embed(params["W"], x)[0] for x in triplets)
        gap = np.sum((a - p) ** 2 - (a - q) ** 2, axis=1) + margin
        if np.abs(gap).min() > 0.05 and 1 < np.sum(gap > 0) < n:
            break
    return params, (*triplets, margin, 0.01)


def embed(W, x, eps=0.01):
    raw = x @ W.T
    length = np.sqrt(np.sum(raw**2, axis=1, keepdims=True) + eps)
    return raw / length, length


def loss(params, anchor, positive, negative, margin, eps):
    a, p, q = (embed(params["W"], x, eps)[0] for x in (anchor, positive, negative))
    near, far = np.sum((a - p) ** 2, axis=1), np.sum((a - q) ** 2, axis=1)
    return np.mean(np.maximum(0, near - far + margin))


def normal_backward(dy, y, length):
    along = np.sum(dy * y, axis=1, keepdims=True)
    return (dy - y * along) / length


def gradients(params, anchor, positive, negative, margin, eps):
    W = params["W"]
    a, la = embed(W, anchor, eps)
    p, lp = embed(W, positive, eps)
    q, lq = embed(W, negative, eps)
    gap = ((a - p) ** 2 - (a - q) ** 2).sum(1) + margin
    active = (gap > 0).astype(float)[:, None] / len(gap)
    da = 2 * active * (q - p)
    dp = 2 * active * (p - a)
    dq = 2 * active * (a - q)
    dW = normal_backward(da, a, la).T @ anchor
    dW += normal_backward(dp, p, lp).T @ positive
    dW += normal_backward(dq, q, lq).T @ negative
    return {"W": dW}


P = ("W",)
MISTAKES = (
    Mistake(
        "anchor missing",
        "dW = normal_backward(da, a, la).T @ anchor",
        "dW = np.zeros_like(W)",
        "path",
        P,
    ),
    Mistake(
        "positive assigned",
        "dW += normal_backward(dp",
        "dW = normal_backward(dp",
        ("overwritten", "path"),
        P,
    ),
    Mistake(
        "negative missing", "    dW += normal_backward(dq, q, lq).T @ negative\n", "", "path", P
    ),
    Mistake(
        "negative with the sign of the positive",
        "dq = 2 * active * (a - q)",
        "dq = 2 * active * (q - a)",
        "path",
        P,
    ),
    Mistake("positive counted twice", "dp = 2 * active", "dp = 4 * active", ("twice", "path"), P),
    Mistake(
        "anchor's own place", "2 * active * (q - p)", "2 * active * (a - p)", ("path", "operand"), P
    ),
    Mistake("length not seen", "(dy - y * along) / length", "dy / length", "path", P),
    Mistake(
        "length not divided out",
        "(dy - y * along) / length",
        "dy - y * along",
        ("factor", "power"),
        P,
    ),
    Mistake(
        "length squared", "(dy - y * along) / length", "(dy - y * along) / length**2", "power", P
    ),
    Mistake("projection added", "(dy - y * along)", "(dy + y * along)", "path", P),
    Mistake(
        "projection over the batch",
        "along = np.sum(dy * y, axis=1, keepdims=True)",
        "along = np.sum(dy * y, axis=0, keepdims=True)",
        "axis",
        P,
    ),
    Mistake(
        "eps of the default",
        "a, la = embed(W, anchor, eps)",
        "a, la = embed(W, anchor, 1e-12)",
        "eps",
        P,
    ),
    Mistake(
        "eps left out of a length",
        "q, lq = embed(W, negative, eps)",
        "q, lq = embed(W, negative, 0.0)",
        "eps",
        P,
    ),
    Mistake(
        "all triplets active", "(gap > 0).astype(float)", "(gap > -9).astype(float)", "mask", P
    ),
    Mistake("margin forgotten in the mask", ".sum(1) + margin", ".sum(1)", "mask", P),
    Mistake(
        "mask of gaps for their sign",
        "(gap > 0).astype(float)[:, None]",
        "(gap * (gap > 0))[:, None]",
        ("factor", "mask", "power"),
        P,
    ),
    Mistake("not averaged", "[:, None] / len(gap)", "[:, None]", "scale", P),
    Mistake(
        "averaged over the active",
        "[:, None] / len(gap)",
        "[:, None] / (gap > 0).sum()",
        "scale",
        P,
    ),
    Mistake("inputs exchanged", ".T @ positive", ".T @ anchor", "operand", P),
    Mistake("flat", '{"W": dW}', '{"W": dW.ravel()}', "shape", P),
    Mistake("one of three by the others' sum", '{"W": dW}', '{"W": dW / 3}', "scale", P),
)
