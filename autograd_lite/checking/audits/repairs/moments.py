"""What the names of the user's functions stand for before each of their statements."""

import ast
import sys
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any

import numpy as np

from ..running.sources import Source
from .sites import Values

BYTES = 50_000_000


class Moments:
    """The values of names before each statement of some sources, at the end of a run.

    Of several times that a statement is run, the first counts: a backward pass begins where least
    has been added up. Of one that adds, it is the last time, when all is there.
    """

    def __init__(self, sources: Sequence[Source]) -> None:
        self.room = BYTES
        self.values: dict[int, Values] = {}
        self.order: dict[int, int] = {}  # of a statement: when it was first run
        self.lines: dict[Any, dict[int, ast.stmt]] = {
            source.function.__code__: lines_of(source.definition) for source in sources
        }
        self.last: dict[int, Any] = {}

    def watch(self, call: Callable[[], Any]) -> Any:
        """Keep the values of a run; its result."""
        before = sys.gettrace()
        sys.settrace(self.at_call)
        try:
            return call()
        finally:
            sys.settrace(before)

    def at_call(self, frame: FrameType, *_: Any) -> Any:
        """Trace the lines of the sources."""
        return self.at_line if frame.f_code in self.lines else None

    def at_line(self, frame: FrameType, event: str, _: Any) -> Any:
        """Keep the values before a statement."""
        if event == "line":
            statement = self.lines[frame.f_code].get(frame.f_lineno)
            again = id(statement) in self.values and isinstance(statement, ast.Assign)
            if statement is not None and self.last.get(id(frame)) is not statement and not again:
                self.order.setdefault(id(statement), len(self.order))
                self.values[id(statement)] = {
                    name: self.kept(value) for name, value in frame.f_locals.items()
                }
            self.last[id(frame)] = statement
        elif event == "return":
            self.last.pop(id(frame), None)
        return self.at_line

    def kept(self, value: Any) -> Any:
        """A value as it will be when it is looked at: arrays are copied."""
        if isinstance(value, np.ndarray):
            if value.nbytes > self.room:
                return value
            self.room -= value.nbytes // 8  # most are let go at the next round
            copy = value.copy()
            copy.flags.writeable = False
            return copy
        return dict(value) if value.__class__ is dict else value


def lines_of(definition: ast.AST) -> dict[int, ast.stmt]:
    """The innermost statement on each line of a function."""
    found: dict[int, ast.stmt] = {}
    for node in ast.walk(definition):  # from the outside inwards
        if isinstance(node, ast.stmt) and node is not definition:
            inner = hasattr(node, "body")
            last = node.lineno if inner else node.end_lineno or node.lineno
            for line in range(node.lineno, last + 1):
                found[line] = node
    return found
