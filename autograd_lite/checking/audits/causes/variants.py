"""Hypotheses about the backward pass: which change of the recorded one gives the manual gradients.

A variant changes what all edges of one place in the code carry: drops a path or a factor, takes
a slope at another value, multiplies by another operand. It is accepted if it gives *all* gradients
as they were derived by hand, the wrong ones and the right ones.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from ..records import Change, Edge, Record, fitted
from .parts import is_penalty

Carry = Callable[[Edge, Any], Any]  # of the edge and the gradient of its step's result
MOST_EDGES = 4000  # of a place, beyond which a loop is too long to try variants
MOST_VALUES = 12


class Variant(NamedTuple):
    """A change of a backward pass, what it would mean, and the edge at which it stands.

    `linear` says that the gradients are those of the right pass plus a multiple of a difference,
    so that a constant in front can be solved for. Where a slope is taken at another `value`, `text`
    calls that `{v}`; `role` says what it is, and `slope` is the right slope.
    """

    kind: str
    text: str
    change: Change
    edge: Edge
    linear: bool = False
    value: Any = None
    role: str = ""
    slope: Any = None


def variants(record: Record, parameters: dict[str, Any]) -> Iterator[Variant]:
    """All variants of a backward pass, the simple ones first."""
    groups: dict[Any, list[Edge]] = defaultdict(list)
    for edge in record.all_edges():
        groups[edge.key].append(edge)
    small = [edges for edges in groups.values() if len(edges) <= MOST_EDGES]
    for make in (paths, factors, axes, operands, overwriting):
        for edges in small:
            yield from make(record, edges, parameters)


def cuts(record: Record) -> Iterator[Variant]:
    """Backward passes without one of their paths."""
    groups: dict[Any, list[Edge]] = defaultdict(list)
    for edge in record.all_edges():
        groups[edge.key].append(edge)
    for edges in groups.values():
        if len(edges) <= MOST_EDGES:
            for variant in paths(record, edges, None):
                yield variant._replace(linear=False)


def at(edges: list[Edge], change: Carry) -> Change:
    """A change of some edges only."""
    keys = {(edge.step.node, edge.number) for edge in edges}

    def only_there(edge: Edge, g: Any, gx: Any) -> Any:
        return change(edge, g) if (edge.step.node, edge.number) in keys else gx

    return Change(only_there)


def where(edge: Edge) -> str:
    """`line 12`."""
    return f"line {edge.step.place[1]}"


def name_of(edge: Edge) -> str:
    """The operation as the user knows it."""
    return edge.rule.operation.name


# Paths


def paths(record: Record, edges: list[Edge], _: Any) -> Iterator[Variant]:
    """A path is missing, or counts several times."""
    edge = edges[0]
    if not any(len(record.children.get(each.parent, ())) > 1 for each in edges) and (
        len(record.edges[edge.step.node]) < 2
    ):
        return  # cutting it is the same as cutting the edge before it
    penalty = is_penalty(record, edge.parent)
    kind = "regularisation" if penalty else "path"
    what = "the gradient of the penalty" if penalty else "the path"
    text = f"{what} through {name_of(edge)} ({where(edge)}) is missing"
    yield Variant(kind, text, at(edges, lambda *_: None), edge, linear=True)


def penalties(record: Record) -> Iterator[Variant]:
    """Backward passes without the gradient of a penalty."""
    for edge in record.all_edges():
        if is_penalty(record, edge.parent):
            yield from paths(record, [edge], None)


# Factors


def factors(record: Record, edges: list[Edge], _: Any) -> Iterator[Variant]:
    """A factor is missing, stands twice, or was taken of another value."""
    edge = edges[0]
    if not edge.rule.elementwise or not edge.kept:
        return
    slope = slope_of(edge)
    if slope is None or np.all(slope == 1):
        return
    kind, what = factor_kind(edge, slope)
    place = f"{name_of(edge)} ({where(edge)})"

    def without(edge: Edge, g: Any) -> Any:
        return fitted(edge, g, g)

    def twice(edge: Edge, g: Any) -> Any:
        again = edge.rule.formula(edge.rule.formula(g, *edge.kept), *edge.kept)
        return fitted(edge, again, g)

    yield Variant(kind, f"{what} of {place} is missing", at(edges, without), edge, linear=True)
    yield Variant(kind, f"{what} of {place} is applied twice", at(edges, twice), edge)
    if kind in ("slope", "power"):
        for form, value, replaced in other_slopes(record, edges):
            role = "its value" if value is record.values[edge.step.node] else "its argument"
            yield Variant(kind, f"{what} of {place} is taken as {form}", replaced, edge,
                          value=value, role=role, slope=slope)  # fmt: skip


def slope_of(edge: Edge) -> Any:
    """What an elementwise edge multiplies by."""
    g = np.ones(edge.step.node.shape, edge.step.node.dtype)
    with np.errstate(all="ignore"):
        gx = edge.rule.formula(g, *edge.kept)
    return gx.total() if hasattr(gx, "total") else np.asarray(gx)


def factor_kind(edge: Edge, slope: Any) -> tuple[str, str]:
    """What a factor is: a mask, the slope of a function, or another operand."""
    levels = np.unique(slope)
    if len(levels) == 2 and levels[0] == 0 and slope.size > 2:
        return "mask", "the mask"
    if name_of(edge) in ("multiply", "true_divide", "divide"):
        return "factor", "the factor"
    if name_of(edge) in ("power", "sqrt", "square", "reciprocal", "float_power"):
        return "power", "the derivative"
    if name_of(edge) in ("where", "maximum", "minimum", "clip", "relu"):
        return "mask", "the mask"
    return "slope", "the derivative"


SLOPES: tuple[tuple[str, Callable[[Any], Any]], ...] = (
    ("`{v} * (1 - {v})`", lambda v: v * (1 - v)),
    ("`1 - {v}**2`", lambda v: 1 - v * v),
    ("`(1 - {v})**2`", lambda v: (1 - v) ** 2),
    ("`{v} > 0`", lambda v: (v > 0) * 1.0),
    ("`1 / {v}`", lambda v: 1 / v),
    ("`{v}`", lambda v: v),
    ("`exp({v})`", np.exp),
    ("`1 - {v}`", lambda v: 1 - v),
    ("`{v}**2`", lambda v: v * v),
    ("`1 / {v}**2`", lambda v: v**-2.0),
    ("`sqrt({v})`", np.sqrt),
    ("`{v}**-0.5`", lambda v: v**-0.5),
    ("`{v}**-1.5`", lambda v: v**-1.5),
    ("`{v}**-3`", lambda v: v**-3.0),
    ("`1 / (1 + exp(-{v}))`", lambda v: 1 / (1 + np.exp(-v))),
    ("the slope of the sigmoid at {v}", lambda v: np.exp(-v) / (1 + np.exp(-v)) ** 2),
    ("the slope of tanh at {v}", lambda v: 1 - np.tanh(v) ** 2),
)


def other_slopes(record: Record, edges: list[Edge]) -> Iterator[tuple[str, Any, Change]]:
    """Slopes that people take for one another, at the argument and at the value."""
    for at_value in (True, False):
        for form, formula in SLOPES:

            def replaced(edge: Edge, g: Any, formula: Any = formula,
                         at_value: bool = at_value) -> Any:  # fmt: skip
                node = edge.step.node if at_value else edge.parent
                with np.errstate(all="ignore"):
                    return fitted(edge, g * formula(record.values[node]), g)

            first = edges[0]
            value = record.values[first.step.node if at_value else first.parent]
            yield form, value, at(edges, replaced)


# Sums over broadcast axes


def axes(_: Record, edges: list[Edge], __: Any) -> Iterator[Variant]:
    """A gradient is summed over other axes than those along which the operand was broadcast."""
    edge = edges[0]
    shape, wide = edge.parent.shape, edge.step.node.shape
    if not edge.rule.elementwise or shape == wide or not wide:
        return
    for axis in range(len(wide)):

        def summed(edge: Edge, g: Any, axis: int = axis) -> Any:
            total = strip_total(edge.rule.formula(g, *edge.kept)).sum(axis=axis)
            return total.reshape(edge.parent.shape)

        if np.prod(wide) // wide[axis] == np.prod(shape):
            yield Variant(
                "axis", f"it was summed over axis {axis} in place of the axis that was broadcast "
                f"({where(edge)})", at(edges, summed), edge,
            )  # fmt: skip

    def first(edge: Edge, g: Any) -> Any:
        full = strip_total(edge.rule.formula(g, *edge.kept))
        return full.reshape(-1, *edge.parent.shape)[0]

    def last(edge: Edge, g: Any) -> Any:
        full = strip_total(edge.rule.formula(g, *edge.kept))
        return full.reshape(-1, *edge.parent.shape)[-1]

    if wide[len(wide) - len(shape) :] == shape:
        text = f"only one row counts, where rows are to be summed ({where(edge)})"
        yield Variant("axis", text, at(edges, first), edge)
        yield Variant("overwritten", f"each row overwrites the one before ({where(edge)})",
                      at(edges, last), edge)  # fmt: skip


def strip_total(gx: Any) -> Any:
    """A gradient as a plain array."""
    return gx.total() if hasattr(gx, "total") else gx


# Products


def operands(record: Record, edges: list[Edge], parameters: dict[str, Any]) -> Iterator[Variant]:
    """A product with another operand, transposed or not, or with updated weights."""
    edge = edges[0]
    if edge.rule.operation.name not in ("matmul", "dot", "multiply"):
        return
    for place, value in enumerate(edge.kept):
        if not isinstance(value, np.ndarray) or value.ndim < 1:
            continue
        if value.ndim == 2 and value.shape[0] == value.shape[1] and name_of(edge) != "multiply":
            yield Variant(
                "operand", f"an operand of {name_of(edge)} ({where(edge)}) has to be transposed",
                at(edges, with_operand(place, lambda value: value.T)), edge,
            )  # fmt: skip
        for text, other in other_values(record, value, parameters):
            kind = "weights" if any(value is p or np.array_equal(value, p)
                                    for p in parameters.values()) else "operand"  # fmt: skip
            yield Variant(
                kind, f"the product {name_of(edge)} ({where(edge)}) was taken with {text}",
                at(edges, with_operand(place, other)), edge, linear=False,
            )  # fmt: skip


def with_operand(place: int, other: Callable[[Any], Any]) -> Carry:
    """A rule applied with another operand."""

    def changed(edge: Edge, g: Any) -> Any:
        value = other(edge.kept[place])
        kept = (*edge.kept[:place], value, *edge.kept[place + 1 :])
        return fitted(edge, edge.rule.formula(g, *kept), g)

    return changed


def constantly(value: Any) -> Callable[[Any], Any]:
    """A function that always returns the same."""
    return lambda _: value


def other_values(
    record: Record, value: Any, parameters: dict[str, Any]
) -> Iterator[tuple[str, Callable[[Any], Any]]]:
    """Values of the forward pass that would fit in the place of an operand."""
    found = 0
    for name, parameter in parameters.items():
        for turned, label in ((parameter, name), (parameter.T, f"{name}.T")):
            if turned.shape == value.shape and not np.array_equal(turned, value):
                yield label, constantly(turned)
    for step in record.steps:
        if found >= MOST_VALUES:
            return
        candidate = step.value
        if np.shape(candidate) == value.shape and not np.array_equal(candidate, value):
            found += 1
            text = f"the result of {step.node.operation.name} ({step.place[1]})"
            yield text, constantly(candidate)


# Overlapping windows and repeated indices


def overwriting(_: Record, edges: list[Edge], __: Any) -> Iterator[Variant]:
    """What should be added up is assigned, so that the last one wins."""
    edge = edges[0]
    if name_of(edge) != "getitem":
        return
    if len(edges) == 1:

        def assigned(edge: Edge, g: Any) -> Any:
            result = np.zeros(edge.parent.shape, edge.parent.dtype)
            index = edge.kept[edge.rule.names[1:].index("index")]
            result[index] = g
            return result

        text = f"entries that are read several times ({where(edge)}) get the last gradient only"
        yield Variant("overwritten", text, at(edges, assigned), edge)
