"""`numpy.random`, whose arrays of real numbers are constant Tensors and so accept Tensors."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from ..core.trace import peel_all
from .creation import accepting


def drawing(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that draws numbers, given plain values of its parameters."""

    @wraps(function)
    def draw(*args: Any, **kwargs: Any) -> Any:
        plain = {key: peel_all(value) for key, value in kwargs.items()}
        result = function(*map(peel_all, args), **plain)
        if isinstance(result, np.random.Generator | np.random.RandomState):
            return Drawing(result)
        return accepting(result) if isinstance(result, np.ndarray) else result

    return draw


class Drawing:
    """A generator of random numbers, whose methods draw as the functions of this module do."""

    def __init__(self, generator: Any) -> None:
        self._generator = generator

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._generator, name)
        return drawing(value) if callable(value) else value


def __getattr__(name: str) -> Any:
    value = getattr(np.random, name)
    if callable(value) and (not isinstance(value, type) or name == "RandomState"):
        value = drawing(value)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(np.random.__all__)
