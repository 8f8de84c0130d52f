"""Derivatives of medians and quantiles: mixtures of two neighbours in order.

Conventions: of equal entries the one that a stable sort puts there gets the gradient. A slice with
NaN gives NaN, and one of its NaN entries gets the gradient; the `nan` versions give NaN entries
nothing. Quantiles are piecewise linear in `q`: at a kink the slope is that to the right of it, and
0 from the last entry on. `weights` are constants, since a result jumps where they make a
difference.
"""

from math import prod
from typing import Any

import numpy as np

from ..core.operation import UNTIED, Domain, declare
from ..core.primitives import scatter
from ..core.structural_zeros.selected import Selected
from ..core.trace import compose, peel_all, primitive
from .reductions import merged, unmerged
from .sorting import along, ascending


def to_rows(g: Any, rows: Any, q_shape: tuple[int, ...]) -> Any:
    """The gradient of quantiles with those of one row in the last axis, for every `q`."""
    return np.moveaxis(np.reshape(g, (prod(q_shape), *rows.shape[:-1])), 0, -1)


def mix(shares: Any, entries: Any, shape: tuple[int, ...]) -> Selected:
    """Shares of the gradient at the entries of rows that they belong to, dead elsewhere."""
    index = along(entries, -1)
    live = scatter((shares != 0).astype(float), index, shape) != 0
    return Selected(scatter(shares, index, shape), live)


def turned_back(selected: Selected, shape: tuple[int, ...], axis: Any) -> Any:
    """A gradient of merged rows as one of the array."""
    return selected.carried(lambda rows: unmerged(rows, shape, axis))


# Where a quantile lies


def last_place(rows: Any, skips_nan: bool) -> Any:
    """The place of the last entry of every row that counts, with an axis for quantiles."""
    if skips_nan:
        return np.sum(np.logical_not(np.isnan(rows)), axis=-1, keepdims=True) - 1
    return np.array([rows.shape[-1] - 1])


# n q + alpha + q (1 - alpha - beta) - 1, as Hyndman and Fan number the methods
OFFSETS = {
    "interpolated_inverted_cdf": (0.0, 1.0),
    "hazen": (0.5, 0.5),
    "weibull": (0.0, 0.0),
    "median_unbiased": (1 / 3.0, 1 / 3.0),
    "normal_unbiased": (3 / 8.0, 3 / 8.0),
}


def position(q: Any, last: Any, method: str) -> Any:
    """Where among the ordered entries a quantile lies, counted from 0, computed as NumPy does."""
    if method in OFFSETS:
        alpha, beta = OFFSETS[method]
        return (last + 1) * q + (alpha + q * (1 - alpha - beta)) - 1
    if method == "averaged_inverted_cdf":
        return (last + 1) * q - 1
    return last * q


def stretch(last: Any, method: str) -> Any:
    """The derivative of `position` in q, where the quantile depends on it continuously."""
    if method in OFFSETS:
        return last + 1 + (1 - sum(OFFSETS[method]))
    return last if method == "linear" else 0.0


def neighbours(q: Any, last: Any, method: str) -> tuple[Any, Any, Any]:
    """The places of both entries of every quantile, and the weight of the second."""
    virtual = position(q, last, method)
    below = np.floor(virtual)
    if method == "midpoint":
        weight = np.where(virtual == below, 0.0, 0.5)
    elif method == "averaged_inverted_cdf":
        weight = np.where(virtual == below, 0.5, 1.0)
    else:
        weight = virtual - below
    first, second = np.clip(below, 0, last), np.minimum(below + 1, last)
    return first.astype(np.intp), second.astype(np.intp), weight


def equal_entry(rows: Any, results: Any) -> Any:
    """For every result the first entry of its row that is equal to it, or the first NaN."""
    columns = [results[..., n : n + 1] for n in range(results.shape[-1])]
    entries = [
        np.argmax((rows == column) | (np.isnan(rows) & np.isnan(column)), axis=-1, keepdims=True)
        for column in columns  # one by one: all at once would need much memory
    ]
    return np.concatenate([np.zeros((*rows.shape[:-1], 0), np.intp), *entries], axis=-1)


MIXING = {*OFFSETS, "linear", "midpoint", "averaged_inverted_cdf"}


def sources(rows: Any, results: Any, q: Any, method: str, skips_nan: bool) -> tuple[Any, Any, Any]:
    """Both entries of each row that every quantile is made of, and the weight of the second."""
    if method not in MIXING:
        entry = equal_entry(rows, results)
        return entry, entry, np.zeros(entry.shape)
    order, last = ascending(rows, -1), last_place(rows, skips_nan)
    first, second, weight = neighbours(q, last.astype(q.dtype), method)
    if not skips_nan:
        spoilt = np.isnan(rows[along(order[..., -1:], -1)])
        first, second = (np.where(spoilt, last, place) for place in (first, second))
    return order[along(first, -1)], order[along(second, -1)], weight


