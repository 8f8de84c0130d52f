"""The same slice, name or index is wrong in every place of a statement."""

import ast
import copy
from collections.abc import Iterator
from typing import Any

import numpy as np

from .sites import Made, Site, is_load, parsed
from .vocabulary import is_array

PLACES = ast.Slice | ast.Name | ast.Attribute | ast.Subscript


class Everywhere(ast.NodeTransformer):
    """A tree with another node in every place of one."""

    def __init__(self, old: str, new: Any) -> None:
        self.old, self.new = old, new

    def visit(self, node: Any) -> Any:
        """Exchange a node."""
        if isinstance(node, PLACES) and ast.unparse(node) == self.old:
            return copy.deepcopy(self.new)
        return self.generic_visit(node)


class Windows(ast.NodeTransformer):
    """A tree whose arrays are all read as a whole, not from one entry to another."""

    def __init__(self) -> None:
        self.dropped: list[ast.Slice] = []

    def visit_Subscript(self, node: ast.Subscript) -> Any:
        """Drop an index that consists of slices."""
        self.generic_visit(node)
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        bounded = [each for each in parts if isinstance(each, ast.Slice)]
        if len(bounded) < len(parts) or not any(each.lower or each.upper for each in bounded):
            return node
        self.dropped.append(next(each for each in bounded if each.lower or each.upper))
        return node.value


def everywhere(site: Site) -> Iterator[Made]:
    """The same slice, name or index is wrong in every place of a statement."""
    node = site.node
    if node is not site.statement or not isinstance(node, ast.Assign | ast.AugAssign | ast.Expr):
        return
    windows = Windows()
    whole = windows.visit(copy.deepcopy(node.value))
    if len(windows.dropped) > 1:
        same = len({ast.unparse(each) for each in windows.dropped}) == 1
        yield Made(with_value(node, whole), "slice", windows.dropped[0] if same else None)
    if isinstance(node, ast.Expr):
        return
    slices = [ast.unparse(each) for each in ast.walk(node) if isinstance(each, ast.Slice)]
    for text in sorted({text for text in slices if slices.count(text) > 1}):
        for other in (":", "1:", ":-1"):
            if other != text:
                new = ast.parse(f"x[{other}]", mode="eval").body.slice  # type: ignore[attr-defined]
                yield Made(Everywhere(text, new).visit(copy.deepcopy(node)), "slice", new)
    yield from names_everywhere(site)


def names_everywhere(site: Site) -> Iterator[Made]:
    """A name that is read several times stands for another, or lacks a factor."""
    node = site.node.value
    yield from fields_everywhere(site)
    names = [
        each.id for each in ast.walk(site.node) if isinstance(each, ast.Name) and is_load(each)
    ]
    here = sorted(site.values, key=lambda name: name not in names)  # those in the statement first
    for name in sorted({name for name in names if names.count(name) > 1}):
        mine = site.values.get(name)
        for other in here:
            value = site.values[other]
            if is_array(mine) and is_array(value) and other != name and value.ndim == mine.ndim:
                new: Any = ast.parse(other, mode="eval").body
                changed = Everywhere(name, new).visit(copy.deepcopy(node))
                yield Made(with_value(site.node, changed), "name", ast.Name(name, ast.Load()))
            elif isinstance(mine, int) and isinstance(value, int) and other != name:
                new = ast.parse(f"{name} * {other}", mode="eval").body
                yield Made(Everywhere(name, new).visit(copy.deepcopy(site.node)), "index", new)


def fields_everywhere(site: Site) -> Iterator[Made]:
    """An attribute or entry that is read several times stands for another."""
    node = site.node.value
    texts = [ast.unparse(each) for each in ast.walk(node)
             if isinstance(each, ast.Attribute | ast.Subscript) and is_load(each)]  # fmt: skip
    for text in sorted({text for text in texts if texts.count(text) > 1}):
        mine: Any = site.words.arrays.get(text)
        for other, value in site.words.arrays.items():
            if other != text and value.shape == np.shape(mine) and mine is not None:
                changed = Everywhere(text, parsed(other)).visit(copy.deepcopy(node))
                form = "slope everywhere" if is_in_slope(node, text) else "field"
                yield Made(with_value(site.node, changed), form, parsed(text))


def is_in_slope(node: ast.AST, text: str) -> bool:
    """Whether there is a difference like `1 - a**2` in an expression."""
    return any(
        isinstance(each, ast.BinOp) and isinstance(each.op, ast.Sub)
        and getattr(each.left, "value", None) == 1 and text in ast.unparse(each.right)
        for each in ast.walk(node)
    )  # fmt: skip


def with_value(statement: Any, value: Any) -> Any:
    """A statement that assigns another value."""
    result = copy.copy(statement)
    result.value = value
    return result
