"""What the small wrappers of transforms have in common: NumPy's protocols, by dispatch.

A Tensor records by short ways of its own; a `Dual` and a `Batched` hand every call to `dispatch`,
which finds the newest trace among all arguments.
"""

from typing import Any

import numpy as np

from ..core.array_methods import ArrayMethods
from ..core.assignment import Assignments
from ..core.comparisons import Comparisons
from ..core.operands import dispatch_operator
from ..core.operation import Operation
from ..core.primitives import getitem, own_index
from ..core.trace import dispatch
from ..core.ufunc_methods import call_ufunc
from ..core.ufunc_outputs import call_at, call_into


class Wrapper(Assignments, ArrayMethods, Comparisons):
    """A value of a transform's trace: abstract. `_record` says what a call does to it."""

    __slots__ = ()

    def _record_unary(self, operation: Operation) -> Any:
        return self._record(operation, (self,), {})

    def __getitem__(self, index: Any) -> Any:
        return getitem(self, own_index(index))

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if method == "at":
            return call_at(ufunc, inputs[0], inputs[1], inputs[2:])
        outputs = kwargs.pop("out", ())
        if any(out is not None for out in outputs):
            return call_into(ufunc, method, inputs, outputs, kwargs)
        if method == "__call__" and not kwargs:
            return dispatch(ufunc, inputs, kwargs)
        return call_ufunc(ufunc, method, inputs, kwargs)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return dispatch(function, args, kwargs)

    def __add__(self, other: Any) -> Any:
        return dispatch_operator(np.add, self, other)

    def __radd__(self, other: Any) -> Any:
        return dispatch_operator(np.add, other, self)

    def __sub__(self, other: Any) -> Any:
        return dispatch_operator(np.subtract, self, other)

    def __rsub__(self, other: Any) -> Any:
        return dispatch_operator(np.subtract, other, self)

    def __mul__(self, other: Any) -> Any:
        return dispatch_operator(np.multiply, self, other)

    def __rmul__(self, other: Any) -> Any:
        return dispatch_operator(np.multiply, other, self)

    def __truediv__(self, other: Any) -> Any:
        return dispatch_operator(np.true_divide, self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return dispatch_operator(np.true_divide, other, self)

    def __mod__(self, other: Any) -> Any:
        return dispatch_operator(np.remainder, self, other)

    def __rmod__(self, other: Any) -> Any:
        return dispatch_operator(np.remainder, other, self)

    def __matmul__(self, other: Any) -> Any:
        return dispatch_operator(np.matmul, self, other)

    def __rmatmul__(self, other: Any) -> Any:
        return dispatch_operator(np.matmul, other, self)

    def __pow__(self, other: Any) -> Any:
        if other.__class__ is int and other == 2:
            return dispatch(np.square, (self,), {})  # as NumPy itself computes it
        return dispatch_operator(np.power, self, other)

    def __rpow__(self, other: Any) -> Any:
        return dispatch_operator(np.power, other, self)

    def __neg__(self) -> Any:
        return dispatch(np.negative, (self,), {})

    def __pos__(self) -> Any:
        return dispatch(np.positive, (self,), {})

    def __abs__(self) -> Any:
        return dispatch(np.absolute, (self,), {})
