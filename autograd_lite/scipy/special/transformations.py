"""The transformations of Box and Cox and their inverses, the losses of Huber, the dilogarithm.

Convention: at r = delta both forms of `huber` agree, also in their slopes.
"""

from typing import Any

import numpy as np

from ...core.operation import ELEMENTWISE, POSITIVE, Domain, declare
from ...core.primitives import as_float
from ...core.structural_zeros.selected import select
from ...core.trace import unary_primitive
from .exponentials import weighted_exponential
from .functions import INSIDE, binary, sp, unary


def power_slope(logarithm: Any, power: Any) -> Any:
    """The derivative of (x^power - 1) / power in the power, given log(x)."""
    at_0 = logarithm == -np.inf
    divisor = np.where(at_0, power, INSIDE)
    inside = logarithm * logarithm * weighted_exponential(power * logarithm, 1)
    return np.where(at_0, 1.0 / (divisor * divisor), inside)


binary(
    "boxcox",
    lambda g, a, b: g * np.exp((b - 1.0) * np.log(a)),
    lambda g, a, b: g * power_slope(np.log(a), b),
    POSITIVE,
)
binary(
    "boxcox1p",
    lambda g, a, b: g * np.exp((b - 1.0) * np.log1p(a)),
    lambda g, a, b: g * power_slope(np.log1p(a), b),
    Domain(low=-1.0),
)
binary(
    "inv_boxcox",
    lambda g, b, y: g * np.exp((1.0 - b) * np.log(y)),
    lambda g, b, y: -g * (np.exp((1.0 - b) * np.log(y)) * power_slope(np.log(y), b)),
    POSITIVE,
)
binary(
    "inv_boxcox1p",
    lambda g, b, y: g * np.exp((1.0 - b) * np.log1p(y)),
    lambda g, b, y: -g * (np.exp((1.0 - b) * np.log1p(y)) * power_slope(np.log1p(y), b)),
    POSITIVE,
)

# The first operand is delta, the second the residual.


def steepness(a: Any, b: Any) -> Any:
    """sqrt(1 + (b / a)^2), the slope of which pseudo_huber is made."""
    return np.hypot(1.0, b / a)


def excess(a: Any, b: Any) -> Any:
    """steepness - 1, without cancellation where b is small."""
    ratio = b / a
    return ratio * ratio / (steepness(a, b) + 1.0)


binary(
    "huber",
    lambda g, a, b: select(g * (np.abs(b) - a), np.abs(b) > a),
    lambda g, a, b: g * np.where(np.abs(b) > a, np.copysign(a, b), b),
    POSITIVE,
    cases=("a=(n, 1), b=(m,)",),
)
binary(
    "pseudo_huber",
    lambda g, a, b, y: g * (y / a * excess(a, b) / steepness(a, b)),
    lambda g, a, b: g * (b / steepness(a, b)),
    POSITIVE,
)


@unary_primitive
def logarithmic_mean(w: Any, n: int) -> Any:
    """The integral of t^n / (1 + t w)^(n + 1) over t from 0 to 1: of n = 0 it is log(1 + w) / w.

    >>> logarithmic_mean(np.array([0.0, 1.0]), 0)
    array([1.        , 0.69314718])
    """
    return sp.hyp2f1(n + 1.0, n + 1.0, n + 2.0, -as_float(w)) / (n + 1.0)


declare(
    logarithmic_mean,
    kind=ELEMENTWISE,
    domain=Domain(low=-1.0),
    cases=("w=(n, m), n=0", "w=(n, m), n=2"),
    w=lambda g, w, n: -(n + 1.0) * g * logarithmic_mean(w, n + 1),
)
unary("spence", lambda g, x: -g * logarithmic_mean(x - 1.0, 0), POSITIVE, complex_operands=False)
