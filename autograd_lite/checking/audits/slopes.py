"""Slopes of a scalar along its arrays, by values alone; steps are relative to the arrays."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..numeric import Estimate, Function, complex_step
from .problems import Problem

HALF = 0.5
STEP = 1e-3  # relative to the size of the entries


def random_direction(array: Any, random: Any) -> Any:
    """Numbers of either sign and of the size of an array's, none of them near 0."""
    shape = array.shape
    return size_of(array) * random.choice([-1.0, 1.0], shape) * random.uniform(0.5, 1, shape)


def size_of(array: Any) -> float:
    """How large the entries of an array are, as a power of two; 1 for zeros."""
    largest = float(np.max(np.abs(array), initial=0.0))
    if not largest or not np.isfinite(largest):
        return 1.0
    mean = np.sqrt(np.mean(np.square(array / largest, dtype=np.float64)))
    return float(2.0 ** np.round(np.log2(largest * mean)))


def line_of(
    problem: Problem, positions: Sequence[int], directions: Sequence[Any]
) -> tuple[Function, Any, Any]:
    """The scalar as a function of some of the arrays in one, their values, and a direction.

    Both are given in units of the size of each array, so that steps are relative to it.
    """
    wide = [np.asarray(each, np.float64) for each in problem.arrays]
    ends = np.cumsum([wide[n].size for n in positions])[:-1]
    units = [size_of(wide[n]) for n in positions]

    def f(flat: Any) -> Any:
        arrays: list[Any] = [*wide]
        for n, part, unit in zip(positions, np.split(flat, ends), units, strict=True):
            arrays[n] = part.reshape(wide[n].shape) * unit
        return np.asarray(problem.scalar(arrays))[()]

    x = [wide[n].ravel() / unit for n, unit in zip(positions, units, strict=True)]
    along = [np.ravel(each) / unit for each, unit in zip(directions, units, strict=True)]
    return f, np.concatenate(x), np.concatenate(along)


def quick_derivative(f: Function, x: Any, direction: Any) -> Estimate:
    """The derivative along a direction by five values of `f`, NaN where that is not enough.

    The complex step is exact where it applies, and deceives where the code takes absolute values,
    by little at times: central differences must give the same.
    """
    exact = complex_step(f, x, direction)
    if exact is None:
        return Estimate(np.nan, np.nan)
    near, far = (f(x + h * direction) - f(x - h * direction) for h in (STEP, 2 * STEP))
    slope = (8 * near - far) / (12 * STEP)
    rough = 1e-7 * np.abs(exact) + 1e-14 * np.abs(f(x)) / STEP
    agrees = np.abs(slope - exact) <= rough
    return Estimate(exact if agrees else np.nan, 1e-12 * np.abs(exact))


def is_kink(problem: Problem, position: int, entry: tuple[int, ...]) -> bool:
    """Whether the slopes on both sides of a point differ, however near to it they are taken.

    Where a function is smooth, half the step halves the difference of the slopes.
    """
    array = np.asarray(problem.arrays[position], np.float64)
    arrays = [np.asarray(each, np.float64) for each in problem.arrays]

    def difference(step: float) -> tuple[float, float]:
        values = []
        for side in (-step, 0.0, step):
            arrays[position] = array.copy()
            arrays[position][entry] += side
            values.append(float(problem.scalar(arrays)))
        below, here, above = values
        return abs(above - 2 * here + below) / step, 1e-14 * max(map(abs, values)) / step

    for step in size_of(array) * np.array([1e-3, 1e-4, 1e-5]):
        with np.errstate(all="ignore"):
            wide, _ = difference(float(step))
            narrow, rounding = difference(float(step) / 4)
        if not (narrow > 0.6 * wide and narrow > 100 * rounding):
            return False
    return True


def nudged(array: Any, random: Any) -> Any:
    """The array with every entry moved by about one unit in its last place."""
    eps = np.finfo(array.dtype).eps
    factor = np.where(random.random(np.shape(array), np.float32) < HALF, 1 - eps, 1 + eps)
    return (array * factor).astype(array.dtype)
