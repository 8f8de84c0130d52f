"""One number where an array was meant, with a number for each row or entry; counts for sums."""

import ast
from collections.abc import Iterator
from typing import Any

import numpy as np

from .sites import Family, Made, Site, is_load, parsed, text_of, value_of
from .vocabulary import is_array, is_number

ARITHMETIC = ast.Add | ast.Sub | ast.Mult | ast.Div


def arrays_for_numbers(site: Site) -> Iterator[Made]:
    """An array was meant: `alpha` for the weights of the samples, `d / n` for `d * share`."""
    node, parent = site.node, site.slot.parent
    if not is_load(node):
        return
    operator = getattr(parent, "op", None) if isinstance(parent, ast.BinOp) else None
    number = is_number(value_of(site, node))
    plain = isinstance(node, ast.Name | ast.Constant | ast.Attribute)
    if plain and number and isinstance(operator, ARITHMETIC):
        other_number = isinstance(node, ast.Constant) and node.value != 1
        product = isinstance(operator, ast.Mult | ast.Div) and not other_number
        for name in shares(site):
            yield Made(parsed(name), "factor added" if product else "name", parsed(name))
    divides = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div | ast.Mult)
    if divides and is_number(value_of(site, node.right)):
        for name in shares(site):
            yield Made(parsed(f"{text_of(node.left)} * {name}"), "factor added", parsed(name))


def shares(site: Site) -> Iterator[str]:
    """The arrays that fit what the statement assigns."""
    value = getattr(site.statement, "value", None)
    whole = None if value is None else value_of(site, value)
    if not is_array(whole):
        return
    for name, array in site.words.arrays.items():
        if array.dtype.kind == "f" and fits_in(whole.shape, array.shape):
            yield name


def fits_in(shape: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Whether an array broadcasts to a shape."""
    try:
        return np.broadcast_shapes(shape, other) == shape
    except ValueError:
        return False


def arrays_of_other_axes(site: Site) -> Iterator[Made]:
    """An array with more axes or fewer was meant, which goes with the other operand."""
    node, parent = site.node, site.slot.parent
    if not isinstance(node, ast.Name) or not isinstance(parent, ast.BinOp):
        return
    mine, whole = value_of(site, node), value_of(site, parent)
    if not is_load(node) or not is_array(mine) or not is_array(whole):
        return
    for name, array in site.words.arrays.items():
        other = array.ndim != mine.ndim and array.dtype.kind == "f" and name != node.id
        if other and fits_in(whole.shape, array.shape):
            yield Made(parsed(name), "name", node)


def sums_for_numbers(site: Site) -> Iterator[Made]:
    """A count stands for a sum: `-= 1` for `-= np.sum(d, axis=1)`, `e / len(e)` for its sum."""
    node, statement = site.node, site.statement
    if isinstance(node, ast.Constant) and node.value == 1 and is_entry_of(statement):
        base = target_of(statement).value
        held = value_of(site, base)
        for axis in range(held.ndim if is_array(held) else 0):
            yield Made(parsed(f"np.sum({ast.unparse(base)}, axis={axis})"), "count", node)
        for name in site.words.arrays:
            yield Made(parsed(name), "count", node)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        left = value_of(site, node.left)
        if is_array(left) and left.dtype.kind == "f" and is_number(value_of(site, node.right)):
            text = text_of(node.left)
            for inside in ("", *(f"axis={axis}, keepdims=True" for axis in range(left.ndim))):
                yield Made(parsed(f"{text} / {text}.sum({inside})"), "total", node.right)


def is_entry_of(statement: Any) -> bool:
    """Whether a statement gives a number to entries of an array."""
    if not isinstance(statement, ast.Assign | ast.AugAssign):
        return False
    value = statement.value
    value = value.operand if isinstance(value, ast.UnaryOp) else value
    return isinstance(value, ast.Constant) and isinstance(target_of(statement), ast.Subscript)


def target_of(statement: Any) -> Any:
    """What a statement assigns to."""
    return statement.targets[0] if isinstance(statement, ast.Assign) else statement.target


BROADCASTS: tuple[Family, ...] = (arrays_for_numbers, arrays_of_other_axes, sums_for_numbers)
