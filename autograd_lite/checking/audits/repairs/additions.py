"""Changes of a backward pass that put in what is missing: a factor, a slope, a sum, a term."""

import ast
from collections.abc import Iterator
from typing import Any

import numpy as np

from .sites import Edit, Site, is_load, is_mask, parsed, text_of

MOST_NAMES = 24
SKIPPED = ast.Tuple | ast.Dict | ast.Constant | ast.Slice | ast.Starred


def additions(sites: list[Site]) -> Iterator[Edit]:
    """All additions to the sites: to whole statements first, then to what they consist of."""
    places = [site for site in sites if can_lack(site)]
    for make in (statements, sums, scales, slopes, arrays, terms):
        for site in places:
            for node, kind in make(site):
                yield Edit(site.source, site.slot, node, kind, site.statement)


def can_lack(site: Site) -> bool:
    """Whether something may be missing: right-hand sides, what is returned, operands."""
    slot = site.slot
    if slot.node is site.statement:
        return True
    if not isinstance(slot.node, ast.expr):
        return False
    whole = isinstance(slot.parent, ast.Assign | ast.AugAssign | ast.Return)
    item = isinstance(slot.parent, ast.Tuple | ast.Dict)
    operand = isinstance(slot.parent, ast.Call) and slot.field == "args"
    return (
        (whole and slot.field == "value") or item or operand or isinstance(slot.parent, ast.BinOp)
    )


def numbers_in_reach(site: Site) -> dict[str, str]:
    """Expressions of numbers by which something may be multiplied, and their kinds."""
    found = {"2": "scale", "0.5": "scale"}
    for name, value in site.values.items():
        if isinstance(value, int | float | np.number) and not isinstance(value, bool | np.bool_):
            found[name] = "scale"
        elif isinstance(value, np.ndarray) and value.ndim:
            for axis in range(min(value.ndim, 4)):
                found.setdefault(f"{name}.shape[{axis}]", "scale")
    return dict(list(found.items())[: 2 * MOST_NAMES])


def is_expression(site: Site) -> bool:
    """Whether the site is an expression that is read."""
    return isinstance(site.node, ast.expr) and is_load(site.node)


def sums(site: Site) -> Iterator[tuple[Any, str]]:
    """A sum over an axis is missing, or a shape."""
    if not is_expression(site) or isinstance(site.node, SKIPPED):
        return
    text = text_of(site.node)
    for axis in ("axis=0", "axis=1", "axis=-1", "axis=0, keepdims=True", "axis=1, keepdims=True",
                 "axis=(0, 2, 3)", "axis=(0, 1)"):  # fmt: skip
        yield parsed(f"{text}.sum({axis})"), "axis"
    yield parsed(f"{text}.mean(axis=0)"), "axis"
    for name, value in site.values.items():
        if isinstance(value, np.ndarray) and value.ndim:
            yield parsed(f"{text}.reshape({name}.shape)"), "shape"


def scales(site: Site) -> Iterator[tuple[Any, str]]:
    """A constant factor is missing."""
    if not is_expression(site) or isinstance(site.node, SKIPPED):
        return
    text = text_of(site.node)
    yield parsed(f"-{text}"), "scale"
    for number, kind in numbers_in_reach(site).items():
        yield parsed(f"{text} / {number}"), kind
        yield parsed(f"{text} * {number}"), kind


def statements(site: Site) -> Iterator[tuple[Any, str]]:
    """A statement assigns where it should add, adds where it should assign, or is too much."""
    node = site.node
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        target = node.targets[0]
        if isinstance(target, ast.Subscript | ast.Name | ast.Attribute):
            yield ast.AugAssign(target, ast.Add(), node.value, lineno=node.lineno), "overwritten"
    if isinstance(node, ast.AugAssign):
        yield ast.Assign([node.target], node.value, lineno=node.lineno), "accumulated"
        other = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
        yield ast.AugAssign(node.target, other, node.value, lineno=node.lineno), "scale"
    if isinstance(node, ast.AugAssign | ast.Assign | ast.Expr):
        updated = bool({each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
                       & site.weights)  # fmt: skip
        yield ast.Pass(lineno=node.lineno), "weights" if updated else "modified"


def same_shape(site: Site) -> Iterator[tuple[str, Any]]:
    """The arrays in reach that broadcast against the value of the site, as far as it is known."""
    mine = None
    if isinstance(site.node, ast.Name):
        mine = site.values.get(site.node.id)
    elif isinstance(site.statement, ast.Assign) and site.slot.parent is site.statement:
        target = site.statement.targets[0]
        mine = site.values.get(target.id) if isinstance(target, ast.Name) else None
    count = 0
    for name, value in site.values.items():
        if isinstance(value, np.ndarray) and value.ndim and value.dtype.kind in "fb":
            if isinstance(mine, np.ndarray) and value.shape != mine.shape:
                continue
            count += 1
            if count > MOST_NAMES:
                return
            yield name, value


def slopes(site: Site) -> Iterator[tuple[Any, str]]:
    """The derivative of an activation is missing."""
    if not is_expression(site) or isinstance(site.node, SKIPPED):
        return
    text = text_of(site.node)
    for name, value in same_shape(site):
        yield parsed(f"{text} * {name} * (1 - {name})"), "slope"
        yield parsed(f"{text} * (1 - {name} ** 2)"), "slope"
        yield parsed(f"{text} * ({name} > 0)"), "mask"
        if value.ndim == 2 and value.shape[1] > 1:
            yield parsed(f"{text} * {name}[:, 1:] * (1 - {name}[:, 1:])"), "slope"


def arrays(site: Site) -> Iterator[tuple[Any, str]]:
    """A factor is missing."""
    if not is_expression(site) or isinstance(site.node, SKIPPED):
        return
    text = text_of(site.node)
    for name, value in same_shape(site):
        kind = "mask" if is_mask(value) else "factor"
        yield parsed(f"{text} * {name}"), kind
        yield parsed(f"{text} / {name}"), kind


def terms(site: Site) -> Iterator[tuple[Any, str]]:
    """A term is missing."""
    if not is_expression(site) or isinstance(site.node, SKIPPED):
        return
    text = text_of(site.node)
    for name, _ in same_shape(site):
        kind = "regularisation" if name in site.weights else "path"
        yield parsed(f"{text} + {name}"), kind
        yield parsed(f"{text} - {name}"), kind
        if name in site.weights:
            for number in numbers_in_reach(site):
                yield parsed(f"{text} + {number} * {name}"), kind
