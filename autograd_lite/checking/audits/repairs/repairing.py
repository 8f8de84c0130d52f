"""The change of one line that makes the gradients right: the cause, and what ought to stand there.

Every candidate of `edits` and `additions` is run in place of the user's function. A change after
which *all* gradients are right is no guess: it is shown as evidence.
"""

import ast
from collections.abc import Sequence
from itertools import chain
from time import perf_counter
from typing import Any, NamedTuple

from ..cases import Case, same
from ..running.sources import Source, sources_of
from .additions import additions
from .bounds import dangerous, reaches_outward
from .edits import edits
from .sites import Edit, Values, sites_of
from .trials import Trials, quiet


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
    with quiet():
        sources, values = sources_of(problem.backward, problem.manual)
        if not sources or any(map(reaches_outward, sources)):
            return None
        return search(cases, sources, values, seconds)


def search(
    cases: Sequence[Case], sources: list[Source], values: dict[str, Values], seconds: float
) -> Repair | None:
    """The first change of the sources that makes all gradients right."""
    trials = Trials(cases, sources)
    parameters = [case.parameter for case in cases]
    end = perf_counter() + seconds
    suspects = suspicious(sources, trials)
    fixed = {number for source in sources for number in dangerous(source)}
    places = [site for site in sites_of(sources, values, parameters)
              if id(site.statement) in suspects and id(site.node) not in fixed]  # fmt: skip
    for edit in chain(edits(places), additions(places)):
        if perf_counter() > end:
            return None
        before = ast.unparse(edit.statement)
        with changed(edit):
            if trials.passes(edit.source):
                return Repair(
                    edit.kind, edit.source.file, edit.statement.lineno,
                    assigned_name(edit.statement), before, ast.unparse(edit.statement),
                )  # fmt: skip
    return None


def suspicious(sources: list[Source], trials: Trials) -> set[int]:
    """The ids of the statements at which a mistake would spoil just the gradients that are wrong.

    The value of each is made a little larger, to see which gradients depend on it.
    """
    wrong = {case.name for case in trials.cases if case.is_wrong}
    exact: set[int] = set()
    wide: set[int] = set()
    for source in sources:
        for statement in ast.walk(source.definition):
            if isinstance(statement, ast.Assign | ast.AugAssign):
                touched = influence(source, statement, trials)
                if touched is None or wrong <= touched:
                    (exact if touched == wrong else wide).add(id(statement))
            elif isinstance(statement, ast.Return | ast.Expr | ast.If | ast.For):
                wide.add(id(statement))
    return exact | wide


def influence(source: Source, statement: Any, trials: Trials) -> set[str] | None:
    """The names of the gradients that a statement's value has a part in; None if unknown."""
    value = statement.value
    statement.value = ast.BinOp(value, ast.Mult(), ast.Constant(1.001))
    try:
        with source.exchanged():
            found = trials.run(trials.problem.arrays)
    finally:
        statement.value = value
    if found is None:  # indices and tuples cannot be made larger
        return None
    return {case.name for case in trials.cases if not same(found.get(case.name), case.given)}


class changed:  # noqa: N801 - a context manager, as a function would be
    """Let an edit stand in its tree inside the `with` block."""

    def __init__(self, edit: Edit) -> None:
        self.edit = edit
        self.before = edit.slot.node

    def __enter__(self) -> None:
        self.edit.slot.put(self.edit.node)

    def __exit__(self, *_: object) -> None:
        self.edit.slot.put(self.before)


def assigned_name(statement: ast.stmt) -> str:
    """What a statement assigns, as the user spells it."""
    if isinstance(statement, ast.Assign):
        return ", ".join(ast.unparse(target) for target in statement.targets)
    if isinstance(statement, ast.AugAssign | ast.AnnAssign):
        return ast.unparse(statement.target)
    return "return" if isinstance(statement, ast.Return) else ""