def rows_of_call(g: Any, a: Any, q: Any, y: Any, axis: Any, skips_nan: bool) -> tuple[Any, ...]:
    """The gradient, `a`, the result and `q` of a call in rows; rows without entries get nothing."""
    rows, q_shape = merged(a, axis), np.shape(q)
    g, results = to_rows(g, rows, q_shape), to_rows(y, rows, q_shape)
    return np.where(last_place(rows, skips_nan) >= 0, g, 0.0), rows, results, np.reshape(q, (-1,))


def share(g: Any, a: Any, q: Any, y: Any, axis: Any, method: str, skips_nan: bool) -> Any:
    """The gradient of `a`: each quantile's shared among its two entries."""
    if a.size == 0:
        return np.zeros(a.shape, a.dtype)
    g, rows, results, q = rows_of_call(g, a, q, y, axis, skips_nan)
    first, second, weight = sources(rows, results, q, method, skips_nan)
    parts = [np.where(part == 0, 0.0, g * part) for part in (1.0 - weight, weight)]
    shares = np.concatenate(parts, axis=-1)
    entries = np.concatenate([first, second], axis=-1)
    return turned_back(mix(shares, entries, rows.shape), a.shape, axis)


def slope(g: Any, a: Any, q: Any, y: Any, axis: Any, method: str, skips_nan: bool) -> Any:
    """The gradient of `q`: the difference of the two entries, times how fast the place moves."""
    if method not in MIXING or a.size == 0:
        return np.zeros(q.shape, q.dtype)
    g, rows, results, places = rows_of_call(g, a, q, y, axis, skips_nan)
    first, second, _ = sources(rows, results, places, method, skips_nan)
    difference = rows[along(second, -1)] - rows[along(first, -1)]
    moved = g * difference * stretch(last_place(rows, skips_nan), method)
    return np.reshape(np.sum(moved, axis=tuple(range(rows.ndim - 1))), q.shape)


METHODS = (
    "a=(n, m), q=0.3",
    "a=(n, m, k), q=[0.9, 0.35], axis=(2, 0), keepdims=True",
    "a=(n, m, 3), q=[[0.9], [0.35]], axis=-1",
    "a=(n, m), q=[0.0, 1.0, 0.75], axis=0, method='midpoint'",
    "a=(n, 4), q=[0.75, 0.7, 0.1], axis=1, method='averaged_inverted_cdf'",
    "a=(n, 4), q=[0.75, 0.7, 0.1], axis=1, method='interpolated_inverted_cdf'",
    "a=(n, 4), q=[0.05, 0.4], axis=1, method='hazen'",
    "a=(n, 4), q=[0.05, 0.45, 0.9], axis=1, method='weibull'",
    "a=(n, 3), q=[0.0, 1.0], axis=1, method='weibull'",
    "a=(4, n), q=0.4, axis=0, method='median_unbiased'",
    "a=(4, n), q=0.4, axis=0, method='normal_unbiased'",
    "a=(4, n), q=[0.4, 0.6], axis=0, method='nearest'",
    "a=(4, n), q=[0.3, 0.6], axis=0, method='inverted_cdf', weights=[1.0, 3.0, 0.0, 1.5]",
)
SKIPPING = (
    "a=Holes(4, m), q=0.3",
    "a=Holes(4, m), q=[0.3, 0.6], axis=0",
    "a=Holes(n, 4, 3), q=[0.3, 0.6], axis=(2, 1), keepdims=True",
    "a=Holes(4, 2), q=0.4, axis=0, method='weibull'",
    "a=Holes(5, 2), q=[0.4, 0.6], axis=0, method='lower'",
)
MOVING = (  # in per cent: entries and q of a common range, in which the entries are well apart
    "a=(4, n), q=(), axis=0",
    "a=(n, 4, m), q=(k,), axis=-2, keepdims=True",
    "a=(2, m, 2), q=(k, 2), axis=(0, 2)",
    "a=(4, m), q=(k,), axis=0, method='hazen'",
    "a=(4, m), q=(k,), axis=0, method='weibull'",
    "a=(3, m), q=(k,), axis=0, method='interpolated_inverted_cdf'",
    "a=(4, m), q=(k,), axis=0, method='median_unbiased'",
    "a=(4, m), q=(k,), axis=0, method='normal_unbiased'",
    "a=(3, m), q=(k,), axis=0, method='midpoint'",
    "a=(3, m), q=(k,), axis=0, method='higher'",
)
FIXED = ("a=(3,), q=0.7", "a=np.cos(np.arange(8.0).reshape(4, 2)), q=(k,), axis=0")
MOVING_SKIPPING = ("a=Holes(4, m), q=(k,), axis=0", "a=Holes(4, 2), q=(), method='hazen'")


