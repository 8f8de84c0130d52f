"""Derivatives of powers and of the square root.

Conventions, as in PyTorch: x**0 is constant, also at 0, infinity and NaN, and 0**b has slope 0 in
b from b = 0 on. The slope in b of a negative number's power is NaN: beside a whole b it is none.

The square root and powers below 1 have an infinite slope at 0, their least value. What is 0 times
that slope is 0 behind it, since it is at a minimum: sqrt(sum(x**2)) at 0 has gradient 0, as norms
have, while sqrt(x) has inf (see `core.structural_zeros.selected.steep`).
"""

from typing import Any

import numpy as np

from ..core.operation import ELEMENTWISE, POSITIVE, declare
from ..core.structural_zeros.selected import steep
from ..core.trace import peel_all
from .elementwise import unary


def has_zeros(a: Any) -> bool:
    """Whether an entry is 0: a question about numbers, whatever is being differentiated."""
    a = peel_all(a)
    return bool(np.count_nonzero(a) != np.size(a))


def sqrt_rule(g: Any, y: Any) -> Any:
    """g / (2 y), steep where y is 0."""
    if y.dtype.kind == "c" or not has_zeros(y):
        return 0.5 * g / y
    zero = y == 0
    return steep(0.5 * g / np.where(zero, 1.0, y), g, zero, y)


unary(np.sqrt, sqrt_rule, POSITIVE)


def power_slope(a: Any, b: Any) -> Any:
    """b a^(b-1), and 0 for b = 0 whatever a is.

    There its slope in b is 1 / a, unless a is so small that its product with log a overflows; and
    a is a constant for its slope in a, which is 0, where 1 / a^2 would overflow.
    """
    if b.__class__ is int or b.__class__ is float:
        return b * a ** (b - 1) if b else np.zeros(a.shape, a.dtype)
    small = 1024.0 * np.finfo(a.dtype).smallest_normal
    if has_zeros(b):
        a = np.where((b == 0) & (a * a < small), peel_all(a), a)
    constant = np.logical_not(np.abs(a) >= small) & (b == 0)
    return np.where(constant, 0.0, b * a ** (b - np.where(constant, 0.0, 1.0).astype(a.dtype)))


def base_rule(g: Any, a: Any, b: Any) -> Any:
    """b a^(b-1), steep where a is 0 and b between 0 and 1, the less the larger b is."""
    whole = b.__class__ is int or (b.__class__ is float and not 0 < b < 1)
    if whole or a.dtype.kind == "c" or not has_zeros(a):
        return g * power_slope(a, b)
    kink = np.logical_and(a == 0, np.logical_and(b > 0, b < 1))
    return steep(g * power_slope(np.where(kink, 1.0, a), b), g * (1.0 - b), kink, a)


def log_base(a: Any, b: Any, y: Any) -> Any:
    """log a where its product with y = a^b is the slope in b, and 0 where that is 0.

    Where y is complex, so is the logarithm of a negative a.
    """
    constant = (y == 0) | ((a == 0) & (b == 0))
    base = np.where(constant, 1.0, a)  # the logarithm of which is 0
    if np.iscomplexobj(y):
        base = base.astype(y.dtype)
    return np.log(base)


EXAMPLES = (
    "a=(n, m), b=(m,)",
    "a=(n, 1), b=(2, 1, m)",
    "a=(n, m), b=3",
    "a=(n, m), b=-0.5",
    "a=(n, m), b=0",
    "a=(n, m), b=np.array([0.0])",
    "a=2, b=(n, m)",
    "a=np.zeros(1), b=(n, m)",
)
for power in (np.power, np.float_power):
    declare(
        power,
        kind=ELEMENTWISE,
        domain=POSITIVE,
        cases=EXAMPLES,
        a=base_rule,
        b=lambda g, a, b, y: g * (y * log_base(a, b, y)),
    )
