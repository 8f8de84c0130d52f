"""`numpy.fft`, for lists of what is differentiated as well."""

import numpy as np

from ....numpy import fft as namespace
from .numpy_wrapper import counterpart

__all__, __getattr__, __dir__ = counterpart(np.fft, namespace, globals())
