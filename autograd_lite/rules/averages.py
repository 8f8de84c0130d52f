"""Derivatives of weighted averages, covariances and correlations, computed as NumPy does."""

import warnings
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from ..core.operation import POSITIVE
from ..core.primitives import astype
from ..core.trace import Traced, compose, peel_all
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


ROW_OF_M_STAYS = np.lib.NumpyVersion(np.__version__) < "2.2.0"  # one row, of one variable


def variables(m: Any, rowvar: bool, dtype: Any, row_stays: bool) -> Any:
    """Observations as a matrix with a row for every variable, in memory of its own."""
    matrix = astype(m, dtype) if isinstance(m, Traced) else np.array(m, dtype)
    if matrix.ndim < 2:
        return np.reshape(matrix, (1, -1))
    return matrix if rowvar or (row_stays and len(matrix) == 1) else np.transpose(matrix)


def observations(m: Any, y: Any, rowvar: bool, dtype: Any) -> Any:
    """The variables of `m`, and after them those of `y`."""
    m, y = (x if x is None or isinstance(x, Traced) else np.asarray(x) for x in (m, y))
    for x, name in ((m, "m"), (y, "y")):
        if x is not None and x.ndim > 2:
            raise ValueError(f"{name} has more than 2 dimensions")
    if dtype is None:
        dtype = np.result_type(*(x.dtype for x in (m, y) if x is not None), np.float64)
    rows = variables(m, rowvar, dtype, ROW_OF_M_STAYS)
    if y is None or rows.shape[0] == 0:
        return rows
    return np.concatenate((rows, variables(y, rowvar, dtype, row_stays=True)), axis=0)


def checked_weights(weights: Any, name: str, number: int) -> Any:
    """Weights of observations as float64, refused as np.cov refuses them."""
    if isinstance(weights, Traced):
        weights = astype(weights, np.float64)
    else:
        weights = np.asarray(weights, dtype=float)
    if name == "fweights" and not np.all(weights == np.around(weights)):
        raise TypeError("fweights must be integer")
    if weights.ndim > 1:
        raise RuntimeError(f"cannot handle multidimensional {name}")
    if weights.shape[0] != number:
        raise RuntimeError(f"incompatible numbers of samples and {name}")
    if np.any(weights < 0):
        raise ValueError(f"{name} cannot be negative")
    return weights


def normalization(number: int, ddof: int, w: Any, w_sum: Any, aweights: Any) -> Any:
    """What sums of products of deviations are divided by."""
    if w is None:
        return number - ddof
    if ddof == 0:
        return w_sum
    if aweights is None:
        return w_sum - ddof
    return w_sum - ddof * np.sum(w * aweights) / w_sum


def cov(
    m: Any, y: Any = None, rowvar: Any = True, bias: Any = False, ddof: Any = None,
    fweights: Any = None, aweights: Any = None, *, dtype: Any = None,
) -> Any:  # fmt: skip
    """np.cov, step by step. `fweights` are whole numbers, and constants."""
    if ddof is not None and ddof != int(ddof):
        raise ValueError("ddof must be integer")
    rows = observations(m, y, rowvar, dtype)
    number = rows.shape[1]
    if rows.shape[0] == 0:
        return np.array([]).reshape(0, 0)
    if ddof is None:
        ddof = 1 if bias == 0 else 0
    w = None if fweights is None else checked_weights(peel_all(fweights), "fweights", number)
    if aweights is not None:
        aweights = checked_weights(aweights, "aweights", number)
        w = aweights if w is None else w * aweights
    mean, w_sum = np.average(rows, axis=1, weights=w, returned=True)
    total = normalization(number, ddof, w, w_sum[0], aweights)
    if total <= 0:
        warnings.warn("Degrees of freedom <= 0 for slice", RuntimeWarning, stacklevel=2)
        total = 0.0
    deviations = in_dtype(rows - mean[:, None], rows.dtype)
    weighted = np.transpose(deviations if w is None else deviations * w)
    if weighted.dtype.kind == "c":
        weighted = np.conjugate(weighted)
    products = np.dot(deviations, weighted)
    return np.squeeze(in_dtype(products * np.true_divide(1, total), products.dtype))


def in_dtype(x: Any, dtype: Any) -> Any:
    """What NumPy computes in place, in the dtype of the array that it is written to."""
    return x if x.dtype == dtype else astype(x, dtype)


compose(
    np.cov,
    cov,
    operands=("m", "y", "aweights"),
    domain=POSITIVE,  # weights
    cases=(
        "m=(n, m + 2)",
        "m=(m + 2,), ddof=0",
        "m=(n, 4), y=(m, 4), bias=True",
        "m=(4, n), y=(4, m), rowvar=False",
        "m=(4, n), y=(4,), rowvar=False, ddof=2",
        "m=(n, 4), aweights=(4,)",
        "m=(n, 4), aweights=(4,), ddof=0",
        "m=(2, 4), fweights=[1, 3, 2, 0]",
        "m=(4,), y=(4,), fweights=[1, 3, 2, 0], aweights=(4,)",
    ),
)


def corrcoef(x: Any, y: Any = None, rowvar: Any = True, *, dtype: Any = None) -> Any:
    """np.corrcoef, step by step; limits of -1 and 1 pass the gradient, which is 0 there."""
    c = cov(x, y, rowvar, dtype=dtype)
    if c.ndim == 0:
        return c / c
    numbers = np.arange(c.shape[0])
    deviation = np.sqrt(np.real(c[numbers, numbers]))
    c = c / deviation[:, None] / deviation[None, :]
    if c.dtype.kind == "c":
        return np.clip(np.real(c), -1, 1) + 1j * np.clip(np.imag(c), -1, 1)
    return np.clip(c, -1, 1)


compose(
    np.corrcoef,
    corrcoef,
    operands=("x", "y"),
    cases=(
        "x=(n, 4)",
        "x=(4, 2), rowvar=False",
        "x=(n, 4), y=(m, 4)",
        "x=(4,), y=(4,)",
    ),
)
