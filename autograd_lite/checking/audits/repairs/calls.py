"""Mistakes in calls: one that is missing, the axis of one, and what becomes of its result."""

import ast
from collections.abc import Iterator
from types import FunctionType

import numpy as np

from ..running.sources import Slot
from .sites import Family, Made, Site, is_load, parsed, value_of
from .vocabulary import is_array

MOST_FUNCTIONS = 8
AXES = ("axis", "ax", "dim", "axes")


def functions_of_one(site: Site) -> list[str]:
    """The names of functions that can be called with one argument: of those that may be called."""
    names = site.source.function.__globals__
    own = site.source.function
    found = []
    for name, value in names.items():
        if value is not own and isinstance(value, FunctionType) and value in site.words.functions:
            code = value.__code__
            needed = code.co_argcount - len(value.__defaults__ or ())
            keywords = code.co_kwonlyargcount > len(value.__kwdefaults__ or {})
            if needed <= 1 <= code.co_argcount and not keywords and "self" not in code.co_varnames:
                found.append(name)
    return found[:MOST_FUNCTIONS]


def calls_added(site: Site) -> Iterator[Made]:
    """A function of the module should be called with an array: `rel` for `top_one(rel)`."""
    node = site.node
    if not isinstance(node, ast.Name | ast.Attribute | ast.Subscript) or not is_load(node):
        return
    mine = value_of(site, node)
    if not is_array(mine) or isinstance(site.slot.parent, ast.Attribute | ast.Subscript):
        return
    for name in functions_of_one(site):
        value = site.words.evaluated(f"{name}(({ast.unparse(node)}).copy())")
        if is_array(value) and value.shape == mine.shape and not np.array_equal(value, mine):
            yield Made(parsed(f"{name}({ast.unparse(node)})"), "call added", parsed(name))


def absolutes(site: Site) -> Iterator[Made]:
    """What is compared is a size: `np.abs(r) <= delta`."""
    node, parent = site.node, site.slot.parent
    if not isinstance(parent, ast.Compare) or isinstance(node, ast.Constant):
        return
    value = value_of(site, node)
    if is_array(value) and value.dtype.kind == "f" and np.min(value, initial=0) < 0:
        yield Made(parsed(f"np.abs({ast.unparse(node)})"), "power", node)


def axes_by_position(site: Site) -> Iterator[Made]:
    """The axis of a function of the user's is wrong: `softmax(x, 1)`."""
    node, call = site.node, site.slot.parent
    if not isinstance(call, ast.Call) or site.slot.field != "args":
        return
    function = value_of(site, call.func)
    if not isinstance(function, FunctionType) or site.slot.position is None:
        return
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    if site.slot.position < len(names) and names[site.slot.position] in AXES:
        for axis in (0, 1, 2, -1, -2, None):
            if repr(axis) != ast.unparse(node):
                yield Made(parsed(str(axis)), "axis")


def handed_on(site: Site) -> Iterator[Made]:
    """The result of a step is not given to the next: `_, dW = step(dA)` for `dA, dW = step(dA)`."""
    node, statement = site.node, site.statement
    if not isinstance(statement, ast.Assign) or not site.loops:
        return
    targets = {each.id for target in statement.targets for each in ast.walk(target)
               if isinstance(each, ast.Name)}  # fmt: skip
    read = [each.id for each in ast.walk(statement.value) if isinstance(each, ast.Name)]
    names = [name for name in dict.fromkeys(read)
             if name not in targets and is_array(site.values.get(name))]  # fmt: skip
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        for name in names if isinstance(site.slot.parent, ast.Tuple) else ():
            yield Made(ast.Name(name, ast.Store()), "name", node)
    elif node is statement and isinstance(statement.targets[0], ast.Name):
        for name in names if isinstance(statement.value, ast.Call) else ():
            both: list[ast.expr] = [ast.Name(name, ast.Store()), *statement.targets]
            new = ast.copy_location(ast.Assign(both, statement.value), statement)
            yield Made(new, "name", statement.targets[0])


def nested(site: Site) -> Iterator[Made]:
    """Two functions are called in the wrong order: `tanh(with_bias(z))`."""
    node = site.node
    if not isinstance(node, ast.Call) or len(node.args) != 1 or node.keywords:
        return
    inner = node.args[0]
    one = isinstance(inner, ast.Call) and len(inner.args) == 1 and not inner.keywords
    if one and ast.unparse(inner.func) != ast.unparse(node.func):  # type: ignore[attr-defined]
        turned = ast.Call(inner.func, [ast.Call(node.func, inner.args, [])], [])  # type: ignore[attr-defined]
        yield Made(turned, "call order", node)


def exchanged_with_next(site: Site) -> Iterator[Made]:
    """Two calls of a function that follow each other have one another's argument."""
    node, slot = site.node, site.slot
    if node is not site.statement or slot.position is None or not isinstance(node, CALLING):
        return
    following = getattr(slot.parent, slot.field)[slot.position + 1 :][:1]
    call, other = node.value, following[0].value if following and isinstance(
        following[0], CALLING) else None  # fmt: skip
    if not isinstance(call, ast.Call) or not isinstance(other, ast.Call):
        return
    if ast.unparse(call.func) != ast.unparse(other.func) or len(call.args) != len(other.args):
        return
    for at, (one, two) in enumerate(zip(call.args, other.args, strict=True)):
        if ast.unparse(one) != ast.unparse(two) and not isinstance(one, ast.Starred):
            first, second = Slot(call, "args", at), Slot(other, "args", at)
            place = Site(site.source, first, *site[2:])
            if can_be_given(place, two):
                yield Made(node, "exchange", one, ((first, two), (second, one)))


def can_be_given(site: Site, node: ast.expr) -> bool:
    """Whether a value is there before a statement."""
    return value_of(site, node) is not None


CALLING = ast.Expr | ast.Assign | ast.AugAssign
CALL_SLIPS: tuple[Family, ...] = (
    absolutes,
    axes_by_position,
    handed_on,
    nested,
    exchanged_with_next,
)
CALL_EXCHANGES: tuple[Family, ...] = (calls_added,)
