"""Derivatives of `np.linalg`: inverses, linear equations, determinants, Cholesky, powers.

Conventions: where NumPy reads only one triangle of a matrix (`cholesky`), the other one has
gradient 0, and an entry that is read has that of its mirror image as well. `det` is right at
singular matrices, to second order, too. `slogdet` has slope infinity there, as its value has.
Decompositions, norms and least squares have files of their own.
"""

import operator
from typing import Any

import numpy as np
from numpy.linalg._linalg import SlogdetResult

from ..core.operation import MULTILINEAR, declare
from ..core.sweep import unbroadcast
from ..core.trace import HANDLERS, compose, unary_primitive, without_gradient
from .factors import products_before
from .matrices import adjoint, columns, conjugate, lower_half, mT, product, read_triangle, real

HANDLERS[np.linalg.matrix_rank] = without_gradient

SQUARE = "the last two axes must be equally long"
SQUARES = ("a=Regular(n, n)", "a=Regular(1, 2, 3, 3)")

declare(
    np.linalg.inv,
    cases=SQUARES,
    remedy=SQUARE + ", and no matrix singular (np.linalg.pinv takes any)",
    a=lambda g, y: -product(mT(y), g, mT(y)),
)


def solve_b(g: Any, a: Any, b_shape: tuple[int, ...]) -> Any:
    """a^-T g, before the sum over stacks that b was broadcast to."""
    if len(b_shape) == 1:
        return np.linalg.solve(mT(a), g[..., None])[..., 0]
    return np.linalg.solve(mT(a), g)


def solve_a(g: Any, a: Any, y: Any, b_shape: tuple[int, ...]) -> Any:
    """-(a^-T g) y^T."""
    gb = solve_b(g, a, b_shape)
    if len(b_shape) == 1:
        return unbroadcast(-gb[..., None] * y[..., None, :], a.shape)
    return unbroadcast(-np.matmul(gb, mT(y)), a.shape)


declare(
    np.linalg.solve,
    cases=(
        "a=Regular(n, n), b=(n,)",
        "a=Regular(n, n), b=(n, m)",
        "a=Regular(2, n, n), b=(n,)",
        "a=Regular(2, n, n), b=(2, n, m)",
        "a=Regular(2, 1, n, n), b=(3, n, m)",
        "a=Regular(n, n), b=(2, n, m)",
    ),
    remedy=SQUARE + " in a, and as long as those of b: (n,) or (..., n, k)",
    a=solve_a,
    b=lambda g, a, b_shape: unbroadcast(solve_b(g, a, b_shape), b_shape),
)


# Determinants. The derivative is the matrix of cofactors, by the singular values: those of
# U S V^H are det(U V^H) (U C V^H)*, where C has the products of all other singular values on its
# diagonal. Nothing is divided, so that it is right for singular matrices as well.


def factors(a: Any) -> tuple[Any, Any, Any, Any]:
    """U*, the singular values, V^T, and det(U V^H), which is of size 1."""
    u, s, vh = np.linalg.svd(a)
    sign = np.sign(np.linalg.det(np.matmul(u, vh)))
    return conjugate(u), s, conjugate(vh), sign[..., None, None]


def all_but_one(s: Any) -> Any:
    """For every number the product of all others along the last axis."""
    return products_before(s) * products_before(s[..., ::-1])[..., ::-1]


def all_but_two(s: Any) -> Any:
    """For every pair of different numbers the product of all others, as a symmetric matrix.

    >>> all_but_two(np.array([2.0, 3.0, 5.0])).tolist()
    [[0.0, 5.0, 3.0], [5.0, 0.0, 2.0], [3.0, 2.0, 0.0]]
    """
    above = np.tri(s.shape[-1], k=-1, dtype=bool).T
    between = products_before(np.where(above, s[..., None, :], 1.0))
    before, after = products_before(s), products_before(s[..., ::-1])[..., ::-1]
    pairs = np.where(above, before[..., :, None] * between * after[..., None, :], 0.0)
    return pairs + mT(pairs)


