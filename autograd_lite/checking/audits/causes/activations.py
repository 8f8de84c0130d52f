"""The slopes that the activations of a recorded graph have."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np

from ..records import Record, Step, carried
from .likeness import parallel
from .segments import kind_of, segments
from .variants import factor_kind, slope_of

LARGEST = 100_000  # entries of values of which slopes are looked for
MOST = 400
SAMPLE = 100  # entries that are compared first
NEAR = 1 - 1e-6  # cosine of what may be parallel
DEEPEST = 6  # steps of a function


class Directions:
    """Arrays in which one is found that is a multiple of another, without comparing all."""

    def __init__(self, arrays: list[Any]) -> None:
        self.arrays: dict[tuple[int, ...], list[Any]] = {}
        for array in arrays:
            if np.all(np.isfinite(array)) and np.any(array):
                self.arrays.setdefault(np.shape(array), []).append(array)
        self.units = {shape: np.stack([unit(array) for array in group])
                      for shape, group in self.arrays.items()}  # fmt: skip

    def has_power_of(self, slope: Any) -> bool:
        """Whether an array is one of these, or one over it, times a number."""
        with np.errstate(all="ignore"):
            return self.has_multiple_of(slope) or self.has_multiple_of(1 / slope)

    def has_multiple_of(self, slope: Any) -> bool:
        """Whether an array is one of these times a number."""
        shape = np.shape(slope)
        if shape not in self.units or not np.all(np.isfinite(slope)) or not np.any(slope):
            return False
        near = np.flatnonzero(np.abs(self.units[shape] @ unit(slope)) > NEAR)
        return any(parallel(slope, self.arrays[shape][n]) for n in near)


def unit(array: Any) -> Any:
    """Some entries of an array as a vector of length 1."""
    vector = np.ravel(array)[:: max(1, np.size(array) // SAMPLE)] / np.max(np.abs(array))
    return vector / (np.linalg.norm(vector) or 1.0)


def slopes_of(record: Record) -> Iterator[tuple[str, Any]]:
    """The slopes of the operations of a graph and of activations made of several.

    What a product multiplies by is none: exp(v) may be a slope and a factor, and is a factor then.
    """
    factors, slopes = split(record)
    operands = Directions(factors)
    for kind, slope in slopes:
        if kind != "slope" or not operands.has_power_of(slope):
            yield kind, slope
    operands = Directions([*factors, *record.sweep().values()])
    for step in record.steps[:MOST]:
        for slope in slopes_of_several(record, step):
            if not operands.has_power_of(slope):
                yield "slope", slope
    for segment in segments(record)[:MOST]:
        slope = np.asarray(segment.slope)
        fits = slope.size <= LARGEST and varies(slope)
        if fits and not operands.has_power_of(slope):
            yield kind_of(segment)[0], slope


def split(record: Record) -> tuple[list[Any], list[tuple[str, Any]]]:
    """What single operations multiply a gradient by: operands of products, and slopes."""
    factors: list[Any] = []
    slopes: list[tuple[str, Any]] = []
    for edge in record.all_edges()[:MOST]:
        if edge.rule.elementwise and edge.kept and np.size(edge.step.value) <= LARGEST:
            slope = slope_of(edge)
            if slope is not None and varies(slope):
                kind = factor_kind(edge, slope)[0]
                if kind == "factor":
                    factors.append(slope)
                else:
                    slopes.append((kind, slope))
    return factors, slopes


def slopes_of_several(record: Record, step: Step) -> Iterator[Any]:
    """The slopes of a result in what it is made of in several ways, entry by entry.

    `where(x > 0, x, alpha * x)` has one, though alpha is learned, and `x + c * x**3`.
    """
    end = step.node
    if np.size(step.value) > LARGEST or len(record.edges[end]) < 2:
        return
    found: dict[Any, Any] = {end: np.ones(end.shape, end.dtype)}
    ways: Counter[Any] = Counter()
    waiting = [end]
    for _ in range(DEEPEST):
        following = []
        for node in sorted(waiting, key=lambda node: -node.index):
            for edge in record.edges.get(node, ()):
                if edge.rule.elementwise and edge.parent.shape == end.shape:
                    new = edge.parent not in found
                    found[edge.parent] = found.get(edge.parent, 0) + carried(edge, found[node])
                    ways[edge.parent] += 1
                    following += [edge.parent] if new else []
        waiting = following
    yield from (slope for node, slope in found.items() if ways[node] > 1 and varies(slope))


def varies(slope: Any) -> bool:
    """Whether a slope is not the same number everywhere."""
    return bool(np.size(slope) > 1 and np.ptp(slope) > 0)
