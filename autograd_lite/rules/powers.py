"""Derivatives of powers.

Conventions, as in PyTorch: x**0 is constant, also at 0, infinity and NaN, and 0**b has slope 0 in
b from b = 0 on. The slope in b of a negative number's power is NaN: beside a whole b it is none.
"""

from typing import Any

import numpy as np

from ..core.operation import POSITIVE
from .elementwise import binary


def power_slope(a: Any, b: Any) -> Any:
    """b a^(b-1), and 0 for b = 0 whatever a is; there its slope in b is 1 / a if that is finite."""
    if b.__class__ is int or b.__class__ is float:
        return b * a ** (b - 1) if b else np.zeros(a.shape, a.dtype)
    size = np.abs(a)
    ordinary = (size >= np.finfo(a.dtype).smallest_normal) & (size < np.inf)
    constant = np.logical_not(ordinary) & (b == 0)
    return np.where(constant, 0.0, b * a ** (b - np.where(constant, 0.0, 1.0).astype(a.dtype)))


def log_base(a: Any, b: Any, y: Any) -> Any:
    """log a where its product with y = a^b is the slope in b, and 0 where that is 0.

    Where y is complex, so is the logarithm of a negative a.
    """
    constant = (y == 0) | ((a == 0) & (b == 0))
    base = np.where(constant, 1.0, a)
    if np.iscomplexobj(y):
        base = base.astype(y.dtype)
    return np.where(constant, 0.0, np.log(base))


for power in (np.power, np.float_power):
    binary(
        power,
        lambda g, a, b: g * power_slope(a, b),
        lambda g, a, b, y: g * (y * log_base(a, b, y)),
        POSITIVE,
    )
