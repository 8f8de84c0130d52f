"""Derivatives of weighted averages, covariances and correlations, computed as NumPy does."""

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from ..core.operation import POSITIVE
from ..core.trace import compose
from .reductions import normalized


def average(
    a: Any, axis: Any = None, weights: Any = None, returned: bool = False, *, keepdims: Any = False
) -> Any:
    """np.average by mean and sum."""
    if axis is not None:
        axis = normalize_axis_tuple(axis, np.ndim(a), argname="axis")
    if weights is None:
        result = np.mean(a, axis=axis, keepdims=keepdims)
        total = np.size(a) / np.size(result) * np.ones_like(result)
    else:
        weights = align_weights(a, axis, weights)
        products = np.multiply(a, weights)
        total = np.sum(weights, axis=axis, dtype=products.dtype, keepdims=keepdims)
        if np.any(total == 0.0):
            raise ZeroDivisionError("Weights sum to zero, can't be normalized")
        result = np.sum(products, axis=axis, keepdims=keepdims) / total
        total = np.broadcast_to(total, np.shape(result))
    return (result, total) if returned else result


def align_weights(a: Any, axis: Any, weights: Any) -> Any:
    """Weights in a shape that broadcasts against `a`, as np.average takes them."""
    shape, given = np.shape(a), np.shape(weights)
    if shape == given:
        return weights
    if axis is None:
        raise TypeError("Axis must be specified when shapes of a and weights differ.")
    axes = normalized(axis, len(shape))
    if given != tuple(shape[n] for n in axes):
        raise ValueError("Shape of weights must be consistent with shape of a along axis.")
    ordered = np.transpose(weights, np.argsort(axes))
    aligned = tuple(size if n in axes else 1 for n, size in enumerate(shape))
    return np.reshape(ordered, aligned)


compose(
    np.average,
    average,
    operands=("a", "weights"),
    cases=(
        "a=(n, m)",
        "a=(n, m), axis=0",
        "a=(n, m, k), axis=(0, -1), keepdims=True",
        "a=(n, m), weights=(n, m)",
        "a=(n, m), axis=1, weights=(m,)",
        "a=(n, m, k), axis=(2, 0), weights=(k, n)",
        "a=(n, m), axis=-1, weights=(m,), returned=True",
        "a=(n, m), returned=True",
    ),
    domain=POSITIVE,  # weights that nearly cancel make any average ill-conditioned
)
