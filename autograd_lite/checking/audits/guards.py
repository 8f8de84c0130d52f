"""The small constants that keep a logarithm finite: `log(p + 1e-7)`.

Gradients by hand are mostly those of `log(p)`: people leave the constant out of them, and mean no
mistake. Which of the two somebody meant is decided once, by his gradients.
"""

from typing import Any

import numpy as np

from .problems import Problem

LARGEST = 1.1e-5  # of such a constant, in which rounding counts
LOGARITHMS = ("log", "log2", "log10")


def without_guards(problem: Problem) -> Problem:
    """The problem whose right gradients are those without such constants."""
    return problem._replace(
        unguarded=True, rebuilt=lambda exchange: without_guards(problem.rebuilt(exchange))
    )


def has_guards(record: Any) -> bool:
    """Whether a constant was added to the argument of a logarithm."""
    return any(constant_of(record, edge) is not None for edge in record.all_edges())


def leave_out_guards(record: Any) -> None:
    """Let the edges of logarithms keep what their arguments are without such constants."""
    for edge in record.all_edges():
        constant = constant_of(record, edge)
        if constant is not None:
            value = record.values[edge.parent]
            kept = [each - constant if same(each, value) else each for each in edge.kept]
            record.edges[edge.step.node][edge.number] = edge._replace(kept=tuple(kept))


def same(kept: Any, value: Any) -> bool:
    """Whether what an edge keeps is the argument of its logarithm."""
    return np.shape(kept) == np.shape(value) and np.array_equal(kept, value)


def constant_of(record: Any, edge: Any) -> Any:
    """The small positive constant in the argument of a logarithm, or None."""
    edges = record.edges.get(edge.parent, [])
    if edge.rule.operation.name not in LOGARITHMS or len(edges) != 1:
        return None
    total, rest = record.values[edge.parent], record.values[edges[0].parent]
    added = edges[0].rule.operation.name == "add"
    if not added or np.shape(total) != np.shape(rest) or not np.size(total):
        return None
    constants = np.asarray(total) - np.asarray(rest)
    rounding = 4 * np.finfo(constants.dtype).eps * np.max(np.abs(total))
    constant = np.median(constants)
    alike = np.max(np.abs(constants - constant)) <= rounding
    return constant if alike and rounding < constant <= LARGEST else None
