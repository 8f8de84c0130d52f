"""Derivatives of products, quotients and powers of the series of `np.polynomial`.

Every result has here the length that it has in general; what NumPy trims is zero. The transposed
product and the transposed division, in which the gradients are written, have rules in terms of
each other, so that they can be differentiated as often as one likes.
"""

from typing import Any

import numpy as np

from ..core.operation import LINEAR, MULTILINEAR, POSITIVE, declare
from ..core.trace import primitive, unary_primitive
from .series import PREFIXES, numpys

FAMILIES = tuple(PREFIXES)


def lengthened(c: Any, size: int) -> Any:
    """Coefficients with zeros at the end.

    >>> lengthened(np.array([1.0]), 3).tolist()
    [1.0, 0.0, 0.0]
    """
    return np.concatenate([c, np.zeros(size - c.shape[0], c.dtype)])


@primitive
def product(a: Any, b: Any, family: str) -> Any:
    """The product of two series: chebmul etc."""
    return lengthened(numpys(family, "mul")(a, b), len(a) + len(b) - 1)


@primitive
def transposed_product(u: Any, b: Any, size: int, family: str) -> Any:
    """The gradient of a factor of `size` coefficients, where the other is `b`."""
    if family == "polynomial":
        return np.convolve(u, b[::-1], "valid")
    table = np.stack([product(unit, b, family) for unit in np.eye(size, dtype=np.asarray(u).dtype)])
    return np.dot(table, u)


declare(
    product,
    kind=MULTILINEAR,
    cases=tuple(f"a=(3,), b=({n},), family={name!r}" for n, name in enumerate(FAMILIES, 1)),
    a=lambda g, b, a_shape, family: transposed_product(g, b, a_shape[0], family),
    b=lambda g, a, b_shape, family: transposed_product(g, a, b_shape[0], family),
)
declare(
    transposed_product,
    kind=MULTILINEAR,
    cases=tuple(f"u=(4,), b=(3,), size=2, family={name!r}" for name in FAMILIES),
    u=lambda g, b, family: product(g, b, family),
    b=lambda g, u, b_shape, family: transposed_product(u, g, b_shape[0], family),
)


@primitive
def division(a: Any, b: Any, family: str) -> Any:
    """Quotient and remainder in one: chebdiv etc., of `b` that is neither longer nor a number."""
    quotient, remainder = numpys(family, "div")(a, b)
    size = len(b) - 1
    return np.concatenate([lengthened(quotient, len(a) - size), lengthened(remainder[:size], size)])


@primitive
def transposed_division(u: Any, b: Any, size: int, family: str) -> Any:
    """The gradient of a dividend of `size` coefficients, where the divisor is `b`."""
    units = np.eye(size, dtype=np.result_type(np.asarray(u), np.asarray(b)))
    return np.dot(np.stack([division(unit, b, family) for unit in units]), u)


def quotient_of(division: Any, b_shape: tuple[int, ...]) -> Any:
    """The first part of a division's result."""
    return division[: division.shape[0] - b_shape[0] + 1]


def division_b(g: Any, y: Any, a_shape: Any, b: Any, family: str) -> Any:
    """As if the dividend were less by the quotient times the change of the divisor."""
    ga = transposed_division(g, b, a_shape[0], family)
    return -transposed_product(ga, quotient_of(y, b.shape), b.shape[0], family)


def transposed_division_b(g: Any, y: Any, b: Any, family: str) -> Any:
    """The same, of the division of the incoming gradient."""
    quotient = quotient_of(division(g, b, family), b.shape)
    return -transposed_product(y, quotient, b.shape[0], family)


declare(
    division,
    domain=POSITIVE,
    cases=tuple(f"a=(4,), b=({2 + n % 2},), family={name!r}" for n, name in enumerate(FAMILIES)),
    a=lambda g, b, a_shape, family: transposed_division(g, b, a_shape[0], family),
    b=division_b,
)
declare(
    transposed_division,
    domain=POSITIVE,
    cases=tuple(f"u=(4,), b=(3,), size=4, family={name!r}" for name in FAMILIES),
    u=lambda g, b, family: division(g, b, family),
    b=transposed_division_b,
)


@unary_primitive
def power(c: Any, exponent: int, family: str, maxpower: int | None = None) -> Any:
    """A whole power of a series: chebpow etc."""
    result = numpys(family, "pow")(c, exponent, maxpower)
    return lengthened(result, int(exponent) * (c.shape[0] - 1) + 1)


def power_rule(g: Any, c: Any, exponent: int, family: str) -> Any:
    """The number of factors times the product of all others."""
    if exponent == 0:
        return np.zeros_like(c)
    others = power(c, exponent - 1, family)
    return exponent * transposed_product(g, others, c.shape[0], family)


@unary_primitive
def converted(c: Any, family: str, name: str) -> Any:
    """The coefficients of `x` times the series (`mulx`), or in another basis (`poly2`, `2poly`)."""
    return lengthened(numpys(family, name)(c), c.shape[0] + (name == "mulx"))


def converted_rule(g: Any, c_shape: tuple[int, ...], family: str, name: str) -> Any:
    """The transposed matrix, found column by column."""
    return np.dot(np.stack([converted(unit, family, name) for unit in np.eye(c_shape[0])]), g)


declare(
    power,
    cases=tuple(f"c=(3,), exponent={n % 4}, family={name!r}" for n, name in enumerate(FAMILIES)),
    c=power_rule,
)
CONVERSIONS = tuple(
    f"c=(4,), family={family!r}, name={name!r}"
    for family in FAMILIES
    for name in ("mulx", "2poly", "poly2")
    if family != "polynomial" or name == "mulx"
)
declare(converted, kind=LINEAR, cases=CONVERSIONS, c=converted_rule)
