"""Where the same call goes apart from the one before: what is kept of it, added to, or drawn.

The manual pass is watched in two calls, and what the same statements assign is compared.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..cases import Diagnosis
from ..problems import ByHand, Problem
from ..reporting.findings import WrongLine
from ..running.watching import Assignment, watch
from .aligning import same
from .keeping import keeping_line

WRITTEN = ("assigned", "updated")
Pairs = list[tuple[Assignment, Assignment]]


def line_of_memory(problem: Problem, causes: Sequence[Diagnosis | None]) -> WrongLine | None:
    """The first line that depends on an earlier call, or on chance; None if that is not seen."""
    several = [cause for cause in causes if cause is not None and is_of_several_calls(cause)]
    adds = any(cause.kind == "accumulated" for cause in several)
    kept = keeping_line(problem, adds) if several else None
    if kept is not None:
        return kept
    try:
        every = [line_of(problem, cause) for cause in causes if cause is not None]
    except Exception:  # noqa: BLE001 - the user's code may refuse another call
        return None
    for found in every:
        if found is not None:
            return WrongLine(found.file, found.line, found.source, found.name, None)
    return None


def is_of_several_calls(cause: Diagnosis) -> bool:
    """Whether a cause is that something outlives a call."""
    return cause.kind in ("stale", "aliased", "accumulated") and not cause.evidence


def line_of(problem: Problem, cause: Diagnosis) -> Assignment | None:
    """The first statement of which a cause is true."""
    if cause.kind == "random" and "seed" in cause.evidence:
        return first_other(with_seeds(problem, cause.evidence["seed"]))
    if cause.kind in ("random", "accumulated"):
        return first_other(in_two_calls(problem, [problem.arrays, problem.arrays]))
    if cause.kind == "stale":
        return first_kept(in_two_calls(problem, [problem.arrays]))
    return None


def in_two_calls(problem: Problem, points: Sequence[Any]) -> Pairs:
    """What each statement assigns in two calls; the calls of a problem may begin with another."""
    running = problem.calls(points, 0)
    _, assignments = watch(lambda: [next(running) for _ in points])
    half = len(assignments) // 2
    return aligned(assignments[:half], assignments[half:])


def with_seeds(problem: Problem, seed: int) -> Pairs:
    """What each statement assigns in two calls with other random numbers."""

    def call(number: int) -> Callable[[], ByHand]:
        return lambda: next(problem.calls([problem.arrays], number))

    (_, one), (_, other) = watch(call(0)), watch(call(seed))
    return aligned(one, other)


def aligned(one: list[Assignment], other: list[Assignment]) -> Pairs:
    """The assignments of two calls side by side; none if they do not go the same way."""
    if [each.key for each in one] != [each.key for each in other]:
        return []
    return list(zip(one, other, strict=True))


def first_other(pairs: Pairs) -> Assignment | None:
    """The first statement that assigns something else in the second call."""
    for one, other in pairs:
        compared = one.kind in WRITTEN and are_numbers(one, other)
        if compared and not same(one.value, other.value):
            return other
    return None


def first_kept(pairs: Pairs) -> Assignment | None:
    """The first statement that assigns the same again, though what it reads has changed.

    What is read of the earlier call itself, where that had made it, has not changed with the point.
    """
    partner = {other.number: (one, other) for one, other in pairs}
    for one, other in pairs:
        telling = isinstance(one.value, np.ndarray) and np.size(one.value) > 1
        if one.kind in WRITTEN and telling and same(one.value, other.value):
            read = [partner[number] for number in other.reads if number in partner]
            earlier = len(read) < len(other.reads) and one.reads != other.reads
            changed = any(are_numbers(*each) and not same(each[0].value, each[1].value)
                          for each in read)  # fmt: skip
            if changed or earlier:
                return other
    return None


def are_numbers(one: Assignment, other: Assignment) -> bool:
    """Whether two assignments are of arrays or numbers."""
    return one.value is not None and other.value is not None
