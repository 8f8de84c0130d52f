"""Scaled dot-product attention with a causal mask of whole numbers."""

import numpy as np

from .mistakes import Mistake

STYLE = "layer"
NAMES = ("Q", "K", "V")


def make(rng):
    """Keys and values of the same size; no query sees later keys."""
    T, d = rng.integers(4, 6), rng.integers(2, 4)
    mask = np.tril(np.ones((T, T), dtype=int))
    return rng.normal(size=(2, T, d)), rng.normal(size=(2, T, d)), rng.normal(size=(2, T, d)), mask


def forward(Q, K, V, mask):
    """softmax(Q Kᵀ / √d) V."""
    d_k = Q.shape[-1]
    scores = np.matmul(Q, K.transpose(0, 2, 1)) / np.sqrt(d_k)
    scores = np.where(mask == 0, -1e9, scores)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    A = e / e.sum(axis=-1, keepdims=True)
    return np.matmul(A, V), {"Q": Q, "K": K, "V": V, "A": A, "mask": mask, "scores": scores}


def backward(dout, cache):
    """Through the product with V, the softmax, the mask and the scaled product."""
    Q, K, V, A = cache["Q"], cache["K"], cache["V"], cache["A"]
    d_k = Q.shape[-1]
    dV = np.matmul(A.transpose(0, 2, 1), dout)
    dA = np.matmul(dout, V.transpose(0, 2, 1))
    dS = A * (dA - np.sum(dA * A, axis=-1, keepdims=True))
    dS = np.where(cache["mask"] == 0, 0, dS)
    dS /= np.sqrt(d_k)
    dQ = np.matmul(dS, K)
    dK = np.matmul(dS.transpose(0, 2, 1), Q)
    return dQ, dK, dV


QK = ("Q", "K")
MISTAKES = (
    Mistake("dV without transpose", "A.transpose(0, 2, 1), dout", "A, dout", "operand", ("V",)),
    Mistake(
        "dV of the scores",
        "np.matmul(A.transpose(0, 2, 1), dout)",
        "np.matmul(cache['mask'].T, dout)",
        ("operand", "factor"),
        ("V",),
    ),
    Mistake(
        "dV averaged over time",
        "np.matmul(A.transpose(0, 2, 1), dout)",
        "np.matmul(A.transpose(0, 2, 1), dout) / A.shape[1]",
        "scale",
        ("V",),
    ),
    Mistake(
        "keys for values",
        "np.matmul(dout, V.transpose(0, 2, 1))",
        "np.matmul(dout, K.transpose(0, 2, 1))",
        "operand",
        QK,
    ),
    Mistake(
        "slope of a sigmoid",
        "A * (dA - np.sum(dA * A, axis=-1, keepdims=True))",
        "dA * A * (1 - A)",
        "slope",
        QK,
    ),
    Mistake(
        "softmax without its sum",
        "A * (dA - np.sum(dA * A, axis=-1, keepdims=True))",
        "A * dA",
        ("path", "slope"),
        QK,
    ),
    Mistake(
        "slope of the softmax missing",
        "A * (dA - np.sum(dA * A, axis=-1, keepdims=True))",
        "1 * dA",
        "slope",
        QK,
    ),
    Mistake(
        "softmax without A",
        "A * (dA - np.sum(dA * A, axis=-1, keepdims=True))",
        "dA - np.sum(dA * A, axis=-1, keepdims=True)",
        ("factor", "slope"),
        QK,
    ),
    Mistake(
        "sum without A",
        "np.sum(dA * A, axis",
        "np.sum(dA, axis",
        ("factor", "slope", "operand"),
        QK,
    ),
    Mistake(
        "mean for the sum",
        "np.sum(dA * A, axis",
        "np.mean(dA * A, axis",
        ("factor", "scale", "twice", "slope"),
        QK,
    ),
    Mistake("sum over the queries", "dA * A, axis=-1", "dA * A, axis=-2", "axis", QK),
    Mistake("sum over the batch", "dA * A, axis=-1", "dA * A, axis=0", "axis", QK),
    Mistake("sum added", "(dA - np.sum", "(dA + np.sum", ("path", "scale", "twice", "slope"), QK),
    Mistake("scale missing", "    dS /= np.sqrt(d_k)\n", "", "scale", QK),
    Mistake("scale without root", "/= np.sqrt(d_k)", "/= d_k", ("scale", "power"), QK),
    Mistake(
        "scale the other way", "dS /= np.sqrt(d_k)", "dS *= np.sqrt(d_k)", ("scale", "power"), QK
    ),
    Mistake(
        "mask the other way",
        'np.where(cache["mask"] == 0, 0, dS)',
        'np.where(cache["mask"] == 1, 0, dS)',
        "mask",
        QK,
    ),
    Mistake(
        "mask transposed",
        'np.where(cache["mask"] == 0, 0, dS)',
        'np.where(cache["mask"].T == 0, 0, dS)',
        ("mask", "transposed"),
        QK,
    ),
    Mistake("dQ by the queries", "np.matmul(dS, K)", "np.matmul(dS, Q)", "operand", ("Q",)),
    Mistake(
        "dK not transposed",
        "np.matmul(dS.transpose(0, 2, 1), Q)",
        "np.matmul(dS, Q)",
        "operand",
        ("K",),
    ),
    Mistake(
        "dK by the keys",
        "np.matmul(dS.transpose(0, 2, 1), Q)",
        "np.matmul(dS.transpose(0, 2, 1), K)",
        "operand",
        ("K",),
    ),
    Mistake(
        "dQ and dK exchanged", "return dQ, dK, dV", "return dK, dQ, dV", ("operand", "unknown"), QK
    ),
)
