"""Three opinions on every gradient: derived by hand, automatic, numeric.

The automatic one is compared with numeric derivatives along random directions, which cost two
passes each. Where there is none, or both disagree, numeric derivatives are taken entry by entry.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from ..numeric import Estimate, Function, complex_step, directional_derivative
from .problems import Problem
from .records import Change, Edge, Record, fitted, gradients_at, recorded

DIRECTIONS = 2
ENTRIES = 20_000  # numeric derivatives of more entries would take too long
NOISE_RUNS = 3
STEP = 1e-3  # relative to the size of the entries
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
    each = opinions_on(problem, record, automatic, random)
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
    rounding = 64 * float(np.max(noise, initial=0.0))
    allowed = tolerance(gradient.dtype) * largest + rounding
    return Opinion(gradient, "automatic", allowed, None, False, rounding)


def noise_of(
    problem: Problem, record: Record | None, automatic: Sequence[Any], random: Any
) -> list[Any]:
    """How far rounding moves each entry of the gradients.

    They are taken at neighbouring points, and from neighbouring values of what the backward pass
    keeps: that of a sigmoid computes 1 - y, which is all rounding where y is nearly 1.
    """
    found: list[Any] = [np.zeros(array.shape) for array in problem.arrays]
    if record is None:
        return found
    small = sum(array.size for array in problem.arrays) <= ENTRIES
    nudge = Change(lambda edge, g, _: carried_roughly(edge, g, random))
    for _ in range(NOISE_RUNS if small else 1):
        nearby = [nudged(array, random) for array in problem.arrays]
        for gradients in (gradients_at(problem, nearby)[1], record.gradients(nudge)):
            if gradients is not None:
                pairs = zip(found, automatic, gradients, strict=True)
                found = [np.maximum(old, np.abs(one - other)) for old, one, other in pairs]
    return found


def carried_roughly(edge: Edge, g: Any, random: Any) -> Any:
    """What an edge makes of a gradient if what it keeps is rounded in another way."""
    kept = [nudged(each, random) if is_real(each) else each for each in edge.kept]
    rough = nudged(g, random) if is_real(g) else g
    return fitted(edge, edge.rule.formula(rough, *kept), g)


def is_real(value: Any) -> bool:
    """Whether a value is an array of real numbers that are not whole."""
    return isinstance(value, np.ndarray | np.floating) and value.dtype.kind == "f"


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
    directions = [random_direction(problem.arrays[n], random) for n in positions]
    terms = [guesses[n].value * d for n, d in zip(positions, directions, strict=True)]
    expected = sum(np.sum(term, dtype=np.float64) for term in terms)
    size = sum(np.sum(np.abs(term), dtype=np.float64) for term in terms)
    allowed = sum(
        guesses[n].allowed * np.sqrt(np.sum(np.square(d)))
        for n, d in zip(positions, directions, strict=True)
    )
    f, x, direction = line_of(problem, positions, directions)
    estimate = Estimate(np.nan, np.nan)
    for method in (quick_derivative, directional_derivative):
        value, error = method(f, x, direction)
        estimate = Estimate(value, error + UNDERFLOW)
        if np.abs(value - expected) <= 1e-6 * size + 10 * estimate.error + allowed:
            return None if estimate.error > 1e-4 * size else True
    return False


def random_direction(array: Any, random: Any) -> Any:
    """Numbers of either sign and of the size of an array's, none of them near 0."""
    shape = array.shape
    return size_of(array) * random.choice([-1.0, 1.0], shape) * random.uniform(0.5, 1, shape)


def size_of(array: Any) -> float:
    """How large the entries of an array are, 1 for zeros."""
    largest = float(np.max(np.abs(array), initial=0.0))
    if not largest or not np.isfinite(largest):
        return 1.0
    return largest * float(np.sqrt(np.mean(np.square(array / largest, dtype=np.float64))))


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


def line_of(
    problem: Problem, positions: Sequence[int], directions: Sequence[Any]
) -> tuple[Function, Any, Any]:
    """The scalar as a function of some of the arrays in one, their values, and a direction."""
    wide = [np.asarray(each, np.float64) for each in problem.arrays]
    ends = np.cumsum([wide[n].size for n in positions])[:-1]

    def f(flat: Any) -> Any:
        arrays: list[Any] = [*wide]
        for n, part in zip(positions, np.split(flat, ends), strict=True):
            arrays[n] = part.reshape(wide[n].shape)
        return np.asarray(problem.scalar(arrays))[()]

    x = np.concatenate([wide[n].ravel() for n in positions])
    return f, x, np.concatenate([np.ravel(each) for each in directions])


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
        if narrow > 0.6 * wide and narrow > 100 * rounding:
            return True
    return False


def numeric_opinion(problem: Problem, position: int) -> Opinion:
    """The gradient by numeric derivatives, entry by entry."""
    array = problem.arrays[position]
    if array.size > ENTRIES:
        return Opinion(None, "numeric", np.inf, None, False)
    value, error, size = np.zeros(array.shape), np.zeros(array.shape), size_of(array)
    for entry in np.ndindex(array.shape):
        direction = np.zeros(array.shape)
        direction[entry] = size
        line = line_of(problem, [position], [direction])
        estimate = quick_derivative(*line)
        if np.isnan(estimate.value):
            estimate = directional_derivative(*line)
        value[entry], error[entry] = estimate.value / size, estimate.error / size
    scale = np.max(np.abs(value), initial=0.0, where=np.isfinite(value))
    kinks = ~(error <= 1e-4 * np.abs(value) + 1e-6 * scale + 1e-10)
    allowed = np.where(np.isfinite(error), 10 * error, 0.0) + 1e-6 * scale
    return Opinion(value, "numeric", allowed, kinks if np.any(kinks) else None, False)
