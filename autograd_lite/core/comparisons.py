"""Operators without a gradient: what comes back is a plain array, or belongs to an older trace."""

import sys
from types import FrameType
from typing import Any

import numpy as np

from .conversions import MASKS, is_verbatim
from .trace import Traced, without_gradient


def compared(function: Any, a: Any, b: Any, caller: FrameType) -> Any:
    """Truth values of all entries; in code that `verbatim` runs, such that accept Tensors."""
    result = without_gradient(function, (a, b), {})
    return caller.f_builtins[MASKS](result) if is_verbatim(caller) else result


class Comparisons(Traced):
    """Comparisons and whole-number division of a Tensor: abstract, a part of it."""

    __slots__ = ()

    def __floordiv__(self, other: Any) -> Any:
        return without_gradient(np.floor_divide, (self, other), {})

    def __rfloordiv__(self, other: Any) -> Any:
        return without_gradient(np.floor_divide, (other, self), {})

    def __divmod__(self, other: Any) -> Any:
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> Any:
        return other // self, other % self

    def __eq__(self, other: object) -> Any:
        return compared(np.equal, self, other, sys._getframe(1))

    def __ne__(self, other: object) -> Any:
        return compared(np.not_equal, self, other, sys._getframe(1))

    def __lt__(self, other: Any) -> Any:
        return compared(np.less, self, other, sys._getframe(1))

    def __le__(self, other: Any) -> Any:
        return compared(np.less_equal, self, other, sys._getframe(1))

    def __gt__(self, other: Any) -> Any:
        return compared(np.greater, self, other, sys._getframe(1))

    def __ge__(self, other: Any) -> Any:
        return compared(np.greater_equal, self, other, sys._getframe(1))

    __hash__ = object.__hash__  # by identity, so that a Tensor can be a key
