"""The classes of series, `Polynomial` to `Laguerre`, with coefficients that may be Tensors.

They are NumPy's own, with the functions of this package in place of those that NumPy's methods
call.
"""

from types import FunctionType
from typing import Any

from numpy.polynomial._polybase import ABCPolyBase

from ...core.trace import peel_all
from ...rules.series import PREFIXES
from . import polyutils

OPERATIONS = (
    "add", "sub", "mul", "div", "pow", "val", "int", "der", "fit", "line", "roots", "fromroots",
)  # fmt: skip


def plain_repr(value: Any) -> str:
    """The text of an array, also of one inside a Tensor."""
    return repr(peel_all(value))


def rebound(method: Any, functions: dict[str, Any]) -> Any:
    """A method of NumPy's that looks `functions` up among its module's names."""
    if isinstance(method, classmethod):
        return classmethod(rebound(method.__func__, functions))
    if not isinstance(method, FunctionType):
        return method
    names = {**method.__globals__, "pu": polyutils, "repr": plain_repr, **functions}
    made = FunctionType(
        method.__code__, names, method.__name__, method.__defaults__, method.__closure__
    )
    made.__kwdefaults__, made.__doc__ = method.__kwdefaults__, method.__doc__
    return made


def on_tensors(original: type, functions: dict[str, Any]) -> type:
    """A subclass of one of NumPy's classes, which has our functions."""
    body = {
        name: rebound(method, functions)
        for owner in (ABCPolyBase, original)
        for name, method in vars(owner).items()
        if isinstance(method, FunctionType | classmethod) and not is_abstract(method)
    }
    prefix = PREFIXES[original.__module__.rpartition(".")[2]]
    body |= {f"_{name}": staticmethod(functions[prefix + name]) for name in OPERATIONS}
    return type(original.__name__, (original,), {**body, "__doc__": original.__doc__})


def is_abstract(method: Any) -> bool:
    """Whether a method is there only to be overridden."""
    return getattr(method, "__isabstractmethod__", False)
