"""What an array of a manual pass is, by its numbers: a value or a gradient of the recorded graph.

Arrays are recognised up to a constant factor, transposed, reshaped, summed over an axis, or without
the first or last row or column.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations, permutations
from typing import Any, NamedTuple

import numpy as np

from ....core.node import Node
from ....core.operation import ELEMENTWISE, SHAPE
from ....core.structural_zeros.selected import Selected
from ..records import Edge, Record, carried

DEEPEST = 10  # steps of a composite elementwise slope
MOST_PATHS = 5  # edges of a node of which all sums are looked for
MOST_MATCHES = 40
MANY = 1_000  # steps of a graph
LARGEST = 100_000  # entries of arrays of which slopes and slices are looked for
ADJOINT, PART, VALUE, GIVEN, SLOPE = "adjoint", "part", "value", "given", "slope"
ORDER = (VALUE, GIVEN, ADJOINT, PART, SLOPE)


class Reference(NamedTuple):
    """An array of the graph: the gradient at a node, what an edge carries, a value or a slope.

    What the forward pass computes without recording it is "given" and has no node. A slope is
    that of the value of `end` in that of `node`, entry by entry. `form` says what was done to the
    array, and is empty if nothing.
    """

    kind: str
    node: Node | None
    edge: Edge | None
    end: Node | None
    value: Any
    form: str


class Match(NamedTuple):
    """An array is `scale` times a reference."""

    reference: Reference
    scale: float

    @property
    def is_gradient(self) -> bool:
        """Whether it is a gradient, or a part of one."""
        return self.reference.kind in (ADJOINT, PART)

    @property
    def is_value(self) -> bool:
        """Whether it is exactly a value of the forward pass."""
        kept = self.reference.form != "permuted"
        return self.is_exact and self.reference.kind in (VALUE, GIVEN) and kept

    @property
    def is_exact(self) -> bool:
        """Whether the factor is 1."""
        return bool(abs(self.scale - 1) < 1e-6)


class Gallery:
    """The arrays of a record, by which others are recognised."""

    def __init__(self, record: Record, given: list[Any]) -> None:
        self.record = record
        self.given = given
        self.leaves = set(record.leaves)
        self.adjoints = record.sweep()
        self.raw: dict[int, list[Reference]] = {}  # by every size that a form of them has
        self.known: dict[int, list[Reference]] = {}
        self.marks: dict[int, tuple[Any, Any, Any]] = {}
        self.lengths = {n for node in record.values for n in node.shape if n > 0}
        self.lengths |= {n for value in given for n in np.shape(value) if n > 0}
        for reference in self.references():
            for size in sizes(np.shape(reference.value)):
                self.raw.setdefault(size, []).append(reference)

    def of_size(self, size: int) -> list[Reference]:
        """The references with as many entries, in all their forms."""
        if size not in self.known:
            every = (form for reference in self.raw.get(size, ()) for form in forms(reference))
            self.known[size] = [form for form in every if np.size(form.value) == size]
        return self.known[size]

    def references(self) -> Iterator[Reference]:
        """All arrays of the graph as they are."""
        for node, gradient in self.adjoints.items():
            yield Reference(ADJOINT, node, None, None, gradient, "")
        for edge in self.record.all_edges():
            g = self.adjoints.get(edge.step.node)
            if g is not None:
                yield from parts(edge, g)
        for node, edges in self.record.children.items():
            if 2 < len(edges) <= MOST_PATHS:
                yield from self.sums(node, edges)
        for node, value in self.record.values.items():
            yield Reference(VALUE, node, None, None, value, "")
        for value in self.given:
            yield Reference(GIVEN, None, None, None, value, "")
        least = 0 if len(self.record.steps) <= MANY else 1  # not the numbers of long loops
        for step in self.record.steps:
            if least < np.size(step.value) <= LARGEST:
                yield from self.slopes(step.node)

    def sums(self, node: Node, edges: list[Edge]) -> Iterator[Reference]:
        """The sums of what some of the edges carry to a node."""
        carrying = [(edge, self.adjoints.get(edge.step.node)) for edge in edges]
        gradients = [carried(edge, g) for edge, g in carrying if g is not None]
        for count in range(2, len(gradients)):
            for some in combinations(gradients, count):
                yield Reference(PART, node, None, None, sum(some[1:], some[0]), "")

    def descendants(self, node: Node | None) -> set[Node]:
        """The nodes below a node, to which gradients pass entry by entry or unchanged."""
        found: set[Node] = set()
        waiting = [node]
        while waiting:
            at = waiting.pop()
            for edge in self.record.edges.get(at, ()) if at is not None else ():
                passes = edge.rule.operation.kind in (ELEMENTWISE, SHAPE)
                if passes and edge.parent not in found:
                    found.add(edge.parent)
                    waiting.append(edge.parent)
        return found

    def slopes(self, end: Node) -> Iterator[Reference]:
        """The slopes of a result in those of its ancestors of which it is made entry by entry."""
        found: dict[Node, Any] = {end: np.ones(end.shape, end.dtype)}
        waiting = [end]
        for _ in range(DEEPEST):
            following: list[Node] = []
            for node in sorted(waiting, key=lambda node: -node.index):
                for edge in self.record.edges.get(node, ()):
                    operation = edge.rule.operation
                    if operation.kind is ELEMENTWISE and edge.parent.shape == end.shape:
                        known = edge.parent in found
                        found[edge.parent] = found.get(edge.parent, 0) + carried(edge, found[node])
                        if not known:
                            following.append(edge.parent)
            waiting = following
        for node, slope in found.items():
            if node is not end:
                yield Reference(SLOPE, node, None, end, slope, "")

    def matches(self, value: Any) -> list[Match]:
        """What an array is, the simplest first; empty if it is not recognised."""
        value = np.asarray(value)
        found = self.same(value)
        if value.ndim > 1 and value.ndim < 4 and not found:
            for axis in range(value.ndim):
                found += [
                    summed(match, axis)
                    for match in self.same(value.sum(axis=axis))
                    if match.reference.kind == ADJOINT
                    and match.reference.node in self.leaves
                    and not match.reference.form
                ]
        return sorted(found, key=rank)

    def same(self, value: Any) -> list[Match]:
        """The references of which an array is a multiple."""
        known = self.of_size(value.size)
        if not known or value.dtype.kind != "f" or is_constant(value):
            return []
        flat = np.ravel(value).astype(np.float64)
        tolerance = 1e-8 if value.dtype.itemsize == 8 else 1e-4
        found = []
        for at in self.alike(flat, tolerance):
            row = np.ravel(known[at].value).astype(np.float64)
            scale = float(flat @ row / (row @ row or 1.0))
            if flat.size == 1 or np.max(np.abs(flat - scale * row)) <= tolerance * np.max(
                np.abs(flat)
            ):
                found.append(Match(known[at], scale))
                if len(found) == MOST_MATCHES:
                    break
        return found

    def alike(self, flat: Any, tolerance: float) -> list[int]:
        """Which references of a size may be multiples of an array, by their marks."""
        size = flat.size
        if size not in self.marks:
            arrays = [np.ravel(each.value) for each in self.known[size]]
            marks = np.array([mark_of(array) for array in arrays])
            order = np.argsort(marks, kind="stable")
            self.marks[size] = order, marks[order], np.array([*map(np.linalg.norm, arrays)])
        order, marks, lengths = self.marks[size]
        mark, length = mark_of(flat), float(np.linalg.norm(flat))
        factors = self.simple_factors() if size == 1 else [1.0]
        found: set[int] = set()
        for factor in factors if np.isfinite(mark) and mark > 0 else []:
            wide = 2 * tolerance * (mark * factor if size == 1 else np.sqrt(size))
            ends = np.searchsorted(marks, [mark * factor - wide, mark * factor + wide])
            found.update(order[ends[0] : ends[1]].tolist())
        far = {at: abs(lengths[at] - length) > 1e-6 * length for at in found}
        return sorted(found, key=lambda at: (far[at], at))

    def simple_factors(self) -> list[float]:
        """The factors with which single numbers are recognised: 1, 2 and lengths, and one over."""
        lengths = {1, 2, *self.lengths}
        return [float(length) for length in lengths] + [1 / n for n in lengths if n > 1]


def parts(edge: Edge, g: Any) -> Iterator[Reference]:
    """What an edge carries, before and after it is summed over broadcast axes."""
    yield Reference(PART, edge.parent, edge, None, carried(edge, g), "")
    raw = edge.rule.formula(g, *edge.kept)
    raw = raw.total() if raw.__class__ is Selected else raw
    if np.shape(raw) != edge.parent.shape:
        yield Reference(PART, edge.parent, edge, None, raw, "before it is summed")


def mark_of(flat: Any) -> float:
    """A number that multiples of an array share: their part in a fixed direction."""
    if flat.size == 1:
        return abs(float(flat[0]))
    flat = flat.astype(np.float64, copy=False)
    length = np.sqrt(flat @ flat)
    return abs(float(flat @ direction(flat.size))) / length if length > 0 else np.nan


@lru_cache(maxsize=256)
def direction(size: int) -> Any:
    """A direction in which no array lies on purpose."""
    return np.random.default_rng(size).uniform(-1, 1, size)


def sizes(shape: tuple[int, ...]) -> set[int]:
    """The numbers of entries that the forms of an array of a shape have."""
    size = int(np.prod(shape, dtype=int))
    found = {size}
    if len(shape) > 1 and size <= LARGEST:
        found |= {size - size // length for length in (shape[0], shape[-1]) if length > 1}
    return found


def forms(reference: Reference) -> Iterator[Reference]:
    """An array of the graph in the forms in which it is recognised."""
    yield reference
    value = reference.value
    if np.ndim(value) < 2 or np.size(value) > LARGEST:
        return
    if value.ndim <= 4:
        for order in list(permutations(range(value.ndim)))[1:]:
            form = "transposed" if value.ndim == 2 else "permuted"
            yield reference._replace(value=value.transpose(order), form=form)
    for axis in (0, value.ndim - 1):
        if value.shape[axis] > 1:
            colons = "" if axis == 0 else ":, " if value.ndim == 2 else "..., "
            first = value[1:] if axis == 0 else value[..., 1:]
            last = value[:-1] if axis == 0 else value[..., :-1]
            yield reference._replace(value=first, form=f"[{colons}1:]")
            yield reference._replace(value=last, form=f"[{colons}:-1]")
            if value.ndim == 2:
                yield reference._replace(value=first.T, form=f"[{colons}1:].T")


def summed(match: Match, axis: int) -> Match:
    """The match of an array whose sum over an axis is a gradient: that sample by sample."""
    form = f"before it is summed over axis {axis}"
    return match._replace(reference=match.reference._replace(form=form))


def rank(match: Match) -> tuple[int, int, int]:
    """Simple matches before others."""
    reference = match.reference
    return (0 if match.is_exact else 1, 1 if reference.form else 0, ORDER.index(reference.kind))


def is_constant(value: Any) -> bool:
    """Whether all entries of an array, if it has more than one, are the same."""
    return bool(value.size == 0 or (value.size > 1 and np.all(value == value.flat[0])))
