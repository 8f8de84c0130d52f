"""Derivatives of sums, means and spreads over axes, and of running sums.

Entries that `where=` leaves out get structurally nothing. Convention: `std` has gradient 0 where
it is 0, at every order.
"""

from math import prod
from typing import Any

import numpy as np

from ..core.operation import LINEAR, SHAPE, UNTIED, declare
from ..core.primitives import expand
from ..core.shortcuts import filled
from ..core.structural_zeros.selected import select
from ..core.sweep import unbroadcast
from ..core.trace import compose

AXES = (
    "a=(n, m, k)",
    "a=(n, m), axis=0",
    "a=(n, m, k), axis=-1, keepdims=True",
    "a=(n, m, k), axis=(0, 2)",
    "a=(n, m, k), axis=(-1, 1), keepdims=True",
    "a=(), axis=()",
)
MASKED = ("a=(n, m), axis=1, where=Mask(n, m)", "a=(n, m), keepdims=True, where=Mask(m,)")
# Masks that leave something of every row and column, which means and spreads need.
SOME = (
    "a=(3, 2), axis=0, where=np.array([[True, False], [True, True], [True, True]])",
    "a=(k, 3), axis=-1, keepdims=True, where=np.array([True, False, True])",
)
STARTED = ("a=(n, m), axis=0, initial=2.0", "a=(n, m), axis=1, initial=()")

FLOAT64 = np.dtype(np.float64)


def normalized(axis: Any, ndim: int) -> tuple[int, ...]:
    """Axes of a reduction as a tuple of numbers from 0."""
    if axis is None:
        return tuple(range(ndim))
    return tuple(n % ndim for n in (axis if isinstance(axis, tuple | list) else (axis,)))


def spread(g: Any, shape: tuple[int, ...], axis: Any, keepdims: bool) -> Any:
    """A reduced array at every entry it was reduced from.

    >>> spread(np.array([1.0, 2.0]), (2, 3), 1, False).tolist()
    [[1.0, 1.0, 1.0], [2.0, 2.0, 2.0]]
    """
    return expand(keep_axes(g, shape, axis, keepdims), shape)


def keep_axes(g: Any, shape: tuple[int, ...], axis: Any, keepdims: bool) -> Any:
    """A reduced array with its reduced axes back, of length one."""
    if keepdims or axis is None:  # without axes it broadcasts as it is
        return g
    reduced = normalized(axis, len(shape))
    return np.reshape(g, tuple(1 if n in reduced else size for n, size in enumerate(shape)))


def count(shape: tuple[int, ...], axis: Any, where: Any) -> Any:
    """How many entries went into each entry of a reduction (with its axes kept)."""
    if where is True:
        return prod(shape if axis is None else [shape[n] for n in normalized(axis, len(shape))])
    reduced = normalized(axis, len(shape))
    return np.sum(np.broadcast_to(where, shape), axis=reduced, keepdims=True)


def masked(gx: Any, where: Any) -> Any:
    """The gradient at the entries that took part, dead elsewhere."""
    return gx if where is True else select(gx, where)


def merged(a: Any, axis: Any) -> Any:
    """The axes of a reduction merged into one, which comes last.

    >>> merged(np.array([[1, 2], [3, 4]]), 0).tolist()
    [[1, 3], [2, 4]]
    """
    reduced = sorted(normalized(axis, a.ndim))
    kept = [n for n in range(a.ndim) if n not in reduced]
    shape = (*(a.shape[n] for n in kept), prod(a.shape[n] for n in reduced))
    return np.reshape(np.transpose(a, kept + reduced), shape)


def unmerged(rows: Any, shape: tuple[int, ...], axis: Any) -> Any:
    """What `merged` made of an array of `shape`, turned back."""
    reduced = sorted(normalized(axis, len(shape)))
    order = [n for n in range(len(shape)) if n not in reduced] + reduced
    moved = np.reshape(rows, tuple(shape[n] for n in order))
    return np.transpose(moved, np.argsort(order))


def fast_sum(a: Any, axis: Any = None, dtype: Any = None, out: Any = None, **options: Any) -> Any:
    """np.sum without its Python layer, which costs more than the sum of a small array."""
    return np.add.reduce(a, axis, dtype, out, **options)


def fast_mean(a: Any, axis: Any = None, dtype: Any = None, out: Any = None, **options: Any) -> Any:
    """np.mean, bit for bit, in its common case without its Python layer."""
    if axis is None and dtype is None and out is None and not options and a.dtype is FLOAT64:
        return np.add.reduce(a, None) / a.size if a.size else np.mean(a)
    if dtype is not None or "where" in options or a.dtype.char not in "fd":
        return np.mean(a, axis, dtype, out, **options)
    total = np.add.reduce(a, axis, None, None, **options)  # first: it refuses a wrong axis
    n = a.size if axis is None else count(a.shape, axis, True)
    if not 0 < n < 1 << 24:  # larger counts are not exact in float32
        return np.mean(a, axis, dtype, out, **options)
    return total / n


def mean_rule(g: Any, a_shape: Any, axis: Any, keepdims: bool, where: Any) -> Any:
    """g / n at every entry."""
    if axis is None and where is True:
        share = g * (1.0 / (prod(a_shape) or 1))
        return filled(share, a_shape) if isinstance(share, np.generic) else expand(share, a_shape)
    number = count(a_shape, axis, where)
    if where is not True:
        number = np.maximum(number, 1)  # where none took part, none gets anything
    shares = keep_axes(g, a_shape, axis, keepdims) / number
    return masked(expand(shares, a_shape), where)


