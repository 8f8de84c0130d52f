"""`numpy.polynomial.hermite`, of which every function takes Tensors: Hermite series."""

from typing import Any

from numpy.polynomial import hermite

from .families import names

globals().update(names(hermite))


def __getattr__(name: str) -> Any:
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
