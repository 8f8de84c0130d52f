"""`numpy.random`, whose arrays of real numbers are constant Tensors and so accept Tensors."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from ..core.tensor import Tensor
from ..core.trace import peel_all
from .creation import making
from .lists import of_values


def drawing(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that draws numbers. A Tensor with a gradient to lose is refused as a parameter."""
    name = getattr(function, "__name__", "")
    if name in ("permutation", "shuffle"):
        return reordering(function)
    draw = making(function, by_tensors(name, function))

    @wraps(function)
    def draw_or_make(*args: Any, **kwargs: Any) -> Any:
        result = draw(*args, **kwargs)
        return Drawing(result) if is_generator(result) else result

    return draw_or_make if name in MAKERS else draw


COUNTS = ("binomial", "geometric", "multinomial", "negative_binomial", "poisson")


def by_tensors(name: str, function: Callable[..., Any]) -> Callable[..., Any] | None:
    """How to draw where parameters are Tensors; None for what is refused.

    A normal or uniform number is one of the standard kind, moved and scaled, and its gradient flows
    to what moves and scales it. Which entry is chosen, and what is counted, has no derivative.
    """
    if name in COUNTS:
        return of_values(function)
    generator: Any = getattr(function, "__self__", None)
    if name == "choice":
        return lambda *args, **kwargs: chosen(function, *args, **kwargs)
    if name == "normal":
        return lambda *args, **kwargs: scaled_normal(generator.standard_normal, *args, **kwargs)
    if name == "uniform":
        return lambda *args, **kwargs: scaled_uniform(generator.random, *args, **kwargs)
    return None


def chosen(
    function: Callable[..., Any], a: Any, size: Any = None, replace: bool = True, p: Any = None,
    axis: int = 0, **options: Any,
) -> Any:  # fmt: skip
    """Entries of `a`, or slices along `axis`, drawn by probabilities that may be Tensors."""
    p = peel_all(p)
    if not isinstance(a, Tensor):
        along = {"axis": axis} if axis else {}  # the old generators know no axes
        return function(a, size, replace, p, **along, **options)
    if a.ndim > 1 and isinstance(getattr(function, "__self__", None), np.random.RandomState):
        raise ValueError("a must be 1-dimensional")
    return np.take(a, function(a.shape[axis], size, replace, p, **options), axis)


def scaled_normal(
    standard: Callable[..., Any], loc: Any = 0.0, scale: Any = 1.0, size: Any = None
) -> Any:
    """Normal numbers, of which mean and deviation may be Tensors."""
    return loc + scale * standard(common_shape(loc, scale) if size is None else size)


def scaled_uniform(
    standard: Callable[..., Any], low: Any = 0.0, high: Any = 1.0, size: Any = None
) -> Any:
    """Uniform numbers, of which both ends may be Tensors."""
    return low + (high - low) * standard(common_shape(low, high) if size is None else size)


def common_shape(a: Any, b: Any) -> Any:
    """The shape of parameters broadcast against one another; None for numbers."""
    return np.broadcast_shapes(np.shape(a), np.shape(b)) or None


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
