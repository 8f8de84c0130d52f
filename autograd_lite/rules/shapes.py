"""Derivatives of functions that move, repeat or join entries without changing their values."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core.operation import SHAPE, declare
from ..core.primitives import astype, expand
from ..core.sweep import unbroadcast
from ..core.trace import compose, newest


def in_c_or_fortran_order(function: Any, position: int) -> Any:
    """The function, refusing orders that depend on how memory happens to be laid out."""

    def kernel(*args: Any, **kwargs: Any) -> Any:
        order = args[position] if len(args) > position else kwargs.get("order", "C")
        if order not in ("C", "F"):
            raise ValueError(f"order={order!r} cannot be differentiated; allowed: 'C' and 'F'")
        return function(*args, **kwargs)

    return kernel


declare(
    np.reshape,
    kind=SHAPE,
    signature="a, shape=None, order='C', *, newshape=None, copy=None",  # NumPy 2.0 has another
    kernel=in_c_or_fortran_order(np.reshape, position=2),
    cases=(
        "a=(n, m), shape=(m, n)",
        "a=(n, m, k), shape=(k * n, m), order='F'",
        "a=(1, 1), shape=()",
    ),
    remedy="the new shape must hold exactly as many elements; -1 stands for one unknown length",
    a=lambda g, a_shape, order: np.reshape(g, a_shape, order=order),
)
declare(
    np.ravel,
    kind=SHAPE,
    kernel=in_c_or_fortran_order(np.ravel, position=1),
    cases=("a=(n, m)", "a=(n, m), order='F'", "a=()"),
    a=lambda g, a_shape, order: np.reshape(g, a_shape, order=order),
)
declare(
    np.transpose,
    kind=SHAPE,
    cases=("a=(n, m, k)", "a=(n, m, k), axes=(1, 2, 0)", "a=(n, m), axes=(-1, 0)"),
    a=lambda g, axes: np.transpose(g, None if axes is None else np.argsort(positive(axes))),
)
declare(
    np.swapaxes,
    kind=SHAPE,
    cases=("a=(n, m, k), axis1=0, axis2=-1",),
    a=lambda g, axis1, axis2: np.swapaxes(g, axis1, axis2),
)
declare(
    np.moveaxis,
    kind=SHAPE,
    cases=(
        "a=(n, m, k), source=0, destination=-1",
        "a=(n, m, k), source=(0, 1), destination=(2, 0)",
    ),
    a=lambda g, source, destination: np.moveaxis(g, destination, source),
)
declare(
    np.expand_dims,
    kind=SHAPE,
    cases=("a=(n, m), axis=1", "a=(n, m), axis=(0, -1)"),
    a=lambda g, a_shape: np.reshape(g, a_shape),
)
declare(
    np.squeeze,
    kind=SHAPE,
    cases=("a=(n, 1, m, 1)", "a=(n, 1, m, 1), axis=1"),
    a=lambda g, a_shape: np.reshape(g, a_shape),
)
declare(np.copy, kind=SHAPE, cases=("a=(n, m)",), a=lambda g: g)
declare(astype, kind=SHAPE, cases=("x=(n, m), dtype=np.float64",), x=lambda g: g)
declare(
    np.broadcast_to,
    kind=SHAPE,
    cases=("array=(n, 1), shape=(k, n, m)", "array=(), shape=(n, m)"),
    array=lambda g, array_shape: unbroadcast(g, array_shape),
)
declare(
    expand,
    kind=SHAPE,
    cases=("g=(n, 1), shape=(k, n, m)",),
    g=lambda g, g_shape: unbroadcast(g, g_shape),
)


def positive(axes: Any) -> list[int]:
    """A permutation of axes, counted from 0."""
    return [axis % np.size(axes) for axis in np.atleast_1d(axes)]


# Joining and splitting


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
    first = tup[0] if tup else None
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


def at_least(function: Any, reshape: Any) -> None:
    """Declare `atleast_1d` and its kin: one array, or a tuple of them for several."""

    def implementation(*arrays: Any) -> Any:
        results = tuple(reshape(a) if newest((a,)) is not None else function(a) for a in arrays)
        return results[0] if len(results) == 1 else results

    cases = ("arys=[()]", "arys=[(n,)]", "arys=[(n, m)]", "arys=[(), (n,), (n, m, k)]")
    compose(function, implementation, operands=("arys",), cases=cases)


at_least(np.atleast_1d, lambda a: a if a.ndim >= 1 else np.reshape(a, (1,)))
at_least(np.atleast_2d, lambda a: a if a.ndim >= 2 else np.reshape(a, (1, -1)))
at_least(
    np.atleast_3d,
    lambda a: a if a.ndim >= 3 else np.reshape(a, ((1, 1, 1), (1, -1, 1), (*a.shape, 1))[a.ndim]),
)

# Reordering and repeating

declare(
    np.flip,
    kind=SHAPE,
    cases=("m=(n, k)", "m=(n, k), axis=0", "m=(n, k), axis=(0, -1)"),
    m=lambda g, axis: np.flip(g, axis),
)
declare(np.flipud, kind=SHAPE, cases=("m=(n,)", "m=(n, m)"), m=lambda g: np.flipud(g))
declare(np.fliplr, kind=SHAPE, cases=("m=(n, m)", "m=(n, m, k)"), m=lambda g: np.fliplr(g))
declare(
    np.roll,
    kind=SHAPE,
    cases=(
        "a=(n, m), shift=2",
        "a=(n, m), shift=-1, axis=0",
        "a=(n, m), shift=(1, 2), axis=(0, 1)",
    ),
    a=lambda g, shift, axis: np.roll(g, np.negative(shift).tolist(), axis),
)


def tile_rule(g: Any, A_shape: Any, reps: Any) -> Any:
    """Sum over the copies of the whole."""
    times = tuple(np.atleast_1d(reps))
    width = max(len(times), len(A_shape))
    times = (1,) * (width - len(times)) + times
    shape = (1,) * (width - len(A_shape)) + tuple(A_shape)
    blocks = np.reshape(g, tuple(n for pair in zip(times, shape, strict=True) for n in pair))
    return np.reshape(np.sum(blocks, axis=tuple(range(0, 2 * width, 2))), A_shape)


declare(
    np.tile,
    kind=SHAPE,
    cases=(
        "A=(n, m), reps=2",
        "A=(n, m), reps=(2, 1, 3)",
        "A=(n, m, k), reps=(2,)",
        "A=(), reps=(2, 2)",
    ),
    A=tile_rule,
)
