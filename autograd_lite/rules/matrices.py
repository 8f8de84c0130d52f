"""Small words for matrices, in which the rules of `np.linalg` are spelled.

All of them work on stacks, of arrays and of Tensors: the last two axes are those of a matrix.

Where a function of complex matrices is not holomorphic, its rule gives the gradient that descends,
as PyTorch's does. For a complex result the engine takes conjugates around a formula, which is
right for holomorphic ones; such a rule takes them once more, so that they cancel out.
"""

from functools import reduce
from math import prod
from typing import Any

import numpy as np


def mT(a: Any) -> Any:
    """The transposed matrix."""
    return np.swapaxes(a, -1, -2)


def conjugate(a: Any) -> Any:
    """The complex conjugate; of real numbers, themselves without a call."""
    return np.conjugate(a) if a.dtype.kind == "c" else a


def real(a: Any) -> Any:
    """The real part; of real numbers, themselves without a call."""
    return np.real(a) if a.dtype.kind == "c" else a


def adjoint(a: Any) -> Any:
    """The conjugate of the transposed matrix."""
    return conjugate(mT(a))


def product(*factors: Any) -> Any:
    """The matrix product, from left to right."""
    return reduce(np.matmul, factors)


def columns(a: Any, weights: Any) -> Any:
    """The matrix with each of its columns times a number: a diag(weights)."""
    return a * weights[..., None, :]


def diagonals(weights: Any) -> Any:
    """The diagonal matrix of some numbers: diag(weights)."""
    return columns(np.eye(weights.shape[-1], dtype=weights.dtype), weights)


def lower_half(n: int, dtype: Any) -> Any:
    """Ones below the diagonal, and halves on it.

    >>> lower_half(2, float).tolist()
    [[0.5, 0.0], [1.0, 0.5]]
    """
    return np.tri(n, dtype=dtype) - np.eye(n, dtype=dtype) * 0.5


def read_triangle(gx: Any, lower: bool) -> Any:
    """The gradient of a matrix of which a function reads one triangle, from that of all of it.

    An entry that is read counts for itself and for its mirror image; the others for nothing.
    """
    half = lower_half(gx.shape[-1], gx.dtype)
    return (gx + adjoint(gx)) * (half if lower else half.T)


def symmetric(a: Any, lower: bool = True) -> Any:
    """The symmetric (or hermitian) matrix that a function means which reads one triangle."""
    half = lower_half(a.shape[-1], a.dtype)
    triangle = a * (half if lower else half.T)
    return triangle + adjoint(triangle)


def flat(*parts: Any) -> Any:
    """Several results per matrix as one array: their entries behind one another.

    The first part of each pair is an array, the second how many axes of it belong to one matrix.
    """
    rows = [np.reshape(a, (*a.shape[: a.ndim - n], prod(a.shape[a.ndim - n :]))) for a, n in parts]
    return np.concatenate(rows, axis=-1)


def split(row: Any, *shapes: tuple[int, ...]) -> list[Any]:
    """The parts that `flat` has joined, given the shape of each for one matrix.

    >>> split(np.arange(6.0), (2,), (2, 2))[1].tolist()
    [[2.0, 3.0], [4.0, 5.0]]
    """
    parts, start = [], 0
    for shape in shapes:
        end = start + prod(shape)
        parts.append(np.reshape(row[..., start:end], (*row.shape[:-1], *shape)))
        start = end
    return parts
