"""The gamma and beta functions, their logarithms and reciprocals, and the zeta function.

Of complex numbers `gamma` and `loggamma` have first derivatives, the others none. `multigammaln`
is not differentiated in its dimension, and `zeta` not in its exponent.
"""

from typing import Any

import numpy as np

from ...core.operation import ELEMENTWISE, POSITIVE, Domain, declare
from ...core.trace import HANDLERS, primitive, without_gradient
from .differences import polygamma, polygamma_increase
from .functions import INSIDE, binary, sp, unary

HANDLERS[sp.gammasgn] = without_gradient

unary("gamma", lambda g, x, y: g * (y * sp.psi(x)), POSITIVE)
unary("gammaln", lambda g, x: g * sp.psi(x), POSITIVE)
unary("loggamma", lambda g, x: g * sp.psi(x), POSITIVE)
unary("psi", lambda g, x: g * polygamma(1, x), POSITIVE, complex_operands=False)


MIRROR = 0.5  # the reflection exchanges both sides


def reciprocal_gamma_slope(x: Any, y: Any) -> Any:
    """d rgamma / dx; left of 1/2 by reflection (DLMF 5.5.3), so that it is right at the zeros."""
    left = x < MIRROR
    z, right = np.where(left, x, INSIDE), np.where(left, INSIDE, x)
    rest = np.where(left, 1.0 - z, INSIDE)
    reflected = sp.cosdg(180.0 * z) - sp.psi(rest) / np.pi * sp.sindg(180.0 * z)
    return np.where(left, sp.gamma(rest) * reflected, -y * sp.psi(right))


unary("rgamma", lambda g, x, y: g * reciprocal_gamma_slope(x, y), complex_operands=False)

multigammaln = primitive(sp.multigammaln)


def multivariate_digamma(a: Any, d: int) -> Any:
    """The sum of psi(a - j / 2) over j below d."""
    total = sp.psi(a)
    for j in range(1, int(d)):
        total = total + sp.psi(a - 0.5 * j)
    return total


declare(
    multigammaln,
    kind=ELEMENTWISE,
    domain=Domain(low=1.0),
    cases=("a=(n, m), d=1", "a=(n,), d=3"),
    a=lambda g, a, d: g * multivariate_digamma(a, d),
)

# Of two operands

binary(
    "beta",
    lambda g, a, b, y: g * (y * -polygamma_increase(0, a, b)),
    lambda g, a, b, y: g * (y * -polygamma_increase(0, b, a)),
    POSITIVE,
)
binary(
    "betaln",
    lambda g, a, b: g * -polygamma_increase(0, a, b),
    lambda g, a, b: g * -polygamma_increase(0, b, a),
    POSITIVE,
)
binary(
    "poch",
    lambda g, a, b, y: g * (y * polygamma_increase(0, a, b)),
    lambda g, a, b, y: g * (y * sp.psi(a + b)),
    POSITIVE,
)


def binomial_slopes(a: Any, b: Any, y: Any) -> tuple[Any, Any]:
    """The derivatives of binom, also where it is 0 since b is a whole number beyond 0 and a."""
    beyond = (a - b <= -1.0) | (b <= -1.0)
    n, k = np.where(beyond, a, INSIDE), np.where(beyond, b, INSIDE)
    below, above = sp.rgamma(k + 1.0), sp.rgamma(n - k + 1.0)
    below_slope = reciprocal_gamma_slope(k + 1.0, below)
    above_slope = reciprocal_gamma_slope(n - k + 1.0, above)
    total = sp.gamma(n + 1.0)
    n, k = np.where(beyond, INSIDE, a), np.where(beyond, INSIDE, b)
    return (
        np.where(
            beyond,
            total * below * (sp.psi(np.where(beyond, a, INSIDE) + 1.0) * above + above_slope),
            y * polygamma_increase(0, n - k + 1.0, k),
        ),
        np.where(
            beyond,
            total * (below_slope * above - below * above_slope),
            y * polygamma_increase(0, k + 1.0, n - 2.0 * k),
        ),
    )


binary(
    "binom",
    lambda g, a, b, y: g * binomial_slopes(a, b, y)[0],
    lambda g, a, b, y: g * binomial_slopes(a, b, y)[1],
    POSITIVE,
)

zeta = primitive(sp.zeta)
declare(
    zeta,
    kind=ELEMENTWISE,
    domain=POSITIVE,
    cases=("x=2.5, q=(n, m)", "x=np.array([[2.0], [1.5]]), q=(2, m)"),
    complex_operands=False,
    q=lambda g, x, q: g * (-x * zeta(np.add(x, 1.0), q)),
)
