"""Arrays that a graph needs and others may change: noticed, by a fingerprint of their values.

The result of an operation is nobody else's, but a plain array that took part in one belongs to
the user. If a formula will need it, its edge gets a guard, which the backward sweep asks first::

    y = np.sum(w * x)
    x += 1
    y.backward()            # GraphError: an array that 'multiply' needs was changed
"""

from collections.abc import Iterable, Sequence
from copy import copy
from typing import Any

import numpy as np
from numpy import ndarray

from .errors import GraphError, describe, message
from .node import Edge
from .operation import Operation, Rule

TINY = 256  # bytes that are kept, for nothing is as fast as comparing them
SMALL = 2048  # bytes that are hashed faster than they are summed
SAMPLE = 256  # entries whose order counts in larger arrays


def fingerprint(array: Any) -> Any:
    """A value that differs, but for chance, from that of the array with other contents.

    Arrays of more than 2 kB are summed as whole numbers, which no change of a single entry leaves
    as it was, and 256 of their entries are hashed, which notices a change of order.

    >>> x = np.zeros(1000)
    >>> before = fingerprint(x)
    >>> x[3] = 1e-300
    >>> fingerprint(x) == before
    False
    """
    if array.nbytes <= TINY:
        return array.tobytes()
    if array.nbytes <= SMALL:
        return hash(array.tobytes())
    flat = array.ravel("K")  # a view of contiguous memory
    sample = hash(flat[:: max(1, flat.size // SAMPLE) | 1].tobytes())
    octets = flat.view(np.uint8)
    words = octets[: octets.size // 8 * 8].view(np.uint64)
    return sample, int(np.add.reduce(words)), octets[words.nbytes :].tobytes()


def changed(operation: Operation, array: Any) -> GraphError:
    """The error for an array that was changed while a graph needed it."""
    return GraphError(
        message(
            f"backward: an array that {operation.name!r} needs for the gradient, "
            f"{describe(array)}, was changed after the operation had used it",
            remedy="call backward() before changing the array, or give the operation a copy of it",
        )
    )


GUARDED: dict[Rule, Rule] = {}  # rules that first make sure that an array is what it was


def with_guard(rule: Rule) -> Rule:
    """The rule, first making sure that the array given with the kept values is what it was."""

    def checked(g: Any, array: Any, before: Any, *kept: Any) -> Any:
        if fingerprint(array) != before:
            raise changed(rule.operation, array)
        return rule.formula(g, *kept)

    guarded_rule = GUARDED[rule] = copy(rule)
    guarded_rule.behind_guard = rule
    guarded_rule.formula = checked
    return guarded_rule


def without_guards(rule: Rule, kept: tuple[Any, ...]) -> tuple[Rule, tuple[Any, ...]]:
    """The rule itself and what it keeps, for a formula that is not given the user's arrays."""
    while rule.behind_guard is not None:
        rule, kept = rule.behind_guard, kept[2:]
    return rule, kept


def guarded_edge(edge: Edge, array: Any) -> Edge:
    """An edge whose rule makes sure that an array, of which it needs the values, is unchanged."""
    node, rule, kept = edge
    return node, GUARDED.get(rule) or with_guard(rule), (array, fingerprint(array), *kept)


def guarded(edges: Iterable[Edge], arrays: Any) -> tuple[Edge, ...]:
    """The edges of a call, guarding those of its plain arrays that a formula will need."""
    result = []
    for edge in edges:
        kept = edge[2]
        for x in arrays:
            if x.__class__ is ndarray and is_among(x, kept):
                edge = guarded_edge(edge, x)
        result.append(edge)
    return tuple(result)


def is_among(array: Any, kept: Sequence[Any]) -> bool:
    """Whether an array is one of those that a formula will get, by itself or in a list."""
    for value in kept:
        if value is array:
            return True
        if (value.__class__ is tuple or value.__class__ is list) and is_among(array, value):
            return True
    return False
