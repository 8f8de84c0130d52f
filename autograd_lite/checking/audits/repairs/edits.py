"""Small changes of a backward pass that undo what people commonly get wrong.

Each takes one place in the syntax tree and says what might have been meant there: another name, a
transpose, another axis, a factor that is missing. Which ones are right is found out by running
them (`repairing`).
"""

import ast
from collections.abc import Iterator
from typing import Any

import numpy as np

from .everywhere import everywhere
from .operators import (
    axes_permuted,
    calls_swapped,
    comparisons,
    complements,
    exchanges,
    functions,
    lengths,
    operators,
    roots,
    signs,
    texts,
)
from .sites import (
    Family,
    Made,
    Site,
    axes_of,
    is_load,
    parsed,
    text_of,
    value_of,
)
from .vocabulary import is_array, is_number

REDUCTIONS = (
    "sum", "mean", "max", "min", "prod", "average", "std", "var", "roll", "concatenate", "stack",
    "cumsum", "flip", "take", "argmax", "repeat", "delete", "insert",
)  # fmt: skip
SMALL = 0.1  # numbers below it may be an eps


def axis_of(site: Site) -> bool:
    """Whether a place holds the axis of a reduction."""
    parent = site.slot.parent
    if isinstance(parent, ast.keyword):
        return parent.arg == "axis"
    if isinstance(parent, ast.Call) and site.slot.field == "args":
        name = getattr(parent.func, "attr", "")
        last = site.slot.position == len(parent.args) - 1
        return name in REDUCTIONS and last and site.slot.position != 0
    return False


def constants(site: Site) -> Iterator[Made]:
    """A number is wrong: a factor, a power, an axis, an index, eps."""
    node = site.node
    if isinstance(node, ast.Tuple) and axis_of(site):
        for text in ("(0, 1)", "(1, 2)", "(0, 2)", "(2, 3)", "(0, 2, 3)", "(1, 2, 3)", "0", "1"):
            yield Made(parsed(text), "axis")
    negative = isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant)
    if negative and isinstance(site.slot.parent, ast.Subscript | ast.Tuple) and in_any_index(site):
        yield from other_indices(site, None)
    if not isinstance(node, ast.Constant) or in_step(site):
        return
    parent, value = site.slot.parent, node.value
    if axis_of(site) or (value is None and isinstance(parent, ast.keyword)):
        for axis in (0, 1, 2, -1, None):
            if axis != value or type(axis) is not type(value):
                yield Made(ast.Constant(axis), "axis")
        for axes in ((0, 1), (1, 2), (0, 2, 3), (0, 2), (2, 3)):
            yield Made(parsed(str(axes)), "axis")
    elif isinstance(value, bool):
        yield Made(ast.Constant(not value), "keyword", parent)
    elif not isinstance(value, int | float):
        return
    elif in_index(site):
        yield from other_indices(site, value)
    else:
        yield from other_numbers(site, value)


def in_index(site: Site) -> bool:
    """Whether a place is part of an index."""
    parent = site.slot.parent
    if not in_any_index(site):
        return False
    if isinstance(parent, ast.Slice):
        return True
    if isinstance(parent, ast.Subscript):
        return site.slot.field == "slice"
    whole = isinstance(getattr(site.node, "value", None), int)
    return whole and isinstance(parent, ast.Tuple | ast.BinOp | ast.Call | ast.UnaryOp) and (
        not isinstance(parent, ast.BinOp) or isinstance(parent.op, ast.Add | ast.Sub)
    ) and not isinstance(parent, ast.BinOp)  # fmt: skip


def other_indices(site: Site, value: Any) -> Iterator[Made]:
    """Another index, near by, or one of the whole numbers and arrays of them in reach."""
    near = () if value is None else (value + 1, value - 1)
    for other in dict.fromkeys((*near, 0, 1, -1)):
        if other != value:
            yield Made(ast.Constant(other), "index")
    for name, held in site.values.items():
        whole = isinstance(held, int | np.integer) and not isinstance(held, bool)
        if whole or (is_array(held) and held.dtype.kind in "iu"):
            yield Made(ast.Name(name, ast.Load()), "index")


