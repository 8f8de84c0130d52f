"""`numpy.polynomial.chebyshev`, of which every function takes Tensors: Chebyshev series."""

from numpy.polynomial import chebyshev

from .families import names

globals().update(names(chebyshev))