@unary_primitive
def cofactors(a: Any) -> Any:
    """The matrix of cofactors: det(a) a^-T, and its limit where `a` is singular.

    >>> cofactors(np.array([[1.0, 2.0], [3.0, 6.0]])).round(12).tolist()
    [[6.0, -3.0], [-2.0, 1.0]]
    """
    u, s, vh, sign = factors(a)
    return sign * np.matmul(columns(u, all_but_one(s)), vh)


def cofactors_rule(g: Any, a: Any) -> Any:
    """Products of all singular values but two: plus for diagonal pairs, minus for crossed ones."""
    u, s, vh, sign = factors(a)
    inner, pairs = product(mT(u), g, mT(vh)), all_but_two(s)
    on_diagonal = np.matmul(pairs, np.linalg.diagonal(inner)[..., None])
    eye = np.eye(s.shape[-1], dtype=s.dtype)
    return sign * product(u, on_diagonal * eye - pairs * mT(inner), vh)


declare(cofactors, cases=("a=Regular(4, 4)", "a=Regular(2, n, n)"), a=cofactors_rule)
declare(
    np.linalg.det,
    cases=("a=(n, n)", "a=(2, n, n)"),
    remedy=SQUARE,
    a=lambda g, a: g[..., None, None] * cofactors(a),
)


@unary_primitive
def sign_and_logarithm(a: Any) -> Any:
    """Both results of `np.linalg.slogdet`, along a new last axis."""
    return np.stack(np.linalg.slogdet(a), axis=-1)


def slogdet_rule(g: Any, y: Any, a: Any) -> Any:
    """a^-T for the logarithm; the sign is constant unless it is complex: then it turns."""
    singular = (y[..., 0] == 0)[..., None, None]
    inverse = np.linalg.inv(np.where(singular, np.eye(a.shape[-1], dtype=a.dtype), a))
    scale = real(g[..., 1])
    if y.dtype.kind == "c":
        scale = scale + 1j * np.imag(g[..., 0] * y[..., 0])
    return scale[..., None, None] * np.where(singular, np.inf, mT(inverse))


declare(sign_and_logarithm, cases=(*SQUARES, "complex: a=Regular(2, 2)"), a=slogdet_rule)


def slogdet(a: Any) -> Any:
    """np.linalg.slogdet as a pair of slices."""
    both = sign_and_logarithm(a)
    return SlogdetResult(both[..., 0], real(both[..., 1]))


compose(np.linalg.slogdet, slogdet, operands=("a",), cases=SQUARES)


def cholesky_rule(g: Any, y: Any, upper: bool) -> Any:
    """L^-H P(L^H g) L^-1, P the lower triangle with half the diagonal (Murray, 2016)."""
    if upper:
        return mT(cholesky_rule(mT(g), mT(y), False))
    n = y.shape[-1]
    inner = np.matmul(adjoint(y), conjugate(g)) * lower_half(n, y.dtype)
    left = np.linalg.solve(adjoint(y), inner)
    return conjugate(read_triangle(mT(np.linalg.solve(mT(y), mT(left))), lower=True))


declare(
    np.linalg.cholesky,
    cases=(
        "a=Positive(3, 3)",
        "a=Positive(1, 2, 3, 3)",
        "a=Positive(n, n), upper=True",
        "complex: a=Positive(2, 2)",
    ),
    remedy=SQUARE + ", and every matrix positive definite",
    a=cholesky_rule,
)


# Powers, chains and tensors


