"""Derivatives of functions that put entries in order.

Convention: equal entries keep their order, as in a stable sort, whatever algorithm was asked for.
"""

from typing import Any

import numpy as np

from ..core.operation import SHAPE, UNTIED, declare
from ..core.primitives import astype
from ..core.trace import HANDLERS, compose, without_gradient


def along(index: Any, axis: int) -> tuple[Any, ...]:
    """An index that takes, at every place, the entry number `index` along `axis`.

    >>> np.array([[10, 20], [30, 40]])[along(np.array([[1, 0], [0, 1]]), -1)].tolist()
    [[20, 10], [30, 40]]
    """
    grid: list[Any] = list(np.ogrid[tuple(slice(n) for n in index.shape)])
    grid[axis] = index
    return tuple(grid)


def ascending(a: Any, axis: int) -> Any:
    """Which entries to take, one after the other, to have them in order; NaN comes last."""
    return np.argsort(a, axis=axis, kind="stable")


def sorted_rule(g: Any, a: Any, y: Any, axis: int | None) -> Any:
    """Every entry's gradient from where it went: the entry of `y` that has the same rank."""
    if axis is None:
        return np.reshape(sorted_rule(g, np.reshape(a, (-1,)), y, 0), a.shape)
    ranks = np.argsort(ascending(a, axis), axis=axis)
    places = ascending(y, axis)[along(ranks, axis)]
    return g[along(places, axis)]


declare(
    np.sort,
    kind=SHAPE,
    domain=UNTIED,
    cases=(
        "a=(n, m)",
        "a=(n, m), axis=None",
        "a=(n, m, k), axis=1, kind='heapsort'",
        "a=(n, m), axis=0, stable=True",
    ),
    linear=False,
    a=sorted_rule,
)
declare(
    np.partition,
    kind=SHAPE,
    domain=UNTIED,
    cases=(
        "a=(n, 4), kth=1",
        "a=(4, m), kth=(0, -2), axis=0",
        "a=(4, 3), kth=5, axis=None",
    ),
    linear=False,
    a=sorted_rule,
)
HANDLERS[np.argpartition] = without_gradient


def sort_complex(a: Any) -> Any:
    """np.sort_complex: sorted along the last axis, always as complex numbers."""
    result = np.sort(a)
    return result if result.dtype.kind == "c" else astype(result, np.complex128)


compose(np.sort_complex, sort_complex, operands=("a",), domain=UNTIED, cases=("a=(n, m)", "a=(3,)"))
