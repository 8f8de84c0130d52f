"""`numpy.polynomial.polynomial`, of which every function takes Tensors: power series."""

from numpy.polynomial import polynomial

from .families import names

globals().update(names(polynomial))
