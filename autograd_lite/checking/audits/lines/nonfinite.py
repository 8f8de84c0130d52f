"""The first operation of a manual pass that made NaN or an infinity of finite numbers."""

import ast
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from ..problems import Problem
from ..reporting.findings import WrongLine
from ..running.sources import plain_function
from ..running.watching import Assignment, watch

OPERATIONS = ast.BinOp | ast.UnaryOp | ast.Call


class NotFinite(NamedTuple):
    """The line, the operation in it, and what it was given, as texts."""

    line: WrongLine
    operation: str
    given: str


def first_not_finite(problem: Problem) -> NotFinite | None:
    """The first operation whose result is not finite though its operands are; None if unseen."""
    try:
        with np.errstate(all="ignore"):
            _, assignments = watch(problem.manual)
            return first_of(problem, assignments)
    except Exception:  # noqa: BLE001 - an audit is not to fail because a line is not found
        return None


def first_of(problem: Problem, assignments: list[Assignment]) -> NotFinite | None:
    """The first operation, among the assignments of a run."""
    for found in assignments:
        bad_before = any(is_bad(assignments[number].value) for number in found.reads)
        if found.kind == "argument" or not is_bad(found.value) or bad_before:
            continue
        operation, given = operation_in(problem, found, assignments)
        line = WrongLine(found.file, found.line, found.source, found.name, None)
        return NotFinite(line, operation, given)
    return None


def is_bad(value: Any) -> bool:
    """Whether a value has NaN or an infinity in it."""
    array = np.asarray(value) if isinstance(value, np.ndarray | float) else None
    return array is not None and array.dtype.kind in "fc" and not np.all(np.isfinite(array))


def operation_in(
    problem: Problem, found: Assignment, assignments: list[Assignment]
) -> tuple[str, str]:
    """The innermost operation of a statement that is not finite, with the range of its operands."""
    function = plain_function(problem.backward)
    scope = {} if function is None else dict(function.__globals__)
    before = assignments[: found.number]
    own = [each for each in before if each.function == found.function and each.value is not None]
    scope.update((each.name, each.original if each.value is None else each.value) for each in own)
    for node in innermost(found.source):
        value = evaluated(node, scope)
        operands = [(ast.unparse(each), evaluated(each, scope)) for each in operands_of(node)]
        if is_bad(value) and not any(is_bad(each) for _, each in operands):
            return ast.unparse(node), "; ".join(filter(None, map(range_of, operands)))
    return found.source.strip(), ""


def innermost(source: str) -> Iterator[ast.expr]:
    """The operations of a statement, those inside of others first."""
    try:
        tree = ast.parse(source.strip())
    except SyntaxError:
        return
    for node in reversed(list(ast.walk(tree))):
        if isinstance(node, OPERATIONS):
            yield node


def operands_of(node: Any) -> list[ast.expr]:
    """What an operation is given."""
    if isinstance(node, ast.BinOp):
        return [node.left, node.right]
    if isinstance(node, ast.UnaryOp):
        return [node.operand]
    held = [node.func.value] if isinstance(node.func, ast.Attribute) else []
    return [*held, *node.args]


def evaluated(node: ast.expr, scope: dict[str, Any]) -> Any:
    """The value of an expression, or None."""
    try:
        return eval(ast.unparse(node), dict(scope))
    except Exception:  # noqa: BLE001 - it need not be defined in what was watched
        return None


def range_of(operand: tuple[str, Any]) -> str:
    """Between what numbers an operand lies, as a text; empty for what is none."""
    text, value = operand
    array = np.asarray(value) if isinstance(value, np.ndarray | float | int) else None
    if array is None or array.dtype.kind not in "fiu" or not array.size:
        return ""
    low, high = float(array.min()), float(array.max())
    if isinstance(value, int | float) and text == repr(value):
        return ""
    return (
        f"`{text}` is {low:.3g}"
        if low == high
        else f"`{text}` lies between {low:.3g} and {high:.3g}"
    )
