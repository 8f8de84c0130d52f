"""Tensors in lists, `np.mean([loss(x) for x in batch])`, and in arguments that NumPy overlooks.

NumPy asks the arrays among the operands who is to compute, but makes arrays of lists, and of
arguments such as `initial=` or `default=`. Tensors refuse that, and only then is there something
to do.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from ..core.errors import LostGradientError
from ..core.operands import stack
from ..core.trace import dispatch, newest, peel_all

SEQUENCES = (list, tuple)
OF_SEQUENCES = {  # whose first or second argument is a list of arrays, or of functions
    np.block, np.choose, np.column_stack, np.concatenate, np.dstack, np.einsum, np.hstack,
    np.linalg.multi_dot, np.piecewise, np.select, np.stack, np.vstack,
}  # fmt: skip


def of_lists(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, which may also be given lists of Tensors, and Tensors in any argument.

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
        except (TypeError, ValueError) as error:
            if not is_refusal(error):
                raise
        if function not in OF_SEQUENCES:
            args = tuple(map(stacked, args))
            kwargs = {name: stacked(value) for name, value in kwargs.items()}
        return dispatch(function, args, kwargs)

    return call


def is_refusal(error: Exception) -> bool:
    """Whether an error says that a Tensor would have lost its gradient; NumPy may pass it on."""
    return isinstance(error, LostGradientError) or isinstance(error.__cause__, LostGradientError)


def stacked(value: Any) -> Any:
    """A list with Tensors in it as one Tensor."""
    return stack(value) if value.__class__ in SEQUENCES and newest(value) is not None else value


def of_values(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that is given plain arrays in place of Tensors: to compare, print or save them.

    >>> import autograd_lite as ag
    >>> of_values(np.testing.assert_allclose)(ag.Tensor([1.0]) * 2, [2.0])
    """

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        return function(*map(peel_all, args), **{k: peel_all(v) for k, v in kwargs.items()})

    return call


OF_VALUES = {name: of_values(getattr(np, name)) for name in (
    "isscalar", "save", "savetxt", "savez", "savez_compressed",
)}  # fmt: skip
