"""What rounding does to gradients by hand, which is no mistake.

A formula may lose more digits than that of the automatic gradient, where a unit is saturated. That
shows at points that differ by rounding, or in a longer precision.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .calls import series_of
from .cases import Case
from .opinions import Opinion
from .problems import Problem, in_long_double
from .records import gradients_at
from .slopes import nudged, size_of

NUDGES, ROUNDINGS = 3, 16
FINEST = 1e-6  # of the loss, that rounding of a gradient may change
NEAR = 0.05  # of the largest entry, that digits lost by saturation may make
FINER = 64  # times closer, in a precision 2048 times as fine: then it was rounding


def with_rounding(problem: Problem, cases: Sequence[Case]) -> list[Case]:
    """The cases with what rounding does to the gradients by hand allowed for."""
    moved = list(cases)
    if any(map(is_slight, cases)):
        found = rounded_otherwise(problem)
        moved = [with_its_rounding(case, found) if is_slight(case) else case for case in cases]
    if not any(map(may_be_rounding, moved)):
        return moved
    finer = finer_errors(problem)
    return [case._replace(opinion=allowing_for(case, finer.get(case.name, np.inf)))
            if may_be_rounding(case) else case for case in moved]  # fmt: skip


def may_be_rounding(case: Case) -> bool:
    """Whether a wrong gradient is near the right one, or has little influence."""
    if not case.is_wrong or not case.has_shape:
        return False
    near = largest(case.manual, case.truth) <= NEAR * np.max(np.abs(case.truth), initial=0.0)
    return bool(near) or is_slight(case)


def is_slight(case: Case) -> bool:
    """Whether a wrong gradient is off by no more than rounding could explain."""
    if not case.is_wrong or not case.has_shape:
        return False
    error = np.max(np.abs(case.manual - case.truth), initial=0.0) * size_of(case.parameter)
    loss = np.abs(np.float64(case.problem.scalar(case.problem.arrays)))
    return bool(error <= ROUNDINGS * FINEST * loss)


def rounded_otherwise(problem: Problem) -> list[Mapping[str, Any]]:
    """The gradients by hand at points that differ by rounding."""
    random = np.random.default_rng(0)
    points = [[nudged(array, random) for array in problem.arrays] for _ in range(NUDGES)]
    try:
        return [call.gradients for call in series_of(problem, [problem.arrays, *points]).calls]
    except Exception:  # noqa: BLE001 - the user's code may refuse a second call
        return []


def with_its_rounding(case: Case, found: Sequence[Mapping[str, Any]]) -> Case:
    """The case with what happens to the gradient at those points allowed for."""
    arrays = [np.asarray(each.get(case.name), np.float64) for each in found]
    if len({array.shape for array in [case.truth, *arrays]}) != 1:
        return case
    noise = max((np.max(np.abs(each - arrays[0]), initial=0.0) for each in arrays), default=0.0)
    loss = np.abs(np.float64(case.problem.scalar(case.problem.arrays)))
    if not noise * size_of(case.parameter) <= FINEST * loss:
        return case
    allowed = case.opinion.allowed + ROUNDINGS * noise
    return case._replace(opinion=case.opinion._replace(allowed=allowed))


def finer_errors(problem: Problem) -> Mapping[str, float]:
    """How far the gradients by hand are off in a longer precision; none if the code does not go so.

    Only where it keeps that precision do they come closer to the right ones: 1 - y, where y is a
    rounded 1, is off by as much at every neighbouring point, so that those do not show it.
    """
    try:
        there = in_long_double(problem)
        gradients = there.manual().gradients
        _, right = gradients_at(there, there.arrays)
        pairs = zip(there.names, right or [], strict=True)
        return {name: largest(gradients.get(name), truth) for name, truth in pairs}
    except Exception:  # noqa: BLE001 - np.linalg, for one, has no longer precision
        return {}


def largest(given: Any, truth: Any) -> float:
    """The largest error of a gradient; infinite if it has another shape."""
    if np.shape(given) != np.shape(truth):
        return np.inf
    return float(np.max(np.abs(np.asarray(given, np.longdouble) - truth), initial=0.0))


def allowing_for(case: Case, finer: float) -> Opinion:
    """The opinion that allows for what a gradient loses in double precision alone."""
    error = largest(case.manual, case.truth)
    if not finer <= error / FINER:
        return case.opinion
    return case.opinion._replace(allowed=case.opinion.allowed + ROUNDINGS * error)
