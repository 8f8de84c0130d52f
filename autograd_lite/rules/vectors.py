"""Derivatives of products of vectors: vdot, vecdot, matvec, vecmat, cross, kron.

`vdot`, `vecdot` and `vecmat` conjugate their first operand a, in which they are not holomorphic:
y = conj(a) b has the gradient conj(g) b. Around a formula the engine takes the conjugates that a
holomorphic function needs, so that the formulas here undo them.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..core.operands import as_array
from ..core.operation import MULTILINEAR, declare
from ..core.sweep import unbroadcast
from ..core.trace import HANDLERS, compose, primitive
from .products import matmul_a, matmul_b


def conjugate(a: Any) -> Any:
    """The complex conjugate; of real numbers, themselves without a call."""
    return np.conjugate(a) if np.iscomplexobj(a) else a


declare(
    np.vdot,
    kind=MULTILINEAR,
    signature="a, b",
    cases=(
        "a=(n, m), b=(n, m)",
        "a=(n, m), b=(m, n)",
        "a=(n,), b=(1, n)",
        "a=(), b=()",
        "complex: a=(n,), b=(n, 1)",
    ),
    remedy="both operands must have equally many entries",
    a=lambda g, b, a_shape: conjugate(np.reshape(g * b, a_shape)),
    b=lambda g, a, b_shape: np.reshape(g * conjugate(a), b_shape),
)


# Ufuncs of vectors and matrices, whose axes may be anywhere

Gradient = Callable[[Any, Any, tuple[int, ...]], Any]


def outer_product(g: Any, b: Any, shape: tuple[int, ...]) -> Any:
    """g times b, each with the axis that the other lacks, summed over broadcast stacks."""
    return unbroadcast(g[..., :, None] * b[..., None, :], shape)


def scaled(g: Any, b: Any, shape: tuple[int, ...]) -> Any:
    """Vectors times one number each, summed over broadcast stacks."""
    return unbroadcast(g[..., None] * b, shape)


def applied(g: Any, b: Any, shape: tuple[int, ...]) -> Any:
    """Matrices times a vector each, summed over broadcast stacks."""
    return unbroadcast(np.matmul(b, g[..., None])[..., 0], shape)


GRADIENTS: dict[Any, tuple[Gradient, Gradient]] = {
    np.matmul: (matmul_a, matmul_b),
    np.vecdot: (
        lambda g, b, shape: conjugate(scaled(g, b, shape)),
        lambda g, a, shape: scaled(g, conjugate(a), shape),
    ),
}
if hasattr(np, "matvec"):  # NumPy 2.2
    GRADIENTS[np.matvec] = (
        outer_product,
        lambda g, a, shape: applied(g, np.swapaxes(a, -1, -2), shape),
    )
    GRADIENTS[np.vecmat] = (
        lambda g, b, shape: conjugate(applied(g, b, shape)),
        lambda g, a, shape: outer_product(conjugate(a), g, shape),
    )


@primitive
def multiply_cores(a: Any, b: Any, ufunc: Any, options: dict[str, Any]) -> Any:
    """`ufunc(a, b, axes=..., axis=..., keepdims=...)`."""
    return ufunc(a, b, **options)


def core_axes(options: dict[str, Any]) -> list[tuple[int, ...]]:
    """Where NumPy is told to find the vectors and matrices of a, b and the result; () if last."""
    axis = options.get("axis")
    if axis is not None:
        return [(axis,), (axis,), (axis,) if options.get("keepdims") else ()]
    given = [(each,) if np.ndim(each) == 0 else tuple(each) for each in options.get("axes") or ()]
    return [*given, (), (), ()]


def core_gradient(
    own: int, g: Any, other: Any, shape: tuple[int, ...], ufunc: Any, options: dict[str, Any]
) -> Any:
    """The gradient of operand number `own`: axes moved to the end, and back again."""
    axes = core_axes(options)
    g = to_the_end(g, axes[2])
    if options.get("keepdims"):
        g = g[..., 0]
    moved = to_the_end(np.broadcast_to(0.0, shape), axes[own]).shape
    gx = GRADIENTS[ufunc][own](g, to_the_end(other, axes[1 - own]), moved)
    return np.moveaxis(gx, range(-len(axes[own]), 0), axes[own])


def to_the_end(x: Any, axes: Sequence[int]) -> Any:
    """The array with some of its axes last, in this order."""
    return np.moveaxis(x, axes, range(-len(axes), 0))


declare(
    multiply_cores,
    kind=MULTILINEAR,
    cases=(
        "a=(n, m), b=(n, m), ufunc=np.vecdot, options={}",
        "a=(2, n, m), b=(k, 1, 1, n), ufunc=np.vecdot, options={'axes': [1, -1]}",
        "a=(n, m), b=(2, n, m), ufunc=np.vecdot, options={'axis': -2, 'keepdims': True}",
        "a=(n, 1), b=(k, n), ufunc=np.vecdot, options={'axes': [0, 1, 0], 'keepdims': True}",
        "a=(2, n, m), b=(1, m, k), ufunc=np.matmul, options={'axes': [(1, 2), (1, 2), (0, 1)]}",
        "a=(m, 2, n), b=(k, m), ufunc=np.matmul, options={'axes': [(2, 0), (1, 0), (-1, 0)]}",
        "a=(m, n), b=(m,), ufunc=np.matmul, options={'axes': [(1, 0), (0,), 0]}",
        "numpy 2.2: a=(2, n, m), b=(3, 1, m), ufunc=np.matvec, options={}",
        "numpy 2.2: a=(m, n), b=(k, m), ufunc=np.matvec, options={'axes': [(1, 0), 1, 0]}",
        "numpy 2.2: a=(3, 1, n), b=(2, n, m), ufunc=np.vecmat, options={}",
        "numpy 2.2: a=(n, k), b=(m, n), ufunc=np.vecmat, options={'axes': [0, (1, 0), 0]}",
    ),
    remedy="axes along which vectors and matrices extend must be equally long where they meet",
    a=lambda g, b, a_shape, ufunc, options: core_gradient(0, g, b, a_shape, ufunc, options),
    b=lambda g, a, b_shape, ufunc, options: core_gradient(1, g, a, b_shape, ufunc, options),
)


def with_core_axes(ufunc: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Handle a call of a ufunc of vectors and matrices."""
    a, b = map(as_array, args)
    return multiply_cores(a, b, ufunc, kwargs)


