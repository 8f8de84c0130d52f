"""`np.apply_along_axis` and `np.apply_over_axes`: the user's function is called with Tensors."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from ..core.operands import as_array
from ..core.trace import compose


def apply_along_axis(
    func1d: Callable[..., Any], axis: int, arr: Any, *args: Any, **kwargs: Any
) -> Any:
    """Stack what the function makes of every vector along `axis`."""
    shape = np.shape(arr)
    axis = normalize_axis_index(axis, len(shape))
    vectors = np.moveaxis(arr, axis, -1)
    outer = shape[:axis] + shape[axis + 1 :]
    results = [as_array(func1d(vectors[i], *args, **kwargs)) for i in np.ndindex(outer)]
    if not results:
        raise ValueError("Cannot apply_along_axis when any iteration dimensions are 0")
    inner, dtype = np.shape(results[0]), results[0].dtype
    stacked = np.stack([fitted(result, inner, dtype) for result in results])
    moved = np.reshape(stacked, outer + inner)
    new = range(len(outer), len(outer) + len(inner))
    return np.transpose(moved, (*range(axis), *new, *range(axis, len(outer))))


def fitted(result: Any, shape: tuple[int, ...], dtype: Any) -> Any:
    """A result in the shape and dtype of the first one, as NumPy assigns it."""
    result = result if result.dtype == dtype else result.astype(dtype)
    return result if result.shape == shape else np.broadcast_to(result, shape)


def apply_over_axes(func: Callable[..., Any], a: Any, axes: Any) -> Any:
    """Apply a reduction over one axis after another, keeping them with length one."""
    value, ndim = a, np.ndim(a)
    for axis in axes if np.ndim(axes) else (axes,):
        along = ndim + axis if axis < 0 else axis
        result = func(value, along)
        if np.ndim(result) != np.ndim(value):
            result = np.expand_dims(result, along)
            if np.ndim(result) != np.ndim(value):
                raise ValueError("function is not returning an array of the correct shape")
        value = result
    return value


compose(
    np.apply_along_axis,
    apply_along_axis,
    operands=("arr",),
    cases=(
        "func1d=np.sum, axis=0, arr=(n, m)",
        "func1d=np.cumsum, axis=-1, arr=(n, m)",
        "func1d=lambda v: np.multiply.outer(v, v), axis=1, arr=(n, m, k)",
        "func1d=lambda v: [v[0], v[-1]], axis=0, arr=(2, n, m)",
        "func1d=lambda v: np.flip(v), axis=0, arr=(n,)",
    ),
)
compose(
    np.apply_over_axes,
    apply_over_axes,
    operands=("a",),
    cases=(
        "func=np.sum, a=(n, m, k), axes=(0, -1)",
        "func=np.sum, a=(n, m), axes=1",
        "func=np.cumsum, a=(n, m), axes=[0, 1]",
    ),
)
