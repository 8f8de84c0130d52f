"""Mistakes in indices: other entries, other halves, other ends of a window, repeated indices."""

import ast
import copy
from collections.abc import Iterator
from itertools import islice, product
from typing import Any, TypeGuard

import numpy as np

from .sites import Family, Made, Site, is_load, parsed, text_of, value_of
from .vocabulary import is_array, is_whole

MOST_ENTRIES = 60  # of other arrays at other indices, for one place
MOST_WHOLES = 12
AT = {ast.Add: "np.add.at", ast.Sub: "np.subtract.at"}


def wholes(site: Site) -> list[str]:
    """The whole numbers in reach by which something is counted: names, constants, attributes."""
    found = [text for text, value in site.words.numbers.items()
             if is_whole(value) and "[" not in text]  # fmt: skip
    here = {ast.unparse(each) for each in ast.walk(site.statement) if isinstance(each, ast.expr)}
    return sorted(found, key=lambda text: text not in here)[:MOST_WHOLES]


def counters(site: Site) -> list[str]:
    """What loops count with, and other whole numbers that have a name here."""
    inner = [name for name in site.loops if is_whole(site.values.get(name))]
    rest = [name for name, value in site.values.items() if is_whole(value)]
    return list(dict.fromkeys([*inner[::-1], *rest]))[:4]


def other_entries(site: Site) -> Iterator[Made]:
    """The entry of another array was meant, or that at another index: `W[i]` for `C[j]`."""
    node = site.node
    if not isinstance(node, ast.Subscript) or not is_load(node):
        return
    mine, holder = value_of(site, node), value_of(site, node.value)
    if mine is None or not is_array(holder):
        return
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    choices = [choices_of(site, part) for part in parts]
    if all(len(each) == 1 for each in choices):
        return
    own, base = ast.unparse(node), ast.unparse(node.value)
    bases = [base] + [
        text
        for text, value in site.words.arrays.items()
        if "[" not in text and text != base and value.ndim == holder.ndim
    ]
    texts = (f"{name}[{', '.join(index)}]" for name in bases for index in product(*choices))
    for text in islice(texts, MOST_ENTRIES):
        value = site.words.evaluated(text) if text != own else None
        if value is not None and np.shape(value) == np.shape(mine):
            form = "index" if text.startswith(f"{base}[") else "name"
            yield Made(parsed(text), form, node)


def choices_of(site: Site, part: ast.expr) -> list[str]:
    """An index, and what loops count with in its place."""
    own = ast.unparse(part)
    if isinstance(part, ast.Slice) or not is_whole(value_of(site, part)):
        return [own]
    return list(dict.fromkeys([own, *counters(site)]))


def from_the_end(site: Site) -> Iterator[Made]:
    """An index counted from the end is off by one: `-l` for `-l + 1`."""
    node, parent = site.node, site.slot.parent
    if not isinstance(parent, ast.Subscript) or site.slot.field != "slice":
        return
    sum_of = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub)
    first = node.left if sum_of else node
    if not is_negative(first) or isinstance(first.operand, ast.Constant):
        return
    text = ast.unparse(first)
    for other in (text, f"{text} + 1", f"{text} - 1", f"{text} + 2", f"{text} - 2"):
        if other != ast.unparse(node):
            yield Made(parsed(other), "index")


def is_negative(node: Any) -> TypeGuard[ast.UnaryOp]:
    """Whether a node has a minus before it."""
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)


def halves(site: Site) -> Iterator[Made]:
    """The other part of an array was meant, `[d:]` for `[:d]`, or what is without a border."""
    node = site.node
    if not isinstance(node, ast.Slice) or node.step is not None:
        return
    for text in dict.fromkeys(other_ends(site, node)):
        new = parsed(f"x[{text}]").slice
        if ast.unparse(new) != ast.unparse(node):
            yield Made(new, "slice", node)


def other_ends(site: Site, node: ast.Slice) -> Iterator[str]:
    """Other bounds of a slice."""
    bounds = [each for each in (node.lower, node.upper) if each is not None]
    if len(bounds) == 1 and not isinstance(bounds[0], ast.Constant):
        bound = bounds[0]
        positive = bound.operand if is_negative(bound) else bound
        text = text_of(positive)
        yield from (f"{text}:", f":{text}", f"-{text}:", f":-{text}")
    for name in wholes(site):
        yield from (f"{name}:", f":-{name}", f"{name}:-{name}")


def borders(site: Site) -> Iterator[Made]:
    """A border is cut off at the wrong ends of several axes, or not at all."""
    node = site.node
    if not isinstance(node, ast.Subscript) or not isinstance(node.slice, ast.Tuple):
        return
    bounded = [each for each in node.slice.elts
               if isinstance(each, ast.Slice) and (each.lower or each.upper)]  # fmt: skip
    if len(bounded) < 2 or not is_array(value_of(site, node.value)):
        return
    for name in (*wholes(site), "1"):
        yield Made(with_slices(node, lambda _, p=name: f"{p}:-{p}"), "slice", bounded[0])
        yield Made(with_slices(node, lambda s, p=name: moved_by(s, p)), "slice", bounded[0])


