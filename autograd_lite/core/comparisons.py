"""Operators without a gradient: what comes back is a plain array, or belongs to an older trace."""

from typing import Any

import numpy as np

from .trace import Traced, without_gradient


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
        return without_gradient(np.equal, (self, other), {})

    def __ne__(self, other: object) -> Any:
        return without_gradient(np.not_equal, (self, other), {})

    def __lt__(self, other: Any) -> Any:
        return without_gradient(np.less, (self, other), {})

    def __le__(self, other: Any) -> Any:
        return without_gradient(np.less_equal, (self, other), {})

    def __gt__(self, other: Any) -> Any:
        return without_gradient(np.greater, (self, other), {})

    def __ge__(self, other: Any) -> Any:
        return without_gradient(np.greater_equal, (self, other), {})

    __hash__ = object.__hash__  # by identity, so that a Tensor can be a key
