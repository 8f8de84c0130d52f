"""Whether a gradient is computed from what was kept of an earlier call at another point."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from .cases import Case, Diagnosis, close
from .records import Change, Edge, Record, fitted


def stale_findings(
    cases: Sequence[Case], now: Record, before: Record, earlier: Sequence[Any]
) -> dict[str, Diagnosis]:
    """A finding for every wrong gradient, if values of the earlier call explain all of them.

    `earlier` are the right gradients there.
    """
    wrong = [case for case in cases if case.is_wrong]
    if any(not case.has_shape for case in wrong):
        return {}
    for text, gradients in candidates(now, before, earlier):
        if all(
            case.explained_by(gradients[case.position])
            if case.is_wrong
            else text is WHOLE
            or case.truth is None
            or close(gradients[case.position], case.truth, case.allowed)
            for case in cases
        ):
            return {case.name: Diagnosis("stale", text, {}) for case in wrong}
    return {}


USED_AGAIN = "a value of an earlier call, at other parameters, is used again"
WHOLE = "it is the gradient of an earlier call, at other parameters"


def candidates(
    now: Record, before: Record, earlier: Sequence[Any]
) -> Iterator[tuple[str, Sequence[Any]]]:
    """Gradients that are made of values of the earlier call, with what is earlier in them."""
    yield WHOLE, earlier
    edges, partners = now.all_edges(), before.all_edges()
    if [edge.key for edge in edges] != [edge.key for edge in partners]:
        return
    old_of = {
        edge: partner.kept for edge, partner in zip(map(key_of, edges), partners, strict=True)
    }
    for value, old in zip(values_in_order(now), values_in_order(before), strict=True):
        if np.shape(old) != np.shape(value) or not is_telling(old):
            continue

        def carry(edge: Edge, g: Any, gx: Any, value: Any = value, old: Any = old) -> Any:
            kept = tuple(old if is_same(each, value) else each for each in edge.kept)
            changed = any(one is not other for one, other in zip(kept, edge.kept, strict=True))
            return fitted(edge, edge.rule.formula(g, *kept), g) if changed else gx

        yield USED_AGAIN, now.gradients(Change(carry))
    for edge in edges:
        if not any(is_telling(each) for each in old_of[key_of(edge)]):
            continue

        def one_edge(each: Edge, g: Any, gx: Any, edge: Edge = edge) -> Any:
            if key_of(each) != key_of(edge):
                return gx
            return fitted(each, each.rule.formula(g, *old_of[key_of(each)]), g)

        text = f"what line {edge.step.place[1]} computed in an earlier call is used again"
        yield text, now.gradients(Change(one_edge))


def key_of(edge: Edge) -> tuple[int, int]:
    """What tells an edge from all others of its record."""
    return edge.step.node.index, edge.number


def values_in_order(record: Record) -> list[Any]:
    """The values of the parameters and of all steps, in an order that records have in common."""
    return [record.values[leaf] for leaf in record.leaves] + [step.value for step in record.steps]


def is_telling(value: Any) -> bool:
    """Whether a value is no constant, which might as well be missing as be an earlier one."""
    return isinstance(value, np.ndarray) and value.size > 1 and bool(np.any(value != value.flat[0]))


def is_same(one: Any, other: Any) -> bool:
    """Whether two arrays hold the same numbers."""
    return one is other or (isinstance(one, np.ndarray) and np.array_equal(one, other))