HANDLERS[np.matmul] = with_core_axes  # with keywords: without, it is an operation


def compose_core(ufunc: Any, *cases: str) -> None:
    """Compose one of NumPy's ufuncs of vectors and matrices."""

    def implementation(a: Any, b: Any, /, **options: Any) -> Any:
        return with_core_axes(ufunc, (a, b), options)

    signature = "a, b, *, axes=None, axis=None, keepdims=False"
    compose(ufunc, implementation, operands=("a", "b"), cases=cases, signature=signature)


compose_core(
    np.vecdot,
    "a=(n, m), b=(k, 1, m)",
    "a=(n, 1, m), b=(n, k, 1), axis=0",
    "a=(n, m), b=(n, m), axis=0, keepdims=True",
    "complex: a=(n,), b=(m, n)",
)
if hasattr(np, "matvec"):
    compose_core(np.matvec, "a=(n, m), b=(k, m)", "a=(m, n), b=(m,), axes=[(1, 0), 0, 0]")
    compose_core(
        np.vecmat,
        "a=(n,), b=(k, n, m)",
        "a=(n, k), b=(n, m), axes=[0, (0, 1), 0]",
        "complex: a=(n,), b=(n, m)",
    )


# Cross and Kronecker products


def in_space(v: Any, axis: int) -> Any:
    """Vectors along the last axis, with a third component of zero where there are only two."""
    v = np.moveaxis(v, axis, -1)
    if v.shape[-1] == 3:
        return v
    x, y = v[..., 0], v[..., 1]
    return np.stack([x, y, np.zeros_like(x)], axis=-1)


def cross_rule(
    first: bool, g: Any, other: Any, shape: tuple[int, ...], axes: tuple[int, int, int, int | None]
) -> Any:
    """b x g for the first operand, g x a for the second: the triple product is cyclic."""
    axis_a, axis_b, axis_c = axes[:3] if axes[3] is None else (axes[3],) * 3
    mine, others = (axis_a, axis_b) if first else (axis_b, axis_a)
    if shape[mine] == other.shape[others] == 2:  # numbers: the third component of vectors
        g = np.stack([g, g, g], axis=-1)  # of which the first two meet no third component
        axis_c = -1
    g, other = in_space(g, axis_c), in_space(other, others)
    gx = (np.cross(other, g) if first else np.cross(g, other))[..., : shape[mine]]
    moved = np.moveaxis(np.broadcast_to(0.0, shape), mine, -1).shape
    return np.moveaxis(unbroadcast(gx, moved), -1, mine)


declare(
    np.cross,
    kind=MULTILINEAR,
    cases=(
        "a=(n, 3), b=(3,)",
        "a=(n, 1, 3), b=(m, 3)",
        "a=(3, n), b=(n, 3), axisa=0, axisb=1, axisc=0",
        "a=(n, 3, m), b=(n, 3, m), axis=1",
        "a=(n, 3, 1), b=(3, m), axisa=1, axisb=0, axisc=-2",
        "numpy <2.5: a=(2, n, 1), b=(2, m), axisa=0, axisb=0",
        "numpy <2.5: a=(2, n), b=(m, 1, 3), axisa=0, axisc=0",
        "numpy <2.5: a=(n, 3), b=(n, 2), axisc=0",
    ),
    remedy="give vectors of three components along axisa and axisb; the other axes must broadcast",
    a=lambda g, b, a_shape, axisa, axisb, axisc, axis: cross_rule(
        True, g, b, a_shape, (axisa, axisb, axisc, axis)
    ),
    b=lambda g, a, b_shape, axisa, axisb, axisc, axis: cross_rule(
        False, g, a, b_shape, (axisa, axisb, axisc, axis)
    ),
)


def kron(a: Any, b: Any) -> Any:
    """np.kron: each axis of the one beside that of the other, then both made one."""
    a, b = as_array(a), as_array(b)
    ndim = max(a.ndim, b.ndim)
    long = [(1,) * (ndim - each.ndim) + each.shape for each in (a, b)]
    first = np.reshape(a, tuple(n for length in long[0] for n in (length, 1)))
    second = np.reshape(b, tuple(n for length in long[1] for n in (1, length)))
    return np.reshape(first * second, tuple(n * m for n, m in zip(*long, strict=True)))


compose(
    np.kron,
    kron,
    operands=("a", "b"),
    cases=("a=(n, m), b=(k, 2)", "a=(n,), b=(2, m, k)", "a=(n, m), b=(k,)", "a=(), b=(n, m)"),
)
