"""Cosine similarity of pairs of rows, with an eps in the product of the norms."""

import numpy as np

from .mistakes import Mistake

STYLE = "layer"
NAMES = ("a", "b")


def make(rng):
    """Pairs of short vectors, so that eps can be seen."""
    shape = (rng.integers(3, 5), rng.integers(5, 7))
    return rng.normal(size=shape), rng.normal(size=shape)


def forward(a, b, eps=1e-2):
    """dot / (|a| |b| + eps), for each pair."""
    norm_a = np.linalg.norm(a, axis=1, keepdims=True)
    norm_b = np.sqrt(np.sum(b * b, axis=1, keepdims=True))
    dot = np.sum(a * b, axis=1, keepdims=True)
    cos = dot / (norm_a * norm_b + eps)
    return cos[:, 0], (a, b, norm_a, norm_b, dot, cos, eps)


def backward(dout, cache):
    """The quotient rule."""
    a, b, norm_a, norm_b, dot, cos, eps = cache
    dcos = dout[:, np.newaxis]
    denom = norm_a * norm_b + eps
    ddot = dcos / denom
    ddenom = -dcos * dot / denom**2
    da = ddot * b + ddenom * norm_b * a / norm_a
    db = ddot * a + ddenom * norm_a * b / norm_b
    return da, db


A, B, AB = ("a",), ("b",), ("a", "b")
PART = ("factor", "scale", "twice", "path")
MISTAKES = (
    Mistake("eps missing", "denom = norm_a * norm_b + eps", "denom = norm_a * norm_b", "eps", AB),
    Mistake(
        "another eps", "denom = norm_a * norm_b + eps", "denom = norm_a * norm_b + 1e-8", "eps", AB
    ),
    Mistake(
        "norms added",
        "denom = norm_a * norm_b",
        "denom = norm_a + norm_b",
        ("operand", "factor", "unknown"),
        AB,
    ),
    Mistake(
        "similarity not divided", "ddot = dcos / denom", "ddot = dcos * 1", ("factor", "twice"), AB
    ),
    Mistake(
        "similarity times the norms",
        "ddot = dcos / denom",
        "ddot = dcos * denom",
        ("power", "factor"),
        AB,
    ),
    Mistake("power of the norms", "dot / denom**2", "dot / denom", ("power", "factor"), AB),
    Mistake("sign of the norms", "ddenom = -dcos", "ddenom = dcos", PART, AB),
    Mistake(
        "cosine for the product",
        "-dcos * dot /",
        "-dcos * cos /",
        ("operand", "factor", "power"),
        AB,
    ),
    Mistake("half of the norms", "ddenom = -dcos", "ddenom = -0.5 * dcos", PART, AB),
    Mistake("norm of a is a constant", " + ddenom * norm_b * a / norm_a", "", "path", A),
    Mistake("only the norm of a", "da = ddot * b + ddenom", "da = ddenom", "path", A),
    Mistake("a for b", "da = ddot * b", "da = ddot * a", "operand", A),
    Mistake("norm of a squared", "a / norm_a\n", "a / norm_a**2\n", ("power", "factor"), A),
    Mistake("norm of a missing", "a / norm_a\n", "a\n", ("power", "factor"), A),
    Mistake(
        "norm of the other", "ddenom * norm_b * a", "ddenom * norm_a * a", ("operand", "factor"), A
    ),
    Mistake("norm of b is a constant", " + ddenom * norm_a * b / norm_b", "", "path", B),
    Mistake(
        "norm path of b twice", "db = ddot * a + ddenom", "db = ddot * a + 2 * ddenom", "twice", B
    ),
    Mistake("a in the norm of b", "norm_a * b / norm_b", "norm_a * a / norm_b", "operand", B),
    Mistake("b without the norm of a", "norm_a * b / norm_b", "b / norm_b", "factor", B),
    Mistake(
        "pairs shifted",
        "return da, db",
        "return da, np.roll(db, 1, axis=0)",
        ("shifted", "permuted"),
        B,
    ),
    Mistake("summed over pairs", "return da, db", "return da.sum(axis=0), db", "axis", A),
    Mistake("gradients exchanged", "return da, db", "return db, da", ("operand", "unknown"), AB),
    Mistake("one gradient for both", "return da, db", "return da, da", ("aliased", "operand"), AB),
)
