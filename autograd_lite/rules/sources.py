"""Gradients of functions that copy entries: numbers say which entry of the operand went where."""

from functools import partial
from math import prod
from typing import Any

import numpy as np

from ..core.primitives import scatter
from ..core.structural_zeros.selected import Selected


def to_sources(g: Any, numbers: Any, shape: tuple[int, ...]) -> Any:
    """The sum, for every entry of an operand of `shape`, over where it was copied to.

    `numbers` are the numbers of the entries in the result. What was copied nowhere is dead.

    >>> gx = to_sources(np.array([1.0, 2.0, 4.0]), np.array([1, 0, 1]), (3,))
    >>> gx.values.tolist(), gx.live().tolist()
    ([2.0, 5.0, 0.0], [True, True, False])
    """
    flat = np.ravel(numbers)
    gx = scatter(np.reshape(g, (-1,)), (flat,), (prod(shape),))
    return Selected(np.reshape(gx, shape), partial(copied, flat, shape))


def copied(numbers: Any, shape: tuple[int, ...]) -> Any:
    """Which entries of an array of `shape` are among the numbered ones."""
    return (np.bincount(numbers, minlength=prod(shape)) > 0).reshape(shape)
