"""The Dirichlet distribution."""

from typing import Any

import numpy as np
import scipy.stats

from ...primitives import defvjp, primitive
from ..special import psi

rvs = primitive(scipy.stats.dirichlet.rvs)
pdf = primitive(scipy.stats.dirichlet.pdf)
logpdf = primitive(scipy.stats.dirichlet.logpdf)


def by_alpha(x: Any, alpha: Any) -> Any:
    """The derivatives of the logarithmic density in the parameters."""
    return np.log(x) + psi(np.sum(alpha)) - psi(alpha)


defvjp(
    logpdf,
    lambda _, x, alpha: lambda g: g * (alpha - 1) / x,
    lambda _, x, alpha: lambda g: g * by_alpha(x, alpha),
)
defvjp(
    pdf,
    lambda ans, x, alpha: lambda g: g * ans * (alpha - 1) / x,
    lambda ans, x, alpha: lambda g: g * ans * by_alpha(x, alpha),
)
