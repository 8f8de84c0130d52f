"""The polygamma functions, and differences of two of their values without cancellation.

psi(a + b) - psi(a) is of size b / a: what two separate values would leave of it for small b or
large a is rounding. Both arguments are raised by the recurrence (DLMF 5.15.5) until the asymptotic
series (5.15.8) holds, term by term as differences of powers.
"""

from math import factorial
from typing import Any

import numpy as np

from ...core.operation import ELEMENTWISE, POSITIVE, declare
from ...core.primitives import as_float
from ...core.trace import primitive
from .functions import sp

BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510)
RAISED = 12

polygamma = primitive(sp.polygamma)


@primitive
def polygamma_increase(n: int, a: Any, b: Any) -> Any:
    """polygamma(n, a + b) - polygamma(n, a), for a whole number n.

    Exact to the last bits for positive a and a + b, a difference of two values elsewhere.

    >>> polygamma_increase(0, np.array([1.0, 1e8]), np.array([1.0, 1e-8]))
    array([1.e+00, 1.e-16])
    """
    dtype = np.result_type(a, b)
    a, b = as_float(a).astype(np.float64), as_float(b).astype(np.float64)
    exact = (a > 0) & (a + b > 0)
    with np.errstate(invalid="ignore"):  # infinite at poles
        plain = 0.0 if np.all(exact) else sp.polygamma(n, a + b) - sp.polygamma(n, a)
    increase = exact_increase(n, np.where(exact, a, 1.0), np.where(exact, b, 1.0))
    return np.where(exact, increase, plain).astype(dtype)[()]


def exact_increase(n: int, a: Any, b: Any) -> Any:
    """The increase for positive a and a + b."""
    sign = (-1.0) ** (n + 1)
    total = 0.0 * (a + b)
    for k in range(RAISED):
        total = total + power_increase(a + k, b, n + 1)
    total = total * factorial(n)
    a = a + RAISED
    first = -np.log1p(b / a) if n == 0 else factorial(n - 1) * power_increase(a, b, n)
    total = total + first + 0.5 * factorial(n) * power_increase(a, b, n + 1)
    for k, bernoulli in enumerate(BERNOULLI, 1):
        factor = bernoulli * factorial(2 * k + n - 1) / factorial(2 * k)
        total = total + factor * power_increase(a, b, 2 * k + n)
    return sign * total


def power_increase(a: Any, b: Any, m: int) -> Any:
    """(a + b)^-m - a^-m."""
    return np.expm1(-m * np.log1p(b / a)) / a**m


declare(
    polygamma,
    kind=ELEMENTWISE,
    domain=POSITIVE,
    cases=("n=1, x=(n, m)", "n=np.array([[2], [3]]), x=(2, m)"),
    complex_operands=False,
    x=lambda g, n, x: g * polygamma(np.add(n, 1), x),
)
declare(
    polygamma_increase,
    kind=ELEMENTWISE,
    domain=POSITIVE,
    cases=("n=0, a=(n, m), b=(n, m)", "n=1, a=(n, m), b=(m,)"),
    a=lambda g, n, a, b: g * polygamma_increase(n + 1, a, b),
    b=lambda g, n, a, b: g * polygamma(n + 1, a + b),
)
