"""Derivatives of NumPy's elementwise functions: arithmetic, exponentials, logarithms, roots, signs.

The engine sums over broadcast axes. Conventions: the slope of `abs` at 0 is 0 (as in PyTorch);
that of a root or a logarithm at the end of its domain is infinite.
"""

from typing import Any

import numpy as np

from ..core.formulas import Formula
from ..core.operation import (
    ELEMENTWISE,
    NONZERO,
    POSITIVE,
    REAL,
    Domain,
    declare,
)

ABOVE_MINUS_ONE = Domain(low=-1.0)
LN2, LN10, DEGREE = float(np.log(2.0)), float(np.log(10.0)), float(np.pi / 180)


def unary(function: Any, x: Formula, domain: Domain = REAL) -> None:
    """Declare an elementwise function of one operand."""
    declare(function, kind=ELEMENTWISE, domain=domain, x=x)


def binary(function: Any, a: Formula | None, b: Formula | None, domain: Domain = REAL) -> None:
    """Declare an elementwise function of two operands."""
    declare(function, kind=ELEMENTWISE, domain=domain, a=a, b=b)


# Arithmetic. The slope of a / b is formed before it meets g, which cannot make it overflow.
binary(np.add, lambda g: g, lambda g: g)
binary(np.subtract, lambda g: g, lambda g: -g)
binary(np.multiply, lambda g, b: g * b, lambda g, a: g * a)
binary(np.true_divide, lambda g, b: g / b, lambda g, b, y: -g * (y / b), NONZERO)
unary(np.square, lambda g, x: g * (x + x))
unary(np.reciprocal, lambda g, y: -g * y * y, NONZERO)

# Exponentials, logarithms, roots. exp(x) has digits that expm1(x) + 1 has lost far below 0;
# x * LN2 would lose those of a subnormal x.
unary(np.exp, lambda g, y: g * y)
unary(np.exp2, lambda g, y: g * y * LN2)
unary(np.expm1, lambda g, x: g * np.exp(x))
unary(np.log, lambda g, x: g / x, POSITIVE)
unary(np.log2, lambda g, x: g / LN2 / x, POSITIVE)
unary(np.log10, lambda g, x: g / LN10 / x, POSITIVE)
unary(np.log1p, lambda g, x: g / (1.0 + x), ABOVE_MINUS_ONE)
unary(np.cbrt, lambda g, y: g / (3.0 * y * y), NONZERO)

# Signs
unary(np.negative, lambda g: -g)
unary(np.positive, lambda g: g)
declare(
    np.absolute,
    kind=ELEMENTWISE,
    domain=NONZERO,
    complex_operands=True,
    cases=("x=(n, m)", "complex: x=(n, m)"),
    x=lambda g, x: g * np.sign(x),  # of complex numbers x / |x|, 0 at 0
)
unary(np.fabs, lambda g, x: g * np.sign(x), NONZERO)

# Units of angles
unary(np.deg2rad, lambda g: g * DEGREE)
unary(np.radians, lambda g: g * DEGREE)
unary(np.rad2deg, lambda g: g / DEGREE)
unary(np.degrees, lambda g: g / DEGREE)
