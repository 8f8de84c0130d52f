"""Runs of changed code that leave no trace: nothing is printed, what is kept stays as it was.

A trial is stopped when its time is over, by a tracer of lines, which works in every thread and
needs no signal. What cannot be stopped, a single call that makes a huge array, is kept from
happening by what may be changed at all (`bounds`). While a search goes on, `sys.stdout` and the
filters of warnings are exchanged and the functions under audit run changed code, in all threads:
other threads should not call them at the same time.
"""

import io
import random
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import (
    AbstractContextManager,
    contextmanager,
    nullcontext,
    redirect_stderr,
    redirect_stdout,
)
from time import thread_time
from typing import Any

import numpy as np

from ....transforms.verbatim.origins import is_users
from ..cases import Case
from ..problems import Problem
from ..records import recorded
from ..running.sources import Source
from ..running.state import State
from .bounds import may_go_on

LONGEST = 1.0  # seconds that one trial may take at most
OFTEN = 8  # lines after which the time is looked at: that takes as long as a line
TIMES = 20  # times as long as the unchanged code a trial may take


class Stopped(BaseException):
    """The time of a trial is over. No `except Exception` of the user's code catches it."""


class Trials:
    """Runs of a problem's manual pass with changed sources."""

    def __init__(self, cases: Sequence[Case], sources: Sequence[Source]) -> None:
        self.cases = cases
        self.problem = cases[0].problem
        self.wrong = frozenset(case.name for case in cases if case.is_wrong)
        self.right = frozenset(case.name for case in cases) - self.wrong
        self.are_multiples = are_multiples(cases, {case.name: case.given for case in cases})
        self.found: dict[str, Any] = {}  # by the last change
        self.state = State([source.function for source in sources])
        self.seconds = LONGEST
        self.is_finite = not any(map(may_go_on, sources))
        self.other: tuple[Any, Any] | bool | None = False  # not yet looked for
        start = thread_time()
        self.run(self.problem.arrays)
        self.seconds = min(LONGEST, 0.05 + TIMES * (thread_time() - start))
        value, again = self.value(), self.value()
        same = isinstance(value, float) and value == again  # not so if something is drawn
        self.loss = value if same else None

    def run(self, arrays: Any) -> dict[str, Any] | None:
        """The gradients by hand as the sources are now, or None if there are none in time."""
        return self.run_of(self.problem._replace(arrays=arrays))

    def run_of(self, problem: Problem) -> dict[str, Any] | None:
        """The gradients by hand of a problem of the same functions."""
        try:
            with np.errstate(all="ignore"), self.in_time():
                return next(problem.calls([problem.arrays], 0)).gradients
        except (Exception, Stopped):  # noqa: BLE001 - changed code may fail in any way
            return None
        finally:
            self.state.restore()

    def in_time(self) -> AbstractContextManager[None]:
        """Stop what takes too long; loops that come to an end anyway need no tracer."""
        return nullcontext() if self.is_finite else stopped_after(self.seconds)

    def passes(self, source: Source) -> bool:
        """Whether all gradients are right with a changed source, here and at another point."""
        return self.mended(source) == self.wrong

    def mended(self, source: Source) -> frozenset[str]:
        """The wrong gradients that are right with a changed source, here and at another point.

        None of them if one that is right gets wrong, or the loss another one.
        """
        self.found = {}
        try:
            with source.exchanged():
                self.found = self.run(self.problem.arrays) or {}
                right = self.right_ones(self.found) if are_arrays(self.found) else frozenset()
                fine = right > self.right and self.passes_elsewhere(right) and self.keeps_the_loss()
                return right - self.right if fine else frozenset()
        except (SyntaxError, ValueError, TypeError):  # no code can be made of the tree
            return frozenset()

    def right_ones(self, found: dict[str, Any]) -> frozenset[str]:
        """The names of the gradients that are right; none if one is not that was."""
        right = set()
        for case in self.cases:
            if not case._replace(given=found.get(case.name)).is_wrong:
                right.add(case.name)
            elif case.name in self.right:
                return frozenset()
        return frozenset(right)

    def is_nearer(self) -> bool:
        """Whether the last change made the wrong gradients multiples of the right ones."""
        return self.found != {} and not self.are_multiples and are_multiples(self.cases, self.found)

    def keeps_the_loss(self) -> bool:
        """Whether the changed code leaves what is differentiated as it is, if that is known."""
        before = self.loss
        return before is None or is_near(self.value(), np.asarray(before))

    def value(self) -> Any:
        """The number that is differentiated, by the sources as they are; None if it fails."""
        try:
            with np.errstate(all="ignore"), self.in_time():
                return self.problem.scalar([np.array(array) for array in self.problem.arrays])
        except (Exception, Stopped):  # noqa: BLE001 - changed code may fail in any way
            return None
        finally:
            self.state.restore()

    def passes_elsewhere(self, names: frozenset[str]) -> bool:
        """Whether some gradients are right at another point, if there is one to be had."""
        if self.other is False:
            self.other = another_point(self.problem)
        if not self.other:
            return True
        arrays, truths = self.other  # type: ignore[misc]
        found = self.run(arrays)
        return (
            found is not None
            and are_arrays(found)
            and all(
                is_near(found.get(case.name), truths[case.position])
                for case in self.cases
                if case.truth is not None and case.name in names
            )
        )


