"""Whether two arrays are the same but for rounding, or but for a factor."""

from typing import Any

import numpy as np


def alike(one: Any, other: Any) -> bool:
    """Whether two arrays are equal but for rounding; what is not finite is like nothing."""
    if np.shape(one) != np.shape(other) or not np.all(np.isfinite(other)):
        return False
    difference = np.abs(np.subtract(one, other, dtype=np.result_type(one, other, np.float64)))
    return bool(np.all(difference <= 1e-9 * (1e-3 + np.abs(other))))  # of masks and labels too


def parallel(one: Any, other: Any) -> bool:
    """Whether an array is a multiple of another, and not 0."""
    if np.shape(one) != np.shape(other) or not np.size(one):
        return False
    one, other = np.asarray(one, np.float64), np.asarray(other, np.float64)
    square = np.sum(other * other)
    if not square or not np.isfinite(square):
        return False
    factor = np.sum(one * other) / square
    return bool(factor and np.all(np.abs(one - factor * other) <= 1e-9 * np.max(np.abs(one))))
