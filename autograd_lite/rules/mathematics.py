"""The functions of the module `math` that NumPy lacks: `erf` and `erfc`."""

import math
from typing import Any

import numpy as np

from ..core.operation import ELEMENTWISE, declare
from ..core.trace import unary_primitive

SLOPE = 2 / math.sqrt(math.pi)  # of erf at 0


def of_entries(function: Any, x: Any) -> Any:
    """A function of numbers, of every entry."""
    x = np.asarray(x)
    values = np.array([function(entry) for entry in x.ravel().tolist()], x.dtype)
    return values.reshape(x.shape)[()]


@unary_primitive
def erf(x: Any) -> Any:
    """The error function, of every entry.

    >>> erf(np.array([0.0, 0.5])).round(3).tolist()
    [0.0, 0.52]
    """
    return of_entries(math.erf, x)


@unary_primitive
def erfc(x: Any) -> Any:
    """One minus the error function, exact where that is nearly 1.

    >>> float(erfc(0.0))
    1.0
    """
    return of_entries(math.erfc, x)


declare(erf, kind=ELEMENTWISE, x=lambda g, x: g * (SLOPE * np.exp(-(x**2))))
declare(erfc, kind=ELEMENTWISE, x=lambda g, x: g * (-SLOPE * np.exp(-(x**2))))
