"""Derivatives of remainders, and of the parts of a floating-point number.

Conventions: where a remainder, a fraction or a mantissa jumps, it has the slope that it has above
the jump; the number of times that one operand goes into the other is constant.
"""

from typing import Any

import numpy as np

from ..core.errors import NotDifferentiableError, format_call, message
from ..core.operation import Domain
from ..core.trace import HANDLERS, compose, unary_primitive, without_gradient
from .elementwise import binary, unary

BELOW_ONE = Domain(0.6, 0.9, ties=True)
BETWEEN_WHOLE = Domain(avoid=(-2.0, -1.0, 0.0, 1.0, 2.0))

binary(np.remainder, lambda g: g, lambda g, a, b: -g * np.floor_divide(a, b), BELOW_ONE)
binary(np.fmod, lambda g: g, lambda g, a, b, y: -g * np.rint((a - y) / b), BELOW_ONE)
compose(
    np.divmod,
    lambda a, b: (np.floor_divide(a, b), np.remainder(a, b)),
    operands=("a", "b"),
    domain=BELOW_ONE,
)


@unary_primitive
def fraction(x: Any) -> Any:
    """The fractional part of x, with its sign."""
    return np.modf(x)[0]


@unary_primitive
def mantissa(x: Any) -> Any:
    """x / 2^e, in [0.5, 1), with e its exponent."""
    return np.frexp(x)[0]


def exponent(x: Any) -> Any:
    """The exponent e of x, a plain array of whole numbers."""
    return without_gradient(np.frexp, (x,), {})[1]


unary(fraction, lambda g: g, BETWEEN_WHOLE)
unary(mantissa, lambda g, x: np.ldexp(g, -exponent(x)), Domain(4.0, 8.0))
compose(np.modf, lambda x: (fraction(x), np.trunc(x)), operands=("x",), domain=BETWEEN_WHOLE)
compose(np.frexp, lambda x: (mantissa(x), exponent(x)), operands=("x",), domain=Domain(4.0, 8.0))


def between_floats(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Refuse a question about neighbouring floating-point numbers."""
    name = f"np.{function.__name__}"
    raise NotDifferentiableError(
        message(
            f"{name} has no derivative: it is about the gaps between floating-point numbers",
            call=format_call(function, args, kwargs),
            remedy="ask it of plain arrays: t.data",
        )
    )


HANDLERS[np.spacing] = HANDLERS[np.nextafter] = between_floats
