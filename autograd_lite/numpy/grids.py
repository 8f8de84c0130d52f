"""`r_`, `c_` and `mgrid`, whose entries and ends may be Tensors.

    r_[w, 0.0, 1:3:5j]          # as with numpy.r_, and differentiable in w

NumPy's own make arrays of what they are given, and refuse Tensors. Of plain numbers these make
constant Tensors, as all of the namespace does, to which Tensors can be assigned.
"""

import sys
from typing import Any

import numpy as np

from ..core.errors import message
from ..core.operands import stack
from ..core.primitives import astype
from ..core.trace import newest
from ..rules.creation import arange
from ..rules.shapes import with_axes
from .creation import accepting


def has_tensor(key: Any) -> bool:
    """Whether there is a Tensor in an index, also within slices and lists."""
    if isinstance(key, slice):
        return newest((key.start, key.stop, key.step)) is not None
    if isinstance(key, tuple):
        return any(map(has_tensor, key))
    return newest((key,)) is not None


def of_plain(array: Any) -> Any:
    """What NumPy made of plain values, as the namespace's other arrays; matrices stay matrices."""
    return accepting(array) if array.__class__ is np.ndarray else array


class Concatenator:
    """What `numpy.r_` and `numpy.c_` are: indexing that joins along an axis.

    `axis` is the one along which arrays are joined; they get at least `ndmin` axes, and the
    first of those that they had comes to be number `start`.

    >>> import autograd_lite as ag
    >>> w = ag.Tensor([1.0, 2.0])
    >>> r_[w, 5, 0:1:3j]
    Tensor([1. , 2. , 5. , 0. , 0.5, 1. ], operation=concatenate)
    """

    __slots__ = ("axis", "ndmin", "plain", "start")

    def __init__(self, plain: Any, axis: int, ndmin: int, start: int) -> None:
        self.plain = plain
        self.axis = axis
        self.ndmin = ndmin
        self.start = start

    def __len__(self) -> int:
        return 0

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, str):  # names of matrices where it is written
            frame = sys._getframe(1)
            return np.bmat(key, frame.f_globals, frame.f_locals)
        if not has_tensor(key):
            return of_plain(self.plain[key])
        items = key if isinstance(key, tuple) else (key,)
        if isinstance(items[0], str):
            return self._directed(items[0])._join(items[1:])
        return self._join(items)

    def _directed(self, directive: str) -> "Concatenator":
        """A concatenator as the string that came first asks for."""
        if directive in ("r", "c"):
            raise TypeError(
                message(
                    f"{directive!r} asks for a matrix, which a Tensor cannot be",
                    remedy="leave it away, and reshape the result: y[None, :] or y[:, None]",
                )
            )
        try:
            numbers = [int(part) for part in directive.split(",")[:3]]
        except ValueError:
            raise ValueError(f"unknown special directive {directive!r}") from None
        defaults = [self.axis, self.ndmin, self.start]
        return Concatenator(self.plain, *numbers, *defaults[len(numbers) :])

    def _join(self, items: tuple[Any, ...]) -> Any:
        """Join arrays, numbers and slices that stand for samples."""
        arrays, kinds = [], []
        for item in items:
            if isinstance(item, str):
                raise ValueError("special directives must be the first entry.")
            array = self._part(item)
            arrays.append(array)
            kinds.append(item if type(item) in np.ScalarType else array.dtype)
        dtype = np.result_type(*kinds)
        return np.concatenate([cast(array, dtype) for array in arrays], axis=self.axis)

    def _part(self, item: Any) -> Any:
        """One item as an array of at least `ndmin` axes."""
        if isinstance(item, slice):
            array = with_axes(samples(item), self.ndmin)
            swapped = self.ndmin > 1 and self.start != -1
            return np.swapaxes(array, -1, self.start) if swapped else array
        array = stack(item)
        array = array if hasattr(array, "dtype") else np.asarray(array)
        missing = self.ndmin - np.ndim(array)
        array = with_axes(array, self.ndmin)
        if self.start == -1 or missing <= 0:
            return array
        first = self.start + missing + 1 if self.start < 0 else self.start
        axes = list(range(self.ndmin))
        return np.transpose(array, axes[:first] + axes[missing:] + axes[first:missing])


def samples(item: slice) -> Any:
    """The numbers that a slice stands for: with an imaginary step, so many of them."""
    start = 0 if item.start is None else item.start
    step = 1 if item.step is None else item.step
    if isinstance(step, complex | np.complexfloating):
        return np.linspace(start, item.stop, num=int(abs(complex(step))))
    return arange(start, item.stop, step)


def cast(array: Any, dtype: Any) -> Any:
    """The array in the dtype of the result."""
    return array if array.dtype == dtype else astype(array, dtype)


class Grid:
    """What `numpy.mgrid` is, whose ends may be Tensors.

    >>> import autograd_lite as ag
    >>> mgrid[0 : ag.Tensor(1.0) : 3j, 0:2][0]
    Tensor([[0. , 0. ],
            [0.5, 0.5],
            [1. , 1. ]], operation=getitem)
    """

    __slots__ = ()

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, tuple) and has_tensor(key):
            return np.stack(np.broadcast_arrays(*np.ogrid[key]))
        grid = np.mgrid[key]
        return grid if newest((grid,)) is not None else of_plain(grid)


r_ = Concatenator(np.r_, axis=0, ndmin=1, start=-1)
c_ = Concatenator(np.c_, axis=-1, ndmin=2, start=0)
mgrid = Grid()
