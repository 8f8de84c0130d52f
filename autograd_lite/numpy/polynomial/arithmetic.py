"""Sums, products, quotients, powers and roots of series, on Tensors, for any family.

Zeros that NumPy trims at the end of its operands are kept here until the result is there, so that
they have a gradient.
"""

from typing import Any

import numpy as np

from ...core.operands import as_array
from ...rules.series import companion, numpys, series_roots
from ...rules.series_products import converted, division, power, product
from .polyutils import as_series, trimmed_length, trimseq


def add(family: str, c1: Any, c2: Any) -> Any:  # noqa: ARG001 - all functions have the family
    """polyadd etc."""
    a, b = as_series([c1, c2], trim=False)
    n = min(len(a), len(b))
    rest = a[n:] if len(a) > n else b[n:]
    return trimseq(np.concatenate([a[:n] + b[:n], rest]))


def sub(family: str, c1: Any, c2: Any) -> Any:
    """polysub etc."""
    a, b = as_series([c1, c2], trim=False)
    return add(family, a, -b)


def mul(family: str, c1: Any, c2: Any) -> Any:
    """polymul etc."""
    a, b = as_series([c1, c2], trim=False)
    return trimseq(product(a, b, family))


def mulx(family: str, c: Any) -> Any:
    """polymulx etc.: times x."""
    (c,) = as_series([c], trim=False)
    return trimseq(converted(c, family, "mulx"))


def poly2(family: str, pol: Any) -> Any:
    """poly2cheb etc.: from powers of x to the family."""
    (pol,) = as_series([pol], trim=False)
    return trimseq(converted(pol, family, "poly2"))


def to_poly(family: str, c: Any) -> Any:
    """cheb2poly etc.: from the family to powers of x."""
    (c,) = as_series([c], trim=False)
    return trimseq(converted(c, family, "2poly"))


def div(family: str, c1: Any, c2: Any) -> tuple[Any, Any]:
    """polydiv etc.: quotient and remainder."""
    a, b = as_series([c1, c2], trim=False)
    b, length = trimseq(b), trimmed_length(a)
    if not np.any(b[-1]):
        raise ZeroDivisionError
    if len(b) == 1:
        return a[:length] / b[-1], a[:1] * 0
    if len(a) < len(b):
        return a[:1] * 0, a[:length]
    parts, size = division(a, b, family), len(a) - len(b) + 1
    quotient = parts[:size].astype(a.dtype)  # NumPy computes with whole numbers, in float64
    return quotient[: max(length - len(b) + 1, 1)], trimseq(parts[size:])


def to_power(family: str, c: Any, pow: Any, maxpower: Any = np._NoValue) -> Any:
    """polypow etc., to a whole power."""
    if maxpower is np._NoValue:
        (maxpower,) = numpys(family, "pow").__defaults__
    (c,) = as_series([c], trim=False)
    result = power(c, pow, family, maxpower)
    if family in ("polynomial", "chebyshev"):  # these are not trimmed
        return result[: int(pow) * (trimmed_length(c) - 1) + 1]
    return trimseq(result)


def line(family: str, off: Any, scl: Any) -> Any:
    """polyline etc.: the series of off + scl x."""
    if not np.any(scl != 0):
        return np.stack([as_array(off)])
    parts = {"hermite": (off, scl / 2), "laguerre": (off + scl, -scl)}.get(family, (off, scl))
    return np.stack([as_array(part) for part in parts])


def fromroots(family: str, roots: Any) -> Any:
    """polyfromroots etc.: halves are multiplied, as NumPy does it."""
    if len(roots) == 0:
        return np.ones(1)
    (roots,) = as_series([roots], trim=False)
    factors = [line(family, -root, 1) for root in np.sort(roots)]
    while len(factors) > 1:
        half, odd = divmod(len(factors), 2)
        pairs = [mul(family, factors[n], factors[n + half]) for n in range(half)]
        if odd:
            pairs[0] = mul(family, pairs[0], factors[-1])
        factors = pairs
    return factors[0]


def roots(family: str, c: Any) -> Any:
    """polyroots etc.; those of a constant are none, a plain array."""
    (c,) = as_series([c], trim=False)
    return np.zeros(0, c.dtype) if trimmed_length(c) < 2 else series_roots(c, family)


def companion_matrix(family: str, c: Any) -> Any:
    """polycompanion etc."""
    (c,) = as_series([c])
    return companion(c, family)
