"""Running sums that begin at the wrong end: `np.cumsum(a)` for `np.cumsum(a[::-1])[::-1]`."""

import ast
from collections.abc import Iterator
from typing import Any

from .sites import Family, Made, Site, is_load, parsed, text_of, value_of
from .vocabulary import is_array

RUNNING = ("cumsum", "cumprod")
MOST_AXES = 3


def running_sums(site: Site) -> Iterator[Made]:
    """A running sum begins at the other end."""
    node = site.node
    if not is_load(node):
        return
    inner = turned_back(node)
    call = node if inner is None else inner
    if not isinstance(call, ast.Call) or getattr(call.func, "attr", "") not in RUNNING:
        return
    value = value_of(site, call)
    if not is_array(value) or value.ndim > MOST_AXES:
        return
    summed, axis = what_and_axis(call, value.ndim)
    if axis is None:
        return
    index = "[" + ", ".join([":"] * axis + ["::-1"]) + "]"
    plain = turned_back(summed)
    start = text_of(summed if plain is None else plain)
    along = f", axis={axis}" if value.ndim > 1 else ""
    name = f"np.{call.func.attr}"  # type: ignore[attr-defined]
    for first, last in ((index, index), ("", ""), ("", index), (index, "")):
        if (plain is None, inner is None) != (not first, not last):
            yield Made(parsed(f"{name}({start}{first}{along}){last}"), "direction", node)


def missing_sums(site: Site) -> Iterator[Made]:
    """A running sum is missing, from either end."""
    node = site.node
    if not isinstance(node, ast.Name) or not is_load(node):
        return
    value = value_of(site, node)
    if is_array(value) and value.ndim == 1 and value.dtype.kind == "f" and len(value) > 1:
        for text in (f"np.cumsum({node.id})", f"np.cumsum({node.id}[::-1])[::-1]"):
            yield Made(parsed(text), "direction", node)


def what_and_axis(call: ast.Call, axes: int) -> tuple[Any, int | None]:
    """What a running sum goes through, and along which axis; None if that is not plain."""
    method = not isinstance(call.func, ast.Attribute) or ast.unparse(call.func.value) not in (
        "np", "numpy",
    )  # fmt: skip
    arguments: list[Any] = [call.func.value, *call.args] if method else list(call.args)  # type: ignore[attr-defined]
    given = [each.value for each in call.keywords if each.arg == "axis"] + arguments[1:2]
    if not given:
        return arguments[0] if arguments else None, 0 if axes == 1 and arguments else None
    try:
        axis = ast.literal_eval(given[0])
    except ValueError:
        return None, None
    return arguments[0], axis % axes if isinstance(axis, int) else None


def turned_back(node: Any) -> Any:
    """What is turned round in a node: `a` of `a[::-1]`; None if nothing is."""
    if isinstance(node, ast.Subscript):
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        texts = [ast.unparse(part) for part in parts if ast.unparse(part) != ":"]
        return node.value if texts == ["::-1"] else None
    if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("flip", "flipud"):
        return node.args[0] if node.args else None
    return None


DIRECTIONS: tuple[Family, ...] = (running_sums,)
DIRECTION_EXCHANGES: tuple[Family, ...] = (missing_sums,)
