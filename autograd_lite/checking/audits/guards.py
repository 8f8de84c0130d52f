"""The small constants that keep a logarithm finite: `log(p + 1e-7)`.

Gradients by hand are those of `log(p)`: everybody leaves the constant out of them, and nobody means
a mistake. What that makes of a gradient is allowed for.
"""

from typing import Any

import numpy as np

from .records import Change, Edge, Record

LARGEST = 1.1e-5  # of such a constant, in which rounding counts
LOGARITHMS = ("log", "log2", "log10")


def guards_of(record: Record) -> dict[Any, Any]:
    """The keys of the edges of logarithms, with the constant that was added to their argument."""
    found = {}
    for edge in record.all_edges():
        if edge.rule.operation.name in LOGARITHMS:
            constant = added(record, edge.parent)
            if constant is not None:
                found[edge.key] = constant
    return found


def added(record: Record, node: Any) -> Any:
    """The small positive constant that a value is the sum with, or None."""
    edges = record.edges.get(node, [])
    if len(edges) != 1 or edges[0].rule.operation.name != "add":
        return None
    total, rest = record.values[node], record.values[edges[0].parent]
    if np.shape(total) != np.shape(rest) or not np.size(total):
        return None
    constants = np.asarray(total) - np.asarray(rest)
    rounding = 4 * np.finfo(constants.dtype).eps * np.max(np.abs(total))
    constant = np.median(constants)
    alike = np.max(np.abs(constants - constant)) <= rounding
    return constant if alike and rounding < constant <= LARGEST else None


def without_guards(record: Record) -> list[Any] | None:
    """The gradients as if those constants were 0; None if there are none."""
    guards = guards_of(record)
    if not guards:
        return None

    def carry(edge: Edge, _: Any, gx: Any) -> Any:
        if edge.key not in guards:
            return gx
        value = record.values[edge.parent]
        return gx * (value / (value - guards[edge.key]))

    with np.errstate(all="ignore"):
        return record.gradients(Change(carry))


def leeway(record: Record | None, gradients: list[Any]) -> list[Any]:
    """How far each entry of the gradients may be off for those constants."""
    others = None if record is None else without_guards(record)
    if others is None:
        return [0.0] * len(gradients)
    pairs = zip(gradients, others, strict=True)
    return [np.nan_to_num(np.abs(one - other), posinf=0.0) * 1.01 for one, other in pairs]
