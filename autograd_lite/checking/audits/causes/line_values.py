"""The cause that a wrong line tells by its numbers: what it assigns beside what makes all right.

A quotient that is a slope of the graph is a derivative that is missing or too much, a difference
that an operation hands on is a path. A line that holds the gradient at one place of the graph,
where that at an earlier place is due, lacks the steps between.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ....core.node import Node
from ....core.operation import MULTILINEAR, SHAPE
from ..cases import Case, Diagnosis
from ..lines.finding import Located
from ..lines.recognition import ADJOINT, PART, Gallery, Match
from ..records import Edge, Record
from .likeness import alike, parallel
from .patterns import nice
from .roles import Roles, axes_of_distribution
from .variants import factor_kind, slope_of

MOST_STEPS = 40
MOST_ENTRIES = 200_000  # of all values of a graph, beyond which it is not searched for values
Found = tuple[str, str] | None


class Values(NamedTuple):
    """What a line assigns and ought to, in one array each, with what is known of the graph."""

    given: Any
    due: Any
    single: tuple[Any, Any] | None  # of a line that is executed once
    roles: Roles
    gallery: Gallery
    record: Record


def of_line(place: Located | None, case: Case, record: Record | None) -> Diagnosis | None:
    """The cause of a mistake by the values of the first wrong line; None if they do not tell."""
    if place is None or record is None or not place.given:
        return None
    if sum(np.size(value) for value in record.values.values()) > MOST_ENTRIES:
        return None
    values = values_of(place, case, record)
    if values is None:
        return None
    with np.errstate(all="ignore"):
        found = next((found for rule in RULES if (found := rule(values)) is not None), None)
    if found is None:
        return None
    kind, text = found
    line = place.line
    text = f"`{line.name}` in line {line.line}: {text}. All gradients are right once that is mended"
    return Diagnosis(kind, text, {"file": line.file, "line": line.line})


def values_of(place: Located, case: Case, record: Record) -> Values | None:
    """The values of a line; None unless they are arrays of real numbers of the same shapes."""
    pairs = list(zip(place.given, place.due, strict=True))
    if not all(is_real(each) for pair in pairs for each in pair):
        return None
    single = pairs[0] if len(pairs) == 1 else None
    if any(np.shape(one) != np.shape(other) for one, other in pairs):
        return None
    given, due = (np.concatenate([np.ravel(pair[n]) for pair in pairs]) for n in (0, 1))
    return Values(given, due, single, Roles(case, record), Gallery(record, []), record)


def is_real(value: Any) -> bool:
    """Whether a value is an array of real numbers."""
    return isinstance(value, np.ndarray) and value.dtype.kind in "fb" and value.size > 0


def cut(values: Values) -> Found:
    """Whole numbers stand where the forward pass has numbers between them."""
    unit = np.max(np.abs(values.given))
    if values.given.dtype.kind != "f" or not unit or not np.isfinite(unit):
        return None
    given, due = values.given / unit, values.due / unit
    whole = np.unique(given)
    if len(whole) != 2 or not np.all(np.isin(whole, (-1, 0, 1))) or np.any(due == np.round(due)):
        return None
    if any(np.array_equal(given, form(due)) for form in (np.floor, np.ceil, np.round)) or (
        values.single is not None and is_decision(*values.single)
    ):
        return "integer", "its numbers are cut to 0 and 1"
    return None


def is_decision(given: Any, due: Any) -> bool:
    """Whether there is 1 at the greatest of some probabilities and 0 elsewhere."""
    return any(
        np.array_equal(given, (due == due.max(axis=axis, keepdims=True)) * 1.0)
        for axis in axes_of_distribution(due)
    )


def of_own_label(values: Values) -> Found:
    """One entry in each row lacks what makes the row add up to 0."""
    if values.single is None or values.single[0].ndim != 2:
        return None
    given, due = values.single
    changed = given != due
    for axis in (0, 1):
        one = np.all(changed.sum(axis=axis) <= 1) and np.sum(changed) > 2
        if one and np.allclose(due.sum(axis=axis), 0) and not np.any(given[changed]):
            return "labels", "the entry of each row's own label is not what the others add up to"
    return None


def leaking(values: Values) -> Found:
    """A slope is 0 where that of the forward pass is small and not 0."""
    given, due = values.given, values.due
    known, kept = due != 0, given != 0
    if np.all(kept[known]) or not alike(given[kept], due[kept]):
        return None
    for kind, slope in values.roles.slopes:
        flat = np.ravel(slope)
        fits = kind == "slope" and flat.size == due.size and np.all(flat[known])
        if fits and np.any(kept) and np.array_equal(kept[known], flat[known] == 1):
            return "slope", "the derivative is 0 where that of the forward pass is small, not 0"
    return None


def halved(values: Values) -> Found:
    """It is what comes by one way, and all that is missing comes by another."""
    if values.single is None:
        return None
    given, due = values.single
    ways = [[match for match in values.gallery.same(each) if match.reference.kind == PART]
            for each in (given, due - given)]  # fmt: skip
    for one in ways[0]:
        for other in ways[1]:
            same = abs(one.scale - other.scale) < 1e-9 * abs(one.scale)
            if same and one.reference.node is other.reference.node:
                return "path", f"what comes through {name_of(other)} is missing"
    return None


def masked(values: Values) -> Found:
    """Entries are let through, or stopped, where they should not be."""
    given, due = values.given, values.due
    if given.dtype.kind == "b":
        return "mask", "the mask is another one than that of the forward pass"
    changed = given != due
    if not np.all(due[changed] == 0) and not np.all(given[changed] == 0):
        return None
    if not np.any(changed) or np.all(changed):
        return None
    if np.all(due[changed] == 0):
        text = "it is not 0 everywhere where the forward pass lets nothing through"
        return ("mask", text) if np.any(due != 0) else None
    part = [] if values.single is None else values.gallery.same(values.single[1] - values.single[0])
    if any(match.scale > 0 and match.reference.kind == PART for match in part):
        return None  # a path is missing, which has nothing to say in the other places
    text = "it is 0 in places where the forward pass lets something through"
    return ("mask", text) if np.any(given != 0) else None


def scaled(values: Values) -> Found:
    """Every entry is off by the same factor."""
    if not parallel(values.given, values.due):
        return None
    factor = nice(float(values.given @ values.due) / float(values.due @ values.due))
    if factor == -1:
        return "scale", "the sign is wrong"
    return "scale", f"it is {factor:.4g} × what it should be"


def reordered(values: Values) -> Found:
    """The right values in another order."""
    if not np.allclose(np.sort(values.given), np.sort(values.due), 1e-9, 0):
        return None
    if values.single is not None and values.single[0].ndim == 2:
        given, due = values.single
        if given.shape == due.T.shape and np.allclose(given, due.T, 1e-9, 0):
            return "transposed", "it is the right array, transposed"
    return "permuted", "the right numbers stand in another order"


def multiplied(values: Values) -> Found:
    """A factor of the graph is missing, or too much."""
    for above, below, word in ((values.due, values.given, "is missing"),
                               (values.given, values.due, "is too much")):  # fmt: skip
        known: Any = (above != 0) & (below != 0)
        quotient = np.where(above == below, 1.0, above / below)
        if values.single is not None:
            quotient = quotient.reshape(values.single[0].shape)
            known = known.reshape(quotient.shape)
        if not np.all(np.isfinite(quotient)) or np.ptp(quotient) == 0:
            continue
        kind = values.roles.slope_kind(quotient, known if 2 * np.sum(known) > known.size else ...)
        if kind is not None:
            what = "the mask" if kind == "mask" else "the derivative of an activation"
            return kind, f"{what} {word}"
        if values.roles.is_value(quotient) or values.roles.is_value(1 / quotient):
            return "factor", f"a factor of the forward pass {word}"
    return None


def penalised(values: Values) -> Found:
    """The gradient of a penalty is missing, too much or another one."""
    if values.single is None:
        return None
    penalty = values.roles.penalty(values.single[1] - values.single[0])
    if penalty is None or not values.roles.is_weight(penalty):
        return None
    return "regularisation", f"the difference is a multiple of {penalty}: a penalty's gradient"


def added(values: Values) -> Found:
    """A term is missing, too much, or counts more often than once."""
    if values.single is None:
        return None
    given, due = values.single
    difference = due - given
    known = any(match.is_exact for match in gradients(values.gallery.same(given)))
    for match in gradients(values.gallery.same(difference)):
        if match.is_exact:
            return "path", f"what comes through {name_of(match)} is missing"
        if match.reference.edge is None and known:
            return "path", "it is only what comes by one of several ways"
        if abs(match.scale + 1) < 1e-6:
            return "twice", f"what comes through {name_of(match)} is added once more"
        if abs(match.scale - 2) < 1e-6:
            return "path", f"what comes through {name_of(match)} has the wrong sign"
    return None


def gradients(matches: list[Match]) -> list[Match]:
    """Those that are gradients, or parts of them."""
    return [match for match in matches if match.is_gradient]


def name_of(match: Match) -> str:
    """The operation through which a gradient comes, and its line."""
    edge = match.reference.edge
    if edge is None:
        return "another operation"
    return f"{edge.rule.operation.name} (line {edge.step.place[1]})"


def skipped(values: Values) -> Found:
    """It is the gradient at a later place of the graph: steps on the way back are missing."""
    if values.single is None:
        return None
    given, due = values.single
    below = [m for m in values.gallery.same(due) if is_total(m)]
    above = [m for m in values.gallery.same(given) if is_total(m)]
    for one in below:
        for other in above:
            edges = way_between(values.record, one.reference.node, other.reference.node)
            if edges:
                return steps_left_out(edges)
    return None


def is_total(match: Match) -> bool:
    """Whether a match is that of the whole gradient at a node."""
    return match.reference.kind == ADJOINT and match.is_exact


def way_between(record: Record, start: Node | None, end: Node | None) -> list[Edge]:
    """All edges on the way from a node to one that was computed from it; empty if it was not."""
    if start is None or end is None or start is end:
        return []
    waiting: list[Node] = [start]
    edges: list[Edge] = []
    seen: set[Node] = set()
    while waiting:
        node = waiting.pop()
        if node in seen or node is end:
            continue
        seen.add(node)
        for edge in record.children.get(node, ()):
            if edge.step.node.index <= end.index:
                edges.append(edge)
                waiting.append(edge.step.node)
    leading = {end}
    for edge in sorted(edges, key=lambda edge: -edge.step.node.index):
        if edge.step.node in leading:
            leading.add(edge.parent)
    way = [edge for edge in edges if edge.step.node in leading]
    return way if start in leading and len(way) <= MOST_STEPS else []


def steps_left_out(edges: list[Edge]) -> tuple[str, str]:
    """The kind of a mistake that leaves out some steps of the way back."""
    kinds = [kind for edge in edges if (kind := step_kind(edge)) is not None]
    names = " and ".join(dict.fromkeys(
        f"{edge.rule.operation.name} (line {edge.step.place[1]})"
        for edge in edges if step_kind(edge) is not None
    ))  # fmt: skip
    if not kinds:
        return "axis", "the steps that move or sum entries are missing"
    order = ("slope", "mask", "power", "factor")
    kind = next(each for each in order if each in kinds)
    return kind, f"the way back through {names} is missing"


def step_kind(edge: Edge) -> str | None:
    """What it is to leave out a step; None for one that only moves entries."""
    operation = edge.rule.operation
    if operation.kind is SHAPE:
        return None
    if operation.kind is MULTILINEAR and not edge.rule.elementwise:
        return "factor"
    if edge.rule.elementwise and edge.kept:
        slope = slope_of(edge)
        if slope is None or np.all(slope == 1):
            return None
        return factor_kind(edge, slope)[0]
    return None if edge.rule.elementwise else "slope"


def exchanged(values: Values) -> Found:
    """Another value of the forward pass, or the gradient of something else, was meant."""
    if values.single is None:
        return None
    given, due = values.single
    matches = [values.gallery.same(each) for each in (given, due)]
    if all(any(match.is_value for match in some) for some in matches):
        return "operand", "it is another value of the forward pass than the one that is due"
    return None


RULES: tuple[Callable[[Values], Found], ...] = (
    cut, of_own_label, leaking, penalised, halved, masked, scaled, reordered, multiplied, added,
    skipped, exchanged,
)  # fmt: skip
