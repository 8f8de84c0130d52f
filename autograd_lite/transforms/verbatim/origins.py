"""Whose code is whose: only the user's own is exchanged."""

import os
import types
from abc import ABCMeta
from collections import OrderedDict, defaultdict, deque
from functools import cached_property
from typing import Any

import numpy as np

from ...core.errors import PACKAGE
from .session import ON_THE_HEAP

# The standard library, and what is installed beside it, is nobody's code to be exchanged.
LIBRARIES = (os.path.dirname(os.__file__) + os.sep, PACKAGE, "<frozen", "<__array_function__")
FOUNDATIONS = (object, dict, list, tuple, OrderedDict, defaultdict, deque)


def is_users(filename: str) -> bool:
    """Whether code is the user's own, and not of Python, this package or one installed."""
    return not filename.startswith(LIBRARIES) and "site-packages" not in filename


def functions_of(member: Any) -> list[Any]:
    """The functions that an entry of a class consists of."""
    if isinstance(member, types.FunctionType):
        return [member]
    if isinstance(member, staticmethod | classmethod):
        return functions_of(member.__func__)
    if isinstance(member, cached_property):
        return functions_of(member.func)
    if isinstance(member, property):
        parts = (member.fget, member.fset, member.fdel)
        return [function for part in parts for function in functions_of(part)]
    return []


def has_users_code(kind: type) -> bool:
    """Whether a class itself defines methods of the user's own."""
    functions = [f for member in vars(kind).values() for f in functions_of(member)]
    return any(is_users(function.__code__.co_filename) for function in functions)


def is_users_class(kind: type) -> bool:
    """Whether a class has methods that are the user's own, and a copy of it changes nothing.

    Enumerations, exceptions and classes that keep a register of their subclasses stay as they are.
    """
    if type(kind) not in (type, ABCMeta) or foundation(kind) not in FOUNDATIONS:
        return False
    parents = [parent for parent in kind.__mro__ if has_users_code(parent)]
    return bool(parents) and not any("__init_subclass__" in vars(p) for p in parents)


def foundation(kind: type) -> type:
    """The class written in C that instances of a class are made of."""
    while kind.__flags__ & ON_THE_HEAP and kind.__base__ is not None:
        kind = kind.__base__
    return kind


def is_closed(function: types.FunctionType) -> bool:
    """Whether a function uses no variable of an enclosing one, but for the class of super()."""
    return set(function.__code__.co_freevars) <= {"__class__"}


def is_lasting(value: Any) -> bool:
    """Whether what stands for a value is the same in every session."""
    if isinstance(value, types.FunctionType):
        return is_closed(value)
    if isinstance(value, type):
        functions = [
            f for kind in value.__mro__ for m in vars(kind).values() for f in functions_of(m)
        ]
        return not is_users_class(value) or all(map(is_closed, functions))
    return isinstance(value, LASTING)


LASTING = (
    types.ModuleType, types.BuiltinFunctionType, np.ufunc, np.generic, bool, int, float, complex,
    str, bytes, type(None),
)  # fmt: skip
