"""The change of one line that makes the gradients right: the cause, and what ought to stand there.

Every candidate of `edits` and `additions` is run in place of the user's function. A change after
which *all* gradients are right is no guess: it is shown as evidence.
"""

import ast
import signal
import threading
from collections.abc import Callable, Sequence
from itertools import chain
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np

from ..cases import Case, same
from ..running.sources import Source, sources_of
from .additions import additions
from .edits import edits
from .sites import Edit, sites_of


class Repair(NamedTuple):
    """A line, and the change that makes all gradients right."""

    kind: str
    file: str
    line: int
    name: str  # what the statement assigns
    before: str
    after: str


def find_repair(cases: Sequence[Case], seconds: float) -> Repair | None:
    """The first change that makes all gradients right; None if none does within the time."""
    problem = cases[0].problem
    sources, values = sources_of(problem.backward, problem.manual)
    if not sources:
        return None
    parameters = [case.parameter for case in cases]
    end = perf_counter() + seconds
    suspects = suspicious(sources, cases)
    places = [site for site in sites_of(sources, values, parameters)
              if id(site.statement) in suspects]  # fmt: skip
    for edit in chain(edits(places), additions(places)):
        if perf_counter() > end:
            return None
        before = ast.unparse(edit.statement)
        with changed(edit):
            if passes(edit.source, cases):
                return Repair(
                    edit.kind, edit.source.file, edit.statement.lineno,
                    assigned_name(edit.statement), before, ast.unparse(edit.statement),
                )  # fmt: skip
    return None


def suspicious(sources: list[Source], cases: Sequence[Case]) -> set[int]:
    """The ids of the statements at which a mistake would spoil just the gradients that are wrong.

    The value of each is made a little larger, to see which gradients depend on it.
    """
    wrong = {case.name for case in cases if case.is_wrong}
    exact: set[int] = set()
    wide: set[int] = set()
    for source in sources:
        for statement in ast.walk(source.definition):
            if isinstance(statement, ast.Assign | ast.AugAssign):
                touched = influence(source, statement, cases)
                if touched is None or wrong <= touched:
                    (exact if touched == wrong else wide).add(id(statement))
            elif isinstance(statement, ast.Return | ast.Expr | ast.If | ast.For):
                wide.add(id(statement))
    return exact | wide


def influence(source: Source, statement: Any, cases: Sequence[Case]) -> set[str] | None:
    """The names of the gradients that a statement's value has a part in; None if unknown."""
    problem = cases[0].problem
    value = statement.value
    statement.value = ast.BinOp(value, ast.Mult(), ast.Constant(1.001))
    try:
        with source.exchanged(), np.errstate(all="ignore"), interrupted_after(1):
            found = problem.manual().gradients
    except Exception:  # noqa: BLE001 - indices and tuples cannot be made larger
        return None
    finally:
        statement.value = value
    return {case.name for case in cases if not same(found.get(case.name), case.given)}


class changed:  # noqa: N801 - a context manager, as a function would be
    """Let an edit stand in its tree inside the `with` block."""

    def __init__(self, edit: Edit) -> None:
        self.edit = edit
        self.before = edit.slot.node

    def __enter__(self) -> None:
        self.edit.slot.put(self.edit.node)

    def __exit__(self, *_: object) -> None:
        self.edit.slot.put(self.before)


def passes(source: Source, cases: Sequence[Case]) -> bool:
    """Whether all gradients are right with the tree as it is now."""
    problem = cases[0].problem
    try:
        with source.exchanged(), np.errstate(all="ignore"), interrupted_after(1):
            found = problem.manual().gradients
    except Exception:  # noqa: BLE001 - changed code may fail in any way
        return False
    return not any(case._replace(given=found.get(case.name)).is_wrong for case in cases)


class interrupted_after:  # noqa: N801 - a context manager, as a function would be
    """Raise TimeoutError in what runs too long, where signals are to be had."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        self.main = threading.current_thread() is threading.main_thread()
        self.possible = (
            self.main
            and hasattr(signal, "SIGALRM")
            and signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)  # nobody else's alarm
        )
        self.before: Callable[..., Any] | int | None = None

    def __enter__(self) -> None:
        if self.possible:
            self.before = signal.signal(signal.SIGALRM, self.stop)
            signal.alarm(self.seconds)

    def __exit__(self, *_: object) -> None:
        if self.possible:
            signal.alarm(0)
            signal.signal(signal.SIGALRM, self.before)

    @staticmethod
    def stop(*_: object) -> None:
        """Give up."""
        raise TimeoutError


def assigned_name(statement: ast.stmt) -> str:
    """What a statement assigns, as the user spells it."""
    if isinstance(statement, ast.Assign):
        return ", ".join(ast.unparse(target) for target in statement.targets)
    if isinstance(statement, ast.AugAssign | ast.AnnAssign):
        return ast.unparse(statement.target)
    return "return" if isinstance(statement, ast.Return) else ""
