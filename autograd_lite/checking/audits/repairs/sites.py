"""The places of a backward pass where something else may have been meant, and what stands there."""

import ast
import copy
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from ..running.sources import Slot, Source, slots

Values = dict[str, Any]


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
