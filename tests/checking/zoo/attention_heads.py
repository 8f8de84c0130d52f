"""Multi-head self-attention with four matrices, heads by reshape and transpose."""

import numpy as np

from .mistakes import Mistake

STYLE = "layer"
NAMES = ("X", "Wq", "Wk", "Wv", "Wo")


def make(rng):
    """Two heads of two or three units."""
    T, D = rng.integers(3, 5), 2 * rng.integers(2, 4)
    weights = [0.7 * rng.normal(size=(D, D)) for _ in range(4)]
    return (rng.normal(size=(2, T, D)), *weights, 2)


def split_heads(t, n_head):
    B, T, D = t.shape
    return t.reshape(B, T, n_head, D // n_head).transpose(0, 2, 1, 3)


def merge_heads(t):
    B, H, T, d = t.shape
    return t.transpose(0, 2, 1, 3).reshape(B, T, H * d)


def softmax(z):
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def forward(X, Wq, Wk, Wv, Wo, n_head):
    """Self-attention of all heads at once."""
    q, k, v = (split_heads(X @ W, n_head) for W in (Wq, Wk, Wv))
    scale = 1 / np.sqrt(q.shape[-1])
    att = softmax(q @ k.swapaxes(-1, -2) * scale)
    y = merge_heads(att @ v)
    return y @ Wo, (X, Wq, Wk, Wv, Wo, q, k, v, att, y, scale)


def backward(dout, cache):
    """Matrices first, then heads, then the three paths to X."""
    X, Wq, Wk, Wv, Wo, q, k, v, att, y, scale = cache
    n_head, D = att.shape[1], X.shape[-1]
    X_flat = X.reshape(-1, D)
    dWo = y.reshape(-1, D).T @ dout.reshape(-1, D)
    dy = split_heads(dout @ Wo.T, n_head)
    datt = dy @ v.swapaxes(-1, -2)
    dv = att.swapaxes(-1, -2) @ dy
    dscores = att * (datt - (datt * att).sum(axis=-1, keepdims=True)) * scale
    dq = merge_heads(dscores @ k)
    dk = merge_heads(dscores.swapaxes(-1, -2) @ q)
    dv = merge_heads(dv)
    dX = dq @ Wq.T + dk @ Wk.T + dv @ Wv.T
    dWq = X_flat.T @ dq.reshape(-1, D)
    dWk = X_flat.T @ dk.reshape(-1, D)
    dWv = X_flat.T @ dv.reshape(-1, D)
    return dX, dWq, dWk, dWv, dWo


QK = ("X", "Wq", "Wk")
X = ("X",)
MISTAKES = (
    Mistake("dWo of the input", "y.reshape(-1, D).T @ dout", "X_flat.T @ dout", "operand", ("Wo",)),
    Mistake(
        "dWo transposed",
        "y.reshape(-1, D).T @ dout.reshape(-1, D)",
        "dout.reshape(-1, D).T @ y.reshape(-1, D)",
        "transposed",
        ("Wo",),
    ),
    Mistake(
        "dWo averaged",
        "dWo = y.reshape(-1, D).T",
        "dWo = y.reshape(-1, D).T / len(X)",
        "scale",
        ("Wo",),
    ),
    Mistake(
        "output weights missing",
        "split_heads(dout @ Wo.T, n_head)",
        "split_heads(dout, n_head)",
        ("factor", "operand"),
        (*QK, "Wv"),
    ),
    Mistake("output weights not transposed", "dout @ Wo.T", "dout @ Wo", "operand", (*QK, "Wv")),
    Mistake(
        "values' weights for the output's",
        "dout @ Wo.T",
        "dout @ Wv.T",
        ("weights", "operand"),
        (*QK, "Wv"),
    ),
    Mistake("keys for values", "dy @ v.swapaxes", "dy @ k.swapaxes", "operand", QK),
    Mistake(
        "dv without transpose",
        "dv = att.swapaxes(-1, -2) @ dy",
        "dv = att @ dy",
        "operand",
        ("X", "Wv"),
    ),
    Mistake(
        "softmax as a sigmoid",
        "(datt - (datt * att).sum(axis=-1, keepdims=True))",
        "(datt - datt * att)",
        "slope",
        QK,
    ),
    Mistake(
        "softmax over queries",
        ".sum(axis=-1, keepdims=True)) * scale",
        ".sum(axis=-2, keepdims=True)) * scale",
        "axis",
        QK,
    ),
    Mistake(
        "softmax without its sum",
        "(datt - (datt * att).sum(axis=-1, keepdims=True))",
        "datt",
        ("path", "slope"),
        QK,
    ),
    Mistake(
        "softmax missing",
        "att * (datt - (datt * att).sum(axis=-1, keepdims=True))",
        "datt",
        "slope",
        QK,
    ),
    Mistake("scale missing", "keepdims=True)) * scale", "keepdims=True))", ("scale", "twice"), QK),
    Mistake(
        "scale squared",
        "keepdims=True)) * scale",
        "keepdims=True)) * scale**2",
        ("scale", "power", "twice"),
        QK,
    ),
    Mistake("dq by the queries", "dscores @ k)", "dscores @ q)", "operand", ("X", "Wq")),
    Mistake(
        "dk without transpose",
        "dscores.swapaxes(-1, -2) @ q",
        "dscores @ q",
        "operand",
        ("X", "Wk"),
    ),
    Mistake(
        "heads merged without transpose",
        "dv = merge_heads(dv)",
        "dv = dv.reshape(X.shape)",
        "permuted",
        ("X", "Wv"),
    ),
    Mistake("values' path missing", " + dv @ Wv.T", "", "path", X),
    Mistake("keys' path missing", "dk @ Wk.T + ", "", "path", X),
    Mistake("queries' path twice", "dX = dq @ Wq.T", "dX = 2 * dq @ Wq.T", "twice", X),
    Mistake(
        "weights of queries and keys exchanged",
        "dq @ Wq.T + dk @ Wk.T",
        "dq @ Wk.T + dk @ Wq.T",
        ("weights", "operand"),
        X,
    ),
    Mistake(
        "dWk of the queries",
        "X_flat.T @ dk.reshape(-1, D)",
        "X_flat.T @ dq.reshape(-1, D)",
        "operand",
        ("Wk",),
    ),
    Mistake(
        "dWv of each image",
        "X_flat.T @ dv.reshape(-1, D)",
        "X.swapaxes(1, 2) @ dv",
        "axis",
        ("Wv",),
    ),
)
