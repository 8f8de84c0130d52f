"""What only several calls of a manual pass show: memory, buffers, chance.

One object or module is called at several points one after the other. A gradient that is right the
first time may be another one the second time, may change when the next call is made, or may be
computed from what was kept of an earlier call.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np

from .cases import Case, Diagnosis, close, same
from .problems import Problem

Point = Sequence[Any]
THREE = 3


class Called(NamedTuple):
    """One call: the gradients as they were at once, and what it changed in place."""

    gradients: Mapping[str, Any]
    changed: tuple[str, ...]


class Series(NamedTuple):
    """Calls one after the other.

    `overwritten` are names of gradients that were returned and have changed when a later call was
    made; `buffers` those that lie in attributes of an object and did so. `shared` are names of
    gradients that were returned in the same memory.
    """

    calls: tuple[Called, ...]
    overwritten: tuple[str, ...]
    buffers: tuple[str, ...]
    shared: tuple[tuple[str, str], ...]


def series_of(problem: Problem, points: Sequence[Point], seed: int = 0) -> Series:
    """The calls at the points, as many of them as can be made: the first one must succeed."""
    calls: list[Called] = []
    returned: list[Any] = []
    running = problem.calls(points, seed)
    while len(calls) < len(points):
        try:
            found = next(running)
        except Exception:
            if not calls:
                raise
            break
        returned.append(found)
        calls.append(Called({k: copied(v) for k, v in found.gradients.items()}, found.changed))
    changed = {
        name: name in each.kept
        for each, call in zip(returned, calls, strict=True)
        for name, value in each.gradients.items()
        if not same(value, call.gradients[name])
    }
    return Series(
        tuple(calls),
        tuple(name for name, kept in changed.items() if not kept),
        tuple(name for name, kept in changed.items() if kept),
        sharing(returned[0].gradients),
    )


def copied(value: Any) -> Any:
    """A gradient as it is now."""
    return value.copy() if isinstance(value, np.ndarray) else value


def sharing(gradients: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The pairs of gradients that lie in the same memory."""
    arrays = {name: value for name, value in gradients.items() if isinstance(value, np.ndarray)}
    return tuple(
        (one, other)
        for one, other in combinations(arrays, 2)
        if np.shares_memory(arrays[one], arrays[other])
    )


def findings_of(series: Series, cases: Sequence[Case]) -> dict[str, Diagnosis]:
    """What the calls at one point show to be wrong, by the names of the gradients."""
    found: dict[str, Diagnosis] = {}
    for case in cases:
        diagnosis = not_repeated(case, series)
        if diagnosis is None and case.name in series.overwritten:
            text = (
                "the array that is returned is used again: the next call writes its own gradient "
                "into it"
            )
            diagnosis = Diagnosis("aliased", text, {})
        if diagnosis is not None:
            found[case.name] = diagnosis
    wrong = {case.name for case in cases if case.is_wrong}
    for pair in series.shared:
        for one, other in (pair, pair[::-1]):
            if other in wrong and one not in wrong:
                text = f"the same array was returned as the gradient of {other}, whose it is not"
                found.setdefault(one, Diagnosis("aliased", text, {"shared": [one, other]}))
    return found


def not_repeated(case: Case, series: Series) -> Diagnosis | None:
    """A gradient that is another one when the same call is made again."""
    if len(series.calls) < 2:
        return None
    first, second = (call.gradients.get(case.name) for call in series.calls[:2])
    if same(first, second):
        return None
    if adds_up([call.gradients.get(case.name) for call in series.calls[:3]]):
        text = "every call adds to what the calls before it have left: it is never set to zero"
        return Diagnosis("accumulated", text, {})
    text = "it is another one every time, though the arguments are the same"
    return Diagnosis("random", text, {})


def adds_up(gradients: Sequence[Any]) -> bool:
    """Whether gradients at one point grow by the same in every call."""
    shapes = {np.shape(gradient) for gradient in gradients}
    if len(gradients) < THREE or len(shapes) > 1 or any(each is None for each in gradients):
        return False
    with np.errstate(all="ignore"):
        one, other = np.diff(np.asarray(gradients, np.float64), axis=0)
        if close(one, other, 1e-9 * np.max(np.abs(gradients))):
            return True
        share = np.sum(one * other) / np.sum(one * one)  # what a mean leaves of it
    several = one.size > 1 and np.isfinite(share) and 0 < share < 1
    return bool(several and close(other, share * one, 1e-9 * np.max(np.abs(gradients))))
