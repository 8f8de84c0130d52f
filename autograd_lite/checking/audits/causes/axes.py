"""What a repair says of axes: another one was meant, of a sum, a shape, a product or a shift."""

import ast
import copy
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from ..repairs.vocabulary import is_array
from .differences import REDUCTIONS, Difference, Found, plain
from .likeness import alike

OF_NUMBERS = ("index", "constant", "near", "name", "sign", "term added", "term dropped",
              "factor added", "factor dropped")  # fmt: skip


def axes(d: Difference) -> Found:
    """Another axis was meant, of a sum or of a shape."""
    if d.form == "axis" or (d.form in ("slope", "sum") and is_along_another(d)):
        return "axis", f"the axis of `{plain(d.old)}` is wrong"
    if d.form not in OF_NUMBERS:
        return None
    if d.in_axis:
        return "axis", f"the axis of `{d.repair.before}` is wrong"
    if in_shift(d):
        return "shifted", f"the entries are moved by other steps: `{d.repair.before}`"
    return length(d)


def length(d: Difference) -> Found:
    """Another entry of a shape was meant."""
    entry = d.indexed
    if entry is None or getattr(entry.value, "attr", "") != "shape":
        return None
    with d.repair.edit.applied():
        due = d.value(entry), ast.unparse(entry)
    return "scale", f"`{plain(entry)}` is {d.value(entry)}, where `{due[1]}`, {due[0]}, is due"


def is_along_another(d: Difference) -> bool:
    """Whether an expression has the value that is due once it is summed along another axis."""
    old, new = d.old_value, d.new_value
    if not is_array(old) or not is_array(new) or np.shape(old) != np.shape(new):
        return False
    return any(alike(d.value(tree), new) for tree in with_other_axes(d.old, new.ndim))


def with_other_axes(tree: Any, count: int) -> Iterator[Any]:
    """An expression with each of its axes replaced by each other one."""
    for n, node in enumerate(ast.walk(tree)):
        if isinstance(node, ast.keyword) and node.arg == "axis":
            for axis in range(count):
                changed = copy.deepcopy(tree)
                keyword: Any = list(ast.walk(changed))[n]
                keyword.value = ast.Constant(axis)
                yield changed


def in_shift(d: Difference) -> bool:
    """Whether the place is in the number of steps by which entries are rolled."""
    for outer, inner in pairwise(d.chain):
        if isinstance(outer, ast.Call) and getattr(outer.func, "attr", "") == "roll":
            return inner in outer.args[1:2] or getattr(inner, "arg", "") == "shift"
    return False


def is_reduced(d: Difference) -> bool:
    """Whether the place is what is summed, or averaged, over an axis."""
    parent = d.site.slot.parent
    name = getattr(parent.func if isinstance(parent, ast.Call) else parent, "attr", "")
    return name in REDUCTIONS


def is_order(d: Difference) -> bool:
    """Whether what is exchanged are axes or indices: those of a transpose, or of an entry."""
    parent = d.site.slot.parent
    orders = ("transpose", "reshape", "swapaxes", "moveaxis")
    of_call = isinstance(d.old, ast.Call) and getattr(d.old.func, "attr", "") in orders
    return of_call or (isinstance(parent, ast.Subscript) and d.old is parent.slice)
