"""Derivatives of reductions and scans.

Conventions: equal maxima share the gradient evenly (as PyTorch's `amax`); `std` has gradient 0
where it is 0; products are right with any number of zeros.
"""

from math import prod
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from ..core.operation import LINEAR, POSITIVE, SHAPE, UNTIED, declare
from ..core.primitives import expand
from ..core.sweep import select
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
    """The gradient at the entries that took part."""
    return gx if where is True else np.where(where, gx, 0.0)


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
        return expand(g * (1.0 / (prod(a_shape) or 1)), a_shape)
    shares = keep_axes(g, a_shape, axis, keepdims) / count(a_shape, axis, where)
    return masked(expand(shares, a_shape), where)


declare(
    np.sum,
    kind=SHAPE,
    kernel=fast_sum,
    cases=AXES + MASKED + ("a=(n, m), axis=0, initial=2.0",),
    a=lambda g, a_shape, axis, keepdims, where: masked(spread(g, a_shape, axis, keepdims), where),
)
declare(np.mean, kind=LINEAR, kernel=fast_mean, cases=AXES, a=mean_rule)


def deviations(a: Any, axis: Any, where: Any, mean: Any) -> Any:
    """Entries less their mean."""
    if mean is None:
        mean = np.mean(a, axis=axis, keepdims=True, where=where)
    return a - mean


def var_rule(
    g: Any, a: Any, axis: Any, ddof: float, keepdims: bool, where: Any, mean: Any, correction: Any
) -> Any:  # fmt: skip
    """2 (a - mean) / (n - ddof)."""
    n = count(a.shape, axis, where) - (ddof if correction is None else correction)
    if where is True:
        factor = 2.0 / n if n > 0 else np.nan  # as NumPy's own value is
    else:
        factor = (2.0 / np.where(n > 0, n, np.nan)).astype(a.dtype)
    gx = keep_axes(g, a.shape, axis, keepdims) * factor * deviations(a, axis, where, mean)
    return masked(gx, where)


SPREADS = ("a=(n + 1, m + 1)", "a=(n + 1, m + 1), axis=0", "a=(n, m, k + 1), axis=(-1,), ddof=1",
           "a=(n + 2, m, k), axis=(0, 2), keepdims=True",
           "a=(n + 2, m), axis=0, correction=1")  # fmt: skip
declare(np.var, complex_operands=True, cases=SPREADS, a=var_rule)
declare(
    np.std,
    domain=UNTIED,  # where all entries are equal, it has a kink
    complex_operands=True,
    cases=SPREADS,
    a=lambda g, y, a, axis, ddof, keepdims, where, mean, correction: var_rule(
        0.5 * g / np.where(y == 0, 1.0, y), a, axis, ddof, keepdims, where, mean, correction
    ),
)


def extremum_rule(g: Any, a: Any, y: Any, axis: Any, keepdims: bool, where: Any) -> Any:
    """The gradient at the entries equal to the extremum, shared evenly; dead elsewhere."""
    chosen = a == keep_axes(y, a.shape, axis, keepdims)
    if where is not True:
        chosen = chosen & where
    sharing = np.sum(chosen, axis=normalized(axis, a.ndim), keepdims=True)  # whole numbers
    shares = keep_axes(g, a.shape, axis, keepdims) / np.where(sharing == 0, 1, sharing)
    return select(expand(shares.astype(g.dtype), a.shape), chosen)


def fast_max(a: Any, axis: Any = None, out: Any = None, **options: Any) -> Any:
    """np.max without its Python layer."""
    return np.maximum.reduce(a, axis, None, out, **options)


def fast_min(a: Any, axis: Any = None, out: Any = None, **options: Any) -> Any:
    """np.min without its Python layer."""
    return np.minimum.reduce(a, axis, None, out, **options)


LIMITED = ("a=(n, m), axis=0, where=Mask(n, m), initial=-9.0", "a=(n, m), initial=-9.0")
for largest in (np.max, np.amax):
    declare(largest, domain=UNTIED, kernel=fast_max, cases=AXES + LIMITED, a=extremum_rule)
for smallest in (np.min, np.amin):
    declare(smallest, domain=UNTIED, kernel=fast_min, cases=AXES, a=extremum_rule)


def other_factors(a: Any, axis: Any) -> Any:
    """For every entry the product of all others along `axis`: right with any number of zeros.

    >>> other_factors(np.array([2.0, 0.0, 5.0]), None).tolist()
    [0.0, 10.0, 0.0]
    """
    reduced = normalized(axis, a.ndim)
    order = tuple(n for n in range(a.ndim) if n not in reduced) + reduced
    moved = np.transpose(a, order)
    n = prod(a.shape[i] for i in reduced)
    flat = np.reshape(moved, moved.shape[: a.ndim - len(reduced)] + (n,))
    before, after = products_before(flat), products_before(flat[..., ::-1])[..., ::-1]
    return np.transpose(np.reshape(before * after, moved.shape), np.argsort(order))


def products_before(a: Any) -> Any:
    """For every entry the product of those before it along the last axis."""
    ones = np.ones(a.shape[:-1] + (1,), a.dtype)
    return np.cumprod(np.concatenate([ones, a], axis=-1), axis=-1)[..., : a.shape[-1]]


def prod_rule(g: Any, a: Any, axis: Any, keepdims: bool, initial: Any, where: Any) -> Any:
    """The product of the other factors."""
    factors = other_factors(a if where is True else np.where(where, a, 1.0), axis)
    g = keep_axes(g, a.shape, axis, keepdims) * (1.0 if initial is None else initial)
    return masked(g * factors, where)


declare(np.prod, cases=AXES + MASKED + ("a=(n, m), axis=0, initial=2.0",), a=prod_rule)


def along_last(rule: Any) -> Any:
    """A scan's rule for any axis, from one for the last axis."""

    def for_any_axis(g: Any, a: Any, axis: Any) -> Any:
        if axis is None:
            return np.reshape(rule(g, np.reshape(a, (-1,))), a.shape)
        swapped = rule(np.swapaxes(g, axis, -1), np.swapaxes(a, axis, -1))
        return np.swapaxes(swapped, axis, -1)

    return for_any_axis


@along_last
def cumprod_rule(g: Any, a: Any) -> Any:
    """Sum over j >= i of g_j times the product of the factors up to j other than a_i.

    The sums s_i = g_i + a_(i+1) s_(i+1) are built by doubling, without a division.
    """
    sums, factors, step = g, later(a, 1), 1
    while step < a.shape[-1]:
        sums = sums + factors * later(sums, step)
        factors, step = factors * later(factors, step), 2 * step
    return products_before(a) * sums


def later(a: Any, step: int) -> Any:
    """Entry i + step at i along the last axis, zeros at the end."""
    zeros = np.zeros(a.shape[:-1] + (min(step, a.shape[-1]),), a.dtype)
    return np.concatenate([a[..., step:], zeros], axis=-1)


def cumsum_rule(g: Any, a_shape: Any, axis: Any) -> Any:
    """The running sum from the end."""
    along = -1 if axis is None else axis
    gx = np.flip(np.cumsum(np.flip(g, along), along), along)
    return np.reshape(gx, a_shape) if axis is None else gx


SCANS = ("a=(n, m)", "a=(n, m), axis=0", "a=(n, m, k), axis=-2")
declare(np.cumsum, kind=LINEAR, cases=SCANS, a=cumsum_rule)
declare(np.cumprod, cases=SCANS, a=cumprod_rule)


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
