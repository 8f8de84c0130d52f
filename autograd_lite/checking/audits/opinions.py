"""Three opinions on every gradient: derived by hand, automatic, numeric.

The automatic one is compared with numeric derivatives along random directions, which cost two
passes each. Where there is none, or both disagree, numeric derivatives are taken entry by entry.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from ..numeric import Estimate, complex_step, directional_derivative
from .problems import Problem
from .records import Record, recorded

DIRECTIONS = 2
ENTRIES = 20_000  # numeric derivatives of more entries would take too long
NOISE_RUNS = 2


class Opinion(NamedTuple):
    """What the right gradient of one parameter is, and how surely.

    `value` is the gradient, or None if nothing could be found out; `source` is "automatic" or
    "numeric". An entry of a gradient derived by hand may differ by `allowed`. `kinks` are the
    entries at which the function has no derivative, or None.
    """

    value: Any
    source: str
    allowed: Any
    kinks: Any
    confirmed: bool  # by the other of the two


class Opinions(NamedTuple):
    """The opinions on all parameters, with the record of the forward pass if there is one."""

    loss: Any
    record: Record | None
    obstacle: Exception | None  # why the forward pass could not be recorded
    each: tuple[Opinion, ...]


def find_opinions(problem: Problem, seed: int) -> Opinions:
    """The right gradients of a problem."""
    random = np.random.default_rng(seed)
    obstacle: Exception | None = None
    record, automatic = None, None
    try:
        loss, record = recorded(problem)
        if record is not None:
            automatic = record.gradients()
        elif np.asarray(loss).dtype.kind in "iub":
            obstacle = TypeError("the loss is a whole number")
        else:
            automatic = [np.zeros(array.shape, array.dtype) for array in problem.arrays]
    except Exception as error:  # noqa: BLE001 - the user's code may fail on Tensors in any way
        obstacle = error
        loss = problem.scalar(problem.arrays)
    noise = noise_of(problem, random) if automatic is not None else None
    each = []
    for position, array in enumerate(problem.arrays):
        guess = None if automatic is None else automatic[position]
        shaky = 0.0 if noise is None else noise[position]
        each.append(opinion(problem, position, array, guess, shaky, random))
    return Opinions(loss, record, obstacle, tuple(each))


def noise_of(problem: Problem, random: Any) -> list[Any]:
    """How far rounding moves each entry of the gradients: they are taken at neighbouring points."""
    found: list[Any] = [0.0] * len(problem.arrays)
    base = None
    for run in range(NOISE_RUNS + 1):
        moved = [
            array if not run else nudged(array, random) for array in map(np.array, problem.arrays)
        ]
        _, record = recorded(problem._replace(arrays=tuple(moved)))
        if record is None:
            return found
        gradients = record.gradients()
        if base is None:
            base = gradients
        else:
            found = [np.maximum(old, np.abs(one - other))
                     for old, one, other in zip(found, base, gradients, strict=True)]  # fmt: skip
    return found


def nudged(array: Any, random: Any) -> Any:
    """The array with every entry moved by about one unit in its last place."""
    step = np.finfo(array.dtype).eps * random.choice([-1.0, 1.0], array.shape)
    return (array * (1 + step)).astype(array.dtype)


def opinion(
    problem: Problem, position: int, array: Any, automatic: Any, noise: Any, random: Any
) -> Opinion:
    """The opinion on one parameter."""
    if automatic is None or not np.all(np.isfinite(automatic)):
        return numeric_opinion(problem, position, array)
    allowed = tolerance(array.dtype) * np.max(np.abs(automatic), initial=0.0) + 64 * np.max(
        noise, initial=0.0
    )
    for _ in range(DIRECTIONS if array.size else 0):
        direction = random.choice([-1.0, 1.0], array.shape) * random.uniform(0.5, 1, array.shape)
        estimate = along(problem, position, direction)
        expected = np.sum(automatic * direction, dtype=np.float64)
        size = np.sum(np.abs(automatic * direction), dtype=np.float64)
        slack = 1e-6 * size + 10 * estimate.error + allowed * np.sqrt(array.size)
        if not np.abs(estimate.value - expected) <= slack:
            return disputed(problem, position, array, automatic, allowed)
        if estimate.error > 1e-4 * size:
            return Opinion(automatic, "automatic", allowed, None, False)
    return Opinion(automatic, "automatic", allowed, None, True)


def tolerance(dtype: Any) -> float:
    """How far a right gradient may be off, of its largest entry, in the dtype of its array."""
    return {2: 2e-2, 4: 2e-4}.get(dtype.itemsize, 1e-7)


def along(problem: Problem, position: int, direction: Any) -> Estimate:
    """The derivative of the scalar along a direction of one array, computed in float64."""
    wide = [np.asarray(each, np.float64) for each in problem.arrays]

    def f(x: Any) -> Any:
        arrays: Sequence[Any] = [*wide[:position], x, *wide[position + 1 :]]
        return np.asarray(problem.scalar(arrays))[()]

    x = wide[position]
    if (exact := complex_step(f, x, direction)) is not None:
        slope = (f(x + 1e-6 * direction) - f(x - 1e-6 * direction)) / 2e-6
        rough = 1e-4 * np.abs(exact) + 1e-9 * (1 + np.abs(f(x)))
        if np.abs(slope - exact) <= rough:
            return Estimate(exact, 1e-12 * np.abs(exact))
    return directional_derivative(f, x, direction)


def disputed(problem: Problem, position: int, array: Any, automatic: Any, allowed: Any) -> Opinion:
    """The opinion where automatic and numeric derivatives differ: a kink, or code that deceives."""
    found = numeric_opinion(problem, position, array)
    if found.value is None:
        return Opinion(automatic, "automatic", allowed, None, False)
    differ = np.abs(found.value - automatic) > found.allowed + allowed
    kinks = np.zeros(array.shape, bool) if found.kinks is None else found.kinks
    if np.any(differ & ~kinks):
        return found
    return Opinion(automatic, "automatic", allowed, kinks | differ, False)


def numeric_opinion(problem: Problem, position: int, array: Any) -> Opinion:
    """The gradient by numeric derivatives, entry by entry."""
    if array.size > ENTRIES:
        return Opinion(None, "numeric", np.inf, None, False)
    value, error = np.zeros(array.shape), np.zeros(array.shape)
    for entry in np.ndindex(array.shape):
        direction = np.zeros(array.shape)
        direction[entry] = 1.0
        estimate = along(problem, position, direction)
        value[entry], error[entry] = estimate.value, estimate.error
    scale = np.max(np.abs(value), initial=0.0, where=np.isfinite(value))
    kinks = ~(error <= 1e-4 * np.abs(value) + 1e-6 * scale + 1e-10)
    allowed = np.where(np.isfinite(error), 10 * error, 0.0) + 1e-6 * scale
    return Opinion(value, "numeric", allowed, kinks if np.any(kinks) else None, False)
