"""Derivatives of the series of `np.polynomial`: values, bases, derivatives, integrals, roots.

NumPy's own functions of the six families compute all values. They do not look for Tensors among
their arguments; `autograd_lite.numpy.polynomial` has their names and calls what stands here. The
rules are the same for all families: a value is linear in the coefficients, with the basis
polynomials as weights, and its slope in x is the value of the differentiated series.

Convention: a coefficient that is zero and that NumPy trims away has its gradient all the same, in
those coefficients of the result that NumPy keeps.
"""

from functools import cache
from math import prod
from typing import Any

import numpy as np

from ..core.operation import LINEAR, POSITIVE, Domain, declare
from ..core.sweep import unbroadcast
from ..core.trace import primitive, unary_primitive
from .differences import padded

PREFIXES = {
    "polynomial": "poly", "chebyshev": "cheb", "legendre": "leg", "hermite": "herm",
    "hermite_e": "herme", "laguerre": "lag",
}  # fmt: skip


@cache
def numpys(family: str, name: str) -> Any:
    """NumPy's function of a family: `val` of chebyshev is chebval, `2poly` is cheb2poly.

    >>> numpys("chebyshev", "val") is np.polynomial.chebyshev.chebval
    True
    """
    prefix = PREFIXES[family]
    full = f"poly2{prefix}" if name == "poly2" else prefix + name
    return getattr(getattr(np.polynomial, family), full)


@primitive
def evaluate(x: Any, c: Any, family: str, tensor: bool = True) -> Any:
    """The value at `x` of the series with coefficients `c` along its first axis: chebval etc."""
    return numpys(family, "val")(x, c, tensor)


@primitive
def basis(x: Any, deg: int, family: str) -> Any:
    """The basis polynomials of degrees 0 to `deg` along a new last axis: chebvander etc."""
    return numpys(family, "vander")(x, deg)


@primitive
def derivative(c: Any, family: str, m: int = 1, scl: Any = 1, axis: int = 0) -> Any:
    """The coefficients of the derivative number `m`: chebder etc."""
    return numpys(family, "der")(c, m, scl, axis)


@primitive
def integral(c: Any, k: Any, lbnd: Any, scl: Any, family: str, axis: int = 0) -> Any:
    """The coefficients of the integral that is `k` at `lbnd`: one step of chebint etc."""
    bound = lbnd[()] if isinstance(lbnd, np.ndarray) else lbnd  # a number: it may round otherwise
    return numpys(family, "int")(c, 1, [k], bound, scl, axis)


@cache
def derivative_matrix(family: str, size: int, m: int = 1) -> Any:
    """The coefficients of the derivatives of the basis polynomials, in columns.

    >>> derivative_matrix("polynomial", 3)
    array([[0., 1., 0.],
           [0., 0., 2.]])
    """
    return read_only(numpys(family, "der")(np.eye(size), m))


@cache
def integral_matrix(family: str, size: int) -> Any:
    """The coefficients of integrals of the basis polynomials, which are 0 at 0, in columns."""
    columns = np.zeros((size + 1, size))
    for n, unit in enumerate(np.eye(size)):
        column = numpys(family, "int")(unit[: n + 1])
        columns[: n + 2, n] = column
    return read_only(columns)


def read_only(array: Any) -> Any:
    """The array, which callers share."""
    array.flags.writeable = False
    return array


def evaluate_x(g: Any, x: Any, c: Any, family: str, tensor: bool) -> Any:
    """The slope is the value of the differentiated series."""
    slope = evaluate(x, derivative(c, family), family, tensor)
    return unbroadcast(g * slope, np.shape(x))


