"""Derivatives of `np.pad`, in every mode.

Padding with copies of entries is indexing: NumPy pads the numbers of the entries, and the padded
numbers say which entry stands where. What is computed from entries stands in `extrapolation`.
Convention: equal maxima (minima) share the gradient of what was padded with them evenly.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from ..core.operands import stack
from ..core.operation import SHAPE, UNTIED, declare
from ..core.primitives import astype, getitem, numbered
from ..core.trace import compose, newest, peel_all, unary_primitive
from .extrapolation import pad_mean, pad_odd, pad_ramp, pairs, stat_lengths


@unary_primitive
def pad_zeros(x: Any, pad_width: Any) -> Any:
    """`np.pad` with zeros."""
    return np.pad(x, pad_width)


def inner(shape: tuple[int, ...], pad_width: Any) -> tuple[slice, ...]:
    """The index of the original entries within the padded array."""
    starts = [before for before, _ in pairs(pad_width, len(shape))]
    return tuple(slice(start, start + n) for start, n in zip(starts, shape, strict=True))


declare(
    pad_zeros,
    kind=SHAPE,
    cases=(
        "x=(n, m), pad_width=2",
        "x=(n, m), pad_width=((1, 0), (2, 3))",
        "x=(n,), pad_width=(0, 2)",
    ),
    x=lambda g, x_shape, pad_width: g[inner(x_shape, pad_width)],
)


def pad_constants(array: Any, pad_width: Any, constant_values: Any = 0) -> Any:
    """Pad with numbers, one for each side of each axis, of the dtype of the array."""
    padded = pad_zeros(array, pad_width)
    constants = stack(constant_values)
    if newest((constants,)) is None:
        constants = np.asarray(constants).astype(padded.dtype)
        if not constants.tobytes().strip(b"\0"):  # zeros, none of them -0.0
            return padded
    ndim = np.ndim(array)
    if not ndim:
        return padded
    sides = np.pad(np.full(np.shape(array), -1), pad_width, constant_values=numbered((ndim, 2)))
    values = np.ravel(np.broadcast_to(astype(constants, padded.dtype), (ndim, 2)))
    return np.where(sides < 0, padded, getitem(values, sides))


def pad_copies(array: Any, pad_width: Any, mode: str) -> Any:
    """Pad with entries of the array."""
    numbers = np.pad(numbered(np.shape(array)), pad_width, mode)  # type: ignore[call-overload]
    return getitem(np.reshape(array, (-1,)), numbers)


def pad_reflected(array: Any, pad_width: Any, mode: str, reflect_type: str = "even") -> Any:
    """Pad with entries as in a mirror; any other type than "odd" counts as "even" with NumPy."""
    if reflect_type == "odd":
        return pad_odd(array, pad_width, mode)
    return pad_copies(array, pad_width, mode)


def pad_statistic(
    statistic: Callable[..., Any], array: Any, pad_width: Any, stat_length: Any = None
) -> Any:
    """Pad with a statistic of the outermost entries, of `stat_length` of them or of all."""
    if not np.size(array):
        return pad_zeros(array, pad_width)
    padded = array
    lengths = stat_lengths(stat_length, np.shape(array))
    for axis, (width, (first, last)) in enumerate(
        zip(pairs(pad_width, np.ndim(array)), lengths, strict=True)
    ):
        leading, n = (slice(None),) * axis, np.shape(array)[axis]
        head = getitem(padded, (*leading, slice(first)))
        tail = getitem(padded, (*leading, slice(n - last, n)))
        before, after = (
            repeated(statistic(chunk, axis=axis, keepdims=True), axis, times)
            for chunk, times in zip((head, tail), width, strict=True)
        )
        padded = np.concatenate([before, padded, after], axis=axis)
    return padded


def repeated(array: Any, axis: int, times: int) -> Any:
    """An axis of length one, longer."""
    shape = np.shape(array)
    return np.broadcast_to(array, (*shape[:axis], times, *shape[axis + 1 :]))


def pad_by_function(array: Any, pad_width: Any, function: Any, options: dict[str, Any]) -> Any:
    """Pad with zeros, and let the user's function assign to every vector of each axis in turn."""
    padded = pad_zeros(array, pad_width)
    for axis, width in enumerate(pairs(pad_width, np.ndim(array))):
        moved = np.moveaxis(padded, axis, -1)
        vectors = [np.copy(getitem(moved, index)) for index in np.ndindex(moved.shape[:-1])]
        for vector in vectors:
            function(vector, width, axis, options)
        if vectors:
            padded = np.moveaxis(np.reshape(np.stack(vectors), moved.shape), -1, axis)
    return padded


MODES: dict[str, Callable[..., Any]] = {
    "constant": pad_constants,
    "empty": pad_zeros,  # what NumPy leaves there is not defined
    "edge": partial(pad_copies, mode="edge"),
    "wrap": partial(pad_copies, mode="wrap"),
    "reflect": partial(pad_reflected, mode="reflect"),
    "symmetric": partial(pad_reflected, mode="symmetric"),
    "linear_ramp": pad_ramp,
    "mean": pad_mean,
    "maximum": partial(pad_statistic, np.max),
    "minimum": partial(pad_statistic, np.min),
    "median": partial(pad_statistic, np.median),
}


def pad(array: Any, pad_width: Any, mode: Any = "constant", **options: Any) -> Any:
    """np.pad in every mode."""
    if callable(mode):
        return pad_by_function(array, pad_width, mode, options)
    # A stand-in of hardly any entries: NumPy itself says which calls are impossible.
    few = np.zeros([min(n, 1) for n in array.shape], array.dtype)
    np.pad(few, pad_width, mode, **{name: peel_all(value) for name, value in options.items()})
    return MODES[mode](array, pad_width, **options)


compose(
    np.pad,
    pad,
    operands=("array",),  # a Tensor in the options alone does not hand the call to us
    cases=(
        "array=(n, m), pad_width=((0, 2), (1, 0))",
        "numpy 2.4: array=(n, m), pad_width={-1: (1, 2)}",
        "array=(n, m), pad_width=2, constant_values=[[1.5, -0.0], [0.0, -1.0]]",
        "array=(n, m), pad_width=(1, 2), mode='constant', constant_values=(2, 1)",
        "array=(n, m), pad_width=3, mode='edge'",
        "array=(n, m), pad_width=((2, 1), (0, 5)), mode='reflect'",
        "array=(n, m), pad_width=2, mode='symmetric'",
        "array=(n,), pad_width=(4, 1), mode='wrap'",
        "array=(n, m), pad_width=((9, 1), (0, 3)), mode='reflect', reflect_type='odd'",
        "array=(n, m), pad_width=((1, 9), (2, 0)), mode='symmetric', reflect_type='odd'",
        "array=(n, m), pad_width=((2, 3), (4, 1)), mode='linear_ramp', end_values=[[0, 2], [1, 3]]",
        "array=(n, m), pad_width=((2, 1), (0, 3)), mode='mean'",
        "array=(n, m, 2), pad_width=1, mode='mean', stat_length=((1, 2), (3, 1), (2, 1))",
        "array=(n, m), pad_width=((1, 0), (0, 2)), mode='maximum'",
        "array=(n, m), pad_width=((1, 2), (0, 1)), mode='median'",
        "array=(n, m), pad_width=1, mode='minimum', stat_length=((2, 1), (1, 2))",
    ),
    domain=UNTIED,
)
