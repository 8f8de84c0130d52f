"""Derivatives of norms and condition numbers.

Conventions, all of them PyTorch's: at 0 every norm has gradient 0; equal maxima share the gradient
evenly; an entry that is 0 gets none from the norms of orders below 2. Where the squares of very
large or small numbers leave the range of floats, the gradient is that of exact arithmetic.
"""

from math import inf
from typing import Any

import numpy as np

from ..core.operation import UNTIED, Domain, declare
from ..core.structural_zeros.selected import select, strip
from ..core.trace import primitive, unary_primitive
from .decompositions import svdvals_rule
from .matrices import adjoint, columns, conjugate, product, real
from .reductions import keep_axes, normalized

Axes = tuple[int, ...]


@primitive
def unit(x: Any, ord: float, axes: Axes) -> Any:
    """`x` over its norm of this order, which is not infinite; 0 where the norm is 0.

    >>> unit(np.array([3e200, 4e200]), 2, (0,))
    array([0.6, 0.8])
    """
    with np.errstate(all="ignore"):
        size = np.abs(x)
        if ord == 2:
            squares = np.add.reduce(size * size, axis=axes, keepdims=True)
            limits = np.finfo(size.dtype)
            if np.all((squares > limits.tiny / limits.eps) & (squares <= limits.max)):
                return x / np.sqrt(squares)
        exponent = np.frexp(np.max(size, axis=axes, keepdims=True, initial=0.0))[1]
        size = np.ldexp(size, -exponent)
        norm = np.add.reduce(size**ord, axis=axes, keepdims=True)
        norm = norm ** size.dtype.type(1.0 / ord)
        return np.sign(x) * np.where(norm == 0, size.dtype.type(0), size / norm)


def slope(u: Any, ord: float) -> Any:
    """The gradient of the norm of any positive multiple of `u`, whose norm is 1."""
    if ord == 2:
        return u
    zero = u == 0
    size = np.abs(np.where(zero, 1.0, u)) ** (ord - 1)
    return np.sign(u) * np.where(zero, 0.0, size)


def unit_rule(g: Any, y: Any, x: Any, ord: float, axes: Axes) -> Any:
    """What is left of the gradient when the norm is held, over the norm."""
    slopes = conjugate(slope(y, ord))
    norm = real(np.sum(slopes * x, axis=axes, keepdims=True))
    rest = g - slopes * real(np.sum(y * g, axis=axes, keepdims=True))
    zero = norm == 0
    return np.where(zero, 0.0, rest) / np.where(zero, 1.0, norm)


declare(
    unit,
    cases=(
        "x=(n, m), ord=2, axes=(0,)",
        "x=(n, m), ord=3, axes=(0, 1)",
        "x=(n,), ord=2.5, axes=(0,)",
        "x=(n, m), ord=1.5, axes=(1,)",
    ),
    domain=UNTIED,
    x=unit_rule,
)


def shares(values: Any, largest: bool, axes: Axes) -> Any:
    """What each value has of the maximum or minimum: 1 or 0, and ties share evenly."""
    find = np.max if largest else np.min
    chosen = values == find(values, axis=axes, keepdims=True)
    return (chosen / np.sum(chosen, axis=axes, keepdims=True)).astype(values.dtype)


def vector_rule(g: Any, x: Any, ord: Any, axes: Axes) -> Any:
    """The gradient of a vector norm; `g` has all axes."""
    p = 2.0 if ord is None else float(ord)
    if p == 0 or np.size(x) == 0:
        return np.zeros(x.shape, x.dtype)
    if p == 1:
        return g * np.sign(x)
    if abs(p) == inf:
        share = shares(np.abs(x), p == inf, axes)
        return select(g * np.sign(x) * share, share != 0)
    return g * slope(unit(x, p, axes), p)


def matrix_rule(g: Any, x: Any, ord: Any, axes: Axes) -> Any:
    """The gradient of a matrix norm; `g` has all axes."""
    if ord in (None, "fro", "f") or np.size(x) == 0:
        return vector_rule(g, x, 2, axes)
    if ord in ("nuc", 2, -2):
        g, x = np.moveaxis(g, axes, (-2, -1)), np.moveaxis(x, axes, (-2, -1))
        return np.moveaxis(g * spectral_slope(x, ord), (-2, -1), axes)
    summed, compared = axes if abs(ord) == 1 else axes[::-1]
    sums = np.sum(np.abs(x), axis=summed, keepdims=True)
    share = np.broadcast_to(shares(sums, ord in (1, inf), (compared,)), x.shape)
    return select(g * np.sign(x) * share, share != 0)


