"""`numpy.polynomial.hermite_e`, of which every function takes Tensors: HermiteE series."""

from typing import Any

from numpy.polynomial import hermite_e

from .families import names

globals().update(names(hermite_e))


def __getattr__(name: str) -> Any:
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
