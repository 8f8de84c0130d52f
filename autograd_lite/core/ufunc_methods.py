"""The methods of ufuncs: `np.add.reduce(t)`, `np.multiply.outer(t, u)`.

Where NumPy has a function of its own for one (np.sum for np.add.reduce), that is what is called.
"""

from typing import Any

import numpy as np

from .errors import AS_FOR_ARRAYS, explained
from .folds import fold, fold_slices, scan
from .operands import as_array
from .operation import BINARY
from .primitives import astype
from .refusals import refusal
from .trace import HANDLERS, Traced, dispatch, peel_all, without_gradient
from .ufunc_keywords import call_with_keywords, is_default

REDUCTIONS = {
    np.add: np.sum,
    np.multiply: np.prod,
    np.maximum: np.max,
    np.minimum: np.min,
}
ACCUMULATIONS = {np.add: np.cumsum, np.multiply: np.cumprod}


def call_ufunc(ufunc: Any, method: str, inputs: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A call of a ufunc or of one of its methods that has no short way."""
    if method == "__call__":
        return call_with_keywords(ufunc, inputs, kwargs)
    kwargs = {key: value for key, value in kwargs.items() if not is_default(key, value)}
    if HANDLERS.get(ufunc) is without_gradient:
        return without_gradient(getattr(ufunc, method), inputs, kwargs)
    if method == "outer" and ufunc.nin == 2 and ufunc.signature is None:
        return outer(ufunc, *inputs, **kwargs)
    if ufunc not in BINARY or ufunc.signature is not None:
        return refuse_method(ufunc, method, inputs, kwargs)
    return METHODS[method](ufunc, *inputs, **kwargs)


def reduce(
    ufunc: Any, array: Any, axis: Any = 0, dtype: Any = None, keepdims: bool = False,
    initial: Any = np._NoValue, where: Any = True,
) -> Any:  # fmt: skip
    """`ufunc.reduce`. np.max and np.min take no dtype, which NumPy casts to beforehand."""
    given = {"initial": initial} if initial is not np._NoValue else {}
    if ufunc not in REDUCTIONS or isinstance(initial, Traced):
        return fold(array, ufunc, axis, dtype, keepdims, where=where, **given)
    if dtype is not None and ufunc in (np.maximum, np.minimum):
        array = astype(as_array(array), dtype)
    elif dtype is not None:
        given["dtype"] = dtype
    options = {"axis": axis, "keepdims": keepdims, "where": where, **given}
    return dispatch(REDUCTIONS[ufunc], (array,), options)


def accumulate(ufunc: Any, array: Any, axis: Any = 0, dtype: Any = None) -> Any:
    """`ufunc.accumulate`. It refuses what has no axes, which np.cumsum does not."""
    if ufunc in ACCUMULATIONS and np.ndim(array) and axis is not None:
        return dispatch(ACCUMULATIONS[ufunc], (array, axis, dtype), {})
    return scan(array, ufunc, axis, dtype)


def reduceat(ufunc: Any, *inputs: Any, axis: Any = 0, dtype: Any = None, **named: Any) -> Any:
    """`ufunc.reduceat(array, indices)`. What is given by name NumPy gives by position as well."""
    array, indices = (*inputs, *named.values())[:2]
    return fold_slices(array, ufunc, peel_all(indices), axis, dtype)


def outer(ufunc: Any, a: Any, b: Any, **kwargs: Any) -> Any:
    """`ufunc.outer`, to which numbers are arrays: they decide on the dtype like those."""
    a, b = as_array(a), as_array(b)
    a = np.reshape(a, np.shape(a) + (1,) * np.ndim(b))
    return call_with_keywords(ufunc, (a, b), kwargs) if kwargs else ufunc(a, b)


METHODS: dict[str, Any] = {
    "reduce": reduce,
    "accumulate": accumulate,
    "reduceat": reduceat,
    "outer": outer,
}


def refuse_method(ufunc: Any, method: str, inputs: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A method of a ufunc without a rule for two operands: most have none, and NumPy says so."""
    function = getattr(ufunc, method)
    try:
        function(*peel_all(inputs), **{key: peel_all(value) for key, value in kwargs.items()})
    except (ValueError, TypeError, RuntimeError) as error:
        name = f"np.{ufunc.__name__}.{method}"
        raise explained(error, name, inputs, kwargs, AS_FOR_ARRAYS) from None
    raise refusal(ufunc, inputs, kwargs)
