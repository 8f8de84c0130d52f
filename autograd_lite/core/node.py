"""Nodes of the recorded graph: where gradients go, by which formula, with what it needs.

A node holds no values but those that its formulas name, and points only at older nodes, so a
graph has no cycles and is gone as soon as nobody holds its end.
"""

import itertools
from types import CodeType
from typing import Any

from .errors import Place
from .operation import Operation, Rule

next_index = itertools.count().__next__


class Node:
    """One recorded call.

    `edges` has an entry (node of the operand, rule, what the rule kept) per operand that needs a
    gradient; None once the sweep has freed them. `shape` and `dtype` are those of the result and
    so of its gradient. `index` grows with every node: parents are older than children. There is
    no constructor, since calling one costs as much as setting the attributes.
    """

    __slots__ = ("dtype", "edges", "index", "operation", "shape")
    operation: Operation | None
    edges: "tuple[Edge, ...] | None"
    shape: tuple[int, ...]
    dtype: Any
    index: int


Edge = tuple[Node, Rule, tuple[Any, ...]]


class Leaf(Node):
    """An array that is differentiated: it collects `grad`.

    `changed_at` is the index of the moment at which the array was last changed in place, at
    `changed_by` in the user's code: nodes older than that hold values that are no longer there.
    """

    __slots__ = ("changed_at", "changed_by", "grad")

    def __init__(self, shape: tuple[int, ...], dtype: Any) -> None:
        self.operation = None
        self.edges = ()
        self.shape = shape
        self.dtype = dtype
        self.index = next_index()
        self.grad: Any = None
        self.changed_at = -1
        self.changed_by: tuple[CodeType, int] | None = None

    def change(self, code: CodeType, instruction: int) -> None:
        """Note that the array is being changed, by an instruction of the user's code."""
        self.changed_at = next_index()
        self.changed_by = code, instruction

    def changed_place(self) -> Place | None:
        """File and line of the last change. Line numbers are slow: looked up for an error only."""
        if self.changed_by is None:
            return None
        code, instruction = self.changed_by
        lines = [line for start, end, line in code.co_lines() if start <= instruction < end]
        return code.co_filename, (lines[0] if lines else None) or code.co_firstlineno
