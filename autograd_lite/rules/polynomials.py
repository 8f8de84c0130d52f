"""Derivatives of NumPy's polynomial functions, `np.poly` to `np.roots`: coefficients highest first.

Multiple roots have no derivative: it is infinite there, as that of a square root at 0.
"""

from typing import Any

import numpy as np

from ..core.operands import as_array
from ..core.operation import MULTILINEAR, POSITIVE, declare
from ..core.sweep import unbroadcast
from ..core.trace import compose, peel_all, primitive, unary_primitive
from .convolution import overlap_rule
from .series import basis
from .series_products import transposed_division, transposed_product


@unary_primitive
def from_roots(x: Any) -> Any:
    """`np.poly` of roots, or of the matrix that has them as eigenvalues, at least one of them."""
    return np.poly(x)


def from_roots_rule(g: Any, y: Any, x: Any) -> Any:
    """Divide the polynomial by x - r, for a root r; or take the adjugate of x - A.

    Horner's rule gives all coefficients of the quotients, or matrices of them.
    """
    matrix = x.ndim == 2
    unit = np.eye(x.shape[0], dtype=y.dtype) if matrix else np.ones(x.shape, y.dtype)
    part, total = unit, g[1] * unit
    for k in range(1, x.shape[0]):
        part = (np.dot(x, part) if matrix else x * part) + y[k] * unit
        total = total + g[k + 1] * part
    return -total.T


declare(from_roots, cases=("x=(4,)", "x=(1,)", "x=(3, 3)", "x=(1, 1)"), x=from_roots_rule)


def poly(seq_of_zeros: Any) -> Any:
    """np.poly, which is the plain number 1.0 of no roots."""
    roots = np.atleast_1d(as_array(seq_of_zeros))
    return 1.0 if roots.shape == (0,) else from_roots(roots)


compose(
    np.poly, poly, operands=("seq_of_zeros",), cases=("seq_of_zeros=(3,)", "seq_of_zeros=(2, 2)")
)


def powers(x: Any, size: int) -> Any:
    """Powers of x, the highest first, along a new last axis; x to the 0 is 1."""
    if not size:
        return np.zeros(np.shape(x) + (0,))
    return np.reshape(basis(x, size - 1, "polynomial"), np.shape(x) + (size,))[..., ::-1]


def polyval_p(g: Any, p_shape: tuple[int, ...], x: Any) -> Any:
    """The weight of a coefficient is a power of x."""
    size, lead, x_shape = p_shape[0], p_shape[1:], np.shape(x)
    weights = np.moveaxis(powers(x * g.dtype.type(1), size), -1, 0)
    weights = np.reshape(weights, (size,) + (1,) * (g.ndim - len(x_shape)) + x_shape)
    gp = unbroadcast(weights * g, (size,) + (1,) * (g.ndim - len(lead)) + lead)
    return np.reshape(gp, p_shape)


def polyval_x(g: Any, p: Any, x: Any) -> Any:
    """The value of the differentiated polynomial."""
    factors = np.reshape(np.arange(len(p) - 1, 0, -1), (-1,) + (1,) * (p.ndim - 1))
    return unbroadcast(g * np.polyval(p[:-1] * factors, x), np.shape(x))


declare(
    np.polyval,
    cases=(
        "p=(4,), x=(n, m)",
        "p=(3, m), x=(n, 1)",
        "p=(3, n, 1), x=(m,)",
        "p=(3,), x=()",
        "p=(1,), x=(n,)",
        "p=(0,), x=(n, m)",
        "complex: p=(3,), x=(n,)",
    ),
    p=polyval_p,
    x=polyval_x,
)


def coefficients(p: Any) -> Any:
    """Coefficients as an array or Tensor of at least one axis."""
    return np.atleast_1d(p.coeffs if isinstance(p, np.poly1d) else as_array(p))


def as_given(result: Any, *operands: Any) -> Any:
    """The result, as a poly1d if one of the operands is such."""
    return np.poly1d(result) if any(isinstance(p, np.poly1d) for p in operands) else result


def polyder(p: Any, m: Any = 1) -> Any:
    """np.polyder, as NumPy does it: one step more than asked for, which may be an error."""
    if int(m) < 0:
        raise ValueError("Order of derivative must be positive (see polyint)")
    exponents = np.arange(len(p) - 1, 0, -1)
    lower = p[:-1] * exponents
    return polyder(lower, int(m) - 1) if int(m) else p


def polyint(p: Any, m: Any = 1, k: Any = None) -> Any:
    """np.polyint, as NumPy does it."""
    m = int(m)
    if m < 0:
        raise ValueError("Order of integral must be positive (see polyder)")
    k = np.zeros(m) if k is None else np.atleast_1d(as_array(k))
    if len(k) == 1 and m > 1:
        k = k[0] * np.ones(m)
    if len(k) < m:
        raise ValueError("k must be a scalar or a rank-1 array of length 1 or >m.")
    p = as_array(p)
    for n in range(m):
        p = np.concatenate((p / np.arange(len(p), 0, -1), np.reshape(k[n], (1,))))
    return p


compose(np.polyder, polyder, operands=("p",), cases=("p=(n,)", "p=(4,), m=2", "p=(n,), m=0"))
compose(
    np.polyint,
    polyint,
    operands=("p",),
    cases=("p=(n,)", "p=(n,), m=2, k=1.5", "p=(n,), m=2, k=[1, 2, 3]", "p=(n,), m=0"),
)


