"""Small changes of a backward pass that undo what people commonly get wrong.

Each takes one place in the syntax tree and says what might have been meant there: another name, a
transpose, another axis, a factor that is missing. Which ones are right is found out by running
them (`repairs`).
"""

import ast
import copy
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from ..running.sources import Slot, Source, slots

Values = dict[str, Any]
TINY = 1e-2  # a constant below it keeps quotients from overflowing


class Edit(NamedTuple):
    """A new node for a slot of a source, the kind of mistake that it undoes, and its statement."""

    source: Source
    slot: Slot
    node: Any
    kind: str
    statement: ast.stmt


class Site(NamedTuple):
    """An expression of a backward pass, with the statement around it and the values in reach."""

    source: Source
    slot: Slot
    statement: ast.stmt
    values: Values
    weights: frozenset[str]  # names of parameters' values

    @property
    def node(self) -> Any:
        """The expression."""
        return self.slot.node


Family = Callable[[Site], Iterator[tuple[Any, str]]]


def sites_of(sources: list[Source], values: dict[str, Values], parameters: Any) -> list[Site]:
    """Every expression and statement of the sources."""
    sites = []
    for source in sources:
        own = values.get(source.definition.name, {})
        weights = frozenset(name for name, value in own.items() if is_weight(value, parameters))
        sites += [Site(source, slot, statement, own, weights)
                  for slot, statement in slots(source.definition)
                  if statement is not None and in_body(source, slot)]  # fmt: skip
    return sites


def edits(sites: list[Site]) -> Iterator[Edit]:
    """All changes of what stands in the sites, the smallest first."""
    for tier in TIERS:
        for site in sites:
            for family in tier:
                for node, kind in family(site):
                    yield Edit(site.source, site.slot, node, kind, site.statement)


def in_body(source: Source, slot: Slot) -> bool:
    """Whether a slot is none of the function's parameters."""
    return not (slot.parent is source.definition and slot.field == "args")


def is_weight(value: Any, parameters: Any) -> bool:
    """Whether a value is that of a parameter."""
    return isinstance(value, np.ndarray) and any(
        value.shape == parameter.shape and np.array_equal(value, parameter)
        for parameter in parameters
    )


def is_load(node: Any) -> bool:
    """Whether an expression is read, and not assigned to."""
    return isinstance(node, ast.expr) and not isinstance(
        getattr(node, "ctx", ast.Load()), ast.Store | ast.Del
    )


def mentions(node: ast.AST, kinds: Any) -> bool:
    """Whether there is a node of these kinds in a tree."""
    return any(isinstance(each, kinds) for each in ast.walk(node))


def names_in(node: ast.AST) -> set[str]:
    """The names that are read in a tree."""
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def parsed(text: str) -> Any:
    """An expression from its text."""
    return ast.parse(text, mode="eval").body


def text_of(node: ast.AST) -> str:
    """The text of an expression, in brackets where needed."""
    text = ast.unparse(node)
    simple = isinstance(node, ast.Name | ast.Constant | ast.Attribute | ast.Subscript | ast.Call)
    return text if simple else f"({text})"


# Operators


def signs(site: Site) -> Iterator[tuple[Any, str]]:
    """A sign is wrong."""
    node = site.node
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and is_load(node):
        yield node.operand, "scale"
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        other = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
        kind = "scale" if not is_regularisation(site, node.right) else "regularisation"
        yield ast.BinOp(node.left, other, node.right), kind


def operators(site: Site) -> Iterator[tuple[Any, str]]:
    """A factor or term is too much, a product stands for a quotient, operands are swapped."""
    node = site.node
    if not isinstance(node, ast.BinOp):
        return
    if isinstance(node.op, ast.Mult | ast.Div):
        other = ast.Div() if isinstance(node.op, ast.Mult) else ast.Mult()
        yield ast.BinOp(node.left, other, node.right), factor_kind(site, node.right, "power")
        yield node.left, factor_kind(site, node.right)
        if isinstance(node.op, ast.Mult):
            yield node.right, factor_kind(site, node.left)
    elif isinstance(node.op, ast.Add | ast.Sub):
        for kept, dropped in ((node.left, node.right), (node.right, node.left)):
            yield kept, term_kind(site, dropped)
    elif isinstance(node.op, ast.MatMult):
        yield ast.BinOp(node.right, node.op, node.left), "operand"
    elif isinstance(node.op, ast.Pow):
        yield node.left, "power"


