"""A change of what a statement reads as one of the statement where that came from.

`d1 = (pull + push / dist) / n` in place of `push` makes all gradients right, and so does the
quotient where `push` is assigned. If `push` is an array of the graph only with it, the mistake was
made there. A wrong sign is one of the difference that was assigned, a wrong number one of the
numbers there.
"""

import ast
import copy
from collections.abc import Iterator
from typing import Any

from .plausibility import Candidate, Judge, placed
from .sites import Edit, Made, Site, value_of
from .vocabulary import is_number

FACTORS = ("factor added", "factor dropped", "inverse")
MOVABLE = ("factor added", "power", "complement", "term added")


def at_origin(candidate: Candidate, places: list[list[Site]], judge: Judge) -> Candidate | None:
    """The change where the name that it is about is assigned; None if it belongs where it is.

    The name is assigned once and read once.
    """
    edit = candidate.edit
    for name in names_changed(edit):
        site = origin_of(name, edit, places)
        if site is None:
            continue
        made = edit.made
        new = changed(edit, name, site)
        sure = made.form == "sign" or is_by_number(edit, site)
        if new is not None and (sure or becomes_known(judge, site, new)):
            moved = Made(placed(new), made.form, site.node if made.form == "sign" else made.piece)
            return Candidate(candidate.rank, Edit(site, moved, site.node))
    return None


def changed(edit: Edit, name: str, site: Site) -> Any:
    """The right-hand side of an assignment with a change; None if it does not belong there."""
    made = edit.made
    if made.form == "sign":
        signed = any(map(is_difference, ast.walk(site.node)))
        return ast.UnaryOp(ast.USub(), site.node) if signed else None
    if made.form in MOVABLE and isinstance(edit.before, ast.Name):
        return Inlined(name, site.node).visit(copy.deepcopy(made.node))
    if made.form == "factor added" and is_by_number(edit, site):
        divides = isinstance(made.node, ast.BinOp) and isinstance(made.node.op, ast.Div)
        return ast.BinOp(site.node, ast.Div() if divides else ast.Mult(), made.piece)
    return None


def names_changed(edit: Edit) -> Iterator[str]:
    """The names that a change multiplies, adds to or gives another sign.

    The sign and the number of one factor are those of all that stand in a product with it.
    """
    if isinstance(edit.before, ast.Name):
        yield edit.before.id
    elif edit.made.form in ("sign", *FACTORS):
        inner = edit.made.piece if edit.made.form == "sign" else edit.before
        for product in ast.walk(edit.site.statement):
            factors = list(factors_of(product))
            if any(each is inner for each in factors) or product is inner:
                yield from (each.id for each in factors if isinstance(each, ast.Name))
                return


def factors_of(node: ast.AST) -> Iterator[ast.AST]:
    """A node; of a product or quotient its factors, and what they are made of."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div):
        yield from factors_of(node.left)
        yield from factors_of(node.right)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield from factors_of(node.operand)
    yield node


def origin_of(name: str, edit: Edit, places: list[list[Site]]) -> Site | None:
    """The right-hand side that a name stands for, if it is assigned once and read once."""
    every = [
        node
        for node in ast.walk(edit.site.source.definition)
        if isinstance(node, ast.Name) and node.id == name
    ]
    if sum(isinstance(node.ctx, ast.Load) for node in every) != 1 or len(every) != 2:
        return None
    group = next((group for group in places if assigns(group[0].statement, name)), None)
    return next((s for s in group or () if s.node is getattr(s.statement, "value", None)), None)


def is_difference(node: ast.AST) -> bool:
    """Whether a node has a sign that may be the wrong one."""
    difference = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub)
    return difference or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub))


def is_by_number(edit: Edit, site: Site) -> bool:
    """Whether a change multiplies by a number, and the assignment does so too."""
    if edit.made.form not in FACTORS or not is_number(value_of(edit.site, edit.made.piece)):
        return False
    return any(
        isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Mult | ast.Div)
        and any(is_number(value_of(site, side)) for side in (node.left, node.right))
        for node in ast.walk(site.node)
    )


def becomes_known(judge: Judge, site: Site, new: ast.expr) -> bool:
    """Whether what is assigned is an array of the graph with the change, and none without it."""
    before, after = (judge.is_multiple(value_of(site, node)) for node in (site.node, new))
    return after and not before


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
