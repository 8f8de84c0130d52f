"""What can be named before a statement: variables, attributes, constants, entries of holders.

words = Vocabulary(statement, values, function)
words.arrays          # {"x": ..., "self.W": ..., 'cache["mean"]': ..., "zs[k - 1]": ...}
"""

import ast
import re
from collections.abc import Iterator
from functools import cached_property
from types import FunctionType
from typing import Any, TypeGuard

import numpy as np

from ..running.state import contents

MOST = 60  # expressions of arrays, and of numbers
MOST_KEYS = 40  # of a dict
SINGLE = 8  # characters of a name of a layer's arrays, without its number


class Vocabulary:
    """The expressions that a statement could be written with, and their values before it."""

    def __init__(
        self, statement: ast.stmt, values: dict[str, Any], function: FunctionType,
        functions: frozenset[FunctionType] = frozenset(),
    ) -> None:  # fmt: skip
        self.statement = statement
        self.functions = functions  # that may be called
        self.values = values
        self.function = function
        self.scope = {**function.__globals__, **values}
        self.known: dict[str, Any] = {}

    @cached_property
    def arrays(self) -> dict[str, Any]:
        """The expressions that stand for arrays of at least one axis."""
        return dict([(text, value) for text, value in self.every.items() if is_array(value)][:MOST])

    @cached_property
    def numbers(self) -> dict[str, Any]:
        """The expressions that stand for one number."""
        found = [(text, value) for text, value in self.every.items() if is_number(value)]
        return dict(found[:MOST])

    @cached_property
    def every(self) -> dict[str, Any]:
        """All expressions: names, attributes of self, constants, entries of dicts and of lists."""
        holders = {**self.values, **self.attributes}
        found = {text: value for text, value in holders.items() if text != "self"}
        for text, holder in holders.items():
            if isinstance(holder, dict):
                found.update(self.entries_of_dict(text, holder))
            elif isinstance(holder, list | tuple):
                found.update(self.entries_of_list(text, holder))
        return {**found, **self.constants}

    @cached_property
    def lengths(self) -> dict[str, int]:
        """The lengths of lists and of the axes of arrays."""
        found: dict[str, int] = {}
        for text, value in {**self.values, **self.attributes}.items():
            if is_array(value):
                found.update((f"{text}.shape[{axis}]", n) for axis, n in enumerate(value.shape[:4]))
            elif isinstance(value, list | tuple):
                found[f"len({text})"] = len(value)
        return found

    @cached_property
    def attributes(self) -> dict[str, Any]:
        """The attributes of self."""
        fields = getattr(self.values.get("self"), "__dict__", {})
        return {f"self.{name}": value for name, value in fields.items()}

    @cached_property
    def constants(self) -> dict[str, Any]:
        """The numbers of the module, and of the functions around, that no variable hides."""
        code, cells = self.function.__code__, self.function.__closure__ or ()
        outer = dict(zip(code.co_freevars, map(contents, cells), strict=True))
        return {
            name: value
            for name, value in {**self.function.__globals__, **outer}.items()
            if is_number(value) and name not in self.values and not name.startswith("_")
        }

    def entries_of_dict(self, holder: str, entries: dict[Any, Any]) -> Iterator[tuple[str, Any]]:
        """The entries of a dict by constant keys, and by keys that are put together as in here."""
        if any(is_whole(key) for key in entries):
            for index in self.indices:
                value = self.evaluated(f"{holder}[{index}]")
                if is_array(value):
                    yield f"{holder}[{index}]", value
        for key, value in list(entries.items())[:MOST_KEYS]:
            if isinstance(key, str | int):
                yield f"{holder}[{key!r}]", value
        for key in self.keys:
            for text in other_keys(key, entries):
                value = self.evaluated(f"{holder}[{text}]")
                if value is not None:
                    yield f"{holder}[{text}]", value

    def entries_of_list(self, holder: str, items: Any) -> Iterator[tuple[str, Any]]:
        """The items of a list at the indices of the statement, and beside them."""
        if not any(is_array(item) or is_number(item) for item in items[:3]):
            return
        for index in self.indices:
            value = self.evaluated(f"{holder}[{index}]")
            if is_array(value) or isinstance(value, float):  # not a label among others
                yield f"{holder}[{index}]", value

    @cached_property
    def keys(self) -> list[ast.AST]:
        """The keys of dicts in the statement that are put together, as `f"W{k}"`."""
        found = {
            ast.unparse(node.slice): node.slice
            for node in ast.walk(self.statement)
            if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.JoinedStr | ast.BinOp)
        }
        return list(found.values())

    @cached_property
    def indices(self) -> list[str]:
        """The whole numbers by which the statement takes items, and those beside them."""
        nodes = [node.slice for node in ast.walk(self.statement) if isinstance(node, ast.Subscript)]
        texts = [ast.unparse(node) for node in nodes if self.whole(node) is not None]
        texts += [name for name, value in self.values.items() if is_whole(value)]
        unique = list(dict.fromkeys(texts))
        beside = [simplified(f"{text} {sign} 1") for text in unique for sign in "-+"]
        return list(dict.fromkeys([*unique, *beside, "0", "-1"]))

    def whole(self, node: ast.expr) -> Any:
        """The value of an index if it is a whole number."""
        value = None if isinstance(node, ast.Slice) else self.evaluated(ast.unparse(node))
        return value if is_whole(value) else None

    def evaluated(self, text: str) -> Any:
        """The value of an expression before the statement, or None."""
        if text not in self.known:
            try:
                with np.errstate(all="ignore"):
                    self.known[text] = eval(text, self.scope)
            except Exception:  # noqa: BLE001 - it need not be defined there
                self.known[text] = None
        return self.known[text]


