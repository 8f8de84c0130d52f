"""What the rounds of a loop make, one after the other: arrays of the graph as series.

The backward pass of a loop goes through the same steps as the forward pass, mostly in the opposite
order. So the values of a line in a loop are, one by one, those of a site of the forward pass: its
values, its gradients, or what it hands on to an operand.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from .aligning import Run
from .recognition import ADJOINT, GIVEN, PART, VALUE, Reference, parts


class Series(NamedTuple):
    """Arrays of the graph, and what the first of them is."""

    values: list[Any]
    first: Reference


class AllSeries:
    """The series of a run."""

    def __init__(self, run: Run) -> None:
        self.run = run

    @cached_property
    def every(self) -> list[list[Reference]]:
        """The arrays of the graph that belong together, in the order of the forward pass."""
        found: dict[Any, list[Reference]] = {}
        gallery = self.run.gallery
        for step in reversed(self.run.record.steps):
            node, g = step.node, gallery.adjoints.get(step.node)
            sort = (*step.site, node.operation.name if node.operation else "")
            found.setdefault((VALUE, sort), []).append(
                Reference(VALUE, node, None, None, step.value, "")
            )
            if g is None:
                continue
            found.setdefault((ADJOINT, sort), []).append(
                Reference(ADJOINT, node, None, None, g, "")
            )
            for edge in self.run.record.edges[node]:
                for at, part in enumerate(parts(edge, g)):
                    found.setdefault((PART, edge.key, at), []).append(part)
        for assignment in self.run.forward:
            value = assignment.value
            if isinstance(value, np.ndarray) and value.dtype.kind == "f":
                key = (GIVEN, assignment.key)
                found.setdefault(key, []).append(Reference(GIVEN, None, None, None, value, ""))
        return list(found.values())

    def like(self, values: list[Any], kinds: tuple[str, ...]) -> Iterator[Series]:
        """The series of the shapes of some values, in any order in which loops go back."""
        tried: list[list[Any]] = []
        for references in self.every:
            if len(references) < len(values) or references[0].kind not in kinds:
                continue
            for order in orders(len(references), len(values)):
                some = [references[at] for at in order]
                arrays = fitted(some, values)
                if arrays is None or any(alike(arrays, other) for other in (values, *tried)):
                    continue
                tried.append(arrays)
                yield Series(arrays, some[0])


def orders(length: int, count: int) -> Iterator[list[int]]:
    """Orders in which a loop may go through what another has made: back, forth, back in blocks."""
    for start in {0, length - count}:
        forth = list(range(start, start + count))
        yield forth[::-1]
        yield forth
        for block in range(2, count // 2 + 1):
            if count % block == 0:
                yield [at for n in range(0, count, block) for at in forth[n : n + block][::-1]]


def fitted(references: list[Reference], values: list[Any]) -> list[Any] | None:
    """Arrays of the graph in the shapes of the values that they are to replace."""
    found = []
    for reference, value in zip(references, values, strict=True):
        other = np.asarray(reference.value)
        if other.size != value.size:
            return None
        if other.shape != value.shape:
            other = other.T if other.T.shape == value.shape else other.reshape(value.shape)
        found.append(other)
    return found


def alike(one: list[Any], other: list[Any]) -> bool:
    """Whether two series are the same."""
    return all(np.allclose(a, b, 1e-9, 0) for a, b in zip(one, other, strict=True))
