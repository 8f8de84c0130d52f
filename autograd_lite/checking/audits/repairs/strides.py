"""Windows at the wrong places: `i : i + k` for `i * s : i * s + k`, in all bounds of an index."""

import ast
import copy
from collections.abc import Iterator
from typing import Any

from .indices import wholes
from .sites import Family, Made, Site, value_of
from .vocabulary import is_array

MOST = 6  # whole numbers


def strides(site: Site) -> Iterator[Made]:
    """What loops count with lacks a step, or has one too much, in each bound of an index."""
    node = site.node
    if not isinstance(node, ast.Subscript) or not site.loops:
        return
    bounds = [each for each in ast.walk(node.slice) if isinstance(each, ast.Slice)]
    counted = {
        each.id for bound in bounds for each in ast.walk(bound)
        if isinstance(each, ast.Name) and each.id in site.loops
    }  # fmt: skip
    if not counted or not is_array(value_of(site, plain(node.value))):
        return
    for number in [each for each in wholes(site) if each not in counted][:MOST]:
        new = Stepped(counted, number).visit(copy.deepcopy(node))
        yield Made(new, "index", node)
    without = Unstepped(counted)
    other = without.visit(copy.deepcopy(node))
    if without.is_changed:
        yield Made(other, "index", node)


def plain(node: Any) -> Any:
    """An expression that is read, whatever is done with it."""
    return ast.parse(ast.unparse(node), mode="eval").body


class Stepped(ast.NodeTransformer):
    """An index whose counters are multiplied by a step, where they are not multiplied already."""

    def __init__(self, names: set[str], step: str) -> None:
        self.names, self.step = names, step

    def visit_BinOp(self, node: ast.BinOp) -> Any:
        """Leave products as they are."""
        return node if isinstance(node.op, ast.Mult) else self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> Any:
        """Multiply a counter."""
        if node.id not in self.names:
            return node
        return ast.BinOp(node, ast.Mult(), ast.Name(self.step, ast.Load()))


class Unstepped(ast.NodeTransformer):
    """An index whose counters are not multiplied by anything."""

    def __init__(self, names: set[str]) -> None:
        self.names = names
        self.is_changed = False

    def visit_BinOp(self, node: ast.BinOp) -> Any:
        """Take the factor of a counter away."""
        if isinstance(node.op, ast.Mult):
            for side in (node.left, node.right):
                if isinstance(side, ast.Name) and side.id in self.names:
                    self.is_changed = True
                    return side
        return self.generic_visit(node)


STRIDES: tuple[Family, ...] = (strides,)