def simplified(text: str) -> str:
    """`k + 1 - 1` as `k`."""
    return re.sub(r" ([+-]) 1 (?!\1)[+-] 1$", "", text)


def other_keys(key: ast.AST, entries: dict[Any, Any]) -> Iterator[str]:
    """Keys put together like one, for other entries: another name, or the number beside."""
    parts = parts_of(key)
    if parts is None:
        return
    prefix, number = parts
    numbered = [re.fullmatch(r"(\D+)\d+", each) for each in entries if isinstance(each, str)]
    names = {match[1] for match in numbered if match is not None and len(match[1]) <= SINGLE}
    whole = simplified(number)
    beside = (simplified(f"{number} - 1"), simplified(f"{number} + 1"))
    for name in sorted(names | {prefix}):
        for text in (whole, *beside):
            spelled = f'f"{name}{{{text}}}"' if isinstance(key, ast.JoinedStr) else (
                f"{name!r} + str({text})")  # fmt: skip
            if spelled != ast.unparse(key):
                yield spelled


def parts_of(key: ast.AST) -> tuple[str, str] | None:
    """The name and the number of a key: `f"W{k}"` or `"W" + str(k)`."""
    if isinstance(key, ast.JoinedStr) and len(key.values) == 2:
        name, number = key.values
        if isinstance(name, ast.Constant) and isinstance(number, ast.FormattedValue):
            return str(name.value), ast.unparse(number.value)
    if isinstance(key, ast.BinOp) and isinstance(key.left, ast.Constant):
        call = key.right
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "str" and call.args:
            return str(key.left.value), ast.unparse(call.args[0])
    return None


def is_array(value: Any) -> TypeGuard[Any]:
    """Whether a value is an array of numbers with at least one axis."""
    return isinstance(value, np.ndarray) and value.ndim > 0 and value.dtype.kind in "fiubc"


def is_number(value: Any) -> bool:
    """Whether a value is one number."""
    if isinstance(value, bool | np.bool_):
        return False
    return isinstance(value, int | float | np.number) or (
        isinstance(value, np.ndarray) and value.ndim == 0
    )


def is_whole(value: Any) -> bool:
    """Whether a value is a whole number."""
    return isinstance(value, int | np.integer) and not isinstance(value, bool)
