"""Mutants that compute the same as the original, each with the reason why.

They are listed by the function that is changed and by the change, as the test reports them. The
test complains of those that a generated test notices after all, and of those that are no mutants
any more.
"""

import importlib.util

from .arrays import ARRAYS
from .matrices import MATRICES
from .of_scipy import OF_SCIPY
from .series import SERIES

EQUIVALENT: dict[str, dict[str, str]] = {**ARRAYS, **MATRICES, **SERIES}
if importlib.util.find_spec("scipy") is not None:
    EQUIVALENT |= OF_SCIPY
