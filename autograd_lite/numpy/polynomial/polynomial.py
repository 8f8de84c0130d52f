"""`numpy.polynomial.polynomial`, of which every function takes Tensors: power series."""

from typing import Any

from numpy.polynomial import polynomial

from .families import names

globals().update(names(polynomial))


def __getattr__(name: str) -> Any:
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
