"""Skip-gram with negative sampling: rows of two tables, words that come more than once."""

import numpy as np

from .mistakes import Mistake

STYLE = "loss"


def make(rng, vocabulary=6, dim=3, batch=4, negatives=3, scale=1.0):
    params = {
        "center_vectors": scale * rng.normal(size=(vocabulary, dim)),
        "outside_vectors": scale * rng.normal(size=(vocabulary, dim)),
    }
    centers = np.resize([2, 2, 0, 5], batch) % vocabulary
    outside = np.resize(rng.permutation(vocabulary), batch)
    outside[-1] = outside[0]
    return params, (centers, outside, rng.integers(0, vocabulary, size=(batch, negatives)))


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def loss(params, centers, outside, samples):
    v = params["center_vectors"][centers]
    positive = np.sum(params["outside_vectors"][outside] * v, axis=1)
    negative = np.einsum("bkd,bd->bk", params["outside_vectors"][samples], v)
    return (np.logaddexp(0, -positive).sum() + np.logaddexp(0, negative).sum()) / len(centers)


def gradients(params, centers, outside, samples):
    V, U = params["center_vectors"], params["outside_vectors"]
    grad_V, grad_U = np.zeros_like(V), np.zeros_like(U)
    B = len(centers)
    for b in range(B):
        c, o = centers[b], outside[b]
        v_c, u_o = V[c], U[o]
        delta = sigmoid(np.dot(u_o, v_c)) - 1.0
        grad_V[c] += delta * u_o
        grad_U[o] += delta * v_c
        u_k = U[samples[b]]
        probs = sigmoid(u_k.dot(v_c))
        grad_V[c] += probs @ u_k
        np.add.at(grad_U, samples[b], probs[:, None] * v_c)
    return {"center_vectors": grad_V / B, "outside_vectors": grad_U / B}


V, U = ("center_vectors",), ("outside_vectors",)
MISTAKES = (
    Mistake(
        "repeated words written once",
        "np.add.at(grad_U, samples[b], probs[:, None] * v_c)",
        "grad_U[samples[b]] += probs[:, None] * v_c",
        "overwritten",
        U,
    ),
    Mistake(
        "negatives assigned",
        "grad_V[c] += probs @ u_k",
        "grad_V[c] = probs @ u_k",
        "overwritten",
        V,
    ),
    Mistake("outside word assigned", "grad_U[o] += delta", "grad_U[o] = delta", "overwritten", U),
    Mistake(
        "one not subtracted",
        "np.dot(u_o, v_c)) - 1.0",
        "np.dot(u_o, v_c))",
        ("labels", "path"),
        V + U,
    ),
    Mistake(
        "sign of the positive word",
        "sigmoid(np.dot(u_o, v_c)) - 1.0",
        "1.0 - sigmoid(np.dot(u_o, v_c))",
        ("labels", "path", "scale"),
        V + U,
    ),
    Mistake(
        "negatives with the sign of the positive",
        "probs = sigmoid(u_k.dot(v_c))",
        "probs = sigmoid(u_k.dot(v_c)) - 1",
        ("labels", "path"),
        V + U,
    ),
    Mistake(
        "sigmoid of minus",
        "probs = sigmoid(u_k.dot(v_c))",
        "probs = sigmoid(-u_k.dot(v_c))",
        ("labels", "slope", "factor"),
        V + U,
    ),
    Mistake(
        "negatives left out for the centre", "        grad_V[c] += probs @ u_k\n", "", "path", V
    ),
    Mistake(
        "negatives left out for the outside words",
        "        np.add.at(grad_U, samples[b], probs[:, None] * v_c)\n",
        "",
        "path",
        U,
    ),
    Mistake(
        "slope of the sigmoid on top", "probs @ u_k", "(probs * (1 - probs)) @ u_k", "slope", V
    ),
    Mistake(
        "centre for the outside word",
        "grad_V[c] += delta * u_o",
        "grad_V[c] += delta * v_c",
        "operand",
        V,
    ),
    Mistake(
        "outside word for the centre",
        "grad_U[o] += delta * v_c",
        "grad_U[o] += delta * u_o",
        "operand",
        U,
    ),
    Mistake(
        "gradient written to the centre's row",
        "grad_U[o] += delta",
        "grad_U[c] += delta",
        ("labels", "permuted", "operand"),
        U,
    ),
    Mistake(
        "rows off by one",
        "grad_V[c] += delta * u_o",
        "grad_V[c - 1] += delta * u_o",
        ("shifted", "labels"),
        V,
    ),
    Mistake(
        "not averaged", '{"center_vectors": grad_V / B,', '{"center_vectors": grad_V,', "scale", V
    ),
    Mistake(
        "averaged over the negatives",
        '"outside_vectors": grad_U / B',
        '"outside_vectors": grad_U / samples.size',
        "scale",
        U,
    ),
    Mistake(
        "one buffer for both tables",
        "grad_V, grad_U = np.zeros_like(V), np.zeros_like(U)",
        "grad_V = grad_U = np.zeros_like(V)",
        "aliased",
        V + U,
    ),
    Mistake(
        "words learned at once",
        "        u_k = U[samples[b]]",
        "        U[o] -= 0.1 * delta * v_c\n        u_k = U[samples[b]]",
        ("weights", "modified"),
        V + U,
    ),
)
