"""Derivatives of products: matmul, dot, inner, outer, tensordot, einsum."""

from typing import Any

import numpy as np

from ..core.operation import MULTILINEAR, declare
from ..core.shortcuts import MANY
from ..core.sweep import unbroadcast

CONTRACTED = "the last axis of a and the {} of b are summed over and must be equally long; "
# Small products take the function that was called: its code is in the processor's cache. Of large
# ones matmul is faster than dot, since it sets no memory to 0 first.


def matmul_a(g: Any, b: Any, a_shape: tuple[int, ...]) -> Any:
    """g b^T, with the axes that a vector lacks put in and broadcast stacks summed."""
    if b.ndim == 2:
        return g @ b.T
    if b.ndim == 1:
        return unbroadcast(g[..., None] * b, a_shape)
    if len(a_shape) == 1:
        return unbroadcast(np.matmul(b, g[..., None])[..., 0], a_shape)
    return unbroadcast(np.matmul(g, np.swapaxes(b, -1, -2)), a_shape)


def matmul_b(g: Any, a: Any, b_shape: tuple[int, ...]) -> Any:
    """a^T g, with the axes that a vector lacks put in and broadcast stacks summed."""
    if a.ndim == 2:
        return a.T @ g
    if a.ndim == 1:
        outer = g[..., None] * a if len(b_shape) == 1 else a[:, None] * g[..., None, :]
        return unbroadcast(outer, b_shape)
    if len(b_shape) == 1:
        return unbroadcast(a * g[..., None], b_shape)
    return unbroadcast(np.matmul(np.swapaxes(a, -1, -2), g), b_shape)


declare(
    np.matmul,
    kind=MULTILINEAR,
    cases=(
        "a=(n, m), b=(m, k)",
        "a=(n,), b=(n,)",
        "a=(n,), b=(n, m)",
        "a=(n, m), b=(m,)",
        "a=(2, n, m), b=(m, k)",
        "a=(n, m), b=(2, m, k)",
        "a=(2, 1, n, m), b=(3, m, k)",
        "a=(n,), b=(2, n, m)",
        "a=(n,), b=(2, 3, n, m)",
        "a=(2, n, m), b=(m,)",
    ),
    remedy=CONTRACTED.format("second-to-last") + "reshape, or transpose one with .T or .mT",
    a=matmul_a,
    b=matmul_b,
)


def dot_a(g: Any, b: Any, a_shape: tuple[int, ...]) -> Any:
    """Contract with the axes that came from b."""
    if len(a_shape) == 2 and np.ndim(b) == 2:
        return (np.dot if g.size < MANY else np.matmul)(g, b.T)
    if len(a_shape) == 0:
        return np.sum(g * b)
    if np.ndim(b) <= 1:
        return g[..., None] * b if np.ndim(b) else g * b
    own = len(a_shape) - 1
    others = [*range(b.ndim - 2), -1]
    return np.tensordot(g, b, axes=(list(range(own, g.ndim)), others))


def dot_b(g: Any, a: Any, b_shape: tuple[int, ...]) -> Any:
    """Contract with the axes that came from a."""
    if len(b_shape) == 2 and np.ndim(a) == 2:
        return (np.dot if g.size < MANY else np.matmul)(a.T, g)
    if len(b_shape) == 0:
        return np.sum(g * a)
    if np.ndim(a) == 0:
        return g * a
    own = list(range(a.ndim - 1))
    gx = np.tensordot(a, g, axes=(own, own))
    return gx if len(b_shape) == 1 else np.moveaxis(gx, 0, -2)


