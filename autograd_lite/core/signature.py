"""The parameters of a declared function, as source: Python itself binds the arguments of a call."""

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np


def parameter_names(text: str) -> list[str]:
    """Names in the source of a parameter list."""
    names = (part.partition("=")[0].strip(" *") for part in text.split(","))
    return [name for name in names if name and name != "/"]


class Signature:
    """The parameters of a declared function, as source from which small functions are made."""

    def __init__(self, function: Any, text: str | None) -> None:
        self.owner = getattr(function, "__name__", str(function))
        self.defaults: dict[str, Any] = {}
        if text is None and isinstance(function, np.ufunc):
            text = {1: "x", 2: "a, b"}[function.nin]
        self.text = self._from_code(function) if text is None else text
        self.names = parameter_names(self.text)
        before, star, _ = self.text.partition("*")
        self.positional = parameter_names(before) if star else self.names

    def _from_code(self, function: Any) -> str:
        """Parameters of a Python function, from its code: `inspect` takes longer than all else.

        NumPy's `<no value>` defaults become plain ones.
        """
        function = inspect.unwrap(getattr(function, "_implementation", function))
        code = getattr(function, "__code__", None)
        if code is None:
            raise ValueError(f"{self.owner} is not written in Python: give declare its signature=")
        names, starred = code.co_varnames, code.co_argcount + code.co_kwonlyargcount
        required = code.co_argcount - len(function.__defaults__ or ())
        parts = list(names[:required])
        parts += map(self._default, names[required:], function.__defaults__ or ())
        if code.co_flags & inspect.CO_VARARGS:
            parts.append(f"*{names[starred]}")
            starred += 1
        elif code.co_kwonlyargcount:
            parts.append("*")
        defaults = function.__kwdefaults__ or {}
        for name in names[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]:
            parts.append(self._default(name, defaults[name]) if name in defaults else name)
        if code.co_flags & inspect.CO_VARKEYWORDS:
            parts.append(f"**{names[starred]}")
        return ", ".join(parts)

    def _default(self, name: str, value: Any) -> str:
        """A parameter with its default, which the functions that are made know by name."""
        plain = {"keepdims": False, "where": True}
        no_value = type(value) is type(np._NoValue)
        self.defaults[f"_{name}"] = plain.get(name) if no_value else value
        return f"{name}=_{name}"

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
            return f"[{shape_expression('_x')} for _x in {name.removesuffix('_shapes')}]"
        if name.endswith("_order"):
            return f"(order if order == 'C' else order_of(order, {name.removesuffix('_order')}))"
        return shape_expression(name.removesuffix("_shape")) if name.endswith("_shape") else name

    def function(self, before: str, body: str, **names: Any) -> Callable[..., tuple[Any, ...]]:
        """`lambda <before>, <parameters>: <body>`, with `names` known to the body."""
        source = compile(f"lambda {before}{self.text}: {body}", "<autograd_lite rule>", "eval")
        known = {
            "ndarray": np.ndarray,
            "shape_of": shape_of,
            "order_of": order_of,
            **self.defaults,
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
        return np.shape(value)


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
