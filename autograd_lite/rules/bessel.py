"""The modified Bessel function np.i0 and its derivatives, of every order.

With f_n(x) = I_n(x) / x^n, which is even and smooth, f_n'(x) = x f_(n+1)(x) (DLMF 10.29.4): each
derivative is one of the same family. f_n is summed from the power series (10.25.2), whose terms are
all positive, up to |x| = 20, and from Hankel's expansion (10.40.1) beyond, whose terms fall below
1e-17 there. The relative error is below 1e-15 for n up to 5.
"""

from typing import Any

import numpy as np

from ..core.operation import ELEMENTWISE, declare
from ..core.primitives import as_float
from ..core.trace import unary_primitive

FAR, POWERS, TERMS = 20.0, 52, 36


@unary_primitive
def scaled_bessel(x: Any, n: int) -> Any:
    """I_n(x) / x^n, elementwise, for a whole number n >= 0; shape and dtype are those of x.

    >>> scaled_bessel(np.array([0.0, 1.0]), 1)
    array([0.5      , 0.5651591])
    """
    x = as_float(x)
    wide = np.abs(x).astype(np.float64)
    far = wide > FAR
    y = np.where(far, far_from_0(np.where(far, wide, FAR), n), near_0(np.minimum(wide, FAR), n))
    return y.astype(x.dtype)[()]


def near_0(x: Any, n: int) -> Any:
    """The power series in (x / 2)^2."""
    square, total = 0.25 * x * x, 0.0 * x
    for k in range(POWERS, 0, -1):
        total = (total + 1.0) * square / (k * (k + n))
    first = 1.0
    for k in range(1, n + 1):
        first /= 2.0 * k
    return first * (total + 1.0)


def far_from_0(x: Any, n: int) -> Any:
    """e^x / sqrt(2 pi x) times a series in 1 / x; half the exponent at a time overflows later."""
    total = 0.0 * x
    for k in range(TERMS, 0, -1):
        total = (total + 1.0) * (((2 * k - 1) ** 2 - 4 * n * n) / (8 * k)) / x
    half = np.exp(0.5 * x)
    return half * ((total + 1.0) / np.sqrt(2.0 * np.pi * x) / x**n) * half


declare(
    scaled_bessel,
    kind=ELEMENTWISE,
    cases=("x=(n, m), n=0", "x=(n, m), n=2"),
    x=lambda g, x, n: g * (x * scaled_bessel(x, n + 1)),
)
declare(np.i0, kind=ELEMENTWISE, x=lambda g, x: g * (x * scaled_bessel(x, 1)))
