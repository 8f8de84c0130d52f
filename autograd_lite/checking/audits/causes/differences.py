"""A repair with what is known of its parts: the places, values and roles before and after."""

import ast
from itertools import pairwise
from typing import Any

from ..cases import Case
from ..records import Record
from ..repairs.repairing import Repair
from ..repairs.sites import Made, Site
from .roles import Roles, label_names, value_or_none

Found = tuple[str, str] | None  # kind and text


class Difference:
    """A repair with what is known of its parts."""

    def __init__(self, repair: Repair, case: Case, record: Record | None) -> None:
        self.repair = repair
        self.site: Site = repair.edit.site
        self.made: Made = repair.edit.made
        self.old: Any = repair.edit.before
        self.new: Any = self.made.node
        self.form = self.made.form
        self.roles = Roles(case, record)
        self.piece: Any = self.made.piece
        self.piece_value = value_or_none(self.site, self.piece)
        self.old_value = value_or_none(self.site, self.old)
        self.new_value = value_or_none(self.site, self.new)
        self.labels = label_names(self.site)
        self.around = list(self.ancestors())
        self.updated = list(self.total())

    def ancestors(self) -> Any:
        """The expressions around the place, from the inside: each as it was and as it is to be."""
        statement = self.site.statement
        chain = path_to(statement, self.old) or []
        for node in reversed(chain):
            if isinstance(node, ast.expr):
                before = value_or_none(self.site, node)
                with self.repair.edit.applied():
                    yield node, before, value_or_none(self.site, node)

    def total(self) -> Any:
        """What a statement that adds something makes of its target: as it was, as it is to be."""
        statement = self.site.statement
        if not isinstance(statement, ast.AugAssign):
            return

        def value() -> Any:
            held = ast.parse(ast.unparse(statement.target), mode="eval").body
            return value_or_none(self.site, ast.BinOp(held, statement.op, statement.value))

        before = value()
        with self.repair.edit.applied():
            yield statement.target, before, value()

    @property
    def spelled(self) -> str:
        """The factor, term or name as the user spells it."""
        return ast.unparse(self.piece) if isinstance(self.piece, ast.AST) else str(self.piece or "")

    def is_inside(self, kinds: Any) -> bool:
        """Whether the place is part of an expression of some kinds."""
        chain = path_to(self.site.statement, self.old) or []
        return any(isinstance(node, kinds) for node in chain)

    @property
    def in_axis(self) -> bool:
        """Whether the place is in the axis of a reduction."""
        chain = [*(path_to(self.site.statement, self.old) or []), self.old]
        return any(isinstance(node, ast.keyword) and node.arg == "axis" for node in chain)

    @property
    def in_index(self) -> bool:
        """Whether the place is in the index of an array."""
        chain = [*(path_to(self.site.statement, self.old) or []), self.old]
        return any(
            isinstance(outer, ast.Subscript) and inner is outer.slice
            for outer, inner in pairwise(chain)
        )


def path_to(tree: ast.AST, node: Any) -> list[ast.AST] | None:
    """The nodes from a tree down to what holds a node; None if it does not."""
    if tree is node:
        return []
    for child in ast.iter_child_nodes(tree):
        below = path_to(child, node)
        if below is not None:
            return [tree, *below]
    return None


def is_factor(d: Difference) -> bool:
    """Whether a factor comes or goes."""
    return d.form in ("factor dropped", "factor added", "inverse")


def plain(node: Any) -> str:
    """The text of a node."""
    return ast.unparse(node) if isinstance(node, ast.AST) else str(node)
