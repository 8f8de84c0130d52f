"""Derivatives of eigenvalues, singular values and QR.

Each of `eigh`, `eig`, `svd`, `qr` computes its results in one operation, as one row per matrix,
and cuts them out of it. What depends on them must not depend on what no decomposition fixes: the
signs (or complex phases) of its vectors, the choice of a basis where eigenvalues or singular values
are repeated, and of the further columns of a full U, V or Q. The derivatives are those of
everything that does not.

Only the triangle that `eigh` reads has a gradient. What holds where eigenvalues are equal stands in
`equal_eigenvalues`; vectors of repeated eigenvalues of `eig` are taken for constant. A singular
value of 0 sends no gradient to the directions of its own vectors.
"""

from typing import Any

import numpy as np
from numpy.linalg._linalg import EighResult, EigResult, QRResult, SVDResult

from ..core.errors import NotDifferentiableError, message
from ..core.operation import NONZERO, UNTIED, declare
from ..core.trace import compose, unary_primitive
from .equal_eigenvalues import equals, rotation
from .matrices import (
    adjoint,
    columns,
    conjugate,
    diagonals,
    flat,
    lower_half,
    mT,
    product,
    read_triangle,
    real,
    split,
)

Shape = tuple[int, ...]
SQUARES = ("a=Regular(3, 3)", "a=Regular(2, n, n)")
TRIANGLES = (*SQUARES, "a=Regular(n, n), UPLO='U'", "a=Regular(n, n), UPLO='l'")


# Symmetric matrices


@unary_primitive
def symmetric_spectrum(a: Any, UPLO: Any = "L") -> Any:
    """Eigenvalues and eigenvectors of `np.linalg.eigh`, as one row per matrix."""
    w, v = np.linalg.eigh(a, UPLO)
    return flat((w, 1), (v, 2))


def eigh_rule(g: Any, y: Any, a_shape: Shape, UPLO: str) -> Any:
    """V (diag(gw) + what turns the eigenvectors) V^T."""
    shapes = a_shape[-1:], a_shape[-2:]
    (w, v), (gw, gv) = split(y, *shapes), split(conjugate(g), *shapes)
    w, gw = real(w), real(gw)
    inner = diagonals(gw) + rotation(w, gw, np.matmul(adjoint(v), gv))
    return conjugate(read_triangle(product(v, inner, adjoint(v)), UPLO.upper() == "L"))


declare(symmetric_spectrum, cases=TRIANGLES, a=eigh_rule)


def eigh(a: Any, UPLO: Any = "L") -> Any:
    """np.linalg.eigh as two parts of one row."""
    w, v = split(symmetric_spectrum(a, UPLO), np.shape(a)[-1:], np.shape(a)[-2:])
    return EighResult(real(w), v)


compose(np.linalg.eigh, eigh, operands=("a",), cases=TRIANGLES)


def eigvalsh_rule(g: Any, a: Any, UPLO: Any) -> Any:
    """V diag(g) V^T."""
    v = np.linalg.eigh(a, UPLO)[1]
    return read_triangle(np.matmul(columns(v, g), adjoint(v)), UPLO.upper() == "L")


declare(np.linalg.eigvalsh, complex_operands=True, cases=TRIANGLES, a=eigvalsh_rule)


# Other square matrices


@unary_primitive
def spectrum(a: Any) -> Any:
    """Eigenvalues and eigenvectors of `np.linalg.eig`, as one row per matrix."""
    w, v = np.linalg.eig(a)
    return flat((w, 1), (v, 2))


def eig_rule(g: Any, y: Any, a_shape: Shape) -> Any:
    """V^-T (diag(gw) + what turns the eigenvectors, which keep their length) V^T."""
    shapes = a_shape[-1:], a_shape[-2:]
    (w, v), (gw, gv) = split(y, *shapes), split(g, *shapes)
    inner = np.matmul(mT(v), gv)
    lengths = columns(np.matmul(mT(v), conjugate(v)), real(np.linalg.diagonal(inner)))
    gap = w[..., None, :] - w[..., :, None]
    equal = equals(w)
    turned = np.where(equal, 0.0, inner - lengths) / np.where(equal, 1.0, gap)
    return np.linalg.solve(mT(v), np.matmul(diagonals(gw) + turned, mT(v)))


declare(spectrum, cases=SQUARES, a=eig_rule)


def eig(a: Any) -> Any:
    """np.linalg.eig as two parts of one row."""
    return EigResult(*split(spectrum(a), np.shape(a)[-1:], np.shape(a)[-2:]))


