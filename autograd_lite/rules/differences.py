"""Derivatives of differences of neighbours: diff, ediff1d, gradient, trapezoid, unwrap.

`unwrap` adds whole periods, which are constant, so its gradient is 1 everywhere. `gradient` takes
a simpler formula where coordinates are evenly spaced; its derivative in the coordinates is that of
the general one, which has the same value there.
"""

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from ..core.operands import as_array
from ..core.operation import LINEAR, SHAPE, UNTIED, Domain, declare
from ..core.primitives import astype
from ..core.trace import compose, primitive, unary_primitive
from .padding import pad_zeros


@unary_primitive
def difference(a: Any, n: int = 1, axis: int = -1) -> Any:
    """`np.diff` without anything put in front or behind."""
    return np.diff(a, n, axis)


def padded(g: Any, axis: int, before: int, after: int) -> Any:
    """`g` with zeros before and after it along one axis."""
    return pad_zeros(g, [(before, after) if k == axis else (0, 0) for k in range(g.ndim)])


def difference_rule(g: Any, a_shape: tuple[int, ...], n: int, axis: int) -> Any:
    """Differences of the gradient, with zeros around it."""
    if n == 0:
        return g
    along = axis % len(a_shape)
    if n >= a_shape[along]:
        return np.zeros(a_shape, g.dtype)
    return (-1.0) ** n * difference(padded(g, along, n, n), n, along)


declare(
    difference,
    kind=LINEAR,
    cases=(
        "a=(n,)",
        "a=(n, m), axis=0",
        "a=(n, m, k), n=2, axis=-1",
        "a=(5, m), n=3, axis=-2",
        "a=(3, 2), n=3, axis=0",
        "a=(n, 2), n=0",
    ),
    a=difference_rule,
)


def diff(
    a: Any, n: int = 1, axis: int = -1, prepend: Any = np._NoValue, append: Any = np._NoValue
) -> Any:
    """np.diff: join what goes in front and behind, and take the differences."""
    if n == 0:
        return a
    a = as_array(a)
    ends = (prepend, append)
    if a.ndim and any(end is not np._NoValue for end in ends):
        axis = normalize_axis_index(axis, a.ndim)
        before, after = ([] if end is np._NoValue else [thick(end, a, axis)] for end in ends)
        a = np.concatenate([*before, a, *after], axis)
    return difference(a, n, axis)


def thick(end: Any, a: Any, axis: int) -> Any:
    """What is put in front of `a` or behind it; a number in one layer of its shape."""
    end = as_array(end)
    layer = (*a.shape[:axis], 1, *a.shape[axis + 1 :])
    return np.broadcast_to(end, layer) if end.ndim == 0 else end


compose(
    np.diff,
    diff,
    operands=("a", "prepend", "append"),
    cases=(
        "a=(n, m), n=2, axis=0",
        "a=(n, m), prepend=(), append=(n, k)",
        "a=(n, m), n=3, axis=0, prepend=(k, m), append=2.0",
        "a=(n,), prepend=0",
        "a=(n,), n=0, prepend=0",
    ),
)


def ediff1d(ary: Any, to_end: Any = None, to_begin: Any = None) -> Any:
    """np.ediff1d: what goes in front and behind takes the dtype of `ary`."""
    ary = np.ravel(as_array(ary))
    parts = [ary[1:] - ary[:-1]]
    for name, end in (("to_begin", to_begin), ("to_end", to_end)):
        if end is None:
            continue
        end = as_array(end)
        if not np.can_cast(end.dtype, ary.dtype, casting="same_kind"):
            raise TypeError(f"dtype of {name} must be compatible with input ary")
        flat = astype(np.ravel(end), ary.dtype)
        parts = [flat, *parts] if name == "to_begin" else [*parts, flat]
    return np.concatenate(parts) if len(parts) > 1 else parts[0]


compose(
    np.ediff1d,
    ediff1d,
    operands=("ary", "to_end", "to_begin"),
    cases=(
        "ary=(n, m)",
        "ary=(n,), to_end=(), to_begin=(2, k)",
        "ary=(n,), to_begin=(m,)",
        "ary=(n,), to_end=[7, 8]",
    ),
)


# Slopes


def distances(spacing: Any, size: int) -> Any:
    """Distances between neighbours, from their coordinates or one number."""
    if np.ndim(spacing) == 0:
        return spacing * np.ones(size - 1)
    return difference(spacing * 1.0)  # not of integers, which may be unsigned


def slopes_rule(g: Any, d: Any, edge_order: int) -> Any:
    """The gradient of the slopes s between neighbours, of which `slope` is made.

    At inner points it is p s[before] + q s[after], and at the ends s itself, or what continues
    the parabola.
    """
    inner, size = g[..., 1:-1], g.shape[-1]
    p, q = d[1:] / (d[1:] + d[:-1]), d[:-1] / (d[1:] + d[:-1])
    first, last = g[..., :1], g[..., -1:]
    if edge_order != 1:
        first = np.concatenate([first * (1.0 + q[:1]), -first * q[:1]], axis=-1)
        last = np.concatenate([-last * p[-1:], last * (1.0 + p[-1:])], axis=-1)
    along = g.ndim - 1
    return (
        padded(inner * p, along, 0, 1)
        + padded(inner * q, along, 1, 0)
        + padded(first, along, 0, size - 1 - first.shape[-1])
        + padded(last, along, size - 1 - last.shape[-1], 0)
    )


