"""Arguments of code that was written for arrays: as constants on the way in, and back."""

from typing import Any

import numpy as np

from ..core.tensor import Tensor, wrap
from ..core.trace import EAGER, Traced


class Arguments:
    """Wraps the arrays of a call, and writes back what the call has changed in place.

    `traced` tells whether there was a Tensor among them.
    """

    def __init__(self) -> None:
        self.traced = False
        self.arrays: list[tuple[Any, Tensor]] = []
        self.containers: list[tuple[Any, Any]] = []

    def wrapped(self, value: Any) -> Any:
        """An argument with its arrays of real or complex numbers as constant Tensors."""
        kind = value.__class__
        if isinstance(value, Traced):
            self.traced = True
        elif kind is np.ndarray and value.dtype.kind in "fc":
            value = wrap(value, None, EAGER)
            self.arrays.append((value._value, value))
        elif kind is tuple:
            return tuple([self.wrapped(item) for item in value])
        elif kind is list:
            self.containers.append((value, [self.wrapped(item) for item in value]))
            return self.containers[-1][1]
        elif kind is dict:
            self.containers.append((value, {k: self.wrapped(v) for k, v in value.items()}))
            return self.containers[-1][1]
        return value

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
