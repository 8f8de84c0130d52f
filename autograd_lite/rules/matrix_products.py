"""`np.linalg`'s own products, diagonals and transposes, which are those of `np`; `np.trace`."""

from typing import Any

import numpy as np

from ..core.operation import SHAPE, declare
from ..core.primitives import expand
from ..core.structural_zeros.selected import select
from ..core.trace import compose

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
for transposed in (np.matrix_transpose, np.linalg.matrix_transpose):
    declare(
        transposed,
        kind=SHAPE,
        cases=("x=(n, m)", "x=(2, n, m)"),
        x=lambda g: np.swapaxes(g, -1, -2),
    )


# np.linalg's own


def on_last_axes(function: Any, implementation: Any, *cases: str) -> None:
    """Handle a function of `np.linalg` by the one in `np`, applied to the last axes."""
    operands = ("x",) if "x=" in cases[0] else ("x1", "x2")
    compose(function, implementation, operands=operands, cases=cases)


on_last_axes(
    np.linalg.trace,
    lambda x, /, *, offset=0, dtype=None: np.trace(x, offset, -2, -1, dtype),
    "x=(n, m)",
    "x=(2, 3, m), offset=-1",
)
on_last_axes(
    np.linalg.diagonal,
    lambda x, /, *, offset=0: np.diagonal(x, offset, -2, -1),
    "x=(n, m)",
    "x=(2, 3, m), offset=-1",
    "x=(3, n, 4), offset=1",
)
on_last_axes(
    np.linalg.matmul,
    lambda x1, x2, /: np.matmul(x1, x2),
    "x1=(n, m), x2=(m, k)",
    "x1=(2, n, m), x2=(m,)",
)
on_last_axes(
    np.linalg.tensordot,
    lambda x1, x2, /, *, axes=2: np.tensordot(x1, x2, axes),
    "x1=(n, m, k), x2=(m, k, 2)",
    "x1=(n, m), x2=(k, n), axes=((0,), (-1,))",
)


def vecdot(x1: Any, x2: Any, /, *, axis: Any = -1) -> Any:
    """np.vecdot with no other keyword."""
    options = {"axis": axis}
    return np.vecdot(x1, x2, **options)


def outer(x1: Any, x2: Any, /) -> Any:
    """np.outer of vectors only."""
    if np.ndim(x1) != 1 or np.ndim(x2) != 1:
        raise ValueError("Input arrays must be one-dimensional")
    return np.outer(x1, x2)


def cross(x1: Any, x2: Any, /, *, axis: int = -1) -> Any:
    """np.cross in three dimensions only."""
    if np.shape(x1)[axis] != 3 or np.shape(x2)[axis] != 3:
        raise ValueError("Both input arrays must be (arrays of) 3-dimensional vectors")
    return np.cross(x1, x2, axis=axis)


on_last_axes(np.linalg.vecdot, vecdot, "x1=(n, m), x2=(m,)", "x1=(n, m), x2=(k, n, m), axis=-2")
on_last_axes(np.linalg.outer, outer, "x1=(n,), x2=(m,)")
on_last_axes(np.linalg.cross, cross, "x1=(n, 3), x2=(3,)", "x1=(3, n), x2=(3, n), axis=0")
