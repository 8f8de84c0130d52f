"""Which gradients are right, and not yet why the others are wrong: the cheap half of an audit.

The user's code is called at the given point twice, then near it and far from it. Where the
gradients are right at the given point and wrong at another one, the audit goes on there.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from .calls import Point, Series, findings_of, series_of
from .cases import Case, Diagnosis, same
from .chance import stream_of
from .guards import has_guards, without_guards
from .notes import notes_on
from .opinions import ENTRIES, Opinion, Opinions, find_opinions, guess, with_kinks
from .points import FAR, NEAR, moved_points
from .problems import Problem
from .records import gradients_at
from .rounding import with_rounding
from .running.sources import plain_function
from .running.state import State
from .slopes import size_of
from .stale import USED_AGAIN, stale_findings
from .variations import Variation, arrays_of, batches, with_more_rows, with_other_data

REACHES = (NEAR, FAR, FAR)
DOUBLE = 8  # bytes
TINIEST = 1e-9  # of the loss, that a mistake must change where a point was made up
SLIGHT = 3e-4  # of the gradient, likewise
SEEDS = (1, 2, 3, 4, 5)
SAME = 3  # calls at the given point


class Judgement(NamedTuple):
    """What was found out about the gradients of a problem.

    `problem` is at the point where most is wrong, which need not be the given one. `findings` are
    mistakes that the numbers of one call do not show, by the names of the gradients.
    """

    problem: Problem
    opinions: Opinions
    cases: Sequence[Case]
    findings: Mapping[str, Diagnosis]
    notes: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether no gradient is wrong."""
        return not self.findings and not any(case.is_wrong for case in self.cases)


def judged(problem: Problem, elsewhere: bool = True) -> Judgement:
    """The judgement on every gradient of a problem.

    Gradients that are right are tried with other data and more rows, unless not `elsewhere`. Where
    parameters have less than double precision, the code is judged in double precision, which
    tells a wrong formula from rounding, and then looked at in its own.
    """
    if all(array.dtype.itemsize >= DOUBLE for array in problem.arrays):
        return judged_as_it_is(problem, elsewhere)
    double = problem.rebuilt(lambda _, array: in_double(array))
    judgement = judged_as_it_is(double, elsewhere)
    return judgement if not judgement.ok else in_own_precision(problem, judgement)


def in_double(array: Any) -> Any:
    """An array of real numbers in double precision, others as they are."""
    return array.astype(np.float64) if array.dtype.kind == "f" else array


def in_own_precision(problem: Problem, judgement: Judgement) -> Judgement:
    """The judgement on gradients that are right in double precision, in that of the parameters."""
    gradients = problem.manual().gradients
    cases, notes = [], list(judgement.notes)
    for case in judgement.cases:
        if case.name not in problem.names:  # too little is taken in a step to be seen
            cases.append(case)
            continue
        position = problem.names.index(case.name)
        narrow = Case(problem, case.name, position, gradients.get(case.name), case.opinion)
        formally_right = narrow.has_shape and not narrow.is_narrow
        if narrow.is_wrong and formally_right and np.all(np.isfinite(narrow.manual)):
            error = np.max(np.abs(narrow.manual - narrow.truth)) / np.max(np.abs(narrow.truth))
            notes.append(
                f"the gradient of {case.name} is right in double precision, and off by "
                f"{error:.1e} in the precision of the arguments"
            )
            narrow = case
        cases.append(narrow)
    return judgement._replace(cases=cases, notes=tuple(notes))


def judged_as_it_is(problem: Problem, elsewhere: bool) -> Judgement:
    """The judgement on the gradients of a problem, in the precision of its arrays."""
    memory = memory_of(problem)
    opinions = find_opinions(problem, 0)
    if opinions.record is not None and has_guards(opinions.record):
        problem, opinions = as_meant(problem, opinions)
    small = sum(array.size for array in problem.arrays) <= ENTRIES
    points = moved_points(problem.arrays, REACHES if small else REACHES[:2], 0)
    series = series_of(problem, [*[problem.arrays] * SAME, *points])
    drawn = stream_of(0).is_used
    here = cases_of(problem, series.calls[0].gradients, opinions.each)
    findings = {**random_findings(problem, series, drawn), **findings_of(series, here),
                **updated_too_early(problem, here)}  # fmt: skip
    best = Judgement(problem, opinions, here, findings, ())
    notes = (*problem.notes, *notes_on(problem, opinions, series))
    if findings:
        return best._replace(notes=notes)
    for point, call in zip(points, series.calls[SAME:], strict=False):
        other = judged_at(problem, opinions, point, call.gradients)
        if other is not None and len(wrong(other)) > len(wrong(best)):
            best = other
    if best.problem is not problem:
        found = of_earlier_call(best, opinions) or of_any_earlier(best, problem, memory)
        best = best._replace(findings=found)
        names = ", ".join(sorted(wrong(best) - {case.name for case in here if case.is_wrong}))
        text = f"the gradient of {names} is right at the given point and wrong at another one"
        notes = (*notes, f"{text}, to which the parameters were moved")
    elif best.ok and elsewhere:
        return judged_elsewhere(best._replace(notes=notes))
    return best._replace(notes=notes)


