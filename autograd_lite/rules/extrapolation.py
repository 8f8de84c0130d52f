"""Derivatives of padding with what is computed from entries: means, ramps, odd reflections.

NumPy pads one axis after another, the later ones including what was padded before. All of it is
linear, so that a gradient is folded back over one axis after another, the last axis first.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from ..core.operation import LINEAR, declare
from ..core.primitives import scatter
from ..core.sweep import unbroadcast
from ..core.trace import primitive, unary_primitive

Pair = tuple[int, int]


def pairs(pad_width: Any, ndim: int) -> list[Pair]:
    """What is to be done before and after each axis, from any form that np.pad takes.

    >>> pairs(2, 2), pairs((1, 0), 2), pairs({-1: 3}, 2)
    ([(2, 2), (2, 2)], [(1, 0), (1, 0)], [(0, 0), (3, 3)])
    """
    if isinstance(pad_width, dict):
        table = np.zeros((ndim, 2), int)
        for axis, widths in pad_width.items():
            table[axis] = widths
    else:
        table = np.broadcast_to(pad_width, (ndim, 2))
    return [(int(before), int(after)) for before, after in table]


def stat_lengths(stat_length: Any, shape: tuple[int, ...]) -> list[Pair]:
    """How many entries at the beginning and end of each axis a statistic is taken of."""
    if stat_length is None:
        return [(n, n) for n in shape]
    given = pairs(np.round(stat_length), len(shape))
    return [(min(first, n), min(last, n)) for (first, last), n in zip(given, shape, strict=True)]


def fold(g: Any, shape: tuple[int, ...], pad_width: Any, fold_rows: Callable[..., Any]) -> Any:
    """The gradient of what was padded, by `fold_rows(g, axis, n, before, after)` for each axis.

    The rows of its `g` lie along the axis in question; it returns the `n` that were not padded.
    """
    widths = pairs(pad_width, len(shape))
    for axis in reversed(range(len(shape))):
        if any(widths[axis]):
            rows = fold_rows(np.moveaxis(g, axis, 0), axis, shape[axis], *widths[axis])
            g = np.moveaxis(rows, 0, axis)
    return g


def placed(rows: Any, start: int, n: int) -> Any:
    """Rows from number `start` on among `n`, the others zero."""
    return scatter(rows, slice(start, start + rows.shape[0]), (n, *rows.shape[1:]))


def total(rows: Any) -> Any:
    """The sum of rows, as one row."""
    return np.sum(rows, axis=0, keepdims=True)


def weighted(rows: Any, weights: Any) -> Any:
    """The sum of rows, each by its weight, as one row."""
    return total(rows * weights.astype(rows.dtype).reshape((-1,) + (1,) * (rows.ndim - 1)))


# The mean of the outermost entries


@unary_primitive
def pad_mean(x: Any, pad_width: Any, stat_length: Any = None) -> Any:
    """`np.pad` with means."""
    return np.pad(x, pad_width, "mean", stat_length=stat_length)


def mean_rule(g: Any, x_shape: tuple[int, ...], pad_width: Any, stat_length: Any) -> Any:
    """What was padded goes in equal shares to the entries of which it was the mean."""
    lengths = stat_lengths(stat_length, x_shape)

    def fold_rows(g: Any, axis: int, n: int, before: int, _: int) -> Any:
        first, last = lengths[axis]
        head = np.broadcast_to(total(g[:before]) / max(first, 1), (first, *g.shape[1:]))
        tail = np.broadcast_to(total(g[before + n :]) / max(last, 1), (last, *g.shape[1:]))
        return g[before : before + n] + placed(head, 0, n) + placed(tail, n - last, n)

    return fold(g, x_shape, pad_width, fold_rows)


declare(
    pad_mean,
    kind=LINEAR,
    cases=(
        "x=(n, m), pad_width=((2, 1), (0, 3))",
        "x=(n, m + 1), pad_width=((1, 2), (2, 1)), stat_length=((1, 2), (3, 1))",
    ),
    x=mean_rule,
)

# Ramps between given numbers and the outermost entries


@primitive
def pad_ramp(x: Any, pad_width: Any, end_values: Any = 0) -> Any:
    """`np.pad` with ramps that begin and end with `end_values`."""
    return np.pad(x, pad_width, "linear_ramp", end_values=end_values)


def ramp_x_rule(g: Any, x_shape: tuple[int, ...], pad_width: Any) -> Any:
    """What was padded goes to the outermost entry, the more the nearer it was."""

    def fold_rows(g: Any, _: int, n: int, before: int, after: int) -> Any:
        head, tail = weighted(g[:before], rising(before)), weighted(g[n + before :], falling(after))
        return g[before : before + n] + placed(head, 0, n) + placed(tail, n - 1, n)

    return fold(g, x_shape, pad_width, fold_rows)


def rising(n: int) -> Any:
    """The share of an edge in each entry of a ramp that leads up to it."""
    return np.arange(n) / max(n, 1)


def falling(n: int) -> Any:
    """The share of an edge in each entry of a ramp that begins after it."""
    return rising(n)[::-1]


def ramp_ends_rule(
    g: Any, x_shape: tuple[int, ...], pad_width: Any, end_values_shape: tuple[int, ...]
) -> Any:
    """The rest of what was padded goes to the end values, here one for each side of each axis."""
    widths = pairs(pad_width, len(x_shape))
    sides: list[Any] = []
    for axis in reversed(range(len(x_shape))):
        before, after = widths[axis]
        n = x_shape[axis]
        rows = np.moveaxis(g, axis, 0)
        sides.append(np.sum(weighted(rows[n + before :], 1.0 - falling(after))))
        sides.append(np.sum(weighted(rows[:before], 1.0 - rising(before))))
        rest = [(0, 0)] * len(x_shape)
        rest[axis] = before, after
        g = ramp_x_rule(g, g.shape[:axis] + (n,) + g.shape[axis + 1 :], rest)
    table = np.reshape(np.stack(sides[::-1]), (len(x_shape), 2))
    return unbroadcast(table, end_values_shape)


declare(
    pad_ramp,
    cases=(
        "x=(n, m), pad_width=((2, 3), (4, 1)), end_values=(2, 2)",
        "x=(n, m), pad_width=((0, 2), (3, 3)), end_values=()",
        "x=(n, m), pad_width=((1, 2), (2, 1)), end_values=(2,)",
        "x=(2, 1, 3), pad_width=((1, 0), (2, 1), (0, 2)), end_values=()",
    ),
    x=ramp_x_rule,
    end_values=ramp_ends_rule,
)

# Odd reflections: 2 edge - entry


@unary_primitive
def pad_odd(x: Any, pad_width: Any, mode: str) -> Any:
    """`np.pad` with `reflect_type="odd"`."""
    return np.pad(x, pad_width, mode, reflect_type="odd")  # type: ignore[call-overload]


def odd_rule(g: Any, x_shape: tuple[int, ...], pad_width: Any, mode: str) -> Any:
    """Every padded entry is one inner entry or its negative, plus multiples of the outermost two.

    Which one and how many, NumPy itself says: it pads vectors of whole numbers.
    """

    def fold_rows(g: Any, _: int, n: int, before: int, after: int) -> Any:
        def pad(vector: Any) -> Any:
            return np.pad(vector, (before, after), mode, reflect_type="odd")  # type: ignore[call-overload]

        numbers = np.arange(n)
        source = pad(np.where(numbers < n - 1, numbers, 0))
        gx = weighted_rows(g, np.sign(source), np.abs(source), n)
        gx = gx + placed(weighted(g, pad(np.where(numbers == 0, 1, 0))), 0, n)
        if n == 1:
            return gx
        return gx + placed(weighted(g, pad(np.where(numbers == n - 1, 1, 0))), n - 1, n)

    return fold(g, x_shape, pad_width, fold_rows)


def weighted_rows(g: Any, signs: Any, source: Any, n: int) -> Any:
    """Rows with their signs, added up at their sources; those of sign 0 go nowhere."""
    chosen = np.flatnonzero(signs)
    column = signs[chosen].astype(g.dtype).reshape((-1,) + (1,) * (g.ndim - 1))
    return scatter(g[chosen] * column, (source[chosen],), (n, *g.shape[1:]))


declare(
    pad_odd,
    kind=LINEAR,
    cases=(
        "x=(n, m), pad_width=((9, 1), (0, 3)), mode='reflect'",
        "x=(n, m), pad_width=((1, 9), (2, 0)), mode='symmetric'",
        "x=(m,), pad_width=(2, 3), mode='reflect'",
    ),
    x=odd_rule,
)
