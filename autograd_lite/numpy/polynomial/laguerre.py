"""`numpy.polynomial.laguerre`, of which every function takes Tensors: Laguerre series."""

from typing import Any

from numpy.polynomial import laguerre

from .families import names

globals().update(names(laguerre))


def __getattr__(name: str) -> Any:
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
