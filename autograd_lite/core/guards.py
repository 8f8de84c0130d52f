"""Arrays that a graph needs and others may change: copied, or if they are large, changes noticed.

The result of an operation is nobody else's, but a plain array that took part in one belongs to
the user. If a formula will need it, it gets a copy; of an array of more than 256 kB the edge gets a
fingerprint of the values, which the backward sweep compares first::

    y = np.sum(w * x)
    x += 1
    y.backward()            # right, or GraphError: an array that 'multiply' needs was changed
"""

from collections.abc import Iterable, Sequence
from copy import copy
from typing import Any
from weakref import ref

import numpy as np
from numpy import ndarray

from .errors import GraphError, describe, message
from .node import Edge
from .operation import Operation, Rule

SMALL = 2048  # bytes, up to which a copy is cheaper than to look for one
LARGE = 1 << 18  # bytes, from which on a copy takes memory and the cache; below it is faster
COLUMNS = 509  # prime, so that neither rows nor columns of an array fall into one of them
COPIES: dict[int, "ref[Any]"] = {}  # of the arrays between, by their ids, as long as a graph lives


def copied(array: Any) -> Any:
    """A copy of an array that nobody changes: the last one, if it still holds the same.

    So a loop that uses an array a thousand times keeps one copy of it. Compared are bytes, since
    -0.0 is another number than 0.0 here, and NaN the same as before.
    """
    if array.nbytes <= SMALL:
        return array.__copy__()
    key = id(array)
    known = COPIES.get(key)
    found = None if known is None else known()
    alike = found is not None and found.dtype is array.dtype and found.shape == array.shape
    if alike and found.tobytes() == array.tobytes():  # type: ignore[union-attr]
        return found
    found = array.__copy__()
    COPIES[key] = ref(found, lambda _: COPIES.pop(key, None))
    return found


def copied_ahead(array: Any) -> Any:
    """The copy of an array for a formula, to compute the result with as well; or the array itself.

    A product reads its operands into the cache, and the backward sweep needs the copy: to work
    with it from the start costs a third of making it later. Memory in another order than that of
    the copy may give a result that is rounded otherwise, and large arrays get no copy.
    """
    return copied(array) if array.nbytes <= LARGE and array.flags.forc else array


def fingerprint(array: Any) -> Any:
    """A value that differs, but for chance, from that of the array with other contents.

    The memory is added up as whole numbers of 8 bytes in 509 columns: no change of one number
    leaves that as it was, and other numbers that cancel it, or take its place, would have to
    stand a multiple of 509 from it.

    >>> x = np.zeros(1000)
    >>> before = fingerprint(x)
    >>> x[3] = 1e-300
    >>> fingerprint(x) == before
    False
    """
    flat = array.ravel("K")  # a view of contiguous memory
    octets = flat.view(np.uint8)
    whole = octets.size // (8 * COLUMNS) * (8 * COLUMNS)
    columns = np.add.reduce(octets[:whole].view(np.uint64).reshape(-1, COLUMNS), 0)
    return hash(columns.tobytes()), hash(octets[whole:].tobytes())


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
    """The edges of a call, safe from changes of those of its plain arrays that they need."""
    plain = [x for x in arrays if x.__class__ is ndarray]
    if not plain:
        return tuple(edges)
    result = []
    for edge in edges:
        for x in plain:
            if is_among(x, edge[2]):
                small = x.nbytes <= LARGE
                edge = (*edge[:2], with_copy(edge[2], x)) if small else guarded_edge(edge, x)
        result.append(edge)
    return tuple(result)


def with_copy(kept: Any, array: Any) -> Any:
    """What a formula needs, with a copy of one array in its place, by itself or in a list."""
    if kept is array:
        return copied(array)
    if kept.__class__ is tuple or kept.__class__ is list:
        return kept.__class__([with_copy(value, array) for value in kept])
    return kept


def is_among(array: Any, kept: Sequence[Any]) -> bool:
    """Whether an array is one of those that a formula will get, by itself or in a list."""
    for value in kept:
        if value is array:
            return True
        if (value.__class__ is tuple or value.__class__ is list) and is_among(array, value):
            return True
    return False
