"""The beta distribution."""

import numpy as np
import scipy.stats

from ..special import psi
from .families import Family

NAMES = ("pdf", "cdf", "logpdf")
FAMILY = Family(
    scipy.stats.beta,
    lambda z, a, b: (a - 1) / z - (b - 1) / (1 - z),
    NAMES,
    lambda z, a, b: np.log(z) - psi(a) + psi(a + b),
    lambda z, a, b: np.log1p(-z) - psi(b) + psi(a + b),
)
pdf, cdf, logpdf = map(FAMILY.functions.get, NAMES)
