"""Derivatives of NumPy's elementwise functions. The engine sums over broadcast axes.

Conventions at kinks: the slope of `abs` at 0 is 0, and where `maximum` or `minimum` has equal
operands each gets half the gradient (both as in PyTorch).
"""

from math import factorial
from typing import Any

import numpy as np

from ..core.operation import (
    ELEMENTWISE,
    NONZERO,
    POSITIVE,
    REAL,
    UNTIED,
    Domain,
    Formula,
    declare,
)
from ..core.trace import compose, unary_primitive

ABOVE_MINUS_ONE = Domain(low=-1.0)
ABOVE_ONE = Domain(low=1.0)
UNIT = Domain(low=-1.0, high=1.0)
LN2, LN10, DEGREE = float(np.log(2.0)), float(np.log(10.0)), float(np.pi / 180)


def unary(function: Any, x: Formula, domain: Domain = REAL) -> None:
    """Declare an elementwise function of one operand."""
    declare(function, kind=ELEMENTWISE, domain=domain, x=x)


def binary(function: Any, a: Formula | None, b: Formula | None, domain: Domain = REAL) -> None:
    """Declare an elementwise function of two operands."""
    declare(function, kind=ELEMENTWISE, domain=domain, a=a, b=b)


# Exponentials, logarithms, roots
unary(np.exp, lambda g, y: g * y)
unary(np.exp2, lambda g, y: g * y * LN2)
unary(np.expm1, lambda g, y: g * (y + 1.0))
unary(np.log, lambda g, x: g / x, POSITIVE)
unary(np.log2, lambda g, x: g / (x * LN2), POSITIVE)
unary(np.log10, lambda g, x: g / (x * LN10), POSITIVE)
unary(np.log1p, lambda g, x: g / (1.0 + x), ABOVE_MINUS_ONE)
unary(np.sqrt, lambda g, y: 0.5 * g / y, POSITIVE)
unary(np.cbrt, lambda g, y: g / (3.0 * y * y), NONZERO)
unary(np.square, lambda g, x: g * (x + x))
unary(np.reciprocal, lambda g, y: -g * y * y, NONZERO)

# Signs
unary(np.negative, lambda g: -g)
unary(np.positive, lambda g: g)
unary(np.conjugate, lambda g: g)
unary(np.absolute, lambda g, x: g * np.sign(x), NONZERO)
unary(np.fabs, lambda g, x: g * np.sign(x), NONZERO)

# Angles. hypot keeps arctan and arcsinh from overflowing; (1 - x)(1 + x) is exact near 1.
unary(np.sin, lambda g, x: g * np.cos(x))
unary(np.cos, lambda g, x: -g * np.sin(x))
unary(np.tan, lambda g, y: g * (1.0 + y * y), Domain(-np.pi / 2, np.pi / 2))
unary(np.arcsin, lambda g, x: g / np.sqrt((1.0 - x) * (1.0 + x)), UNIT)
unary(np.arccos, lambda g, x: -g / np.sqrt((1.0 - x) * (1.0 + x)), UNIT)
unary(np.arctan, lambda g, x: g / np.hypot(1.0, x) / np.hypot(1.0, x))
unary(np.sinh, lambda g, x: g * np.cosh(x))
unary(np.cosh, lambda g, x: g * np.sinh(x))
unary(np.tanh, lambda g, y: g * (1.0 - y * y))
unary(np.arcsinh, lambda g, x: g / np.hypot(1.0, x))
unary(np.arccosh, lambda g, x: g / np.sqrt(x - 1.0) / np.sqrt(x + 1.0), ABOVE_ONE)
unary(np.arctanh, lambda g, x: g / ((1.0 - x) * (1.0 + x)), UNIT)
unary(np.deg2rad, lambda g: g * DEGREE)
unary(np.radians, lambda g: g * DEGREE)
unary(np.rad2deg, lambda g: g / DEGREE)
unary(np.degrees, lambda g: g / DEGREE)


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

# Arithmetic
binary(np.add, lambda g: g, lambda g: g)
binary(np.subtract, lambda g: g, lambda g: -g)
binary(np.multiply, lambda g, b: g * b, lambda g, a: g * a)
binary(np.true_divide, lambda g, b: g / b, lambda g, b, y: -g * y / b, NONZERO)


def power_slope(a: Any, b: Any) -> Any:
    """b a^(b-1), and 0 for b = 0 even at a = 0, since x**0 is constant."""
    if b.__class__ is int or b.__class__ is float:
        return b * a ** (b - 1) if b else 0.0 * a
    constant = (a == 0) & (b == 0)
    return b * a ** (b - np.where(constant, 0.0, 1.0).astype(a.dtype))


