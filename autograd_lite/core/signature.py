"""The parameters of a declared function, as source: Python itself binds the arguments of a call."""

from collections.abc import Callable
from functools import cached_property
from inspect import CO_VARARGS, CO_VARKEYWORDS
from operator import attrgetter
from types import CodeType
from typing import Any

import numpy as np

SHAPE = attrgetter("shape")
PLAIN_DEFAULTS = {"keepdims": False, "where": True}


def parameters_of_code(code: CodeType) -> tuple[list[str], list[str]]:
    """The names of all parameters in the order of their list, and of those before a star."""
    count = code.co_argcount
    named, names = count + code.co_kwonlyargcount, code.co_varnames
    positional = list(names[:count])
    if not code.co_flags & (CO_VARARGS | CO_VARKEYWORDS) and named == count:
        return positional, positional
    starred = bool(code.co_flags & CO_VARARGS)
    last = named + starred + bool(code.co_flags & CO_VARKEYWORDS)
    extra = [*names[named : named + starred], *names[count:named], *names[named + starred : last]]
    return positional + extra, positional


def plain_default(name: str, value: Any) -> Any:
    """The default of a parameter: a plain one for NumPy's `<no value>`."""
    return PLAIN_DEFAULTS.get(name) if type(value) is type(np._NoValue) else value


def parameter_names(text: str) -> list[str]:
    """Names in the source of a parameter list."""
    names = (part.partition("=")[0].strip(" *") for part in text.split(","))
    return [name for name in names if name and name != "/"]


class Signature:
    """The parameters of a declared function, as source from which small functions are made.

    The source is put together when it is first needed, since most functions are never called.
    """

    def __init__(self, function: Any, text: str | None) -> None:
        self.owner = getattr(function, "__name__", str(function))
        if text is None and isinstance(function, np.ufunc):
            text = {1: "x", 2: "a, b"}[function.nin]
        self._given = text
        if text is None:
            self._function = self._written_in_python(function)
            code = self._function.__code__
            self.names, self.positional = parameters_of_code(code)
            self.variadic = not self.positional and bool(code.co_flags & CO_VARARGS)
        else:
            before, star, _ = text.partition("*")
            self.names = parameter_names(text)
            self.positional = parameter_names(before) if star else self.names
            self.variadic = text.startswith(f"*{self.names[0]}")  # any number of operands

    def _written_in_python(self, function: Any) -> Any:
        """The function itself, without what NumPy or a decorator has put around it."""
        function = getattr(function, "_implementation", function)
        while hasattr(function, "__wrapped__"):
            function = function.__wrapped__
        if not hasattr(function, "__code__"):
            raise ValueError(f"{self.owner} is not written in Python: give declare its signature=")
        return function

    @property
    def text(self) -> str:
        """The source of the parameter list."""
        return self._source[0]

    @cached_property
    def _source(self) -> tuple[str, dict[str, Any]]:
        """The source, and the defaults that it names; from the code, if it was not given.

        `inspect` would take longer than all else. NumPy's `<no value>` defaults become plain ones.
        """
        if self._given is not None:
            return self._given, {}
        code, names = self._function.__code__, self.names
        optional = self._function.__defaults__ or ()
        values = dict(zip(names[code.co_argcount - len(optional) :], optional, strict=False))
        values |= self._function.__kwdefaults__ or {}
        parts = [f"{name}=_{name}" if name in values else name for name in names]
        if code.co_flags & CO_VARARGS:
            parts[code.co_argcount] = f"*{parts[code.co_argcount]}"
        elif code.co_kwonlyargcount:
            parts.insert(code.co_argcount, "*")
        if code.co_flags & CO_VARKEYWORDS:
            parts[-1] = f"**{parts[-1]}"
        defaults = {f"_{name}": plain_default(name, value) for name, value in values.items()}
        return ", ".join(parts), defaults

    def check(self, operand: str, names: tuple[str, ...]) -> None:
        """Refuse a rule for an operand, or a formula with a parameter, that does not exist."""
        known = {"y", "member", *self.names}
        if operand not in self.names:
            raise NameError(
                f"declare({self.owner}): unknown operand {operand!r}; allowed: "
                f"{', '.join(self.names)}"
            )
        for name in names:
            array = name.removesuffix("_shapes").removesuffix("_shape").removesuffix("_order")
            if name not in known and array not in known:
                allowed = ", ".join(sorted(known))
                raise NameError(
                    f"declare({self.owner}): unknown name {name!r} in the rule for "
                    f"{operand!r}; allowed: g, {allowed}, each also with _shape"
                )

    def expression(self, name: str) -> str:
        """The source that gives a formula's parameter."""
        if name in self.names:
            return name
        if name in ("y", "member"):
            return f"_{name}"
        if name == "y_shape":
            return shape_expression("_y")
        if name.endswith("_shapes"):
            return f"shapes_of({name.removesuffix('_shapes')})"
        if name.endswith("_order"):
            return f"(order if order == 'C' else order_of(order, {name.removesuffix('_order')}))"
        return shape_expression(name.removesuffix("_shape")) if name.endswith("_shape") else name

    def function(self, before: str, body: str, **names: Any) -> Callable[..., tuple[Any, ...]]:
        """`lambda <before>, <parameters>: <body>`, with `names` known to the body."""
        text, defaults = self._source
        source = compile(f"lambda {before}{text}: {body}", "<autograd_lite rule>", "eval")
        known = {
            "ndarray": np.ndarray,
            "shape_of": shape_of,
            "shapes_of": shapes_of,
            "order_of": order_of,
            **defaults,
            **names,
        }
        made: Callable[..., tuple[Any, ...]] = eval(source, known)
        return made


def shape_expression(name: str) -> str:
    """The source of a shape: an array's without a call, which would cost twice as much."""
    return f"({name}.shape if {name}.__class__ is ndarray else shape_of({name}))"


def shape_of(value: Any) -> Any:
    """The shape of an array or number: np.shape without its dispatch."""
    try:
        return value.shape
    except AttributeError:
        if value.__class__ is list and value:  # of rows that may be values of other traces
            return (len(value), *shape_of(value[0]))
        return np.shape(value)


def shapes_of(values: Any) -> list[Any]:
    """The shapes of arrays and numbers."""
    try:
        return [*map(SHAPE, values)]
    except AttributeError:
        return [shape_of(value) for value in values]


def order_of(order: Any, value: Any) -> Any:
    """In which order `order=` reads an operand: "C" or "F", or else the numbers of its entries.

    >>> order_of("A", np.zeros((2, 3)).T), order_of("K", np.zeros((2, 2, 2)).swapaxes(0, 1))
    ('F', array([0, 1, 4, 5, 2, 3, 6, 7]))
    """
    order = (order or "C").upper()
    while not hasattr(value, "flags"):  # a Tensor's memory is that of what it holds
        value = value._value
    if order not in "AK" or value.flags.c_contiguous:
        return order if order == "F" else "C"
    if value.flags.f_contiguous:
        return "F"
    return "C" if order == "A" else numbered_like(value).ravel("K")


def numbered_like(array: Any) -> Any:
    """An array of the same shape, and order in memory, in which every entry is its own number."""
    numbers = np.empty_like(array, dtype=np.intp)
    numbers[...] = np.arange(array.size).reshape(array.shape)
    return numbers
