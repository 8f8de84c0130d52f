"""The ndarray methods and attributes of a Tensor, each by the NumPy function of the same name."""

import sys
from collections.abc import Iterator
from typing import Any, Self

import numpy as np

from .errors import describe, message
from .formulas import PACKAGE_NAME
from .iteration import FlatIterator
from .operation import OPERATIONS
from .primitives import astype, getitem
from .trace import Traced, dispatch, peel_all, without_gradient
from .views import set_shape

NAMESPACE = f"{PACKAGE_NAME}.numpy"  # of a layer above
Axis = int | tuple[int, ...] | None


class ArrayMethods(Traced):
    """Methods that work as those of `numpy.ndarray` do: abstract, a part of `Tensor`."""

    __slots__ = ()

    @property
    def shape(self) -> tuple[int, ...]:
        """Lengths of the axes."""
        return self._value.shape  # type: ignore[no-any-return]

    @shape.setter
    def shape(self, shape: Any) -> None:
        self._set_shape(shape)

    def _set_shape(self: Any, shape: Any) -> None:
        if set_shape(self, shape):
            return
        raise AttributeError(
            message(
                f"the shape of a Tensor {self._value.shape} cannot be set",
                remedy=f"use the result of t.reshape({shape!r})",
            )
        )

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return self._value.ndim  # type: ignore[no-any-return]

    @property
    def size(self) -> int:
        """Number of elements."""
        return self._value.size  # type: ignore[no-any-return]

    @property
    def dtype(self) -> Any:
        """NumPy dtype of the elements."""
        return self._value.dtype

    @property
    def itemsize(self) -> int:
        """Bytes of one element."""
        return self._value.dtype.itemsize  # type: ignore[no-any-return]

    @property
    def strides(self) -> tuple[int, ...]:
        """Bytes from an entry to the next one along each axis."""
        return self._value.strides  # type: ignore[no-any-return]

    @property
    def device(self) -> str:
        """Where the array is."""
        return "cpu"

    def to_device(self, device: str, /, *, stream: None = None) -> Self:
        """The Tensor itself, which is on the only device there is; ValueError for any other."""
        if device != "cpu" or stream is not None:
            raise ValueError(message(f"no device {device!r}", remedy='the only one is "cpu"'))
        return self

    @property
    def nbytes(self) -> int:
        """Bytes of all elements."""
        return self.size * self.itemsize

    @property
    def T(self) -> Self:
        """The Tensor with its axes reversed."""
        return self._record(OPERATIONS[np.transpose], (self,), {})

    @property
    def mT(self) -> Self:
        """The Tensor with its last two axes exchanged."""
        return self._record(OPERATIONS[np.swapaxes], (self, -1, -2), {})

    def __array_namespace__(self, api_version: str | None = None) -> Any:
        """The namespace of functions for Tensors, for libraries that ask as the array API says."""
        return sys.modules[NAMESPACE]

    def __len__(self) -> int:
        if self.ndim == 0:
            raise TypeError(message("len() of a Tensor without axes", remedy="use t.size, t.shape"))
        return self.shape[0]

    def __iter__(self) -> Iterator[Self]:
        if self.ndim == 0:
            raise TypeError(
                message(
                    "iteration over a Tensor without axes",
                    remedy="use t.item() for its value, or iterate before reducing",
                )
            )
        return (getitem(self, index) for index in range(self.shape[0]))

    def __contains__(self, value: Any) -> bool:
        return bool(np.any(without_gradient(np.equal, (self, value), {})))

    def _call(self, function: Any, *args: Any, **kwargs: Any) -> Self:
        """Call a NumPy function with further arguments that may be Tensors."""
        return dispatch(function, (self, *args), kwargs)  # type: ignore[no-any-return]

    # Reductions and scans

    def sum(self, axis: Axis = None, dtype: Any = None, **options: Any) -> Self:
        """Sum over `axis`; see `numpy.sum`."""
        if axis is None and dtype is None and not options:
            return self._record_unary(OPERATIONS[np.sum])
        return self._record(OPERATIONS[np.sum], (self, axis, dtype), options)

    def mean(self, axis: Axis = None, dtype: Any = None, **options: Any) -> Self:
        """Mean over `axis`; see `numpy.mean`."""
        if axis is None and dtype is None and not options:
            return self._record_unary(OPERATIONS[np.mean])
        return self._record(OPERATIONS[np.mean], (self, axis, dtype), options)

    def prod(self, axis: Axis = None, dtype: Any = None, **options: Any) -> Self:
        """Product over `axis`; see `numpy.prod`."""
        return self._record(OPERATIONS[np.prod], (self, axis, dtype), options)

    def max(self, axis: Axis = None, **options: Any) -> Self:
        """Maximum over `axis`; see `numpy.max`."""
        return self._record(OPERATIONS[np.max], (self, axis), options)

    def min(self, axis: Axis = None, **options: Any) -> Self:
        """Minimum over `axis`; see `numpy.min`."""
        return self._record(OPERATIONS[np.min], (self, axis), options)

    def var(
        self, axis: Axis = None, dtype: Any = None, out: Any = None, ddof: float = 0,
        **options: Any,
    ) -> Self:  # fmt: skip
        """Variance over `axis`; see `numpy.var`."""
        return self._record(OPERATIONS[np.var], (self, axis, dtype, out, ddof), options)

    def std(
        self, axis: Axis = None, dtype: Any = None, out: Any = None, ddof: float = 0,
        **options: Any,
    ) -> Self:  # fmt: skip
        """Standard deviation over `axis`; see `numpy.std`."""
        return self._record(OPERATIONS[np.std], (self, axis, dtype, out, ddof), options)

    def cumsum(self, axis: int | None = None, dtype: Any = None, out: Any = None) -> Self:
        """Running sum along `axis`; see `numpy.cumsum`."""
        return self._record(OPERATIONS[np.cumsum], (self, axis, dtype, out), {})

    def cumprod(self, axis: int | None = None, dtype: Any = None, out: Any = None) -> Self:
        """Running product along `axis`; see `numpy.cumprod`."""
        return self._record(OPERATIONS[np.cumprod], (self, axis, dtype, out), {})

    # Shapes

    def reshape(self, *shape: Any, **options: Any) -> Self:
        """The same elements in another shape, given as a tuple or as several integers."""
        target = shape[0] if len(shape) == 1 else shape
        return self._record(OPERATIONS[np.reshape], (self, target), options)

    def transpose(self, *axes: Any) -> Self:
        """Axes permuted (reversed by default), given as a tuple or as several integers."""
        order = axes[0] if len(axes) == 1 and not isinstance(axes[0], int) else axes
        return self._record(OPERATIONS[np.transpose], (self, order or None), {})

    def swapaxes(self, axis1: int, axis2: int) -> Self:
        """Two axes exchanged."""
        return self._record(OPERATIONS[np.swapaxes], (self, axis1, axis2), {})

    def ravel(self, order: Any = "C") -> Self:
        """All elements in one axis."""
        return self._record(OPERATIONS[np.ravel], (self,), {"order": order})

    def flatten(self, order: Any = "C") -> Self:
        """All elements in one axis, in memory of their own."""
        return self.ravel(order).copy()

    def squeeze(self, axis: Axis = None) -> Self:
        """Axes of length one removed."""
        return self._record(OPERATIONS[np.squeeze], (self, axis), {})

    def repeat(self, repeats: Any, axis: int | None = None) -> Self:
        """Each element repeated."""
        return self._record(OPERATIONS[np.repeat], (self, repeats, axis), {})

    def diagonal(self, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Self:
        """A diagonal of two axes; see `numpy.diagonal`."""
        return self._record(OPERATIONS[np.diagonal], (self, offset, axis1, axis2), {})

    def trace(
        self, offset: int = 0, axis1: int = 0, axis2: int = 1, dtype: Any = None, out: Any = None
    ) -> Self:
        """The sum of a diagonal; see `numpy.trace`."""
        return self._call(np.trace, offset, axis1, axis2, dtype, out)

    def view(self, *other: Any) -> Self:
        """The same Tensor once more; to see its memory as another dtype is refused (TypeError)."""
        if any(dtype is not np.ndarray and np.dtype(dtype) != self.dtype for dtype in other):
            raise TypeError(
                message(
                    f"a Tensor of dtype {self.dtype} cannot be seen as {describe(other[0])}",
                    remedy="convert its values: t.astype(dtype)",
                )
            )
        return getitem(self, Ellipsis)  # type: ignore[no-any-return]

    @property
    def flat(self) -> FlatIterator:
        """The elements one after another: to iterate over, to index and to assign to."""
        return FlatIterator(self)

    @flat.setter
    def flat(self, values: Any) -> None:
        FlatIterator(self)[:] = values

    def copy(self, order: Any = "C") -> Self:
        """The same values in new memory, with the gradient of the original."""
        return self._record(OPERATIONS[np.copy], (self,), {"order": order})

    def conj(self) -> Self:
        """The complex conjugate: of real numbers, themselves."""
        return self._call(np.conjugate) if self.dtype.kind == "c" else self

    conjugate = conj

    def astype(self, dtype: Any, **options: Any) -> Self:
        """Values in another dtype; the gradient comes back in this one.

        Whole-number dtypes give a plain array, which has no gradient.
        """
        return self._record(OPERATIONS[astype], (self, dtype), options)

    # Entries and products

    def take(self, indices: Any, axis: int | None = None, out: Any = None, mode: Any = "raise") -> Self:  # noqa: E501 # fmt: skip
        """Elements at `indices` along `axis`; see `numpy.take`."""
        return self._call(np.take, indices, axis, out, mode)

    def clip(self, min: Any = None, max: Any = None, out: Any = None) -> Self:
        """Values limited to [min, max]; see `numpy.clip`."""
        return self._call(np.clip, min, max, out)

    def dot(self, b: Any, out: Any = None) -> Self:
        """Dot product; see `numpy.dot`."""
        return self._call(np.dot, b, out)

    def compress(self, condition: Any, axis: int | None = None, out: Any = None) -> Self:
        """Slices along `axis` where the condition holds; see `numpy.compress`."""
        return dispatch(np.compress, (condition, self, axis), {"out": out})  # type: ignore[no-any-return]

    def choose(self, choices: Any, out: Any = None, mode: Any = "raise") -> Self:
        """Entries of `choices`, of which those of a constant are the numbers: `numpy.choose`."""
        return self._call(np.choose, choices, out, mode)

    # Without a gradient

    def searchsorted(self, v: Any, side: Any = "left", sorter: Any = None) -> Any:
        """Where entries would keep this vector sorted, a plain integer array."""
        return without_gradient(np.searchsorted, (self, v, side, sorter), {})

    def round(self, decimals: int = 0, out: Any = None) -> Any:
        """Rounded values, a plain array: the slope is 0 wherever there is one."""
        return dispatch(np.round, (self, decimals), {"out": out})

    def __round__(self, decimals: int = 0) -> Any:
        return self.round(decimals)

    def argmax(self, axis: int | None = None, **options: Any) -> Any:
        """Index of the maximum, a plain integer array."""
        return without_gradient(np.argmax, (self, axis), options)

    def argmin(self, axis: int | None = None, **options: Any) -> Any:
        """Index of the minimum, a plain integer array."""
        return without_gradient(np.argmin, (self, axis), options)

    def argsort(self, axis: int = -1, **options: Any) -> Any:
        """Indices that sort along `axis`, a plain integer array."""
        return without_gradient(np.argsort, (self, axis), options)

    def argpartition(self, kth: Any, axis: int | None = -1, **options: Any) -> Any:
        """Indices that partition along `axis`, a plain integer array."""
        return without_gradient(np.argpartition, (self, kth, axis), options)

    def any(self, axis: Axis = None, **options: Any) -> Any:
        """Whether any element is not zero, a plain boolean (array)."""
        return without_gradient(np.any, (self, axis), options)

    def all(self, axis: Axis = None, **options: Any) -> Any:
        """Whether all elements are not zero, a plain boolean (array)."""
        return without_gradient(np.all, (self, axis), options)

    def nonzero(self) -> Any:
        """Indices of the elements that are not zero, plain integer arrays."""
        return without_gradient(np.nonzero, (self,), {})

    def tobytes(self, order: Any = "C") -> bytes:
        """The values as bytes."""
        return np.asarray(peel_all(self)).tobytes(order)


class Missing:
    """An attribute of ndarray that a Tensor does not have: asking for it says what to do.

    A `__getattr__` would say the same, and slow down every attribute of every Tensor.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type) -> Any:
        raise AttributeError(
            message(
                f"a Tensor has no {self.name!r}, which an ndarray has: no derivative is declared",
                remedy=f"use t.data.{self.name}, which drops the gradient",
            )
        )


SUPPORTED = {"data", "flags", "grad", "tolist"}  # further names that Tensor itself defines
for attribute in dir(np.ndarray):
    if not (
        attribute.startswith("_") or attribute in SUPPORTED or hasattr(ArrayMethods, attribute)
    ):
        setattr(ArrayMethods, attribute, Missing(attribute))
