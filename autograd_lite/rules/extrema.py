"""Derivatives of the largest and the smallest entry.

Conventions: equal extrema share the gradient evenly (as PyTorch's `amax`), `initial=` with them.
Where the result is NaN, the NaN entries share it. All other entries get structurally nothing.
"""

from typing import Any

import numpy as np

from ..core.operation import UNTIED, declare
from ..core.primitives import expand
from ..core.structural_zeros.selected import select
from .reductions import AXES, keep_axes, normalized


def sharing(
    a: Any, y: Any, axis: Any, keepdims: bool, initial: Any, where: Any
) -> tuple[Any, Any, Any]:
    """Which entries are an extremum, whether `initial` is, and among how many it is shared."""
    extremum = keep_axes(y, a.shape, axis, keepdims)
    chosen = (a == extremum) | (np.isnan(a) & np.isnan(extremum))
    if where is not True:
        chosen = chosen & where
    number = np.sum(chosen, axis=normalized(axis, a.ndim), keepdims=True)  # whole numbers
    if initial is None:
        return chosen, False, np.maximum(number, 1)
    started = (number == 0) | (extremum == initial)
    return chosen, started, number + started


def extremum_rule(
    g: Any, a: Any, y: Any, axis: Any, keepdims: bool, where: Any, initial: Any = None
) -> Any:
    """The gradient at the entries equal to the extremum, shared evenly; dead elsewhere."""
    chosen, _, number = sharing(a, y, axis, keepdims, initial, where)
    shares = keep_axes(g, a.shape, axis, keepdims) / number
    return select(expand(shares.astype(g.dtype), a.shape), chosen)


def initial_share(
    g: Any, a: Any, y: Any, axis: Any, keepdims: bool, where: Any, initial: Any = None
) -> Any:
    """The share of `initial` in all results."""
    _, started, number = sharing(a, y, axis, keepdims, initial, where)
    return np.sum(np.where(started, keep_axes(g, a.shape, axis, keepdims) / number, 0.0))


def fast_max(a: Any, axis: Any = None, out: Any = None, **options: Any) -> Any:
    """np.max without its Python layer."""
    return np.maximum.reduce(a, axis, None, out, **options)


def fast_min(a: Any, axis: Any = None, out: Any = None, **options: Any) -> Any:
    """np.min without its Python layer."""
    return np.minimum.reduce(a, axis, None, out, **options)


def extremum(function: Any, kernel: Any, *cases: str) -> None:
    """Declare a maximum or minimum."""
    declare(
        function, domain=UNTIED, kernel=kernel, cases=cases, a=extremum_rule, initial=initial_share
    )


LIMITED = (
    "a=(n, m), axis=0, where=Mask(n, m), initial=0.5",
    "a=(2, m), axis=1, where=np.array([[False], [True]]), initial=()",
)
for function in (np.max, np.amax):
    extremum(function, fast_max, *AXES, *LIMITED)
for function in (np.min, np.amin):
    extremum(function, fast_min, *AXES, *LIMITED)


def range_rule(g: Any, a: Any, axis: Any, keepdims: bool) -> Any:
    """The gradient at the largest entries, less that at the smallest."""
    g = keep_axes(g, a.shape, axis, keepdims)
    top, bottom = np.max(a, axis=axis, keepdims=True), np.min(a, axis=axis, keepdims=True)
    largest, _, tops = sharing(a, top, axis, True, None, True)
    smallest, _, bottoms = sharing(a, bottom, axis, True, None, True)
    gx = np.where(largest, g / tops, 0.0) - np.where(smallest, g / bottoms, 0.0)
    return select(gx, largest | smallest)


declare(
    np.ptp,
    domain=UNTIED,
    cases=("a=(n, m)", "a=(n, m), axis=0", "a=(n, m, k), axis=(2, -3), keepdims=True"),
    a=range_rule,
)
