"""The first wrong line of a manual gradient.

The manual pass is run watched. A statement is right if what it computes is recognised as an array
of the recorded graph, or if a right gradient or a recognised one was computed from it. The first
wrong line is the one from which on nothing that a wrong gradient was computed from is right.
"""

import linecache
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from ..problems import Problem
from ..records import Record
from ..reporting.findings import WrongLine
from ..running.sources import plain_function
from .aligning import Run, same
from .blame import common_parent, is_given, keys_of, settled_at, shared_origin, similar, suspects
from .buffers import Buffers
from .expressions import should_be, wanted
from .factors import (
    common_scale,
    first_with_scale,
    is_scaled_last,
    is_scaled_value,
    wrong_form,
)
from .recognition import PART
from .replacements import Repair, Repairs, near


class Located(NamedTuple):
    """The first wrong line; what its executions assign, and what makes all gradients right.

    `given` and `due` are empty where no array in its place is known to do so.
    """

    line: WrongLine
    given: tuple[Any, ...] = ()
    due: tuple[Any, ...] = ()


def located(
    problem: Problem, record: Record, wrong: Iterable[str], beside: Iterable[str] = ()
) -> Located | None:
    """The first wrong line of a problem's manual pass, of whose gradients `wrong` are wrong.

    `beside` are those that are wrong too, and not looked at. None if it is not found, or if
    something in the user's code cannot be watched.
    """
    try:
        return found_line(Run(problem, record, wrong, beside))
    except Exception:  # noqa: BLE001 - an audit is not to fail because a line is not found
        return None


def found_line(run: Run) -> Located | None:
    """The first wrong line; raises what goes wrong while it is looked for."""
    repairs = Repairs(run)
    number = first_wrong(run, repairs)
    if number is not None and is_given(run, number):
        number = omitted_after(run, number)
    return None if number is None else wrong_line(run, climbed(run, number), repairs)


def why_no_line(problem: Problem) -> str:
    """Why no wrong line could be named, as a note."""
    function = plain_function(problem.backward)
    file = None if function is None else function.__code__.co_filename
    if file is not None and not linecache.getlines(file):
        return f"the first wrong line is not looked for: {file} has no source that can be read"
    return "the first wrong line was not found"


def first_wrong(run: Run, repairs: Repairs) -> int | None:
    """The number of the first wrong assignment."""
    ends = {name: end for name in run.wrong if (end := run.ends.get(name)) is not None}
    formal = [wrong_form(run, name, end) for name, end in ends.items()]
    if not ends or any(number is not None for number in formal):
        return min((number for number in formal if number is not None), default=None)
    fronts = [run.frontier(name) for name in ends]
    every = sorted(set().union(*fronts))
    common = set.intersection(*[keys_of(run, front) for front in fronts])
    bad = min((n for n in every if run.assignments[n].key in common), default=None)
    if all(is_scaled_last(run, name, end) for name, end in ends.items()):
        return every[0]
    if bad is not None and run.matches(bad) and bad not in run.last:
        return bad  # a gradient with a factor that no right one has here
    scale = common_scale(run, ends)
    if scale is not None:
        return first_with_scale(run, repairs, scale, bad, every)
    return first_of_front(run, repairs, bad, every)


def first_of_front(run: Run, repairs: Repairs, bad: int | None, every: list[int]) -> int | None:
    """The first wrong assignment, before or among those that are surely bad."""
    if bad is not None and bad in run.last and lacks_path(run, bad):
        return bad
    if bad is not None:
        buffered = Buffers(run).wrong_in(bad)
        if buffered is not None:
            return buffered
        helper = wrong_helper(run, repairs, bad)
        if helper is not None:
            return helper
    repair = None if bad is None else repairs.for_one(bad)
    if repair is None:
        in_loop = bad is not None and run.counts[run.assignments[bad].key] > 1
        before = bad if in_loop else every[0] if bad is None else None
        repair = repairs.first(suspects(run, before))
    if repair is not None:
        return settled_at(run, repair.number)
    parent = common_parent(run, every if bad is None else similar(run, bad, every))
    if parent is not None:
        scaled = [n for n in run.assignments[parent].reads if is_scaled_value(run, n)]
        return scaled[0] if scaled else settled_at(run, parent)
    return shared_origin(run) if bad is None else bad