def spectral_slope(x: Any, ord: Any) -> Any:
    """The gradient of a norm of the singular values; the matrix is in the last two axes."""
    if ord == "nuc":
        return polar(x)
    u, s, vh = np.linalg.svd(x, full_matrices=False)
    share = np.where(s == 0, 0.0, shares(s, ord == 2, (-1,)))
    return np.matmul(columns(u, share), vh)


@unary_primitive
def polar(x: Any) -> Any:
    """U V^T: the matrix with singular values of 1, less those that are 0 but for rounding.

    >>> polar(np.array([[3.0, 0.0], [0.0, 0.0]])).round(12).tolist()
    [[1.0, 0.0], [0.0, 0.0]]
    """
    u, s, vh = np.linalg.svd(x, full_matrices=False)
    return np.matmul(columns(u, kept(s).astype(s.dtype)), vh)


def kept(s: Any) -> Any:
    """Which singular values are not 0 but for rounding."""
    limit = np.finfo(s.dtype).eps * s.shape[-1]
    return s > limit * np.max(s, axis=-1, keepdims=True, initial=0.0)


def polar_rule(g: Any, x: Any) -> Any:
    """What turns one basis against the other: repeated singular values do no harm."""
    u, s, vh = np.linalg.svd(x, full_matrices=False)
    g, live = conjugate(g), kept(s)
    inverse = np.where(live, 1.0, 0.0) / np.where(live, s, 1.0)
    total = s[..., :, None] + s[..., None, :]
    pairs = live[..., :, None] & live[..., None, :]
    inner = np.where(pairs, product(adjoint(u), g, adjoint(vh)), 0.0)
    turned = (inner - adjoint(inner)) / np.where(pairs, total, 1.0)
    left = columns(np.matmul(g, adjoint(vh)) - np.matmul(u, inner), inverse)
    right = inverse[..., :, None] * (np.matmul(adjoint(u), g) - np.matmul(inner, vh))
    return conjugate(product(u, turned, vh) + np.matmul(left, vh) + np.matmul(u, right))


declare(
    polar,
    cases=("x=Regular(n, n)", "x=Regular(2, n, m)", "x=Regular(n + 2, n)"),
    x=polar_rule,
)


# The functions of NumPy


def norm_rule(g: Any, x: Any, ord: Any, axis: Any, keepdims: bool) -> Any:
    """The gradient of a vector or matrix norm, by the number of axes."""
    axes = normalized(axis if axis is None or isinstance(axis, tuple) else int(axis), x.ndim)
    g = keep_axes(g, x.shape, axes, keepdims)
    return matrix_rule(g, x, ord, axes) if len(axes) == 2 else vector_rule(g, x, ord, axes)


def vector_norm_rule(g: Any, x: Any, ord: Any, axis: Any, keepdims: bool) -> Any:
    """The gradient of the norm of a vector, over any number of axes."""
    axes = normalized(axis, x.ndim)
    return vector_rule(keep_axes(g, x.shape, axes, keepdims), x, ord, axes)


def matrix_norm_rule(g: Any, x: Any, ord: Any, keepdims: bool) -> Any:
    """The gradient of the norm of matrices in the last two axes."""
    return norm_rule(g, x, ord, (-2, -1), keepdims)


