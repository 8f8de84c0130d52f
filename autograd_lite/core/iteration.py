"""`tensor.flat`: the entries of a Tensor one after another, read and assigned."""

from collections.abc import Callable
from typing import Any

import numpy as np

from .primitives import getitem
from .trace import peel_all


def comparison(name: str) -> Callable[[Any, Any], Any]:
    """A method that compares all entries: a plain array of truth values."""

    def compare(self: "FlatIterator", other: Any) -> Any:
        return getattr(self.ravel(), name)(other)

    return compare


class FlatIterator:
    """What `ndarray.flat` is, for a Tensor: its entries in C order, as Tensors without axes.

    >>> import autograd_lite as ag
    >>> w = ag.Tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> (w.flat[3] * sum(w.flat)).backward()
    >>> w.grad
    array([[ 4.,  4.],
           [ 4., 14.]])
    """

    __slots__ = ("base", "index")
    base: Any
    index: int

    def __init__(self, base: Any) -> None:
        self.base = base
        self.index = 0

    @property
    def coords(self) -> tuple[int, ...]:
        """The index, along every axis, of the entry that comes next."""
        shape = self.base.shape
        return tuple(int(i) for i in np.unravel_index(self.index, shape)) if shape else ()

    def ravel(self) -> Any:
        """All entries in one axis."""
        return np.ravel(self.base)

    def copy(self) -> Any:
        """All entries in one axis, in memory of their own."""
        return np.copy(self.ravel())

    def __len__(self) -> int:
        return int(self.base.size)

    def __iter__(self) -> "FlatIterator":
        return self

    def __next__(self) -> Any:
        if self.index >= len(self):
            raise StopIteration
        entry = getitem(self.base, self.coords)
        self.index += 1
        return entry

    def __getitem__(self, index: Any) -> Any:
        return (
            np.copy(getitem(self.ravel(), index))
            if index.__class__ is slice
            else getitem(self.ravel(), index)
        )

    def __setitem__(self, index: Any, value: Any) -> None:
        shape = self.base.shape
        numbers = np.arange(len(self))[index]
        places = np.unravel_index(numbers, shape) if shape else ()
        if np.ndim(value):  # too few are repeated, and too many left out
            value = np.resize(value, np.shape(numbers))
        self.base[places] = value

    # Functions see an array of one axis

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        return self.ravel().__array__(dtype, copy)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        return getattr(ufunc, method)(*map(unwrapped, inputs), **kwargs)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        values = {name: unwrapped(value) for name, value in kwargs.items()}
        return function(*map(unwrapped, args), **values)

    __eq__ = comparison("__eq__")
    __ne__ = comparison("__ne__")
    __lt__ = comparison("__lt__")
    __le__ = comparison("__le__")
    __gt__ = comparison("__gt__")
    __ge__ = comparison("__ge__")
    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return f"<flat iterator over a Tensor {self.base.shape}, values {peel_all(self.base)!r}>"


def unwrapped(value: Any) -> Any:
    """The value with Tensors of one axis in place of their iterators, also in lists."""
    if isinstance(value, FlatIterator):
        return value.ravel()
    if value.__class__ is list or value.__class__ is tuple:
        return value.__class__([unwrapped(item) for item in value])
    return value