def slope_f(g: Any, spacing: Any, axis: int, edge_order: int) -> Any:
    """Gradients of the slopes, carried to the values on both sides of each."""
    moved = np.moveaxis(g, axis, -1)
    d = distances(spacing, moved.shape[-1])
    gs = slopes_rule(moved, d, edge_order) / d
    return np.moveaxis(difference_rule(gs, moved.shape, 1, -1), -1, axis)


def slope_spacing(g: Any, y: Any, f: Any, spacing: Any, axis: int, edge_order: int) -> Any:
    """Through the slopes, and through the weights that depend on the ratios of distances."""
    if np.ndim(spacing) == 0:
        return -np.sum(g * y) / spacing
    g, f = np.moveaxis(g, axis, -1), np.moveaxis(f, axis, -1)
    d = distances(spacing, f.shape[-1])
    s = difference(f * 1.0) / d
    others = tuple(range(f.ndim - 1))
    gd = -np.sum(slopes_rule(g, d, edge_order) * s, axis=others) / d
    gq = g[..., 1:-1]
    if edge_order != 1:
        size = gq.shape[-1] - 1
        gq = gq - padded(g[..., :1], f.ndim - 1, 0, size) - padded(g[..., -1:], f.ndim - 1, size, 0)
    gq = np.sum(gq * difference(s), axis=others) / (d[1:] + d[:-1]) / (d[1:] + d[:-1])
    gd = gd + padded(gq * d[1:], 0, 0, 1) - padded(gq * d[:-1], 0, 1, 0)
    return difference_rule(gd, spacing.shape, 1, -1)


@primitive
def slope(f: Any, spacing: Any, axis: int, edge_order: int) -> Any:
    """`np.gradient` along one axis."""
    numpys: Any = np.gradient  # whose types allow fewer orders than itself
    return numpys(f, spacing, axis=axis, edge_order=edge_order)


declare(
    slope,
    kind=LINEAR,
    linear=False,  # in the spacing
    domain=Domain(0.0, 9.0, ties=True),
    cases=(
        "f=(n + 1, m), spacing=(), axis=0, edge_order=1",
        "f=(2, m + 2), spacing=(), axis=-1, edge_order=2",
        "f=(5, 2), spacing=(5,), axis=0, edge_order=1",
        "f=(2, 5), spacing=(5,), axis=-1, edge_order=2",
        "f=(2,), spacing=(2,), axis=0, edge_order=1",
        "f=(3,), spacing=(3,), axis=0, edge_order=2",
        "f=(4, 2, 3), spacing=(4,), axis=0, edge_order=2",
        "f=(3, n), spacing=np.array([4, 3, 1], np.uint8), axis=0, edge_order=1",
    ),
    f=lambda g, spacing, axis, edge_order: slope_f(g, spacing, axis, edge_order),
    spacing=slope_spacing,
)


def gradient(f: Any, *varargs: Any, axis: Any = None, edge_order: int = 1) -> Any:
    """np.gradient, axis by axis."""
    f = as_array(f)
    axes = tuple(range(f.ndim)) if axis is None else normalize_axis_tuple(axis, f.ndim)
    spacings: Any = varargs or (1.0,)
    if len(spacings) == 1 and np.ndim(spacings[0]) == 0:
        spacings = spacings * len(axes)
    if len(spacings) != len(axes):
        raise TypeError("invalid number of arguments")
    slopes = [
        slope(f, spacing, along, edge_order) for along, spacing in zip(axes, spacings, strict=True)
    ]
    return slopes[0] if len(slopes) == 1 else tuple(slopes)


compose(
    np.gradient,
    gradient,
    operands=("f", "varargs"),
    domain=UNTIED,
    cases=(
        "f=(n + 1, m + 1)",
        "f=(n + 2, m), axis=0, edge_order=2",
        "f=(n + 1, m + 1), varargs=[0.5]",
        "f=(n + 2, m, k + 2), varargs=[(), ()], axis=(-1, 0), edge_order=2",
        "f=(4, n + 1), varargs=[np.array([0, 1, 3, 4], np.uint8), ()]",
        "f=(4, n), varargs=[np.arange(4)], axis=0",
    ),
)


# Areas


def trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1) -> Any:
    """np.trapezoid: distances times the means of neighbours."""
    y = as_array(y)
    d = dx
    if x is not None:
        x = as_array(x)
        d = difference(x, 1, -1 if x.ndim == 1 else axis)
        if x.ndim == 1:
            shape = [1] * y.ndim
            shape[axis] = d.shape[0]
            d = np.reshape(d, shape)
    whole: list[Any] = [slice(None)] * y.ndim
    after, before = list(whole), list(whole)
    after[axis], before[axis] = slice(1, None), slice(None, -1)
    return np.sum(d * (y[tuple(after)] + y[tuple(before)]) / 2.0, axis)


compose(
    np.trapezoid,
    trapezoid,
    operands=("y", "x", "dx"),
    cases=(
        "y=(n,)",
        "y=(n, m), dx=(), axis=0",
        "y=(n, m, k), x=(m,), axis=1",
        "y=(n, m), x=(n, m), axis=-2",
        "y=(n, m), x=np.arange(m)",
    ),
)
declare(
    np.unwrap,
    kind=SHAPE,
    linear=False,  # where the periods are added depends on p
    domain=Domain(-1.7, 1.7),  # no two further apart than half a period, where it jumps
    cases=("p=(n, m)", "p=(n, m), axis=0", "p=(n,), discont=4.0, period=7.5"),
    p=lambda g: g,
)
