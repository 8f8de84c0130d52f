"""Derivatives of the methods of ufuncs, for every ufunc of two operands that has a derivative.

`reduce` and `accumulate` go back through the chain f(f(f(a0, a1), a2), ...) by the ufunc's own
rules; where a formula is known for the whole chain, that is used. Conventions: of equal extrema
in `reduce` each gets the same share (as in PyTorch's `amax`), a running extremum goes back to the
latest of its equals, and to a NaN where it is one (as in PyTorch's `cummax`).
"""

from math import prod
from typing import Any

import numpy as np

from ..core.folds import fold, fold_slices, scan
from ..core.operation import OPERATIONS, Domain, declare
from ..core.primitives import astype, scatter
from ..core.structural_zeros.selected import select, strip
from .extrema import extremum_rule
from .factors import prod_rule
from .pairs import lead
from .reductions import keep_axes, masked, normalized, spread
from .sorting import along

# Reductions by a formula for all entries at once: of g, a, y, axis, keepdims, where.


def sum_formula(g: Any, a: Any, _: Any, axis: Any, keepdims: bool, where: Any) -> Any:
    """The gradient at every entry."""
    return masked(spread(g, a.shape, axis, keepdims), where)


def prod_formula(g: Any, a: Any, _: Any, axis: Any, keepdims: bool, where: Any) -> Any:
    """The product of the other factors."""
    return prod_rule(g, a, axis, keepdims, None, where)


def length_formula(g: Any, a: Any, y: Any, axis: Any, keepdims: bool, where: Any) -> Any:
    """a / sqrt(sum of squares), and 0 where all are 0."""
    length = keep_axes(y, a.shape, axis, keepdims)
    origin = length == 0
    unit = np.where(origin, 0.0, a / np.where(origin, 1.0, length))
    return masked(keep_axes(g, a.shape, axis, keepdims) * unit, where)


def softmax_rule(
    g: Any, a: Any, y: Any, ufunc: Any, axis: Any, keepdims: bool, initial: Any, where: Any
) -> Any:
    """The gradient of log(sum(exp(a))): exp(a - y), shared evenly among infinities."""
    exp, y = EXPONENTIALS[ufunc], keep_axes(y, a.shape, axis, keepdims)
    powers = np.where(where, exp(lead(a, y)), 0.0)
    first = 0.0 if initial is None else exp(lead(initial, y))
    return keep_axes(g, a.shape, axis, keepdims) * shares(powers, normalized(axis, a.ndim), first)


def shares(powers: Any, axis: Any, first: Any = 0.0) -> Any:
    """Numbers that sum to 1 with their first (or are all 0), also where they were rounded or inf.

    >>> shares(np.array([0.5, 0.5001, 1e-30]), 0).sum()
    np.float64(1.0)
    """
    total = np.sum(powers, axis=axis, keepdims=True) + first
    return powers / np.where(total == 0, 1.0, total)


EXPONENTIALS = {np.logaddexp: np.exp, np.logaddexp2: np.exp2}
WHOLE: dict[Any, Any] = {
    np.add: sum_formula,
    np.multiply: prod_formula,
    np.maximum: extremum_rule,
    np.minimum: extremum_rule,
    np.fmax: extremum_rule,
    np.fmin: extremum_rule,
    np.hypot: length_formula,
}


def pull_back(ufunc: Any, g: Any, a: Any, b: Any, y: Any) -> list[Any]:
    """The gradients of a and b, of equal shapes, where y = ufunc(a, b)."""
    rules = OPERATIONS[ufunc].rules
    return [strip(rule.formula(g, *rule.keep(y, None, a, b))) for rule in rules]


def chain_rule(ufunc: Any, g: Any, entries: list[Any], masks: list[Any]) -> list[Any]:
    """The gradients of e0, e1, ... in f(f(e0, e1), ...); entries that a mask excludes are passed.

    >>> chain_rule(np.subtract, np.float64(1.0), [np.float64(5.0)] * 3, [True] * 3)
    [np.float64(1.0), np.float64(-1.0), np.float64(-1.0)]
    """
    results = entries[:1]
    for entry, mask in zip(entries[1:], masks[1:], strict=True):
        y = ufunc(results[-1], entry)
        results.append(y if mask is True else np.where(mask, y, results[-1]))
    gradients = []
    for k in range(len(entries) - 1, 0, -1):
        before, gx = pull_back(ufunc, g, results[k - 1], entries[k], results[k])
        if masks[k] is not True:
            before, gx = np.where(masks[k], before, g), np.where(masks[k], gx, 0.0)
        gradients.append(gx)
        g = before
    return [*gradients, g][::-1]


