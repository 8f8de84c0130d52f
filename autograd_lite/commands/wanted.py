"""What has to be made before a pair can run: its arguments, and what is in those that are dicts."""

import ast
import inspect
import re
from functools import cache
from types import ModuleType
from typing import Any, NamedTuple

from ..checking.audits.methods import BACKWARD, FORWARD, first
from .pairs import Pair, syntax, targets_of
from .roles import role_of
from .subjects import parameters_of

CONTAINERS = r"\w*(params?|parameters|config|options|hyper\w*|weights|thetas?|model|net(work)?)"


class Wanted(NamedTuple):
    """A number or array to be made: the name that says what it is, and where it belongs.

    `path` is the argument, and inside a dict or tuple the key or index.
    """

    name: str
    path: tuple[Any, ...]
    annotation: Any = None


def called(pair: Pair) -> list[Any]:
    """The functions of a pair that take inputs; a class takes some when it is made."""
    if pair.kind == "object":
        forward = first(pair.forward, FORWARD) or "forward"
        passes = [pair.forward, method(pair.forward, forward)]
        if pair.loss is not None:
            passes.append(of_targets(pair, getattr(pair.forward, forward)))
        return passes
    if pair.kind == "network":
        return [pair.forward, of_targets(pair, pair.forward)]
    if pair.kind == "model":
        return [pair.forward, method(pair.forward, "loss")]
    return [pair.forward]


def of_targets(pair: Pair, forward: Any) -> Any:
    """A function whose parameters are what the loss takes beside what the forward pass gives."""

    def targets(*args: Any) -> Any:
        raise NotImplementedError

    own = inspect.signature(pair.loss).parameters
    backward = pair.backward or getattr(pair.forward, first(pair.forward, BACKWARD) or "backward")
    targets.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [own[name] for name in targets_of(forward, pair.loss, backward)]
    )
    return targets


def method(kind: Any, name: str) -> Any:
    """A method as its instances see it, without `self`."""
    function = getattr(kind, name)

    def bound(*args: Any) -> Any:
        return function(*args)

    signature = inspect.signature(function)
    bound.__signature__ = signature.replace(  # type: ignore[attr-defined]
        parameters=list(signature.parameters.values())[1:]
    )
    return bound


def wanted_by(pair: Pair, module: ModuleType) -> list[Wanted]:
    """What has to be made for a pair: its arguments without a default, or what is in them."""
    functions = called(pair) + ([pair.backward] if pair.kind == "loss" else [])
    found: dict[str, list[Wanted]] = {}
    for function in functions:
        for parameter in parameters_of(function):
            is_data = parameter.default is None and role_of(parameter.name) in ("labels", "input")
            if parameter.default is parameter.empty or is_data:
                found.setdefault(parameter.name, contents(parameter, module))
    return [each for wanted in found.values() for each in wanted]


def contents(parameter: inspect.Parameter, module: ModuleType) -> list[Wanted]:
    """An argument, or what its users take out of it where it is a dict or tuple."""
    name = parameter.name
    if not re.fullmatch(CONTAINERS, name) and parameter.annotation not in (dict, tuple, list):
        return [Wanted(name, (name,), parameter.annotation)]
    keys = taken_out(name, mentions(module).get(name, []))
    if not keys and is_options(name):
        return [Wanted(name, (name, None))]  # an empty dict
    return [Wanted(str(label), (name, key)) for key, label in keys.items()] or [
        Wanted(name, (name,), parameter.annotation)
    ]


def taken_out(name: str, nodes: list[Any]) -> dict[Any, str]:
    """The keys or indices with which a module reads a container of a name, and what they hold."""
    found: dict[Any, str] = {}
    for node in nodes:
        if isinstance(node, ast.Assign):
            target = node.targets[0]
            if isinstance(target, ast.Tuple | ast.List):
                names = [each.id for each in target.elts if isinstance(each, ast.Name)]
                found |= {n: label for n, label in enumerate(names) if n not in found}
        elif (prefix := beginning(node.slice)) is not None:
            found |= {f"{prefix}{n}": f"{prefix}{n}" for n in (1, 2)}
        elif isinstance(node.slice, ast.Constant) and isinstance(node.ctx, ast.Load):
            key = node.slice.value
            if isinstance(key, str):
                found.setdefault(key, key)
            elif type(key) is int and key >= 0:
                found.setdefault(key, f"{name.rstrip('s')}{key + 1}")
    return found


@cache
def mentions(module: ModuleType) -> dict[str, list[Any]]:
    """Where a module takes something out of a variable, or unpacks it, by the variable's name."""
    found: dict[str, list[Any]] = {}
    for node in ast.walk(syntax(module) or ast.Module([], [])):
        if isinstance(node, ast.Subscript | ast.Assign) and isinstance(node.value, ast.Name):
            found.setdefault(node.value.id, []).append(node)
    return found


def beginning(node: Any) -> str | None:
    """The constant beginning of a computed key, as in `"W" + str(n)` and `f"W{n}"`."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        node = node.left
    elif isinstance(node, ast.JoinedStr) and node.values:
        node = node.values[0]
    else:
        return None
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def with_key(wanted: list[Wanted], error: Any) -> list[Wanted]:
    """What is wanted, with a key for whose absence a trial failed; numbered guesses give way."""
    key = error.args[0] if isinstance(error, KeyError) and error.args else None
    holders = [each.path[0] for each in wanted if len(each.path) > 1]
    if not isinstance(key, str) or not holders or any(each.name == key for each in wanted):
        return wanted
    holder = next((name for name in holders if not is_options(name)), holders[0])
    beginning = re.sub(r"\d+$", "", key)
    kept = [
        each
        for each in wanted
        if beginning != key or not re.fullmatch(re.escape(key[:1]) + r"\w*\d", each.name)
    ]
    return [*kept, Wanted(key, (holder, key))]


def is_options(name: str) -> bool:
    """Whether a dict of a name holds options rather than parameters: `conv_param`, `config`."""
    return re.fullmatch(r"\w+_params?|\w*(config|options|hyper\w*|hparameters)", name) is not None
