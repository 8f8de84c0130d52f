"""The generated tests of an operation, arranged so that a thousand wrong rules can be tried.

`check_gradients` compares the gradients of one call with numeric derivatives. Those do not depend
on any rule, and take nearly all of its time: here they are computed once for each call, with the
right rules, and the gradients of every mutant are compared with them. The comparison is that of
`check_gradients`, at the same points, in the same directions, with the same tolerance.
"""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from types import FrameType
from typing import Any, NamedTuple

import numpy as np

from autograd_lite import grad
from autograd_lite.checking.complex_numbers import in_real_numbers, real_parts
from autograd_lite.checking.gradients import (
    MODES,
    as_list,
    contracted,
    directions,
    eager_gradients,
    random_like,
    size_around,
)  # fmt: skip
from autograd_lite.checking.numeric import ROUNDING, directional_derivative
from autograd_lite.checking.verdicts import Check
from autograd_lite.core.operation import Operation

from ..rules.cases import Call, declared, plain_call
from ..rules.cases import Subject as TestSubject

TOLERANCE = 1e-9
PATIENCE = 20  # seconds for one call of a mutant, which may never end
# Lengths of axes beside those of `plain_call`: equal ones, single ones, none.
OTHER_SIZES = ({"n": 1, "m": 1, "k": 1}, {"n": 3, "m": 3, "k": 3}, {"n": 0, "m": 3, "k": 2},
               {"n": 3, "m": 0, "k": 1}, {"n": 4, "m": 2, "k": 0})  # fmt: skip


class WrongError(AssertionError):
    """The gradients are not those that are due."""


class Slope(NamedTuple):
    """The derivative along a direction of one argument, and how far a gradient may be off."""

    number: int
    direction: Any
    value: Any
    allowed: Any


class Reference:
    """One call, with the numeric derivatives that its gradients must have."""

    def __init__(self, check: Check) -> None:
        self.check = check
        self.outputs = as_list(check.f(*check.args))
        self.cotangents = [random_like(check, np.shape(output)) for output in self.outputs]
        self.slopes = [slope for number, position in enumerate(check.positions)
                       for slope in self._slopes(number, position)]  # fmt: skip

    def _slopes(self, number: int, position: int) -> Iterator[Slope]:
        check = self.check
        x = check.args[position]
        cotangent = np.concatenate([np.ravel(c) for c in self.cotangents])

        def flat(value: Any) -> Any:
            results = check.f(*check.args[:position], value, *check.args[position + 1 :])
            return np.concatenate([np.ravel(output) for output in as_list(results)])

        for direction in directions(check, x.shape):
            slope = directional_derivative(flat, x, direction)
            error = np.sum(np.abs(cotangent) * slope.error)
            scale = np.sum(np.abs(cotangent * slope.value))
            size = size_around(flat, x, direction, cotangent)
            if not error <= 1e-6 * scale + 1e-9 * size:
                raise WrongError(f"the numeric derivative of {check.name} cannot be relied on")
            allowed = TOLERANCE * scale + error + 4 * ROUNDING * size
            yield Slope(number, direction, np.sum(cotangent * slope.value), allowed)

    def verify(self) -> None:
        """Raise unless the value and the gradients of the call are right."""
        check = self.check
        gradients = eager_gradients(check, check.args, self.outputs, self.cotangents)
        for number, direction, value, allowed in self.slopes:
            found = np.sum(gradients[number] * direction)
            if not np.abs(found - value) <= allowed:
                raise WrongError(f"{check.name}, order {check.order}: {found} instead of {value}")

    def next_order(self) -> "Reference":
        """The gradient of this call, as a function like any other."""
        check = self.check
        f = grad(contracted(check.f, self.cotangents), check.positions)
        return Reference(check._replace(f=f, order=check.order + 1))


def first_order(call: Call) -> Reference:
    """The reference of a call."""
    f = in_real_numbers(call, call.arrays)
    args = tuple(np.array(real_parts(array), np.float64) for array in call.arrays)
    random = np.random.default_rng(0)
    name = f"{call.subject} at {[array.shape for array in call.arrays]}"
    return Reference(Check(f, args, tuple(range(len(args))), name, 1, TOLERANCE, random, MODES))


# References are kept, since what operations share is tried on each of them.


@cache
def first_orders(subject: TestSubject) -> list[Reference]:
    """Every case of an operation by itself."""
    return [first_order(plain_call(subject, case)) for case in subject.cases or ("",)]


@cache
def second_orders(subject: TestSubject) -> list[Reference]:
    """The second derivatives of every case."""
    return [reference.next_order() for reference in first_orders(subject)]


@cache
def other_sizes(subject: TestSubject) -> list[Reference]:
    """Every case at other lengths of its axes, where the function can be called with them."""
    result = []
    for sizes in OTHER_SIZES:
        for case in subject.cases:
            try:
                call = plain_call(subject, case, sizes)
                np.asarray(call(*call.arrays))
            except (ValueError, TypeError, IndexError, ZeroDivisionError, Warning):
                continue  # NumPy refuses the case at these lengths
            reference = first_order(call)
            result += [reference, reference.next_order()]
    return result


Stage = Callable[[TestSubject], list[Reference]]
STAGES: tuple[Stage, ...] = (first_orders, second_orders, other_sizes)


def passes(operations: tuple[Operation, ...], stage: Stage) -> bool:
    """Whether the gradients of operations, as they are now, pass the checks of a stage."""
    try:
        for operation in operations:
            for reference in stage(declared(operation)):
                with limited_time():
                    reference.verify()
    except Exception:  # noqa: BLE001 - any exception is noticed by a test
        return False
    return True


@contextmanager
def limited_time() -> Iterator[None]:
    """Raise TimeoutError in what takes too long."""

    def stop(_: int, __: FrameType | None) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