def are_multiples(cases: Sequence[Case], found: dict[str, Any]) -> bool:
    """Whether each gradient is the right one but for a factor."""
    return all(
        case.truth is None or is_multiple(found.get(case.name), case.truth) for case in cases
    ) and any(np.size(case.truth) > 1 for case in cases if case.is_wrong)


def is_multiple(given: Any, truth: Any) -> bool:
    """Whether an array is another one but for a factor."""
    try:
        array = np.asarray(given, np.float64)
    except (TypeError, ValueError):
        return False
    if array.shape != truth.shape or not np.all(np.isfinite(array)) or not np.any(array):
        return False
    factor = np.vdot(array, truth) / np.vdot(array, array)
    return bool(np.max(np.abs(array * factor - truth)) <= 1e-7 * np.max(np.abs(truth)))


def are_arrays(found: dict[str, Any]) -> bool:
    """Whether what changed code returned are arrays and numbers: `np.r_` has no end."""
    return all(
        isinstance(value, np.ndarray | np.generic | float | int | list | tuple) or value is None
        for value in found.values()
    )


def another_point(problem: Problem) -> tuple[Any, Any] | None:
    """Other arrays of the same shapes and signs, and the gradients there."""
    draw = np.random.default_rng(7)
    arrays = [np.asarray(array * draw.uniform(0.8, 1.25, np.shape(array))).astype(array.dtype)
              for array in problem.arrays]  # fmt: skip
    try:
        with np.errstate(all="ignore"):
            _, record = recorded(problem._replace(arrays=tuple(arrays)))
            truths = None if record is None else record.gradients()
    except Exception:  # noqa: BLE001 - the forward pass may not be recordable
        return None
    if truths is None or not all(np.all(np.isfinite(truth)) for truth in truths):
        return None
    return arrays, truths


def is_near(found: Any, truth: Any) -> bool:
    """Whether a gradient at the other point is right."""
    try:
        array = np.asarray(found, np.float64)
    except (TypeError, ValueError):
        return False
    if array.shape != truth.shape:
        return False
    rough = 1e-3 if min(np.asarray(found).dtype.itemsize, truth.dtype.itemsize) < 8 else 1e-6
    scale = np.max(np.abs(truth), initial=0.0) + 1e-12
    return bool(np.all(np.abs(array - truth) <= rough * scale))


@contextmanager
def stopped_after(seconds: float) -> Iterator[None]:
    """Raise Stopped in the user's code once the time is over."""
    end = thread_time() + seconds
    lines = 0

    def at_line(*_: Any) -> Any:
        nonlocal lines
        lines += 1
        if lines % OFTEN == 0 and thread_time() > end:
            raise Stopped
        return at_line

    def at_call(frame: Any, *_: Any) -> Any:
        return at_line if is_users(frame.f_code.co_filename) else None

    before = sys.gettrace()
    sys.settrace(at_call)
    try:
        yield
    finally:
        sys.settrace(before)


@contextmanager
def quiet() -> Iterator[None]:
    """Let nothing be printed and no warning be shown, and Python's random numbers go on after."""
    state = random.getstate()
    try:
        with (
            redirect_stdout(io.StringIO()),
            redirect_stderr(io.StringIO()),
            warnings.catch_warnings(),
        ):
            warnings.simplefilter("ignore")
            yield
    finally:
        random.setstate(state)
