"""Distribution functions of chi-square, t and F, which the tests of `scipy.stats` end with.

Those of t and F are not differentiated in their degrees of freedom.
"""

from typing import Any

import numpy as np

from ...core.operation import ELEMENTWISE, POSITIVE, REAL, declare
from .densities import beta_density, gamma_density
from .functions import binary, sp, with_order
from .parameters import gamma_slope

binary(
    "chdtr",
    lambda g, a, b: g * (0.5 * gamma_slope(0.5 * a, 0.5 * b, 1)),
    lambda g, a, b: g * (0.5 * gamma_density(0.5 * a, 0.5 * b)),
    POSITIVE,
)
binary(
    "chdtrc",
    lambda g, a, b: g * (-0.5 * gamma_slope(0.5 * a, 0.5 * b, 1)),
    lambda g, a, b: g * (-0.5 * gamma_density(0.5 * a, 0.5 * b)),
    POSITIVE,
)


def t_density(n: Any, x: Any) -> Any:
    """The density of Student's t with n degrees of freedom."""
    scale = sp.betaln(np.multiply(0.5, n), 0.5) + 0.5 * np.log(n)
    return np.exp(-0.5 * np.add(n, 1.0) * np.log1p(x * x / n) - scale)


def f_density(n: Any, m: Any, x: Any) -> Any:
    """The density of the F distribution with n and m degrees of freedom."""
    total = m + n * x
    density = beta_density(np.multiply(0.5, n), np.multiply(0.5, m), n * x / total)
    return density * (n * m / (total * total))


with_order("stdtr", lambda g, n, x: g * t_density(n, x), REAL, ("n=2.5, x=(n, m)",))
declare(
    sp.fdtr,
    kind=ELEMENTWISE,
    domain=POSITIVE,
    cases=("n=2.5, m=4.0, x=(n, m)",),
    signature="n, m, x",
    x=lambda g, n, m, x: g * f_density(n, m, x),
)
declare(
    sp.fdtrc,
    kind=ELEMENTWISE,
    domain=POSITIVE,
    cases=("n=2.5, m=4.0, x=(n, m)",),
    signature="n, m, x",
    x=lambda g, n, m, x: -g * f_density(n, m, x),
)
