"""Arithmetic of rules in the memory of a value that they have just computed, and nobody else has.

An array less to allocate is a pass of the memory less: a tenth of the time of a layer. The numbers
are the same to the last bit.
"""

from typing import Any

import numpy as np
from numpy import ndarray


def one_minus(own: Any) -> Any:
    """`1.0 - own`, in the memory of `own` if that is an array.

    >>> one_minus(np.array([0.25, 1.0])).tolist()
    [0.75, 0.0]
    """
    return np.subtract(1.0, own, out=own) if own.__class__ is ndarray else 1.0 - own


def times(g: Any, own: Any) -> Any:
    """`g * own`, two of one shape, in the memory of `own` if that is an array of the same dtype.

    >>> times(np.array([2.0, 3.0]), np.array([0.5, 1.0])).tolist()
    [1.0, 3.0]
    """
    if g.__class__ is ndarray and own.__class__ is ndarray and g.dtype is own.dtype:
        return np.multiply(g, own, out=own)
    return g * own