def calls_swapped(site: Site) -> Iterator[tuple[Any, str]]:
    """The operands of a product are in the wrong order."""
    node = site.node
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return
    if node.func.attr in ("dot", "matmul") and len(node.args) == 2:
        yield ast.Call(node.func, [node.args[1], node.args[0]], node.keywords), "operand"
    elif node.func.attr == "dot" and len(node.args) == 1:
        func = ast.Attribute(node.args[0], "dot", ast.Load())
        yield ast.Call(func, [node.func.value], node.keywords), "operand"


def is_regularisation(site: Site, node: ast.AST) -> bool:
    """Whether a term is a multiple of a parameter's own value."""
    return bool(names_in(node) & site.weights) and not mentions(node, ast.MatMult | ast.Call)


def term_kind(site: Site, node: ast.AST) -> str:
    """What it means that a term is too much."""
    return "regularisation" if is_regularisation(site, node) else "twice"


def value_of(site: Site, node: ast.AST) -> Any:
    """The value of a simple expression at the end of the function, or None."""
    try:
        code = compile(ast.fix_missing_locations(ast.Expression(copy.deepcopy(node))), "", "eval")  # type: ignore[arg-type]
        with np.errstate(all="ignore"):
            return eval(code, site.source.function.__globals__, dict(site.values))
    except Exception:  # noqa: BLE001 - it need not be defined any more
        return None


def factor_kind(site: Site, node: ast.AST, other: str | None = None) -> str:  # noqa: PLR0911 - a table
    """What a factor is: a constant, a mask, a slope, a power, a regularisation or another array."""
    if is_slope_text(node):
        return "slope"
    if mentions(node, ast.Compare):
        return "mask"
    value = value_of(site, node) if not mentions(node, ast.Call) else None
    if isinstance(value, int | float | np.generic):
        return "regularisation" if touches_regularisation(site) else "scale"
    if isinstance(value, np.ndarray) and value.size > 2 and is_mask(value):
        return "mask"
    if isinstance(node, ast.Constant):
        return "scale"
    if isinstance(node, ast.Attribute | ast.Subscript) and "shape" in ast.unparse(node):
        return "scale"
    if mentions(node, ast.Call) and ast.unparse(node).startswith("len("):
        return "scale"
    return other or "factor"


def touches_regularisation(site: Site) -> bool:
    """Whether an expression stands in a term that is a multiple of a parameter."""
    return is_regularisation(site, site.node)


def is_mask(value: Any) -> bool:
    """Whether an array consists of zeros and one other number."""
    levels = np.unique(np.asarray(value, np.float64))
    return len(levels) == 2 and levels[0] == 0


def is_slope_text(node: ast.AST) -> bool:
    """Whether an expression looks like v * (1 - v) or 1 - v**2."""
    for each in ast.walk(node):
        if isinstance(each, ast.BinOp) and isinstance(each.op, ast.Sub):
            one = isinstance(each.left, ast.Constant) and each.left.value in (1, 1.0)
            if one and not isinstance(each.right, ast.Constant):
                return True
    return False


AVERAGES = {"sum": ("mean",), "mean": ("sum",), "average": ("sum",), "maximum": ("minimum",)}


def functions(site: Site) -> Iterator[tuple[Any, str]]:
    """A sum stands for an average, or the other way round; a function is too much."""
    node = site.node
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return
    for other in AVERAGES.get(node.func.attr, ()):
        func = ast.Attribute(node.func.value, other, ast.Load())
        yield ast.Call(func, node.args, node.keywords), "scale"
    if len(node.args) == 1:
        yield node.args[0], "axis" if node.func.attr in ("sum", "mean") else "slope"
    if node.keywords:
        for at in range(len(node.keywords)):
            rest = node.keywords[:at] + node.keywords[at + 1 :]
            yield ast.Call(node.func, node.args, rest), "axis"


# Constants, axes, slices


def constants(site: Site) -> Iterator[tuple[Any, str]]:  # noqa: C901 - a table
    """A number is wrong: a factor, a power, an axis, an index, eps."""
    node = site.node
    if not isinstance(node, ast.Constant) or isinstance(node.value, str | bytes):
        return
    parent, value = site.slot.parent, node.value
    if isinstance(value, bool) or value is None:
        if isinstance(value, bool):
            yield ast.Constant(not value), "axis"
        if isinstance(parent, ast.keyword) and parent.arg == "axis":
            for axis in (0, 1):
                yield ast.Constant(axis), "axis"
        return
    if isinstance(parent, ast.keyword) and parent.arg == "axis":
        for axis in (0, 1, 2, -1, None):
            if axis != value:
                yield ast.Constant(axis), "axis"
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
    if isinstance(node, ast.Subscript) and is_load(node):
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
                    other = ast.Attribute(node.value, name, ast.Load())
                    yield other, "weights" if any_weight(site, fields[node.attr]) else "operand"


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
