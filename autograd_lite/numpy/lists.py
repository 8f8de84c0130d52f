"""Reductions of lists of Tensors: `np.mean([loss(x) for x in batch])`.

NumPy does not look into a list for something to ask, but makes an array of it, which Tensors
refuse. Only then is there something to do.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from ..core.operands import stack
from ..core.trace import newest


def of_lists(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, whose first argument may also be a list of Tensors.

    >>> import autograd_lite as ag
    >>> w = ag.Tensor([1.0, 2.0])
    >>> of_lists(np.mean)([w[0] * 2, w[1]]).backward()
    >>> w.grad
    array([1. , 0.5])
    """

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except TypeError:
            if not args or args[0].__class__ not in SEQUENCES or newest(args[0]) is None:
                raise
            return function(stack(args[0]), *args[1:], **kwargs)

    return call


SEQUENCES = (list, tuple)
LISTED = {name: of_lists(getattr(np, name)) for name in (
    "amax", "amin", "argmax", "argmin", "argsort", "average", "cumprod", "cumsum", "max", "mean",
    "median", "min", "prod", "ptp", "sort", "std", "sum", "var",
)}  # fmt: skip
