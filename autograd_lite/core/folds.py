"""The methods of ufuncs as functions of our own: `fold` is `reduce`, `scan` is `accumulate`.

Their derivatives stand in `rules/folds.py`, for every ufunc that has a derivative itself.
"""

from itertools import pairwise
from typing import Any

import numpy as np

from .trace import primitive

# Along an axis without gaps in memory, NumPy 2.4 on processors with AVX-512 returns f(a0, a_last).
MISFOLDED = (np.power, np.arctan2)


@primitive
def fold(
    a: Any, ufunc: Any, axis: Any = 0, dtype: Any = None, keepdims: bool = False,
    initial: Any = np._NoValue, where: Any = True,
) -> Any:  # fmt: skip
    """`ufunc.reduce(a, ...)`: f(f(f(a0, a1), a2), ...) along `axis`.

    >>> float(fold(np.array([8.0, 4.0, 2.0]), np.divide))
    1.0
    """
    y = ufunc.reduce(a, axis, dtype, None, keepdims, initial, where)
    if ufunc not in MISFOLDED or axis == () or not np.ndim(a):
        return y
    return step_by_step(np.asarray(a), ufunc, axis, y, initial, where)


def step_by_step(a: Any, ufunc: Any, axis: Any, y: Any, initial: Any, where: Any) -> Any:
    """`ufunc.reduce(a, axis)` in the shape and dtype of y, one entry of the axis after another."""
    along = axis[0] if isinstance(axis, tuple) else axis or 0  # such ufuncs take only one
    rows = list(np.moveaxis(a.astype(y.dtype), along, 0))
    masks = list(np.moveaxis(np.broadcast_to(where, a.shape), along, 0))
    if initial is np._NoValue or initial is None:
        result = rows.pop(0)
        del masks[0]
    else:
        result = np.full(a.shape[:along] + a.shape[along:][1:], initial, y.dtype)
    for row, mask in zip(rows, masks, strict=True):
        result = np.where(mask, ufunc(result, row), result)
    return np.reshape(result, y.shape)[()]


@primitive
def scan(a: Any, ufunc: Any, axis: Any = 0, dtype: Any = None) -> Any:
    """`ufunc.accumulate(a, ...)`: all that `fold` comes by on its way.

    >>> scan(np.array([8.0, 4.0, 2.0]), np.divide).tolist()
    [8.0, 2.0, 1.0]
    """
    return ufunc.accumulate(a, axis, dtype)


@primitive
def fold_slices(a: Any, ufunc: Any, indices: Any, axis: Any = 0, dtype: Any = None) -> Any:
    """`ufunc.reduceat(a, indices, ...)`: `fold` of each slice between two indices.

    >>> fold_slices(np.array([1.0, 2.0, 4.0]), np.add, [0, 2]).tolist()
    [3.0, 4.0]
    """
    y = ufunc.reduceat(a, indices, axis, dtype)
    if ufunc not in MISFOLDED or not y.size:
        return y
    a, starts = np.asarray(a).astype(y.dtype), list(indices)
    slices = [slice(i, j if j > i else i + 1) for i, j in pairwise([*starts, a.shape[axis]])]
    rows = np.moveaxis(a, axis, 0)
    return np.stack([fold(rows[part], ufunc) for part in slices], axis)
