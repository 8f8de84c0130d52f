"""`verbatim`: code that was written for NumPy arrays, unchanged, on Tensors.

A function finds `np` in the globals of its module. `verbatim` makes a copy of the function whose
globals hold the drop-in namespace instead, and does the same to the functions, classes and modules
that it finds there, as far as they are the user's own. Nothing of the original is changed.
"""

import math
import os
import types
from abc import ABCMeta
from collections.abc import Callable
from functools import cache, update_wrapper
from threading import RLock
from typing import Any
from weakref import WeakKeyDictionary

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
    with EXCHANGING:
        if isinstance(f, type):
            return exchanged_class(f)
        if isinstance(f, types.MethodType):
            method: Any = f.__func__
            return calling(exchanged_function(method), f, (exchanged_instance(f.__self__),))
        if isinstance(f, types.FunctionType):
            return calling(exchanged_function(f), f, ())
    raise TypeError(
        message(
            f"verbatim was given {describe(f)}, which is not written in Python",
            remedy="give a function, method or class: verbatim(f), not verbatim(f(x))",
        )
    )


def calling(copied: Any, original: Any, before: tuple[Any, ...]) -> Callable[..., Any]:
    """The function to call: wraps the arguments and unwraps the results of the copy."""

    def call(*args: Any, **kwargs: Any) -> Any:
        with EXCHANGING:
            for module in tuple(MODULES.values()):
                module.refresh()
            arguments = Arguments(exchanged_instance)
            constants = {key: arguments.wrapped(value) for key, value in kwargs.items()}
            values = [arguments.wrapped(value) for value in args]
        result = copied(*before, *values, **constants)
        arguments.write_back()
        return result if arguments.traced else plain(result)

    return update_wrapper(call, original)


# Exchange


@cache  # on first use, since it loads all parts of NumPy
def exchanges() -> dict[int, Any]:
    """What stands in the namespace for each name of NumPy, by the id of NumPy's; and for `math`."""
    table = {id(getattr(np, name)): getattr(namespace, name) for name in namespace.__all__}
    functions = [name for name in vars(math) if callable(getattr(math, name))]
    table |= {id(getattr(math, name)): getattr(MATHEMATICS, name) for name in functions}
    return {**table, id(np): namespace, id(math): MATHEMATICS}


EXCHANGING = RLock()  # threads may call for the same copies
COPIES: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()  # of functions and classes


def exchanged(value: Any) -> Any:
    """What stands for a global of the user's code: the namespace, copies of his code, or itself."""
    if not is_exchanged(value):
        return value
    if id(value) in exchanges():
        return exchanges()[id(value)]
    for kind, exchange in EXCHANGES:
        if isinstance(value, kind):
            return exchange(value)
    return exchanged_instance(value)


def is_exchanged(value: Any) -> bool:
    """Whether something else is to stand for a global of the user's code."""
    if id(value) in exchanges() or value.__class__ is np.vectorize:
        return True
    if isinstance(value, types.FunctionType):
        return is_users(value.__code__.co_filename)
    if isinstance(value, types.ModuleType):
        return is_users(getattr(value, "__file__", None) or "<")
    return is_users_class(value if isinstance(value, type) else type(value))


def is_users(filename: str) -> bool:
    """Whether code is the user's own, and not of Python, this package or one installed."""
    return not filename.startswith(LIBRARIES) and "site-packages" not in filename


def is_users_class(value: type) -> bool:
    """Whether a class has methods that are the user's own, and a subclass of it changes nothing.

    Enumerations, exceptions and classes that keep a register of their subclasses stay as they are.
    """
    special = type(value) not in (type, ABCMeta) or issubclass(value, BaseException)
    if special or any("__init_subclass__" in vars(parent) for parent in value.__mro__[:-1]):
        return False
    functions = [member for member in vars(value).values() if hasattr(member, "__code__")]
    return any(is_users(function.__code__.co_filename) for function in functions)


def remembered(original: Any, make: Callable[[], Any]) -> Any:
    """The copy of a function or class, made once."""
    if original not in COPIES:
        COPIES[original] = make()
    return COPIES[original]


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
    return UNFINISHED.get(id(function)) or exchanged_closure(function)


UNFINISHED: dict[int, types.FunctionType] = {}  # copies of functions that may call themselves


def exchanged_closure(function: types.FunctionType) -> types.FunctionType:
    """A copy of a function with variables of enclosing ones: its own, where they are exchanged."""
    names, cells = function.__code__.co_freevars, function.__closure__ or ()
    theirs = [(cell, has_own_cell(name, cell)) for name, cell in zip(names, cells, strict=True)]
    closure = tuple(types.CellType() if own else cell for cell, own in theirs)
    copied = types.FunctionType(
        function.__code__, module_of(function.__globals__).globals, function.__name__,
        function.__defaults__, closure,
    )  # fmt: skip
    copied.__kwdefaults__ = function.__kwdefaults__
    UNFINISHED[id(function)] = copied
    try:
        for mine, (cell, own) in zip(closure, theirs, strict=True):
            if own:
                mine.cell_contents = exchanged(cell.cell_contents)
    finally:
        del UNFINISHED[id(function)]
    return copied


def has_own_cell(name: str, cell: Any) -> bool:
    """Whether a variable of an enclosing function holds what is exchanged.

    `__class__` does not count, since super() compares with the class of the original.
    """
    try:
        return name != "__class__" and is_exchanged(cell.cell_contents)
    except ValueError:  # empty so far
        return False


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
    of_users = hasattr(instance, "__dict__") and is_users_class(type(instance))
    if not of_users or type(instance) in COPIES.values():
        return instance
    twin: Any = object.__new__(exchanged_class(type(instance)))
    twin.__dict__ = instance.__dict__
    return twin


def exchanged_vectorize(value: Any) -> Any:
    """What a decorator has made, of the exchanged function."""
    options = {name: getattr(value, name) for name in ("excluded", "signature", "otypes", "cache")}
    return namespace.vectorize(exchanged(value.pyfunc), **options)


def exchanged_module(value: types.ModuleType) -> types.ModuleType:
    """A module of the exchanged globals."""
    return module_of(vars(value)).view(value.__name__)


EXCHANGES: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (np.vectorize, exchanged_vectorize),
    (types.FunctionType, exchanged_function),
    (type, exchanged_class),
    (types.ModuleType, exchanged_module),
)


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
    with EXCHANGING:
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
