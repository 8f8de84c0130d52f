"""`numpy.polynomial.hermite`, of which every function takes Tensors: Hermite series."""

from numpy.polynomial import hermite

from .families import names

globals().update(names(hermite))
