"""Tensor: an array that records what NumPy does with it.

    w = Tensor([1.0, 2.0])
    loss = np.sum(np.exp(w) * 3)
    loss.backward()
    w.grad                      # 3 * exp(w)

`record` is the whole recorder: it calls the function on what lies under the newest trace and
notes, for each operand that is differentiated, where its gradient goes, by which rule, and what
the rule needs. `record_unary` and `record_binary` are its short ways for operators and ufuncs.
"""

import operator
import sys
from collections.abc import Callable
from typing import Any, final

import numpy as np
from numpy import ndarray

from .array_methods import ArrayMethods
from .assignment import Assignments
from .comparisons import Comparisons
from .errors import explained
from .guards import guarded, safe_edge
from .node import Node, next_index
from .operands import (
    FAILURES,
    PLAIN,
    as_operand,
    dispatch_operator,
    find_edges,
    named_operands,
    no_number,
    not_an_array,
    out_of,
    peel_operands,
    plain_values,
    restack,
    with_complex,
    without_out,
)
from .operation import BINARY, OPERATIONS, SHAPE, UNARY, Operation
from .trace import EAGER, dispatch, newest, paused, peel_all, store
from .ufunc_methods import call_ufunc
from .ufunc_outputs import call_at, call_into
from .views import remember_view

FLOAT64 = np.dtype(np.float64)
BinaryMethod = Callable[[Any, Any], Any]
new = object.__new__
RECORDERS: dict[Any, tuple[BinaryMethod, BinaryMethod]] = {}


def attach(y: Any, dtype: Any, trace: int, operation: Operation, edges: Any) -> "Tensor":
    """The Tensor of a result, with its node in the graph."""
    node = Node()
    node.operation = operation
    node.edges = edges
    node.shape = y.shape
    node.dtype = dtype
    node.index = next_index()
    tensor = new(Tensor)
    tensor._value = y
    tensor._node = node
    tensor._trace = trace
    return tensor


def record_unary(x: "Tensor", operation: Operation) -> Any:
    """Record `function(x)`, which is not a view of x."""
    value = x._value
    underneath = operation.kernel if value.__class__ is ndarray else operation.function
    try:
        y = underneath(value)
    except FAILURES as error:
        raise explained(error, operation.function, (x,), {}, operation.remedy) from None
    dtype = y.dtype
    if x._node is None or x._trace <= paused() or (dtype is not FLOAT64 and dtype.kind != "f"):
        return beside(y, x._trace, operation, (x,), (value,))
    return attach(y, dtype, x._trace, operation, operation.edge(x._node, y, value))


def record_sequence(operation: Operation, trace: int, members: Any) -> Any:
    """Record `function(members)`, a sequence of Tensors and arrays, as of `np.hstack`."""
    rule = operation.rules[0]
    raw, tracked = [], []
    for member, item in enumerate(members):
        if item.__class__ is Tensor and item._trace == trace:
            if item._node is not None:
                tracked.append((member, item._node))
            raw.append(item._value)
        elif item.__class__ is ndarray:
            raw.append(item)
        else:
            return record(operation, trace, (members,), {})
    if trace != EAGER or not tracked or trace <= paused():
        return record(operation, trace, (members,), {})
    try:
        y = operation.kernel(raw)
    except FAILURES as error:
        raise explained(error, operation.function, (members,), {}, operation.remedy) from None
    dtype = y.dtype
    if dtype is not FLOAT64 and dtype.kind != "f":
        return beside(y, trace, operation, (members,), (raw,))
    edges = [(node, rule, rule.keep(y, member, raw)) for member, node in tracked]
    constants = () if operation.kind is SHAPE else plain_values(members, raw)
    return attach(y, dtype, trace, operation, guarded(edges, constants))


def recorders(  # noqa: C901 - written out: every call saved is saved in every operation
    function: Any, kernel: Any
) -> tuple[BinaryMethod, BinaryMethod]:
    """Methods that record `function(self, other)` and `function(other, self)`.

    `kernel` computes it on what lies underneath: the same function, or its operator.
    """

    def forward(self: "Tensor", other: Any) -> Any:
        kind = other.__class__
        if kind is Tensor:
            if self._trace != other._trace:
                return dispatch(function, (self, other), {})
            b, right = other._value, other._node
        elif kind in PLAIN:
            b, right = other, None
        else:
            return dispatch_operator(function, self, other)
        a, left, trace = self._value, self._node, self._trace
        operation = BINARY[function]
        try:
            y = kernel(a, b)
        except FAILURES as error:
            raise explained(error, function, (self, other), {}, operation.remedy) from None
        dtype = y.dtype
        if trace <= paused() or (dtype is not FLOAT64 and dtype.kind != "f"):
            return beside(y, trace, operation, (self, other), (a, b))
        if right is None:
            if left is None:
                return beside(y, trace, operation, (self, other), (a, b))
            if operation.keeps_second and b.__class__ is ndarray:
                edges = safe_edge(left, operation.rules[0], y, a, b, b)
            else:
                edges = operation.edge(left, y, a, b)
        elif left is None:
            rule = operation.rules[1]
            if operation.keeps_first and a.__class__ is ndarray:
                edges = safe_edge(right, rule, y, a, b, a)
            else:
                edges = ((right, rule, rule.keep(y, None, a, b)),)
        else:
            edges = operation.edges(left, right, y, a, b)
        return attach(y, dtype, trace, operation, edges)

    def reflected(self: "Tensor", other: Any) -> Any:
        if other.__class__ not in PLAIN:
            return dispatch_operator(function, other, self)
        b, right, trace = self._value, self._node, self._trace
        operation = BINARY[function]
        try:
            y = kernel(other, b)
        except FAILURES as error:
            raise explained(error, function, (other, self), {}, operation.remedy) from None
        dtype = y.dtype
        if right is None or trace <= paused() or (dtype is not FLOAT64 and dtype.kind != "f"):
            return beside(y, trace, operation, (other, self), (other, b))
        rule = operation.rules[1]
        if operation.keeps_first and other.__class__ is ndarray:
            edges = safe_edge(right, rule, y, other, b, other)
        else:
            edges = ((right, rule, rule.keep(y, None, other, b)),)
        return attach(y, dtype, trace, operation, edges)

    return forward, reflected