def as_meant(problem: Problem, opinions: Opinions) -> tuple[Problem, Opinions]:
    """The problem with or without the guards of its logarithms, by what the gradients are nearer.

    First counts how many of them are right.
    """
    gradients = problem.manual().gradients
    other = without_guards(problem)
    both = [(problem, opinions), (other, find_opinions(other, 0))]
    found = [cases_of(each, gradients, opinion.each) for each, opinion in both]
    missed = [(sum(case.is_wrong for case in cases), distance(cases)) for cases in found]
    return both[1] if missed[1] <= missed[0] else both[0]


def distance(cases: Sequence[Case]) -> float:
    """How far gradients of the right shape are from the right ones, of those."""
    return sum(
        float(np.max(np.abs(case.manual - case.truth), initial=0.0)
              / (np.max(np.abs(case.truth), initial=0.0) or 1.0))
        for case in cases if case.truth is not None and case.has_shape
    )  # fmt: skip


def updated_too_early(problem: Problem, cases: Sequence[Case]) -> dict[str, Diagnosis]:
    """Gradients that are right if the backward pass takes no step with the parameters."""
    wrong_cases = [case for case in cases if case.is_wrong]
    found = problem.at_rest() if wrong_cases else {}
    text = "the weights are updated before they are used: with a learning rate of 0 it is right"
    return {
        case.name: Diagnosis("weights", text, {"learning_rate": 0.0})
        for case in wrong_cases
        if case.name in found and not case._replace(given=found[case.name]).is_wrong
    }


def random_findings(problem: Problem, series: Series, drawn: bool) -> dict[str, Diagnosis]:
    """Gradients that chance has a part in, where it has none in the loss.

    `drawn` says whether random numbers were drawn for the gradients.
    """
    problem.scalar(problem.arrays)
    if not drawn or stream_of(0).is_used:
        return {}
    first = series.calls[0].gradients
    found: dict[str, Diagnosis] = {}
    for seed in SEEDS:
        try:
            again = next(problem.calls([problem.arrays], seed)).gradients
        except Exception:  # noqa: BLE001 - the user's code may refuse another call
            return found
        text = "random numbers have a part in it, and none in the loss"
        for name, gradient in first.items():
            if not same(gradient, again.get(name)):
                found[name] = Diagnosis("random", text, {"seed": seed})
    return found


def of_earlier_call(judgement: Judgement, before: Opinions) -> Mapping[str, Diagnosis]:
    """The findings at another point, where the first call was not."""
    record = judgement.opinions.record
    if record is None or before.record is None:
        return {}
    small = sum(array.size for array in judgement.problem.arrays) <= ENTRIES
    earlier = [opinion.value for opinion in before.each]
    if not small or any(value is None for value in earlier):
        return {}
    with np.errstate(all="ignore"):
        return stale_findings(judgement.cases, record, before.record, earlier)


def memory_of(problem: Problem) -> State:
    """What the functions of a problem hold before they are called."""
    functions = map(plain_function, (problem.forward, problem.backward))
    return State([function for function in functions if function is not None])


def of_any_earlier(judgement: Judgement, given: Problem, memory: State) -> Mapping[str, Diagnosis]:
    """The findings at another point where all is right if nothing was called before."""
    problem = judgement.problem
    after, functions = memory_of(problem), problem._replace(calls=given.calls)
    memory.restore()
    try:
        gradients = functions.manual().gradients
    except Exception:  # noqa: BLE001 - the user's code may refuse another call
        return {}
    finally:
        after.restore()
    opinions = [case.opinion for case in judgement.cases]
    if any(case.is_wrong for case in cases_of(problem, gradients, opinions)):
        return {}
    return {name: Diagnosis("stale", USED_AGAIN, {}) for name in wrong(judgement)}


