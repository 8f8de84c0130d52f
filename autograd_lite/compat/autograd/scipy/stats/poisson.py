"""The Poisson distribution, differentiated by its mean `mu`."""

from typing import Any

import numpy as np
import scipy.stats

from ...numpy.numpy_vjps import unbroadcast_f
from ...primitives import defvjp, primitive

cdf = primitive(scipy.stats.poisson.cdf)
logpmf = primitive(scipy.stats.poisson.logpmf)
pmf = primitive(scipy.stats.poisson.pmf)


def slope(k: Any, mu: Any) -> Any:
    """The derivative of the logarithm of the probability of k, where k is whole."""
    return np.where(np.mod(k, 1) == 0, k / mu - 1, 0.0)


defvjp(cdf, lambda _, k, mu: unbroadcast_f(mu, lambda g: -g * pmf(np.floor(k), mu)), argnums=[1])
defvjp(logpmf, lambda _, k, mu: unbroadcast_f(mu, lambda g: g * slope(k, mu)), argnums=[1])
defvjp(pmf, lambda ans, k, mu: unbroadcast_f(mu, lambda g: g * ans * slope(k, mu)), argnums=[1])
