"""`numpy.linalg`, for lists of what is differentiated as well."""

import numpy as np

from ....numpy import linalg as namespace
from .numpy_wrapper import counterpart

__all__, __getattr__, __dir__ = counterpart(np.linalg, namespace, globals())
