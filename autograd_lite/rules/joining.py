"""Derivatives of functions that join arrays to one, or split one into several."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core.operation import SHAPE, declare
from ..core.trace import compose
from .shapes import with_axes


def part(g: Any, member: int, shapes: Sequence[tuple[int, ...]], axis: int | None) -> Any:
    """The part of a concatenation's gradient that belongs to array number `member`."""
    shape = shapes[member]
    if axis is None:
        start = sum(int(np.prod(before)) for before in shapes[:member])
        return np.reshape(g[start : start + int(np.prod(shape))], shape)
    axis %= len(shape)
    start = 0
    for before in shapes[:member]:
        start += before[axis]
    return g[(slice(None),) * axis + (slice(start, start + shape[axis]),)]


declare(
    np.concatenate,
    kind=SHAPE,
    signature="arrays, axis=0, out=None, *, dtype=None, casting='same_kind'",
    cases=(
        "arrays=[(n, m), (k, m)]",
        "arrays=[(n, m, 1), (n, k, 1), (n, m, 1)], axis=-2",
        "arrays=[(n, m), (k,)], axis=None",
    ),
    remedy="all arrays need the same number of axes, and equal lengths but along `axis`",
    arrays=lambda g, member, arrays_shapes, axis: part(g, member, arrays_shapes, axis),
)
declare(
    np.stack,
    kind=SHAPE,
    cases=(
        "arrays=[(n, m), (n, m)]",
        "arrays=[(n, m), (n, m), (n, m)], axis=-1",
        "arrays=[(), ()]",
    ),
    remedy="all arrays need the same shape",
    arrays=lambda g, member, axis: g[(slice(None),) * (axis % g.ndim) + (member,)],
)


def column_part(g: Any, member: int, shapes: Sequence[tuple[int, ...]]) -> Any:
    """The part of np.hstack's gradient that belongs to array number `member`."""
    if g.ndim == 1:
        gx = part(g, member, [shape or (1,) for shape in shapes], 0)
        return gx if shapes[member] else np.reshape(gx, ())
    start = 0
    for before in shapes[:member]:
        start += before[1]
    return g[:, start : start + shapes[member][1]]


def join_columns(tup: Any, **options: Any) -> Any:
    """np.hstack without its Python layer, where it only joins along the second axis."""
    first = tup[0] if tup.__class__ in (list, tuple) and tup else None
    if first.__class__ is np.ndarray and first.ndim > 1 and not options:
        return np.concatenate(tup, 1)
    return np.hstack(tup, **options)


def column_stack(tup: Any) -> Any:
    """np.column_stack by concatenate: vectors become columns."""
    columns = [a if np.ndim(a) >= 2 else np.reshape(a, (-1, 1)) for a in tup]
    return np.concatenate(columns, axis=1)


declare(
    np.hstack,
    kind=SHAPE,
    kernel=join_columns,
    cases=("tup=[(n, m), (n, k)]", "tup=[(n,), (), (m,)]", "tup=[(n, m, 2), (n, 1, 2)]"),
    remedy="all arrays need the same number of axes, and equal lengths but along the second one",
    tup=lambda g, member, tup_shapes: column_part(g, member, tup_shapes),
)
compose(
    np.vstack,
    lambda tup, **options: np.concatenate([np.atleast_2d(a) for a in tup], **options),
    operands=("tup",),
    cases=("tup=[(n, m), (k, m)]", "tup=[(m,), (m,), (n, m)]", "tup=[(), ()]"),
)
compose(
    np.dstack,
    lambda tup: np.concatenate([np.atleast_3d(a) for a in tup], axis=2),
    operands=("tup",),
    cases=("tup=[(n, m), (n, m)]", "tup=[(n,), (n,)]", "tup=[(n, m, k), (n, m)]"),
)
compose(
    np.column_stack,
    column_stack,
    operands=("tup",),
    cases=("tup=[(n,), (n, m)]", "tup=[(n,), (n,), (n,)]", "tup=[(), ()]"),
)


