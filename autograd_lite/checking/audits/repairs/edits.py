"""Small changes of a backward pass that undo what people commonly get wrong.

Each takes one place in the syntax tree and says what might have been meant there: another name, a
transpose, another axis, a factor that is missing. Which ones are right is found out by running
them (`repairs`).
"""

import ast
from collections.abc import Iterator
from typing import Any

import numpy as np

from .operators import calls_swapped, functions, operators, signs
from .sites import Edit, Family, Site, is_load, is_slope_text, is_weight, parsed, text_of, value_of

TINY = 1e-2  # a constant below it keeps quotients from overflowing


def edits(sites: list[Site]) -> Iterator[Edit]:
    """All changes of what stands in the sites, the smallest first."""
    for tier in TIERS:
        for site in sites:
            for family in tier:
                for node, kind in family(site):
                    yield Edit(site.source, site.slot, node, kind, site.statement)


# Constants, axes, slices


def constants(site: Site) -> Iterator[tuple[Any, str]]:  # noqa: C901 - a table
    """A number is wrong: a factor, a power, an axis, an index, eps."""
    node = site.node
    if not isinstance(node, ast.Constant):
        return
    parent, value = site.slot.parent, node.value
    if value is not None and not isinstance(value, bool | int | float):
        return
    if isinstance(value, bool) or value is None:
        if isinstance(value, bool):
            yield ast.Constant(not value), "axis"
        if isinstance(parent, ast.keyword) and parent.arg == "axis":
            for axis in (0, 1):
                yield ast.Constant(axis), "axis"
        return
    if isinstance(parent, ast.keyword) and parent.arg == "axis":
        for other_axis in (0, 1, 2, -1, None):
            if other_axis != value:
                yield ast.Constant(other_axis), "axis"
        return
    if isinstance(parent, ast.Slice | ast.Subscript) or (
        isinstance(parent, ast.Tuple) and isinstance(site.slot.field, str) and value == int(value)
    ):
        for other in (value + 1, value - 1, 0, 1, -1):
            if other != value:
                yield ast.Constant(other), "shifted"
        return
    power = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Pow)
    kind = "power" if power and site.slot.field == "right" else "scale"
    if kind == "scale" and 0 < abs(value) < TINY:
        kind = "eps"
    for other in (-value, 1, 2, 0.5, 3, 1.5, 4, value * 2, value / 2, value + 1, value - 1, 0,
                  1 / value if value else 1):  # fmt: skip
        if other != value:
            yield ast.Constant(other), kind


def slices(site: Site) -> Iterator[tuple[Any, str]]:
    """The wrong column or row is dropped, or none."""
    node = site.node
    if isinstance(node, ast.Slice) and node.step is None:
        for text in (":", "1:", ":-1"):
            other = parsed(f"x[{text}]").slice
            if ast.unparse(other) != ast.unparse(node):
                yield other, "bias_column"
    if (
        isinstance(node, ast.Subscript)
        and is_load(node)
        and not isinstance(
            value_of(site, node.value), dict | list | tuple | type(np.r_) | type(np.c_)
        )
    ):
        yield node.value, "bias_column"


def cut(site: Site) -> Iterator[tuple[Any, str]]:
    """A bias column or row has to be dropped."""
    node = site.node
    if not is_load(node) or not isinstance(node, ast.Name | ast.Attribute | ast.Call):
        return
    if isinstance(node, ast.Name) and axes_of(site, node) < 2:
        return
    for index in ("[:, 1:]", "[:, :-1]", "[1:]", "[:-1]"):
        yield parsed(f"{text_of(node)}{index}"), "bias_column"


# Transposes and names


def transposes(site: Site) -> Iterator[tuple[Any, str]]:
    """A transpose is missing, or too much."""
    node = site.node
    if not is_load(node):
        return
    kind = "operand" if in_product(site) else "transposed"
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield node.value, kind
    elif isinstance(node, ast.Name | ast.Subscript | ast.BinOp | ast.Call | ast.Attribute):
        if isinstance(node, ast.Name) and axes_of(site, node) < 2:
            return
        if isinstance(site.slot.parent, ast.Attribute | ast.Subscript):
            return
        yield ast.Attribute(node, "T", ast.Load()), kind


def axes_of(site: Site, node: ast.Name) -> int:
    """How many axes the array that a name stands for has; 0 for other things."""
    value = site.values.get(node.id)
    return value.ndim if isinstance(value, np.ndarray) else 0


def in_product(site: Site) -> bool:
    """Whether an expression is an operand of a matrix product."""
    parent = site.slot.parent
    if isinstance(parent, ast.BinOp):
        return isinstance(parent.op, ast.MatMult)
    return isinstance(parent, ast.Call | ast.Attribute | ast.Starred)


def other_names(site: Site) -> Iterator[tuple[Any, str]]:
    """Another value was meant."""
    node = site.node
    if not isinstance(node, ast.Name) or not is_load(node):
        return
    mine = site.values.get(node.id)
    for name, value in site.values.items():
        if name != node.id and compatible(mine, value):
            yield ast.Name(name, ast.Load()), name_kind(site, node.id, name)


def other_fields(site: Site) -> Iterator[tuple[Any, str]]:
    """Another entry of a dict, or attribute of an object, was meant."""
    node = site.node
    if not is_load(node):
        return
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        holder = value_of(site, node.value)
        if isinstance(holder, dict):
            mine = holder.get(node.slice.value)
            for key, value in holder.items():
                if key != node.slice.value and compatible(mine, value):
                    other = ast.Subscript(node.value, ast.Constant(key), ast.Load())
                    yield other, "weights" if any_weight(site, mine, value) else "operand"
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        holder = site.values.get(node.value.id)
        fields = getattr(holder, "__dict__", {})
        if node.attr in fields:
            for name, value in fields.items():
                if name != node.attr and compatible(fields[node.attr], value):
                    field = ast.Attribute(node.value, name, ast.Load())
                    yield field, "weights" if any_weight(site, fields[node.attr]) else "operand"


def any_weight(site: Site, *values: Any) -> bool:
    """Whether one of the values is that of a parameter."""
    weights = [site.values[name] for name in site.weights]
    return any(is_weight(value, weights) for value in values)


def compatible(one: Any, other: Any) -> bool:
    """Whether a value could stand in the place of another."""
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one.ndim == other.ndim or one.size == other.size
    numbers = (int, float, np.generic)
    return isinstance(one, numbers) and isinstance(other, numbers)


def name_kind(site: Site, mine: str, other: str) -> str:
    """What it means that another name was meant."""
    statement = site.statement
    if {mine, other} & site.weights:
        return "weights"
    if is_slope_text(statement):
        return "slope"
    if isinstance(site.slot.parent, ast.Compare):
        return "mask"
    if not isinstance(site.values.get(other), np.ndarray):
        return "scale"
    return "operand"


TIERS: tuple[tuple[Family, ...], ...] = (
    (signs, operators, functions, calls_swapped, constants, slices, transposes),
    (other_names, other_fields, cut),
)
