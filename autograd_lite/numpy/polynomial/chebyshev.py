"""`numpy.polynomial.chebyshev`, of which every function takes Tensors: Chebyshev series."""

from typing import Any

from numpy.polynomial import chebyshev

from .families import names

globals().update(names(chebyshev))


def __getattr__(name: str) -> Any:
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
