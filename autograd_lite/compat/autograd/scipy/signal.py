"""`convolve`, over some axes of two arrays, with products summed over others."""

from collections.abc import Sequence
from typing import Any

import numpy as np

Axes = Sequence[Sequence[int]]
MODES = ("valid", "full", "same")


def convolve(
    A: Any, B: Any, axes: Axes | None = None, dot_axes: Axes = ((), ()), mode: str = "full"
) -> Any:
    """The convolution of `A` and `B` over pairs of axes, all if none are given.

    Over the pairs in `dot_axes` their products are summed. The result has the axes of `A` that are
    in neither, then those of `B`, then the convolved ones, which are as long as `mode` says:
    "full", "valid" (where one array lies within the other) or "same" (as long as those of `A`).

    >>> convolve(np.array([1.0, 2.0, 3.0]), np.array([1.0, -1.0])).tolist()
    [1.0, 1.0, 1.0, -3.0]
    """
    if mode not in MODES:
        raise ValueError(f"convolve(mode={mode!r}): allowed are {', '.join(MODES)}")
    if axes is None:
        axes = (range(np.ndim(A)), range(np.ndim(A)))
    if mode == "valid":
        return valid(A, B, axes, dot_axes)
    margins = [(0, 0)] * np.ndim(A)
    for of_a, of_b in zip(*axes, strict=True):
        size = np.shape(B)[of_b] - 1
        margins[of_a] = (size, size) if mode == "full" else (size - size // 2, size // 2)
    return windowed(np.pad(A, margins), B, axes, dot_axes)


def valid(A: Any, B: Any, axes: Axes, dot_axes: Axes) -> Any:
    """The convolution where one array lies within the other, whichever is the longer one."""
    longer = [np.shape(A)[a] - np.shape(B)[b] for a, b in zip(*axes, strict=True)]
    if min(longer, default=0) >= 0:
        return windowed(A, B, axes, dot_axes)
    if max(longer) > 0:
        raise ValueError("one array must be longer than the other along all convolved axes")
    result = windowed(B, A, axes[::-1], dot_axes[::-1])
    free = np.ndim(B) - len(axes[1]) - len(dot_axes[1])
    rest = np.ndim(result) - len(axes[1])
    order = [*range(free, rest), *range(free), *range(rest, np.ndim(result))]
    return np.transpose(result, order)


def windowed(A: Any, B: Any, axes: Axes, dot_axes: Axes) -> Any:
    """The products of `B`, reversed, with every part of `A` of its lengths."""
    lengths = [np.shape(B)[axis] for axis in axes[1]]
    windows = np.lib.stride_tricks.sliding_window_view(A, lengths, tuple(axes[0]))
    own = range(np.ndim(A), np.ndim(A) + len(lengths))
    result = np.tensordot(
        windows, np.flip(B, tuple(axes[1])), ([*own, *dot_axes[0]], [*axes[1], *dot_axes[1]])
    )
    left = [axis for axis in range(np.ndim(A)) if axis not in dot_axes[0]]
    convolved = [left.index(axis) for axis in axes[0]]
    others = [place for place in range(np.ndim(result)) if place not in convolved]
    return np.transpose(result, [*others, *convolved])
