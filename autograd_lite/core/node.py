"""Nodes of the recorded graph: where gradients go, by which formula, with what it needs.

A node holds no values but those that its formulas name, and points only at older nodes, so a
graph has no cycles and is gone as soon as nobody holds its end.
"""

import itertools
from types import CodeType, FrameType
from typing import Any, NamedTuple

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

    __slots__ = ("dtype", "edges", "index", "operation", "place", "shape")
    place: Any  # code and instruction that it was recorded at: set by `trace_nan` alone
    operation: Operation | None
    edges: "tuple[Edge, ...] | None"
    shape: tuple[int, ...]
    dtype: Any
    index: int


Edge = tuple[Node, Rule, tuple[Any, ...]]


def make_node(operation: Operation, edges: tuple[Edge, ...], y: Any) -> Node:
    """A node for the result `y` of a recorded call."""
    node = Node()
    node.operation = operation
    node.edges = edges
    node.shape = y.shape
    node.dtype = y.dtype
    node.index = next_index()
    return node


class Leaf(Node):
    """An array that is differentiated: it collects `grad`.

    It remembers when its array was last changed, and by which instruction of the user's code, so
    that graphs recorded before that can refuse to go backward. An array that is handed out while
    a graph needs it might be changed unseen; `exposed` is a fingerprint of it to compare.
    """

    __slots__ = ("changed_at", "changed_by", "exposed", "grad")

    def __init__(self, shape: tuple[int, ...], dtype: Any) -> None:
        self.operation = None
        self.edges = ()
        self.shape = shape
        self.dtype = dtype
        self.index = next_index()
        self.grad: Any = None
        self.changed_at = -1
        self.changed_by: tuple[CodeType, int] | None = None
        self.exposed: Exposure | None = None

    def change(self, frame: FrameType) -> None:
        """Note that the array is being changed by the user's code in `frame`."""
        self.changed_at = next_index()
        self.changed_by = frame.f_code, frame.f_lasti
        self.exposed = None

    def expose(self, array: Any, frame: FrameType) -> None:
        """Note that the array is handed out to `frame` while a graph needs it."""
        if self.exposed is not None and self.exposed.has_changed():
            self.changed_at, self.changed_by = self.exposed.moment, self.exposed.handed_to
        fingerprint = hash(array.tobytes())
        self.exposed = Exposure(next_index(), array, fingerprint, (frame.f_code, frame.f_lasti))

    def is_stale_for(self, node: Node) -> bool:
        """Whether the array has been changed since `node` was recorded."""
        exposed = self.exposed
        if exposed is not None and node.index < exposed.moment and exposed.has_changed():
            self.changed_at, self.changed_by = exposed.moment, exposed.handed_to
        return node.index < self.changed_at

    def changed_place(self) -> Place | None:
        """File and line of the last change. Line numbers are slow: looked up for an error only."""
        if self.changed_by is None:
            return None
        code, instruction = self.changed_by
        lines = [line for start, end, line in code.co_lines() if start <= instruction < end]
        return code.co_filename, (lines[0] if lines else None) or code.co_firstlineno


class Exposure(NamedTuple):
    """An array that was handed out: when, a fingerprint of its values then, and to whom."""

    moment: int
    array: Any
    fingerprint: int
    handed_to: tuple[CodeType, int]

    def has_changed(self) -> bool:
        """Whether the array holds other values than when it was handed out."""
        return hash(self.array.tobytes()) != self.fingerprint
