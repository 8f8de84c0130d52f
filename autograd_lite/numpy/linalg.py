"""`numpy.linalg`, also of lists of Tensors."""

import numpy.linalg

from .lists import counterpart

__all__, __getattr__, __dir__ = counterpart(numpy.linalg, globals())
