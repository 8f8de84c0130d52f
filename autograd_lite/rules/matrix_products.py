"""Derivatives of `np.linalg`'s own products, diagonals and transposes, and of `np.trace`.

Most are those of the functions of the same name in `np`, applied to the last two axes.
"""

from typing import Any

import numpy as np

from ..core.operation import MULTILINEAR, SHAPE, declare
from ..core.primitives import expand, scatter
from ..core.structural_zeros import select
from ..core.sweep import unbroadcast
from .products import CONTRACTED, matmul_a, matmul_b, tensordot_a, tensordot_b

Shape = tuple[int, ...]


# Diagonals


def on_diagonal(shape: Shape, offset: int, axis1: int, axis2: int) -> Any:
    """A mask of the entries on a diagonal of the two axes, to be broadcast to `shape`."""
    first, second = axis1 % len(shape), axis2 % len(shape)
    mask = np.eye(shape[first], shape[second], offset, dtype=bool)
    mask = mask if first < second else mask.T
    return np.reshape(mask, [n if at in (first, second) else 1 for at, n in enumerate(shape)])


def trace_rule(g: Any, shape: Shape, offset: int, axis1: int, axis2: int) -> Any:
    """The gradient on the diagonal, dead elsewhere."""
    kept = [
        1 if at in (axis1 % len(shape), axis2 % len(shape)) else n for at, n in enumerate(shape)
    ]
    mask = np.broadcast_to(on_diagonal(shape, offset, axis1, axis2), shape)
    return select(expand(np.reshape(g, kept), shape), mask)


declare(
    np.trace,
    kind=SHAPE,
    cases=(
        "a=(n, m)",
        "a=(n, m, k), offset=1, axis1=2, axis2=0",
        "a=(n, 3, 4), offset=-1, axis1=-2, axis2=-1",
    ),
    a=lambda g, a_shape, offset, axis1, axis2: trace_rule(g, a_shape, offset, axis1, axis2),
)
declare(
    np.linalg.trace,
    kind=SHAPE,
    cases=("x=(n, m)", "x=(2, 3, m), offset=-1"),
    x=lambda g, x_shape, offset: trace_rule(g, x_shape, offset, -2, -1),
)


def diagonal_rule(g: Any, x_shape: Shape, offset: int) -> Any:
    """The gradient on the diagonal, dead elsewhere."""
    mask = on_diagonal(x_shape, offset, -2, -1)
    index = (Ellipsis, *np.nonzero(np.reshape(mask, x_shape[-2:])))
    return select(scatter(g, index, x_shape), np.broadcast_to(mask, x_shape))


declare(
    np.linalg.diagonal,
    kind=SHAPE,
    cases=("x=(n, m)", "x=(2, 3, m), offset=-1", "x=(3, n, 4), offset=1"),
    x=diagonal_rule,
)
for transposed in (np.matrix_transpose, np.linalg.matrix_transpose):
    declare(
        transposed,
        kind=SHAPE,
        cases=("x=(n, m)", "x=(2, n, m)"),
        x=lambda g: np.swapaxes(g, -1, -2),
    )


# Products

declare(
    np.linalg.matmul,
    kind=MULTILINEAR,
    cases=("x1=(n, m), x2=(m, k)", "x1=(2, n, m), x2=(m,)", "x1=(m,), x2=(m, k)"),
    remedy=CONTRACTED.replace(" a ", " x1 ").format("second-to-last") + "reshape or transpose",
    x1=lambda g, x2, x1_shape: matmul_a(g, x2, x1_shape),
    x2=lambda g, x1, x2_shape: matmul_b(g, x1, x2_shape),
)
declare(
    np.linalg.tensordot,
    kind=MULTILINEAR,
    cases=("x1=(n, m, k), x2=(m, k, 2)", "x1=(n, m), x2=(k, n), axes=((0,), (-1,))"),
    remedy="the axes that are summed over, as `axes` pairs them, must be equally long",
    x1=lambda g, x2, x1_shape, axes: tensordot_a(g, x2, x1_shape, axes),
    x2=lambda g, x1, x2_shape, axes: tensordot_b(g, x1, x2_shape, axes),
)
declare(
    np.linalg.outer,
    kind=MULTILINEAR,
    cases=("x1=(n,), x2=(m,)",),
    remedy="both operands must have one axis; ravel them",
    x1=lambda g, x2: np.matmul(g, x2),
    x2=lambda g, x1: np.matmul(x1, g),
)


def vecdot_rule(g: Any, other: Any, shape: Shape, axis: int) -> Any:
    """The other operand times the gradient."""
    other = np.moveaxis(other, axis, -1)
    moved = np.moveaxis(np.broadcast_to(0.0, shape), axis, -1).shape
    gx = unbroadcast(g[..., None] * other, moved)
    return np.moveaxis(gx, -1, axis)


declare(
    np.linalg.vecdot,
    kind=MULTILINEAR,
    cases=(
        "x1=(n, m), x2=(m,)",
        "x1=(n, m), x2=(k, n, m), axis=-2",
        "x1=(n, 1), x2=(n, m), axis=0",
    ),
    remedy="both operands must be equally long along `axis`, and broadcast along the others",
    x1=lambda g, x2, x1_shape, axis: vecdot_rule(g, x2, x1_shape, axis),
    x2=lambda g, x1, x2_shape, axis: vecdot_rule(g, x1, x2_shape, axis),
)


def cross_rule(g: Any, other: Any, shape: Shape, axis: int) -> Any:
    """other x g."""
    g, other = np.moveaxis(g, axis, -1), np.moveaxis(other, axis, -1)
    moved = np.moveaxis(np.broadcast_to(0.0, shape), axis, -1).shape
    return np.moveaxis(unbroadcast(np.linalg.cross(other, g), moved), -1, axis)


declare(
    np.linalg.cross,
    kind=MULTILINEAR,
    cases=(
        "x1=(n, 3), x2=(3,)",
        "x1=(3, n), x2=(3, n), axis=0",
        "x1=(n, 3, 1), x2=(3, m), axis=-2",
    ),
    remedy="both operands must have length 3 along `axis`, and broadcast along the others",
    x1=lambda g, x2, x1_shape, axis: cross_rule(g, x2, x1_shape, axis),
    x2=lambda g, x1, x2_shape, axis: -cross_rule(g, x1, x2_shape, axis),
)