def other_numbers(site: Site, value: float) -> Iterator[Made]:
    """Another number: one that stands for something in reach, or a common one."""
    form = "power" if in_exponent(site) else "constant"
    for text, other in site.words.numbers.items() if form == "constant" else ():
        if other != value:
            yield Made(parsed(text), "near")
    for text in site.words.arrays if form == "constant" and value in (0, 1) else ():
        if is_term(site):
            yield Made(parsed(text), "name", site.node)
    common = (-value, 1, 2, 0.5, 3, 1.5, 2.5, value + 1, value - 1, value * 2, value / 2)
    near = (0, 4, 1 / value if value else 1)
    for other in dict.fromkeys((*common, *(() if form == "power" else near))):
        if other != value and abs(other) <= max(4, 2 * abs(value)):
            cheap = form == "power" or other == -value or {other, value} <= {1, 2, 0.5}
            yield Made(ast.Constant(other), form if form == "power" or not cheap else "near")


def is_term(site: Site) -> bool:
    """Whether a place is a term of a sum."""
    parent = site.slot.parent
    return isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Add | ast.Sub)


def in_step(site: Site) -> bool:
    """Whether a number is the step of a slice."""
    return any(
        isinstance(outer, ast.Slice)
        and outer.step is not None
        and any(site.node is node for node in ast.walk(outer.step))
        for outer in ast.walk(site.statement)
    )


def in_exponent(site: Site) -> bool:
    """Whether a number is an exponent, or what a minus before it makes one of."""
    return any(
        isinstance(outer, ast.BinOp)
        and isinstance(outer.op, ast.Pow)
        and any(site.node is node for node in ast.walk(outer.right))
        for outer in ast.walk(site.statement)
    )


def slices(site: Site) -> Iterator[Made]:
    """The wrong column or row is dropped, or none."""
    node = site.node
    if isinstance(node, ast.Slice):
        for text in (":", "1:", ":-1", "::-1"):
            other = parsed(f"x[{text}]").slice
            if ast.unparse(other) != ast.unparse(node):
                yield Made(other, "slice", node)
        if isinstance(site.slot.parent, ast.Tuple):
            yield from rows(site)
    if isinstance(node, ast.Subscript) and is_load(node) and is_array(value_of(site, node.value)):
        yield Made(node.value, "slice", node)


def rows(site: Site) -> Iterator[Made]:
    """Whole columns `[:, y]` where one entry of each row is meant."""
    for other in site.slot.parent.elts:  # type: ignore[attr-defined]
        value = value_of(site, other) if other is not site.node else None
        if is_array(value) and value.dtype.kind in "iu" and value.ndim == 1:
            yield Made(parsed(f"range(len({ast.unparse(other)}))"), "index", other)


def cut(site: Site) -> Iterator[Made]:
    """A bias column or row has to be dropped."""
    node = site.node
    if not is_load(node) or not isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.BinOp):
        return
    if isinstance(node, ast.Name) and axes_of(site, node) < 1:
        return
    flat = isinstance(node, ast.Name) and axes_of(site, node) == 1
    for index in ("[1:]", "[:-1]") if flat else ("[:, 1:]", "[:, :-1]", "[1:]", "[:-1]"):
        yield Made(parsed(f"{text_of(node)}{index}"), "cut", parsed(f"x{index}").slice)


def transposes(site: Site) -> Iterator[Made]:
    """A transpose is missing, or too much."""
    node = site.node
    if not is_load(node):
        return
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield Made(node.value, "transpose")
    elif isinstance(node, ast.Name | ast.Subscript | ast.BinOp | ast.Call | ast.Attribute):
        if isinstance(node, ast.Name) and axes_of(site, node) < 2:
            return
        if getattr(site.slot.parent, "attr", None) in ("T", "shape", "size", "ndim", "copy"):
            return
        yield Made(ast.Attribute(node, "T", ast.Load()), "transpose")