declare(
    np.sum,
    kind=SHAPE,
    kernel=fast_sum,
    cases=AXES + MASKED + STARTED,
    a=lambda g, a_shape, axis, keepdims, where: masked(spread(g, a_shape, axis, keepdims), where),
    initial=lambda g: np.sum(g),
)
declare(
    np.mean, kind=LINEAR, complex_operands=True, kernel=fast_mean, cases=AXES + SOME, a=mean_rule
)


def deviations(a: Any, axis: Any, where: Any, mean: Any) -> Any:
    """Entries less their mean."""
    if mean is None and where is True:
        mean = np.mean(a, axis=axis, keepdims=True)
    elif mean is None:
        number = np.maximum(count(a.shape, axis, where), 1).astype(a.dtype)
        mean = np.sum(a, axis=axis, keepdims=True, where=where) / number
    return a - mean


def var_slopes(
    g: Any, a: Any, axis: Any, ddof: float, keepdims: bool, where: Any, mean: Any, correction: Any
) -> Any:  # fmt: skip
    """2 g (a - mean) / (n - ddof) at every entry."""
    n = count(a.shape, axis, where) - (ddof if correction is None else correction)
    if where is True:
        factor = 2.0 / n if n > 0 else np.nan  # as NumPy's own value is
    else:
        factor = (2.0 / np.where(n > 0, n, np.nan)).astype(a.dtype)
    return keep_axes(g, a.shape, axis, keepdims) * factor * deviations(a, axis, where, mean)


def std_as_var(g: Any, y: Any) -> Any:
    """The gradient of a variance from that of its root; where that is 0, so is the gradient."""
    return np.where(y == 0, 0.0, 0.5 * g / np.where(y == 0, 1.0, y))


def mean_slope(slopes: Any, where: Any, mean_shape: tuple[int, ...]) -> Any:
    """The gradient of a mean that was given, from the slopes of the entries."""
    return -unbroadcast(slopes if where is True else np.where(where, slopes, 0.0), mean_shape)


SPREADS = ("a=(n + 1, m + 1)", "a=(n + 1, m + 1), axis=0", "a=(n, m, k + 1), axis=(-1,), ddof=1",
           "a=(n + 2, m, k), axis=(0, 2), keepdims=True",
           "a=(n + 2, m), axis=0, correction=1", *SOME,
           "a=(n + 1, m), axis=0, mean=(m,)", "a=(3, m), axis=0, mean=(1, m), ddof=1",
           "a=(k, 3), axis=1, mean=(), where=np.array([True, False, True])")  # fmt: skip
declare(
    np.var,
    complex_operands=True,
    cases=SPREADS,
    a=lambda g, a, axis, ddof, keepdims, where, mean, correction: masked(
        var_slopes(g, a, axis, ddof, keepdims, where, mean, correction), where
    ),
    mean=lambda g, a, axis, ddof, keepdims, where, mean, correction: mean_slope(
        var_slopes(g, a, axis, ddof, keepdims, where, mean, correction), where, mean.shape
    ),
)
declare(
    np.std,
    domain=UNTIED,  # where all entries are equal, it has a kink
    complex_operands=True,
    cases=SPREADS,
    a=lambda g, y, a, axis, ddof, keepdims, where, mean, correction: masked(
        var_slopes(std_as_var(g, y), a, axis, ddof, keepdims, where, mean, correction), where
    ),
    mean=lambda g, y, a, axis, ddof, keepdims, where, mean, correction: mean_slope(
        var_slopes(std_as_var(g, y), a, axis, ddof, keepdims, where, mean, correction),
        where,
        mean.shape,
    ),
)


def cumsum_rule(g: Any, a_shape: Any, axis: Any) -> Any:
    """The running sum from the end."""
    along = -1 if axis is None else axis
    gx = np.flip(np.cumsum(np.flip(g, along), along), along)
    return np.reshape(gx, a_shape) if axis is None else gx


SCANS = ("a=(n, m)", "a=(n, m), axis=0", "a=(n, m, k), axis=-2")
declare(np.cumsum, kind=LINEAR, cases=SCANS, a=cumsum_rule)


def cumulative(scan: Any, start: float) -> Any:
    """np.cumulative_sum or np.cumulative_prod by the older function `scan`."""

    def implementation(
        x: Any, /, *, axis: Any = None, dtype: Any = None,
        out: None = None,  # noqa: ARG001 - the engine has stored into it
        include_initial: bool = False,
    ) -> Any:  # fmt: skip
        x = np.atleast_1d(x)
        if axis is None and x.ndim > 1:
            raise ValueError("axis= is required for an array of more than one axis")
        if isinstance(axis, tuple):
            raise ValueError("scans run along one axis, not along several")
        axis = 0 if axis is None else axis
        result = scan(x, axis=axis, dtype=dtype)
        if not include_initial:
            return result
        shape = list(x.shape)
        shape[axis] = 1
        return np.concatenate([np.full(shape, start, result.dtype), result], axis=axis)

    return implementation


CUMULATIVE = (
    "x=(n,), include_initial=True",
    "x=()",
    "x=(n, m), axis=-1, include_initial=True",
    "x=(n, m), axis=0",
)
if hasattr(np, "cumulative_sum"):
    compose(np.cumulative_sum, cumulative(np.cumsum, 0.0), operands=("x",), cases=CUMULATIVE)
