"""Mistakes in masks: the other half, none at all, that of another comparison."""

import ast
from collections.abc import Iterator

import numpy as np

from .indices import counters
from .sites import Family, Made, Site, is_load, parsed, text_of, value_of
from .vocabulary import is_array, is_number

MOST = 40


def inverted(site: Site) -> Iterator[Made]:
    """The entries that a mask leaves out were meant."""
    node = site.node
    if isinstance(node, ast.Name | ast.Attribute | ast.Subscript) and is_load(node):
        value = value_of(site, node)
        whole = isinstance(site.slot.parent, ast.Subscript) and site.slot.field == "slice"
        if whole and is_array(value) and value.dtype.kind == "b":
            yield Made(ast.UnaryOp(ast.Invert(), node), "comparison")


def equalities(site: Site) -> Iterator[Made]:
    """What is compared is not to be equal, but larger or smaller."""
    node = site.node
    if not isinstance(node, ast.Compare) or len(node.ops) != 1:
        return
    if isinstance(node.ops[0], ast.Eq | ast.NotEq):
        other = ast.NotEq() if isinstance(node.ops[0], ast.Eq) else ast.Eq()
        for kind in (other, ast.Gt(), ast.Lt()):
            yield Made(ast.Compare(node.left, [kind], node.comparators), "comparison")


def constant_tests(site: Site) -> Iterator[Made]:
    """A condition is always the same: `if True` for `if margin > 0`."""
    node = site.node
    if not isinstance(node, ast.Constant) or site.slot.field != "test":
        return
    for name, value in site.words.numbers.items():
        if isinstance(value, float | np.floating):
            for sign in "><":
                yield Made(parsed(f"{name} {sign} 0"), "mask", node)


def room(site: Site) -> tuple[int, ...] | None:
    """The shape that an array in a place may have, if that is known."""
    parent = site.slot.parent
    for node in (site.node, parent if isinstance(parent, ast.BinOp) else None):
        value = None if node is None else value_of(site, node)
        if is_array(value):
            shape: tuple[int, ...] = value.shape
            return shape
    return None


def selections(site: Site) -> list[str]:
    """Masks of the shape of a place: where an index is that of the round, where a maximum is."""
    shape = room(site)
    found: list[str] = []
    for name, value in site.words.arrays.items() if shape is not None else ():
        if value.shape != shape:
            continue
        if value.dtype.kind in "iu":
            found += [f"({name} == {counter})" for counter in counters(site)]
        elif value.dtype.kind == "b":
            found.append(name)
        elif value.dtype.kind == "f":
            found += [f"({name} > 0)", f"({name} == np.max({name}))"]
    return found[:MOST]


def masks_left_out(site: Site) -> Iterator[Made]:
    """All entries are taken where a mask should choose some: `dout * 1.0`, `np.ones(shape)`."""
    node = site.node
    if not isinstance(node, ast.expr) or not is_load(node):
        return
    value = value_of(site, node)
    if isinstance(node, ast.Constant | ast.Call) and is_one(value):
        for text in selections(site):
            yield Made(parsed(text), "mask", node)
    product = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div)
    if product and is_array(value) and is_number(value_of(site, node.right)):
        for text in selections(site):
            yield Made(parsed(f"{text_of(node.left)} * {text}"), "mask", node.right)


def maxima_left_out(site: Site) -> Iterator[Made]:
    """All entries get what only the largest along an axis is due."""
    node = site.node
    whole = isinstance(site.slot.parent, ast.Assign | ast.AugAssign) and site.slot.field == "value"
    mine = value_of(site, node) if whole and isinstance(node, ast.expr) else None
    if not is_array(mine) or mine.ndim < 2 or mine.dtype.kind != "f":
        return
    for name, value in site.words.arrays.items():
        if value.ndim == mine.ndim and value.dtype.kind == "f":
            for axis in range(value.ndim if fits_along(mine.shape, value.shape) else 0):
                mask = f"({name} == {name}.max(axis={axis}, keepdims=True))"
                yield Made(parsed(f"{text_of(node)} * {mask}"), "mask", node)


def fits_along(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Whether one shape is another, but for axes of length one."""
    return one != () and all(n in (1, m) for n, m in zip(one, other, strict=True))


def is_one(value: object) -> bool:
    """Whether a value is one, or an array of ones."""
    if is_number(value) or is_array(value):
        return bool(np.all(np.asarray(value) == 1))
    return False


def windows(site: Site) -> Iterator[Made]:
    """The largest of something else was meant: `np.max(window)` for `np.max(x[n, c])`."""
    node, parent = site.node, site.slot.parent
    if not isinstance(node, ast.Subscript | ast.Name | ast.Attribute) or not is_load(node):
        return
    if not isinstance(parent, ast.Call) or site.slot.field != "args":
        return
    mine = value_of(site, node)
    if getattr(parent.func, "attr", "") in ("max", "min", "amax", "amin") and is_array(mine):
        for name, value in site.words.arrays.items():
            if value.dtype.kind == "f" and value.shape != mine.shape:
                yield Made(parsed(name), "mask", node)


def arrays_for_masks(site: Site) -> Iterator[Made]:
    """A mask stands where the array that a soft function has was meant."""
    node = site.node
    if not isinstance(node, ast.Compare):
        return
    mine = value_of(site, node)
    for name, value in site.words.arrays.items() if is_array(mine) else ():
        if value.shape == mine.shape and value.dtype.kind == "f":
            yield Made(parsed(name), "slope", node)


MASKS: tuple[Family, ...] = (inverted, equalities, constant_tests)
MASK_EXCHANGES: tuple[Family, ...] = (maxima_left_out, masks_left_out, windows, arrays_for_masks)
