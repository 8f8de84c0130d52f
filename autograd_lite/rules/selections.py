"""Derivatives of functions that choose among entries: indexing, take, where, clip.

A choice knows which entries nothing flows back to; `select` passes that on with the gradient, so
that `np.where(x > 0, np.sqrt(x), 0)` has gradient 0 at 0, where sqrt alone has slope infinity.
Convention: `clip` passes the gradient at its bounds (as PyTorch's `clamp`).
"""

import operator
from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from ..core.operation import ELEMENTWISE, SHAPE, UNTIED, declare
from ..core.primitives import getitem, scatter
from ..core.structural_zeros.dependence import IN_PARTS
from ..core.structural_zeros.entries import spread, spread_selected
from ..core.structural_zeros.selected import Selected, select
from ..core.trace import HANDLERS, compose, primitive


def read(index: Any, shape: tuple[int, ...]) -> Any:
    """Which entries of an array of `shape` an index reads."""
    entries = np.zeros(shape, bool)
    entries[index] = True
    return entries


INDICES = (
    "x=(3, 4, n), index=1",
    "x=(3, 4, n), index=(slice(None, None, -2), -1)",
    "x=(3, 4, n), index=(Ellipsis, None, 0)",
    "x=(3, 4), index=[0, 2, 0]",
    "x=(3, 4), index=([0, 2, 0], [1, 1, 1])",
    "x=(3, n, 4), index=([[0], [2]], slice(None), [1, 1])",
    "x=(n, m), index=Mask(n, m)",
    "x=(n, m, k), index=Mask(n)",
    "x=(3,), index=np.array([], dtype=int)",
)
GETITEM = declare(
    getitem,
    kind=SHAPE,
    kernel=operator.getitem,
    cases=INDICES,
    x=lambda g, x_shape, index: spread(g, index, x_shape),
)
IN_PARTS[GETITEM.rules[0].formula] = spread_selected
declare(
    scatter,
    kind=SHAPE,
    cases=(
        "g=(3, n), index=[0, 2, 0], shape=(4, n)",
        "g=(n,), index=(slice(None), 1), shape=(n, 2)",
    ),
    g=lambda g, index: g[index],
)


def back_to_sources(g: Any, a_shape: Any, axis: int | None, choose: Callable[[Any], Any]) -> Any:
    """Sum over the places where each entry along `axis` went; `choose` is what chose the entries.

    >>> gx = back_to_sources(np.ones(4), (3,), None, lambda numbers: np.repeat(numbers, [1, 0, 3]))
    >>> gx.values.tolist(), gx.live().tolist()
    ([1.0, 0.0, 3.0], [True, False, True])
    """
    shape = (prod(a_shape),) if axis is None else a_shape
    along = 0 if axis is None else axis % len(a_shape)
    index = (slice(None),) * along + (choose(np.arange(shape[along])),)
    gx = np.reshape(scatter(g, index, shape), a_shape)
    return Selected(gx, lambda: read(index, shape).reshape(a_shape))


declare(
    np.take,
    kind=SHAPE,
    cases=(
        "a=(n, 3), indices=[0, 2, 0, -1], axis=1",
        "a=(2, 3), indices=[[5, 0], [0, 1]]",
        "a=(n, 3), indices=1, axis=-1",
        "a=(3, n), indices=[4, -5, 1], axis=0, mode='wrap'",
        "a=(3, n), indices=[4, -5, 1], axis=0, mode='clip'",
    ),
    a=lambda g, a_shape, indices, axis, mode: back_to_sources(
        g, a_shape, axis, lambda numbers: np.take(numbers, indices, mode=mode)
    ),
)
declare(
    np.repeat,
    kind=SHAPE,
    cases=(
        "a=(n, m), repeats=2",
        "a=(n, m), repeats=3, axis=-1",
        "a=(3, m), repeats=[0, 2, 1], axis=0",
    ),
    a=lambda g, a_shape, repeats, axis: back_to_sources(
        g, a_shape, axis, lambda numbers: np.repeat(numbers, repeats)
    ),
)


declare(
    np.where,
    kind=ELEMENTWISE,
    signature="condition, a=None, b=None",
    cases=(
        "condition=Mask(n, m), a=(n, m), b=(m,)",
        "condition=Mask(m), a=(n, 1), b=()",
        "condition=Mask(n, 1), a=(1, m), b=(k, 1, 1)",
    ),
    condition=None,
    a=lambda g, condition: select(g, condition),
    b=lambda g, condition: select(g, np.logical_not(condition)),
)


@primitive
def clip(a: Any, low: Any, high: Any) -> Any:
    """`np.clip(a, low, high)`, where either bound may be None."""
    return np.clip(a, low, high)


def within(a: Any, low: Any, high: Any) -> Any:
    """Where `clip` returns `a` itself."""
    above = True if low is None else a >= low
    return above & (True if high is None else a <= high)


def raised(a: Any, low: Any, high: Any) -> Any:
    """Where `clip` returns the lower bound."""
    return (a < low) & (True if high is None else low <= high)


def lowered(a: Any, low: Any, high: Any) -> Any:
    """Where `clip` returns the upper bound."""
    return (a if low is None else np.maximum(a, low)) > high


declare(
    clip,
    kind=ELEMENTWISE,
    domain=UNTIED,
    cases=(
        "a=(n, m), low=(m,), high=None",
        "a=(n, m), low=None, high=(n, 1)",
        "a=(n, m), low=-0.5, high=0.7",
        "a=(m,), low=(n, 1), high=(n, m)",
    ),
    a=lambda g, a, low, high: select(g, within(a, low, high)),
    low=lambda g, a, low, high: select(g, raised(a, low, high)),
    high=lambda g, a, low, high: select(g, lowered(a, low, high)),
)


def clip_by_either_name(
    a: Any, a_min: Any = None, a_max: Any = None,
    out: Any = None,  # noqa: ARG001 - the engine has stored into it
    *, min: Any = None, max: Any = None,
) -> Any:  # fmt: skip
    """np.clip, whose bounds have two names each."""
    if (a_min is not None or a_max is not None) and (min is not None or max is not None):
        raise ValueError("bounds were given both by position and as min= or max=")
    return clip(a, min if a_min is None else a_min, max if a_max is None else a_max)


compose(
    np.clip,
    clip_by_either_name,
    operands=("a", "a_min", "a_max", "min", "max"),
    cases=(
        "a=(n, m), a_min=-0.5, a_max=1.5",
        "a=(n, m), a_min=(m,), a_max=(n, 1)",
        "a=(n, m), a_min=None, a_max=(n, 1)",
        "numpy 2.1: a=(n, m), min=(m,), max=(k, 1, 1)",
        "numpy 2.1: a=(n, m), max=0.3",
    ),
    domain=UNTIED,
)


def clip_ufunc(_: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The ufunc behind `array.clip(t, u)`, which NumPy has no public name for."""
    return clip(*args, **kwargs)


HANDLERS[np._core.umath.clip] = clip_ufunc  # type: ignore[attr-defined]  # no public name
