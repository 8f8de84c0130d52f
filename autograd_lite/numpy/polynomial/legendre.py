"""`numpy.polynomial.legendre`, of which every function takes Tensors: Legendre series."""

from typing import Any

from numpy.polynomial import legendre

from .families import names

globals().update(names(legendre))


def __getattr__(name: str) -> Any:
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
