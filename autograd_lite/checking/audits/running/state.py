"""What the modules, classes and functions of the user's hold, to be put back as it was."""

import sys
from collections.abc import Sequence
from copy import deepcopy
from types import FunctionType
from typing import Any

import numpy as np

LARGEST = 10_000_000  # bytes of what modules hold that are copied


class State:
    """What the modules, classes and functions of some functions hold, to be put back."""

    def __init__(self, functions: Sequence[FunctionType]) -> None:
        self.namespaces: list[tuple[Any, dict[str, Any]]] = []
        self.contents: list[tuple[Any, Any]] = []
        self.room = LARGEST
        self.seen: set[int] = set()
        for function in functions:
            self.keep_names(function.__globals__)
            self.keep_function(function)

    def keep_names(self, names: dict[str, Any]) -> None:
        """Keep the names of a module, and what its own functions and classes hold."""
        if id(names) in self.seen:
            return
        self.seen.add(id(names))
        self.namespaces.append((names, dict(names)))
        for name, value in list(names.items()):
            if name.startswith("__"):
                continue
            self.keep_contents(value)
            if isinstance(value, FunctionType):
                self.keep_function(value)
            elif isinstance(value, type) and value.__module__ == names.get("__name__"):
                for member in vars(value).values():
                    self.keep_contents(member)

    def keep_function(self, function: FunctionType) -> None:
        """Keep a function's attributes, and what its defaults and closure hold."""
        if id(function) in self.seen:
            return
        self.seen.add(id(function))
        self.namespaces.append((vars(function), dict(vars(function))))
        cells = function.__closure__ or ()
        defaults = (*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values())
        for value in (*vars(function).values(), *defaults, *map(contents, cells)):
            self.keep_contents(value)

    def keep_contents(self, value: Any) -> None:
        """Keep what an array, list, dict or set holds."""
        if not isinstance(value, np.ndarray | list | dict | set) or id(value) in self.seen:
            return
        self.seen.add(id(value))
        self.room -= getattr(value, "nbytes", sys.getsizeof(value))
        if self.room > 0:
            try:
                self.contents.append((value, deepcopy(value)))
            except Exception:  # noqa: BLE001 - a lock, a file
                return

    def restore(self) -> None:
        """Put everything back."""
        for names, before in self.namespaces:
            if len(names) != len(before) or any(
                names.get(name, self) is not value for name, value in before.items()
            ):
                names.clear()
                names.update(before)
        for value, before in self.contents:
            refill(value, before)


def refill(value: Any, before: Any) -> None:
    """Let an array, list, dict or set hold again what it held."""
    if isinstance(value, np.ndarray):
        if value.shape == before.shape and value.flags.writeable:
            np.copyto(value, before)
    elif isinstance(value, list):
        value[:] = before
    else:
        value.clear()
        value.update(before)


def contents(cell: Any) -> Any:
    """What a cell of a closure holds; None if it is empty."""
    try:
        return cell.cell_contents
    except ValueError:
        return None
