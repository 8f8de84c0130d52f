"""Other points at which a gradient is tried: near the given one, and far from it.

A mistake may be invisible at one point: a scale of ones that is left out, a mask that happens to be
the same, a cache of an earlier call. What makes an array special is kept where it is moved:
labels stay labels, probabilities stay so, and a symmetric matrix stays symmetric.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

NEAR, FAR = 0.03, 0.5


def moved_points(arrays: Sequence[Any], reaches: Sequence[float], seed: int) -> list[list[Any]]:
    """The arrays moved by each reach, relative to their size."""
    random = np.random.default_rng(seed)
    return [[moved(array, reach, random) for array in arrays] for reach in reaches]


def moved(array: Any, reach: float, random: Any) -> Any:
    """An array moved at random, with what is special about it kept.

    >>> moved(np.array([0.0, 1.0, 1.0]), 0.5, np.random.default_rng(0)).tolist()    # labels
    [0.0, 1.0, 1.0]
    >>> float(moved(np.array([0.25, 0.75]), 0.5, np.random.default_rng(0)).sum())   # probabilities
    1.0
    """
    old = np.asarray(array)
    if not np.all(np.isfinite(old)) or is_label(old):
        return old.copy()
    wide = old.astype(np.float64)
    step = reach * random.uniform(0.5, 1.5, old.shape) * random.choice([-1.0, 1.0], old.shape)
    if is_symmetric(wide):
        step = (step + step.T) / 2
    with np.errstate(all="ignore"):
        new = stepped(wide, step)
    return np.asarray(new).astype(old.dtype)


def stepped(wide: Any, step: Any) -> Any:
    """What becomes of an array by a step, given relative to the size of its entries."""
    axis = axis_of_ones(wide)
    if axis is not None:
        new = wide * np.exp(step)
        return new / np.sum(new, axis=axis, keepdims=True)
    if np.all((wide > 0) & (wide < 1)):
        odds = wide / (1 - wide) * np.exp(step)
        return odds / (1 + odds)
    if np.all(wide > 0) or np.all(wide < 0):
        return wide * np.exp(step)
    largest = np.max(np.abs(wide), initial=0.0)
    size = largest * np.sqrt(np.mean((wide / largest) ** 2)) if largest else 1.0
    return np.where((wide == 0) & (largest > 0), wide, wide + step * size)


def is_label(array: Any) -> bool:
    """Whether an array holds different whole numbers: labels, masks, counts, positions."""
    if not array.size or np.max(np.abs(array)) > 1e6:
        return False
    return bool(np.all(array == np.round(array)) and np.any(array != array.flat[0]))


def is_symmetric(array: Any) -> bool:
    """Whether an array is a symmetric matrix."""
    square = array.ndim == 2 and len(array) > 1 and array.shape[0] == array.shape[1]
    return square and bool(np.allclose(array, array.T, rtol=1e-6, atol=0))


def axis_of_ones(array: Any) -> int | None:
    """The axis along which the entries are probabilities that sum to one, or None."""
    if array.ndim == 0 or array.size < 2 or np.any(array < 0):
        return None
    for axis in range(array.ndim - 1, -1, -1):
        sums = np.sum(array, axis=axis)
        if array.shape[axis] > 1 and np.allclose(sums, 1.0, rtol=1e-6):
            return axis
    return None
