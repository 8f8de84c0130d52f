"""`verbatim`: code that was written for NumPy arrays, unchanged, on Tensors.

A function finds `np` in the globals of its module. `verbatim` makes a copy of the function whose
globals hold the drop-in namespace instead, and does the same to the functions, classes and modules
that it finds there, as far as they are the user's own. Nothing of the original is changed.
"""

import math
import os
import types
from collections.abc import Callable
from functools import cache, update_wrapper
from typing import Any

import numpy as np

from .. import numpy as namespace
from ..core.errors import PACKAGE, describe, message
from ..core.trace import newest
from .arguments import Arguments, plain

# The standard library, and what is installed beside it, is nobody's code to be exchanged.
LIBRARIES = (os.path.dirname(os.__file__) + os.sep, PACKAGE, "<frozen", "<__array_function__")


def verbatim(f: Any) -> Any:
    """A copy of `f` in which NumPy is the drop-in namespace, for Tensors as well as arrays.

    `f` is a Python function, method or class that was written for NumPy arrays: it may fill
    `np.zeros(...)` in loops, assign by masks, change its arguments in place, ask
    `isinstance(x, np.ndarray)`, and call functions that do so, of its own and of other modules.
    `np` may have any name, and NumPy's functions may have been imported by theirs. Every array of
    real or complex numbers among the arguments, also in lists, tuples and dicts, is wrapped as a
    constant, since `array.dot(tensor)` could not be recorded. Without a Tensor among the arguments
    plain arrays come back. Raises TypeError for what is not written in Python.

    >>> import numpy as np
    >>> import autograd_lite as ag
    >>> def affine(x, w, b):
    ...     out = np.zeros((x.shape[0], w.shape[1]))
    ...     for n in range(x.shape[0]):
    ...         out[n] = x[n].dot(w)
    ...     out += b
    ...     return out
    >>> x, w, b = np.ones((2, 3)), ag.Tensor(np.ones((3, 2))), ag.Tensor(np.zeros(2))
    >>> verbatim(affine)(x, w, b).sum().backward()
    >>> w.grad.tolist(), b.grad.tolist()
    ([[2.0, 2.0], [2.0, 2.0], [2.0, 2.0]], [2.0, 2.0])
    """
    if isinstance(f, type):
        return exchanged_class(f)
    if isinstance(f, types.MethodType):
        method: Any = f.__func__
        return calling(exchanged_function(method), f, (exchanged_instance(f.__self__),))
    if not isinstance(f, types.FunctionType):
        raise TypeError(
            message(
                f"verbatim was given {describe(f)}, which is not written in Python",
                remedy="give a function, method or class: verbatim(f), not verbatim(f(x))",
            )
        )
    return calling(exchanged_function(f), f, ())


def calling(copied: Any, original: Any, before: tuple[Any, ...]) -> Callable[..., Any]:
    """The function to call: wraps the arguments and unwraps the results of the copy."""

    def call(*args: Any, **kwargs: Any) -> Any:
        for module in tuple(MODULES.values()):
            module.refresh()
        arguments = Arguments()
        constants = {key: arguments.wrapped(value) for key, value in kwargs.items()}
        result = copied(*before, *[arguments.wrapped(value) for value in args], **constants)
        arguments.write_back()
        return result if arguments.traced else plain(result)

    return update_wrapper(call, original)


# Exchange


@cache  # on first use, since it loads all parts of NumPy
def exchanges() -> dict[int, Any]:
    """What stands in the namespace for each name of NumPy, by the id of NumPy's; and for `math`."""
    table = {id(getattr(np, name)): getattr(namespace, name) for name in namespace.__all__}
    return {**table, id(np): namespace, id(math): MATHEMATICS}


COPIES: dict[int, tuple[Any, Any]] = {}  # the original, kept so that its id stays its own; its copy


def exchanged(value: Any) -> Any:
    """What stands for a global of the user's code: the namespace, copies of his code, or itself."""
    if id(value) in exchanges():
        return exchanges()[id(value)]
    if value.__class__ is np.vectorize:  # made by a decorator
        function, others = exchanged(value.pyfunc), {"excluded", "signature", "otypes", "cache"}
        return namespace.vectorize(function, **{name: getattr(value, name) for name in others})
    if isinstance(value, types.FunctionType) and is_users(value.__code__.co_filename):
        return exchanged_function(value)
    if isinstance(value, type) and is_users_class(value):
        return exchanged_class(value)
    if isinstance(value, types.ModuleType) and is_users(getattr(value, "__file__", None) or "<"):
        return module_of(vars(value)).view(value.__name__)
    return value


def is_users(filename: str) -> bool:
    """Whether code is the user's own, and not of Python, this package or one installed."""
    return not filename.startswith(LIBRARIES) and "site-packages" not in filename