def evaluate_c(g: Any, x: Any, c_shape: tuple[int, ...], family: str, tensor: bool) -> Any:
    """The weight of a coefficient is its basis polynomial."""
    shape, x_shape = c_shape or (1,), np.shape(x)
    size, lead = shape[0], shape[1:]
    weights = basis(x * g.dtype.type(1), size - 1, family)
    if tensor:
        table = np.reshape(weights, (prod(x_shape), size))
        gc = np.dot(np.reshape(g, (prod(lead), prod(x_shape))), table)
        return np.reshape(np.transpose(gc), c_shape)
    missing = (1,) * (g.ndim - len(x_shape))
    weights = np.moveaxis(np.reshape(weights, missing + x_shape + (size,)), -1, 0)
    missing = (1,) * (g.ndim - len(lead))
    return np.reshape(unbroadcast(weights * g, (size, *missing, *lead)), c_shape)


declare(
    evaluate,
    cases=(
        "x=(n, 2), c=(4,), family='polynomial'",
        "x=(n,), c=(5,), family='chebyshev'",
        "x=(n,), c=(3, m), family='legendre'",
        "x=(n, m), c=(3, 2, 1), family='hermite'",
        "x=(2, m), c=(3, m), family='hermite_e', tensor=False",
        "x=(m,), c=(3, n, 1), family='laguerre', tensor=False",
        "x=(n,), c=(1,), family='laguerre'",
        "x=(), c=(3,), family='chebyshev'",
        "x=(n,), c=(), family='polynomial'",
    ),
    x=evaluate_x,
    c=evaluate_c,
)


def basis_rule(g: Any, x: Any, deg: int, family: str) -> Any:
    """The slopes of the basis polynomials, which are sums of those of lower degrees."""
    if deg == 0:
        return np.zeros_like(x)
    weights = np.dot(g, derivative_matrix(family, deg + 1).T)
    return np.reshape(np.sum(weights * basis(x, deg - 1, family), axis=-1), np.shape(x))


declare(
    basis,
    cases=(
        "x=(n, m), deg=3, family='polynomial'",
        "x=(n,), deg=4, family='chebyshev'",
        "x=(), deg=3, family='legendre'",
        "x=(n,), deg=2, family='hermite'",
        "x=(n,), deg=3, family='hermite_e'",
        "x=(n,), deg=1, family='laguerre'",
        "x=(n,), deg=0, family='laguerre'",
    ),
    x=basis_rule,
)


def first(c: Any, axis: int) -> Any:
    """The coefficients along the first axis, which a number gets."""
    return np.moveaxis(c, axis, 0) if np.ndim(c) else np.reshape(c, (1,))


def transposed(matrix: Any, g: Any) -> Any:
    """What a linear map of the first axis makes of a gradient."""
    return np.tensordot(matrix, g, axes=([0], [0]))


def derivative_c(g: Any, c_shape: tuple[int, ...], family: str, m: int, scl: Any, axis: int) -> Any:
    """The transposed matrix."""
    matrix = derivative_matrix(family, c_shape[axis] if c_shape else 1, m)
    gc = transposed(matrix, first(g, axis)) * scl**m
    return np.moveaxis(gc, 0, axis) if c_shape else np.reshape(gc, ())


declare(
    derivative,
    kind=LINEAR,
    linear=False,  # in scl
    domain=POSITIVE,
    cases=(
        "c=(4, n), family='polynomial'",
        "c=(5,), family='chebyshev', m=2",
        "c=(n, 5), family='legendre', scl=(), m=2, axis=-1",
        "c=(2, n, 3), family='chebyshev', axis=2",
        "c=(4,), family='hermite', scl=()",
        "c=(4,), family='hermite_e', m=0",
        "c=(4,), family='laguerre', m=5",
        "c=(), family='laguerre', m=0",
    ),
    c=derivative_c,
    scl=lambda g, c, family, m, scl, axis: np.sum(g * derivative(c, family, m, 1, axis))
    * m * scl ** max(m - 1, 0),
)  # fmt: skip


def grown(g: Any, size: int, axis: int) -> Any:
    """The gradient along the first axis, with zeros for what NumPy leaves away of a zero series."""
    g = first(g, axis)
    return padded(g, 0, 0, size + 1 - g.shape[0])


