"""Which gradient is whose, of those that a backward pass returned, in the forms that people write.

return dx, dW, db              in the order of the arrays, or by the names in the source
return {"dW": dW, "db": db}    by name
return nabla_b, nabla_w        lists for self.biases[0] ..., or for self.layers[0].bias ...
"""

import ast
import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from textwrap import dedent
from typing import Any

import numpy as np

from .holdings import meant_by
from .problems import plain_name

Shape = tuple[int, ...]
Keys = Mapping[str, tuple[str, ...]]
Labelled = list[tuple[str, Any]]  # what was returned, with its name in the source or ""


class Due:
    """The arrays of which gradients are due: their names and shapes.

    `keys` are shorter names, by which a dict may call them as well.
    """

    def __init__(self, shapes: Mapping[str, Shape], keys: Keys | None = None) -> None:
        self.shapes = shapes
        self.keys = {name: (name, *(keys or {}).get(name, ())) for name in shapes}

    def fits(self, found: Mapping[str, Any]) -> bool:
        """Whether all gradients have the shapes that are due."""
        return all(shape_of(value) == self.shapes[name] for name, value in found.items())


def gradients_of(
    result: Any, due: Due, called: Sequence[str], ordered: bool = True, loss: Any = None
) -> dict[str, Any]:
    """The gradients that a backward pass returned, by the names of what they belong to.

    `called` are the names of what was returned in the source. Those decide where the order does
    not fit the shapes, or where there is none that a caller could know: unless `ordered`. The
    loss may stand beside them.
    """
    if isinstance(result, dict):
        return by_key(result, due)
    values = list(result) if isinstance(result, tuple | list) else [result]
    known = called[len(called) - len(values) :]  # the loss may have stood before them
    if len(known) != len(values):
        known = [""] * len(values)
    labelled = [(label, value) for label, value in zip(known, values, strict=True)
                if not is_loss(value, loss)]  # fmt: skip
    found, rest = lists_apart(labelled, due)
    left = Due({name: shape for name, shape in due.shapes.items() if name not in found}, due.keys)
    in_order = found | by_order([value for _, value in rest], left)
    if ordered and len(rest) == len(left.shapes) and due.fits(in_order):
        return in_order
    named = by_exact_name(rest, left, not ordered)
    if named is not None and (not ordered or left.fits(named)):
        return found | named
    if due.fits(in_order):
        return in_order
    alike = by_likeness(rest, left)
    return in_order if alike is None else found | alike


def is_loss(value: Any, loss: Any) -> bool:
    """Whether a number is the loss itself."""
    return loss is not None and value is not None and shape_of(value) == () and bool(value == loss)


def shape_of(value: Any) -> Shape | None:
    """The shape of an array, number or list; None of a list of arrays of several shapes."""
    try:
        return tuple(np.shape(value))
    except ValueError:
        return None


def by_key(result: dict[Any, Any], due: Due) -> dict[str, Any]:
    """The gradients in a dict."""
    by_name = {plain_name(str(key)): value for key, value in result.items()} | result
    keys = {name: next((key for key in due.keys[name] if key in by_name), name)
            for name in due.shapes}  # fmt: skip
    found = {name: by_name.get(key) for name, key in keys.items()}
    return {name: value for name, value in found.items() if value is not None}


def by_order(values: list[Any], due: Due) -> dict[str, Any]:
    """The gradients in the order of the names."""
    if len(values) > len(due.shapes):
        values = [value for value in values if value is not None][: len(due.shapes)]
    pairs = zip(due.shapes, values, strict=False)
    return {name: value for name, value in pairs if value is not None}


def by_exact_name(rest: Labelled, due: Due, partly: bool = False) -> dict[str, Any] | None:
    """The gradients by their names in the source, if each of those is known.

    If `partly`, some may be unknown, whose gradients are those of the other arrays in their order.
    """
    known = {key: name for name in due.shapes for key in due.keys[name]}
    rest = gradients_among(rest, due) if partly else rest
    order = [next((known[each] for each in meant_by(label) if each in known), None)
             for label, _ in rest]  # fmt: skip
    sure = [name for name in order if name is not None]
    if not sure or len(set(sure)) < len(sure) or (None in order and not partly):
        return None
    found = {name: value for name, (_, value) in zip(order, rest, strict=True) if name is not None}
    others = [value for name, (_, value) in zip(order, rest, strict=True) if name is None]
    free = {name: shape for name, shape in due.shapes.items() if name not in found}
    left = Due(free, due.keys)
    if others and (len(others) > len(free) or not left.fits(by_order(others, left))):
        return None
    found |= by_order(others, left) if others else {}
    return {name: value for name, value in found.items() if value is not None}


