"""Exponentials, exponential integrals, and SciPy's own versions of NumPy's elementary functions."""

from typing import Any

import numpy as np

from ...core.operation import ELEMENTWISE, NONZERO, POSITIVE, Domain, declare
from ...core.primitives import as_float
from ...core.trace import unary_primitive
from .functions import sp, unary, with_order

LN2, LN10, DEGREE = float(np.log(2.0)), float(np.log(10.0)), float(np.pi / 180)

unary("cbrt", lambda g, y: g / (3.0 * y * y), NONZERO)
unary("exp2", lambda g, y: g * (LN2 * y))
unary("exp10", lambda g, y: g * (LN10 * y))
unary("expm1", lambda g, x: g * np.exp(x))
unary("log1p", lambda g, x: g / (1.0 + x), Domain(low=-1.0))
unary("cosm1", lambda g, x: -g * np.sin(x))
unary("sindg", lambda g, x: g * (DEGREE * sp.cosdg(x)))
unary("cosdg", lambda g, x: g * (-DEGREE * sp.sindg(x)))
unary("tandg", lambda g, y: g * (DEGREE * (1.0 + y * y)))
unary("cotdg", lambda g, y: g * (-DEGREE * (1.0 + y * y)), NONZERO)


@unary_primitive
def weighted_exponential(x: Any, n: int) -> Any:
    """The integral of t^n exp(x t) over t from 0 to 1: of n = 0 it is `exprel`.

    >>> weighted_exponential(np.array([0.0, 1.0]), 1)
    array([0.5, 1. ])
    """
    return sp.hyp1f1(n + 1.0, n + 2.0, as_float(x)) / (n + 1.0)


declare(
    weighted_exponential,
    kind=ELEMENTWISE,
    cases=("x=(n, m), n=0", "x=(n, m), n=2"),
    x=lambda g, x, n: g * weighted_exponential(x, n + 1),
)
unary("exprel", lambda g, x: g * weighted_exponential(x, 1))

unary("exp1", lambda g, x: g * (-np.exp(-x) / x), POSITIVE)
unary("expi", lambda g, x: g * (np.exp(x) / x), NONZERO)
with_order(
    "expn",
    lambda g, n, x: g * expn_slope(n, x),
    POSITIVE,
    ("n=0, x=(n,)", "n=1, x=(n,)", "n=3, x=(n, m)"),
)


def expn_slope(n: Any, x: Any) -> Any:
    """d expn / dx = -expn(n - 1, x), where expn(-1, x) is (1 + x) exp(-x) / x^2."""
    below = (1.0 + x) * np.exp(-x) / (x * x)
    return -np.where(np.less(n, 1), below, sp.expn(np.subtract(n, 1), x))
