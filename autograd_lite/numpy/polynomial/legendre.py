"""`numpy.polynomial.legendre`, of which every function takes Tensors: Legendre series."""

from numpy.polynomial import legendre

from .families import names

globals().update(names(legendre))
