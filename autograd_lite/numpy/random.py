"""`numpy.random`, whose arrays of real numbers are constant Tensors and so accept Tensors."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from ..core.tensor import Tensor
from .creation import making


def drawing(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that draws numbers. A Tensor with a gradient to lose is refused as a parameter."""
    if getattr(function, "__name__", "") in ("permutation", "shuffle"):
        return reordering(function)
    draw = making(function)

    @wraps(function)
    def draw_or_make(*args: Any, **kwargs: Any) -> Any:
        result = draw(*args, **kwargs)
        return Drawing(result) if is_generator(result) else result

    return draw_or_make if getattr(function, "__name__", "") in MAKERS else draw


def reordering(function: Callable[..., Any]) -> Callable[..., Any]:
    """`shuffle` or `permutation`, which move slices of a Tensor as they move whole numbers.

    NumPy would exchange the rows one by one, and each of them is a view.
    """
    plain = making(function)

    @wraps(function)
    def reorder(x: Any, axis: int = 0) -> Any:
        if not isinstance(x, Tensor) or not x.ndim:
            return plain(x, axis) if axis else plain(x)
        order = np.arange(x.shape[axis])
        if function.__name__ == "permutation":
            return np.take(x, function(order), axis)
        function(order)
        x[...] = np.take(x, order, axis)
        return None

    return reorder


MAKERS = ("RandomState", "default_rng")


def is_generator(value: Any) -> bool:
    """Whether a value is one of NumPy's generators, whose module is loaded on demand."""
    loaded = "numpy.random" in sys.modules
    return loaded and isinstance(value, np.random.Generator | np.random.RandomState)


class Drawing:
    """A generator of random numbers, whose methods draw as the functions of this module do."""

    def __init__(self, generator: Any) -> None:
        self._generator = generator

    @property  # type: ignore[misc]
    def __class__(self) -> Any:  # for isinstance(rng, np.random.Generator)
        return type(self._generator)

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._generator, name)
        return drawing(value) if callable(value) else value


def __getattr__(name: str) -> Any:
    if name.startswith("__"):  # Python asks for such before np.random is to be loaded
        raise AttributeError(name)
    value = getattr(np.random, name)
    if callable(value) and (not isinstance(value, type) or name == "RandomState"):
        value = drawing(value)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(np.random.__all__)