def with_slices(node: ast.Subscript, change: Any) -> ast.Subscript:
    """A subscript whose bounded slices are others."""
    result = copy.deepcopy(node)
    result.slice.elts = [  # type: ignore[attr-defined]
        parsed(f"x[{change(each)}]").slice
        if isinstance(each, ast.Slice) and (each.lower or each.upper)
        else each
        for each in result.slice.elts  # type: ignore[attr-defined]
    ]
    return result


def moved_by(part: ast.Slice, number: str) -> str:
    """A slice that starts and ends later."""
    lower = f"{ast.unparse(part.lower)} + {number}" if part.lower else number
    return f"{lower}:{ast.unparse(part.upper)} + {number}" if part.upper else f"{lower}:"


def sums_of_slices(site: Site) -> Iterator[Made]:
    """One entry along an axis is taken where all are to be added: `x[:, -1]` for a sum."""
    node = site.node
    if not isinstance(node, ast.Subscript) or not is_load(node):
        return
    whole, mine = value_of(site, node.value), value_of(site, node)
    if not is_array(whole) or not is_array(mine) or whole.dtype.kind != "f":
        return
    text = text_of(node.value)
    for axis in range(whole.ndim if whole.ndim == mine.ndim + 1 else 0):
        if whole.shape[:axis] + whole.shape[axis + 1 :] == mine.shape:
            yield Made(parsed(f"{text}.sum(axis={axis})"), "sum", str(axis))


def repeated(site: Site) -> Iterator[Made]:
    """What is added at an index that occurs several times counts once."""
    node = site.node
    if node is not site.statement or not isinstance(node, ast.Assign | ast.AugAssign):
        return
    target = node.target if isinstance(node, ast.AugAssign) else node.targets[0]
    if not isinstance(target, ast.Subscript) or not has_repeated(site, target.slice):
        return
    operator = type(node.op) if isinstance(node, ast.AugAssign) else ast.Add
    if operator in AT:
        pieces = map(ast.unparse, (target.value, as_index(target.slice), node.value))
        call = ast.parse(f"{AT[operator]}({', '.join(pieces)})").body[0]
        yield Made(ast.copy_location(call, node), "augment", target.slice)


def as_index(node: ast.expr) -> ast.expr:
    """An index as an argument of a call."""
    if isinstance(node, ast.Tuple):
        return ast.Tuple([as_index(each) for each in node.elts], ast.Load())
    if not isinstance(node, ast.Slice):
        return node
    parts = [each or ast.Constant(None) for each in (node.lower, node.upper, node.step)]
    return ast.Call(ast.Name("slice", ast.Load()), parts, [])


def has_repeated(site: Site, index: ast.expr) -> bool:
    """Whether an index consists of whole numbers, several of them."""
    parts = index.elts if isinstance(index, ast.Tuple) else [index]
    values = [None if isinstance(part, ast.Slice) else value_of(site, part) for part in parts]
    return any(
        (is_array(value) and value.dtype.kind in "iu")
        or (isinstance(value, list) and len(value) > 1 and all(map(is_whole, value)))
        for value in values
    )


def multiples(site: Site) -> Iterator[Made]:
    """A number of entries or a place lacks a factor: `i` for `i * stride`, `N` for `N * H * W`."""
    node, parent = site.node, site.slot.parent
    if not isinstance(node, ast.Name | ast.Attribute) or not is_load(node):
        return
    if not isinstance(parent, ast.BinOp | ast.Assign | ast.Tuple) or not is_whole(
        value_of(site, node)
    ):
        return
    form = "index" if site.loops else "near"
    own = ast.unparse(node)
    code = ast.unparse(site.source.definition)  # what is multiplied by elsewhere comes first
    others = sorted(
        (name for name in wholes(site) if name != own), key=lambda name: f"* {name}" not in code
    )
    for name in others:
        yield Made(parsed(f"({own} * {name})"), form, node)
    if isinstance(parent, ast.Assign):
        for at, one in enumerate(others):
            for other in others[at + 1 :]:
                yield Made(parsed(f"{own} * {one} * {other}"), form, node)


def remainders(site: Site) -> Iterator[Made]:
    """A quotient of whole numbers stands for the remainder, or the other way round."""
    node = site.node
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.FloorDiv | ast.Mod):
        other = ast.Mod() if isinstance(node.op, ast.FloorDiv) else ast.FloorDiv()
        yield Made(ast.BinOp(node.left, other, node.right), "index", node)


def other_end(site: Site) -> Iterator[Made]:
    """A list is gone through from the wrong end."""
    node = site.node
    if not isinstance(node, ast.Call) or node.keywords:
        return
    if isinstance(node.func, ast.Attribute) and node.func.attr == "pop" and len(node.args) < 2:
        arguments: list[ast.expr] = [] if node.args else [ast.Constant(0)]
        yield Made(ast.Call(node.func, arguments, []), "index", node)


INDEX_SLIPS: tuple[Family, ...] = (
    borders, from_the_end, halves, sums_of_slices, repeated, remainders, other_end,
)  # fmt: skip
INDEX_EXCHANGES: tuple[Family, ...] = (other_entries, multiples)
