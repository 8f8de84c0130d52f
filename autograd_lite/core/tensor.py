"""Tensor: an array that records what NumPy does with it.

    w = Tensor([1.0, 2.0])
    loss = np.sum(np.exp(w) * 3)
    loss.backward()
    w.grad                      # 3 * exp(w)

The class says what a Tensor can do and how NumPy's calls reach it; `recording` does the rest.
"""

import operator
import sys
from typing import Any, final

import numpy as np

from .array_methods import ArrayMethods
from .assignment import Assignments
from .comparisons import Comparisons
from .operation import BINARY, OPERATIONS, UNARY, Operation
from .recording import (
    class_of_results,
    record_binary,
    record_first,
    record_item,
    record_sequence,
    record_unary,
    recorders,
    wrap,
)
from .trace import EAGER, Traced, dispatch
from .ufunc_outputs import call_otherwise


@class_of_results
@final
class Tensor(Assignments, ArrayMethods, Comparisons):
    """A NumPy array that records the operations done with it, to be differentiated.

    `data` is anything `np.array` takes, of a floating or complex dtype, which is kept; it is
    copied. With `requires_grad=False` the Tensor is a constant, and may hold whole numbers.
    Raises TypeError for whole numbers otherwise, and for text and objects.

    NumPy's functions, operators and ndarray methods can be used on it, in any mixture with arrays
    and numbers. `backward()` on a scalar result adds the gradients to `.grad` of the Tensors that
    it was computed from; with respect to a complex x + iy that is dL/dx + i dL/dy.

    >>> w = Tensor([1.0, 2.0, 3.0])
    >>> loss = np.sum(w * w)
    >>> loss.backward()
    >>> w.grad
    array([2., 4., 6.])
    """

    __slots__ = ()

    def detach(self) -> "Tensor":
        """A constant Tensor with the same data; what is computed from it is not recorded.

        Inside transforms it is constant for all of them.

        >>> w = Tensor([1.0, 2.0])
        >>> (w * w.detach()).sum().backward()
        >>> w.grad
        array([1., 2.])
        """
        if isinstance(self._value, Traced):
            return self._value.detach()  # type: ignore[no-any-return]
        return wrap(self._hand_out(sys._getframe(1)), None, EAGER)  # type: ignore[no-any-return]

    def _record(self, operation: Operation, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return record_first(self, operation, args, kwargs)

    _record_unary = record_unary
    __getitem__ = record_item

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if method == "__call__" and not kwargs:
            if len(inputs) == 2:
                return record_binary(ufunc, inputs)
            operation = UNARY.get(ufunc)
            if operation is not None:
                return record_unary(self, operation)
        return call_otherwise(ufunc, method, inputs, kwargs)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        operation = OPERATIONS.get(function)
        if operation is None:
            return dispatch(function, args, kwargs)
        if not kwargs:
            if operation.joins and len(args) == 1:
                return record_sequence(operation, self._trace, args[0])
            if function in BINARY and len(args) == 2:
                return record_binary(function, args)
        return record_first(self, operation, args, kwargs)

    __add__, __radd__ = recorders(np.add, operator.add)
    __sub__, __rsub__ = recorders(np.subtract, operator.sub)
    __mul__, __rmul__ = recorders(np.multiply, operator.mul)
    __truediv__, __rtruediv__ = recorders(np.true_divide, operator.truediv)
    __mod__, __rmod__ = recorders(np.remainder, operator.mod)
    __matmul__, __rmatmul__ = recorders(np.matmul, operator.matmul)
    _power, __rpow__ = recorders(np.power, operator.pow)

    def __pow__(self, other: Any) -> Any:
        if other.__class__ is int and other == 2:
            return record_unary(self, UNARY[np.square])  # as NumPy itself computes it
        return self._power(other)

    def __neg__(self) -> Any:
        return record_unary(self, UNARY[np.negative])

    def __pos__(self) -> Any:
        return record_unary(self, UNARY[np.positive])

    def __abs__(self) -> Any:
        return record_unary(self, UNARY[np.absolute])
