"""Derivatives of functions of two operands: the larger, the length, the angle, a sign, a step.

Conventions: where `maximum` or `minimum` has equal operands each gets half the gradient, and both
get all of it where one is NaN; `fmax` and `fmin` give it to the first of equal operands, and to
the one that is not NaN (all as in PyTorch). An operand that is not chosen gets structurally
nothing. At (0, 0) all derivatives of `hypot` and `arctan2` count as 0.
"""

from typing import Any

import numpy as np

from ..core.operation import ELEMENTWISE, NONZERO, UNTIED, declare
from ..core.structural_zeros import select
from .elementwise import binary


def larger_of(g: Any, a: Any, b: Any) -> Any:
    """The gradient of maximum(a, b) in a."""
    return select(np.where(a == b, 0.5 * g, g), np.logical_not(a < b))


def smaller_of(g: Any, a: Any, b: Any) -> Any:
    """The gradient of minimum(a, b) in a."""
    return select(np.where(a == b, 0.5 * g, g), np.logical_not(a > b))


binary(np.maximum, larger_of, lambda g, a, b: larger_of(g, b, a), UNTIED)
binary(np.minimum, smaller_of, lambda g, a, b: smaller_of(g, b, a), UNTIED)
binary(
    np.fmax,
    lambda g, a, b: select(g, (a >= b) | np.isnan(b)),
    lambda g, a, b: select(g, np.logical_not((a >= b) | np.isnan(b))),
    UNTIED,
)
binary(
    np.fmin,
    lambda g, a, b: select(g, (a <= b) | np.isnan(b)),
    lambda g, a, b: select(g, np.logical_not((a <= b) | np.isnan(b))),
    UNTIED,
)


def enlarged(a: Any, b: Any) -> tuple[Any, Any, Any]:
    """a, b and a power of two: the pair times that, which is 1 unless both are subnormal."""
    limits = np.finfo(a.dtype if hasattr(a, "dtype") else b.dtype)
    subnormal = np.maximum(np.abs(a), np.abs(b)) < limits.smallest_normal
    factor = np.where(subnormal, 1.0 / limits.eps, 1.0).astype(limits.dtype)
    return a * factor, b * factor, factor


def share(a: Any, b: Any) -> Any:
    """a / hypot(a, b), exact to the last bits for the smallest and largest numbers; 0 at (0, 0).

    >>> share(np.array([3e-323, 0.0, 3e200]), np.array([4e-323, 0.0, 4e200])).tolist()
    [0.6, 0.0, 0.6]
    """
    a, b, _ = enlarged(a, b)
    length = np.hypot(a, b)
    return np.where(length == 0, 0.0, a / np.where(length == 0, 1.0, length))


def turn(a: Any, b: Any) -> Any:
    """b / (a**2 + b**2), the slope of arctan2(a, b) in a; 0 at (0, 0)."""
    a, b, factor = enlarged(a, b)
    length = np.hypot(a, b)
    origin = length == 0
    length = np.where(origin, 1.0, length)
    return np.where(origin, 0.0, b / length / length * factor)


binary(np.hypot, lambda g, a, b: g * share(a, b), lambda g, a, b: g * share(b, a), NONZERO)
binary(np.arctan2, lambda g, a, b: g * turn(a, b), lambda g, a, b: -g * turn(b, a), NONZERO)


def excess(a: Any, y: Any) -> Any:
    """a - y; where a = y = inf it is 0, and where both are -inf there is nothing to share."""
    same = a == y
    return np.where(same, np.where(np.isneginf(y), -np.inf, 0.0), a - np.where(same, 0.0, y))


def part_of_sum(a: Any, b: Any, y: Any, exp: Any) -> Any:
    """exp(a) / (exp(a) + exp(b)): halves where both are inf, nothing where both are -inf."""
    return np.where((a == b) & np.isposinf(y), 0.5, exp(excess(a, y)))


binary(
    np.logaddexp,
    lambda g, a, b, y: g * part_of_sum(a, b, y, np.exp),
    lambda g, a, b, y: g * part_of_sum(b, a, y, np.exp),
)
binary(
    np.logaddexp2,
    lambda g, a, b, y: g * part_of_sum(a, b, y, np.exp2),
    lambda g, a, b, y: g * part_of_sum(b, a, y, np.exp2),
)

# A sign taken from b, a factor 2**b: b has jumps or is a whole number.
binary(np.copysign, lambda g, a, b: g * np.sign(a) * np.copysign(1.0, b), None, NONZERO)
declare(
    np.ldexp,
    kind=ELEMENTWISE,
    cases=("a=(n, m), b=Integers(n, m)",),
    a=lambda g, b: np.ldexp(g, b),
)
declare(
    np.heaviside,
    kind=ELEMENTWISE,
    domain=NONZERO,
    cases=("a=(n, m), b=(m,)", "a=np.zeros((n, 1)), b=(n, m)"),
    a=None,
    b=lambda g, a: select(g, a == 0),
)
