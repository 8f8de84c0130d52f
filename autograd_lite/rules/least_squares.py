"""Derivatives of `pinv` and `lstsq`, for matrices of any rank that stays as it is nearby.

After Golub and Pereyra (SIAM Journal on Numerical Analysis 10, 1973): with P the pseudoinverse,
dP = -P da P + P P^H da^H (1 - a P) + (1 - P a) da^H P^H P.
"""

from typing import Any

import numpy as np

from ..core.operation import declare
from ..core.trace import compose, peel_all, primitive
from .decompositions import svdvals_rule
from .matrices import adjoint, conjugate, mT, product, read_triangle, real, symmetric

EPSILON = float(np.finfo(np.float64).eps)
Shape = tuple[int, ...]


def golub_pereyra(g: Any, y: Any, a: Any) -> Any:
    """The transpose of dP, applied to the gradient of P."""
    gh, yh = adjoint(g), adjoint(y)
    image, coimage = np.matmul(a, y), np.matmul(y, a)
    left, right = product(gh, y, yh), product(yh, y, gh)
    outside = left - np.matmul(image, left) + right - np.matmul(right, coimage)
    return outside - product(yh, g, yh)


def truncation(g: Any, a: Any, rcond: Any) -> Any:
    """What Golub and Pereyra's formula lacks where singular values that are not 0 are cut off.

    A kept and a dropped value s and t turn into one another with 1 / (s (s - t)) and
    1 / (s (s + t)), for the symmetric and the antisymmetric part; they take t for 0.
    """
    u, s, vh = np.linalg.svd(a, full_matrices=False)
    kept = s > np.asarray(rcond)[..., None] * np.max(s, axis=-1, keepdims=True)
    s, t = s[..., :, None], s[..., None, :]
    pairs = kept[..., :, None] & ~kept[..., None, :]
    safe = np.where(pairs, s, 1.0)
    other = np.where(pairs, t, 0.0)
    minus, plus = safe / (safe - other) - 1.0, safe / (safe + other) - 1.0
    minus, plus = 0.5 * minus / safe**2, 0.5 * plus / safe**2
    minus, plus = minus + mT(minus), plus + mT(plus)
    inner = adjoint(product(vh, g, u))
    return product(u, (inner + adjoint(inner)) * minus + (inner - adjoint(inner)) * plus, vh)


def pinv_rule(g: Any, y: Any, a: Any, rcond: Any, hermitian: bool, rtol: Any) -> Any:
    """Golub and Pereyra's formula, and what it lacks where more is cut off than rounding."""
    g = conjugate(g)
    if hermitian:
        a = symmetric(a)
    gx = golub_pereyra(g, y, a)
    cut = rtol if rcond is None else rcond
    if cut is not None and np.size(a):
        gx = gx + truncation(g, a, cut)
    return conjugate(read_triangle(gx, lower=True) if hermitian else gx)


declare(
    np.linalg.pinv,
    cases=(
        "a=Regular(n, n)",
        "a=Regular(n, m)",
        "a=Regular(2, n + 1, n)",
        "a=Regular(1, 2, 3, 3), hermitian=True",
        "a=Regular(3, 4), rcond=0.5",
        "a=Regular(2, 3, 3), rcond=[0.5, 0.1], hermitian=True",
        "a=Regular(4, 3), rtol=0.6",
        "a=Regular(n, n + 1), rtol=None",
    ),
    a=pinv_rule,
)


# Least squares


def pseudoinverse(a: Any, rcond: Any) -> Any:
    """The pseudoinverse with the cut-off of `np.linalg.lstsq`."""
    if rcond is None:
        rcond = EPSILON * max(a.shape)
    return np.linalg.pinv(a, rcond if rcond >= 0 else EPSILON)


@primitive
def least_squares(a: Any, b: Any, rcond: Any = None) -> Any:
    """The four results of `np.linalg.lstsq` in one row, the rank (as a float) last."""
    x, residuals, rank, s = np.linalg.lstsq(a, b, rcond)
    return np.concatenate([np.ravel(x), residuals, s, [rank]]).astype(x.dtype)


def parts(row: Any, a_shape: Shape, b_shape: Shape) -> tuple[Any, Any, Any]:
    """The solution, residuals (of every column, or of none) and singular values of a row."""
    x_shape = (a_shape[1], *b_shape[1:])
    end, start = int(np.prod(x_shape)), row.shape[0] - 1 - min(a_shape)
    return np.reshape(row[:end], x_shape), row[end:start], row[start:-1]


def residual_gradient(g: Any, a: Any, b: Any, x: Any) -> Any:
    """The gradient of b - a x, of whose columns the squares are summed."""
    residual = b - np.matmul(a, x)
    return 2.0 * g * residual if g.shape[0] else 0.0 * residual


def lstsq_a(g: Any, y: Any, a: Any, b: Any, rcond: Any) -> Any:
    """The solution is P b; the residuals are stationary in it."""
    a_shape, b_shape = np.shape(a), np.shape(b)
    (x, _, _), (gx, gr, gs) = parts(y, a_shape, b_shape), parts(conjugate(g), a_shape, b_shape)
    outer = -np.matmul(column(residual_gradient(real(gr), a, b, x)), adjoint(column(x)))
    gp = np.matmul(column(gx), adjoint(column(b)))
    cut = None if rcond is None or rcond < 0 else rcond
    through_p = pinv_rule(conjugate(gp), pseudoinverse(a, rcond), a, cut, False, None)
    return conjugate(outer + svdvals_rule(real(gs), a)) + through_p


def column(x: Any) -> Any:
    """A vector as a matrix of one column."""
    return np.reshape(x, (-1, 1)) if np.ndim(x) == 1 else x


def lstsq_b(g: Any, y: Any, a: Any, b: Any, rcond: Any) -> Any:
    """P^H gx, and the residuals themselves."""
    a_shape, b_shape = np.shape(a), np.shape(b)
    (x, _, _), (gx, gr, _) = parts(y, a_shape, b_shape), parts(conjugate(g), a_shape, b_shape)
    through_x = np.matmul(adjoint(pseudoinverse(a, rcond)), gx)
    return conjugate(through_x + residual_gradient(real(gr), a, b, x))


LSTSQ_CASES = (
    "a=Regular(n + 1, n), b=(n + 1,)",
    "a=Regular(n + 2, n), b=(n + 2, m)",
    "a=Regular(n, n + 1), b=(n, m)",
    "a=Regular(4, 3), b=(4, 2), rcond=0.5",
    "a=Regular(n, n), b=(n,), rcond=-1",
)
declare(least_squares, cases=LSTSQ_CASES, a=lstsq_a, b=lstsq_b)


def lstsq(a: Any, b: Any, rcond: Any = None) -> Any:
    """np.linalg.lstsq as parts of one row; the rank is a plain number."""
    row = least_squares(a, b, rcond)
    x, residuals, s = parts(row, np.shape(a), np.shape(b))
    return x, real(residuals), np.int32(real(peel_all(row)[-1])), real(s)


compose(np.linalg.lstsq, lstsq, operands=("a", "b"), cases=LSTSQ_CASES)
