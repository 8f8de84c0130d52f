"""Derivatives of products over axes and of running products.

They are products of the *other* factors, without a division: right with any number of zeros. The
factors are scaled by powers of two, so that nothing overflows or vanishes on the way: where
``[0, 1e-300, 1e200, 1e200]`` has the product 0, the first slope is 1e100, and the others are 0.
"""

from typing import Any

import numpy as np

from ..core.operation import declare
from ..core.trace import compose
from .reductions import (
    AXES,
    CUMULATIVE,
    MASKED,
    SCANS,
    STARTED,
    cumulative,
    keep_axes,
    masked,
    merged,
    unmerged,
)


def times_power_of_two(a: Any, exponent: Any) -> Any:
    """`a` times 2**exponent for whole numbers of any size.

    It is rounded once where `a` or the result is about 1.

    >>> times_power_of_two(np.array([5e-324, 0.0]), np.array([1075, 9999])).tolist()
    [2.0, 0.0]
    """
    limits = np.finfo(a.dtype)
    one, most = np.ones((), limits.dtype), limits.maxexp - 1
    half = exponent // 2
    scales = [np.ldexp(one, np.clip(e, -most, most)) for e in (half, exponent - half)]
    return a * scales[0] * scales[1]


def exponents(a: Any) -> Any:
    """The exponents of numbers, rounded to whole numbers; 0 of 0, infinity and NaN."""
    ordinary = (a != 0) & np.isfinite(a)
    return np.log2(np.abs(np.where(ordinary, a, 1.0)))


def running_exponents(a: Any) -> Any:
    """The exponents of running products along the last axis, which leave out zeros."""
    return np.rint(np.cumsum(exponents(a), axis=-1, dtype=np.float64)).astype(np.int64)


def shifted(a: Any, first: Any) -> Any:
    """Every entry one place later along the last axis, with `first` at the start."""
    start = np.full((*a.shape[:-1], 1), first, a.dtype)
    return np.concatenate([start, a], axis=-1)[..., : a.shape[-1]]


def scaled_before(a: Any) -> tuple[Any, Any]:
    """For every entry the product of those before it along the last axis: number and exponent."""
    ends = running_exponents(a)
    starts = shifted(ends, 0)
    scaled = times_power_of_two(a, starts - ends)
    return shifted(np.cumprod(scaled, axis=-1), 1), starts


def products_before(a: Any) -> Any:
    """For every entry the product of those before it along the last axis."""
    return times_power_of_two(*scaled_before(a))


def other_factors(rows: Any) -> Any:
    """For every entry the product of all others along the last axis.

    >>> other_factors(np.array([2.0, 0.0, 5.0])).tolist()
    [0.0, 10.0, 0.0]
    """
    before, start = scaled_before(rows)
    after, end = scaled_before(rows[..., ::-1])
    return times_power_of_two(before * after[..., ::-1], start + end[..., ::-1])


def factors(a: Any, axis: Any, initial: Any, where: Any) -> Any:
    """What is multiplied, in rows; `initial` comes first."""
    rows = merged(a if where is True else np.where(where, a, 1.0), axis)
    if initial is None:
        return rows
    ones = np.ones((*rows.shape[:-1], 1), rows.dtype)
    return np.concatenate([initial * ones, rows], axis=-1)


def prod_rule(g: Any, a: Any, axis: Any, keepdims: bool, initial: Any, where: Any) -> Any:
    """The product of the other factors."""
    others = other_factors(factors(a, axis, initial, where))
    slopes = unmerged(others if initial is None else others[..., 1:], a.shape, axis)
    return masked(keep_axes(g, a.shape, axis, keepdims) * slopes, where)


def initial_product(g: Any, a: Any, axis: Any, initial: Any, where: Any) -> Any:
    """The products without `initial`."""
    products = other_factors(factors(a, axis, initial, where))[..., 0]
    return np.sum(np.reshape(g, products.shape) * products)


declare(np.prod, cases=AXES + MASKED + STARTED, a=prod_rule, initial=initial_product)


# Running products


def along_last(rule: Any) -> Any:
    """A scan's rule for any axis, from one for the last axis."""

    def for_any_axis(g: Any, a: Any, axis: Any) -> Any:
        if axis is None:
            return np.reshape(rule(g, np.reshape(a, (-1,))), a.shape)
        swapped = rule(np.swapaxes(g, axis, -1), np.swapaxes(a, axis, -1))
        return np.swapaxes(swapped, axis, -1)

    return for_any_axis


FAR = 1 << 40  # more than any exponent of a product


def largest_exponents(g: Any, a: Any, ends: Any) -> Any:
    """The exponent of g times the running product, the largest from each entry to the next zero.

    Where g is 0 up to that it is 0, unless it would rise: factors would overflow. Second
    derivatives, which move g, need a number there that is not far from the others.
    """
    behind = FAR * np.cumsum(a == 0, axis=-1)
    sizes = np.where(g == 0, -(FAR << 20), ends - behind + np.rint(exponents(g)).astype(np.int64))
    tops = np.maximum.accumulate(sizes[..., ::-1], axis=-1)[..., ::-1]
    tops = np.where(tops + behind < -FAR // 2, -behind, tops)
    return np.minimum.accumulate(tops, axis=-1) + behind


@along_last
def cumprod_rule(g: Any, a: Any) -> Any:
    """Sum over j >= i of g_j times the product of the factors up to j other than a_i.

    The sums s_i = g_i + a_(i+1) s_(i+1) are built by doubling, without a division, each with an
    exponent of its own: that of its largest term before the next zero.
    """
    ends = running_exponents(a)
    starts = shifted(ends, 0)
    scaled = times_power_of_two(a, starts - ends)
    tops = largest_exponents(g, a, ends)
    sums = times_power_of_two(g, ends - tops)
    factors = times_power_of_two(later(scaled, 1), later(tops, 1) - tops)
    step = 1
    while step < a.shape[-1]:
        sums = sums + factors * later(sums, step)
        factors, step = factors * later(factors, step), 2 * step
    before = shifted(np.cumprod(scaled, axis=-1), 1)
    return times_power_of_two(before * sums, starts + tops - ends)


def later(a: Any, step: int) -> Any:
    """Entry i + step at i along the last axis, zeros at the end."""
    zeros = np.zeros(a.shape[:-1] + (min(step, a.shape[-1]),), a.dtype)
    return np.concatenate([a[..., step:], zeros], axis=-1)


declare(np.cumprod, cases=SCANS, a=cumprod_rule)
if hasattr(np, "cumulative_prod"):
    compose(np.cumulative_prod, cumulative(np.cumprod, 1.0), operands=("x",), cases=CUMULATIVE)