def split_by(function: Any, *cases: str, default_axis: int = 0) -> None:
    """Declare one of NumPy's splitting functions, by indexing with what it makes of numbers."""

    def implementation(ary: Any, indices_or_sections: Any, *axis: int, **options: int) -> list[Any]:
        shape = np.shape(ary)
        # A stand-in without memory: NumPy itself says which calls are impossible.
        function(np.broadcast_to(0, shape), indices_or_sections, *axis, **options)
        along = (*axis, *options.values(), min(default_axis, len(shape) - 1))[0] % len(shape)
        parts = np.array_split(np.arange(shape[along]), indices_or_sections)
        starts = [int(part[0]) if len(part) else 0 for part in parts]
        before = (slice(None),) * along
        return [
            ary[(*before, slice(start, start + len(part)))]
            for start, part in zip(starts, parts, strict=True)
        ]

    compose(function, implementation, operands=("ary",), cases=cases)


split_by(
    np.split,
    "ary=(4, n), indices_or_sections=2",
    "ary=(n, 4), indices_or_sections=[1, 3], axis=-1",
    "ary=(n, 4), indices_or_sections=(3, 1, 9), axis=1",
    "ary=(4, n), indices_or_sections=[-1]",
)
split_by(
    np.array_split,
    "ary=(n, m), indices_or_sections=3",
    "ary=(n, m), indices_or_sections=2, axis=1",
    "ary=(n, m), indices_or_sections=[2, 2], axis=-1",
)
split_by(
    np.hsplit,
    "ary=(n, 4), indices_or_sections=2",
    "ary=(4,), indices_or_sections=[1]",
    default_axis=1,
)
split_by(np.vsplit, "ary=(4, n), indices_or_sections=2", "ary=(n, m), indices_or_sections=[1]")
split_by(np.dsplit, "ary=(n, m, 4), indices_or_sections=2", default_axis=2)


def append(arr: Any, values: Any, axis: int | None = None) -> Any:
    """np.append by concatenate: flat without an axis."""
    if axis is None:
        return np.concatenate([np.ravel(arr), np.ravel(values)])
    return np.concatenate([arr, values], axis=axis)


def unstack(x: Any, /, *, axis: int = 0) -> tuple[Any, ...]:
    """np.unstack: what lies along an axis, one after the other."""
    if np.ndim(x) == 0:
        raise ValueError("Input array must be at least 1-d.")
    return tuple(np.moveaxis(x, axis, 0))


compose(
    np.append,
    append,
    operands=("arr", "values"),
    cases=(
        "arr=(n, m), values=(k,)",
        "arr=(n, m), values=(n, k), axis=1",
        "arr=(n,), values=(), axis=None",
    ),
)


def block(arrays: Any) -> Any:
    """np.block by concatenate: the innermost lists along the last axis, and so on outwards."""
    np.block(stand_ins(arrays))  # NumPy itself says which calls are impossible
    depth = depth_of(arrays)
    whole = joined(arrays, depth, max(depth, most_axes(arrays)))
    return whole if depth else np.copy(whole)


def stand_ins(value: Any) -> Any:
    """Arrays without memory in place of all in nested lists."""
    if isinstance(value, list):
        return [stand_ins(item) for item in value]
    return value if isinstance(value, tuple) else np.broadcast_to(0, np.shape(value))


def depth_of(value: Any) -> int:
    """How many lists lie around what is innermost."""
    return 1 + depth_of(value[0]) if isinstance(value, list) else 0


def most_axes(value: Any) -> int:
    """The largest number of axes in nested lists of arrays."""
    return max(map(most_axes, value)) if isinstance(value, list) else np.ndim(value)


def joined(value: Any, depth: int, ndim: int) -> Any:
    """Nested lists of arrays as one array of `ndim` axes."""
    if isinstance(value, list):
        return np.concatenate([joined(item, depth - 1, ndim) for item in value], axis=-depth)
    return with_axes(value, ndim)


compose(
    np.block,
    block,
    operands=("arrays",),
    cases=(
        "arrays=[(n, m), (n, k)]",
        "arrays=[[(n, m), (n, 1)], [(k, m), (k, 1)]]",
        "arrays=[[(m,), ()], [(m + 1,)]]",
        "arrays=[(2, n, m), (2, n, 1)]",
        "arrays=(n, m)",
    ),
)
if hasattr(np, "unstack"):  # NumPy 2.1
    compose(
        np.unstack,
        unstack,
        operands=("x",),
        cases=("x=(3, n)", "x=(n, 3, m), axis=1", "x=(n, 2), axis=-1"),
    )
