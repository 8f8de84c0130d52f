"""Mistakes in what follows what: a statement that is missing, an array that two names share."""

import ast
from collections.abc import Iterator
from typing import Any

import numpy as np

from ..running.sources import Slot, slots
from .sites import Family, Made, Site, parsed, value_of
from .vocabulary import is_array, is_whole


def followers(site: Site) -> Iterator[Made]:
    """After a statement another one is missing, which changes what was assigned in place."""
    node = site.node
    if node is not site.statement or not isinstance(node, ast.Assign) or len(node.targets) != 1:
        return
    target = node.targets[0]
    if not isinstance(target, ast.Name) or site.slot.position is None:
        return
    name = target.id
    for other, value in site.values.items():
        if is_array(value) and value.dtype.kind in "iu" and value.ndim == 1:
            for sign in ("-= 1", "= 0"):
                yield after(site, f"{name}[range(len({other})), {other}] {sign}", other)
            for entry in entries_at(site, other, value):
                yield after(site, f"{name}[{entry}] -= 1", entry)
    mine = value_of(site, node.value)
    if is_array(mine) and mine.dtype.kind == "f" and np.min(mine, initial=1.0) > 0:
        for axis in range(mine.ndim if mine.ndim > 1 else 0):
            total = f"{name}.sum(axis={axis}, keepdims=True)"
            yield after(site, f"{name} /= {total}", total, "factor added")


def entries_at(site: Site, name: str, value: Any) -> Iterator[str]:
    """The entries of an array of whole numbers at what the loops count with."""
    for counter in site.loops:
        at = site.values.get(counter)
        if is_whole(at) and int(at or 0) < len(value):
            yield f"{name}[{counter}]"


def after(site: Site, text: str, piece: str, form: str = "term added") -> Made:
    """A statement with another one behind it."""
    added = ast.parse(text).body[0]
    both = ast.If(ast.Constant(True), [site.node, added], [])
    return Made(ast.copy_location(both, site.node), form, parsed(piece))


def shared(site: Site) -> Iterator[Made]:
    """Two names stand for one array, which both of them change: `dV = dU = np.zeros(n)`."""
    node = site.node
    if node is not site.statement or not isinstance(node, ast.Assign):
        return
    many = len(node.targets) > 1 and not any(
        isinstance(t, ast.Tuple | ast.List) for t in node.targets
    )
    if many and is_array(value_of(site, node.value)):
        copied = ast.Call(ast.Attribute(node.value, "copy", ast.Load()), [], [])
        each: list[ast.stmt] = [ast.Assign([target], copied) for target in node.targets]
        both = ast.If(ast.Constant(True), each, [])
        yield Made(ast.copy_location(both, node), "shared", node)


def returned_early(site: Site) -> Iterator[Made]:
    """What should come after a loop is returned in its first round."""
    node = site.node
    if node is not site.statement or not isinstance(node, ast.Return):
        return
    for slot, _ in slots(site.source.definition):
        loop = slot.node
        if isinstance(loop, ast.For) and any(each is node for each in ast.walk(loop)):
            both = ast.copy_location(ast.If(ast.Constant(True), [loop, node], []), loop)
            place = Slot(slot.parent, slot.field, slot.position)
            yield Made(ast.copy_location(ast.Pass(), node), "returned early", node,
                       ((place, both),))  # fmt: skip
            return


def entries_for_constants(site: Site) -> Iterator[Made]:
    """An index was meant that an array has for each round: `t = 0` for `t = best[i, f]`."""
    node, parent = site.node, site.slot.parent
    if not isinstance(node, ast.Constant) or not is_whole(node.value) or not site.loops:
        return
    if not isinstance(parent, ast.Assign) or not isinstance(parent.targets[0], ast.Name):
        return
    counters = [name for name in site.loops if is_whole(site.values.get(name))]
    for name, value in site.values.items():
        if is_array(value) and value.dtype.kind in "iu" and 0 < value.ndim <= len(counters):
            for start in range(len(counters) - value.ndim + 1):
                entry = f"{name}[{', '.join(counters[start : start + value.ndim])}]"
                yield Made(parsed(entry), "index", node)


def other_entry_too(site: Site) -> Iterator[Made]:
    """The same is to be added at another index, or subtracted there: `g[i] += d; g[j] -= d`."""
    node = site.node
    if node is not site.statement or not isinstance(node, ast.AugAssign):
        return
    target = node.target
    if not isinstance(target, ast.Subscript) or not isinstance(target.slice, ast.Name):
        return
    mine = site.values.get(target.slice.id)
    holder = ast.unparse(target.value)
    for name, value in site.values.items():
        if name != target.slice.id and is_index_like(mine, value):
            for sign in "+-":
                place, due = f"{holder}[{name}]", ast.unparse(node.value)
                yield after(site, f"{place} {sign}= {due}", due)


def is_index_like(one: Any, other: Any) -> bool:
    """Whether two values are whole numbers, or arrays of them of one shape."""
    if is_whole(one) or is_whole(other):
        return is_whole(one) and is_whole(other)
    both = is_array(one) and is_array(other) and one.dtype.kind == other.dtype.kind
    return bool(both and one.dtype.kind in "iu" and one.shape == other.shape)


SEQUENCES: tuple[Family, ...] = (
    followers, shared, returned_early, entries_for_constants, other_entry_too,
)  # fmt: skip
