"""Derivatives of functions that reorder entries, repeat them, leave some out or put others in."""

from math import prod
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from ..core.operands import stack
from ..core.operation import SHAPE, declare
from ..core.primitives import astype, getitem, numbered
from ..core.trace import compose, peel_all
from .sources import to_sources

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


def resize_rule(g: Any, a_shape: tuple[int, ...], new_shape: Any) -> Any:
    """Sum over the copies of each entry; nothing where NumPy repeats no entries at all."""
    if prod(a_shape) == 0:  # the result is zeros
        return np.zeros(a_shape, g.dtype)
    return to_sources(g, np.resize(numbered(a_shape), new_shape), a_shape)


declare(
    np.resize,
    kind=SHAPE,
    cases=(
        "a=(n, m), new_shape=(m, 4)",
        "a=(n,), new_shape=7",
        "a=(n, m), new_shape=(2,)",
        "a=(), new_shape=(2, 2)",
    ),
    a=resize_rule,
)
declare(
    np.rot90,
    kind=SHAPE,
    cases=("m=(n, m)", "m=(n, m), k=-2", "m=(n, m, k), k=3, axes=(2, 0)"),
    m=lambda g, k, axes: np.rot90(g, -k, axes),
)

# Leaving out and putting in


def delete(arr: Any, obj: Any, axis: int | None = None) -> Any:
    """np.delete: NumPy deletes among the numbers of the entries, and says which remain."""
    shape = np.shape(arr)
    length = prod(shape) if axis is None else shape[normalize_axis_index(axis, len(shape))]
    return np.take(arr, np.delete(np.arange(length), peel_all(obj)), axis)


def insert(arr: Any, obj: Any, values: Any, axis: int | None = None) -> Any:
    """np.insert: NumPy inserts into the numbers of the old entries those of the new ones."""
    old, new = (x if hasattr(x, "dtype") else stack_or_array(x) for x in (arr, values))
    numbers = numbered(old.shape)
    numbers = np.insert(numbers, peel_all(obj), numbers.size + numbered(new.shape), axis)
    if new.dtype != old.dtype:
        new = astype(new, old.dtype)
    return getitem(np.concatenate([np.ravel(old), np.ravel(new)]), numbers)


def stack_or_array(value: Any) -> Any:
    """A number, or nested lists that may hold Tensors, as an array or a Tensor."""
    stacked = stack(value) if isinstance(value, list | tuple) else value
    return stacked if hasattr(stacked, "dtype") else np.asarray(stacked)


compose(
    np.delete,
    delete,
    operands=("arr",),
    cases=(
        "arr=(3, m), obj=1, axis=0",
        "arr=(n, 4), obj=slice(None, None, 2), axis=-1",
        "arr=(n, 4), obj=[0, -1, 0], axis=1",
        "arr=(n, m), obj=np.array([], dtype=int)",
        "arr=(n,), obj=Mask(n)",
        "arr=(2, 3), obj=4",
    ),
)
compose(
    np.insert,
    insert,
    operands=("arr", "values"),
    cases=(
        "arr=(3, m), obj=1, values=(), axis=0",
        "arr=(n, 3), obj=[0, 2, -1], values=(n, 3), axis=1",
        "arr=(n, 3), obj=slice(0, 3, 2), values=(2,), axis=-1",
        "arr=(3, m), obj=2, values=(k, m), axis=0",
        "arr=(3, m), obj=[2], values=(k, m), axis=0",
        "arr=(n, 3), obj=-1, values=(n,), axis=1",
        "arr=(2, 3), obj=4, values=(k,)",
        "arr=(2, 3), obj=np.array([4, 4, 0]), values=(3,)",
        "numpy 2.2: arr=(3,), obj=np.array([True, False, True]), values=(2,)",
    ),
)
