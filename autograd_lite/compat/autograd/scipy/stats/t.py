"""Student's t distribution."""

from typing import Any

import numpy as np
import scipy.stats

from ..special import psi
from .families import Family


def by_df(z: Any, df: Any) -> Any:
    """The derivative of the logarithmic density in the degrees of freedom."""
    gammas = psi((df + 1) / 2.0) - psi(df / 2.0)
    return (gammas - 1 / df - np.log1p(z**2 / df) + (df + 1) * z**2 / (df * (df + z**2))) / 2


NAMES = ("pdf", "cdf", "logpdf", "logcdf")
FAMILY = Family(scipy.stats.t, lambda z, df: -(df + 1) * z / (df + z**2), NAMES, by_df)
pdf, cdf, logpdf, logcdf = map(FAMILY.functions.get, NAMES)