compose(np.linalg.eig, eig, operands=("a",), cases=SQUARES)


def places(w: Any) -> Any:
    """The place of every number in their order, whatever their last digits."""
    size = np.max(np.abs(w), axis=-1, keepdims=True, initial=0.0)
    rounded = np.round(w / np.where(size == 0, 1.0, size), 5 if w.dtype.itemsize <= 8 else 10)
    return np.argsort(np.argsort(rounded + 0.0, axis=-1), axis=-1)


def eigvals_rule(g: Any, y: Any, a: Any) -> Any:
    """V^-T diag(g) V^T; eigenvalues may come in another order beside their vectors."""
    w, v = np.linalg.eig(a)
    moved = (places(w)[..., :, None] == places(y)[..., None, :]).astype(g.dtype)
    g = np.matmul(moved, g[..., None])[..., 0]
    return np.linalg.solve(mT(v), np.matmul(diagonals(g), mT(v)))


declare(np.linalg.eigvals, cases=SQUARES, a=eigvals_rule)


# Singular values


@unary_primitive
def singular_triple(a: Any, full_matrices: bool = True) -> Any:
    """U, S and V^T of `np.linalg.svd`, as one row per matrix."""
    u, s, vh = np.linalg.svd(a, full_matrices)
    return flat((u, 2), (s, 1), (vh, 2))


def svd_shapes(a_shape: Shape, full_matrices: bool) -> tuple[Shape, Shape, Shape]:
    """The shapes of U, S and V^T for one matrix."""
    m, n = a_shape[-2:]
    k = min(m, n)
    return (m, m if full_matrices else k), (k,), (n if full_matrices else k, n)


def fold(u: Any, gu: Any, k: int) -> tuple[Any, Any]:
    """The first k of orthonormal columns and their gradient, with that of the others in it.

    The others stay orthogonal to the first: they turn as those do, the other way round.
    """
    first, others, g_others = u[..., :k], u[..., k:], gu[..., k:]
    return first, gu[..., :k] - product(others, adjoint(g_others), first)


def outside(u: Any, gu: Any, s: Any) -> Any:
    """What turns the columns of U out of the space that they span."""
    zero = s == 0
    turned = columns(gu - product(u, adjoint(u), gu), 1.0 / np.where(zero, 1.0, s))
    return np.where(zero[..., None, :], 0.0, turned)


def svd_rule(g: Any, y: Any, a_shape: Shape, full_matrices: bool) -> Any:
    """U (diag(gs) + what turns both bases) V^T, and what turns each out of its space."""
    shapes = svd_shapes(a_shape, full_matrices)
    (u, s, vh), (gu, gs, gvh) = split(y, *shapes), split(conjugate(g), *shapes)
    k, s, gs = s.shape[-1], real(s), real(gs)
    u, gu = fold(u, gu, k)
    v, gv = fold(adjoint(vh), adjoint(gvh), k)
    left, right = np.matmul(adjoint(u), gu), np.matmul(adjoint(v), gv)
    total = s[..., :, None] + s[..., None, :]
    unlike = left - adjoint(left) - right + adjoint(right)
    apart = np.where(total == 0, 0.0, unlike) / np.where(total == 0, 1.0, 2.0 * total)
    inner = diagonals(gs) + rotation(s, gs, left + right) + apart
    inside = product(u, inner, adjoint(v))
    turned = np.matmul(outside(u, gu, s), adjoint(v)) + np.matmul(u, adjoint(outside(v, gv, s)))
    return conjugate(inside + turned)


SVD_CASES = (
    "a=Regular(3, 3)",
    "a=Regular(2, n, n)",
    "a=Regular(n + 1, n)",
    "a=Regular(n, n + 1)",
    "a=Regular(n + 2, n), full_matrices=False",
    "a=Regular(n, n + 2), full_matrices=False",
    "a=Regular(2, n + 1, n), full_matrices=False",
)
# A zero among the entries is where the sign of a vector may jump.
declare(singular_triple, domain=UNTIED, cases=SVD_CASES, a=svd_rule)


def svdvals_rule(g: Any, a: Any) -> Any:
    """U diag(g) V^T."""
    u, _, vh = np.linalg.svd(a, full_matrices=False)
    return np.matmul(columns(u, g), vh)


declare(
    np.linalg.svdvals,
    complex_operands=True,
    cases=("x=Regular(n, n)", "x=Regular(2, n, m)"),
    x=lambda g, x: svdvals_rule(g, x),
)


