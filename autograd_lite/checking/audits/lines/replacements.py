"""Repairs: which arrays of the graph make a manual pass right, put in the place of one of its own.

The manual pass runs again with another value of one assignment. If all its gradients are right
then, that assignment is where it went wrong, and the array is what it ought to be.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from ..running.watching import Assignment, Edit, Share, watch
from .aligning import Run
from .recognition import ADJOINT, GIVEN, PART, VALUE, Reference
from .series import AllSeries

SECONDS = 1.5
MOST_LENGTHS = 12
MOST_EXECUTIONS = 5_000  # of a line that are repaired together
MOST_INSTANCES = 6  # executions of a line of which single ones are repaired


class Repair(NamedTuple):
    """The value that makes an assignment right, and what it is: an array of the graph, or None.

    Of a line in a loop, `given` and `due` are what its executions assign, and ought to.
    """

    number: int
    value: Any
    reference: Reference | None
    given: tuple[Any, ...] = ()
    due: tuple[Any, ...] = ()


class Repairs:
    """The search for a repair of a run, within a time."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.found: Repair | None = None
        self.tried: set[Any] = set()
        self.series = AllSeries(run)
        self.until = time.process_time() + SECONDS
        self.right = {name for name in run.problem.names if name not in run.wrong}
        adjoints = run.gallery.adjoints
        leaves = zip(run.problem.names, run.record.leaves, strict=True)
        self.expected = {
            name: adjoints.get(leaf, np.zeros(leaf.shape, leaf.dtype)) for name, leaf in leaves
        }

    def first(self, numbers: list[int]) -> Repair | None:
        """The first of some assignments that has a repair."""
        for number in numbers:
            found = self.of(number)
            if found is not None:
                self.found = self.later(found)
                return self.found
        return None

    def later(self, repair: Repair) -> Repair:
        """The repair of a later change of the same array, if that has the same one."""
        run = self.run
        for user in run.users.get(repair.number, ()):
            if run.becomes(repair.number, user) and user not in run.last:
                if run.is_gradient(repair.number) and run.is_bad(user):
                    return repair._replace(number=user)
                after = self.of(user)
                if after is not None and near(after.value, repair.value):
                    return self.later(after)
        return repair

    def of(self, number: int) -> Repair | None:
        """A repair of an assignment."""
        assignment = self.run.assignments[number]
        elsewhere = [
            n for n in self.run.exonerated if self.run.assignments[n].key == assignment.key
        ]
        if isinstance(assignment.value, int) and elsewhere:
            return None
        if assignment.kind == "returned":
            return None
        count = self.run.counts[assignment.key]
        if count > 1 and assignment.key not in self.tried:
            self.tried.add(assignment.key)
            series = self.of_series(assignment.key)
            if series is not None:
                return series
        if count > MOST_INSTANCES:
            return None
        candidates = self.candidates(assignment)
        return self.tested(candidates, lambda value: self.works(number, value), number)

    def tested(
        self,
        candidates: Iterator[tuple[Any, Reference | None]],
        works: Callable[[Any], bool],
        number: int,
    ) -> Repair | None:
        """The first of some candidates that works, within the time."""
        for value, reference in candidates:
            if time.process_time() > self.until:
                return None
            if works(value):
                return Repair(number, value, reference)
        return None

    def of_series(self, key: Any) -> Repair | None:
        """A repair of all executions of a line, each by another array of the graph."""
        executed = [a for a in self.run.assignments if a.key == key]
        if executed[0].kind == "argument" or len(executed) > MOST_EXECUTIONS:
            return None
        shares = any(a.share is not None for a in executed)
        values = [a.share if shares else a.value for a in executed]
        if all(isinstance(value, np.ndarray) and value.dtype.kind == "b" for value in values):
            return self.of_masks(executed, values)
        if not all(isinstance(value, np.ndarray) and value.dtype.kind == "f" for value in values):
            return None
        is_value = any(match.is_value for match in self.run.matches(executed[0].number))
        gradient = self.run.stems_from_gradient(executed[0].number) or not is_value
        kinds = (ADJOINT, PART) if gradient else (VALUE, GIVEN)
        below = self.below(executed[0].number) if gradient and not shares else set()
        for line in self.series.like(values, kinds):
            if below and (line.first.node not in below or line.first.kind != ADJOINT):
                continue  # a gradient that is recognised may at most lack a step
            if time.process_time() > self.until:
                return None
            if self.series_works(executed[0], line.values, shares):
                return Repair(
                    executed[0].number, line.values[0], line.first, tuple(values),
                    tuple(line.values),
                )  # fmt: skip
        return None

    def below(self, number: int) -> set[Any]:
        """The nodes whose gradient an assignment is, and those below them."""
        found: set[Any] = set()
        for match in self.run.matches(number):
            if match.reference.kind == ADJOINT:
                found |= self.run.gallery.descendants(match.reference.node)
                found.add(match.reference.node)
        return found

    def of_masks(self, executed: list[Assignment], values: list[Any]) -> Repair | None:
        """A repair of the masks of a loop, by where arrays of the graph are not zero."""
        arrays = [value.astype(np.float64) for value in values]
        like = self.series.like(arrays, (ADJOINT, PART))
        for line in like:
            if time.process_time() > self.until:
                return None
            if self.series_works(executed[0], [array != 0 for array in line.values], False):
                due = tuple(array != 0 for array in line.values)
                return Repair(executed[0].number, due[0], None, tuple(values), due)
        return None

    def series_works(self, first: Assignment, values: list[Any], shares: bool) -> bool:
        """Whether all gradients are right that depend on a line, with other values of it."""
        waiting = iter(values)

        def edit(assignment: Assignment) -> Any:
            if assignment.key != first.key:
                return None
            value = np.copy(next(waiting))[()]
            return Share(value) if shares else value

        right = self.right_with(edit, first.place)
        return right >= self.right and right >= set(self.run.wrong)

    def of_line(self, number: int, scale: float) -> bool:
        """Whether all gradients are right if what a line assigns is divided by a factor."""
        key = self.run.assignments[number].key

        def edit(assignment: Assignment) -> Any:
            return assignment.value / scale if assignment.key == key else None

        return self.right_with(edit) >= self.right | set(self.run.wrong)

    def for_one(self, bad: int) -> Repair | None:
        """A repair of what a bad assignment was computed from, by which that becomes right."""
        for number in self.run.assignments[bad].reads:
            assignment = self.run.assignments[number]
            given = self.run.is_given(assignment) or self.run.becomes(number, bad)
            if number in self.run.cleared or given or not self.run.is_gradient(number):
                continue
            for value, reference in self.candidates(assignment):
                if time.process_time() > self.until:
                    return None
                if self.makes_right(number, value, bad):
                    self.found = Repair(number, value, reference)
                    return self.found
        return None

    def makes_right(self, number: int, value: Any, bad: int) -> bool:
        """Whether another value of an assignment makes one right that is bad."""

        def edit(assignment: Assignment) -> Any:
            return np.copy(value)[()] if assignment.number == number else None

        try:
            with np.errstate(all="ignore"):
                _, assignments = watch(self.run.problem.manual, edit)
            found = self.run.gallery.matches(assignments[bad].value)
        except Exception:  # noqa: BLE001 - other values may not fit in at all
            return False
        end = bad in self.run.last
        return any(
            match.is_exact and match.reference.kind == ADJOINT
            if end
            else match.is_gradient and self.run.is_usual(match.scale)
            for match in found
        )

    def suffices(self, number: int, value: Any) -> bool:
        """Whether a value of an assignment that is executed once makes all gradients right."""
        assignment = self.run.assignments[number]
        if self.run.counts[assignment.key] > 1 or np.shape(value) != np.shape(assignment.value):
            return False
        return self.works(number, value)

    def works(self, number: int, value: Any) -> bool:
        """Whether another value of an assignment makes all gradients right that depend on it."""

        def edit(assignment: Assignment) -> Any:
            return np.copy(value)[()] if assignment.number == number else None

        right = self.right_with(edit)
        if not right >= self.right:
            return False
        gained = right - self.right
        if gained >= set(self.run.wrong):
            return True
        place = self.run.assignments[number].place
        others = set(self.run.wrong) - gained
        return bool(gained) and all(self.passes(place, number, name) for name in others)

    def passes(self, place: tuple[str, int], number: int, name: str) -> bool:
        """Whether a gradient was computed by another execution of a line."""
        numbers = self.run.slices.get(name, set()) - {number}
        return any(
            self.run.assignments[other].place == place
            and self.run.assignments[other].name == self.run.assignments[number].name
            for other in numbers
        )

    def right_with(self, edit: Edit, only: tuple[str, int] | None = None) -> set[str]:
        """The names whose gradients are right in a run with other values."""
        try:
            with np.errstate(all="ignore"):
                by_hand, _ = watch(self.run.problem.manual, edit, only)
        except Exception:  # noqa: BLE001 - other values may not fit in at all
            return set()
        return {
            name for name, due in self.expected.items() if near(by_hand.gradients.get(name), due)
        }

    def candidates(self, assignment: Assignment) -> Iterator[tuple[Any, Reference | None]]:
        """The values that an assignment may be meant to have."""
        value = assignment.value
        if isinstance(value, np.ndarray) and value.dtype.kind == "b":
            yield from self.masks(value)
        elif isinstance(value, np.ndarray) and value.dtype.kind == "f" and value.ndim:
            yield from self.arrays(value)
        elif isinstance(value, int | np.integer) and not isinstance(value, bool):
            lengths = sorted(self.run.gallery.lengths - {value})
            yield from ((length, None) for length in lengths[:MOST_LENGTHS])

    def masks(self, value: Any) -> Iterator[tuple[Any, Reference | None]]:
        """Masks of the same shape."""
        yield ~value, None
        for reference in self.run.gallery.of_size(value.size):
            if reference.kind == VALUE and np.shape(reference.value) == value.shape:
                for mask in (reference.value > 0, reference.value <= 0, reference.value != 0):
                    if not np.array_equal(mask, value):
                        yield mask, None

    def arrays(self, value: Any) -> Iterator[tuple[Any, Reference | None]]:
        """Arrays of the graph of the same shape, that are no multiples of the value."""
        tried: list[Any] = []
        matches = self.run.gallery.matches(value)
        is_value = any(match.is_value for match in matches)
        known = [m for m in matches if m.is_gradient and (m.is_exact or not is_value)]
        is_value = is_value and not known
        below: set[Any] = set()
        for match in known:
            below |= self.run.gallery.descendants(match.reference.node)
            below.add(match.reference.node)
        for reference in self.run.gallery.of_size(value.size):
            other = reference.value
            forward = reference.kind in (VALUE, GIVEN)
            if is_value and not forward:
                continue
            total = reference.kind == ADJOINT and not reference.form
            if known and not (total and reference.node in below):
                continue  # a gradient that is recognised may at most lack a step
            if np.shape(other) != value.shape and reference.form:
                continue
            other = np.reshape(other, value.shape)
            if not forward and parallel(other, value):
                continue
            if any(np.allclose(other, one, 1e-9, 0) for one in (value, *tried)):
                continue
            tried.append(other)
            for scale in self.scales(reference):
                yield scale * other, reference

    def scales(self, reference: Reference) -> list[float]:
        """The factors that a gradient may have in this pass."""
        if reference.kind in (VALUE, GIVEN) or reference.end is not None:
            return [1.0]
        usual = {round(scale, 9) for scale in self.run.scales}
        if usual:
            return sorted(usual, key=lambda scale: abs(abs(scale) - 1))[:4]
        lengths = {float(n) for array in self.run.inputs() for n in np.shape(array)}
        return [1.0, *sorted(lengths - {1.0})[:4]]


def near(value: Any, due: Any) -> bool:
    """Whether a gradient is right."""
    if value is None or np.shape(value) != np.shape(due):
        return False
    value = np.asarray(value)
    if value.dtype.kind != "f" or value.dtype != due.dtype:
        return False
    return bool(np.all(np.abs(value - due) <= 1e-6 * np.max(np.abs(due), initial=1e-9)))


def parallel(one: Any, other: Any) -> bool:
    """Whether two arrays are multiples of each other."""
    one, other = np.ravel(one), np.ravel(other)
    size = float(np.linalg.norm(one) * np.linalg.norm(other))
    return size == 0 or bool(abs(one @ other) > (1 - 1e-10) * size)
