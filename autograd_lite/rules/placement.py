"""Functions of NumPy that assign: copyto, put, place, putmask, fill_diagonal, put_along_axis.

NumPy itself says which value goes where: it assigns the numbers of the values to an array of
whole numbers. What is left to do is one assignment by a mask.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from ..core.errors import (
    AS_FOR_ARRAYS,
    LostGradientError,
    explained,
    format_call,
    function_name,
    message,
)
from ..core.operands import FAILURES, as_array
from ..core.primitives import numbered
from ..core.trace import HANDLERS, Traced, newest, peel_all

Numbering = Callable[[Any, Any], None]


def place_by_number(target: Any, value: Any, numbering: Numbering) -> None:
    """Assign the entries of `value` where `numbering(labels, numbers)` puts their numbers."""
    value = as_array(value)
    labels = np.full(np.shape(target), -1)
    numbering(labels, numbered(np.shape(value)))
    chosen = labels >= 0
    target[chosen] = np.ravel(value)[labels[chosen]]


def put(a: Any, ind: Any, v: Any, mode: Any = "raise") -> None:
    """np.put by numbers."""
    place_by_number(a, v, lambda labels, numbers: np.put(labels, ind, numbers, mode))


def place(arr: Any, mask: Any, vals: Any) -> None:
    """np.place by numbers."""
    place_by_number(arr, vals, lambda labels, numbers: np.place(labels, mask, numbers))


def putmask(a: Any, mask: Any, values: Any) -> None:
    """np.putmask by numbers. Its values are cast to the dtype of the target where that is safe."""
    given = getattr(values, "dtype", a.dtype)
    if not np.can_cast(given, a.dtype, "safe"):
        raise TypeError(
            f"Cannot cast array data from {given!r} to {a.dtype!r} according to the rule 'safe'"
        )
    place_by_number(a, values, lambda labels, numbers: np.putmask(labels, mask, numbers))


def fill_diagonal(a: Any, val: Any, wrap: bool = False) -> None:
    """np.fill_diagonal by numbers."""
    place_by_number(a, val, lambda labels, numbers: np.fill_diagonal(labels, numbers, wrap))


def put_along_axis(arr: Any, indices: Any, values: Any, axis: int | None = -1) -> None:
    """np.put_along_axis by numbers."""
    place_by_number(
        arr, values, lambda labels, numbers: np.put_along_axis(labels, indices, numbers, axis)
    )


def copyto(dst: Any, src: Any, casting: Any = "same_kind", where: Any = True) -> None:
    """np.copyto by an assignment, or a choice between old and new entries."""
    given = getattr(src, "dtype", dst.dtype)  # numbers adapt themselves
    if not np.can_cast(given, dst.dtype, casting):
        raise TypeError(
            f"Cannot cast array data from {given!r} to {dst.dtype!r} according to the rule "
            f"{casting!r}"
        )
    dst[...] = src if where is True else np.where(where, src, dst)


def into_tensors(function: Any, implementation: Callable[..., None]) -> None:
    """Handle a function that writes into its first argument."""

    def handler(_: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        target = next(iter((*args, *kwargs.values())))
        if isinstance(target, Traced):
            try:
                return implementation(*args, **kwargs)
            except FAILURES as error:
                raise explained(error, function, args, kwargs, AS_FOR_ARRAYS) from None
        if any(is_recorded(value) for value in (*args, *kwargs.values())):
            raise LostGradientError(
                message(
                    f"{function_name(function)} cannot write a Tensor into an array: its gradient "
                    "would be lost",
                    call=format_call(function, args, kwargs),
                    remedy="make the target by np.zeros_like(tensor) or autograd_lite.numpy.zeros",
                )
            )
        plain = {key: peel_all(value) for key, value in kwargs.items()}
        return function(*[peel_all(value) for value in args], **plain)

    HANDLERS[function] = handler


def is_recorded(value: Any) -> bool:
    """Whether an argument is, or holds, a Tensor with a gradient to lose."""
    top = newest((value,))
    return top is not None and top._node is not None


into_tensors(np.put, put)
into_tensors(np.place, place)
into_tensors(np.putmask, putmask)
into_tensors(np.fill_diagonal, fill_diagonal)
into_tensors(np.put_along_axis, put_along_axis)
into_tensors(np.copyto, copyto)