def filled(p: Any, size: int) -> Any:
    """Coefficients with zeros in front of them, up to a length."""
    missing = size - len(p)
    return np.concatenate((np.zeros(missing, p.dtype), p)) if missing > 0 else p


def polyadd(a1: Any, a2: Any) -> Any:
    """np.polyadd."""
    a, b = coefficients(a1), coefficients(a2)
    return as_given(filled(a, len(b)) + filled(b, len(a)), a1, a2)


def polysub(a1: Any, a2: Any) -> Any:
    """np.polysub."""
    a, b = coefficients(a1), coefficients(a2)
    return as_given(filled(a, len(b)) - filled(b, len(a)), a1, a2)


PAIRS = ("a1=(n,), a2=(m,)", "a1=(), a2=(m,)", "a1=(n,), a2=[1, 2]")
compose(np.polyadd, polyadd, operands=("a1", "a2"), cases=PAIRS)
compose(np.polysub, polysub, operands=("a1", "a2"), cases=PAIRS)


@primitive
def untrimmed_product(a: Any, b: Any) -> Any:
    """`np.polymul`, with zeros where NumPy trims leading ones."""
    return filled(np.polymul(a, b), len(a) + len(b) - 1)


declare(
    untrimmed_product,
    kind=MULTILINEAR,
    cases=("a=(3,), b=(2,)", "a=(1,), b=(4,)"),
    a=lambda g, b, a_shape: overlap_rule(g, b, a_shape, False),
    b=lambda g, a, b_shape: overlap_rule(g, a, b_shape, False),
)


def leading_zeros(p: Any) -> int:
    """How many coefficients np.poly1d would trim: not the last one."""
    nonzero = np.flatnonzero(peel_all(p))
    return int(nonzero[0]) if len(nonzero) else len(p) - 1


def polymul(a1: Any, a2: Any) -> Any:
    """np.polymul, which trims leading zeros of the factors."""
    a, b = (np.zeros(1, p.dtype) if p.shape == (0,) else p for p in map(coefficients, (a1, a2)))
    if a.ndim > 1 or b.ndim > 1:
        raise ValueError("Polynomial must be 1d only.")
    return as_given(untrimmed_product(a, b)[leading_zeros(a) + leading_zeros(b) :], a1, a2)


compose(
    np.polymul,
    polymul,
    operands=("a1", "a2"),
    domain=POSITIVE,  # other lengths where the first coefficient is 0
    cases=(*PAIRS, "a1=(n,), a2=[0, 0, 2, 1]", "a1=(0,), a2=[0, 0]"),
)


@primitive
def whole_division(u: Any, v: Any) -> Any:
    """`np.polydiv` in one: the quotient and the remainder, with zeros where NumPy trims it."""
    quotient, remainder = np.polydiv(u, v)
    return np.concatenate((quotient, filled(remainder, len(u))))


def whole_division_u(g: Any, u_shape: Any, v: Any) -> Any:
    """The transposed division of reversed series; where v is longer, the remainder is u."""
    size, degree = u_shape[0], v.shape[0] - 1
    if size <= degree:
        return g[1:]
    parts = (g[: size - degree][::-1], g[g.shape[0] - degree :][::-1])
    return transposed_division(np.concatenate(parts), v[::-1], size, "polynomial")[::-1]


def whole_division_v(g: Any, y: Any, u_shape: Any, v: Any) -> Any:
    """As if the dividend were less by the quotient times the change of the divisor."""
    size, length = u_shape[0], v.shape[0]
    if size < length:
        return np.zeros_like(v)
    gu = whole_division_u(g, u_shape, v)[::-1]
    quotient = y[: size - length + 1][::-1]
    return -transposed_product(gu, quotient, length, "polynomial")[::-1]


declare(
    whole_division,
    domain=POSITIVE,
    cases=("u=(4,), v=(3,)", "u=(3,), v=(3,)", "u=(4,), v=(1,)", "u=(2,), v=(3,)"),
    u=whole_division_u,
    v=whole_division_v,
)


def polydiv(u: Any, v: Any) -> Any:
    """np.polydiv: the quotient, and the remainder without leading entries that are nearly 0."""
    a, b = coefficients(u), coefficients(v)
    size = max(len(a) - len(b) + 1, 1)
    length = len(np.polydiv(peel_all(a), peel_all(b))[1])
    if np.ndim(a) > 1:  # NumPy does not look at further axes where nothing is to be divided
        return np.zeros_like(a, shape=(1,)), a[len(a) - length :]
    parts = whole_division(a, b)
    quotient, remainder = parts[:size], parts[len(parts) - length :]
    return as_given(quotient, u, v), as_given(remainder, u, v)


compose(
    np.polydiv,
    polydiv,
    operands=("u", "v"),
    domain=POSITIVE,
    cases=("u=(4,), v=(2,)", "u=(n,), v=(m,)", "u=(3,), v=()"),
)
declare(
    np.roots,
    domain=POSITIVE,
    # those of real coefficients may meet and become complex
    cases=("p=(2,)", "complex: p=(3,)", "complex: p=(4,)"),
    p=lambda g, y, p: -np.dot(g / polyval_slope(p, y), powers(y, p.shape[0])),
)


def polyval_slope(p: Any, x: Any) -> Any:
    """The slope of a polynomial."""
    return np.polyval(p[:-1] * np.arange(p.shape[0] - 1, 0, -1), x)
