"""`numpy.fft`, also of lists of Tensors."""

from typing import Any

import numpy as np

from .lists import of_lists

__all__ = list(np.fft.__all__)


def __getattr__(name: str) -> Any:
    value = getattr(np.fft, name)
    if hasattr(value, "_implementation"):
        value = of_lists(value)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
