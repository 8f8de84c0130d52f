"""Copies of the user's functions, classes and objects, in which NumPy is the drop-in namespace."""

import types
from collections import deque
from functools import _lru_cache_wrapper, cached_property, lru_cache, partial, update_wrapper
from typing import Any
from weakref import WeakKeyDictionary, ref

import numpy as np

from ... import numpy as namespace
from ...core.recording import wrap
from ...core.trace import EAGER
from ...numpy.random import Drawing, is_generator
from .modules import globals_of
from .origins import FOUNDATIONS, foundation, is_lasting, is_users, is_users_class
from .session import (
    ABSENT,
    DICTS,
    LISTS,
    OUTWARD,
    STAND_INS,
    Session,
    current,
    fill_mapping,
    fill_sequence,
    outward_dict,
    outward_list,
)

COPIES: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()  # of functions and classes that last
ORIGIN = "__copy_of__"  # a reference to what a copy was made of
ENTRY = "__verbatim_of__"  # what a function or class that `verbatim` has returned was made of
PLAIN_OBJECTS = ("SimpleNamespace", "Namespace")  # of types and argparse, which have attributes


# Functions


def function_copy(session: Session, function: types.FunctionType) -> Any:
    """A copy of a function with the exchanged globals of its module."""
    if ENTRY in vars(function):
        return session.stand_in(vars(function)[ENTRY])
    if ORIGIN in vars(function) or not is_users(function.__code__.co_filename):
        return decorated_copy(session, function)
    if not is_lasting(function):
        return copied(session, function, globals_of(function.__globals__))
    if function not in COPIES:
        COPIES[function] = copied(session, function, globals_of(function.__globals__))
    return COPIES[function]


def decorated_copy(session: Session, function: types.FunctionType) -> Any:
    """A function of a library around one of the user's, as `contextmanager` makes it."""
    if "__wrapped__" in vars(function) and function.__closure__ and ORIGIN not in vars(function):
        return copied(session, function, function.__globals__)
    return function


def copied(session: Session, function: types.FunctionType, names: dict[str, Any]) -> Any:
    """A new function of the same code."""
    closure = function.__closure__ or ()
    cells = tuple([own_cell(session, cell) for cell in closure])
    copy = types.FunctionType(function.__code__, names, function.__name__, None, cells)
    session.remember(function, copy)
    update_wrapper(copy, function)
    del copy.__wrapped__  # type: ignore[attr-defined]  # it is no wrapper
    setattr(copy, ORIGIN, ref(function))
    if function.__defaults__:
        copy.__defaults__ = tuple([default(session, value) for value in function.__defaults__])
    if function.__kwdefaults__:
        items = function.__kwdefaults__.items()
        copy.__kwdefaults__ = {name: default(session, value) for name, value in items}
    for cell, own in zip(closure, cells, strict=True):
        fill_cell(session, cell, own)
    return copy


def default(session: Session, value: Any) -> Any:
    """What stands for the default of a parameter, in every session."""
    if value.__class__ is np.ndarray and value.dtype.kind in "fc":
        return wrap(value, None, EAGER)
    return session.stand_in(value) if is_lasting(value) else value


def own_cell(session: Session, cell: types.CellType) -> Any:
    """The variable of a copy that stands for one of an enclosing function."""
    known = session.known.get(id(cell))
    return session.remember(cell, types.CellType()) if known is None else known[1]


def contents(cell: types.CellType) -> Any:
    """What is in a variable of an enclosing function; ABSENT if nothing is so far."""
    try:
        return cell.cell_contents
    except ValueError:
        return ABSENT


def fill_cell(session: Session, cell: types.CellType, own: types.CellType) -> None:
    """Let the variable of a copy hold what stands for the original's, and end as it does."""
    value = contents(cell)
    if value is ABSENT or contents(own) is not ABSENT:
        return
    stand_in = session.stand_in(value)
    if stand_in is UNFINISHED:
        session.waiting[id(value)].append(own)
        return
    own.cell_contents = stand_in

    def end() -> None:
        now = session.outward(contents(own))
        if now is not contents(cell):
            cell.cell_contents = now

    session.endings.append(end)


