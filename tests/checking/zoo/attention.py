"""One head of attention over a batch of sequences, averaged over time, then a softmax."""

import numpy as np

from .mistakes import Mistake

STYLE = "loss"


def make(rng, N=3, T=4, D=5, K=2, V=3, C=2):
    params = {
        "Wq": rng.normal(size=(D, K)),
        "Wk": rng.normal(size=(D, K)),
        "Wv": rng.normal(size=(D, V)),
        "Wo": rng.normal(size=(V, C)),
    }
    return params, (rng.normal(size=(N, T, D)), rng.integers(C, size=N))


def softmax(s):
    e = np.exp(s - s.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def loss(params, x, y):
    q, k, v = x @ params["Wq"], x @ params["Wk"], x @ params["Wv"]
    attention = softmax(q @ k.transpose(0, 2, 1) / np.sqrt(q.shape[-1]))
    pooled = (attention @ v).mean(axis=1)
    return -np.mean(np.log(softmax(pooled @ params["Wo"])[np.arange(len(y)), y]))


def gradients(params, x, y):
    Wq, Wk, Wv, Wo = (params[name] for name in ("Wq", "Wk", "Wv", "Wo"))
    N, T, D = x.shape
    q, k, v = x @ Wq, x @ Wk, x @ Wv
    scale = 1.0 / np.sqrt(q.shape[-1])
    scores = np.einsum("nik,njk->nij", q, k) * scale
    A = softmax(scores)
    context = A @ v
    pooled = context.mean(axis=1)
    dlogits = softmax(pooled @ Wo)
    dlogits[np.arange(N), y] -= 1
    dlogits /= N

    dWo = pooled.T @ dlogits
    dpooled = dlogits @ Wo.T
    dcontext = np.repeat(dpooled[:, None, :], T, axis=1) / T
    dA = dcontext @ v.transpose(0, 2, 1)
    dv = A.transpose(0, 2, 1) @ dcontext
    dscores = A * (dA - np.sum(dA * A, axis=-1, keepdims=True))
    dscores *= scale
    dq = dscores @ k
    dk = dscores.transpose(0, 2, 1) @ q
    flat = x.reshape(N * T, D)
    dWq = flat.T @ dq.reshape(N * T, -1)
    dWk = flat.T @ dk.reshape(N * T, -1)
    dWv = flat.T @ dv.reshape(N * T, -1)
    return {"Wq": dWq, "Wk": dWk, "Wv": dWv, "Wo": dWo}


Q, K, V, O = ("Wq",), ("Wk",), ("Wv",), ("Wo",)
SCORES, ALL = Q + K, Q + K + V + O
MISTAKES = (
    Mistake("scale missing", "    dscores *= scale\n", "", "scale", SCORES),
    Mistake(
        "scale by the sequence's length",
        "dscores *= scale",
        "dscores /= np.sqrt(T)",
        "scale",
        SCORES,
    ),
    Mistake(
        "softmax as if each entry alone",
        "A * (dA - np.sum(dA * A, axis=-1, keepdims=True))",
        "A * (1 - A) * dA",
        ("path", "slope"),
        SCORES,
    ),
    Mistake(
        "sum in the softmax missing",
        "A * (dA - np.sum(dA * A, axis=-1, keepdims=True))",
        "A * dA",
        ("path", "slope"),
        SCORES,
    ),
    Mistake(
        "softmax left out",
        "A * (dA - np.sum(dA * A, axis=-1, keepdims=True))",
        "dA.copy()",
        ("slope", "factor", "path"),
        SCORES,
    ),
    Mistake(
        "sum in the softmax over the queries",
        "np.sum(dA * A, axis=-1, keepdims=True)",
        "np.sum(dA * A, axis=1, keepdims=True)",
        "axis",
        SCORES,
    ),
    Mistake(
        "attention missing in the sum",
        "np.sum(dA * A, axis=-1",
        "np.mean(dA, axis=-1",
        ("factor", "path", "slope"),
        SCORES,
    ),
    Mistake(
        "keys' gradient not transposed",
        "dscores.transpose(0, 2, 1) @ q",
        "dscores @ q",
        ("operand", "transposed"),
        K,
    ),
    Mistake("queries for keys", "dq = dscores @ k", "dq = dscores @ q", "operand", Q),
    Mistake(
        "keys for queries",
        "dk = dscores.transpose(0, 2, 1) @ q",
        "dk = dscores.transpose(0, 2, 1) @ k",
        "operand",
        K,
    ),
    Mistake(
        "attention not transposed",
        "dv = A.transpose(0, 2, 1) @ dcontext",
        "dv = A @ dcontext",
        ("operand", "transposed"),
        V,
    ),
    Mistake(
        "scores for attention",
        "dv = A.transpose(0, 2, 1) @ dcontext",
        "dv = scores.transpose(0, 2, 1) @ dcontext",
        ("operand", "slope"),
        V,
    ),
    Mistake(
        "pooling not averaged",
        "np.repeat(dpooled[:, None, :], T, axis=1) / T",
        "np.repeat(dpooled[:, None, :], T, axis=1)",
        "scale",
        Q + K + V,
    ),
    Mistake(
        "error to the last step only",
        "dcontext = np.repeat(dpooled[:, None, :], T, axis=1) / T",
        "dcontext = np.zeros_like(context)\n    dcontext[:, -1] = dpooled / T",
        ("path", "mask"),
        Q + K + V,
        line="dcontext[:, -1] = dpooled / T",
    ),
    Mistake(
        "labels off by one",
        "dlogits[np.arange(N), y] -= 1",
        "dlogits[np.arange(N), y - 1] -= 1",
        "labels",
        ALL,
    ),
    Mistake(
        "batch not averaged",
        "    dlogits /= N\n",
        "",
        "scale",
        ALL,
        line="dWo = pooled.T @ dlogits",
    ),
    Mistake(
        "reshaped where axes change places",
        "dq.reshape(N * T, -1)",
        "dq.transpose(1, 0, 2).reshape(N * T, -1)",
        "permuted",
        Q,
    ),
    Mistake(
        "context of the first step",
        "dWo = pooled.T @ dlogits",
        "dWo = context[:, 0].T @ dlogits",
        ("operand", "path"),
        O,
    ),
    Mistake(
        "values' gradient for the keys",
        '"Wk": dWk',
        '"Wk": dWq',
        ("aliased", "weights", "operand"),
        ("Wk", "Wq"),
    ),
)
