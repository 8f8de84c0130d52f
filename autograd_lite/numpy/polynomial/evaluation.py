"""Values, bases, derivatives, integrals and fits of series, on Tensors, for any family."""

import operator
from functools import reduce
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index
from numpy.polynomial._polybase import ABCPolyBase

from ...core.operands import as_array
from ...core.primitives import scatter
from ...core.trace import newest, peel_all
from ...rules.fit_reports import residual, singular_values
from ...rules.fitting import fitted
from ...rules.series import basis, derivative, evaluate, integral, numpys


def listed(x: Any) -> Any:
    """Lists as arrays; numbers as they are, whose dtype does not count."""
    return as_array(x) if isinstance(x, list | tuple) else x


def val(family: str, x: Any, c: Any, tensor: bool = True) -> Any:
    """polyval etc.; at a series (of coefficients that are Tensors), by its own arithmetic."""
    if isinstance(x, ABCPolyBase):
        return at_series(family, x, as_array(c))
    return evaluate(listed(x), as_array(c), family, tensor)


def at_series(family: str, x: Any, c: Any) -> Any:
    """The composition of two series, from the basis polynomials of one at the other."""
    total = c[0] + x * 0
    for n in range(1, len(c)):
        total = total + c[n] * numpys(family, "val")(x, np.eye(n + 1)[n])
    return total


def valfromroots(family: str, x: Any, r: Any, tensor: bool = True) -> Any:  # noqa: ARG001
    """polyvalfromroots: the product of the distances from all roots."""
    x, r = listed(x), np.atleast_1d(as_array(r))
    if newest((x,)) is not None or isinstance(x, np.ndarray):
        if tensor:
            r = np.reshape(r, r.shape + (1,) * x.ndim)
        elif x.ndim >= r.ndim:
            raise ValueError("x.ndim must be < r.ndim when tensor == False")
    return np.prod(x - r, axis=0)


def values_at(family: str, c: Any, *places: Any) -> Any:
    """At points, of which the coordinates are given."""
    arrays = [as_array(x) for x in places]
    if any(x.shape != arrays[0].shape for x in arrays):
        names = ", ".join("xyz"[: len(arrays)]) if len(arrays) <= 3 else "ordinates"
        raise ValueError(f"{names} are incompatible")
    c = val(family, arrays[0], c)
    for x in arrays[1:]:
        c = val(family, x, c, tensor=False)
    return c


def val2d(family: str, x: Any, y: Any, c: Any) -> Any:
    """polyval2d etc."""
    return values_at(family, c, x, y)


def val3d(family: str, x: Any, y: Any, z: Any, c: Any) -> Any:
    """polyval3d etc."""
    return values_at(family, c, x, y, z)


def valnd(family: str, pts: Any, c: Any) -> Any:
    """polyvalnd etc., which came with NumPy 2.5."""
    return values_at(family, c, *pts)


def grid2d(family: str, x: Any, y: Any, c: Any) -> Any:
    """polygrid2d etc.: at all pairs of coordinates."""
    return val(family, y, val(family, x, c))


def grid3d(family: str, x: Any, y: Any, z: Any, c: Any) -> Any:
    """polygrid3d etc."""
    return val(family, z, grid2d(family, x, y, c))


def vander(family: str, x: Any, deg: Any) -> Any:
    """polyvander etc."""
    return basis(as_array(x), deg, family)


def products_of_bases(family: str, places: tuple[Any, ...], deg: Any) -> Any:
    """polyvander2d and polyvander3d: all products of one basis polynomial of each coordinate."""
    if len(deg) != len(places):
        raise ValueError(f"Expected {len(places)} dimensions of degrees, got {len(deg)}")
    points = np.stack([as_array(x) for x in places]) + 0.0
    tables = []
    for n, degree in enumerate(deg):
        others = [slice(None) if k == n else np.newaxis for k in range(len(deg))]
        tables.append(vander(family, points[n], degree)[(..., *others)])
    table = reduce(operator.mul, tables)
    return np.reshape(table, table.shape[: -len(deg)] + (-1,))


def vander2d(family: str, x: Any, y: Any, deg: Any) -> Any:
    """polyvander2d etc."""
    return products_of_bases(family, (x, y), deg)


def vander3d(family: str, x: Any, y: Any, z: Any, deg: Any) -> Any:
    """polyvander3d etc."""
    return products_of_bases(family, (x, y, z), deg)


def der(family: str, c: Any, m: Any = 1, scl: Any = 1, axis: Any = 0) -> Any:
    """polyder etc."""
    return derivative(as_array(c), family, m, scl, axis)


def antiderivative(
    family: str, c: Any, m: Any = 1, k: Any = (), lbnd: Any = 0, scl: Any = 1, axis: Any = 0
) -> Any:
    """polyint etc., one integration after the other."""
    constants = list(k) if np.iterable(k) else [k]
    count, axis = operator.index(m), operator.index(axis)
    if count < 0:
        raise ValueError("The order of integration must be non-negative")
    if len(constants) > count:
        raise ValueError("Too many integration constants")
    if np.ndim(lbnd) or np.ndim(scl):
        raise ValueError("lbnd and scl must be scalars.")
    c = as_array(c)
    normalize_axis_index(axis, max(c.ndim, 1))
    for constant in constants + [0] * (count - len(constants)):
        c = integral(c, constant, lbnd, scl, family, axis)
    return c if count else derivative(c, family, 0)


def fit(
    family: str, x: Any, y: Any, deg: Any, rcond: Any = None, full: bool = False, w: Any = None
) -> Any:
    """polyfit etc.; rank and rcond are plain numbers."""
    x, y, deg = as_array(x), as_array(y), np.asarray(deg)
    w = None if w is None else as_array(w)
    c = fitted(x, y, w, deg, family, rcond)
    if deg.ndim:
        c = scatter(c, (np.sort(deg),), (np.max(deg) + 1, *c.shape[1:]))
    if not full:
        return c
    plain = numpys(family, "fit")(*map(peel_all, (x, y, deg)), rcond, True, peel_all(w))[1]
    spectrum = singular_values(x, w, deg, family, y.dtype)
    return c, [residual(x, y, w, deg, family, rcond), plain[1], spectrum, plain[3]]


def interpolate(family: str, func: Any, deg: Any, args: Any = ()) -> Any:
    """chebinterpolate; the values of the function may be Tensors."""
    places: list[Any] = []

    def keep_places(x: Any) -> Any:
        places.append(x)
        return x

    numpys(family, "interpolate")(keep_places, deg)  # refuses what is not a degree
    values, order = as_array(func(places[0], *args)), len(places[0])
    lengths = np.where(np.arange(order) > 0, 0.5 * order, order)
    table = numpys(family, "vander")(places[0], deg)
    return np.dot(table.T, values) / np.reshape(lengths, (-1,) + (1,) * (values.ndim - 1))