def method_copy(session: Session, method: types.MethodType) -> Any:
    """A method of what stands for its object."""
    instance, function = session.stand_in(method.__self__), session.stand_in(method.__func__)
    return types.MethodType(function, instance)


def partial_copy(session: Session, value: Any) -> Any:
    """What stands for a function of which some arguments are given."""
    keywords = {name: session.stand_in(item) for name, item in value.keywords.items()}
    return partial(session.stand_in(value.func), *map(session.stand_in, value.args), **keywords)


def vectorize_copy(session: Session, value: Any) -> Any:
    """What `numpy.vectorize` has made, of the exchanged function."""
    options = {name: getattr(value, name) for name in ("excluded", "signature", "otypes", "cache")}
    return namespace.vectorize(session.stand_in(value.pyfunc), **options)


def cached_copy(session: Session, value: Any) -> Any:
    """What `functools.lru_cache` has made, of the exchanged function."""
    return lru_cache(**value.cache_parameters())(session.stand_in(value.__wrapped__))


# Classes

UNFINISHED = object()


def class_copy(session: Session, kind: type) -> Any:
    """A class of the user's with exchanged methods, and parents that have such."""
    if ENTRY in vars(kind):
        return session.stand_in(vars(kind)[ENTRY])
    if ORIGIN in vars(kind) or not is_users_class(kind):
        return kind
    if kind in COPIES:
        return COPIES[kind]
    session.known[id(kind)] = kind, UNFINISHED
    waiting = session.waiting[id(kind)] = []
    bases = tuple([session.stand_in(parent) for parent in kind.__bases__])
    members = {
        name: member if is_data(member) and name.startswith("__") else member_copy(session, member)
        for name, member in vars(kind).items()
        if name not in MADE_ANEW and not isinstance(member, DESCRIPTORS)
    }
    copy = type(kind)(kind.__name__, bases, {**members, ORIGIN: ref(kind)})
    copy.__qualname__ = kind.__qualname__
    session.remember(kind, copy)
    for cell in waiting:
        cell.cell_contents = copy
    if is_lasting(kind):
        COPIES[kind] = copy
    return copy


MADE_ANEW = {"__dict__", "__weakref__", "_abc_impl", "__abstractmethods__"}
DESCRIPTORS = (types.MemberDescriptorType, types.GetSetDescriptorType)


def member_copy(session: Session, member: Any) -> Any:
    """An entry of a class, with exchanged code."""
    if isinstance(member, staticmethod | classmethod):
        return type(member)(member_copy(session, member.__func__))
    if isinstance(member, cached_property):
        return cached_property(session.stand_in(member.func))
    if isinstance(member, property):
        functions = (member.fget, member.fset, member.fdel)
        parts = [function and session.stand_in(function) for function in functions]
        return property(*parts)
    if is_lasting(member) or isinstance(member, types.FunctionType | partial | np.vectorize):
        return session.stand_in(member)
    return ClassData(member) if is_data(member) else member


def is_data(member: Any) -> bool:
    """Whether an entry of a class is an array, or may hold such."""
    return isinstance(member, (np.ndarray, LISTS, DICTS, tuple)) or is_generator(member)


