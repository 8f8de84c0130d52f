"""Derivative of `np.lib.stride_tricks.sliding_window_view`, and so of convolutions by windows."""

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple
from numpy.lib.stride_tricks import sliding_window_view

from ..core.operation import SHAPE, declare
from ..core.trace import unary_primitive


@unary_primitive
def add_windows(g: Any, shape: tuple[int, ...], window_shape: Any, axis: Any = None) -> Any:
    """Windows laid back to where they were seen in an array of `shape`, and added up.

    >>> add_windows(np.ones((3, 2)), (4,), 2).tolist()
    [1.0, 2.0, 2.0, 1.0]
    """
    window = tuple(np.atleast_1d(window_shape).tolist())
    all_axes = tuple(range(len(shape))) if axis is None else axis
    axes = normalize_axis_tuple(all_axes, len(shape), allow_duplicate=True)
    lengths = g.shape[: len(shape)]
    result = np.zeros(shape, g.dtype)
    for offsets in np.ndindex(window):
        starts = [0] * len(shape)
        for along, offset in zip(axes, offsets, strict=True):
            starts[along] += offset
        ends = [start + length for start, length in zip(starts, lengths, strict=True)]
        result[tuple(map(slice, starts, ends))] += g[(Ellipsis, *offsets)]
    return result


def read_only_windows(x: Any, window_shape: Any, axis: Any = None, **_: Any) -> Any:
    """The windows, whatever `writeable` says: an assignment to one would be none to the others."""
    return sliding_window_view(x, window_shape, axis)


declare(
    sliding_window_view,
    kind=SHAPE,
    kernel=read_only_windows,
    cases=(
        "x=(n + 1, m + 2), window_shape=(2, 3)",
        "x=(n + 2,), window_shape=3",
        "x=(n, m + 1, k), window_shape=2, axis=1",
        "x=(m + 2, n + 1), window_shape=(2, 3), axis=(-1, 0)",
        "x=(n, m + 3), window_shape=(2, 3), axis=(1, 1)",
    ),
    remedy="a window must not be longer than the array, and axis= is needed for fewer windows "
    "than axes",
    x=lambda g, x_shape, window_shape, axis: add_windows(g, x_shape, window_shape, axis),
)
declare(
    add_windows,
    kind=SHAPE,
    cases=(
        "g=(n + 1, m + 1, 2, 3), shape=(n + 2, m + 3), window_shape=(2, 3)",
        "g=(n, m + 1, 2), shape=(n, m + 2), window_shape=2, axis=-1",
    ),
    g=lambda g, window_shape, axis: sliding_window_view(g, window_shape, axis),
)
