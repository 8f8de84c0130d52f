"""`numpy.polynomial.hermite_e`, of which every function takes Tensors: HermiteE series."""

from numpy.polynomial import hermite_e

from .families import names

globals().update(names(hermite_e))
