"""`numpy.lib`, of which `stride_tricks` also takes Tensors."""

from typing import Any

import numpy as np

from . import stride_tricks

__all__ = ["stride_tricks"]


def __getattr__(name: str) -> Any:
    return getattr(np.lib, name)


def __dir__() -> list[str]:
    return dir(np.lib)
