"""Ufuncs called with keywords, and their methods: `np.add.reduce(t)`, `np.multiply.outer(t, u)`."""

from typing import Any

import numpy as np

from .errors import NotDifferentiableError, format_call, message
from .trace import HANDLERS, dispatch

REDUCTIONS = {
    np.add: np.sum,
    np.multiply: np.prod,
    np.maximum: np.max,
    np.minimum: np.min,
    np.logical_or: np.any,
    np.logical_and: np.all,
}
HARMLESS = {"dtype", "order", "subok"}  # the first is obeyed, the others say nothing of values
CORE = ("axes", "axis", "keepdims")  # where the vectors and matrices of np.matmul and its kin lie
ACCUMULATIONS = {np.add: np.cumsum, np.multiply: np.cumprod}
TABLES: dict[str, dict[Any, Any]] = {"reduce": REDUCTIONS, "accumulate": ACCUMULATIONS}


def call_ufunc(ufunc: Any, method: str, inputs: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A call of a ufunc or of one of its methods that has no short way."""
    if method == "__call__":
        return call_with_keywords(ufunc, inputs, kwargs)
    table = TABLES.get(method, {})
    if ufunc in table:
        array, axis, rest = inputs[0], kwargs.pop("axis", 0), dict(zip_rest(inputs))
        return dispatch(table[ufunc], (array,), {"axis": axis, **rest, **kwargs})
    if method == "outer" and ufunc.nout == 1 and len(inputs) == 2 and not kwargs:
        a, b = inputs
        return ufunc(np.reshape(a, np.shape(a) + (1,) * np.ndim(b)), b)
    raise NotDifferentiableError(
        message(
            f"np.{ufunc.__name__}.{method} has no derivative rule",
            call=format_call(f"np.{ufunc.__name__}.{method}", inputs, kwargs),
            remedy="use the function it stands for (np.sum, np.cumsum, indexing), or plain arrays",
        )
    )


def zip_rest(inputs: tuple[Any, ...]) -> Any:
    """Positional arguments of `reduce` after the array, by name."""
    return zip(("axis", "dtype", "out", "keepdims"), inputs[1:], strict=False)


def call_with_keywords(ufunc: Any, inputs: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """`ufunc(x, dtype=...)`; keywords that change more than that are refused."""
    kwargs = {
        key: value
        for key, value in kwargs.items()
        if not (key == "out" and all(array is None for array in value))
        and not (key == "where" and value is True)
    }
    core = {key: kwargs.pop(key) for key in CORE if key in kwargs and ufunc.signature is not None}
    refused = sorted(kwargs.keys() - HARMLESS)
    if refused:
        raise TypeError(
            message(
                f"np.{ufunc.__name__} with {' and '.join(f'{key}=' for key in refused)} cannot be "
                "recorded",
                call=format_call(ufunc, inputs, kwargs),
                remedy="assign the result (y = f(x); x = x + t for x += t) in place of out=, "
                "select with np.where(mask, f(x), other) in place of where=, and move axes before "
                "the call",
            )
        )
    dtype = kwargs.get("dtype")
    if dtype is not None:  # NumPy casts the inputs and computes in that dtype
        arrays = [value if hasattr(value, "astype") else np.asarray(value) for value in inputs]
        inputs = tuple(array.astype(dtype) for array in arrays)
    return HANDLERS[ufunc](ufunc, inputs, core) if core else dispatch(ufunc, inputs, {})
