"""Calls of ufuncs by what NumPy hands over: `np.add(a, b, out=t)`, `np.add.at(t, index, b)`."""

from typing import Any

import numpy as np

from .assignment import assign
from .errors import explained, format_call, message
from .primitives import add_at, astype, names_entries_once, numbered, own_index
from .trace import newest, store
from .ufunc_methods import call_ufunc


def call_otherwise(ufunc: Any, method: str, inputs: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A call of a ufunc that has no short way: by one of its methods, with `out=` or options."""
    if method == "at":
        return call_at(ufunc, inputs[0], inputs[1], inputs[2:])
    outputs = kwargs.pop("out", ())
    if any(out is not None for out in outputs):
        return call_into(ufunc, method, inputs, outputs, kwargs)
    return call_ufunc(ufunc, method, inputs, kwargs)


def call_into(
    ufunc: Any, method: str, inputs: tuple[Any, ...], outputs: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> Any:  # fmt: skip
    """A ufunc, or a method of one, with `out=`; returns what `out` holds then.

    With `where=`, entries that are not computed keep what they held. `casting=` is what the results
    may be cast by as well.
    """
    elementwise = method == "__call__" and ufunc.signature is None
    mask = kwargs.get("where", True) if method == "__call__" else True
    results = getattr(ufunc, method)(*inputs, **kwargs)
    stored = []
    for result, out in zip((results,) if ufunc.nout == 1 else results, outputs, strict=True):
        if out is not None:
            held = result if mask is True else np.where(mask, result, out)
            if elementwise and np.shape(held) != out.shape:
                held = broadcast(held, out, ufunc)
            if "casting" in kwargs and held.dtype != out.dtype:
                held = cast(held, out.dtype, kwargs["casting"], ufunc)
            result = store(out, held, ufunc, inputs, {**kwargs, "out": out})
        stored.append(result)
    return stored[0] if ufunc.nout == 1 else tuple(stored)


def broadcast(result: Any, out: Any, ufunc: Any) -> Any:
    """The result of an elementwise function in the shape of a larger array that is to hold it."""
    try:
        return np.broadcast_to(result, out.shape)
    except ValueError as error:
        remedy = "give an array of the shape of the result"
        raise explained(error, ufunc, (result,), {"out": out}, remedy) from None


def cast(result: Any, dtype: Any, casting: Any, ufunc: Any) -> Any:
    """The result in the dtype of what is to hold it, as far as `casting=` allows that."""
    if not np.can_cast(result.dtype, dtype, casting):
        raise TypeError(
            message(
                f"np.{ufunc.__name__} has a result of dtype {result.dtype}, which casting="
                f"{casting!r} does not let be stored in one of dtype {dtype}",
                remedy="leave casting= away, or give an array of the dtype of the result",
            )
        )
    return astype(result, dtype)


def call_at(ufunc: Any, target: Any, index: Any, operands: tuple[Any, ...]) -> None:
    """`ufunc.at(target, index, *operands)`: one after the other where entries are named twice.

    Each round treats the first, second, ... naming of every entry, as no entry twice.
    """
    if newest((target,)) is None:
        raise TypeError(
            message(
                f"np.{ufunc.__name__}.at cannot write a Tensor into an array: its gradient would "
                "be lost",
                call=format_call(f"np.{ufunc.__name__}.at", (target, index, *operands), {}),
                remedy="make the target by autograd_lite.numpy.zeros, or np.zeros_like(tensor)",
            )
        )
    if ufunc in (np.add, np.subtract):
        change = operands[0] if ufunc is np.add else np.negative(operands[0])
        target._store(add_at(target, own_index(index), change), "np.add.at")
    elif names_entries_once(index):
        assign(target, index, ufunc(target[index], *operands))
    else:
        in_rounds(ufunc, target, index, operands)


def in_rounds(ufunc: Any, target: Any, index: Any, operands: tuple[Any, ...]) -> None:
    """Apply a ufunc to entries that the index may name several times."""
    shape = target.shape
    places = numbered(shape)[index]
    # copies, since an operand may be a view of the target
    operands = tuple(np.copy(np.broadcast_to(b, places.shape)).ravel() for b in operands)
    flat = places.ravel()
    order = np.argsort(flat, kind="stable")
    _, starts, counts = np.unique(flat[order], return_index=True, return_counts=True)
    naming = np.empty(flat.size, int)
    naming[order] = np.arange(flat.size) - np.repeat(starts, counts)
    for number in range(int(naming.max(initial=-1)) + 1):
        chosen = np.flatnonzero(naming == number)
        where = np.unravel_index(flat[chosen], shape)
        assign(target, where, ufunc(target[where], *(b[chosen] for b in operands)))
