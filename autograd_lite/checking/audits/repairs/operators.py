"""Mistakes in operators and calls: signs, operands, terms, sums in place of averages."""

import ast
import copy
from collections.abc import Iterator
from itertools import combinations, permutations
from typing import Any

import numpy as np

from .sites import Made, Site, is_load, names_in, parsed, text_of, value_of
from .vocabulary import is_array, is_number

MOST_AXES = 4
COMPARISONS = (ast.Gt, ast.GtE, ast.Lt, ast.LtE)
AVERAGES = {"sum": ("mean",), "mean": ("sum",), "average": ("sum",), "maximum": ("minimum",),
            "minimum": ("maximum",), "max": ("min",), "min": ("max",),
            "nansum": ("nanmean",), "argmax": ("argmin",), "argmin": ("argmax",)}  # fmt: skip


def signs(site: Site) -> Iterator[Made]:
    """A sign is wrong."""
    node = site.node
    step = isinstance(site.slot.parent, ast.Slice)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and not step:
        yield Made(node.operand, "sign", node.operand)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        other = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
        yield Made(ast.BinOp(node.left, other, node.right), "sign", node.right)
        if isinstance(node.op, ast.Sub):
            yield Made(ast.BinOp(node.right, ast.Sub(), node.left), "sign", node)


def operators(site: Site) -> Iterator[Made]:
    """A factor or term is too much, a product stands for a quotient, operands are swapped."""
    node = site.node
    if not isinstance(node, ast.BinOp):
        return
    if isinstance(node.op, ast.Mult | ast.Div):
        yield Made(node.left, "factor dropped", node.right)
        if isinstance(node.op, ast.Mult):
            yield Made(node.right, "factor dropped", node.left)
        other = ast.Div() if isinstance(node.op, ast.Mult) else ast.Mult()
        yield Made(ast.BinOp(node.left, other, node.right), "inverse", node.right)
        if isinstance(node.op, ast.Mult) and in_matrices(site, node):
            yield Made(ast.BinOp(node.left, ast.MatMult(), node.right), "order")
    elif isinstance(node.op, ast.Add | ast.Sub):
        yield Made(node.left, "term dropped", node.right)
        yield Made(node.right, "term dropped", node.left)
        yield Made(ast.BinOp(node.left, ast.Mult(), node.right), "operator", node.right)
    elif isinstance(node.op, ast.MatMult):
        yield Made(ast.BinOp(node.right, node.op, node.left), "order")
        yield Made(node.left, "factor dropped", node.right)
        yield Made(node.right, "factor dropped", node.left)
    elif isinstance(node.op, ast.Pow):
        yield Made(node.left, "power", node.right)
        if not isinstance(node.right, ast.Constant | ast.UnaryOp):
            for sign in "-+":
                exponent = parsed(f"{text_of(node.right)} {sign} 1")
                yield Made(ast.BinOp(node.left, node.op, exponent), "power", node.right)
    elif isinstance(node.op, ast.FloorDiv):
        yield Made(ast.BinOp(node.left, ast.Div(), node.right), "whole", node)


def complements(site: Site) -> Iterator[Made]:
    """The other of two shares was meant: `1 - z` for `z`."""
    node = site.node
    simple = isinstance(node, ast.Name | ast.Attribute | ast.Subscript) and is_load(node)
    if simple and isinstance(site.slot.parent, ast.BinOp | ast.Call | ast.Assign):
        value = value_of(site, node)
        if (is_array(value) or is_number(value)) and is_share(np.asarray(value)):
            yield Made(ast.BinOp(ast.Constant(1), ast.Sub(), node), "complement", node)
    one = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub)
    if one and isinstance(node.left, ast.Constant) and node.left.value == 1:
        yield Made(node.right, "complement", node.right)


def is_share(value: Any) -> bool:
    """Whether numbers lie between 0 and 1, but for rounding."""
    low, high = np.min(value, initial=1.0), np.max(value, initial=0.0)
    return bool(value.dtype.kind == "f" and low > -1e-9 and high < 1 + 1e-9)


def in_matrices(site: Site, node: ast.BinOp) -> bool:
    """Whether both sides of a product are names of matrices."""
    sides = [site.values.get(side.id) for side in (node.left, node.right)
             if isinstance(side, ast.Name)]  # fmt: skip
    return len(sides) == 2 and all(is_array(side) and side.ndim == 2 for side in sides)


