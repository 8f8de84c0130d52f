"""Derivatives of functions about axes and shapes: the same entries, seen in another way."""

from typing import Any

import numpy as np

from ..core.operation import SHAPE, declare
from ..core.primitives import astype, expand
from ..core.sweep import unbroadcast
from ..core.trace import compose, newest


def shaped_back(g: Any, shape: tuple[int, ...], order: Any) -> Any:
    """The gradient in the shape before; `order` may be the numbers of the entries as they came."""
    if isinstance(order, np.ndarray):
        g, order = g[np.argsort(order)], "C"
    return np.reshape(g, shape, order=order)


declare(
    np.reshape,
    kind=SHAPE,
    signature="a, shape=None, order='C', *, newshape=None, copy=None",  # NumPy 2.0 has another
    cases=(
        "a=(n, m), shape=(m, n)",
        "a=(n, m, k), shape=(k * n, m), order='F'",
        "a=(1, 1), shape=()",
    ),
    remedy="the new shape must hold exactly as many elements; -1 stands for one unknown length",
    a=lambda g, a_shape, a_order: shaped_back(g, a_shape, a_order),
)
declare(
    np.ravel,
    kind=SHAPE,
    cases=("a=(n, m)", "a=(n, m), order='F'", "a=()"),
    a=lambda g, a_shape, a_order: shaped_back(g, a_shape, a_order),
)
declare(
    np.transpose,
    kind=SHAPE,
    cases=("a=(n, m, k)", "a=(n, m, k), axes=(1, 2, 0)", "a=(n, m), axes=(-1, 0)"),
    a=lambda g, axes: np.transpose(g, None if axes is None else np.argsort(positive(axes))),
)
declare(
    np.swapaxes,
    kind=SHAPE,
    cases=("a=(n, m, k), axis1=0, axis2=-1",),
    a=lambda g, axis1, axis2: np.swapaxes(g, axis1, axis2),
)
declare(
    np.moveaxis,
    kind=SHAPE,
    cases=(
        "a=(n, m, k), source=0, destination=-1",
        "a=(n, m, k), source=(0, 1), destination=(2, 0)",
    ),
    a=lambda g, source, destination: np.moveaxis(g, destination, source),
)
declare(
    np.rollaxis,
    kind=SHAPE,
    cases=(
        "a=(n, m, k), axis=2",
        "a=(n, m, k), axis=0, start=3",
        "a=(n, m, k), axis=0, start=-1",
        "a=(n, m, k), axis=-1, start=1",
        "a=(n, m, k), axis=1, start=1",
    ),
    a=lambda g, axis, start: np.moveaxis(g, rolled_to(axis, start, g.ndim), axis),
)
declare(
    np.expand_dims,
    kind=SHAPE,
    cases=("a=(n, m), axis=1", "a=(n, m), axis=(0, -1)"),
    a=lambda g, a_shape: np.reshape(g, a_shape),
)
declare(
    np.squeeze,
    kind=SHAPE,
    cases=("a=(n, 1, m, 1)", "a=(n, 1, m, 1), axis=1"),
    a=lambda g, a_shape: np.reshape(g, a_shape),
)
declare(np.copy, kind=SHAPE, cases=("a=(n, m)",), a=lambda g: g)
declare(astype, kind=SHAPE, cases=("x=(n, m), dtype=np.float64",), x=lambda g: g)
declare(
    np.broadcast_to,
    kind=SHAPE,
    cases=("array=(n, 1), shape=(k, n, m)", "array=(), shape=(n, m)"),
    array=lambda g, array_shape: unbroadcast(g, array_shape),
)
declare(
    expand,
    kind=SHAPE,
    cases=("g=(n, 1), shape=(k, n, m)",),
    g=lambda g, g_shape: unbroadcast(g, g_shape),
)


def rolled_to(axis: int, start: int, ndim: int) -> int:
    """Where np.rollaxis puts an axis: before the one that was number `start`."""
    start = start + ndim if start < 0 else start
    return start - (axis % ndim < start)


def positive(axes: Any) -> list[int]:
    """A permutation of axes, counted from 0."""
    return [axis % np.size(axes) for axis in np.atleast_1d(axes)]


def at_least(function: Any, reshape: Any) -> None:
    """Declare `atleast_1d` and its kin: one array, or a tuple of them for several."""

    def implementation(*arrays: Any) -> Any:
        results = tuple(reshape(a) if newest((a,)) is not None else function(a) for a in arrays)
        return results[0] if len(results) == 1 else results

    cases = ("arys=[()]", "arys=[(n,)]", "arys=[(n, m)]", "arys=[(), (n,), (n, m, k)]")
    compose(function, implementation, operands=("arys",), cases=cases)


at_least(np.atleast_1d, lambda a: a if a.ndim >= 1 else np.reshape(a, (1,)))
at_least(np.atleast_2d, lambda a: a if a.ndim >= 2 else np.reshape(a, (1, -1)))
at_least(
    np.atleast_3d,
    lambda a: a if a.ndim >= 3 else np.reshape(a, ((1, 1, 1), (1, -1, 1), (*a.shape, 1))[a.ndim]),
)


def with_axes(value: Any, ndim: int) -> Any:
    """An array with axes of length one in front, so that it has at least `ndim`."""
    shape = np.shape(value)
    return np.reshape(value, (1,) * (ndim - len(shape)) + shape)


def broadcast_arrays(*args: Any, subok: bool = False) -> tuple[Any, ...]:
    """np.broadcast_arrays by broadcast_to."""
    shape = np.broadcast_shapes(*map(np.shape, args))
    return tuple([np.broadcast_to(array, shape, subok=subok) for array in args])


compose(
    np.broadcast_arrays,
    broadcast_arrays,
    operands=("args",),
    cases=("args=[(n, 1), (m,)]", "args=[(), (n,), (k, 1)]", "args=[(n, m)]"),
)


def converted(x: Any, dtype: Any, /, *, copy: bool = True, device: str | None = None) -> Any:
    """np.astype, which knows one device."""
    if device not in (None, "cpu"):
        raise ValueError(f"Device not understood. Only 'cpu' is allowed, but received: {device}")
    return astype(x, dtype, copy=copy)


if hasattr(np, "astype"):  # NumPy 2.1
    compose(
        np.astype,
        converted,
        operands=("x",),
        cases=("x=(n, m), dtype=np.float64", "x=(n,), dtype=np.float64, copy=False"),
    )