def wrong_helper(run: Run, repairs: Repairs, bad: int) -> int | None:
    """What a bad array of a loop was computed from, if another array in its place is right."""
    for number in run.assignments[bad].reads:
        found = run.assignments[number]
        in_loop = found.kind == "assigned" and run.counts[found.key] > 1
        known = run.is_gradient(number) or not run.stems_from_gradient(number)
        if in_loop and number not in run.cleared and known:
            repair = repairs.of(number)
            if repair is not None and not is_right_at_first(run, repair):
                repairs.found = repair
                return number
    return None


def is_right_at_first(run: Run, repair: Repair) -> bool:
    """Whether a gradient becomes wrong in later rounds of a loop only, by what they are given."""
    value = run.assignments[repair.number].value
    return run.is_gradient(repair.number) and near(value, np.asarray(repair.value))


def omitted_after(run: Run, number: int) -> int | None:
    """Where a step was left out of what an argument has become."""
    names = [name for name in run.wrong if name in run.slices]
    reached = set.intersection(*[run.slices[name] for name in names]) - run.exonerated
    stem = [n for n in reached if number in run.slice_of(n) and n not in run.last]
    passed = [n for n in run.last if all(n in run.passed_on(run.ends[name]) for name in names)]
    plain = [n for n in stem or passed if run.assignments[n].kind in ("assigned", "updated")]
    return max(plain, default=shared_origin(run))


def lacks_path(run: Run, number: int) -> bool:
    """Whether an array is a part of a parameter's gradient, which lacks the others."""
    return any(
        match.is_exact
        and match.reference.kind == PART
        and match.reference.node in run.gallery.leaves
        for match in run.matches(number)
    )


def climbed(run: Run, number: int) -> int:
    """The call of a function, in place of one of its lines that is right in another call."""
    found = run.assignments[number]
    elsewhere = [
        other.number
        for other in run.assignments
        if other.place == found.place and other.caller != found.caller
    ]
    if found.caller is None or not any(n in run.cleared and run.is_right(n) for n in elsewhere):
        return number
    for other in run.assignments[number + 1 :]:
        if other.place == found.caller:
            return climbed(run, other.number)
    return number


def wrong_line(run: Run, number: int, repairs: Repairs) -> Located:
    """An assignment as a wrong line, with what it should be."""
    found = run.assignments[number]
    values: tuple[tuple[Any, ...], tuple[Any, ...]] = (), ()
    repair = repairs.found
    fits = repair is not None and (
        run.assignments[repair.number].place == found.place or passes_on(run, repair.number, number)
    )
    due = None
    if repair is not None and fits:
        mended = run.assignments[repair.number]
        values = (repair.given or (mended.value,)), (repair.due or (repair.value,))
        if mended.share is None:
            due = should_be(run, repair.number, repair.reference, repair.value)
    if due is None:
        reference, value = wanted(run, number)
        if reference is not None and (number in run.last or repairs.suffices(number, value)):
            due = should_be(run, number, reference, value)
            values = values if values[0] else ((found.value,), (value,))
    absent = [n for n in run.wrong if run.gradients.get(n) is None and run.ends.get(n) == number]
    name = absent[0] if absent else found.name
    due = None if due == name else due
    return Located(WrongLine(found.file, found.line, found.source, name, due), *values)


def passes_on(run: Run, one: int, other: int) -> bool:
    """Whether two assignments are of the same value."""
    return same(run.assignments[one].value, run.assignments[other].value)
