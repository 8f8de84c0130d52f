"""Two linear views of the same things, pulled together by the cosine of their angle."""

import numpy as np

from .mistakes import Mistake

STYLE = "loss"


def make(rng, n=5, d1=3, d2=4, k=3):
    params = {"A": rng.normal(size=(d1, k)), "B": rng.normal(size=(d2, k))}
    return params, (rng.normal(size=(n, d1)), rng.normal(size=(n, d2)), 0.1)


def loss(params, x1, x2, eps):
    u = x1 @ params["A"]
    v = x2 @ params["B"]
    lengths = np.linalg.norm(u, axis=1) * np.linalg.norm(v, axis=1)
    return np.mean(1 - (u * v).sum(axis=1) / (lengths + eps))


def gradients(params, x1, x2, eps):
    u, v = x1 @ params["A"], x2 @ params["B"]
    norm_u = np.sqrt((u**2).sum(axis=1, keepdims=True))
    norm_v = np.sqrt((v**2).sum(axis=1, keepdims=True))
    denom = norm_u * norm_v + eps
    dots = np.sum(u * v, axis=1, keepdims=True)
    du = v / denom - dots * norm_v / denom**2 * u / norm_u
    dv = u / denom - dots * norm_u / denom**2 * v / norm_v
    dA = -x1.T @ du / len(u)
    dB = -x2.T @ dv / len(u)
    return {"A": dA, "B": dB}


A, B = ("A",), ("B",)
MISTAKES = (
    Mistake(
        "path of the length missing for u",
        "v / denom - dots * norm_v / denom**2 * u / norm_u",
        "v / denom",
        "path",
        A,
    ),
    Mistake("path of the length added", "v / denom - dots", "v / denom + dots", "path", A),
    Mistake("path of the length only", "dv = u / denom - dots", "dv = -dots", "path", B),
    Mistake("denominator not squared", "norm_v / denom**2 * u", "norm_v / denom * u", "power", A),
    Mistake("denominator cubed", "norm_u / denom**2 * v", "norm_u / denom**3 * v", "power", B),
    Mistake(
        "length of the other missing", "dots * norm_u / denom**2", "dots / denom**2", "factor", B
    ),
    Mistake(
        "own length for the other's",
        "dots * norm_v / denom**2",
        "dots * norm_u / denom**2",
        ("operand", "factor"),
        A,
    ),
    Mistake("length not divided out", "* v / norm_v", "* v", ("factor", "power"), B),
    Mistake(
        "vector of the other view in the length",
        "denom**2 * u / norm_u",
        "denom**2 * v / norm_u",
        "operand",
        A,
    ),
    Mistake(
        "eps missing on the way back", "norm_u * norm_v + eps", "norm_u * norm_v", "eps", A + B
    ),
    Mistake("another eps", "norm_u * norm_v + eps", "norm_u * norm_v + 1e-3", "eps", A + B),
    Mistake(
        "length squared",
        "norm_v = np.sqrt((v**2).sum(axis=1, keepdims=True))",
        "norm_v = (v**2).sum(axis=1, keepdims=True)",
        "power",
        A + B,
    ),
    Mistake(
        "length over the batch",
        "norm_u = np.sqrt((u**2).sum(axis=1, keepdims=True))",
        "norm_u = np.sqrt((u**2).sum(axis=0, keepdims=True))",
        "axis",
        A + B,
    ),
    Mistake("sign of the loss", "dA = -x1.T @ du", "dA = x1.T @ du", "scale", A),
    Mistake("summed over the batch", "-x2.T @ dv / len(u)", "-x2.T @ dv", "scale", B),
    Mistake("averaged over all entries", "-x1.T @ du / len(u)", "-x1.T @ du / u.size", "scale", A),
    Mistake("transposed", "dA = -x1.T @ du / len(u)", "dA = -du.T @ x1 / len(u)", "transposed", A),
    Mistake("views exchanged", "dv = u / denom", "dv = v / denom", "operand", B),
    Mistake(
        "lengths from single precision",
        "norm_u = np.sqrt((u**2).sum(axis=1, keepdims=True))",
        "norm_u = np.sqrt((u**2).sum(axis=1, keepdims=True, dtype=np.float16))",
        "dtype",
        A + B,
    ),
)
