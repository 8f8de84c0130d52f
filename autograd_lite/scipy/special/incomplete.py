"""The incomplete gamma and beta functions, their complements and inverses, in every operand.

At the ends of the range slopes in the parameters are 0, those of an inverse in its last operand
infinite where the density is 0.
"""

from typing import Any

import numpy as np

from ...core.operation import ELEMENTWISE, POSITIVE, declare
from .densities import UNIT, beta_density, gamma_density
from .entropy import quotient
from .functions import INSIDE, sp
from .parameters import beta_cumulants, beta_slope, gamma_cumulants, gamma_slope, moment

MIDDLE = 0.5  # of the range of betainc: stands in for its ends, where the density is 0


def of_gamma(name: str, signature: str, **rules: Any) -> None:
    """Declare an incomplete gamma function or an inverse of one."""
    declare(
        getattr(sp, name),
        kind=ELEMENTWISE,
        domain=UNIT if "p" in rules else POSITIVE,
        cases=tuple(f"a={a}, {signature[-1]}=(m,)" for a in ("(n, 1)", "3.0")),
        signature=signature,
        **rules,
    )


def of_beta(name: str, signature: str, **rules: Any) -> None:
    """Declare an incomplete beta function or an inverse of one."""
    declare(
        getattr(sp, name),
        kind=ELEMENTWISE,
        domain=UNIT,
        cases=(f"a=(), b=(), {signature[-1]}=(2,)", f"a=3.0, b=2.0, {signature[-1]}=(n, m)"),
        signature=signature,
        **rules,
    )


of_gamma(
    "gammainc",
    "a, x",
    a=lambda g, a, x: g * gamma_slope(a, x, 1),
    x=lambda g, a, x: g * gamma_density(a, x),
)
of_gamma(
    "gammaincc",
    "a, x",
    a=lambda g, a, x: -g * gamma_slope(a, x, 1),
    x=lambda g, a, x: -g * gamma_density(a, x),
)
of_gamma(
    "gammaincinv",
    "a, p",
    a=lambda g, a, y: -g * quotient(gamma_slope(a, y, 1), gamma_density(a, y)),
    p=lambda g, a, y: g / gamma_density(a, y),
)
of_gamma(
    "gammainccinv",
    "a, p",
    a=lambda g, a, y: -g * quotient(gamma_slope(a, y, 1), gamma_density(a, y)),
    p=lambda g, a, y: -g / gamma_density(a, y),
)
of_beta(
    "betainc",
    "a, b, x",
    a=lambda g, a, b, x: g * beta_slope(a, b, x, 1, 0),
    b=lambda g, a, b, x: g * beta_slope(a, b, x, 0, 1),
    x=lambda g, a, b, x: g * beta_density(a, b, x),
)
of_beta(
    "betaincc",
    "a, b, x",
    a=lambda g, a, b, x: -g * beta_slope(a, b, x, 1, 0),
    b=lambda g, a, b, x: -g * beta_slope(a, b, x, 0, 1),
    x=lambda g, a, b, x: -g * beta_density(a, b, x),
)
of_beta(
    "betaincinv",
    "a, b, p",
    a=lambda g, a, b, y: -g * quotient(beta_slope(a, b, y, 1, 0), beta_density(a, b, y)),
    b=lambda g, a, b, y: -g * quotient(beta_slope(a, b, y, 0, 1), beta_density(a, b, y)),
    p=lambda g, a, b, y: g / beta_density(a, b, y),
)
of_beta(
    "betainccinv",
    "a, b, p",
    a=lambda g, a, b, y: -g * quotient(beta_slope(a, b, y, 1, 0), beta_density(a, b, y)),
    b=lambda g, a, b, y: -g * quotient(beta_slope(a, b, y, 0, 1), beta_density(a, b, y)),
    p=lambda g, a, b, y: -g / beta_density(a, b, y),
)

# Slopes in the parameters: one order more, or the density with the factor of the order so far.


def gamma_factor(a: Any, x: Any, n: int) -> Any:
    """d gamma_slope / dx."""
    density = gamma_density(a, x)
    logarithm = np.log(np.where(density == 0, INSIDE, x))
    return density * moment(n, 0, gamma_cumulants(a, logarithm))


def beta_factor(a: Any, b: Any, x: Any, i: int, j: int) -> Any:
    """d beta_slope / dx."""
    density = beta_density(a, b, x)
    x = np.where(density == 0, MIDDLE, x)
    return density * moment(i, j, beta_cumulants(a, b, np.log(x), np.log1p(-x)))


declare(
    gamma_slope,
    complex_operands=False,
    kind=ELEMENTWISE,
    domain=POSITIVE,
    cases=("a=(n, 1), x=(m,), n=1", "a=(), x=(m,), n=2"),
    a=lambda g, a, x, n: g * gamma_slope(a, x, n + 1),
    x=lambda g, a, x, n: g * gamma_factor(a, x, n),
)
declare(
    beta_slope,
    complex_operands=False,
    kind=ELEMENTWISE,
    domain=UNIT,
    cases=("a=(), b=(), x=(), i=1, j=0", "a=(), b=(), x=(), i=1, j=1"),
    a=lambda g, a, b, x, i, j: g * beta_slope(a, b, x, i + 1, j),
    b=lambda g, a, b, x, i, j: g * beta_slope(a, b, x, i, j + 1),
    x=lambda g, a, b, x, i, j: g * beta_factor(a, b, x, i, j),
)