def is_users_class(value: type) -> bool:
    """Whether a class has methods that are the user's own."""
    functions = [member for member in vars(value).values() if hasattr(member, "__code__")]
    return any(is_users(function.__code__.co_filename) for function in functions)


def remembered(original: Any, make: Callable[[], Any]) -> Any:
    """The copy of a function or class, made once."""
    if id(original) not in COPIES:
        COPIES[id(original)] = original, make()
    return COPIES[id(original)][1]


def exchanged_function(function: types.FunctionType) -> types.FunctionType:
    """A copy of a function with the exchanged globals of its module."""

    def make() -> types.FunctionType:
        copied = types.FunctionType(
            function.__code__, module_of(function.__globals__).globals, function.__name__
        )
        update_wrapper(copied, function)
        del copied.__wrapped__  # type: ignore[attr-defined]  # it is no wrapper
        copied.__defaults__, copied.__kwdefaults__ = function.__defaults__, function.__kwdefaults__
        return copied

    if function.__closure__ is None:
        copied: types.FunctionType = remembered(function, make)
        return copied
    names = function.__code__.co_freevars
    cells = zip(names, function.__closure__, strict=True)
    closure = tuple(exchanged_cell(name, cell) for name, cell in cells)
    copied = types.FunctionType(
        function.__code__, module_of(function.__globals__).globals, function.__name__,
        function.__defaults__, closure,
    )  # fmt: skip
    copied.__kwdefaults__ = function.__kwdefaults__
    return copied


def exchanged_cell(name: str, cell: Any) -> Any:
    """A variable of an enclosing function: the same one, unless what it holds is exchanged."""
    try:
        value = cell.cell_contents
    except ValueError:  # empty so far
        return cell
    if name == "__class__":  # super() compares with the class of the original
        return cell
    other = exchanged(value)
    return cell if other is value else types.CellType(other)


def exchanged_class(kind: type) -> type:
    """A subclass of a user's class whose methods, inherited ones too, are exchanged."""

    def make() -> type:
        members: dict[str, Any] = {}
        for parent in reversed(kind.__mro__):
            if parent is not object and (parent is kind or is_users_class(parent)):
                for name, member in vars(parent).items():
                    if name in members or is_method(member):
                        members[name] = exchanged_member(member)
        return type(kind)(kind.__name__, (kind,), {**members, "__module__": kind.__module__})

    copied: type = remembered(kind, make)
    return copied


METHODS = (types.FunctionType, staticmethod, classmethod, property)


def is_method(member: Any) -> bool:
    """Whether an entry of a class has code."""
    return isinstance(member, METHODS)


def exchanged_member(member: Any) -> Any:
    """An entry of a class, with exchanged code."""
    if isinstance(member, types.FunctionType):
        return exchanged_function(member)
    if isinstance(member, staticmethod | classmethod):
        return type(member)(exchanged_member(member.__func__))
    if isinstance(member, property):
        parts = (member.fget, member.fset, member.fdel)
        return property(*[part and exchanged_member(part) for part in parts])
    return member


def exchanged_instance(instance: Any) -> Any:
    """An object of the exchanged class that has its attributes in common with the original."""
    if not hasattr(instance, "__dict__") or isinstance(instance, type):
        return instance
    twin: Any = object.__new__(exchanged_class(type(instance)))
    twin.__dict__ = instance.__dict__
    return twin


class Module:
    """The globals of a module of the user, and the exchanged ones that copies of its code see."""

    def __init__(self, original: dict[str, Any]) -> None:
        self.original = original
        self.known: dict[str, Any] = {}
        self.globals: dict[str, Any] = {}

    def refresh(self) -> None:
        """Exchange what has come to the original, or changed there, since the last time."""
        for name, value in tuple(self.original.items()):
            if name not in self.known or self.known[name] is not value:
                self.known[name] = value
                self.globals[name] = exchanged(value)

    def view(self, name: str) -> types.ModuleType:
        """A module of the exchanged globals."""
        view = types.ModuleType(name)
        view.__dict__.update(self.globals)
        return view


MODULES: dict[int, Module] = {}


def module_of(original: dict[str, Any]) -> Module:
    """The exchanged globals that belong to the globals of a module."""
    module = MODULES.get(id(original))
    if module is None:
        module = MODULES[id(original)] = Module(original)
        module.refresh()
    return module


class Mathematics:
    """The module `math`, whose functions are NumPy's where they are given a Tensor."""

    def __getattr__(self, name: str) -> Any:
        function, other = getattr(math, name), getattr(np, name, None)
        if not callable(function) or other is None:
            return function

        def either(*args: Any) -> Any:
            return function(*args) if newest(args) is None else other(*args)

        return either


MATHEMATICS = Mathematics()
