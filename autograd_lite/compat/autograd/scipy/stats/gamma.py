"""The gamma distribution."""

import numpy as np
import scipy.stats

from ..special import psi
from .families import Family

NAMES = ("pdf", "cdf", "logpdf")
FAMILY = Family(
    scipy.stats.gamma, lambda z, a: (a - 1) / z - 1, NAMES, lambda z, a: np.log(z) - psi(a)
)
pdf, cdf, logpdf = map(FAMILY.functions.get, NAMES)
