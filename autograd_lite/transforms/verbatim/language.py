"""What the exchanged code sees of Python itself: names that NumPy's arrays and Tensors share.

In code for arrays `float(loss)` is a number like any other, `isinstance(loss, float)` is true of
the sum of an array, and `import numpy` may stand inside a function.
"""

import builtins
import math
from functools import cache
from importlib import import_module
from typing import Any

import numpy as np

from ... import numpy as namespace
from ...core.conversions import BUILTINS, MASKS
from ...core.operands import stack
from ...core.primitives import astype
from ...core.trace import Traced, peel_all
from ...numpy.whole_numbers import WholeNumbers, whole
from ...rules.mathematics import erf, erfc
from .session import Session


class AsItself(type):
    """What makes a class of ours equal to one of Python, and its instances those of that one."""

    original: type

    def __instancecheck__(cls, instance: Any) -> bool:
        return is_instance(instance, cls.original)

    def __subclasscheck__(cls, subclass: type) -> bool:
        return subclass is cls or issubclass(subclass, cls.original)

    def __eq__(cls, other: object) -> bool:
        return other is cls or other is cls.original

    def __hash__(cls) -> int:
        return hash(cls.original)


class Float(metaclass=AsItself):
    """`float`, which leaves a Tensor of one element a Tensor: its gradient is not lost."""

    original = float
    dtype = np.dtype(float)  # where NumPy asks for one
    fromhex = float.fromhex

    def __new__(cls, value: Any = 0.0, /) -> Any:
        """A number, or a Tensor without axes."""
        if not isinstance(value, Traced):
            return float(value)
        if value._node is None:
            return float(peel_all(value))
        return np.reshape(astype(value, np.float64), ())


class Type(metaclass=AsItself):
    """`type`, for which a Tensor is what NumPy would have in its place."""

    original = type

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        """The type of a value, or a new class."""
        return type_of(args[0]) if len(args) == 1 else type(*args, **kwargs)


def type_of(value: Any) -> Any:
    """The type of what NumPy's code would have in place of a value."""
    kind = type(peel_all(value)) if isinstance(value, Traced) else value.__class__
    if kind is float:
        return Float
    return namespace.ndarray if kind is np.ndarray or kind is WholeNumbers else kind


def is_instance(value: Any, kinds: Any) -> bool:
    """`isinstance`, for which a Tensor is what it holds: an array, or a number of NumPy's."""
    return isinstance(peel_all(value) if isinstance(value, Traced) else value, kinds)


def importing(
    name: str, names: Any = None, own: Any = None, fromlist: Any = (), level: int = 0
) -> Any:
    """`import`, of which exchanged modules are exchanged."""
    return Session().stand_in(builtins.__import__(name, names, own, fromlist, level))


BUILTINS.update(vars(builtins))
BUILTINS.update(
    {"__import__": importing, "float": Float, "isinstance": is_instance, "type": Type, MASKS: whole}
)  # fmt: skip


# The module `math`


class Mathematics:
    """The module `math`, whose functions are NumPy's where they are given a Tensor."""

    def __getattr__(self, name: str) -> Any:
        function = getattr(math, name)
        other = SPELLED.get(name, getattr(np, name, None))
        if not callable(function) or other is None:
            return function

        def either(*args: Any) -> Any:
            return other(*args) if is_recorded(args) else function(*peel_all(args))

        setattr(self, name, either)  # looked up once
        return either


def is_recorded(args: Any) -> bool:
    """Whether there is a Tensor with a gradient among the arguments, also in lists."""
    return any(
        arg._node is not None if isinstance(arg, Traced)
        else isinstance(arg, list | tuple) and is_recorded(arg)
        for arg in args
    )  # fmt: skip


def logarithm(x: Any, base: Any = None) -> Any:
    """`math.log`, which may be given a base."""
    return np.log(x) if base is None else np.log(x) / np.log(base)


def rounding(function: Any) -> Any:
    """A function that rounds to whole numbers of Python's."""
    return lambda x: function(peel_all(x).item())


def distance(p: Any, q: Any) -> Any:
    """`math.dist` of two points."""
    return np.linalg.norm(stack(p) - stack(q))


SPELLED: dict[str, Any] = {
    "ceil": rounding(math.ceil), "dist": distance, "erf": erf, "erfc": erfc,
    "floor": rounding(math.floor),
    "fsum": lambda values: np.sum(stack(list(values))),
    "hypot": lambda *sides: np.linalg.norm(stack(sides)),
    "isclose": lambda *args: math.isclose(*peel_all(args)), "log": logarithm,
    "prod": lambda values: np.prod(stack(list(values))), "trunc": rounding(math.trunc),
}  # fmt: skip
MATHEMATICS: Any = Mathematics()


# NumPy's names

PARTS = ("fft", "lib", "lib.stride_tricks", "linalg", "polynomial", "random", "testing")


@cache  # on first use, since it loads all parts of NumPy
def exchanges() -> dict[int, Any]:
    """What stands in the namespace for each name of NumPy, by the id of NumPy's; and for `math`."""
    table: dict[int, Any] = {id(np): namespace, id(math): MATHEMATICS}
    names = [(math, MATHEMATICS, list(vars(math))), (np, namespace, namespace.__all__)]
    for part in PARTS:
        theirs, ours = import_module(f"numpy.{part}"), import_module(f"{namespace.__name__}.{part}")
        table[id(theirs)] = ours
        names.append((theirs, ours, dir(ours)))
    for theirs, ours, public in names:
        for name in public:
            old = getattr(theirs, name, None)
            new = getattr(ours, name, old)
            if new is not old and not name.startswith("_"):
                table.setdefault(id(old), new)
    return table


@cache
def exchanged_back() -> dict[int, Any]:
    """NumPy's own, by the id of what stands for it."""
    theirs = {id(np): np, id(math): math}
    for module in (np, np.linalg, np.fft, np.random, math):
        theirs |= {id(value): value for value in vars(module).values()}
    return {id(new): theirs[old] for old, new in exchanges().items() if old in theirs}
