"""`verbatim`: code that was written for NumPy arrays, unchanged, on Tensors.

A function finds `np` in the globals of its module. `verbatim` runs a copy of the function whose
globals hold the drop-in namespace instead, and does the same to the functions, classes, objects and
modules that it finds there, as far as they are the user's own. Nothing of the original is changed
but what the code itself changes.

How it is done stands in `session` (arrays and what holds them), `copies` (functions, classes and
objects), `modules` (globals) and `language` (what Python itself has to say about Tensors).
"""

import types
from collections.abc import Callable
from functools import _lru_cache_wrapper, partial, update_wrapper
from typing import Any

import numpy as np

from ...core.errors import describe, message
from .copies import ENTRY, ORIGIN, contents, origin
from .modules import EXCHANGING, MODULES, Globals
from .origins import has_users_code, is_users_class
from .session import ABSENT, OUTWARD, SESSION, Session


def verbatim(f: Any) -> Any:
    """`f` with the drop-in namespace in place of NumPy, for Tensors as well as arrays.

    `f` is a Python function, method, class or object with `__call__` that was written for NumPy
    arrays: it may fill `np.zeros(...)` in loops, assign by masks, change its arguments in place,
    ask `isinstance(x, np.ndarray)`, keep arrays in objects, lists and dicts, and call functions
    that do so, of its own and of other modules. `np` may have any name, NumPy's functions may have
    been imported by theirs, and `import` may stand inside functions.

    Every array of real or complex numbers in reach is seen as a constant, since
    `array.dot(tensor)` could not be recorded. What the code changes in arrays, lists, objects and
    globals is written back when it returns; a Tensor that it stores stays a Tensor, of constant
    values once the `grad` around the call has ended. An array of yours that it fills with values
    of a gradient has only their numbers, and a warning says so. Without a Tensor in reach plain
    arrays come back. Raises TypeError for what is not written in Python.

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
    if isinstance(f, type) and is_users_class(f):
        return f if ENTRY in vars(f) else entry_class(f)
    if isinstance(f, CALLABLE) or (is_users_class(type(f)) and callable(f)):
        return entry(f)
    raise TypeError(
        message(
            f"verbatim was given {describe(f)}, which is not written in Python",
            remedy="give a function, method or class: verbatim(f), not verbatim(f(x))",
        )
    )


CALLABLE = (types.FunctionType, types.MethodType, partial, np.vectorize, _lru_cache_wrapper)


def entry(f: Any) -> Callable[..., Any]:
    """The function to call from outside: runs what stands for `f` in a session of its own."""

    def call(*args: Any, **kwargs: Any) -> Any:
        session = Session()
        token = SESSION.set(session)
        try:
            with EXCHANGING:
                for names in tuple(MODULES.values()):
                    names.refresh()
                run = session.stand_in(f)
                values = [session.stand_in(value) for value in args]
                options = {name: session.stand_in(value) for name, value in kwargs.items()}
            result = run(*values, **options)
            with EXCHANGING:
                session.end()
                for names in tuple(MODULES.values()):
                    names.end(session)
                return session.result(result)
        finally:
            SESSION.reset(token)
            with EXCHANGING:
                for names in tuple(MODULES.values()):
                    names.forget_passing()

    if hasattr(f, "__name__"):
        update_wrapper(call, f)
        vars(call).pop("__wrapped__")
    setattr(call, ENTRY, f)
    return call


def entry_class(kind: type) -> type:
    """A subclass of a user's class whose methods, inherited ones too, are entries."""
    members: dict[str, Any] = {"__module__": kind.__module__, ENTRY: kind}
    for parent in reversed(kind.__mro__):
        if has_users_code(parent):
            for name, member in vars(parent).items():
                if isinstance(member, METHODS) and name not in LEFT:
                    members[name] = entry_member(member)
    return type(kind)(kind.__name__, (kind,), members)


METHODS = (types.FunctionType, staticmethod, classmethod, property)
LEFT = {"__new__", "__getattr__", "__getattribute__", "__setattr__", "__delattr__", "__del__"}


def entry_member(member: Any) -> Any:
    """A method to call from outside."""
    if isinstance(member, staticmethod | classmethod):
        return type(member)(entry_member(member.__func__))
    if isinstance(member, property):
        parts: list[Any] = [
            part and entry(part) for part in (member.fget, member.fset, member.fdel)
        ]
        return property(*parts)
    return entry(member)


def outward_function(session: Session, function: types.FunctionType) -> Any:
    """The original of a copy; what was made during the call, as a function to call from outside."""
    if ORIGIN in vars(function):
        return origin(function)
    if not isinstance(function.__globals__, Globals):
        return function
    for cell in function.__closure__ or ():
        value = contents(cell)
        if value is not ABSENT:
            cell.cell_contents = session.outward(value)
    return entry(function)


def outward_generator(session: Session, generator: Any) -> Any:
    """What a generator yields, as the user is to see it."""
    return (session.outward(value) for value in generator)


OUTWARD[1:1] = [
    (types.FunctionType, outward_function), (types.GeneratorType, outward_generator),
]  # fmt: skip
