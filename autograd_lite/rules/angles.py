"""Derivatives of trigonometric and hyperbolic functions, their inverses, and sinc.

Conventions: the slope of an inverse function at the end of its domain is infinite (as in
PyTorch); sinc has slope 0 at 0, and all higher derivatives there as well.
"""

from math import factorial
from typing import Any

import numpy as np

from ..core.in_place import one_minus, times
from ..core.operation import ELEMENTWISE, Domain, declare
from ..core.trace import unary_primitive
from .elementwise import unary

ABOVE_ONE = Domain(low=1.0)
UNIT = Domain(low=-1.0, high=1.0)

unary(np.sin, lambda g, x: g * np.cos(x))
unary(np.cos, lambda g, x: -g * np.sin(x))
unary(np.tan, lambda g, y: g * (1.0 + y * y), Domain(-np.pi / 2, np.pi / 2))
unary(np.sinh, lambda g, x: g * np.cosh(x))
unary(np.cosh, lambda g, x: g * np.sinh(x))


@unary_primitive
def one_minus_square(x: Any) -> Any:
    """1 - x**2 as (1 - x) (1 + x), which is exact near 1; its slope is exact near 0.

    >>> float(one_minus_square(np.float64(1.0 - 1e-12)))
    2e-12
    """
    return (1.0 - x) * (1.0 + x)


unary(one_minus_square, lambda g, x: -2.0 * g * x)
unary(np.arcsin, lambda g, x: g / np.sqrt(one_minus_square(x)), UNIT)
unary(np.arccos, lambda g, x: -g / np.sqrt(one_minus_square(x)), UNIT)
unary(np.arctanh, lambda g, x: g / one_minus_square(x), UNIT)
unary(np.arccosh, lambda g, x: g / np.sqrt(x - 1.0) / np.sqrt(x + 1.0), ABOVE_ONE)


def slanted(x: Any) -> Any:
    """sqrt(1 + x**2), which overflows for no real x.

    >>> slanted(np.array([0.0, 1e200])).tolist()
    [1.0, 1e+200]
    """
    return np.sqrt(1.0 + x * x) if x.dtype.kind == "c" else np.hypot(1.0, x)


def arctan_rule(g: Any, x: Any) -> Any:
    """g / (1 + x**2)."""
    root = slanted(x)
    return g / root / root


unary(np.arctan, arctan_rule)
unary(np.arcsinh, lambda g, x: g / slanted(x))

# Where less than this is left of 1 - tanh(x)**2, a good part of its digits are rounding errors.
SATURATED = {kind: float(np.finfo(kind).eps ** 0.25) for kind in "efdg"}


@unary_primitive
def tanh_slope(x: Any, y: Any) -> Any:
    """1 / cosh(x)**2 = 1 - y**2, where y = tanh(x): from x where y is close to 1.

    >>> tanh_slope(np.array([0.0, 20.0]), np.tanh(np.array([0.0, 20.0])))
    array([1.00000000e+00, 1.69934170e-17])
    """
    slope = one_minus(y * y)
    threshold = SATURATED.get(slope.dtype.char)
    if threshold is None or not slope.size:  # complex numbers
        return slope
    if slope.item(slope.argmin()) >= threshold:  # faster than slope.min()
        return slope
    slope = np.asarray(slope)
    tail = slope < threshold
    small = np.exp(-2.0 * np.abs(np.asarray(x)[tail]))
    slope[tail] = 4.0 * small / (1.0 + small) ** 2
    return slope[()]


declare(
    tanh_slope,
    kind=ELEMENTWISE,
    domain=UNIT,
    cases=("x=(n, m), y=(n, m)",),
    x=None,
    y=lambda g, y: -2.0 * g * y,
)
unary(np.tanh, lambda g, x, y: times(g, tanh_slope(x, y)))

SINC_SERIES = tuple((-1) ** (k + 1) * 2 * (k + 1) / factorial(2 * k + 3) for k in range(13))


def sinc_slope(x: Any) -> Any:
    """Slope of sin(pi x) / (pi x): its Taylor series near 0, where the closed form cancels.

    >>> float(sinc_slope(np.float64(0.0))), round(float(sinc_slope(np.float64(1.0))), 12)
    (0.0, -1.0)
    """
    near = np.abs(x) < 0.5
    inside = np.where(near, x, 0.0)
    outside = np.where(near, 1.0, x)
    square = (np.pi * inside) ** 2
    series = 0.0 * square
    for coefficient in reversed(SINC_SERIES):
        series = series * square + coefficient
    closed = (np.cos(np.pi * outside) - np.sinc(outside)) / outside
    return np.where(near, np.pi**2 * inside * series, closed)


unary(np.sinc, lambda g, x: g * sinc_slope(x))
