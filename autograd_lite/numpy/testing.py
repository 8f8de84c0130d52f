"""`numpy.testing`, whose comparisons look at the values of Tensors, which has no gradient."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy.testing

from ..core.trace import peel_all


def of_values(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that is given plain arrays in place of Tensors.

    >>> import autograd_lite as ag
    >>> of_values(numpy.testing.assert_allclose)(ag.Tensor([1.0]) * 2, [2.0])
    """

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        return function(*map(peel_all, args), **{k: peel_all(v) for k, v in kwargs.items()})

    return call


def __getattr__(name: str) -> Any:
    value = getattr(numpy.testing, name)
    if callable(value) and name.startswith("assert_"):
        value = of_values(value)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(numpy.testing.__all__)
