"""Arguments of code that was written for arrays: as constants on the way in, and back."""

from collections.abc import Callable
from typing import Any

import numpy as np

from ..core.tensor import Tensor, wrap
from ..core.trace import EAGER, Traced


class Arguments:
    """Wraps the arrays of a call, and writes back what the call has changed in place.

    `traced` tells whether there was a Tensor among them. `instance` is what stands for an object
    of the user's.
    """

    def __init__(self, instance: Callable[[Any], Any]) -> None:
        self.instance = instance
        self.known: dict[int, Any] = {}  # what is given twice is the same
        self.traced = False
        self.arrays: list[tuple[Any, Tensor]] = []
        self.containers: list[tuple[Any, Any]] = []

    def wrapped(self, value: Any) -> Any:
        """An argument with its arrays of real or complex numbers as constant Tensors."""
        if id(value) not in self.known and isinstance(value, Traced):
            self.traced = True
            return value
        if id(value) not in self.known:
            self.known[id(value)] = self._wrapped_anew(value)
        return self.known[id(value)]

    def _wrapped_anew(self, value: Any) -> Any:
        kind = value.__class__
        result = value
        if kind is np.ndarray and value.dtype.kind in "fc":
            result = wrap(value, None, EAGER)
            self.arrays.append((value, result))
        elif kind is tuple:
            result = tuple([self.wrapped(item) for item in value])
        elif kind is list or kind is dict:
            items = value.items() if kind is dict else enumerate(value)
            pairs = {key: self.wrapped(item) for key, item in items}
            result = pairs if kind is dict else [*pairs.values()]
            self.containers.append((value, result))
        else:
            result = self.instance(value)
        return result

    def write_back(self) -> None:
        """Give the caller's arrays, lists and dicts what was assigned to them."""
        originals = {id(tensor): a for a, tensor in self.arrays if tensor._node is None}
        for array, tensor in self.arrays:
            if tensor._node is None and tensor._value is not array:
                np.copyto(array, tensor._value)
        for original, changed in self.containers:
            if isinstance(original, list):
                original[:] = [originals.get(id(item), plain(item)) for item in changed]
            else:
                items = {key: originals.get(id(v), plain(v)) for key, v in changed.items()}
                original.clear()
                original.update(items)


def plain(value: Any) -> Any:
    """A result with plain arrays in place of constants, also in lists, tuples and dicts."""
    kind = value.__class__
    if isinstance(value, Tensor):
        return value._value if value._node is None and value._trace == EAGER else value
    if kind is tuple or kind is list:
        return kind([plain(item) for item in value])
    return {key: plain(item) for key, item in value.items()} if kind is dict else value