def log_base(a: Any, b: Any) -> Any:
    """log a, and 0 where a = 0 and b >= 0: there 0**b stays 0 to the right of b."""
    return np.log(np.where((a == 0) & (b >= 0), 1.0, a))


for power in (np.power, np.float_power):
    binary(
        power,
        lambda g, a, b: g * power_slope(a, b),
        lambda g, a, b, y: g * y * log_base(a, b),
        POSITIVE,
    )

# With b an integer number of times in a, both jump; the count is constant in between.
binary(
    np.remainder,
    lambda g: g,
    lambda g, a, b, y: -g * np.rint((a - y) / b),
    Domain(0.6, 0.9, ties=True),
)
binary(
    np.fmod, lambda g: g, lambda g, a, b, y: -g * np.rint((a - y) / b), Domain(0.6, 0.9, ties=True)
)

# Selections by comparison
binary(
    np.maximum,
    lambda g, a, b: np.where(a == b, 0.5 * g, np.where(a > b, g, 0.0)),
    lambda g, a, b: np.where(a == b, 0.5 * g, np.where(b > a, g, 0.0)),
    UNTIED,
)
binary(
    np.minimum,
    lambda g, a, b: np.where(a == b, 0.5 * g, np.where(a < b, g, 0.0)),
    lambda g, a, b: np.where(a == b, 0.5 * g, np.where(b < a, g, 0.0)),
    UNTIED,
)
binary(  # fmax and fmin take the other operand where one is NaN
    np.fmax,
    lambda g, a, b: np.where(a == b, 0.5 * g, np.where((a > b) | np.isnan(b), g, 0.0)),
    lambda g, a, b: np.where(a == b, 0.5 * g, np.where((b > a) | np.isnan(a), g, 0.0)),
    UNTIED,
)
binary(
    np.fmin,
    lambda g, a, b: np.where(a == b, 0.5 * g, np.where((a < b) | np.isnan(b), g, 0.0)),
    lambda g, a, b: np.where(a == b, 0.5 * g, np.where((b < a) | np.isnan(a), g, 0.0)),
    UNTIED,
)

# Pairs. Dividing by the length twice avoids squares that overflow; at (0, 0) the gradient is 0.
binary(
    np.arctan2,
    lambda g, a, b: g * (b / length(a, b)) / length(a, b),
    lambda g, a, b: -g * (a / length(a, b)) / length(a, b),
    NONZERO,
)
binary(
    np.hypot,
    lambda g, a, b: g * (a / length(a, b)),
    lambda g, a, b: g * (b / length(a, b)),
    NONZERO,
)
binary(
    np.logaddexp,
    lambda g, a, y: g * np.exp(excess(a, y)),
    lambda g, b, y: g * np.exp(excess(b, y)),
)
binary(
    np.logaddexp2,
    lambda g, a, y: g * np.exp2(excess(a, y)),
    lambda g, b, y: g * np.exp2(excess(b, y)),
)


def length(a: Any, b: Any) -> Any:
    """hypot(a, b), and 1 at the origin, where what is divided by it is 0."""
    h = np.hypot(a, b)
    return np.where(h == 0, 1.0, h)


def excess(a: Any, y: Any) -> Any:
    """a - y; where a = y = inf it is 0, and where both are -inf there is nothing to share."""
    same = a == y
    return np.where(same, np.where(np.isneginf(y), -np.inf, 0.0), a - np.where(same, 0.0, y))


# A sign taken from b, a factor 2**b: b has jumps or is a whole number.
binary(np.copysign, lambda g, a, b: g * np.copysign(1.0, a) * np.copysign(1.0, b), None, NONZERO)
declare(
    np.heaviside,
    kind=ELEMENTWISE,
    domain=NONZERO,
    cases=("a=(n, m), b=(m,)", "a=np.zeros((n, 1)), b=(n, m)"),
    a=None,
    b=lambda g, a: np.where(a == 0, g, 0.0),
)
declare(
    np.ldexp,
    kind=ELEMENTWISE,
    a=lambda g, b: np.ldexp(g, b),
    cases=("a=(n, m), b=Integers(n, m)",),
)


@unary_primitive
def fraction(x: Any) -> Any:
    """The fractional part of x, with its sign."""
    return np.modf(x)[0]


unary(fraction, lambda g: g, Domain(avoid=(-2.0, -1.0, 0.0, 1.0, 2.0)))
compose(
    np.divmod,
    lambda a, b: (np.floor_divide(a, b), np.remainder(a, b)),
    operands=("a", "b"),
    domain=Domain(0.6, 0.9, ties=True),
)
compose(
    np.modf,
    lambda x: (fraction(x), np.trunc(x)),
    operands=("x",),
    domain=Domain(avoid=(-2.0, -1.0, 0.0, 1.0, 2.0)),
)
