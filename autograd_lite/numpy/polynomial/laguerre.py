"""`numpy.polynomial.laguerre`, of which every function takes Tensors: Laguerre series."""

from numpy.polynomial import laguerre

from .families import names

globals().update(names(laguerre))