def integral_c(
    g: Any, c_shape: tuple[int, ...], lbnd: Any, scl: Any, family: str, axis: int
) -> Any:
    """The transposed matrix, where the first coefficient takes the value at `lbnd` away."""
    size = c_shape[axis] if c_shape else 1
    g = grown(g, size, axis)
    weights = basis(lbnd * g.dtype.type(1), size, family)[0]
    lowered = np.multiply.outer(weights, g[0])
    gc = transposed(integral_matrix(family, size), g - lowered) * scl
    return np.moveaxis(gc, 0, axis) if c_shape else np.reshape(gc, ())


def integral_lbnd(g: Any, c: Any, lbnd: Any, scl: Any, family: str, axis: int) -> Any:
    """The integrand at the bound, taken away."""
    return -np.sum(first(g, axis)[0] * evaluate(lbnd, first(c, axis), family)) * scl


def integral_scl(g: Any, c: Any, lbnd: Any, scl_shape: Any, family: str, axis: int) -> Any:
    """The integral for a scale of one."""
    return np.reshape(np.sum(g * integral(c, 0, lbnd, 1, family, axis)), scl_shape)


declare(
    integral,
    domain=Domain(0.0, 2.0),
    cases=(
        "c=(3,), k=(), lbnd=(), scl=(), family='polynomial'",
        "c=(4, n), k=(), lbnd=(), scl=(), family='chebyshev'",
        "c=(n, 3), k=(n,), lbnd=(), scl=(), family='legendre', axis=-1",
        "c=(2, n, 3), k=(), lbnd=(), scl=(), family='legendre', axis=2",
        "c=(2,), k=(), lbnd=(), scl=(), family='hermite'",
        "c=(3,), k=1, lbnd=(), scl=0.5, family='hermite_e'",
        "c=(1,), k=(), lbnd=2, scl=(), family='laguerre'",
        "c=(), k=(), lbnd=(), scl=2, family='laguerre'",
    ),
    c=integral_c,
    k=lambda g, k_shape, axis: unbroadcast(first(g, axis)[0], k_shape),
    lbnd=integral_lbnd,
    scl=integral_scl,
)


@unary_primitive
def series_roots(c: Any, family: str) -> Any:
    """The roots of a series: chebroots etc."""
    return numpys(family, "roots")(c)


@unary_primitive
def companion(c: Any, family: str) -> Any:
    """The matrix whose eigenvalues are the roots: chebcompanion etc., of a trimmed series."""
    return numpys(family, "companion")(c)


def roots_rule(g: Any, y: Any, c: Any, family: str) -> Any:
    """A root gives way to a change of the value there, divided by the slope."""
    slopes = evaluate(y, derivative(c, family), family)
    return -np.dot(g / slopes, basis(y, c.shape[0] - 1, family))


def companion_rule(g: Any, c: Any, family: str) -> Any:
    """The last column holds the coefficients, each with a factor, divided by the last of them."""
    ones, unit = np.ones(c.shape[0]), np.eye(c.shape[0])[-1]
    factors = (numpys(family, "companion")(ones) - numpys(family, "companion")(unit))[:, -1]
    ratios = g[:, -1] * factors / c[-1]
    return np.concatenate([ratios, np.reshape(-np.sum(ratios * c[:-1]) / c[-1], (1,))])


declare(
    series_roots,
    domain=POSITIVE,
    cases=(
        *(f"c=(2,), family={family!r}" for family in PREFIXES),
        *(f"complex: c=(4,), family={name!r}" for name in ("polynomial", "chebyshev")),
    ),
    c=roots_rule,
)
declare(
    companion,
    domain=POSITIVE,
    cases=tuple(f"c=({n},), family={name!r}" for n, name in enumerate(PREFIXES, 2)),
    c=companion_rule,
)
