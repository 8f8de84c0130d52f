"""Which part of the gradients is that of a penalty: of what is made of parameters alone."""

from typing import Any

import numpy as np

from ....core.node import Leaf, Node
from ..records import Change, Edge, Record

SCALING = ("multiply", "divide", "true_divide")
LINEAR = (*SCALING, "add", "subtract", "negative", "positive", "sum", "mean", "reshape")
MOST = 4000  # edges, beyond which a loop is too long
LARGEST = 200  # steps of a penalty


def is_penalty(record: Record, node: Node) -> bool:
    """Whether a number is computed of parameters alone, and added to what is differentiated."""
    if node.shape != () or isinstance(node, Leaf) or not is_added(record, node):
        return False
    return is_of_parameters(record, node)


def is_added(record: Record, node: Node) -> bool:
    """Whether a number is a term of the last one, perhaps times a constant.

    A norm by which weights are divided is none.
    """
    while node is not record.end:
        edges = record.children.get(node, [])
        if len(edges) != 1 or edges[0].rule.operation.name not in LINEAR:
            return False
        step = edges[0].step.node
        if edges[0].rule.operation.name in SCALING and len(record.edges[step]) > 1:
            return False
        node = step
    return True


def is_of_parameters(record: Record, node: Node) -> bool:
    """Whether what a number is computed of are parameters, and plain numbers."""
    waiting, seen = [node], {node}
    while waiting:
        if len(seen) > LARGEST:
            return False
        for edge in record.edges.get(waiting.pop(), ()):
            if is_from_data(record, edge):
                return False
            if edge.parent not in seen:
                seen.add(edge.parent)
                waiting.append(edge.parent)
            own = [record.values.get(each) for each in seen]
            for value in edge.kept:
                foreign = isinstance(value, np.ndarray) and value.size > 1
                if foreign and not any(
                    np.array_equal(value, each) for each in own if each is not None
                ):
                    return False
    return True


def is_from_data(record: Record, edge: Edge) -> bool:
    """Whether an array that is no parameter is added, of which a sum keeps nothing."""
    name = edge.rule.operation.name
    if name not in ("add", "subtract") or len(record.edges[edge.step.node]) > 1:
        return False
    own, total = record.values[edge.parent], edge.step.value
    return not any(np.ptp(total - sign * own) == 0 for sign in (1, -1))


def penalty_parts(record: Record) -> list[Any]:
    """The values that are computed on the way to a penalty: differences of neighbours, say."""
    edges = record.all_edges()
    if len(edges) > MOST or is_penalty(record, record.end):
        return []
    waiting = [edge.parent for edge in edges if is_penalty(record, edge.parent)]
    seen = set(waiting)
    while waiting:
        for edge in record.edges.get(waiting.pop(), ()):
            if edge.parent not in seen:
                seen.add(edge.parent)
                waiting.append(edge.parent)
    return [record.values[node] for node in seen if node in record.values]


def penalty_gradients(record: Record) -> list[Any] | None:
    """The part of each gradient that all penalties together have; None if there are none."""
    edges = record.all_edges()
    if len(edges) > MOST or is_penalty(record, record.end):
        return None
    cut = {
        (edge.step.node, edge.number)
        for edge in edges
        if is_penalty(record, edge.parent) and not is_penalty(record, edge.step.node)
    }

    def carry(edge: Edge, _: Any, gx: Any) -> Any:
        return None if (edge.step.node, edge.number) in cut else gx

    if not cut:
        return None
    pairs = zip(record.gradients(), record.gradients(Change(carry)), strict=True)
    return [whole - rest for whole, rest in pairs]
