"""Products with logarithms, entropies and divergences.

Conventions: where the first operand of `xlogy` or `xlog1py` is 0 and the logarithm infinite or not
defined, both slopes are 0 (as in PyTorch). `entr` and `rel_entr` have infinite slopes where their
first operand is 0; at (0, 0) `rel_entr` has none at all and `kl_div` only that of its second.
"""

from typing import Any

import numpy as np

from ...core.operation import ELEMENTWISE, POSITIVE, Domain, declare
from ...core.structural_zeros.selected import select
from ...core.trace import primitive
from .functions import INSIDE, binary, unary


def product_slope(g: Any, a: Any, b: Any, low: float, logarithm: Any) -> Any:
    """The gradient of a logarithm(b) in a, nothing where a is 0 and b beyond the domain."""
    nothing = (a == 0) & (b <= low)
    return select(g * logarithm(np.where(nothing, INSIDE, b)), np.logical_not(nothing))


def quotient(a: Any, b: Any) -> Any:
    """a / b, and 0 where both are 0."""
    return a / (b + both_0(a, b))


def both_0(a: Any, b: Any) -> Any:
    """Where a = b = 0, as an array of booleans, which count as 1 in sums."""
    return (a == 0) & (b == 0)


@primitive
def log_ratio(a: Any, b: Any) -> Any:
    """log(a / b) of positive numbers, without overflow, exact to the last bits where a is about b.

    >>> log_ratio(np.array([1e200, 1.0 + 2**-40]), np.array([1e-200, 1.0]))
    array([9.21034037e+02, 9.09494702e-13])
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        apart = np.log(a) - np.log(b)
        near = np.abs(a - b) < 0.5 * b
        return np.where(near, np.log1p(np.where(near, (a - b) / b, 0.0)), apart)


declare(
    log_ratio,
    kind=ELEMENTWISE,
    domain=POSITIVE,
    a=lambda g, a: g / a,
    b=lambda g, b: -g / b,
)

binary(
    "xlogy",
    lambda g, a, b: product_slope(g, a, b, 0.0, np.log),
    lambda g, a, b: g * quotient(a, b),
    POSITIVE,
)
binary(
    "xlog1py",
    lambda g, a, b: product_slope(g, a, b, -1.0, np.log1p),
    lambda g, a, b: g * quotient(a, 1.0 + b),
    Domain(low=-1.0),
)
unary("entr", lambda g, x: g * (-1.0 - np.log(x)), POSITIVE)
binary(
    "rel_entr",
    lambda g, a, b: select(g * (1.0 + log_ratio(a, b)), np.logical_not(both_0(a, b))),
    lambda g, a, b: -g * quotient(a, b),
    POSITIVE,
)
binary(
    "kl_div",
    lambda g, a, b: select(g * log_ratio(a, b), np.logical_not(both_0(a, b))),
    lambda g, a, b: g * ((b - a + both_0(a, b)) / (b + both_0(a, b))),
    POSITIVE,
)
