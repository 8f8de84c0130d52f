"""Ufuncs called with keywords: `np.exp(t, where=mask)`, `np.matmul(t, u, axes=...)`.

`where=` leaves zeros in the entries that are not computed (NumPy leaves whatever was in memory),
and nothing flows back from them. `order=` and `subok=` say nothing of values.
"""

from typing import Any

import numpy as np

from .errors import AS_FOR_ARRAYS, explained
from .operands import as_array
from .trace import HANDLERS, dispatch, peel_all

DEFAULTS = {"where": True, "subok": True, "keepdims": False, "dtype": None}
CASTS = {"dtype", "signature", "casting"}
MOVES = {"axes", "axis", "keepdims"}  # where the vectors and matrices of np.matmul and its kin lie


def call_with_keywords(ufunc: Any, inputs: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """`ufunc(x, where=..., dtype=..., casting=..., order=..., subok=..., signature=..., axes=...)`.

    Raises what NumPy raises for impossible keywords.
    """
    given = {key: value for key, value in kwargs.items() if not is_default(key, value)}
    inputs = tuple(as_operand(value) for value in inputs)
    mask = given.pop("where", True)
    try:
        refused_mask = {} if mask is True or ufunc.signature is None else {"where": mask}
        check(ufunc, inputs, {**given, **refused_mask})
        inputs = cast(ufunc, inputs, given)
        if mask is not True:
            return call_where(ufunc, inputs, as_mask(mask))
    except (ValueError, TypeError) as error:
        raise explained(error, ufunc, inputs, kwargs, AS_FOR_ARRAYS) from None
    if given.keys() & MOVES:
        return HANDLERS[ufunc](ufunc, inputs, {key: given[key] for key in MOVES & given.keys()})
    return dispatch(ufunc, inputs, {})


def is_default(key: str, value: Any) -> bool:
    """Whether a keyword says nothing."""
    return key in DEFAULTS and value is DEFAULTS[key]


def as_operand(value: Any) -> Any:
    """Lists as arrays or Tensors; numbers stay what they are, and do not decide on the dtype."""
    return as_array(value) if value.__class__ in (list, tuple) else value


def check(ufunc: Any, inputs: tuple[Any, ...], given: dict[str, Any]) -> Any:
    """Let NumPy refuse what it refuses, and say what it returns, by a call without entries."""
    tried = []
    for value in inputs:
        if hasattr(value, "dtype"):
            shape = (0,) if ufunc.signature is None else (1,) * np.ndim(value)
            tried.append(np.zeros(shape, value.dtype))
        else:
            tried.append(value)
    return ufunc(*tried, **given)


def cast(ufunc: Any, inputs: tuple[Any, ...], given: dict[str, Any]) -> tuple[Any, ...]:
    """The inputs in the dtypes to which NumPy would cast them, as `dtype=` and its kin say."""
    asked = {key: given.pop(key) for key in CASTS & given.keys()}
    if not asked:
        return inputs
    wanted = loop(ufunc, asked.get("signature"), asked.get("dtype"))
    dtypes = ufunc.resolve_dtypes(
        (*[getattr(value, "dtype", type(value)) for value in inputs], *(None,) * ufunc.nout),
        casting=asked.get("casting", "same_kind"),
        **({} if wanted is None else {"signature": wanted}),
    )
    return tuple(
        value if getattr(value, "dtype", None) == dtype else as_array(value).astype(dtype)
        for value, dtype in zip(inputs, dtypes, strict=False)
    )


def loop(ufunc: Any, signature: Any, dtype: Any) -> Any:
    """`dtype=` and `signature=` as dtypes of all operands, None where nothing is said."""
    if isinstance(signature, str) and "->" in signature:
        return tuple(np.dtype(char) for char in signature.replace("->", ""))
    if signature is not None:
        return tuple(None if each is None else np.dtype(each) for each in signature)
    return None if dtype is None else (None,) * ufunc.nin + (np.dtype(dtype),) * ufunc.nout


# where=


def as_mask(where: Any) -> Any:
    """The mask as an array of booleans, refused as NumPy refuses others."""
    mask = peel_all(where)
    if isinstance(mask, np.ndarray) and mask.dtype != np.bool_:
        np.positive(0.0, where=mask, out=np.zeros(mask.shape))  # raises
    return np.asarray(mask, bool)


def call_where(ufunc: Any, inputs: tuple[Any, ...], mask: Any) -> Any:
    """The ufunc where `mask` is true, 0 elsewhere.

    Entries that are not to be computed are replaced by the first that is, so that none of them
    overflows or leaves the domain.
    """
    shape = np.broadcast_shapes(mask.shape, *map(np.shape, inputs))
    first = np.flatnonzero(np.broadcast_to(mask, shape))[:1]
    if first.size:
        inputs = tuple(safe(value, mask, shape, first[0]) for value in inputs)
        results = dispatch(ufunc, inputs, {})
    else:
        with np.errstate(all="ignore"):
            results = dispatch(ufunc, inputs, {})
    if results.__class__ is tuple:
        return tuple(np.where(mask, y, y.dtype.type(0)) for y in results)
    return np.where(mask, results, results.dtype.type(0))


def safe(value: Any, mask: Any, shape: tuple[int, ...], first: int) -> Any:
    """The operand with one of its own entries in place of those that are not computed."""
    if not np.ndim(value):
        return value
    replacement = np.broadcast_to(peel_all(value), shape).flat[first]
    return np.where(mask, value, replacement)