def judged_elsewhere(judgement: Judgement) -> Judgement:
    """The judgement on gradients that are right here, with other data."""
    problem = judgement.problem
    try:
        arrays = arrays_of(problem)
    except Exception:  # noqa: BLE001 - what cannot be rebuilt has no other data
        return judgement
    for variation in with_other_data(problem, arrays):
        found = judged_with(judgement, variation)
        if found is not None and not found.ok:
            return found
    rows = list(with_more_rows(problem, arrays))
    found_rows = [judged_with(judgement, variation) for variation in rows]
    if any(found is not None and found.ok for found in found_rows):
        return judgement
    bad = [found for found in found_rows if found is not None]
    if bad:
        return min(bad, key=lambda found: len(wrong(found)))
    if not rows and any(True for _ in batches(problem, arrays)):
        text = "the batch has one row: a sum over it and a mean cannot be told apart"
        return judgement._replace(notes=(*judgement.notes, text))
    return judgement


def judged_with(judgement: Judgement, variation: Variation) -> Judgement | None:
    """The judgement on a problem with other data; None if the code does not go with them."""
    problem = variation.problem
    try:
        gradients = problem.manual().gradients
    except Exception:  # noqa: BLE001 - made-up data need not make sense
        return None
    guesses = guessed(problem, judgement.opinions)
    if guesses is None or not all(is_finite(gradient) for gradient in gradients.values()):
        return None
    if not any(case.is_wrong for case in cases_of(problem, gradients, guesses)):
        return judgement
    found = judged_there(problem, gradients)
    if found is None:
        return judgement
    names = ", ".join(sorted(wrong(found)))
    note = f"the gradient of {names} is right {variation.text}"
    return found._replace(notes=(*judgement.notes, note))


def wrong(judgement: Judgement) -> set[str]:
    """The names of the gradients that are wrong."""
    return {case.name for case in judgement.cases if case.is_wrong}


def cases_of(
    problem: Problem, gradients: Mapping[str, Any], opinions: Sequence[Opinion]
) -> list[Case]:
    """The gradients beside the opinions on them."""
    cases = [
        Case(problem, name, position, gradients.get(name), opinions[position])
        for position, name in enumerate(problem.names)
    ]
    return [with_its_kinks(case) for case in with_rounding(problem, cases)]


def with_its_kinks(case: Case) -> Case:
    """The case with those wrong entries as kinks that are at one."""
    if not (case.is_wrong and case.has_shape):
        return case
    looked_at = with_kinks(case.problem, case.position, case.opinion, case.manual)
    return case._replace(opinion=looked_at)


def judged_at(
    problem: Problem, opinions: Opinions, point: Point, gradients: Mapping[str, Any]
) -> Judgement | None:
    """The judgement at another point; None if nothing is wrong there, or nothing can be said."""
    there = problem._replace(arrays=tuple(point), calls=after_another(problem))
    guesses = guessed(there, opinions)
    if not all(is_finite(gradient) for gradient in gradients.values()):
        return None  # too far away
    if guesses is None or not any(case.is_wrong for case in cases_of(there, gradients, guesses)):
        return None
    return judged_there(there, gradients)


def is_finite(gradient: Any) -> bool:
    """Whether a gradient is no array with NaN or infinities in it."""
    array = np.asarray(gradient)
    return array.dtype.kind not in "fc" or bool(np.all(np.isfinite(array)))


def judged_there(problem: Problem, gradients: Mapping[str, Any]) -> Judgement | None:
    """The judgement on gradients that were made elsewhere; None if nothing is surely wrong."""
    with np.errstate(all="ignore"):
        surely = find_opinions(problem, 0)
    loss = np.abs(np.float64(problem.scalar(problem.arrays)))
    each = [
        opinion._replace(
            allowed=opinion.allowed
            + TINIEST * loss / size_of(array)
            + SLIGHT * np.max(np.abs(opinion.value), initial=0.0)
        )
        if opinion.confirmed or surely.record is None
        else opinion._replace(value=None)
        for opinion, array in zip(surely.each, problem.arrays, strict=True)
    ]
    cases = cases_of(problem, gradients, each)
    if not any(case.is_wrong for case in cases):
        return None
    return Judgement(problem, surely._replace(each=tuple(each)), cases, {}, ())


def after_another(problem: Problem) -> Any:
    """The calls of a problem, each series of them after one call at the given point."""

    def calls(points: Sequence[Point], seed: int) -> Any:
        running = problem.calls([problem.arrays, *points], seed)
        next(running)
        yield from running

    return calls


def guessed(problem: Problem, opinions: Opinions) -> list[Opinion] | None:
    """The automatic gradients as opinions that nobody has confirmed; None if there are none."""
    if opinions.record is None:
        return None
    try:
        with np.errstate(all="ignore"):
            value, gradients = gradients_at(problem, problem.arrays)
    except Exception:  # noqa: BLE001 - another point may lie outside the domain
        return None
    if gradients is None or not all(np.all(np.isfinite(each)) for each in (value, *gradients)):
        return None
    return [guess(gradient, 0.0) for gradient in gradients]
