"""The χ² distribution."""

import numpy as np
import scipy.stats

from ..special import psi
from .families import Family

NAMES = ("pdf", "cdf", "logpdf")
FAMILY = Family(
    scipy.stats.chi2,
    lambda z, df: (df / 2 - 1) / z - 0.5,
    NAMES,
    lambda z, df: (np.log(z / 2) - psi(df / 2)) / 2,
)
pdf, cdf, logpdf = map(FAMILY.functions.get, NAMES)