def calls_swapped(site: Site) -> Iterator[Made]:
    """The operands of a product are in the wrong order."""
    node = site.node
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return
    if node.func.attr in ("dot", "matmul", "outer") and len(node.args) == 2:
        yield Made(ast.Call(node.func, [node.args[1], node.args[0]], node.keywords), "order")
        for kept, dropped in ((node.args[0], node.args[1]), (node.args[1], node.args[0])):
            yield Made(kept, "factor dropped", dropped)
    elif node.func.attr == "dot" and len(node.args) == 1:
        func = ast.Attribute(node.args[0], "dot", ast.Load())
        yield Made(ast.Call(func, [node.func.value], node.keywords), "order")


def functions(site: Site) -> Iterator[Made]:
    """A sum stands for an average, or the other way round; a function is too much."""
    node = site.node
    if not isinstance(node, ast.Call) or not isinstance(site.statement, ast.stmt):
        return
    if isinstance(node.func, ast.Attribute):
        for other in AVERAGES.get(node.func.attr, ()):
            func = ast.Attribute(node.func.value, other, ast.Load())
            form = "mask" if other.startswith("arg") else "average"
            yield Made(ast.Call(func, node.args, node.keywords), form, node)
        if is_array(value_of(site, node.func.value)) and is_load(node.func.value):
            yield Made(node.func.value, "call dropped", node)
    if node.args and not isinstance(node.args[0], ast.Starred):
        yield Made(node.args[0], "call dropped", node)
    if getattr(node.func, "attr", "") in AVERAGES and not any(
        k.arg == "axis" for k in node.keywords
    ):
        for text in ("axis=0", "axis=1", "axis=-1", "axis=0, keepdims=True",
                     "axis=-1, keepdims=True"):  # fmt: skip
            added = ast.parse(f"f({text})", mode="eval").body.keywords  # type: ignore[attr-defined]
            yield Made(ast.Call(node.func, node.args, [*node.keywords, *added]), "sum", text[5:])
    elif getattr(node.func, "attr", "") in AVERAGES and len(node.keywords) == 1:
        for axis in ("0", "1", "-1"):
            other = parsed(f"f(axis={axis}, keepdims=True)").keywords
            yield Made(ast.Call(node.func, node.args, other), "axis", node.keywords[0])
    for at in range(len(node.keywords)):
        rest = node.keywords[:at] + node.keywords[at + 1 :]
        yield Made(ast.Call(node.func, node.args, rest), "keyword", node.keywords[at])


def comparisons(site: Site) -> Iterator[Made]:
    """A comparison is turned round, or its bound belongs to the other side."""
    node = site.node
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        for kind in COMPARISONS:
            if type(node.ops[0]) is not kind and isinstance(node.ops[0], COMPARISONS):
                yield Made(ast.Compare(node.left, [kind()], node.comparators), "comparison")
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Invert | ast.Not):
        yield Made(node.operand, "comparison")


def exchanges(site: Site) -> Iterator[Made]:
    """Two elements of a tuple, a list or a call stand in each other's place, or two names."""
    node = site.node
    if isinstance(node, ast.Tuple | ast.List) and 2 <= len(node.elts) <= 8:
        for one, other in combinations(range(len(node.elts)), 2):
            yield Made(type(node)(swapped(node.elts, one, other), node.ctx), "exchange", node)
    if isinstance(node, ast.Call) and 2 <= len(node.args) <= 6:
        for one, other in combinations(range(len(node.args)), 2):
            arguments = swapped(node.args, one, other)
            yield Made(ast.Call(node.func, arguments, node.keywords), "exchange", node)
    if node is getattr(site.statement, "value", None) and isinstance(node, ast.expr):
        yield from names_exchanged(site)


def swapped(items: list[Any], one: int, other: int) -> list[Any]:
    """A list with two of its items exchanged."""
    result = list(items)
    result[one], result[other] = result[other], result[one]
    return result


class Renamed(ast.NodeTransformer):
    """A tree with two names in each other's place."""

    def __init__(self, one: str, other: str) -> None:
        self.names = {one: other, other: one}

    def visit_Name(self, node: ast.Name) -> ast.Name:
        """Exchange a name."""
        return ast.copy_location(ast.Name(self.names.get(node.id, node.id), node.ctx), node)


def names_exchanged(site: Site) -> Iterator[Made]:
    """Two arrays of a statement in each other's place."""
    arrays = {name: value for name in sorted(names_in(site.node))
              if is_array(value := site.values.get(name))}  # fmt: skip
    for one, other in combinations(list(arrays)[:8], 2):
        if arrays[one].ndim == arrays[other].ndim:
            node = Renamed(one, other).visit(copy.deepcopy(site.node))
            yield Made(node, "exchange", ast.Name(one, ast.Load()))