def entry_gradients(
    g: Any, a: Any, ufunc: Any, axis: Any, initial: Any, where: Any
) -> tuple[list[Any], Any]:
    """The gradients of what `fold` starts from and of all entries, and how to put these together.

    The first is that of `initial`, if there is one.
    """
    reduced = normalized(axis, a.ndim)
    order = tuple(n for n in range(a.ndim) if n not in reduced) + reduced
    kept = tuple(a.shape[n] for n in order[: a.ndim - len(reduced)])
    number = prod(a.shape[n] for n in reduced)
    rows = in_rows(a, order, kept, number)
    masks = [True] * number
    if where is not True:
        masks = in_rows(np.broadcast_to(where, a.shape), order, kept, number)
    if initial is not None:
        rows = [np.zeros(kept, g.dtype) + initial, *rows]
        masks = [True, *masks]
    with np.errstate(all="ignore"):  # NumPy has warned already, but not of excluded entries
        gradients = chain_rule(ufunc, np.reshape(g, kept), rows, masks)
    moved = tuple(a.shape[n] for n in order)

    def together(parts: list[Any]) -> Any:
        return np.transpose(np.reshape(np.stack(parts, -1), moved), np.argsort(order))

    return gradients, together


def in_rows(a: Any, order: tuple[int, ...], kept: tuple[int, ...], number: int) -> list[Any]:
    """The entries that are folded, one array of the kept axes for each."""
    flat = np.reshape(np.transpose(a, order), (*kept, number))
    return [flat[..., k] for k in range(number)]


def fold_rule(
    g: Any, a: Any, y: Any, ufunc: Any, axis: Any, keepdims: bool, initial: Any, where: Any
) -> Any:
    """The gradient of `ufunc.reduce` in the array."""
    a = astype(a, g.dtype, copy=False)
    if ufunc is np.multiply and initial is not None:
        g = g * initial
    if ufunc in WHOLE:
        return WHOLE[ufunc](g, a, y, axis, keepdims, where)
    if ufunc in EXPONENTIALS:
        return softmax_rule(g, a, y, ufunc, axis, keepdims, initial, where)
    if not prod(a.shape):
        return np.zeros(a.shape, g.dtype)
    gradients, together = entry_gradients(g, a, ufunc, axis, initial, where)
    number = prod(a.shape[n] for n in normalized(axis, a.ndim))
    return together(gradients[-number:])


def initial_rule(g: Any, a: Any, ufunc: Any, axis: Any, initial: Any, where: Any) -> Any:
    """The gradient of `ufunc.reduce` in its first value, one number for all."""
    a = astype(a, g.dtype, copy=False)
    return np.sum(entry_gradients(g, a, ufunc, axis, initial, where)[0][0])


EXAMPLES = (
    "a=(n + 1, m), ufunc=np.subtract",
    "a=(n + 1, m, 2), ufunc=np.divide, axis=1, keepdims=True",
    "a=(3,), ufunc=np.power",
    "a=(n, 3), ufunc=np.arctan2, axis=-1",
    "a=(n + 1, m), ufunc=np.divide, initial=()",
    "a=(3, m), ufunc=np.subtract, initial=(), where=Mask(3, m)",
    "a=(3, m), ufunc=np.power, initial=0.7, where=Mask(3, 1)",
    "a=(3, m), ufunc=np.subtract, axis=(), initial=()",
    "a=(4, m), ufunc=np.divide, initial=1.5, where=np.array([[True], [True], [False], [True]])",
    "a=(n, m, 2), ufunc=np.hypot, axis=(0, -1)",
    "a=(n, m), ufunc=np.hypot, axis=1, where=Mask(n, m)",
    "a=(n + 1, m + 1), ufunc=np.logaddexp, axis=None",
    "a=(3, m), ufunc=np.logaddexp, where=Mask(3, m) | np.eye(3, 1, dtype=bool)",
    "a=(n + 1, m), ufunc=np.logaddexp2, keepdims=True",
    "a=(n, m), ufunc=np.logaddexp, axis=1, initial=(), where=Mask(n, m)",
    "a=(n + 1, m), ufunc=np.fmax",
    "a=(n, m + 1), ufunc=np.fmin, axis=-1, keepdims=True",
    "a=(n, m), ufunc=np.add, axis=1, initial=()",
    "a=(n, m), ufunc=np.multiply, axis=(0, 1), initial=()",
)
TOGETHER = Domain(0.6, 0.9, ties=True)
declare(fold, domain=TOGETHER, cases=EXAMPLES, a=fold_rule, initial=initial_rule)

