"""Functions of the engine's own, in which Tensor methods and rules are spelled.

They are what NumPy lacks as a function (`x[index]`), or has only in a form that is slow on small
arrays (`broadcast_to`). Their derivatives stand in `rules/` like all others.
"""

from copy import deepcopy
from math import prod
from typing import Any

import numpy as np
from numpy import ndarray

from .errors import describe, message
from .shortcuts import filled
from .trace import EAGER, Traced, newest, peel_all, primitive, unary_primitive


@unary_primitive
def getitem(x: Any, index: Any) -> Any:
    """`x[index]` for any index that NumPy takes.

    >>> getitem(np.array([10.0, 20.0, 30.0]), [2, 0]).tolist()
    [30.0, 10.0]
    """
    return x[index]


def own_index(index: Any) -> Any:
    """An index that nobody can change: arrays and lists in it are copied.

    >>> rows = np.array([0, 2])
    >>> own_index((rows, 1))[0] is rows
    False
    """
    if index.__class__ is tuple:
        return tuple([own_index(part) for part in index])
    if index.__class__ is ndarray:
        return index.copy()
    if isinstance(index, ndarray):
        return index.copy()
    if isinstance(index, Traced) and index._trace == EAGER and index._value.dtype.kind in "iub":
        return index._value.copy()  # a constant: no other trace is to meet it
    return deepcopy(index) if index.__class__ is list and newest(index) is None else index


def numbered(shape: tuple[int, ...]) -> Any:
    """An array of `shape` in which every entry is its own number.

    >>> numbered((2, 3)).tolist()
    [[0, 1, 2], [3, 4, 5]]
    """
    return np.arange(prod(shape)).reshape(shape)


@unary_primitive
def scatter(g: Any, index: Any, shape: tuple[int, ...]) -> Any:
    """Zeros of `shape` with `g` added at `index`, as often as an entry is named there.

    >>> scatter(np.array([1.0, 2.0, 4.0]), [0, 2, 0], (3,)).tolist()
    [5.0, 0.0, 2.0]
    """
    result = np.zeros(shape, g.dtype)
    if names_entries_once(index):
        result[index] = g
    else:
        np.add.at(result, peel_all(index), g)  # constant Tensors may be indices
    return result


BASIC = (int, slice, type(None), type(Ellipsis), np.integer)


def names_entries_once(index: Any) -> bool:
    """Whether an index cannot name an entry twice: slices, integers and masks only."""
    for part in index if index.__class__ is tuple else (index,):
        if part.__class__ is ndarray:
            if part.dtype.kind != "b":
                return False
        elif not isinstance(part, BASIC) and getattr(part, "dtype", None) != np.bool_:
            return False
    return True


@unary_primitive
def expand(g: Any, shape: tuple[int, ...]) -> Any:
    """`g` broadcast to `shape`, in memory of its own: BLAS is slow on zero strides.

    >>> expand(np.float64(2.0), (2, 2)).tolist()
    [[2.0, 2.0], [2.0, 2.0]]
    """
    if not g.ndim:
        return filled(g, shape)
    result = np.empty(shape, g.dtype)
    result[...] = g
    return result


@unary_primitive
def astype(x: Any, dtype: Any, order: str = "K", casting: str = "unsafe", copy: bool = True) -> Any:
    """`x.astype(dtype)`; `np.astype` is newer than the oldest NumPy that is supported."""
    return x.astype(dtype, order=order, casting=casting, copy=copy)


def as_float(x: Any) -> Any:
    """Arrays and numbers as a floating array or scalar: those of a network take no others."""
    if x.__class__ is not np.ndarray:
        x = np.asarray(x)[()]
    if x.dtype.kind == "f":
        return x
    if x.dtype.kind not in "iub":
        raise TypeError(
            message(
                f"real numbers are due, not {describe(x)}",
                remedy="give an array of real numbers; np.stack a list of Tensors first",
            )
        )
    return x.astype(np.float64)


# Assignment as functions


@primitive
def put(x: Any, index: Any, value: Any) -> Any:
    """A copy of `x` in which `x[index]` has been assigned `value`.

    >>> put(np.array([1.0, 2.0, 3.0]), [0, 2], 9.0).tolist()
    [9.0, 2.0, 9.0]
    """
    result = np.array(x)
    result[index] = value
    return result


@primitive
def add_at(x: Any, index: Any, value: Any) -> Any:
    """A copy of `x` after `np.add.at(x, index, value)`: added as often as an entry is named.

    >>> add_at(np.array([1.0, 2.0]), [0, 0], 5.0).tolist()
    [11.0, 2.0]
    """
    result = np.array(x)
    np.add.at(result, index, value)
    return result
