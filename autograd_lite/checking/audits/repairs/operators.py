"""Mistakes in operators and calls: signs, operands, terms, sums in place of averages."""

import ast
from collections.abc import Iterator
from typing import Any

from .sites import Site, factor_kind, is_load, is_regularisation, term_kind


def signs(site: Site) -> Iterator[tuple[Any, str]]:
    """A sign is wrong."""
    node = site.node
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and is_load(node):
        yield node.operand, "scale"
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        other = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
        kind = "scale" if not is_regularisation(site, node.right) else "regularisation"
        yield ast.BinOp(node.left, other, node.right), kind


def operators(site: Site) -> Iterator[tuple[Any, str]]:
    """A factor or term is too much, a product stands for a quotient, operands are swapped."""
    node = site.node
    if not isinstance(node, ast.BinOp):
        return
    if isinstance(node.op, ast.Mult | ast.Div):
        other = ast.Div() if isinstance(node.op, ast.Mult) else ast.Mult()
        yield ast.BinOp(node.left, other, node.right), factor_kind(site, node.right, "power")
        yield node.left, factor_kind(site, node.right)
        if isinstance(node.op, ast.Mult):
            yield node.right, factor_kind(site, node.left)
    elif isinstance(node.op, ast.Add | ast.Sub):
        for kept, dropped in ((node.left, node.right), (node.right, node.left)):
            yield kept, term_kind(site, dropped)
    elif isinstance(node.op, ast.MatMult):
        yield ast.BinOp(node.right, node.op, node.left), "operand"
    elif isinstance(node.op, ast.Pow):
        yield node.left, "power"


def calls_swapped(site: Site) -> Iterator[tuple[Any, str]]:
    """The operands of a product are in the wrong order."""
    node = site.node
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return
    if node.func.attr in ("dot", "matmul") and len(node.args) == 2:
        yield ast.Call(node.func, [node.args[1], node.args[0]], node.keywords), "operand"
    elif node.func.attr == "dot" and len(node.args) == 1:
        func = ast.Attribute(node.args[0], "dot", ast.Load())
        yield ast.Call(func, [node.func.value], node.keywords), "operand"


AVERAGES = {"sum": ("mean",), "mean": ("sum",), "average": ("sum",), "maximum": ("minimum",)}


def functions(site: Site) -> Iterator[tuple[Any, str]]:
    """A sum stands for an average, or the other way round; a function is too much."""
    node = site.node
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return
    for other in AVERAGES.get(node.func.attr, ()):
        func = ast.Attribute(node.func.value, other, ast.Load())
        yield ast.Call(func, node.args, node.keywords), "scale"
    if len(node.args) == 1:
        yield node.args[0], "axis" if node.func.attr in ("sum", "mean") else "slope"
    if node.keywords:
        for at in range(len(node.keywords)):
            rest = node.keywords[:at] + node.keywords[at + 1 :]
            yield ast.Call(node.func, node.args, rest), "axis"
