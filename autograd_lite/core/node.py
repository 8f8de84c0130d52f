"""Nodes of the recorded graph: where gradients go, by which formula, with what it needs.

A node holds no values but those that its formulas name, and points only at older nodes, so a
graph has no cycles and is gone as soon as nobody holds its end.
"""

import itertools
from typing import Any

from .errors import Place
from .operation import Operation, Rule

next_index = itertools.count().__next__


class Node:
    """One recorded call.

    `edges` has an entry (node of the operand, rule, what the rule kept) per operand that needs a
    gradient; None once the sweep has freed them. `shape` and `dtype` are those of the result and
    so of its gradient. `index` grows with every node: parents are older than children.
    """

    __slots__ = ("dtype", "edges", "index", "operation", "shape")

    def __init__(
        self,
        operation: Operation | None,
        edges: "tuple[Edge, ...] | None",
        shape: tuple[int, ...],
        dtype: Any,
    ) -> None:
        self.operation = operation
        self.edges = edges
        self.shape = shape
        self.dtype = dtype
        self.index: int = next_index()


Edge = tuple[Node, Rule, tuple[Any, ...]]


class Leaf(Node):
    """An array that is differentiated. It collects `grad`, and remembers if it was `changed`."""

    __slots__ = ("changed", "grad")

    def __init__(self, shape: tuple[int, ...], dtype: Any) -> None:
        Node.__init__(self, None, (), shape, dtype)
        self.grad: Any = None
        self.changed: Place | None = None

    def successor(self, place: Place) -> "Leaf":
        """The leaf that stands for the array once its values have been changed at `place`.

        Graphs that used the old values still lead to this one, and refuse to go backward.
        """
        self.changed = place
        new = Leaf(self.shape, self.dtype)
        new.grad = self.grad
        return new
