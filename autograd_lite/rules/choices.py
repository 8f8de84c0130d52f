"""Derivatives of functions that choose by a mask or by numbers: take_along_axis, compress, extract,
choose, select, piecewise, trim_zeros.

What was not chosen gets structurally nothing (see `core.structural_zeros`). Conditions and numbers
have no gradient: they may be Tensors wherever NumPy takes floats for them, and count as constants.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..core.operands import as_array
from ..core.operation import ELEMENTWISE, SHAPE, declare
from ..core.primitives import astype, scatter
from ..core.structural_zeros.entries import spread
from ..core.structural_zeros.selected import select
from ..core.trace import (
    compose,
    newest,
    peel_all,
    primitive,
    unary_primitive,
    without_gradient,
)
from .selections import back_to_sources


def truth(condition: Any) -> Any:
    """A condition as an array of booleans, without its gradient."""
    return without_gradient(np.not_equal, (condition, 0), {})


def unfold(mask: Any, shape: tuple[int, ...]) -> Any:
    """A mask of leading axes, with axes of length one for the others."""
    return np.reshape(mask, np.shape(mask) + (1,) * (len(shape) - np.ndim(mask)))


def along_axis_index(shape: tuple[int, ...], indices: Any, axis: int) -> tuple[Any, ...]:
    """The index by which `take_along_axis` reads an array of `shape`."""
    axis %= len(shape)
    grid = np.ogrid[tuple(slice(n) for n in shape)]
    return (*grid[:axis], indices, *grid[axis + 1 :])


def take_along_axis_rule(g: Any, arr_shape: tuple[int, ...], indices: Any, axis: Any) -> Any:
    """The gradient at the entries that were read."""
    if axis is None:
        return back_to_sources(g, arr_shape, None, lambda numbers: np.take(numbers, indices))
    return spread(g, along_axis_index(arr_shape, indices, axis), arr_shape)


declare(
    np.take_along_axis,
    kind=SHAPE,
    signature="arr, indices, axis=-1",
    cases=(
        "arr=(n, 3), indices=np.array([[0, 2, 0, -1]]), axis=1",
        "arr=(3, m), indices=np.array([[2], [0]]), axis=0",
        "arr=(2, 3), indices=np.array([5, 0, 5]), axis=None",
        "numpy 2.3: arr=(2, 1, 3), indices=np.array([[[2], [0]]])",
    ),
    arr=take_along_axis_rule,
)


@unary_primitive
def keep_along(a: Any, condition: Any, axis: int | None) -> Any:
    """`np.compress` in another order of arguments."""
    return np.compress(condition, a, axis=axis)


declare(
    keep_along,
    kind=SHAPE,
    cases=(
        "a=(n, 3), condition=[0, 1, 0, 0, 1], axis=None",
        "a=(n, 3), condition=[True, False, True], axis=-1",
        "a=(3, m), condition=[0, 1], axis=0",
    ),
    a=lambda g, a_shape, condition, axis: back_to_sources(
        g, a_shape, axis, lambda numbers: np.compress(condition, numbers)
    ),
)


def compress(
    condition: Any, a: Any, axis: int | None = None,
    out: None = None,  # noqa: ARG001 - the engine has stored into it
) -> Any:  # fmt: skip
    """np.compress, of Tensors in either argument."""
    return keep_along(as_array(a), truth(condition), axis)


compose(
    np.compress,
    compress,
    signature="condition, a, axis=None, out=None",
    operands=("a",),
    cases=(
        "condition=[1, 0, 1], a=(3, m), axis=0",
        "condition=[True, False, True], a=(n, m)",
        "condition=[0, 2], a=(n, 3, m), axis=-2",
    ),
)
compose(
    np.extract,
    lambda condition, arr: np.take(as_array(arr), np.flatnonzero(truth(condition))),
    operands=("arr",),
    cases=("condition=Mask(n, m), arr=(n, m)", "condition=[0, 1, 0, 2], arr=(2, 3)"),
)


declare(
    np.choose,
    kind=ELEMENTWISE,
    signature="a, choices, out=None, mode='raise'",
    cases=(
        "a=np.array([[0, 1, 2], [1, 1, 0]]), choices=[(2, 3), (2, 1), ()]",
        "a=[1, 0, 1], choices=[(n, 1), (m, 1, 3)]",
        "a=[-3, 4, 1], choices=[(3,), (3,)], mode='wrap'",
        "a=[-3, 4, 1], choices=[(3,), (3,)], mode='clip'",
    ),
    remedy="numbers choose among the first axis of the choices, all of which must broadcast",
    choices=lambda g, member, a, choices_shapes, mode: select(
        g, np.choose(a, range(len(choices_shapes)), mode=mode) == member
    ),
)


@primitive
def choose_first_true(condlist: Any, choicelist: Any, default: Any = 0) -> Any:
    """`np.select`, which itself does not look whether the default is a Tensor."""
    return np.select(condlist, choicelist, default)


def first_true(condlist: Any) -> Any:
    """The number of the first condition that holds; how many there are where none does."""
    return np.select(condlist, list(range(len(condlist))), len(condlist))


declare(
    choose_first_true,
    kind=ELEMENTWISE,
    cases=(
        "condlist=np.eye(3)[[1, 0]] == 1, choicelist=[(3,), (n, 1)], default=()",
        "condlist=[Mask(m), Mask(m), Mask(n, m)], choicelist=[(), (n, 1), (n, m)], default=(n, m)",
    ),
    choicelist=lambda g, member, condlist: select(g, first_true(condlist) == member),
    default=lambda g, condlist: select(g, first_true(condlist) == len(condlist)),
)
compose(
    np.select,
    choose_first_true,
    operands=("choicelist",),
    cases=(
        "condlist=[Mask(n, m), Mask(m)], choicelist=[(n, m), (n, 1)]",
        "condlist=[Mask(n, m), Mask(m)], choicelist=[(), (k, 1, m)], default=1.5",
    ),
)


def piecewise(x: Any, condlist: Any, funclist: Sequence[Any], *args: Any, **kw: Any) -> Any:
    """np.piecewise: functions get the entries of their condition, constants may be Tensors."""
    x = as_array(x)
    y = np.zeros_like(x)
    for condition, piece in zip(pieces(x, condlist, len(funclist)), funclist, strict=True):
        values = piece
        if isinstance(piece, Callable):  # type: ignore[arg-type]  # NumPy's own question
            entries = x[condition]
            if not entries.size:
                continue
            values = piece(entries, *args, **kw)
        placed = place(values, condition, x.shape, y.dtype)
        y = np.where(unfold(condition, x.shape), placed, y)
    return y


def pieces(x: Any, condlist: Any, functions: int) -> Any:
    """The conditions of `np.piecewise`, one for each function: the last may stand for the rest."""
    if newest((condlist,)) is not None:
        condlist = truth(condlist)
    if np.isscalar(condlist) or (not isinstance(condlist[0], list | np.ndarray) and x.ndim != 0):
        condlist = [condlist]
    conditions = np.asarray(condlist, dtype=bool)
    if len(conditions) == functions - 1:
        otherwise = ~np.any(conditions, axis=0, keepdims=True)
        return np.concatenate([conditions, otherwise])
    if len(conditions) != functions:
        raise ValueError(f"{len(conditions)} conditions for {functions} functions")
    return conditions


def place(values: Any, condition: Any, shape: tuple[int, ...], dtype: Any) -> Any:
    """Zeros of `shape` and `dtype`, with values (or one value) where the condition holds."""
    values = as_array(values)
    if values.dtype != dtype:
        values = astype(values, dtype)
    count = int(np.count_nonzero(condition))
    entries = np.broadcast_to(values, (count, *shape[np.ndim(condition) :]))
    return scatter(entries, condition, shape)


compose(
    np.piecewise,
    piecewise,
    operands=("x",),
    cases=(
        "x=(n, m), condlist=[Mask(n, m), Mask(n, m)], funclist=[np.sin, 2.0, np.exp]",
        "x=(n, m), condlist=[Mask(n, m), Mask(n, m)], funclist=[np.square, np.cos]",
        "x=(m,), condlist=Mask(m), funclist=[lambda x, a, b: a * x**b, -1], args=(3, 2)",
        "x=(n, m), condlist=[Mask(n)], funclist=[np.sin, 1.5]",
        "x=(), condlist=[False, True], funclist=[np.exp, np.sin]",
    ),
)


def trim_zeros(filt: Any, trim: Any = "fb", *axis: Any, **options: Any) -> Any:
    """np.trim_zeros: a slice, as long as NumPy says, beginning at the first entry that is not 0."""
    nonzero = truth(filt)
    # and errors as NumPy's
    lengths = np.trim_zeros(peel_all(nonzero), trim, *axis, **options).shape
    starts = [0] * filt.ndim
    if "f" in trim.lower() and nonzero.any():
        first = np.argwhere(nonzero).min(axis=0)
        kept = zip(lengths, filt.shape, first, strict=True)
        starts = [int(start) if length < whole else 0 for length, whole, start in kept]
    return filt[tuple(slice(at, at + n) for at, n in zip(starts, lengths, strict=True))]


compose(
    np.trim_zeros,
    trim_zeros,
    operands=("filt",),
    cases=("filt=(n,)", "filt=(n,), trim='b'", "numpy 2.2: filt=(n, m), axis=0"),
)
