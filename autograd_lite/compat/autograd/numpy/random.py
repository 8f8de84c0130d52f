"""`numpy.random`."""

from typing import Any

import numpy as np

__all__ = list(np.random.__all__)


def __getattr__(name: str) -> Any:
    return getattr(np.random, name)


def __dir__() -> list[str]:
    return __all__
