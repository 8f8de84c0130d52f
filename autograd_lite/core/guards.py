"""Arrays that a graph needs and others may change: noticed, by a fingerprint of their values.

The result of an operation is nobody else's, but a plain array that took part in one belongs to
the user. If a formula will need it, its edge gets a guard, which the backward sweep asks first::

    y = np.sum(w * x)
    x += 1
    y.backward()            # GraphError: an array that 'multiply' needs was changed
"""

from collections.abc import Iterable, Sequence
from copy import copy
from typing import Any, NamedTuple

import numpy as np
from numpy import ndarray

from .errors import GraphError, describe, message
from .node import Edge
from .operation import Operation, Rule

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
    if array.nbytes <= SMALL:
        return hash(array.tobytes())
    flat = array.ravel("K")  # a view of contiguous memory
    sample = hash(flat[:: max(1, flat.size // SAMPLE) | 1].tobytes())
    octets = flat.view(np.uint8)
    words = octets[: octets.size // 8 * 8].view(np.uint64)
    return sample, int(np.add.reduce(words)), octets[words.nbytes :].tobytes()


class Guard(NamedTuple):
    """An array as it was when an operation recorded it, and where in the user's code that was."""

    array: Any
    fingerprint: Any
    operation: Operation

    def check(self) -> None:
        """Raise GraphError if the array has been changed."""
        if fingerprint(self.array) != self.fingerprint:
            raise changed(self.operation, self.array)


def changed(operation: Operation, array: Any) -> GraphError:
    """The error for an array that was changed while a graph needed it."""
    return GraphError(
        message(
            f"backward: an array that {operation.name!r} needs for the gradient, "
            f"{describe(array)}, was changed after the operation had used it",
            remedy="call backward() before changing the array, or give the operation a copy of it",
        )
    )


def with_guards(rule: Rule) -> Rule:
    """The rule, first making sure that the arrays it needs are what they were."""

    def checked(g: Any, guards: tuple[Guard, ...], *kept: Any) -> Any:
        for guard in guards:
            guard.check()
        return rule.formula(g, *kept)

    guarded_rule = copy(rule)
    guarded_rule.formula = checked
    return guarded_rule


GUARDED: dict[Rule, Rule] = {}


def guarded(edges: Iterable[Edge], arrays: Any, operation: Operation) -> tuple[Edge, ...]:
    """The edges of a call, guarding those of its plain arrays that a formula will need."""
    result = []
    for edge in edges:
        node, rule, kept = edge
        needed = [x for x in arrays if x.__class__ is ndarray and is_among(x, kept)]
        if needed:
            guards = tuple([Guard(x, fingerprint(x), operation) for x in needed])
            known = GUARDED.get(rule)
            if known is None:
                known = GUARDED[rule] = with_guards(rule)
            edge = (node, known, (guards, *kept))
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
