"""Functions that make arrays, for the namespace: those of real or complex numbers accept Tensors.

What they return is a constant Tensor, so that a loop can fill it::

    result = np.zeros(3)
    result[1] = t                   # a plain array could not take it without losing its gradient

Arrays of whole numbers, booleans and text are plain arrays, as indices and labels should be.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from ..core.errors import is_refusal, message
from ..core.operands import stack
from ..core.primitives import astype
from ..core.recording import wrap
from ..core.tensor import Tensor
from ..core.trace import EAGER, HANDLERS, Traced, newest, peel_all
from ..core.views import in_order
from ..rules.creation import arange as tensor_arange

new, plain_array, FLOAT64 = object.__new__, np.ndarray, np.dtype(np.float64)
Maker = Callable[..., Any]


def accepting(array: Any) -> Any:
    """An array as a constant Tensor, if it could be differentiated."""
    plain = array.__class__ is np.ndarray
    return wrap(array, None, EAGER) if plain and array.dtype.kind in "fc" else array


def making(function: Maker, of_tensors: Maker | None = None, *, from_array: bool = False) -> Maker:
    """A function that makes arrays, and `of_tensors` in its place where it refuses Tensors.

    It is asked first, since looking for Tensors takes longer than many of these functions; but
    not for a single Tensor, if it makes an array `from_array`: constants it would not refuse.
    """

    def slowly(error: Exception, args: Any, kwargs: Any) -> Any:
        if of_tensors is None or newest(kwargs.values(), newest(args)) is None:
            raise error
        return of_tensors(*args, **kwargs)

    @wraps(function)
    def make(*args: Any, **kwargs: Any) -> Any:
        if from_array and args and args[0].__class__ is Tensor:
            return of_tensors(*args, **kwargs)  # type: ignore[misc]  # there is one for these
        try:
            array = function(*args, **kwargs)
        except (TypeError, ValueError) as error:
            return slowly(error, args, kwargs)
        if array.__class__ is not plain_array:
            return array
        if array.dtype is not FLOAT64 and array.dtype.kind not in "fc":
            return array
        tensor = new(Tensor)  # as accepting(array), without a call
        tensor._value = array
        tensor._node = None
        tensor._trace = EAGER
        return tensor

    return make


def of_tensors(a: Any, dtype: Any = None, *, ndmin: int = 0, **_: Any) -> Any:
    """What `numpy.array` makes of nested lists of Tensors."""
    if dtype is not None and np.dtype(dtype) == object:
        return of_objects(a)
    result = stack(a)
    if dtype is not None and np.dtype(dtype) != result.dtype:
        result = astype(result, dtype)
    lacking = ndmin - np.ndim(result)
    return np.reshape(result, (1,) * lacking + result.shape) if lacking > 0 else result


def of_objects(items: Any) -> Any:
    """An array of objects, of which some are Tensors: of several shapes as a rule."""
    shapes = {np.shape(peel_all(item)) for item in items}
    if len(shapes) == 1 and shapes != {()}:
        items = [of_objects(list(item)) for item in items]
        return np.stack(items)
    result = np.empty(len(items), object)
    for at, item in enumerate(items):
        result[at] = item
    return result


def of_tensor(function: Maker, a: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """What a function like `numpy.array` makes of a Tensor: a copy where NumPy makes one."""
    plain = peel_all(a)
    found = function(plain, *args, **kwargs)
    if found is plain:
        return a
    result = a if found.dtype == a.dtype else astype(a, found.dtype)
    if result is a and not np.may_share_memory(found, plain):
        result = np.copy(a)
    if found.shape != a.shape:
        return np.reshape(result, found.shape)
    return result if result.strides == found.strides else in_order(result, found.strides)


def array_of(function: Maker) -> Maker:
    """`array`, `asarray` and their kin: also of Tensors, and of nested lists of them."""

    def slowly(a: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(a, Traced):
            return of_tensor(function, a, args, kwargs)
        return of_tensors(a, *args[:1], **kwargs)

    return making(function, slowly, from_array=True)


ARRAYS = {name: array_of(getattr(np, name)) for name in (
    "array", "asanyarray", "asarray", "ascontiguousarray", "asfortranarray", "require",
)}  # fmt: skip
MADE = {name: making(getattr(np, name)) for name in (
    "bartlett", "blackman", "empty", "eye", "frombuffer", "fromfile", "fromstring", "genfromtxt",
    "hamming", "hanning", "identity", "kaiser", "loadtxt", "ones", "tri", "zeros",
)}  # fmt: skip


@wraps(np.asarray_chkfinite)
def asarray_chkfinite(a: Any, dtype: Any = None, order: Any = None) -> Any:
    """An array or Tensor without NaN and infinities; ValueError for one with such."""
    np.asarray_chkfinite(peel_all(stack(a)))
    return ARRAYS["asarray"](a, dtype, order=order)


def full_of(shape: Any, value: Any, dtype: Any = None, order: Any = "C", **options: Any) -> Any:
    """An array filled with a Tensor that broadcasts to the shape."""
    value = stack(value)
    result = accepting(np.empty(shape, dtype or value.dtype, order, **options))
    result[...] = value
    return result


full = making(np.full, full_of)


plain_arange = making(np.arange)


@wraps(np.arange)
def arange(*args: Any, **kwargs: Any) -> Any:
    """Numbers in equal steps, whose ends and step may be Tensors."""
    for value in (*args, *kwargs.values()) if kwargs else args:
        if isinstance(value, Traced):
            return tensor_arange(*args, **kwargs)
    return plain_arange(*args, **kwargs)


@wraps(np.fromiter)
def fromiter(iter: Any, dtype: Any, count: int = -1, **options: Any) -> Any:
    """An array of the numbers that an iterable yields, which may be Tensors."""
    items = list(iter)
    if newest(items) is None:
        return accepting(np.fromiter(items, dtype, count, **options))
    return ARRAYS["array"](items[:count] if count >= 0 else items, dtype)


@wraps(np.fromfunction)
def fromfunction(function: Any, shape: Any, *, dtype: Any = float, **kwargs: Any) -> Any:
    """`function` of the coordinates of an array of `shape`."""
    return function(*map(accepting, np.indices(shape, dtype)), **kwargs)


def with_constant(function: Maker) -> Maker:
    """The function with its first argument as a constant Tensor, so that NumPy asks it."""

    def call(a: Any, *args: Any, **kwargs: Any) -> Any:
        return function(wrap(np.asarray(a), None, EAGER), *args, **kwargs)

    return call


def unseen(function: Maker) -> Maker:
    """A function that NumPy asks no Tensor about that stands in some other argument only."""
    again = with_constant(function)

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except TypeError:
            tensors = newest(kwargs.values(), newest(args[1:]))
            if tensors is None or newest(args[:1]) is not None:
                raise
            return again(*args, **kwargs)

    return call


LIKE = {name: making(getattr(np, name), with_constant(getattr(np, name))) for name in (
    "empty_like", "full_like", "geomspace", "linspace", "logspace", "ones_like", "zeros_like",
)}  # fmt: skip
UNSEEN = {name: unseen(getattr(np, name)) for name in ("insert", "pad")}


class ArrayType(type(np.ndarray)):  # type: ignore[misc]  # the class of a class is not static
    """What makes a Tensor an `isinstance` of the namespace's `ndarray`, and of an equal type."""

    def __eq__(cls, other: object) -> bool:
        return other is cls or other is Tensor or other is np.ndarray

    __hash__ = type.__hash__

    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, np.ndarray | Tensor)

    def __subclasscheck__(cls, subclass: type) -> bool:
        return issubclass(subclass, np.ndarray | Tensor)