# accumulate


def scan_rule(g: Any, a: Any, y: Any, ufunc: Any, axis: int) -> Any:
    """The gradient of `ufunc.accumulate`: every result is an operand of the next one."""
    a = astype(a, g.dtype, copy=False)
    if ufunc in RUNNING:
        return running_rule(g, a, y, ufunc, axis)
    if not prod(a.shape):
        return np.zeros(a.shape, g.dtype)
    g, a, y = (np.moveaxis(each, axis, 0) for each in (g, a, y))
    total, gradients = g[-1], []
    for k in range(a.shape[0] - 1, 0, -1):
        before, gx = pull_back(ufunc, total, y[k - 1], a[k], y[k])
        gradients.append(gx)
        total = before + g[k - 1]
    return np.moveaxis(np.stack([*gradients, total][::-1]), 0, axis)


RUNNING = {np.maximum: True, np.minimum: True, np.fmax: False, np.fmin: False}  # NaN counts


def running_rule(g: Any, a: Any, y: Any, ufunc: Any, axis: int) -> Any:
    """The gradient of a running extremum, to the entries that were it; dead elsewhere."""
    axis %= a.ndim
    numbers = np.reshape(np.arange(a.shape[axis]), (-1,) + (1,) * (a.ndim - 1 - axis))
    reached = (a == y) | np.isnan(a) if RUNNING[ufunc] else a == y
    latest = np.maximum.accumulate(np.where(reached, numbers, 0), axis)
    index = along(latest, axis)
    live = scatter(np.ones(a.shape), index, a.shape) != 0
    return select(scatter(g, index, a.shape), live)


declare(
    scan,
    domain=TOGETHER,
    cases=(
        "a=(n + 1, m), ufunc=np.subtract",
        "a=(n, 3), ufunc=np.power, axis=1",
        "a=(n, m, 3), ufunc=np.divide, axis=-1",
        "a=(n + 1, m), ufunc=np.logaddexp",
        "a=(n + 1, m), ufunc=np.maximum",
        "a=(n, m + 1), ufunc=np.minimum, axis=-1",
        "a=(n, m + 1, 2), ufunc=np.fmax, axis=1",
        "a=(m + 1,), ufunc=np.fmin",
    ),
    a=scan_rule,
)

# reduceat


def fold_slices_rule(g: Any, a: Any, y: Any, ufunc: Any, indices: Any, axis: int) -> Any:
    """The gradient of `ufunc.reduceat`: that of each slice, added up where slices overlap."""
    a = astype(a, g.dtype, copy=False)
    axis %= a.ndim
    before = (slice(None),) * axis
    starts = np.asarray(indices, int)
    stops = np.append(starts[1:], a.shape[axis])[: starts.size]
    stops = np.where(stops > starts, stops, starts + 1)
    numbers = np.concatenate([[], *map(np.arange, starts, stops)]).astype(int)
    if ufunc is np.add:
        gx = np.repeat(g, stops - starts, axis)
    else:
        parts = [g[(*before, slice(0, 0))]]
        for k, (start, stop) in enumerate(zip(starts, stops, strict=True)):
            own = (*before, slice(k, k + 1))
            part = a[(*before, slice(start, stop))]
            parts.append(strip(fold_rule(g[own], part, y[own], ufunc, axis, True, None, True)))
        gx = np.concatenate(parts, axis)
    return scatter(gx, (*before, numbers), a.shape)


declare(
    fold_slices,
    domain=TOGETHER,
    cases=(
        "a=(4, m), ufunc=np.add, indices=[0, 3, 1]",
        "a=(n, 5), ufunc=np.multiply, indices=[0, 2], axis=1",
        "a=(n, 5, m), ufunc=np.divide, indices=[1, 3, 3], axis=-2",
        "a=(5,), ufunc=np.hypot, indices=[4, 0, 2]",
    ),
    a=fold_slices_rule,
)