def record_binary(function: Any, operands: tuple[Any, Any]) -> Any:
    """Record `function(a, b)`, called through NumPy's protocols on operands of any kind."""
    methods = RECORDERS.get(function)
    if methods is None:
        if function not in BINARY:
            return dispatch(function, operands, {})
        methods = RECORDERS[function] = recorders(function, function)
    a, b = operands
    result = methods[0](a, b) if a.__class__ is Tensor else methods[1](b, a)
    return dispatch(function, operands, {}) if result is NotImplemented else result


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
        return wrap(peel_all(self._hand_out(sys._getframe(1))), None, EAGER)

    def _record(self, operation: Operation, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return record(operation, self._trace, args, kwargs)

    _record_unary = record_unary

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if method == "__call__" and not kwargs:
            if len(inputs) == 2:
                return record_binary(ufunc, inputs)
            operation = UNARY.get(ufunc)
            if operation is not None:
                return record_unary(self, operation)
        if method == "at":
            return call_at(ufunc, inputs[0], inputs[1], inputs[2:])
        outputs = kwargs.pop("out", ())
        if any(out is not None for out in outputs):
            return call_into(ufunc, method, inputs, outputs, kwargs)
        return call_ufunc(ufunc, method, inputs, kwargs)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        operation = OPERATIONS.get(function)
        if operation is None:
            return dispatch(function, args, kwargs)
        if not kwargs:
            if operation.joins and len(args) == 1:
                return record_sequence(operation, self._trace, args[0])
            if function in BINARY and len(args) == 2:
                return record_binary(function, args)
        return record(operation, self._trace, args, kwargs)

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


def wrap(data: Any, node: Node | None, trace: int) -> Tensor:
    """A Tensor around a value that is not computed: a constant, or the leaf of a trace."""
    tensor = new(Tensor)
    tensor._value = data
    tensor._node = node
    tensor._trace = trace
    return tensor


def record(  # noqa: C901 - refusals first, then one straight line
    operation: Operation, trace: int, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """Record a call; if a Traced value is newer than `trace`, it is handed to that one's trace."""
    raw, tracked = peel_operands(args, trace)
    options = kwargs
    if kwargs:
        values, more = peel_operands(kwargs.values(), trace)
        options = named_operands(operation, args, dict(zip(kwargs, values, strict=True)))
        tracked += more
    if tracked < 0:
        return dispatch(operation.function, args, kwargs)
    out = out_of(operation, args, kwargs)
    if out is not None:
        rest, others = without_out(operation, args, kwargs)
        return store(out, operation.function(*rest, **others), operation.function, args, kwargs)
    for at in operation.array_positions:
        if at < len(raw) and raw[at].__class__ not in PLAIN:
            raw[at] = as_operand(raw[at], operation, args, kwargs)
    older = trace != EAGER and newest(options.values(), newest(raw)) is not None
    try:
        if older:
            y = dispatch(operation.function, tuple(raw), options)
        else:
            y = operation.kernel(*raw, **options)
    except FAILURES as error:
        raise explained(error, operation.function, args, kwargs, operation.remedy) from None
    if y.__class__ is tuple and all(part.dtype.kind in "iub" for part in y):
        return y  # indices, as of np.where(mask)
    if not hasattr(y, "dtype"):
        raise not_an_array(y, operation, args, kwargs)
    if not tracked or trace <= paused():
        result = unrecorded(y, trace, operation.function, args)
    else:
        edges = find_edges(operation, y, trace, args, kwargs, raw, options)
        if len(edges) != tracked:
            return dispatch(operation.function, *restack(operation, trace, args, kwargs))
        dtype = y.dtype
        if dtype.kind not in "fc":
            return unrecorded(y, trace, operation.function, args)
        constants = plain_values((*args, *kwargs.values()), (*raw, *options.values()))
        needed = guarded(with_complex(operation, edges, dtype), constants)
        result = attach(y, dtype, trace, operation, needed)
    if operation.moves:
        remember_view(result, operation, args, kwargs)
    return result


def beside(y: Any, trace: int, operation: Operation, args: Any, raw: Any) -> Any:
    """What the short ways leave aside: a complex result is recorded, others are not."""
    dtype = y.dtype
    if dtype.kind == "c" and trace > paused():
        edges = find_edges(operation, y, trace, args, {}, raw, {})
        if edges:
            needed = with_complex(operation, edges, dtype)
            needed = guarded(needed, plain_values(args, raw))
            return attach(y, dtype, trace, operation, needed)
    return unrecorded(y, trace, operation.function, args)


def unrecorded(y: Any, trace: int, function: Any, args: tuple[Any, ...]) -> Any:
    """A result that is not recorded: a constant Tensor, or a plain array of whole numbers."""
    if y.dtype.kind in "fc":
        return wrap(y, None, trace)
    if y.dtype.kind in "iub":
        return y
    raise no_number(y, function, args)