def matrix_power(a: Any, n: Any) -> Any:
    """np.linalg.matrix_power by the same products."""
    try:
        n = operator.index(n)
    except TypeError:
        raise TypeError("exponent must be an integer") from None
    if np.ndim(a) < 2 or np.shape(a)[-1] != np.shape(a)[-2]:
        raise np.linalg.LinAlgError(SQUARE)
    if n == 0:
        return without_gradient(np.linalg.matrix_power, (a, 0), {})
    if n < 0:
        a, n = np.linalg.inv(a), -n
    if n == 3:
        return product(a, a, a)
    result = None
    while True:
        n, bit = divmod(n, 2)
        if bit:
            result = a if result is None else np.matmul(result, a)
        if n == 0:
            return result
        a = np.matmul(a, a)


compose(
    np.linalg.matrix_power,
    matrix_power,
    operands=("a",),
    cases=(
        "a=(n, n), n=0",
        "a=(n, n), n=1",
        "a=(2, n, n), n=2",
        "a=(n, n), n=3",
        "a=(n, n), n=6",
        "a=Regular(n, n), n=-2",
    ),
)


def multi_dot_rule(g: Any, member: int, arrays: Any) -> Any:
    """The chain with this factor taken out: the others transposed, the gradient in the middle."""
    shape = np.shape(arrays[member])
    shapes = [np.shape(a) for a in arrays]
    if len(shapes[0]) == 1:
        shapes[0] = (1, *shapes[0])
    if len(shapes[-1]) == 1:
        shapes[-1] = (*shapes[-1], 1)
    chain = [np.reshape(a, each) for a, each in zip(arrays, shapes, strict=True)]
    g = np.reshape(g, (shapes[0][0], shapes[-1][1]))
    before, after = chain[:member], chain[member + 1 :]
    around = [mT(a) for a in reversed(before)] + [g] + [mT(a) for a in reversed(after)]
    return np.reshape(np.linalg.multi_dot(around), shape)


declare(
    np.linalg.multi_dot,
    kind=MULTILINEAR,
    cases=(
        "arrays=[(n, m), (m, k)]",
        "arrays=[(n, m), (m, k), (k, 2)]",
        "arrays=[(n, m), (m, k), (k, 2), (2, n)]",
        "arrays=[(n,), (n, m), (m, k), (k,)]",
        "arrays=[(n,), (n, m)]",
        "arrays=[(n, m), (m, k), (k,)]",
    ),
    remedy="the last axis of each matrix must be as long as the first of the next one",
    arrays=multi_dot_rule,
)


def tensorinv(a: Any, ind: int = 2) -> Any:
    """np.linalg.tensorinv by reshape and inv."""
    if ind <= 0:
        raise ValueError("Invalid ind argument.")
    shape = np.shape(a)
    length = int(np.prod(shape[ind:]))
    return np.reshape(np.linalg.inv(np.reshape(a, (length, -1))), shape[ind:] + shape[:ind])


compose(
    np.linalg.tensorinv,
    tensorinv,
    operands=("a",),
    cases=("a=Regular(1, n, n)", "a=(2, 1, 2), ind=1", "a=(2, 3, 3, 2)"),
)


def tensorsolve(a: Any, b: Any, axes: Any = None) -> Any:
    """np.linalg.tensorsolve by transpose, reshape and solve."""
    order = list(range(np.ndim(a)))
    for axis in () if axes is None else axes:
        order.remove(axis)
        order.append(axis)
    a = np.transpose(a, order)
    shape = np.shape(a)[-(np.ndim(a) - np.ndim(b)) :]
    length = int(np.prod(shape))
    if np.size(a) != length**2:
        raise np.linalg.LinAlgError("prod(a.shape[b.ndim:]) must be prod(a.shape[:b.ndim])")
    solution = np.linalg.solve(np.reshape(a, (length, length)), np.ravel(b))
    return np.reshape(solution, shape)


compose(
    np.linalg.tensorsolve,
    tensorsolve,
    operands=("a", "b"),
    cases=(
        "a=Regular(1, n, n), b=(1, n)",
        "a=(2, 2, 4), b=(2, 2)",
        "a=(2, 4, 2), b=(4,), axes=(2, 0)",
        "a=(4, 2, 2), b=(2, 2), axes=[0]",
    ),
)
