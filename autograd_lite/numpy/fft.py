"""`numpy.fft`, also of lists of Tensors."""

import numpy.fft

from .lists import counterpart

__all__, __getattr__, __dir__ = counterpart(numpy.fft, globals())