def gradients_among(rest: Labelled, due: Due) -> Labelled:
    """What is called as a gradient, and no state, unless there is one for each array."""
    if len(rest) == len(due.shapes):
        return rest
    return [(label, value) for label, value in rest if meant_by(label)]


def by_likeness(rest: Labelled, due: Due) -> dict[str, Any] | None:
    """The gradients by names that begin alike, `dh_prev` for `H`, and the others by their shapes.

    None if no name is alike, or if one of the gradients belongs nowhere.
    """
    found: dict[str, Any] = {}
    others: list[Any] = []
    for label, value in gradients_among(rest, due):
        names = [name for name in alike(label, due) if name not in found]
        if len(names) > 1:
            names = [name for name in names if due.shapes[name] == shape_of(value)]
        if len(names) == 1:
            found[names[0]] = value
        else:
            others.append(value)
    if not found:
        return None
    for value in others:
        free = [name for name, shape in due.shapes.items()
                if name not in found and shape == shape_of(value)]  # fmt: skip
        if not free:
            return None
        found[free[0]] = value
    return {name: found[name] for name in due.shapes if name in found}


def alike(label: str, due: Due) -> list[str]:
    """The arrays whose names begin as that of a gradient does: the same ones, if there are any."""
    for same in (True, False):
        found = [
            name for name in due.shapes
            if any(begins(own.lower(), last_name(key).lower(), same)
                   for own in meant_by(label) for key in due.keys[name])
        ]  # fmt: skip
        if found:
            return found
    return []


def begins(one: str, other: str, same: bool) -> bool:
    """Whether two names are the same, or one of them is the beginning of the other."""
    return one == other if same else one.startswith(other) or other.startswith(one)


def lists_apart(labelled: Labelled, due: Due) -> tuple[dict[str, Any], Labelled]:
    """The gradients in lists, one for each array of a list or layer, and the rest."""
    found: dict[str, Any] = {}
    rest: Labelled = []
    for label, value in labelled:
        names = group_of(label, value, due) if isinstance(value, list | tuple) else []
        found |= dict(zip(names, value, strict=True) if names else ())
        rest += [] if names else [(label, value)]
    return found, rest


def group_of(label: str, value: Sequence[Any], due: Due) -> list[str]:
    """The names of the arrays of which a list holds the gradients; none if that is not clear."""
    groups: dict[str, list[str]] = {}
    for name in due.shapes:
        groups.setdefault(last_name(name), []).append(name)
    fitting = [
        names for names in groups.values()
        if [due.shapes[name] for name in names] == [shape_of(each) for each in value]
    ]  # fmt: skip
    called = [
        names for stem, names in groups.items() if len(names) == len(value)
        and any(begins(own.lower(), stem.lower(), False) for own in meant_by(label))
    ]  # fmt: skip
    both = [names for names in called if names in fitting]
    return next((each[0] for each in (both, called, fitting) if len(each) == 1), [])


def last_name(path: str) -> str:
    """`weights` of `self.layers[0].weights` and of `self.weights[0]`."""
    return re.sub(r"\[[^\]]*\]$", "", path).rpartition(".")[2]


def returned_names(backward: Any) -> list[str]:
    """The names that a function returns as a tuple in its only return, or none."""
    try:
        tree = ast.parse(dedent(inspect.getsource(inspect.unwrap(backward))))
    except (OSError, TypeError, SyntaxError):
        return []
    values = [node.value for node in own_nodes(tree.body[0]) if isinstance(node, ast.Return)]
    if len(values) != 1 or not isinstance(values[0], ast.Tuple):
        return []
    return [spelled_name(element) for element in values[0].elts]


def own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    """What a function is made of, without the functions in it."""
    for node in ast.iter_child_nodes(function):
        if not isinstance(node, ast.FunctionDef | ast.Lambda):
            yield node
            yield from own_nodes(node)


def spelled_name(node: ast.expr) -> str:
    """The name of a variable or attribute, or a key; nothing of anything else."""
    if isinstance(node, ast.Subscript):
        key = getattr(node.slice, "value", None)
        return key if isinstance(key, str) else spelled_name(node.value)
    return getattr(node, "id", "") or getattr(node, "attr", "")


def in_order_of_shapes(found: dict[str, Any], due: Due) -> dict[str, Any]:
    """Gradients that were returned in another order than the object has its arrays in.

    Nobody said in which; where the shapes do not fit but would in another order, that one is meant.
    """
    returned = [shape_of(gradient) for gradient in found.values()]
    wanted = [due.shapes[name] for name in found]
    if returned == wanted or sorted(map(str, returned)) != sorted(map(str, wanted)):
        return found
    rest = list(found.values())
    return {
        name: rest.pop([shape_of(gradient) for gradient in rest].index(shape))
        for name, shape in zip(found, wanted, strict=True)
    }
