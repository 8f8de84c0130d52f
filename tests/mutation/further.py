"""Further tests of a function: those that run its code, wherever they stand.

Ties, zeros, infinities and NaN are not smooth points: no numeric derivative says what is right
there, a test written by hand does. A function that NumPy spells out in others, as `np.quantile`
in ours, has its cases where it is composed, and not with the operations that it is made of.
"""

import importlib
import sys
from collections.abc import Callable, Iterator
from functools import cache, partial
from itertools import product
from pathlib import Path
from time import perf_counter
from types import CodeType, FrameType
from typing import Any, NamedTuple

import pytest

from autograd_lite.core.operation import OPERATIONS
from autograd_lite.core.trace import COMPOSITIONS

from ..rules.cases import composed
from .checks import first_orders, limited_time, second_orders
from .subjects import forget_cached, reached

TESTS = Path(__file__).parents[1]
ENGINE = ("complex", "lost_gradients", "structural_zeros")  # what it does with rules
MODULES = [
    *sorted((TESTS / "rules").glob("test_*.py")),
    *sorted((TESTS / "scipy").glob("test_*.py")),
    *(
        TESTS / "core" / f"test_{name}.py"
        for name in ("complex", "lost_gradients", "structural_zeros")
    ),
]
GENERATED = "test_rules"
FAILURES = (Exception, pytest.fail.Exception)  # the second is what `pytest.raises` raises


class Test(NamedTuple):
    """A test with its parameters, how long it takes, and the code that it runs."""

    __test__ = False
    name: str
    run: Callable[[], Any]
    seconds: float
    codes: frozenset[CodeType]


@cache
def tests() -> tuple[Test, ...]:
    """All of them, the quickest first."""
    known = {f.__code__ for operation in OPERATIONS.values() for f in reached(operation)}
    found = [watched(name, run, known) for name, run in [*of_compositions(), *written()]]
    return tuple(sorted((test for test in found if test.codes), key=lambda test: test.seconds))


def of_compositions() -> Iterator[tuple[str, Callable[[], Any]]]:
    """The generated tests of the functions that are composed of operations."""
    for composition in COMPOSITIONS.values():
        subject = composed(composition)
        for stage in (first_orders, second_orders):
            for reference in stage(subject):
                yield f"{subject}, order {reference.check.order}", reference.verify


def written() -> Iterator[tuple[str, Callable[[], Any]]]:
    """The test functions with each of their parameters; those that want fixtures are left out."""
    for path in MODULES:
        if path.stem != GENERATED:
            try:
                module = importlib.import_module(f"tests.{path.parent.name}.{path.stem}")
            except pytest.skip.Exception:  # for want of SciPy
                continue
            for name, function in list(vars(module).items()):  # running a test may add one
                if name.startswith("test_") and not hasattr(function, "hypothesis"):
                    yield from with_parameters(f"{path.stem}.{name}", function)


def with_parameters(name: str, function: Any) -> Iterator[tuple[str, Callable[[], Any]]]:
    """A test function as pytest would call it."""
    marks = [mark for mark in getattr(function, "pytestmark", []) if mark.name == "parametrize"]
    rows = [[dict(zip(argument_names(mark), values(mark, row), strict=True))
             for row in mark.args[1]] for mark in marks]  # fmt: skip
    for number, chosen in enumerate(product(*rows)):
        arguments = {key: value for row in chosen for key, value in row.items()}
        wanted = function.__code__.co_varnames[: function.__code__.co_argcount]
        if set(wanted) == set(arguments):
            yield f"{name}[{number}]", partial(function, **arguments)


def argument_names(mark: Any) -> list[str]:
    """The names that a parametrize mark gives values to."""
    names = mark.args[0]
    return [part.strip() for part in names.split(",")] if isinstance(names, str) else list(names)


def values(mark: Any, row: Any) -> Any:
    """One row of a parametrize mark, as a sequence."""
    row = getattr(row, "values", row) if type(row).__name__ == "ParameterSet" else row
    single = len(argument_names(mark)) == 1 and type(row).__name__ != "ParameterSet"
    return (row,) if single else row


def watched(name: str, run: Callable[[], Any], known: set[CodeType]) -> Test:
    """Run a test once, to learn what it runs."""
    codes: set[CodeType] = set()

    def note(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and frame.f_code in known:
            codes.add(frame.f_code)

    forget_cached()
    start, before = perf_counter(), sys.getprofile()
    sys.setprofile(note)
    try:
        run()
    except FAILURES:
        codes.clear()  # it fails as it is, as the ordinary run says, and cannot judge mutants
    finally:
        sys.setprofile(before)
    return Test(name, run, perf_counter() - start, frozenset(codes))


def passes(code: CodeType) -> bool:
    """Whether all tests that run some code pass, with what runs in its place now."""
    for test in tests():
        if code in test.codes:
            try:
                with limited_time():
                    test.run()
            except FAILURES:
                return False
    return True