def quantile_like(function: Any, whole: float, *, skips_nan: bool) -> None:
    """Declare a function of `a` and `q`, in which q = `whole` stands for the largest entry."""

    @primitive
    def kernel(
        a: Any, q: Any, axis: Any = None, method: str = "linear", keepdims: bool = False,
        weights: Any = None,
    ) -> Any:  # fmt: skip
        return function(a, q, axis, method=method, keepdims=keepdims, weights=weights)

    def part(q: Any) -> Any:
        return np.true_divide(q, whole)

    def implementation(
        a: Any, q: Any, axis: Any = None,
        out: None = None,  # noqa: ARG001 - the engine has stored into it
        overwrite_input: bool = False,  # noqa: ARG001 - the rule needs `a` as it was
        method: str = "linear", keepdims: bool = False, *, weights: Any = None,
    ) -> Any:  # fmt: skip
        if skips_nan and np.ndim(q) > 1 and isinstance(axis, tuple | list):
            raise ValueError("NumPy arranges quantiles of several axes wrongly for such a q")
        return kernel(a, q, axis, method, keepdims, peel_all(weights))

    kernel.__name__ = f"{function.__name__}_of"
    plain, moving = (SKIPPING, MOVING_SKIPPING) if skips_nan else (METHODS, MOVING)
    declare(
        kernel,
        domain=Domain(0.42 * whole, 0.58 * whole, ties=True),  # no kink in q for four entries
        cases=FIXED if whole == 1 else moving,
        a=lambda g, a, q, y, axis, method: share(g, a, part(q), y, axis, method, skips_nan),
        q=lambda g, a, q, y, axis, method: slope(g, a, part(q), y, axis, method, skips_nan) / whole,
    )
    compose(
        function,
        implementation,
        operands=("a",),
        domain=UNTIED,
        cases=plain if whole == 1 else plain[:2],
    )


quantile_like(np.quantile, 1, skips_nan=False)
quantile_like(np.percentile, 100, skips_nan=False)
quantile_like(np.nanquantile, 1, skips_nan=True)
quantile_like(np.nanpercentile, 100, skips_nan=True)


def median_rule(g: Any, a: Any, axis: Any, skips_nan: bool) -> Any:
    """Half of the gradient to each of both entries in the middle, which may be the same."""
    if a.size == 0:
        return np.zeros(a.shape, a.dtype)
    rows = merged(a, axis)
    order, last = ascending(rows, -1), last_place(rows, skips_nan)
    middle = np.concatenate([last // 2, (last + 1) // 2], axis=-1)
    if not skips_nan:
        middle = np.where(np.isnan(rows[along(order[..., -1:], -1)]), last, middle)
    shares = np.where(last >= 0, 0.5 * to_rows(g, rows, ()), 0.0)
    both = np.concatenate([shares, shares], axis=-1)
    return turned_back(mix(both, order[along(middle, -1)], rows.shape), a.shape, axis)


def middle_of(function: Any, skips_nan: bool, cases: tuple[str, ...]) -> None:
    """Declare a median."""

    def kernel(
        a: Any, axis: Any = None, out: Any = None,
        overwrite_input: bool = False,  # noqa: ARG001 - the rule needs `a` as it was
        keepdims: bool = False,
    ) -> Any:  # fmt: skip
        """The median, of an array without axes as well a NumPy number."""
        result = function(a, axis, out, keepdims=keepdims)
        return result if hasattr(result, "dtype") else a.dtype.type(result)

    declare(
        function,
        domain=UNTIED,
        kernel=kernel,
        cases=cases,
        a=lambda g, a, axis: median_rule(g, a, axis, skips_nan),
    )


middle_of(
    np.median,
    False,
    (
        "a=(n, m)",
        "a=(n, m), axis=-1",
        "a=(n, m, k), axis=(2, 0), keepdims=True",
        "a=(2, 3), axis=()",
    ),
)
middle_of(
    np.nanmedian,
    True,
    (
        "a=Holes(4, m)",
        "a=Holes(5, m), axis=0",
        "a=Holes(n, 3, 2), axis=(2, 1), keepdims=True",
    ),
)
