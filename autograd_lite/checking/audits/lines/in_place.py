"""The line of a manual pass that changes in place what it was given."""

import numpy as np

from ..problems import Problem
from ..running.watching import Assignment, watch
from .aligning import same


def line_of_change(problem: Problem, name: str) -> int | None:
    """The first line that writes into an argument, called by its name if it has that one."""
    try:
        _, assignments = watch(problem.manual)
    except Exception:  # noqa: BLE001 - the user's code may refuse another call
        return None
    given = [a for a in assignments if a.kind == "argument" and isinstance(a.original, np.ndarray)]
    named = [each for each in given if each.name == name] or given
    for assignment in assignments:
        if assignment.kind == "updated" and any(has_changed(each, assignment) for each in named):
            return assignment.line
    return None


def has_changed(argument: Assignment, assignment: Assignment) -> bool:
    """Whether an assignment has written other numbers into an argument, or a view of it."""
    value = assignment.original
    while isinstance(value, np.ndarray):
        if value is argument.original:
            return not same(argument.value, assignment.value)
        value = value.base
    return False
