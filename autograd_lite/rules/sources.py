"""Gradients of functions that copy entries: numbers say which entry of the operand went where."""

from math import prod
from typing import Any

import numpy as np

from ..core.primitives import scatter
from ..core.structural_zeros import Selected


def numbered(shape: tuple[int, ...]) -> Any:
    """An array of `shape` in which every entry is its own number.

    >>> numbered((2, 3)).tolist()
    [[0, 1, 2], [3, 4, 5]]
    """
    return np.arange(prod(shape)).reshape(shape)


def to_sources(g: Any, numbers: Any, shape: tuple[int, ...]) -> Any:
    """The sum, for every entry of an operand of `shape`, over where it was copied to.

    `numbers` are the numbers of the entries in the result. What was copied nowhere is dead.

    >>> to_sources(np.array([1.0, 2.0, 4.0]), np.array([1, 0, 1]), (2,)).tolist()
    [2.0, 5.0]
    """
    flat = np.ravel(numbers)
    gx = np.reshape(scatter(np.reshape(g, (-1,)), (flat,), (prod(shape),)), shape)
    live = np.bincount(flat, minlength=prod(shape)) > 0
    return gx if live.all() else Selected(gx, live.reshape(shape))