declare(
    np.dot,
    kind=MULTILINEAR,
    signature="a, b, out=None",
    cases=(
        "a=(n, m), b=(m, k)",
        "a=(n,), b=(n,)",
        "a=(n,), b=(n, m)",
        "a=(2, n, m), b=(m,)",
        "a=(n, m), b=(m,)",
        "a=(2, n, m), b=(m, k)",
        "a=(n, m), b=(2, m, k)",
        "a=(2, n, m), b=(3, m, k)",
        "a=(m,), b=(2, n, m, k)",
        "a=(), b=(n, m)",
        "a=(), b=(2, n, m)",
        "a=(n, m), b=()",
        "a=(), b=()",
    ),
    remedy=CONTRACTED.format("second-to-last (or only)") + "transpose one of them",
    a=dot_a,
    b=dot_b,
)
declare(
    np.inner,
    kind=MULTILINEAR,
    signature="a, b",
    cases=(
        "a=(n,), b=(n,)",
        "a=(n, m), b=(k, m)",
        "a=(2, n, m), b=(m,)",
        "a=(), b=(n, m)",
        "a=(m,), b=(2, n, m)",
    ),
    remedy=CONTRACTED.format("last"),
    a=lambda g, b, a_shape: dot_a(g, transposed(b) if a_shape else b, a_shape),
    b=lambda g, a, b_shape: inner_b(g, a, b_shape),
)


def transposed(b: Any) -> Any:
    """`b` as `dot` takes it: its last axis second to last."""
    return np.swapaxes(b, -1, -2) if np.ndim(b) >= 2 else b


def inner_b(g: Any, a: Any, b_shape: tuple[int, ...]) -> Any:
    """dot's gradient, transposed back."""
    if np.ndim(a) == 0:
        return dot_b(g, a, b_shape)
    return transposed(dot_b(g, a, b_shape))


declare(
    np.outer,
    kind=MULTILINEAR,
    cases=("a=(n,), b=(m,)", "a=(n, 2), b=(m, k)", "a=(), b=(m,)"),
    a=lambda g, b, a_shape: np.reshape(np.matmul(g, np.ravel(b)), a_shape),
    b=lambda g, a, b_shape: np.reshape(np.matmul(np.ravel(a), g), b_shape),
)


def contraction(axes: Any, a_ndim: int, b_ndim: int) -> tuple[list[int], list[int]]:
    """The axes of a and of b that tensordot sums over, counted from 0."""
    if np.ndim(axes) == 0 and not isinstance(axes, list | tuple):
        return list(range(a_ndim - axes, a_ndim)), list(range(axes))
    first, second = (np.atleast_1d(part) for part in axes)
    return [int(n) % a_ndim for n in first], [int(n) % b_ndim for n in second]


def tensordot_a(g: Any, b: Any, a_shape: tuple[int, ...], axes: Any) -> Any:
    """Contract with the free axes of b, then put the axes in their places."""
    summed, partners = contraction(axes, len(a_shape), np.ndim(b))
    free = [n for n in range(len(a_shape)) if n not in summed]
    others = [n for n in range(np.ndim(b)) if n not in partners]
    gx = np.tensordot(g, b, axes=(list(range(len(free), g.ndim)), others))
    order = free + [n for _, n in sorted(zip(partners, summed, strict=True))]
    return np.transpose(gx, np.argsort(order))


def tensordot_b(g: Any, a: Any, b_shape: tuple[int, ...], axes: Any) -> Any:
    """Contract with the free axes of a, then put the axes in their places."""
    partners, summed = contraction(axes, np.ndim(a), len(b_shape))
    free = [n for n in range(len(b_shape)) if n not in summed]
    others = [n for n in range(np.ndim(a)) if n not in partners]
    gx = np.tensordot(a, g, axes=(others, list(range(len(others)))))
    order = [n for _, n in sorted(zip(partners, summed, strict=True))] + free
    return np.transpose(gx, np.argsort(order))


declare(
    np.tensordot,
    kind=MULTILINEAR,
    cases=(
        "a=(n, m, k), b=(m, k, 2)",
        "a=(n, m), b=(m, k), axes=1",
        "a=(n,), b=(m,), axes=0",
        "a=(n, m, k), b=(k, 2, n), axes=([0, 2], [2, 0])",
        "a=(n, m, k), b=(k, m), axes=np.array([[-1, 1], [0, -1]])",
        "a=(n, m, k, 2), b=(m, k, n), axes=([0, 1, 2], [2, 0, 1])",
        "a=(n, m, k), b=(m, k, 2, n), axes=([0, 1, 2], [-1, 0, 1])",
        "a=(n, m), b=(m, k), axes=(1, 0)",
        "a=(n, m), b=(), axes=0",
        "a=(), b=(n,), axes=0",
    ),
    remedy="the axes that are summed over, as `axes` pairs them, must be equally long",
    a=tensordot_a,
    b=tensordot_b,
)
