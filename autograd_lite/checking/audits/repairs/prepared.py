"""What was prepared and is never used: the best hint at what is missing, or at what was meant.

`dropout_param, mask = cache` in a function that does not read `mask`; a gradient that is kept for
the next round of a loop, which does not add it.
"""

import ast
from collections.abc import Iterator
from typing import Any

import numpy as np

from .broadcasts import is_entry_of
from .sites import Family, Made, Site, is_load, is_mask, parsed, text_of, value_of
from .vocabulary import is_array, is_number

MOST = 8  # names
WORDS = ("axis", "axes", "keepdims", "dtype")  # of calls, which are no values
SKIPPED = ast.Tuple | ast.List | ast.Dict | ast.Slice | ast.Starred | ast.Compare


def names_to_read(site: Site) -> list[str]:
    """The names that nothing reads, where one may stand in a place or beside it."""
    names = [name for name in sorted(site.unused) if is_usable(site.values.get(name))][:MOST]
    return names if names and can_be_read_otherwise(site) else []


def is_count(site: Site) -> bool:
    """Whether a place is the number that entries of an array get."""
    return isinstance(site.node, ast.Constant) and is_entry_of(site.statement)


def unused_in_place(site: Site) -> Iterator[Made]:
    """A name that nothing reads was meant."""
    for name in names_to_read(site):
        if is_count(site):
            yield Made(parsed(name), "count", site.node)
        else:
            yield from in_its_place(site, name)


def unused_added(site: Site) -> Iterator[Made]:
    """A name that nothing reads is missing as a factor or term."""
    for name in [] if is_count(site) else names_to_read(site):
        text = text_of(site.node)
        for sign in "*/":
            yield Made(parsed(f"{text} {sign} {name}"), "factor added", parsed(name))
        for sign in "+-":
            yield Made(parsed(f"{text} {sign} {name}"), "term added", parsed(name))


def can_be_read_otherwise(site: Site) -> bool:
    """Whether a place holds a value that may be another."""
    node, parent = site.node, site.slot.parent
    if not isinstance(node, ast.expr) or not is_load(node) or isinstance(node, SKIPPED):
        return False
    if isinstance(parent, ast.Subscript | ast.Attribute) or site.slot.field == "func":
        return False
    if isinstance(parent, ast.keyword) and parent.arg in WORDS:
        return False
    if isinstance(parent, ast.Return) and isinstance(node, ast.Name):
        return False  # it is missing where that was assigned
    if isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant):
        return False
    return is_usable(value_of(site, node))


def in_its_place(site: Site, name: str) -> Iterator[Made]:
    """A name in the place of another value, or of what a value is multiplied or divided by."""
    node, value = site.node, site.values[name]
    mine: Any = value_of(site, node)
    form = "mask" if is_mask(value) else "name"
    product = isinstance(getattr(site.slot.parent, "op", None), ast.Mult | ast.Div)
    weighted = is_array(value) and is_number(mine) and product and form == "name"
    if is_number(mine) or np.shape(value) == np.shape(mine):
        yield Made(parsed(name), "factor added" if weighted else form, parsed(name))
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div):
        count = is_array(value) and is_number(value_of(site, node.right)) and form == "name"
        new = parsed(f"{text_of(node.left)} * {name}")
        yield Made(new, "factor added" if count else form, parsed(name))


def is_usable(value: Any) -> bool:
    """Whether a value can be a factor or a term."""
    return is_array(value) or is_number(value)


PREPARED: tuple[Family, ...] = (unused_in_place, unused_added)
