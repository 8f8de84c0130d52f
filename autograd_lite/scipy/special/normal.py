"""Error functions and the normal distribution, exact in both tails at every order.

Where a formula by products of the functions would cancel, their ratios come from a continued
fraction. Slopes are infinite at the ends of the domain of the inverse functions.
"""

from typing import Any

import numpy as np

from ...core.operation import ELEMENTWISE, Domain, declare
from ...core.primitives import as_float
from ...core.trace import unary_primitive
from .functions import sp, unary

ROOT_PI, ROOT_2 = float(np.sqrt(np.pi)), float(np.sqrt(2.0))
FAR = 40.0  # exp(-x^2 / 2) is 0 beyond, in every dtype
NEAR, TERMS = 1.5, 100


@unary_primitive
def bell(x: Any) -> Any:
    """exp(-x^2), elementwise, of real and complex numbers.

    >>> bell(np.array([0.0, 1.0, np.inf]))
    array([1.        , 0.36787944, 0.        ])
    """
    with np.errstate(over="ignore", under="ignore"):
        return np.exp(-x * x)


@unary_primitive
def tail_ratio(z: Any, n: int) -> Any:
    """i^n erfc(z) / i^(n-1) erfc(z), the ratio of two iterated integrals of erfc, n >= 1.

    From z = 1.5 on by a continued fraction, elsewhere by the recurrence (DLMF 7.18.7). The result
    has the shape and dtype of `z`.

    >>> tail_ratio(np.array([0.0, 1e8]), 1)
    array([5.64189584e-01, 5.00000000e-09])
    """
    wide = as_float(z).astype(np.float64)
    far, near = np.maximum(wide, NEAR), np.minimum(wide, NEAR)
    ratio = np.zeros_like(far)
    for k in range(TERMS, n - 1, -1):
        ratio = 1.0 / (2.0 * (far + (k + 1) * ratio))
    with np.errstate(under="ignore"):
        before = 1.0 / (ROOT_PI * sp.erfcx(near)) - near
    for k in range(2, n + 1):
        before = (0.5 / before - near) / k
    return np.where(wide > NEAR, ratio, before).astype(z.dtype)[()]


def tail_ratio_slope(z: Any, y: Any, n: int) -> Any:
    """d tail_ratio / dz: the first form cancels far right, the second far left."""
    right = 2.0 * y * (n * y - (n + 1) * tail_ratio(z, n + 1))
    return np.where(z > NEAR, right, 2.0 * y * (n * y + z) - 1.0)


@unary_primitive
def hazard(x: Any) -> Any:
    """phi(x) / Phi(x), the slope of log_ndtr (the inverse of Mills' ratio).

    >>> hazard(np.array([-1e8, 0.0, 50.0]))
    array([1.00000000e+08, 7.97884561e-01, 0.00000000e+00])
    """
    y = ROOT_2 / ROOT_PI / sp.erfcx(np.minimum(x, FAR) / -ROOT_2)
    return np.where(x < FAR, y, 0.0).astype(y.dtype)[()]


def hazard_slope(x: Any, y: Any) -> Any:
    """d hazard / dx = -y (x + y)."""
    return -ROOT_2 * y * tail_ratio(np.minimum(x, FAR) / -ROOT_2, 1)


declare(bell, kind=ELEMENTWISE, x=lambda g, x, y: -2.0 * g * (np.where(y == 0, y, x) * y))
declare(
    tail_ratio,
    kind=ELEMENTWISE,
    cases=("z=(n, m), n=1", "z=(n,), n=2"),
    z=lambda g, z, y, n: g * tail_ratio_slope(z, y, n),
)
declare(hazard, kind=ELEMENTWISE, complex_operands=False, x=lambda g, x, y: g * hazard_slope(x, y))

unary("erf", lambda g, x: g * (2.0 / ROOT_PI * bell(x)))
unary("erfc", lambda g, x: g * (-2.0 / ROOT_PI * bell(x)))
unary("erfi", lambda g, x: g * (2.0 / ROOT_PI * np.exp(x * x)))
unary("erfcx", lambda g, x, y: -2.0 * g * (y * tail_ratio(x, 1)), complex_operands=False)
unary("erfinv", lambda g, y: g * (0.5 * ROOT_PI * np.exp(y * y)), Domain(-1.0, 1.0))
unary("erfcinv", lambda g, y: g * (-0.5 * ROOT_PI * np.exp(y * y)), Domain(0.0, 2.0))

unary("ndtr", lambda g, x: g * (1.0 / ROOT_2 / ROOT_PI * bell(x / ROOT_2)))
unary("ndtri", lambda g, y: g * (ROOT_2 * ROOT_PI * np.exp(0.5 * y * y)), Domain(0.0, 1.0))
unary("log_ndtr", lambda g, x: g * hazard(x), complex_operands=False)
unary("ndtri_exp", lambda g, y: g / hazard(y), Domain(high=0.0))
