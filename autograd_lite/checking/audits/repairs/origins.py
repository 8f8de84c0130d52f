"""A change of what a statement reads as one of the statement where that came from.

`d1 = (pull + push / dist) / n` in place of `push` makes all gradients right, and so does the
quotient where `push` is assigned. If `push` is an array of the graph only with it, the mistake was
made there.
"""

import ast
import copy
from typing import Any

from .plausibility import Candidate, Judge, placed
from .sites import Edit, Made, Site, value_of

MOVABLE = ("factor added", "power", "complement", "term added")


def at_origin(candidate: Candidate, places: list[list[Site]], judge: Judge) -> Candidate | None:
    """The change where the name that it is about is assigned; None if it belongs where it is.

    The name is assigned once and read once, and what it stands for is no array of the graph yet.
    """
    edit = candidate.edit
    name = name_changed(edit.before)
    if edit.made.form not in MOVABLE or name is None:
        return None
    definition = edit.site.source.definition
    every = [
        node for node in ast.walk(definition) if isinstance(node, ast.Name) and node.id == name
    ]
    if sum(isinstance(node.ctx, ast.Load) for node in every) != 1 or len(every) != 2:
        return None
    group = next((group for group in places if assigns(group[0].statement, name)), None)
    site = next((s for s in group or () if s.node is getattr(s.statement, "value", None)), None)
    if site is None:
        return None
    new = changed(edit.made, name, site.node)
    before, after = (judge.is_multiple(value_of(site, node)) for node in (site.node, new))
    moved = Edit(site, Made(new, edit.made.form, edit.made.piece), site.node)
    return Candidate(candidate.rank, moved) if after and not before else None


def name_changed(before: Any) -> str | None:
    """The name that a change multiplies or adds to."""
    return before.id if isinstance(before, ast.Name) else None


def assigns(statement: ast.stmt, name: str) -> bool:
    """Whether a statement assigns nothing but a name."""
    return (
        isinstance(statement, ast.Assign)
        and len(statement.targets) == 1
        and isinstance(statement.targets[0], ast.Name)
        and statement.targets[0].id == name
    )


class Inlined(ast.NodeTransformer):
    """A tree with an expression in the place of a name."""

    def __init__(self, name: str, value: ast.expr) -> None:
        self.name, self.value = name, value

    def visit_Name(self, node: ast.Name) -> Any:
        """Exchange the name."""
        return copy.deepcopy(self.value) if node.id == self.name else node


def changed(made: Made, name: str, value: ast.expr) -> Any:
    """The right-hand side of the assignment with the change."""
    return placed(Inlined(name, value).visit(copy.deepcopy(made.node)))
