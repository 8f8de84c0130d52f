"""What the small wrappers of transforms have in common: NumPy's protocols, by dispatch.

A Tensor records by short ways of its own; a `Dual` and a `Batched` hand every call to `dispatch`,
which finds the newest trace among all arguments.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from ..core.array_methods import ArrayMethods
from ..core.assignment import Assignments
from ..core.comparisons import Comparisons
from ..core.operands import PLAIN, dispatch_operator
from ..core.operation import OPERATIONS, UNARY, Operation
from ..core.primitives import getitem, own_index
from ..core.trace import dispatch
from ..core.ufunc_outputs import call_otherwise

Method = Callable[[Any, Any], Any]
NOTHING: dict[str, Any] = {}


def methods(function: Any) -> tuple[Method, Method]:
    """The methods of an operator: `function(self, other)` and `function(other, self)`."""

    def forward(self: Any, other: Any) -> Any:
        if other.__class__ in PLAIN:
            return self._record(OPERATIONS[function], (self, other), NOTHING)
        return dispatch_operator(function, self, other)

    def reflected(self: Any, other: Any) -> Any:
        if other.__class__ in PLAIN:
            return self._record(OPERATIONS[function], (other, self), NOTHING)
        return dispatch_operator(function, other, self)

    return forward, reflected


class Wrapper(Assignments, ArrayMethods, Comparisons):
    """A value of a transform's trace: abstract. `_record` says what a call does to it."""

    __slots__ = ()

    def _record_unary(self, operation: Operation) -> Any:
        return self._record(operation, (self,), {})

    def __getitem__(self, index: Any) -> Any:
        return getitem(self, own_index(index))

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if method == "__call__" and not kwargs:
            if len(inputs) == 1 and ufunc in UNARY:
                return self._record_unary(UNARY[ufunc])
            return dispatch(ufunc, inputs, kwargs)
        return call_otherwise(ufunc, method, inputs, kwargs)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return dispatch(function, args, kwargs)

    __add__, __radd__ = methods(np.add)
    __sub__, __rsub__ = methods(np.subtract)
    __mul__, __rmul__ = methods(np.multiply)
    __truediv__, __rtruediv__ = methods(np.true_divide)
    __mod__, __rmod__ = methods(np.remainder)
    __matmul__, __rmatmul__ = methods(np.matmul)
    _power, __rpow__ = methods(np.power)

    def __pow__(self, other: Any) -> Any:
        if other.__class__ is int and other == 2:
            return self._record_unary(OPERATIONS[np.square])  # as NumPy itself computes it
        return self._power(other)

    def __neg__(self) -> Any:
        return self._record_unary(OPERATIONS[np.negative])

    def __pos__(self) -> Any:
        return self._record_unary(OPERATIONS[np.positive])

    def __abs__(self) -> Any:
        return self._record_unary(OPERATIONS[np.absolute])
