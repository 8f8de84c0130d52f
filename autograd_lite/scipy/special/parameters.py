"""The incomplete gamma and beta functions, differentiated in their parameters.

There is no closed form. Under the integral each derivative puts a factor: a polynomial in the
logarithm of t, made of cumulants as moments are. The integrals run from the end of the range that
has less weight, by double exponential quadrature (Takahasi & Mori, Publ. RIMS 9, 1974) in the
logarithm of t, so that tails keep their digits. Before, a parameter is raised by 1, which takes a
term without an integral out (DLMF 8.8.1, 8.17.18): the rest is tame when the parameter is small.
"""

from collections.abc import Callable
from functools import cache
from math import comb
from typing import Any

import numpy as np

from ...core.trace import primitive
from .densities import (
    log_beta_weight,
    log_gamma_weight,
)
from .differences import polygamma, polygamma_increase
from .functions import sp

Cumulant = Callable[[int, int], Any]

STEP = 1 / 24
PLACES = np.arange(-3.75, 4.75, STEP)
NODES = np.exp(PLACES - np.exp(-PLACES))
WEIGHTS = STEP * NODES * (1.0 + np.exp(-PLACES))
CHUNK = 4096  # entries at a time, each with all nodes


def moment(i: int, j: int, cumulant: Cumulant) -> Any:
    """The moment of order (i, j) of a distribution, from its cumulants.

    d^(i + j) p / (da^i db^j) = p moment(i, j), if the cumulants are the derivatives of log(p).

    >>> moment(2, 0, lambda i, j: 10.0 * i)     # the mean 10, the variance 20
    120.0
    """
    if i == j == 0:
        return 1.0
    if i == 0:
        return moment(j, 0, lambda k, m: cumulant(m, k))
    return sum(
        comb(i - 1, k) * comb(j, m) * cumulant(k + 1, m) * moment(i - 1 - k, j - m, cumulant)
        for k in range(i)
        for m in range(j + 1)
    )


def gamma_cumulants(a: Any, logarithm: Any) -> Cumulant:
    """Derivatives in a of log(t^(a - 1) exp(-t) / gamma(a)), given log(t)."""
    return cache(lambda i, _: -polygamma(i - 1, a) + (logarithm if i == 1 else 0.0))


def beta_cumulants(a: Any, b: Any, first: Any, second: Any, raised: float = 0.0) -> Cumulant:
    """Derivatives in a and b of log(t^(a - 1) (1 - t)^(b - 1) gamma(a + b) / gamma(a) / gamma(b)).

    `first` and `second` are log(t) and log(1 - t); with `raised` it is gamma(a + raised).
    """

    @cache
    def cumulant(i: int, j: int) -> Any:
        if i and j:
            return polygamma(i + j - 1, a + b)
        if i:
            change = polygamma_increase(i - 1, a + raised, b - raised)
            return change + (first if i == 1 else 0.0)
        return polygamma_increase(j - 1, b, a) + (second if j == 1 else 0.0)

    return cumulant


def integrate(f: Callable[..., Any], scale: Any, *operands: Any) -> Any:
    """The integrals of f(v, *operands) over v > 0, for each entry of the operands.

    `scale` are lengths on which f falls off. All are vectors; f is given columns.
    """
    parts = [np.zeros(0)]
    for start in range(0, scale.size, CHUNK):
        chosen = slice(start, start + CHUNK), np.newaxis
        width = scale[chosen]
        values = f(width * NODES, *[operand[chosen] for operand in operands])
        parts.append(np.sum(values * (width * WEIGHTS), axis=1))
    return np.concatenate(parts)


def by_side(low: Any, inside: Any, below: Any, above: Any, *operands: Any) -> Any:
    """`below(*operands)` where `low` is true, `above` elsewhere; 0 where not `inside`."""
    result = np.zeros(np.shape(inside))
    for side, function in ((low, below), (np.logical_not(low), above)):
        chosen = inside & side
        if np.any(chosen):
            result[chosen] = function(*[np.broadcast_to(x, result.shape)[chosen] for x in operands])
    return result


# The incomplete gamma function


