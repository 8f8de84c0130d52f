"""Derivatives of functions of two operands: the larger, the length, the angle, a sign, a step.

Conventions: where `maximum` or `minimum` has equal operands each gets half the gradient, and both
get all of it where one is NaN; `fmax` and `fmin` give it to the first of equal operands, and to
the one that is not NaN (all as in PyTorch). An operand that is not chosen gets structurally
nothing. At (0, 0) all derivatives of `hypot` and `arctan2` count as 0. `logaddexp` goes back by
halves where both operands are inf, and not at all where both are -inf.
"""

from typing import Any

import numpy as np

from ..core.operation import ELEMENTWISE, NONZERO, UNTIED, declare
from ..core.structural_zeros.selected import select
from ..core.trace import primitive, unary_primitive
from .elementwise import LN2, binary


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
    limits = np.finfo(np.result_type(a, b))
    subnormal = np.maximum(np.abs(a), np.abs(b)) < limits.smallest_normal
    factor = np.where(subnormal, 1.0 / limits.eps, 1.0).astype(limits.dtype)
    return a * factor, b * factor, factor


@primitive
def share(a: Any, b: Any) -> Any:
    """a / hypot(a, b), exact to the last bits for the smallest and largest numbers; 0 at (0, 0).

    >>> share(np.array([3e-323, 0.0, 3e200]), np.array([4e-323, 0.0, 4e200])).tolist()
    [0.6, 0.0, 0.6]
    """
    a, b, _ = enlarged(a, b)
    length = np.hypot(a, b)
    return np.where(length == 0, 0.0, a / np.where(length == 0, 1.0, length))


@primitive
def turn(a: Any, b: Any) -> Any:
    """b / (a**2 + b**2), the slope of arctan2(a, b) in a; 0 at (0, 0).

    >>> turn(np.array([3.0, 0.0, 3e-200]), np.array([4.0, 0.0, 4e-200]))
    array([1.6e-001, 0.0e+000, 1.6e+199])
    """
    a, b, factor = enlarged(a, b)
    length = np.hypot(a, b)
    origin = length == 0
    length = np.where(origin, 1.0, length)
    return np.where(origin, 0.0, b / length / length * factor)


binary(np.hypot, lambda g, a, b: g * share(a, b), lambda g, a, b: g * share(b, a), NONZERO)
binary(np.arctan2, lambda g, a, b: g * turn(a, b), lambda g, a, b: -g * turn(b, a), NONZERO)
binary(
    share,
    lambda g, a, b: g * (share(b, a) * turn(a, b)),
    lambda g, a, b: -g * (share(a, b) * turn(a, b)),
    NONZERO,
)
binary(
    turn,
    lambda g, a, b: -2.0 * g * (turn(a, b) * turn(b, a)),
    lambda g, a, b: g * ((turn(b, a) - turn(a, b)) * (turn(b, a) + turn(a, b))),
    NONZERO,
)


@unary_primitive
def weight(d: Any, exp: Any) -> Any:
    """1 / (1 + exp(-d)), both tails exact, as all derivatives are.

    >>> weight(np.array([-800.0, -40.0, 0.0]), np.exp)
    array([0.00000000e+00, 4.24835426e-18, 5.00000000e-01])
    """
    small = exp(-np.abs(d))
    return np.where(d < 0, small, 1.0) / (1.0 + small)


LOGARITHMS = {np.exp: 1.0, np.exp2: LN2}
declare(
    weight,
    kind=ELEMENTWISE,
    cases=("d=(n, m), exp=np.exp", "d=(n,), exp=np.exp2"),
    d=lambda g, d, exp: g * (LOGARITHMS[exp] * weight(d, exp) * weight(-d, exp)),
)


def lead(a: Any, b: Any) -> Any:
    """a - b, and 0 where both are inf, -inf where both are -inf.

    >>> lead(np.array([np.inf, -np.inf, 5.0]), np.array([np.inf, -np.inf, 2.0])).tolist()
    [0.0, -inf, 3.0]
    """
    same = (a == b) & np.isinf(b)
    return np.where(same & (a > 0), 0.0, a) - np.where(same, 0.0, b)


def logarithm_of_sum(function: Any, exp: Any) -> None:
    """Declare the logarithm of exp(a) + exp(b)."""
    binary(
        function,
        lambda g, a, b: g * weight(lead(a, b), exp),
        lambda g, a, b: g * weight(lead(b, a), exp),
    )


logarithm_of_sum(np.logaddexp, np.exp)
logarithm_of_sum(np.logaddexp2, np.exp2)

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