def roots(site: Site) -> Iterator[Made]:
    """What is added to a root belongs under it, or the other way round: an eps."""
    node = site.node
    if not isinstance(node, ast.BinOp | ast.Call):
        return
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and is_root(node.left):
        inner = ast.BinOp(node.left.args[0], ast.Add(), node.right)  # type: ignore[attr-defined]
        new: Any = ast.Call(node.left.func, [inner], [])  # type: ignore[attr-defined]
        yield Made(new, "root", node.right)
    elif is_root(node):
        inside = node.args[0]  # type: ignore[union-attr]
        if isinstance(inside, ast.BinOp) and isinstance(inside.op, ast.Add):
            outer = ast.Call(node.func, [inside.left], [])  # type: ignore[union-attr]
            yield Made(ast.BinOp(outer, ast.Add(), inside.right), "root", inside.right)


def is_root(node: Any) -> bool:
    """Whether a node is the square root of one thing."""
    return (
        isinstance(node, ast.Call)
        and getattr(node.func, "attr", "") == "sqrt"
        and (len(node.args) == 1 and not node.keywords)
    )


def lengths(site: Site) -> Iterator[Made]:
    """A number of entries is counted over something else."""
    node = site.node
    what = counted(node)
    mine = None if what is None else value_of(site, node)
    if not is_number(mine):
        return
    if is_array(value_of(site, what)):
        yield Made(parsed(f"{text_of(what)}.size"), "near", node)
    for text, length in site.words.lengths.items():
        if length != mine:
            yield Made(parsed(text), "near", node)


def counted(node: Any) -> Any:
    """Of what a node is the number of entries, or of rows; None if it is none."""
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute):
        return node.value.value if node.value.attr == "shape" else None
    if isinstance(node, ast.Attribute) and node.attr == "size":
        return node.value
    if not isinstance(node, ast.Call) or node.keywords:
        return None
    function = node.func
    if isinstance(function, ast.Name) and function.id in ("len", "sum") and node.args:
        return node.args[0]
    summed = isinstance(function, ast.Attribute) and function.attr == "sum" and not node.args
    return function.value if summed else None  # type: ignore[attr-defined]


def texts(site: Site) -> Iterator[Made]:
    """Another text was meant in a call: "relu" for "sigmoid"."""
    node, call = site.node, site.slot.parent
    if not isinstance(call, ast.Call) or not isinstance(getattr(node, "value", None), str):
        return
    code = getattr(value_of(site, call.func), "__code__", None)
    for other in getattr(code, "co_consts", ()):
        if isinstance(other, str) and other.isidentifier() and other != node.value:
            yield Made(ast.Constant(other), "text", node)


def axes_permuted(site: Site) -> Iterator[Made]:
    """A transpose of several axes is missing, too much or another one."""
    node = site.node
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        name, arguments = node.func.attr, node.args
        if name == "transpose" and len(arguments) == 2 and isinstance(arguments[1], ast.Tuple):
            for order in orders(len(arguments[1].elts)):
                yield Made(
                    ast.Call(node.func, [arguments[0], parsed_tuple(order)], []), "transpose"
                )
        elif name == "transpose" and 2 < len(arguments) <= MOST_AXES:
            for order in orders(len(arguments)):
                items: list[ast.expr] = [ast.Constant(axis) for axis in order]
                yield Made(ast.Call(node.func, items, []), "transpose")
    if isinstance(node, ast.Name | ast.Attribute) and is_load(node):
        value = value_of(site, node) if isinstance(node, ast.Attribute) else None
        count = value.ndim if is_array(value) else axes_of_name(site, node)
        if 3 <= count <= MOST_AXES and not isinstance(site.slot.parent, ast.Attribute):
            for order in orders(count):
                func = ast.Attribute(node, "transpose", ast.Load())
                items = [ast.Constant(axis) for axis in order]
                yield Made(ast.Call(func, items, []), "transpose")


def axes_of_name(site: Site, node: Any) -> int:
    """How many axes the array of a name has."""
    value = site.values.get(getattr(node, "id", ""))
    return value.ndim if is_array(value) else 0


def orders(count: int) -> list[tuple[int, ...]]:
    """The orders of some axes: first those with two exchanged."""
    every = list(permutations(range(count)))[1:] if count <= MOST_AXES else []
    return sorted(every, key=lambda order: sum(at != axis for at, axis in enumerate(order)))


def parsed_tuple(order: tuple[int, ...]) -> ast.Tuple:
    """A tuple of whole numbers."""
    return ast.Tuple([ast.Constant(axis) for axis in order], ast.Load())