def other_names(site: Site) -> Iterator[Made]:
    """Another value was meant."""
    node = site.node
    if not isinstance(node, ast.Name | ast.Subscript | ast.Attribute) or not is_load(node):
        return
    mine = value_of(site, node)
    own, holder = ast.unparse(node), holder_of(node)
    words = site.words.arrays if is_array(mine) else site.words.numbers if is_number(mine) else {}
    for text, value in words.items():
        if text != own and compatible(mine, value):
            other = parsed(text)
            field = holder is not None and holder == holder_of(other)
            compared = is_array(mine) and mine.dtype.kind == "f" and is_compared(site)
            yield Made(other, "mask" if compared else "field" if field else "name", node)
            if is_turned(mine, value):
                yield Made(parsed(f"{text}.T"), "name", node)


def is_compared(site: Site) -> bool:
    """Whether a place is part of a comparison, which makes a mask."""
    return any(
        isinstance(outer, ast.Compare) and any(site.node is node for node in ast.walk(outer))
        for outer in ast.walk(site.statement)
    )


def names_of_wholes(site: Site) -> Iterator[Made]:
    """What is computed here once more was meant to be another array that has a name."""
    node = site.node
    if not isinstance(node, ast.Call | ast.BinOp) or not is_load(node):
        return
    mine = value_of(site, node)
    if not is_array(mine) or mine.dtype.kind != "f":
        return
    for text, value in site.words.arrays.items():
        if value.shape == mine.shape and value.dtype.kind == "f":
            yield Made(parsed(text), "whole name", node)


def holder_of(node: ast.AST) -> str | None:
    """The dict or object of which a place reads an entry or attribute."""
    if isinstance(node, ast.Attribute):
        return ast.unparse(node.value)
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant | ast.JoinedStr):
        return ast.unparse(node.value)
    return None


def is_turned(mine: Any, value: Any) -> bool:
    """Whether a matrix has the shape of another, transposed, and not its own."""
    if not is_array(mine) or not is_array(value) or value.ndim != 2:
        return False
    shape: tuple[int, ...] = value.shape
    return bool(shape[::-1] == mine.shape != shape)


def compatible(one: Any, other: Any) -> bool:
    """Whether a value could stand in the place of another."""
    if is_array(one) and is_array(other):
        return bool(one.ndim == other.ndim or one.size == other.size)
    return is_number(one) and is_number(other)


def steps(site: Site) -> Iterator[Made]:
    """The step of a window, or an offset, is missing in an index."""
    node, parent = site.node, site.slot.parent
    if not isinstance(node, ast.Name | ast.Constant) or not isinstance(
        parent, ast.Slice | ast.BinOp | ast.Subscript | ast.Tuple
    ):
        return
    if not isinstance(value_of(site, node), int | np.integer) or not in_any_index(site):
        return
    for name, value in site.values.items():
        if isinstance(value, int | np.integer) and not isinstance(value, bool):
            for sign in "*+-":
                yield Made(parsed(f"({ast.unparse(node)} {sign} {name})"), "index")
    for sign in "+-":
        yield Made(parsed(f"({ast.unparse(node)} {sign} 1)"), "index")


def in_any_index(site: Site) -> bool:
    """Whether a place is somewhere in an index of its statement."""
    return any(
        isinstance(outer, ast.Subscript) and any(site.node is n for n in ast.walk(outer.slice))
        for outer in ast.walk(site.statement)
    )


SLIPS: tuple[Family, ...] = (
    signs, complements, operators, functions, calls_swapped, comparisons, constants, transposes,
    slices, lengths, texts, roots,
)  # fmt: skip
EXCHANGES: tuple[Family, ...] = (
    other_names, names_of_wholes, exchanges, cut, axes_permuted, steps, everywhere,
)  # fmt: skip
