"""`numpy.lib.stride_tricks`, of Tensors too.

NumPy's `as_strided` reads memory and asks nobody. Here it reads the numbers of the entries, from an
array that lies in memory as that of the Tensor does, and an index is all that is left to do.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.lib import stride_tricks as plain

from ...core.errors import message
from ...core.trace import newest, peel_all
from ...core.views import link
from ..creation import accepting

broadcast_arrays, broadcast_to = np.broadcast_arrays, np.broadcast_to
broadcast_shapes = np.broadcast_shapes
sliding_window_view = plain.sliding_window_view
__all__ = [
    "as_strided", "broadcast_arrays", "broadcast_shapes", "broadcast_to", "sliding_window_view",
]  # fmt: skip


def as_strided(
    x: Any, shape: Any = None, strides: Any = None, subok: bool = False, writeable: bool = True
) -> Any:
    """`numpy.lib.stride_tricks.as_strided`, differentiable.

    ValueError if it leaves the entries of the Tensor, or is assigned to where they stand several
    times.

    >>> import autograd_lite as ag
    >>> w = ag.Tensor([1.0, 2.0, 3.0])
    >>> as_strided(w, (2, 2), (8, 8)).sum().backward()
    >>> w.grad
    array([1., 2., 1.])
    """
    if newest((x,)) is None:
        return accepting(plain.as_strided(x, shape, strides, subok, writeable))
    array = peel_all(x)
    places = entries(
        array,
        array.shape if shape is None else tuple(np.atleast_1d(shape).tolist()),
        array.strides if strides is None else tuple(np.atleast_1d(strides).tolist()),
    )
    result = by_number(x, places)
    if np.unique(places).size < places.size:  # an assignment to one is none to the others
        peel_all(result).flags.writeable = False
    link(result, x, by_number, (places,), {})
    return result


def by_number(x: Any, places: Any) -> Any:
    """The entries of `x` with these numbers."""
    return np.reshape(x, (-1,))[places]


def entries(array: Any, shape: Sequence[int], strides: Sequence[int]) -> Any:
    """The numbers of the entries that NumPy would find where the strides lead."""
    size = array.itemsize
    first, last = extent(array.shape, array.strides, size)
    low, high = extent(shape, strides, size)
    if low < first or high > last:
        raise outside(array, shape, strides)
    memory = np.full(last - first, -1)  # one number for every byte
    start = memory[-first:]
    itemsize = memory.itemsize
    plain.as_strided(start, array.shape, [step * itemsize for step in array.strides])[...] = (
        np.arange(array.size).reshape(array.shape)
    )
    found = plain.as_strided(start, shape, [step * itemsize for step in strides]).copy()
    if (found < 0).any():
        raise outside(array, shape, strides)
    return found


def extent(shape: Sequence[int], strides: Sequence[int], size: int) -> tuple[int, int]:
    """The bytes that an array takes, counted from its first entry."""
    if 0 in shape:
        return 0, 0
    steps = [step * (n - 1) for n, step in zip(shape, strides, strict=True)]
    return sum(step for step in steps if step < 0), sum(s for s in steps if s > 0) + size


def outside(array: Any, shape: Sequence[int], strides: Sequence[int]) -> ValueError:
    """The error for strides that lead to what is no entry of the Tensor."""
    return ValueError(
        message(
            f"as_strided({tuple(shape)}, strides {tuple(strides)}) leaves the entries of a Tensor "
            f"{array.shape} with strides {array.strides}",
            remedy="count strides in bytes, from those of this very Tensor: x.strides",
        )
    )
