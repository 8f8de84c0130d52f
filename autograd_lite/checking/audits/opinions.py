"""Three opinions on every gradient: derived by hand, automatic, numeric.

The automatic one is compared with numeric derivatives along random directions, which cost two
passes each. Where there is none, or both disagree, numeric derivatives are taken entry by entry.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from ..numeric import Estimate, complex_step, directional_derivative
from .problems import Problem
from .records import Record, gradients_at, recorded

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

    @property
    def is_sure(self) -> bool:
        """Whether it is more than a guess."""
        return self.confirmed or self.source == "numeric"


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
    each = opinions_on(problem, automatic, random)
    return Opinions(loss, record, obstacle, each)


def opinions_on(problem: Problem, automatic: Any, random: Any) -> tuple[Opinion, ...]:
    """The opinion on each parameter, given the automatic gradients if there are any."""
    positions = range(len(problem.arrays))
    if automatic is None:
        return tuple(numeric_opinion(problem, position) for position in positions)
    noise = noise_of(problem, automatic, random)
    guesses = [guess(gradient, shaky) for gradient, shaky in zip(automatic, noise, strict=True)]
    together = [n for n in positions if is_of_usual_size(n, automatic)]
    sure = set(together) if together and is_confirmed(problem, together, guesses, random) else set()
    return tuple(
        guesses[n]._replace(confirmed=True)
        if n in sure
        else opinion(problem, n, guesses[n], random)
        for n in positions
    )


def guess(gradient: Any, noise: Any) -> Opinion:
    """An automatic gradient as an opinion that is not confirmed yet."""
    largest = np.max(np.abs(gradient), initial=0.0)
    allowed = tolerance(gradient.dtype) * largest + 64 * np.max(noise, initial=0.0)
    return Opinion(gradient, "automatic", allowed, None, False)


def is_of_usual_size(position: int, gradients: Sequence[Any]) -> bool:
    """Whether an error of a gradient would be seen in the sum over all of them."""
    sizes = [np.sum(np.abs(gradient), dtype=np.float64) for gradient in gradients]
    return bool(np.isfinite(sizes[position]) and sizes[position] > 1e-2 * np.nanmax(sizes))


def noise_of(problem: Problem, automatic: Sequence[Any], random: Any) -> list[Any]:
    """How far rounding moves each entry of the gradients: they are taken at neighbouring points."""
    found: list[Any] = [0.0] * len(problem.arrays)
    small = sum(array.size for array in problem.arrays) <= ENTRIES
    for _ in range(NOISE_RUNS if small else 1):
        nearby = [nudged(array, random) for array in problem.arrays]
        _, gradients = gradients_at(problem, nearby)
        if gradients is not None:
            pairs = zip(found, automatic, gradients, strict=True)
            found = [np.maximum(old, np.abs(one - other)) for old, one, other in pairs]
    return found


def nudged(array: Any, random: Any) -> Any:
    """The array with every entry moved by about one unit in its last place."""
    step = np.finfo(array.dtype).eps * random.choice([-1.0, 1.0], array.shape)
    return (array * (1 + step)).astype(array.dtype)


def is_confirmed(
    problem: Problem, positions: Sequence[int], guesses: Sequence[Opinion], random: Any
) -> bool:
    """Whether numeric derivatives along random directions are those of the automatic gradients."""
    return all(agreement(problem, positions, guesses, random) for _ in range(DIRECTIONS))


def agreement(
    problem: Problem, positions: Sequence[int], guesses: Sequence[Opinion], random: Any
) -> bool | None:
    """Whether a numeric derivative is that of the automatic gradients; None if it is too rough."""
    directions = [random_direction(guesses[n].value.shape, random) for n in positions]
    terms = [guesses[n].value * d for n, d in zip(positions, directions, strict=True)]
    expected = sum(np.sum(term, dtype=np.float64) for term in terms)
    size = sum(np.sum(np.abs(term), dtype=np.float64) for term in terms)
    estimate = along(problem, positions, directions, size)
    allowed = sum(guesses[n].allowed * np.sqrt(guesses[n].value.size) for n in positions)
    if not np.abs(estimate.value - expected) <= 1e-6 * size + 10 * estimate.error + allowed:
        return False
    return None if estimate.error > 1e-4 * size else True


def random_direction(shape: tuple[int, ...], random: Any) -> Any:
    """Numbers of either sign, none of them near 0."""
    return random.choice([-1.0, 1.0], shape) * random.uniform(0.5, 1, shape)


def opinion(problem: Problem, position: int, automatic: Opinion, random: Any) -> Opinion:
    """The opinion on one parameter, given the automatic gradient as a guess."""
    if not np.all(np.isfinite(automatic.value)):
        return numeric_opinion(problem, position)
    if not automatic.value.size:
        return automatic._replace(confirmed=True)
    guesses = {position: automatic}
    for _ in range(DIRECTIONS):
        agrees = agreement(problem, [position], guesses, random)  # type: ignore[arg-type]
        if agrees is None:
            return automatic
        if not agrees:
            return disputed(problem, position, automatic)
    return automatic._replace(confirmed=True)


def tolerance(dtype: Any) -> float:
    """How far a right gradient may be off, of its largest entry, in the dtype of its array."""
    return {2: 2e-2, 4: 2e-4}.get(dtype.itemsize, 1e-7)


def along(
    problem: Problem, positions: Sequence[int], directions: Sequence[Any], size: Any = 0.0
) -> Estimate:
    """The derivative of the scalar along a direction of some of the arrays, computed in float64.

    `size` is that of the terms that it is the sum of.
    """
    wide = [np.asarray(each, np.float64) for each in problem.arrays]
    ends = np.cumsum([wide[n].size for n in positions])[:-1]

    def f(flat: Any) -> Any:
        arrays: list[Any] = [*wide]
        for n, part in zip(positions, np.split(flat, ends), strict=True):
            arrays[n] = part.reshape(wide[n].shape)
        return np.asarray(problem.scalar(arrays))[()]

    x = np.concatenate([wide[n].ravel() for n in positions])
    direction = np.concatenate([np.ravel(each) for each in directions])
    if (exact := complex_step(f, x, direction)) is not None:
        slope = (f(x + 1e-6 * direction) - f(x - 1e-6 * direction)) / 2e-6
        rough = 1e-4 * np.maximum(np.abs(exact), size) + 1e-9 * (1 + np.abs(f(x)))
        if np.abs(slope - exact) <= rough:
            return Estimate(exact, 1e-12 * np.abs(exact))
    return directional_derivative(f, x, direction)


def disputed(problem: Problem, position: int, automatic: Opinion) -> Opinion:
    """The opinion where automatic and numeric derivatives differ: a kink, or code that deceives."""
    found = numeric_opinion(problem, position)
    if found.value is None:
        return automatic
    differ = np.abs(found.value - automatic.value) > found.allowed + automatic.allowed
    kinks = np.zeros(differ.shape, bool) if found.kinks is None else found.kinks
    if np.any(differ & ~kinks):
        return found
    return automatic._replace(kinks=kinks | differ)


def numeric_opinion(problem: Problem, position: int) -> Opinion:
    """The gradient by numeric derivatives, entry by entry."""
    array = problem.arrays[position]
    if array.size > ENTRIES:
        return Opinion(None, "numeric", np.inf, None, False)
    value, error = np.zeros(array.shape), np.zeros(array.shape)
    for entry in np.ndindex(array.shape):
        direction = np.zeros(array.shape)
        direction[entry] = 1.0
        estimate = along(problem, [position], [direction])
        value[entry], error[entry] = estimate.value, estimate.error
    scale = np.max(np.abs(value), initial=0.0, where=np.isfinite(value))
    kinks = ~(error <= 1e-4 * np.abs(value) + 1e-6 * scale + 1e-10)
    allowed = np.where(np.isfinite(error), 10 * error, 0.0) + 1e-6 * scale
    return Opinion(value, "numeric", allowed, kinks if np.any(kinks) else None, False)
