"""The normal distribution."""

import scipy.stats

from .families import Family

NAMES = ("pdf", "cdf", "sf", "logpdf", "logcdf", "logsf")
FAMILY = Family(scipy.stats.norm, lambda z: -z, NAMES)
pdf, cdf, sf, logpdf, logcdf, logsf = map(FAMILY.functions.get, NAMES)
