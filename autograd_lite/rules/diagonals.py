"""Derivatives of functions about diagonals and triangles, and of the Vandermonde matrix.

Entries off the diagonal, or outside the triangle, get structurally nothing back.
"""

from typing import Any

import numpy as np

from ..core.operation import SHAPE, declare
from ..core.primitives import numbered
from ..core.structural_zeros.selected import select
from ..core.sweep import unbroadcast
from .sources import to_sources

declare(
    np.diagonal,
    kind=SHAPE,
    cases=(
        "a=(n, m)",
        "a=(n, m, k), offset=1, axis1=-1, axis2=0",
        "a=(n, m, k), offset=-1, axis1=1, axis2=2",
    ),
    a=lambda g, a_shape, offset, axis1, axis2: to_sources(
        g, np.diagonal(numbered(a_shape), offset, axis1, axis2), a_shape
    ),
)


def diag_rule(g: Any, v_shape: tuple[int, ...], k: int) -> Any:
    """Of a vector its place in the matrix, of a matrix its diagonal."""
    if len(v_shape) == 1:
        return np.diagonal(g, k)
    return to_sources(g, np.diag(numbered(v_shape), k), v_shape)


declare(
    np.diag,
    kind=SHAPE,
    cases=("v=(n,)", "v=(m,), k=2", "v=(m,), k=-1", "v=(n, m)", "v=(n, m), k=1", "v=(m, n), k=-1"),
    v=diag_rule,
)
declare(
    np.diagflat,
    kind=SHAPE,
    cases=("v=(n, m)", "v=(n,), k=1", "v=(n,), k=-2", "v=()"),
    v=lambda g, v_shape, k: np.reshape(np.diagonal(g, k), v_shape),
)


def lower(shape: tuple[int, ...], k: int) -> Any:
    """The triangle on and below diagonal `k`, as a mask of the last two axes."""
    return np.tri(shape[-2], shape[-1], k, bool)


TRIANGLES = ("m=(n, m)", "m=(m, n), k=1", "m=(k, n, m), k=-1", "m=(m,)")
declare(
    np.tril,
    kind=SHAPE,
    cases=TRIANGLES,
    m=lambda g, m_shape, k: unbroadcast(select(g, lower(g.shape, k)), m_shape),
)
declare(
    np.triu,
    kind=SHAPE,
    cases=TRIANGLES,
    m=lambda g, m_shape, k: unbroadcast(select(g, ~lower(g.shape, k - 1)), m_shape),
)


def vander_rule(g: Any, x: Any, N: int | None, increasing: bool) -> Any:
    """The sum over the powers: p x**(p - 1), with x**0 = 1 also at 0."""
    rising = g if increasing else g[:, ::-1]
    count = len(x) if N is None else N
    slopes = np.arange(1.0, max(count, 1)) * np.vander(x, max(count - 1, 0), increasing=True)
    return np.sum(rising[:, 1:] * slopes, axis=1)


declare(
    np.vander,
    cases=("x=(n,)", "x=(n,), N=4", "x=(n,), N=3, increasing=True", "x=(n,), N=1", "x=(n,), N=0"),
    x=vander_rule,
)
