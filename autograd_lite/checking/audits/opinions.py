"""Three opinions on every gradient: derived by hand, automatic, numeric.

The automatic one is compared with numeric derivatives along random directions, which cost two
passes each. Where there is none, or both disagree, numeric derivatives are taken entry by entry.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from ..numeric import EPSILON, Function, complex_step, directional_derivative
from .guards import leave_out_guards
from .problems import Problem, in_long_double
from .records import Change, Edge, Record, fitted, gradients_at, recorded
from .slopes import is_kink, line_of, nudged, quick_derivative, random_direction, size_of

DIRECTIONS = 2
ENTRIES = 20_000  # numeric derivatives of more entries would take too long
NOISE_RUNS = 3
ROUGHEST = 1e-6  # that rounding changes what an edge carries
STEPS = (1e-6, 1e-4, 1e-2)  # relative to the size of the entries
FLAT, ROUGH = 0.1, 0.02
ABOUT = 0.05  # of the largest entry of a gradient, that saturation may cost
UNDERFLOW = 1e-230  # numeric derivatives that are smaller may be lost on the way


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
    noise: float = 0.0  # how far rounding may move an entry


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
        loss, record = recorded(problem._replace(unguarded=False))
        if record is not None:
            automatic = record.gradients()
        elif np.asarray(loss).dtype.kind in "iub":
            obstacle = TypeError("the loss is a whole number")
        else:
            automatic = [np.zeros(array.shape, array.dtype) for array in problem.arrays]
    except Exception as error:  # noqa: BLE001 - the user's code may fail on Tensors in any way
        obstacle = error
        loss = problem.scalar(problem.arrays)
    each = opinions_on(problem._replace(unguarded=False), record, automatic, random)
    if (
        problem.unguarded and record is not None
    ):  # confirmed as they are, and then as they are meant
        leave_out_guards(record)
        pairs = zip(each, record.gradients(), strict=True)
        each = tuple(opinion._replace(value=value) if opinion.source == "automatic" else opinion
                     for opinion, value in pairs)  # fmt: skip
    return Opinions(loss, record, obstacle, each)


def opinions_on(
    problem: Problem, record: Record | None, automatic: Any, random: Any
) -> tuple[Opinion, ...]:
    """The opinion on each parameter, given the automatic gradients if there are any."""
    positions = range(len(problem.arrays))
    if automatic is None:
        return tuple(numeric_opinion(problem, position) for position in positions)
    noise = noise_of(problem, record, automatic, random)
    guesses = [guess(gradient, shaky) for gradient, shaky in zip(automatic, noise, strict=True)]
    sizes = [
        float(np.sum(np.abs(gradient), dtype=np.float64)) * size_of(array)
        for gradient, array in zip(automatic, problem.arrays, strict=True)
    ]
    together = [n for n in positions if sizes[n] > 1e-2 * np.nanmax(sizes)]
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
    rounding = 64 * float(np.nan_to_num(np.max(noise, initial=0.0), posinf=0.0))
    allowed = tolerance(gradient.dtype) * largest + rounding
    return Opinion(gradient, "automatic", allowed, None, False, rounding)


def noise_of(
    problem: Problem, record: Record | None, automatic: Sequence[Any], random: Any
) -> list[Any]:
    """How far rounding moves each entry of the gradients.

    They are taken at neighbouring points, and from neighbouring values of what the backward pass
    keeps: that of a sigmoid computes 1 - y, which is all rounding where y is nearly 1. And an entry
    with less influence on the loss than its rounding may be lost altogether.
    """
    if record is None:
        return [0.0] * len(problem.arrays)
    found: list[Any] = [lost(record.values[record.end], array) for array in problem.arrays]
    nudge = Change(lambda edge, g, gx: carried_roughly(edge, g, gx, random))
    small = sum(array.size for array in problem.arrays) <= ENTRIES
    runs = [record.gradients(nudge) for _ in range(NOISE_RUNS if small else 1)]
    nearby = gradients_at(problem, [nudged(array, random) for array in problem.arrays])[1]
    for gradients in [*runs, *([] if nearby is None else [nearby])]:
        pairs = zip(found, automatic, gradients, strict=True)
        found = [np.maximum(old, np.abs(one - other)) for old, one, other in pairs]
    return found


def lost(loss: Any, array: Any) -> Any:
    """The size of a gradient that has less influence on the loss than its rounding."""
    return EPSILON / 16 * np.abs(np.float64(loss)) / size_of(array)


def carried_roughly(edge: Edge, g: Any, gx: Any, random: Any) -> Any:
    """What an edge makes of a gradient if what it keeps is rounded in another way.

    What changes by more than rounding does is a choice, that of the largest entry for example.
    """
    kept = [nudged(each, random) if is_real(each) else each for each in edge.kept]
    rough = nudged(g, random) if is_real(g) else g
    found = fitted(edge, edge.rule.formula(rough, *kept), g)
    scale = max(np.max(np.abs(gx), initial=0.0), np.max(np.abs(g), initial=0.0))
    return found if np.all(np.abs(found - gx) <= ROUGHEST * scale) else gx


def is_real(value: Any) -> bool:
    """Whether a value is an array of real numbers that are not whole."""
    return isinstance(value, np.ndarray | np.floating) and value.dtype.kind == "f"


def is_confirmed(
    problem: Problem, positions: Sequence[int], guesses: Sequence[Opinion], random: Any
) -> bool:
    """Whether numeric derivatives along random directions are those of the automatic gradients."""
    return all(agreement(problem, positions, guesses, random) for _ in range(DIRECTIONS))


def agreement(
    problem: Problem, positions: Sequence[int], guesses: Sequence[Opinion], random: Any
) -> bool | None:
    """Whether a numeric derivative is that of the automatic gradients; None if it is too rough."""
    directions = [random_direction(problem.arrays[n], random) for n in positions]
    terms = [guesses[n].value * d for n, d in zip(positions, directions, strict=True)]
    expected = sum(np.sum(term, dtype=np.float64) for term in terms)
    size = sum(np.sum(np.abs(term), dtype=np.float64) for term in terms)
    allowed = sum(
        guesses[n].allowed * np.sqrt(np.sum(np.square(d)))
        for n, d in zip(positions, directions, strict=True)
    )
    line = line_of(problem, positions, directions)
    slack = 1e-6 * size + allowed
    if is_sure_by_complex_step(*line, expected, slack, 1e-4 * size):
        return True
    estimate = directional_derivative(*line)
    error = estimate.error + UNDERFLOW
    if not np.abs(estimate.value - expected) <= slack + 10 * error:
        return False
    return None if error > 1e-4 * size else True


def is_sure_by_complex_step(
    f: Function, x: Any, direction: Any, expected: Any, slack: Any, rough: Any
) -> bool:
    """Whether the complex step gives what is expected, and some central difference roughly so."""
    exact = complex_step(f, x, direction)
    if exact is None or not np.abs(exact - expected) + UNDERFLOW <= slack:
        return False
    off = []
    for step in STEPS:
        slope = (f(x + step * direction) - f(x - step * direction)) / (2 * step)
        off.append(np.abs(slope - exact))
        if off[-1] <= rough + 1e-15 * np.abs(f(x)) / step:
            return True
    # 1 - y is a staircase where y is nearly 1: what is off there shrinks with longer steps
    return bool(off[-1] <= FLAT * off[0] and off[-1] <= ROUGH * np.abs(exact))


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
        if not agrees and not agrees_in_long_double(problem, position, automatic.value, random):
            return disputed(problem, position, automatic)
    return automatic._replace(confirmed=True)


def agrees_in_long_double(problem: Problem, position: int, here: Any, random: Any) -> bool:
    """Whether numeric and automatic derivatives agree in a precision that saturates later.

    The automatic one has to be about the same there as it is here, where it may have underflowed.
    """
    try:
        there = in_long_double(problem)
        _, gradients = gradients_at(there, there.arrays)
        if gradients is None:
            return False
        largest = np.max(np.abs(gradients[position]), initial=0.0)
        if not np.max(np.abs(gradients[position] - here), initial=0.0) <= ABOUT * largest:
            return False
        guesses = {position: guess(gradients[position], 0.0)}
        return bool(agreement(there, [position], guesses, random))  # type: ignore[arg-type]
    except Exception:  # noqa: BLE001 - np.linalg, for one, has no longer precision
        return False


def tolerance(dtype: Any) -> float:
    """How far a right gradient may be off, of its largest entry, in the dtype of its array."""
    return {2: 2e-2, 4: 2e-4}.get(dtype.itemsize, 1e-7)


def disputed(problem: Problem, position: int, automatic: Opinion) -> Opinion:
    """The opinion where automatic and numeric derivatives differ: a kink, or code that deceives."""
    found = numeric_opinion(problem, position)
    if found.value is None:
        return automatic
    found = found._replace(allowed=found.allowed + automatic.noise)
    differ = ~(np.abs(found.value - automatic.value) <= found.allowed + automatic.allowed)
    kinks = np.zeros(differ.shape, bool) if found.kinks is None else found.kinks
    for entry in np.argwhere(differ & ~kinks):
        kinks[tuple(entry)] = is_kink(problem, position, tuple(entry))
    if np.any(differ & ~kinks):
        return found._replace(kinks=kinks if np.any(kinks) else None)
    return automatic._replace(kinks=kinks | differ)


KINKS = 64  # entries that are tried


def with_kinks(problem: Problem, position: int, opinion: Opinion, manual: Any) -> Opinion:
    """The opinion with those entries as kinks at which a gradient by hand differs and may do so.

    The mean of the slopes on both sides of a kink passes for a derivative with every method.
    """
    differs = np.abs(manual - opinion.value) > opinion.allowed
    kinks = np.zeros(differs.shape, bool) if opinion.kinks is None else opinion.kinks.copy()
    tries = KINKS if differs.size <= ENTRIES else 1
    for tried, entry in enumerate(np.argwhere(differs & ~kinks)):
        place = tuple(int(n) for n in entry)
        kinks[place] = is_kink(problem, position, place)
        if tried >= tries and not kinks[place]:
            break
    return opinion._replace(kinks=kinks if np.any(kinks) else None)


def numeric_opinion(problem: Problem, position: int) -> Opinion:
    """The gradient by numeric derivatives, entry by entry."""
    array = problem.arrays[position]
    if array.size > ENTRIES:
        return Opinion(None, "numeric", np.inf, None, False)
    value, error, size = np.zeros(array.shape), np.zeros(array.shape), size_of(array)
    loss = np.abs(np.float64(problem.scalar(problem.arrays)))
    for entry in np.ndindex(array.shape):
        direction = np.zeros(array.shape)
        direction[entry] = size
        line = line_of(problem, [position], [direction])
        estimate = quick_derivative(*line)
        if np.isnan(estimate.value):
            estimate = directional_derivative(*line)
        value[entry] = estimate.value / size
        error[entry] = (estimate.error + 1e-12 * loss) / size
    scale = np.max(np.abs(value), initial=0.0, where=np.isfinite(value))
    kinks = ~(error <= 1e-4 * np.abs(value) + 1e-6 * scale + 1e-10)
    unseen = 64 * lost(loss, array)
    allowed = np.where(np.isfinite(error), 10 * error, 0.0) + 1e-6 * scale + unseen
    return Opinion(value, "numeric", allowed, kinks if np.any(kinks) else None, False)