class ndarray(metaclass=ArrayType):  # noqa: N801 - as NumPy calls it
    """The type of arrays and Tensors, which accepts Tensors on assignment."""

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        """An array that is not initialised, as `numpy.ndarray(shape)`."""
        return accepting(np.ndarray(*args, **kwargs))


class vectorize(np.vectorize):  # noqa: N801 - as NumPy calls it
    """`numpy.vectorize`: a Python function of numbers, called for every entry.

    With Tensors among the arguments the results are stacked. Raises TypeError for `signature=`
    and `excluded=` then.
    """

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function for every entry of the arguments, broadcast against one another."""
        if newest((*args, *kwargs.values())) is None:
            try:
                return super().__call__(*args, **kwargs)
            except (TypeError, ValueError) as error:  # results may be Tensors
                if not is_refusal(error):
                    raise
        if self.signature is not None or self.excluded or kwargs:
            raise TypeError(
                message(
                    "vectorize with signature=, excluded= or keywords cannot take Tensors",
                    remedy="call the function in a loop, and np.stack the results",
                )
            )
        arrays = np.broadcast_arrays(*map(stack, args))
        columns = [np.reshape(array, (-1,)) for array in arrays]
        results = [self.pyfunc(*entries) for entries in zip(*columns, strict=True)]
        return np.reshape(stack(results), arrays[0].shape)


def handle_like(name: str, function: Callable[..., Any]) -> None:
    """Handle `numpy.zeros(3, like=tensor)`, for which NumPy asks the Tensor."""

    def by_like(_: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return function(*args, **{key: value for key, value in kwargs.items() if key != "like"})

    HANDLERS[getattr(np, name)] = by_like


FILLED: dict[str, Callable[..., Any]] = {
    **ARRAYS, **MADE, "asarray_chkfinite": asarray_chkfinite, "full": full,
    "arange": arange, "fromfunction": fromfunction, "fromiter": fromiter,
}  # fmt: skip
for each, made in FILLED.items():
    handle_like(each, made)
MAKERS: dict[str, Any] = {
    **FILLED, **LIKE, **UNSEEN, "ndarray": ndarray, "vectorize": vectorize,
}  # fmt: skip
