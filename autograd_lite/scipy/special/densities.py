"""The densities of the gamma and beta distributions, whose integrals are the incomplete functions.

Computed from deviances and Stirling's errors (Loader, Fast and Accurate Computation of Binomial
Probabilities, 2000), so that large parameters cost no digits. In derivatives powers are
lowered, not divided by x, which makes them right at the ends as well.
"""

from typing import Any

import numpy as np

from ...core.operation import ELEMENTWISE, POSITIVE, Domain, declare
from ...core.trace import primitive
from .differences import polygamma_increase
from .functions import sp

LOG_ROOT_2PI = float(0.5 * np.log(2.0 * np.pi))
STIRLING = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400)
LARGE, TERMS = 12.0, 12


def stirling_error(a: Any) -> Any:
    """gammaln(a) - (a - 1/2) log(a) + a - log(2 pi) / 2, for positive a."""
    large = np.maximum(a, LARGE)
    series = 0.0 * large
    for coefficient in STIRLING[::-1]:
        series = series / (large * large) + coefficient
    small = np.minimum(a, LARGE)
    direct = sp.gammaln(small) - (small - 0.5) * np.log(small) + small - LOG_ROOT_2PI
    return np.where(a > LARGE, series / large, direct)


def deviance(a: Any, x: Any) -> Any:
    """x - a - a log(x / a), without cancellation where x is about a; inf at x = 0."""
    s = (x - a) / (x + a)
    near = np.abs(s) < 0.1
    z = np.where(near, s, 0.0)
    total = 0.0 * z
    for k in range(TERMS, 0, -1):
        total = (total + 1.0 / (2 * k + 1)) * z * z
    with np.errstate(divide="ignore"):
        far = x - a - a * np.log(x / a)
    return np.where(near, (x - a) * z - 2.0 * a * z * total, far)


def log_gamma_weight(a: Any, x: Any) -> Any:
    """The logarithm of x^a exp(-x) / gamma(a), for positive a."""
    return 0.5 * np.log(a) - LOG_ROOT_2PI - deviance(a, x) - stirling_error(a)


def log_beta_weight(a: Any, b: Any, x: Any, rest: Any) -> Any:
    """The logarithm of x^a rest^b / beta(a, b), where rest = 1 - x, for positive a and b."""
    n = a + b
    errors = stirling_error(n) - stirling_error(a) - stirling_error(b)
    apart = deviance(a, n * x) + deviance(b, n * rest)
    return 0.5 * np.log(a * (b / n)) - LOG_ROOT_2PI + errors - apart


@primitive
def gamma_density(a: Any, x: Any, i: int = 0) -> Any:
    """x^(a - 1 - i) exp(-x) / gamma(a), elementwise: of i = 0 the density.

    >>> gamma_density(np.array([1.0, 2.0, 1.0]), np.array([0.0, 0.0, 1.0]))
    array([1.        , 0.        , 0.36787944])
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
        inside = np.exp(log_gamma_weight(a, x) - (1 + i) * np.log(x))
        at_0 = limit(a - 1.0 - i, sp.rgamma(a))
        return np.where(x == 0, at_0, np.where(x == np.inf, 0.0, inside))[()]


@primitive
def beta_density(a: Any, b: Any, x: Any, i: int = 0, j: int = 0) -> Any:
    """x^(a - 1 - i) (1 - x)^(b - 1 - j) / beta(a, b), elementwise: of i = j = 0 the density.

    >>> beta_density(np.array([1.0, 2.0]), 3.0, np.array([0.0, 0.5]))
    array([3. , 1.5])
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
        rest, factor = 1.0 - x, 1.0 / sp.beta(a, b)
        powers = (1 + i) * np.log(x) + (1 + j) * np.log1p(-x)
        inside = np.exp(log_beta_weight(a, b, x, rest) - powers)
        at_0, at_1 = limit(a - 1.0 - i, factor), limit(b - 1.0 - j, factor)
        return np.where(x == 0, at_0, np.where(rest == 0, at_1, inside))[()]


def limit(power: Any, factor: Any) -> Any:
    """factor x^power at x = 0."""
    return np.where(power == 0, factor, np.where(power > 0, 0.0, np.inf))


def gamma_curve(a: Any, x: Any, y: Any, i: int) -> Any:
    """d gamma_density / dx."""
    return times(a - 1.0 - i, gamma_density(a, x, i + 1), x) - y


def beta_curve(a: Any, b: Any, x: Any, i: int, j: int) -> Any:
    """d beta_density / dx."""
    rising = times(a - 1.0 - i, beta_density(a, b, x, i + 1, j), x)
    return rising - times(b - 1.0 - j, beta_density(a, b, x, i, j + 1), 1.0 - x)


def times(power: Any, density: Any, x: Any) -> Any:
    """power * density; of the constant x^0 the slope is 0 at x = 0 as well."""
    constant = (power == 0) & (x == 0)
    return power * np.where(constant, power, density)


UNIT = Domain(0.0, 1.0)
declare(
    gamma_density,
    kind=ELEMENTWISE,
    domain=POSITIVE,
    cases=("a=(n, 1), x=(m,)", "a=2.0, x=(n, m), i=1"),
    a=lambda g, a, x, y: g * (sp.xlogy(y, x) - y * sp.psi(a)),
    x=lambda g, a, x, y, i: g * gamma_curve(a, x, y, i),
)
declare(
    beta_density,
    kind=ELEMENTWISE,
    domain=UNIT,
    cases=("a=(2, 1), b=(), x=(m,)", "a=2.0, b=1.0, x=(n,), i=1", "a=3.0, b=2.0, x=(n,), j=1"),
    a=lambda g, a, b, x, y: g * (sp.xlogy(y, x) + y * polygamma_increase(0, a, b)),
    b=lambda g, a, b, x, y: g * (sp.xlog1py(y, -x) + y * polygamma_increase(0, b, a)),
    x=lambda g, a, b, x, i, j: g * beta_curve(a, b, x, i, j),
)
