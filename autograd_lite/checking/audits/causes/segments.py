"""Activations in the recorded graph, however they are spelled: `1 / (1 + exp(-z))` is one.

A segment leads elementwise from one array to another, which depends on it entry by entry. What
people get wrong is its slope as a whole: forgotten, taken at the argument instead of the value, or
that of another function.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from ....core.node import Node
from ..records import Change, Edge, Record, Step, fitted
from .variants import SLOPES, Variant, where

LONGEST = 12  # steps


class Segment(NamedTuple):
    """The way from the node `start` to the step `end`, whose entries depend on those of `start`."""

    start: Node
    end: Step
    slope: Any
    entry: Edge  # the last edge before `start`


def segments(record: Record) -> list[Segment]:
    """The segments of a graph of at least one step, each with its slope."""
    found = []
    for step in record.steps:
        start = origin(record, step)
        while start is not None:
            slope, entry = slope_between(record, step, start)
            if slope is not None and entry is not None:
                found.append(Segment(start, step, slope, entry))
            before = record.step_of.get(start)
            start = origin(record, before) if before is not None else None
            if len(found) > 400:
                return found
    return found


def origin(record: Record, step: Step) -> Node | None:
    """The one array of which a step is an elementwise function, by itself or by other steps."""
    shape = step.node.shape
    waiting, seen = [step.node], {step.node}
    sources: set[Node] = set()
    while waiting:
        node = waiting.pop()
        for edge in record.edges.get(node, ()):
            if not edge.rule.elementwise or edge.parent.shape != shape:
                return None
            if edge.parent not in seen:
                seen.add(edge.parent)
                sources.add(edge.parent)
        sources.discard(node)
        if len(sources) == 1:
            start = next(iter(sources))
            return start if start in record.values else None
        if not sources or len(seen) > LONGEST:
            return None
        newest = max(sources, key=lambda each: each.index)
        waiting.append(newest)
    return None


def slope_between(record: Record, end: Step, start: Node) -> tuple[Any, Edge | None]:
    """The derivative of a step's result in an array before it, entry by entry; the last edge."""
    found: dict[Node, Any] = {end.node: np.ones(end.node.shape, end.node.dtype)}
    entry = None
    for step in record.steps:
        if step.node.index > end.node.index or step.node not in found:
            continue
        if step.node.index <= start.index:
            break
        for edge in record.edges[step.node]:
            if edge.parent.index < start.index:
                return None, None
            with np.errstate(all="ignore"):
                gx = fitted(edge, edge.rule.formula(found[step.node], *edge.kept), found[step.node])
            found[edge.parent] = found[edge.parent] + gx if edge.parent in found else gx
            if edge.parent is start:
                entry = edge
    return found.get(start), entry


def slope_variants(record: Record) -> Iterator[Variant]:
    """Backward passes in which an activation has another slope than its own."""
    groups: dict[Any, list[Segment]] = {}
    for segment in segments(record):
        start = record.step_of.get(segment.start)
        key = (segment.end.site, start.site if start is not None else id(segment.start))
        groups.setdefault(key, []).append(segment)
    for group in sorted(groups.values(), key=lambda each: -each[0].end.node.index):
        yield from group_variants(record, group)


def group_variants(record: Record, group: list[Segment]) -> Iterator[Variant]:
    """The variants of one activation, in all rounds of a loop."""
    first = group[0]
    if np.all(first.slope == 1) or np.all(first.slope == -1):
        return
    kind, what = kind_of(first)
    place = f"{what} ({where(first.entry)})"
    yield bypassed(group, kind, f"{place} is missing", lambda _: 1.0, True)
    yield bypassed(
        group, kind, f"{place} is applied twice", lambda segment: segment.slope**2, False
    )
    for at_end in (True, False):
        for form, formula in SLOPES:

            def slope(segment: Segment, formula: Any = formula, at_end: bool = at_end) -> Any:
                node = segment.end.node if at_end else segment.start
                with np.errstate(all="ignore"):
                    return formula(record.values[node])

            if not same(slope(first), first.slope):
                value = record.values[first.end.node if at_end else first.start]
                role = "its value" if at_end else "its argument"
                text = f"{place} is taken as {form}"
                variant = bypassed(group, kind, text, slope, False)
                yield variant._replace(value=value, role=role, slope=first.slope)


def same(one: Any, other: Any) -> bool:
    """Whether two slopes are the same but for rounding."""
    return np.shape(one) == np.shape(other) and bool(
        np.all(np.abs(one - other) <= 1e-9 * (1 + np.abs(other)))
    )


def kind_of(segment: Segment) -> tuple[str, str]:
    """Which kind of mistake a wrong slope here is, and what it is called."""
    levels = np.unique(np.round(segment.slope, 12))
    if len(levels) == 2 and levels[0] == 0 and np.size(segment.slope) > 2:
        return "mask", "the mask"
    if np.ptp(segment.slope) == 0:
        return "scale", "the constant factor"
    name = segment.entry.rule.operation.name
    if name in ("add", "subtract", "negative"):
        name = segment.end.node.operation.name  # (x - y) ** 2
    if name in ("power", "sqrt", "square", "reciprocal", "float_power", "true_divide"):
        return "power", "the derivative of the power"
    return "slope", "the derivative of the activation"


def bypassed(
    group: list[Segment], kind: str, text: str, slope: Callable[[Segment], Any], linear: bool
) -> Variant:
    """A backward pass that goes from the end of a segment to its start by another slope."""
    bypass = {segment.end.node: (segment.start, slope(segment)) for segment in group}
    return Variant(kind, text, Change(bypass=bypass), group[0].entry, linear)