def hermitian_svd(a: Any, compute_uv: bool) -> Any:
    """The singular values of symmetric matrices: their eigenvalues without the sign."""
    if not compute_uv:
        s = np.abs(np.linalg.eigvalsh(a))
        return np.take_along_axis(s, np.argsort(s, axis=-1)[..., ::-1], axis=-1)
    s, u = np.linalg.eigh(a)
    signs, s = np.copysign(1.0, s).astype(s.dtype), np.abs(s)
    order = np.argsort(s, axis=-1)[..., ::-1]
    signs, s = (np.take_along_axis(each, order, axis=-1) for each in (signs, s))
    u = np.take_along_axis(u, order[..., None, :], axis=-1)
    return SVDResult(u, s, adjoint(columns(u, signs)))


def svd(
    a: Any, full_matrices: bool = True, compute_uv: bool = True, hermitian: bool = False
) -> Any:
    """np.linalg.svd as three parts of one row."""
    if hermitian:
        return hermitian_svd(a, compute_uv)
    if not compute_uv:
        return np.linalg.svdvals(a)
    shapes = svd_shapes(np.shape(a), full_matrices) if np.ndim(a) >= 2 else ()
    u, s, vh = split(singular_triple(a, full_matrices), *shapes)
    return SVDResult(u, real(s), vh)


compose(
    np.linalg.svd,
    svd,
    operands=("a",),
    cases=(
        *SVD_CASES,
        "a=Regular(n, m), compute_uv=False",
        "a=Regular(3, 3), hermitian=True",
        "a=Regular(2, n, n), hermitian=True, compute_uv=False",
    ),
)


# QR


@unary_primitive
def orthogonal_triangular(a: Any, mode: Any = "reduced") -> Any:
    """Q and R of `np.linalg.qr`, as one row per matrix."""
    q, r = np.linalg.qr(a, mode)
    return flat((q, 2), (r, 2))


def qr_shapes(a_shape: Shape, mode: str) -> tuple[Shape, Shape]:
    """The shapes of Q and R for one matrix."""
    m, n = a_shape[-2:]
    k = m if mode == "complete" else min(m, n)
    return (m, k), (k, n)


def qr_rule(g: Any, y: Any, a_shape: Shape, mode: str) -> Any:
    """(gQ + Q S) R^-H, S hermitian with the lower triangle of R gR^H - gQ^H Q.

    Columns of a wide matrix beyond the square are Q^H a.
    """
    shapes, k = qr_shapes(a_shape, mode), min(a_shape[-2:])
    (q, r), (gq, gr) = split(y, *shapes), split(conjugate(g), *shapes)
    q, gq = fold(q, gq, k)
    square, g_square = r[..., :k, :k], gr[..., :k, :k]
    wide, g_wide = r[..., :k, k:], gr[..., :k, k:]
    gq = gq + product(q, wide, adjoint(g_wide))
    inner = np.matmul(square, adjoint(g_square)) - np.matmul(adjoint(gq), q)
    inner = inner * lower_half(k, r.dtype)
    gx = adjoint(np.linalg.solve(square, adjoint(gq + np.matmul(q, inner + adjoint(inner)))))
    return conjugate(np.concatenate([gx, np.matmul(q, g_wide)], axis=-1))


QR_CASES = (
    "a=Regular(3, 3)",
    "a=Regular(n + 2, n)",
    "a=Leading(n, n + 2)",
    "a=Regular(1, n + 1, n)",
    "a=Regular(n + 1, n), mode='complete'",
    "a=Leading(n, n + 1), mode='complete'",
)
declare(orthogonal_triangular, domain=NONZERO, cases=QR_CASES, a=qr_rule)


def qr(a: Any, mode: Any = "reduced") -> Any:
    """np.linalg.qr as two parts of one row."""
    if mode in ("raw", "e", "economic"):
        raise NotDifferentiableError(
            message(
                f"qr with mode={mode!r} has no derivative rule",
                remedy="use mode='reduced', 'complete' or 'r'",
            )
        )
    row = orthogonal_triangular(a, "reduced" if mode == "r" else mode)
    q, r = split(row, *qr_shapes(np.shape(a), mode))
    return r if mode == "r" else QRResult(q, r)


compose(
    np.linalg.qr,
    qr,
    operands=("a",),
    domain=NONZERO,  # a sign jumps where a column or row of one number begins with 0
    cases=(*QR_CASES, "a=Regular(n + 1, n), mode='r'"),
)
