"""A manual pass beside the recorded graph: what each of its arrays is, and what came of it."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from ..problems import Problem
from ..records import Record
from ..running.watching import Assignment, watch
from .recognition import PART, Gallery, Match


class Run:
    """A watched manual pass, aligned with the recorded graph."""

    def __init__(
        self, problem: Problem, record: Record, wrong: Iterable[str], beside: Iterable[str] = ()
    ) -> None:
        self.problem, self.record = problem, record
        self.assignments: list[Assignment]
        by_hand, self.assignments = watch(problem.manual)
        self.gradients = by_hand.gradients
        _, self.forward = watch(lambda: problem.scalar(problem.arrays))
        if problem.forward is problem.backward:  # gradients beside the loss are what is judged
            self.forward = made_of(self.forward)
        self.gallery = Gallery(record, arrays_of(self.forward))
        self.wrong = tuple(wrong)
        self.known: dict[int, list[Match]] = {}
        self.ends = {name: self.end(name) for name in problem.names}
        self.slices = {
            name: self.slice_of(end) for name, end in self.ends.items() if end is not None
        }
        bad = {*self.wrong, *beside}
        right = [self.slices[name] for name in self.slices if name not in bad]
        self.exonerated: set[int] = set().union(*right)
        self.cleared = set(self.exonerated)
        self.stems: dict[int, bool] = {}
        self.counts: dict[Any, int] = {}
        for assignment in self.assignments:
            self.counts[assignment.key] = self.counts.get(assignment.key, 0) + 1
        self.users: dict[int, list[int]] = {}
        for assignment in self.assignments:
            for read in assignment.reads:
                self.users.setdefault(read, []).append(assignment.number)
        self.last = {n for name in self.wrong for n in self.passed_on(self.ends.get(name))}
        self.scales = self.usual_scales()
        self.clear_helpers()

    def matches(self, number: int) -> list[Match]:
        """What an assigned array is."""
        if number not in self.known:
            value = self.assignments[number].value
            usable = isinstance(value, np.ndarray | float) and np.size(value) > 0
            self.known[number] = self.gallery.matches(value) if usable else []
        return self.known[number]

    def end(self, name: str) -> int | None:
        """The assignment that made a parameter's gradient what was returned."""
        gradient = self.gradients.get(name)
        tests: list[Callable[[Assignment], bool]] = [lambda other: other.kind == "returned"]
        if gradient is not None:
            tests.insert(0, lambda other: same(other.value, gradient))
            tests.insert(0, lambda other: other.original is gradient)
        for test in tests:
            for assignment in reversed(self.assignments):
                if test(assignment):
                    return int(assignment.number)
        return None

    def slice_of(self, number: int) -> set[int]:
        """All assignments that one was computed from, and itself."""
        found: set[int] = set()
        waiting = [number]
        while waiting:
            at = waiting.pop()
            if at not in found:
                found.add(at)
                waiting.extend(self.assignments[at].reads)
        return found

    def usual_scales(self) -> list[float]:
        """The factors that gradients have which right ones were computed from."""
        leaves = set(self.record.leaves)
        found: dict[bool, list[float]] = {True: [], False: []}
        for number in self.cleared:
            matches = self.matches(number)
            is_value = any(match.is_value for match in matches)
            found[is_value] += [
                match.scale
                for match in matches
                if match.is_gradient and match.reference.node not in leaves
            ]
        return found[False] or found[True]

    def is_usual(self, scale: float) -> bool:
        """Whether a factor is one of those; of none is known if all gradients are wrong."""
        return not self.scales or any(
            abs(scale - usual) < 1e-6 * abs(usual) for usual in self.scales
        )

    def is_right(self, number: int) -> bool:
        """Whether an array is recognised, with a factor that gradients have here."""
        return any(
            not match.is_gradient
            or (self.is_usual(match.scale) and (match.scale > 0 or self.is_inner(match)))
            or (match.is_exact and match.reference.node in self.gallery.leaves)
            for match in self.matches(number)
        )

    def is_inner(self, match: Match) -> bool:
        """Whether a match is the gradient of no parameter itself."""
        return match.reference.node not in self.gallery.leaves

    def clear_helpers(self) -> None:
        """Clear what nothing was computed from but what is right."""
        reached = set().union(*[self.slices[name] for name in self.wrong if name in self.slices])
        for number in sorted(reached - self.cleared, reverse=True):
            later = [user for user in self.users.get(number, ()) if user in reached]
            if later and number not in self.last and all(map(self.is_settled, later)):
                self.cleared.add(number)

    def is_settled(self, number: int) -> bool:
        """Whether an array is cleared, or recognised as a gradient."""
        if number in self.cleared:
            return True
        if number in self.last or not self.is_right(number):
            return False
        return self.is_gradient(number)

    def is_bad(self, number: int) -> bool:
        """Whether an array is not what any right gradient was computed from."""
        assignment = self.assignments[number]
        if number in self.cleared or assignment.value is None or self.is_given(assignment):
            return False
        value = np.asarray(assignment.value)
        if value.dtype.kind != "f" or value.ndim == 0 or len(set(value.flat[:50])) < 2:
            return False
        if self.accumulates(assignment) or self.is_right(number):
            return False
        return number in self.last or self.stems_from_gradient(number)

    def accumulates(self, assignment: Assignment) -> bool:
        """Whether an array is only a part of what a loop collects in it."""
        return any(
            self.assignments[user].kind == "updated"
            and self.assignments[user].name == assignment.name
            and self.counts[self.assignments[user].key] > 1
            for user in self.users.get(assignment.number, ())
        )

    def stems_from_gradient(self, number: int) -> bool:
        """Whether an array was computed from a gradient that is recognised."""
        if number not in self.stems:
            reads = self.assignments[number].reads
            self.stems[number] = any(
                self.is_gradient(read) or self.stems_from_gradient(read)
                for read in reads
                if not isinstance(self.assignments[read].value, int)
            )
        return self.stems[number]

    def is_gradient(self, number: int) -> bool:
        """Whether an array is recognised as a gradient."""
        return any(match.is_gradient for match in self.matches(number))

    def is_given(self, assignment: Assignment) -> bool:
        """Whether a value came from outside of the user's code, and was passed on at most."""
        return assignment.kind == "argument" and not assignment.reads

    def becomes(self, number: int, other: int) -> bool:
        """Whether an assignment changes the array that another one made."""
        later = self.assignments[other]
        return later.kind == "updated" and later.name == self.assignments[number].name

    def passed_on(self, number: int | None) -> list[int]:
        """An assignment and those which only passed its value on to it."""
        if number is None:
            return []
        value = self.assignments[number].value
        before = [
            read
            for read in self.assignments[number].reads
            if same(self.assignments[read].value, value)
        ]
        return [number, *(self.passed_on(before[0]) if before else [])]

    def inputs(self) -> list[Any]:
        """What the user's functions were given."""
        return [a.value for a in self.assignments if a.kind == "argument" and not a.reads]

    def origin(self, number: int) -> int:
        """The assignment that computed a value which others only passed on."""
        assignment = self.assignments[number]
        for read in assignment.reads:
            before = self.assignments[read]
            outer = self.is_given(before) or read in self.exonerated
            if assignment.value is not None and same(before.value, assignment.value) and not outer:
                return self.origin(read)
        return number

    def frontier(self, name: str) -> set[int]:
        """The bad assignments that were computed from none that is bad, or else the end."""
        if name not in self.slices:
            return set()
        bad = {number for number in self.slices[name] if self.is_bad(number)}
        first = {number for number in bad if not (self.slice_of(number) - {number}) & bad}
        end = self.ends[name]
        return first or ({self.last_step(end)} if end is not None else set())

    def last_step(self, end: int) -> int:
        """The assignment that ought to have made a gradient right."""
        if not any(m.is_exact and m.reference.kind == PART for m in self.matches(end)):
            return self.origin(end)
        for number in self.passed_on(end):  # a path is missing: it was to be added last
            if self.assignments[number].kind not in ("returned", "argument"):
                return number
        return end


def made_of(assignments: list[Assignment]) -> list[Assignment]:
    """The assignments that the first of several returned values was computed from."""
    first = [
        a for a in assignments if a.kind == "returned" and a.part and a.part.place in (None, 0)
    ]
    found: set[int] = set()
    waiting = [first[-1].number] if first else []
    while waiting:
        at = waiting.pop()
        if at not in found:
            found.add(at)
            waiting.extend(assignments[at].reads)
    return [assignment for assignment in assignments if assignment.number in found]


def arrays_of(assignments: list[Assignment]) -> list[Any]:
    """The arrays of real numbers that were assigned, each object once."""
    found = {id(a.original): a.value for a in assignments if isinstance(a.value, np.ndarray)}
    return [value for value in found.values() if value.dtype.kind == "f" and value.ndim]


def same(one: Any, other: Any) -> bool:
    """Whether two values are arrays of the same shape, dtype and entries."""
    if one is None or other is None:
        return False
    one, other = np.asarray(one), np.asarray(other)
    return one.shape == other.shape and one.dtype == other.dtype and np.array_equal(one, other)