def lower_gamma(a: Any, x: Any, n: int) -> Any:
    """The n-th derivative in a of the integral of the density up to x = t exp(v)."""

    def f(v: Any, a: Any, x: Any) -> Any:
        factor = moment(n, 0, gamma_cumulants(a, np.log(x) - v))
        return np.exp(-a * v - x * np.expm1(-v)) * factor

    raised = a + 1.0
    width = 1.0 / (np.abs(raised - x) + np.sqrt(x))
    rest = np.exp(log_gamma_weight(raised, x)) * integrate(f, width, raised, x)
    weight = np.exp(log_gamma_weight(a, x)) / a
    return rest + weight * moment(n, 0, gamma_cumulants(raised, np.log(x)))


def upper_gamma(a: Any, x: Any, n: int) -> Any:
    """The same, by the integral from x = t exp(-v) on."""

    def f(v: Any, a: Any, x: Any) -> Any:
        factor = moment(n, 0, gamma_cumulants(a, np.log(x) + v))
        return np.exp(a * v - x * np.expm1(v)) * factor

    return -np.exp(log_gamma_weight(a, x)) * integrate(f, 1.0 / (np.abs(x - a) + np.sqrt(x)), a, x)


@primitive
def gamma_slope(a: Any, x: Any, n: int) -> Any:
    """The n-th derivative of gammainc(a, x) in a, for n >= 1.

    >>> gamma_slope(np.array([1.0, 2.0]), np.array([2.0, 0.0]), 1)
    array([-0.22082543,  0.        ])
    """
    dtype = np.result_type(a, x)
    a, x = np.asarray(a, np.float64), np.asarray(x, np.float64)
    inside = (a > 0) & (x > 0) & (x < np.inf) & (a < np.inf)
    low = x < np.exp(sp.psi(np.where(inside, a, 1.0) + 1.0))
    with np.errstate(over="ignore", under="ignore"):
        slope = by_side(
            low, inside, lambda a, x: lower_gamma(a, x, n), lambda a, x: upper_gamma(a, x, n), a, x
        )
    slope = np.where(inside | ((a > 0) & ((x == 0) | (x == np.inf))), slope, np.nan)
    return slope.astype(dtype)[()]


# The incomplete beta function


def lower_beta(a: Any, b: Any, x: Any, rest: Any, i: int, j: int) -> Any:
    """The derivative of order i in a, j in b, of the integral of the density up to x = t exp(v)."""

    def f(v: Any, a: Any, b: Any, x: Any, rest: Any) -> Any:
        growth = np.log1p(-x * np.expm1(-v) / rest)
        cumulants = beta_cumulants(a, b, np.log(x) - v, np.log(rest) + growth)
        return np.exp(-a * v + (b - 1.0) * growth) * moment(i, j, cumulants)

    raised, odds = a + 1.0, x / rest
    fall = np.maximum(b - 1.0, 0.0) * odds
    width = 1.0 / (np.abs(raised - fall) + np.sqrt(fall * (1.0 + odds)))
    integral = integrate(f, width, raised, b, x, rest)
    cumulants = beta_cumulants(a, b, np.log(x), np.log(rest), raised=1.0)
    raised_weight = np.exp(log_beta_weight(raised, b, x, rest)) / rest
    weight = np.exp(log_beta_weight(a, b, x, rest)) / a
    return raised_weight * integral + weight * moment(i, j, cumulants)


@primitive
def beta_slope(a: Any, b: Any, x: Any, i: int, j: int) -> Any:
    """The derivative of betainc(a, b, x) of order i in a and j in b, for i + j >= 1.

    >>> beta_slope(2.0, 1.0, np.array([0.0, 0.5]), 1, 0)
    array([ 0.       , -0.1732868])
    """
    dtype = np.result_type(a, b, x)
    a, b, x = np.broadcast_arrays(*(np.asarray(each, np.float64) for each in (a, b, x)))
    positive = (a > 0) & (b > 0) & (a < np.inf) & (b < np.inf)
    inside = positive & (x > 0) & (x < 1)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        slope = by_side(
            x * (b + 0.5) < (1.0 - x) * (a + 0.5),
            inside,
            lambda a, b, x: lower_beta(a, b, x, 1.0 - x, i, j),
            lambda a, b, x: -lower_beta(b, a, 1.0 - x, x, j, i),
            a, b, x,
        )  # fmt: skip
    slope = np.where(inside | (positive & ((x == 0) | (x == 1))), slope, np.nan)
    return slope.astype(dtype)[()]
