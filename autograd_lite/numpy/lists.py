"""Tensors in lists, `np.mean([loss(x) for x in batch])`, and in arguments that NumPy overlooks.

NumPy asks the arrays among the operands who is to compute, but makes arrays of lists, and of
arguments such as `initial=` or `default=`. Tensors refuse that, and only then is there something
to do. What is made of numbers alone, `np.stack([0.0, 1.0])` or `np.repeat(0.0, 3)`, accepts Tensors
like all that the namespace makes.
"""

from collections.abc import Callable
from functools import wraps
from types import ModuleType
from typing import Any

import numpy as np
from numpy import ndarray

from ..core.errors import is_refusal
from ..core.operands import stack
from ..core.trace import dispatch, newest, peel_all
from .creation import accepting

SEQUENCES = (list, tuple)
PLAIN = frozenset([ndarray, int, float, bool, str, type, type(None)])  # which hold no Tensors
OF_NUMBERS = frozenset([list, tuple, float, complex, np.float64])
OF_SEQUENCES = {  # whose first or second argument is a list of arrays, or of functions
    np.block, np.choose, np.column_stack, np.concatenate, np.dstack, np.einsum, np.hstack,
    np.linalg.multi_dot, np.piecewise, np.select, np.stack, np.vstack,
}  # fmt: skip
Dispatcher: Any = type(np.stack)


class Unusual:
    """Stands among the operands of a call that is not of plain arrays, and computes it."""

    __slots__ = ("function",)

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function

    def __array_function__(self, _: Any, types: Any, args: Any, kwargs: Any) -> Any:
        function = self.function
        try:
            result = function(*args, **kwargs)
            if args and args[0].__class__ in OF_NUMBERS and result.__class__ is ndarray:
                return result if holds_array((args, *kwargs.values())) else accepting(result)
            return result
        except (TypeError, ValueError) as error:
            if not is_refusal(error):
                raise
        if function not in OF_SEQUENCES:
            args = tuple(map(stacked, args))
            kwargs = {name: stacked(value) for name, value in kwargs.items()}
        return dispatch(function, args, kwargs)


def of_lists(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, which may also be given lists of Tensors, and Tensors in any argument.

    It is made as NumPy makes its own, and as fast: in place of a function that names the operands
    it has one that looks whether there is anything else than plain arrays.

    >>> import autograd_lite as ag
    >>> w = ag.Tensor([1.0, 2.0])
    >>> of_lists(np.mean)([w[0] * 2, w[1]]).backward()
    >>> w.grad
    array([1. , 0.5])
    >>> of_lists(np.repeat)(0.0, 2)
    Tensor([0., 0.], requires_grad=False)
    """
    implementation = function._implementation  # type: ignore[attr-defined]  # of all it is given
    return wraps(function)(Dispatcher(plain_or((Unusual(function),)), implementation))


def plain_or(unusual: tuple[Unusual]) -> Callable[..., Any]:  # noqa: C901 - written out, see there
    """What NumPy asks who is to compute a call: nobody but itself of plain arrays, else `unusual`.

    It is all that a call costs more in this namespace: a loop is faster than a call of `all`, and
    one over nothing slower than to look first.
    """

    def operands(  # noqa: C901, PLR0911
        first: Any = None, second: Any = None, third: Any = None, /,
        *args: Any, axis: Any = None, **kwargs: Any,  # noqa: ARG001 - a number, and often there
    ) -> Any:  # fmt: skip
        if first.__class__ is not ndarray:
            if first.__class__ not in SEQUENCES or not first:
                return unusual
            for value in first:
                if value.__class__ is not ndarray:
                    return unusual
        if second is not None and second.__class__ is not ndarray:
            if second.__class__ is tuple:  # of whole numbers, such as a shape
                for value in second:
                    if value.__class__ is not int:
                        return unusual
            elif second.__class__ not in PLAIN:
                return unusual
        if third is not None and third.__class__ not in PLAIN:
            return unusual
        if args or kwargs:
            for value in args:
                if value.__class__ not in PLAIN:
                    return unusual
            for value in kwargs.values():
                if value.__class__ not in PLAIN:
                    return unusual
        return ()

    return operands


def holds_array(value: Any) -> bool:
    """Whether there is an array in a sequence of sequences."""
    if value.__class__ in SEQUENCES:
        return any(map(holds_array, value))
    return isinstance(value, ndarray)


def stacked(value: Any) -> Any:
    """A list with Tensors in it as one Tensor."""
    return stack(value) if value.__class__ in SEQUENCES and newest(value) is not None else value


def counterpart(module: ModuleType, names: dict[str, Any]) -> tuple[Any, Any, Any]:
    """`__all__`, `__getattr__` and `__dir__` of a module that has all of NumPy's `module`.

    `names` is what is in it, to which the functions come when they are first asked for.
    """

    def find(name: str) -> Any:
        value = getattr(module, name)
        if hasattr(value, "_implementation"):  # a function that asks who is to compute
            value = of_lists(value)
        names[name] = value
        return value

    public = list(module.__all__)
    return public, find, lambda: public


def of_values(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that is given plain arrays in place of Tensors: to compare, print or save them.

    >>> import autograd_lite as ag
    >>> of_values(np.testing.assert_allclose)(ag.Tensor([1.0]) * 2, [2.0])
    """

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        return function(*map(peel_all, args), **{k: peel_all(v) for k, v in kwargs.items()})

    return call


OF_VALUES = {name: of_values(getattr(np, name)) for name in (
    "isscalar", "save", "savetxt", "savez", "savez_compressed",
)}  # fmt: skip