SMOOTH = Domain(avoid=(0.0,), ties=True)
declare(
    np.linalg.norm,
    domain=SMOOTH,
    complex_operands=True,
    cases=(
        "x=(n, m, k)",
        "x=()",
        "x=(n, m), keepdims=True",
        "x=(n, m), ord='fro'",
        "x=(n,), ord=2",
        "x=(n, m), axis=0",
        "x=(n + 1, m, k), axis=-2, ord=np.inf",
        "x=(n, m + 1), ord=-np.inf, axis=1, keepdims=True",
        "x=(n, m), ord=0, axis=-1",
        "complex: x=(n, m), ord=3, axis=1",
        "complex: x=(n, m), ord=1",
        "x=(n, m, k), ord=1, axis=(1,)",
        "x=(n, m), ord=3, axis=0",
        "x=(n, m + 1), ord=1.5, axis=1",
        "x=(n, m + 1), ord=-2.5, axis=1, keepdims=True",
        "x=(n + 1, m + 1, k), ord=1, axis=(1, 0)",
        "x=(n + 1, m + 1, k), ord=-1, axis=(-1, 1)",
        "x=(n + 1, m + 1, k), ord=np.inf, axis=(0, 1), keepdims=True",
        "x=(n + 1, m + 1, k), ord=-np.inf, axis=(2, 0)",
        "x=(n, m, k), axis=(0, -1), keepdims=True",
        "x=Regular(n, m), ord=2",
        "x=Regular(n, m), ord='nuc', keepdims=True",
        "x=Regular(2, n, m), ord=-2, axis=(2, 1)",
        "x=Regular(2, n, m), ord='nuc', axis=(-2, -1)",
        "x=(3, 2, n), ord='nuc', axis=(0, 1)",
    ),
    x=norm_rule,
)
declare(
    np.linalg.vector_norm,
    domain=SMOOTH,
    complex_operands=True,
    cases=(
        "x=(n, m)",
        "x=()",
        "x=(n, m, k), axis=(2, 0), ord=3",
        "x=(n, m), axis=-1, keepdims=True",
        "x=(n, m), ord=1",
        "x=(n, m), ord=np.inf",
        "x=(n, m, k), axis=(0, 1), ord=-np.inf, keepdims=True",
    ),
    x=vector_norm_rule,
)
declare(
    np.linalg.matrix_norm,
    domain=SMOOTH,
    complex_operands=True,
    cases=(
        "x=(n, m)",
        "x=(2, n, m), keepdims=True",
        "x=(2, n + 1, m + 1), ord=1",
        "x=Regular(n, m), ord='nuc'",
        "x=Regular(2, n, m), ord=2, keepdims=True",
    ),
    x=matrix_norm_rule,
)


def cond_rule(g: Any, y: Any, x: Any, p: Any) -> Any:
    """The norm times that of the inverse; infinite condition numbers have no derivative."""
    if p in (None, 2, -2):
        return ratio_rule(g, x, -1 if p == -2 else 1)
    finite = np.isfinite(y)[..., None, None]
    inverse = np.linalg.inv(np.where(finite, x, np.eye(x.shape[-1], dtype=x.dtype)))
    axes = (x.ndim - 2, x.ndim - 1)
    g = np.where(finite, g[..., None, None], np.nan)
    norms = [np.linalg.norm(a, p, axis=axes, keepdims=True) for a in (x, inverse)]
    direct = strip(matrix_rule(g * norms[1], x, p, axes))
    inner = strip(matrix_rule(g * norms[0], inverse, p, axes))
    return direct - product(adjoint(inverse), inner, adjoint(inverse))


def complex_cond_rule(g: Any, y: Any, x: Any, p: Any) -> Any:
    """The same for condition numbers that come as complex ones, without imaginary parts."""
    gx = cond_rule(real(g), real(y), x, p)
    return conjugate(gx) if y.dtype.kind == "c" else gx


BEFORE_NUMPY_2_3 = np.linalg.cond([[1j]], 1).dtype.kind == "c"


def ratio_rule(g: Any, x: Any, sign: int) -> Any:
    """The gradient of the largest over the smallest singular value, or the other way round."""
    s = np.linalg.svdvals(x)
    first, last = s[..., :1], s[..., -1:]
    above, below = (first, last) if sign > 0 else (last, first)
    places = np.arange(s.shape[-1])
    above_at, below_at = (places == 0, places == places[-1])[::sign]
    g = g[..., None]
    return svdvals_rule(g / below * above_at - g * above / below / below * below_at, x)


declare(
    np.linalg.cond,
    domain=SMOOTH,
    complex_operands=True,
    cases=(
        "x=Regular(3, 3)",
        "x=Regular(3, 3, 2)",
        "x=Regular(2, 3), p=-2",
        "x=Regular(3, 2), p=2",
        "x=Regular(1, 2, 3, 3), p='fro'",
        "x=Regular(2, 2), p='nuc'",
        "x=Regular(2, 3, 3), p=1",
        "x=Regular(3, 3), p=-1",
        "x=Regular(3, 3), p=np.inf",
        "x=Regular(2, 2), p=-np.inf",
    ),
    x=complex_cond_rule if BEFORE_NUMPY_2_3 else cond_rule,
)
