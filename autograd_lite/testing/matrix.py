"""A strategy for matrices whose inverses, determinants and factorisations can be checked."""

from typing import Any

import numpy as np

from .library import strategies

KINDS = ("general", "symmetric", "positive definite", "orthogonal", "triangular")
MAX_SIDE = 4
SEEDS = strategies.integers(0, 2**16)


def matrices(shape: Any = None, *, condition: float = 10.0, kind: str = "general") -> Any:
    """Matrices of a shape with a condition number of at most `condition`.

    `shape` is that of one matrix or of a stack of them, a number for square ones, a strategy for
    either, or None for square ones of 1 to 4 rows. Singular values lie between 1 and
    `condition`, well apart, as decompositions need it. `kind` is one of "general", "symmetric"
    (with eigenvalues of either sign), "positive definite", "orthogonal", "triangular" (lower).

    >>> from hypothesis import find
    >>> matrix = find(matrices(3, kind="positive definite"), lambda matrix: True)
    >>> matrix.shape, bool(np.linalg.cond(matrix) <= 10.001)
    ((3, 3), True)
    """
    if kind not in KINDS:
        raise ValueError(f"matrices(kind={kind!r}) is not known; one of {', '.join(KINDS)} is")
    if shape is None:
        shape = strategies.integers(1, MAX_SIDE)
    if not isinstance(shape, strategies.SearchStrategy):
        shape = strategies.just(shape)
    return strategies.builds(lambda shape, seed: drawn(shape, condition, kind, seed), shape, SEEDS)


def drawn(shape: Any, condition: float, kind: str, seed: int) -> Any:
    """A matrix, or a stack of them."""
    whole = (shape, shape) if isinstance(shape, int) else tuple(shape)
    if len(whole) < 2 or (kind != "general" and whole[-2] != whole[-1]):
        raise ValueError(f"matrices({whole}, kind={kind!r}) is not a shape of such matrices")
    random = np.random.default_rng(seed)
    result = np.empty(whole)
    for place in np.ndindex(whole[:-2]):
        result[place] = one_matrix(whole[-2], whole[-1], condition, kind, random)
    return result


def one_matrix(rows: int, columns: int, condition: float, kind: str, random: Any) -> Any:
    """One matrix, made of its singular values or eigenvalues and of random rotations."""
    left, right = rotation(rows, random), rotation(columns, random)
    small = min(rows, columns)
    values = np.geomspace(1.0, condition, small + 1)[:small] if small > 1 else np.ones(small)
    if kind == "orthogonal":
        return left
    if kind == "symmetric":
        values = values * random.choice([-1.0, 1.0], small)
    if kind in ("symmetric", "positive definite"):
        result = (left * values) @ left.T
        return (result + result.T) / 2
    general = (left[:, :small] * values) @ right[:, :small].T
    return general if kind == "general" else np.linalg.qr(general.T)[1].T


def rotation(size: int, random: Any) -> Any:
    """A random orthogonal matrix."""
    return np.linalg.qr(random.normal(size=(size, size)))[0]