class ClassData:
    """An attribute of a class that is an array, or holds such: what stands for it now."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __get__(self, instance: Any, owner: type) -> Any:
        return current().stand_in(self.value)


# Objects


def instance_copy(session: Session, value: Any) -> Any:
    """An object of the copied class, with what stands for the attributes of the original."""
    kind = type(value)
    plain = is_plain_object(kind)
    copy = kind if plain else session.stand_in(kind)
    if copy is kind and not plain:
        return None
    base = foundation(kind)
    if base is tuple:
        return tuple.__new__(copy, [session.stand_in(item) for item in value])
    made: Any = kind if plain else base
    twin = session.remember(value, made.__new__(copy))
    if isinstance(value, dict):
        fill_mapping(session, twin, value)
    elif isinstance(value, list | deque):
        fill_sequence(session, twin, value)
    for name, item in attributes(value).items():
        set_attribute(twin, name, session.stand_in(item))
    session.endings.append(lambda: update_attributes(session, value, twin))
    return twin


def is_plain_object(kind: type) -> bool:
    """Whether a class of Python's own is there to have attributes."""
    return kind.__name__ in PLAIN_OBJECTS and kind.__module__ in ("types", "argparse")


def attributes(value: Any) -> dict[str, Any]:
    """All that an object has of its own, also in slots."""
    slots = [
        name
        for kind in type(value).__mro__
        for name, member in vars(kind).items()
        if isinstance(member, types.MemberDescriptorType) and kind not in FOUNDATIONS
    ]
    found = {name: getattr(value, name) for name in slots if hasattr(value, name)}
    return {**found, **getattr(value, "__dict__", {})}


def set_attribute(value: Any, name: str, item: Any) -> None:
    """Set an attribute past what the class says about setting."""
    if hasattr(value, "__dict__"):
        slot = getattr(type(value), name, None)
        if not isinstance(slot, types.MemberDescriptorType):
            value.__dict__[name] = item
            return
    object.__setattr__(value, name, item)


def update_attributes(session: Session, value: Any, twin: Any) -> None:
    """Give an object the attributes of what stood for it."""
    before, now = attributes(value), attributes(twin)
    for name, item in now.items():
        outward = session.outward(item)
        if before.get(name, ABSENT) is not outward:
            set_attribute(value, name, outward)
    for name in before.keys() - now.keys():
        object.__delattr__(value, name)


def drawing(_: Session, value: Any) -> Any:
    """A generator of random numbers whose arrays accept Tensors; None for all else."""
    return Drawing(value) if is_generator(value) and value.__class__ is type(value) else None


# Back


def origin(copy: Any) -> Any:
    """The original of a copy, or itself."""
    return vars(copy).get(ORIGIN, lambda: copy)() or copy


def outward_class(_: Session, kind: type) -> Any:
    """The original of a copy."""
    return origin(kind)


def outward_method(session: Session, method: types.MethodType) -> Any:
    """A method of the original object."""
    function = session.outward(method.__func__)
    return types.MethodType(function, session.outward(method.__self__))


def outward_partial(session: Session, value: Any) -> Any:
    """A function of the user's of which some arguments are given."""
    keywords = {name: session.outward(item) for name, item in value.keywords.items()}
    return partial(session.outward(value.func), *map(session.outward, value.args), **keywords)


def outward_drawing(_: Session, value: Any) -> Any:
    """The generator of random numbers itself; None for all else."""
    return value._generator if type(value) is Drawing else None


def outward_instance(session: Session, value: Any) -> Any:
    """An object that was made during the call, as one of the user's own class."""
    kind = type(value)
    if not (is_plain_object(kind) or is_users_class(kind)):
        return value
    if isinstance(value, dict):
        outward_dict(session, value)
    elif isinstance(value, list | deque):
        outward_list(session, value)
    for name, item in attributes(value).items():
        outward = session.outward(item)
        if outward is not item:
            set_attribute(value, name, outward)
    if ORIGIN in vars(kind):
        object.__setattr__(value, "__class__", origin(kind))
    return value


STAND_INS += [
    (types.FunctionType, function_copy), (types.MethodType, method_copy), (partial, partial_copy),
    (np.vectorize, vectorize_copy), (_lru_cache_wrapper, cached_copy), (type, class_copy),
    (object, drawing), (object, instance_copy),
]  # fmt: skip
OUTWARD += [
    (types.MethodType, outward_method),
    (partial, outward_partial), (type, outward_class), (object, outward_drawing),
    (object, outward_instance),
]  # fmt: skip
