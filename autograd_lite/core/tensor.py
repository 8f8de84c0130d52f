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
from typing import Any, final

import numpy as np

from .array_methods import ArrayMethods
from .errors import explained, format_call, message
from .node import Node
from .operation import BINARY, UNARY, Operation, Rule
from .trace import EAGER, dispatch, newest, paused, peel, without_gradient
from .ufunc_methods import call_ufunc
from .variable import Variable

# What an operator may combine with a Tensor without a closer look.
PLAIN = frozenset(
    [np.ndarray, float, int, bool, np.float64, np.float32, np.float16, np.int64, np.bool_]
)
FAILURES = (ValueError, TypeError, IndexError)  # what NumPy raises for shapes, types and axes


@final
class Tensor(Variable, ArrayMethods):
    """A NumPy array that records the operations done with it, to be differentiated.

    `data` is anything `np.asarray` takes, of a real floating dtype, which is kept; an array is
    not copied: `tensor.data` is that array itself. With `requires_grad=False` the Tensor is a
    constant, and may hold integers. Raises TypeError for integers, booleans, complex numbers,
    text and objects otherwise.

    NumPy's functions, operators and ndarray methods can be used on it, in any mixture with arrays
    and numbers. `backward()` on a scalar result adds the gradients to `.grad` of the Tensors that
    it was computed from.

    >>> w = Tensor([1.0, 2.0, 3.0])
    >>> loss = np.sum(w * w)
    >>> loss.backward()
    >>> w.grad
    array([2., 4., 6.])
    """

    __slots__ = ()

    def detach(self) -> "Tensor":
        """A constant Tensor with the same data; what is computed from it is not recorded."""
        return wrap(self._data, None, self._trace)

    def _record(self, operation: Operation, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return record(operation, self._trace, args, kwargs)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if method == "__call__" and not kwargs:
            if len(inputs) == 1:
                return record_unary(ufunc, self)
            if len(inputs) == 2:
                return record_binary(ufunc, ufunc, *inputs)
        return call_ufunc(ufunc, method, inputs, kwargs)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return dispatch(function, args, kwargs)

    def __add__(self, other: Any) -> "Tensor":
        return record_binary(np.add, operator.add, self, other)

    def __radd__(self, other: Any) -> "Tensor":
        return record_binary(np.add, operator.add, other, self)

    def __sub__(self, other: Any) -> "Tensor":
        return record_binary(np.subtract, operator.sub, self, other)

    def __rsub__(self, other: Any) -> "Tensor":
        return record_binary(np.subtract, operator.sub, other, self)

    def __mul__(self, other: Any) -> "Tensor":
        return record_binary(np.multiply, operator.mul, self, other)

    def __rmul__(self, other: Any) -> "Tensor":
        return record_binary(np.multiply, operator.mul, other, self)

    def __truediv__(self, other: Any) -> "Tensor":
        return record_binary(np.true_divide, operator.truediv, self, other)

    def __rtruediv__(self, other: Any) -> "Tensor":
        return record_binary(np.true_divide, operator.truediv, other, self)

    def __pow__(self, other: Any) -> "Tensor":
        return record_binary(np.power, operator.pow, self, other)

    def __rpow__(self, other: Any) -> "Tensor":
        return record_binary(np.power, operator.pow, other, self)

    def __mod__(self, other: Any) -> "Tensor":
        return record_binary(np.remainder, operator.mod, self, other)

    def __rmod__(self, other: Any) -> "Tensor":
        return record_binary(np.remainder, operator.mod, other, self)

    def __matmul__(self, other: Any) -> "Tensor":
        return record_binary(np.matmul, np.matmul, self, other)

    def __rmatmul__(self, other: Any) -> "Tensor":
        return record_binary(np.matmul, np.matmul, other, self)

    def __neg__(self) -> "Tensor":
        return record_unary(np.negative, self)

    def __pos__(self) -> "Tensor":
        return record_unary(np.positive, self)

    def __abs__(self) -> "Tensor":
        return record_unary(np.absolute, self)

    # Without a gradient: what comes back is a plain array (or belongs to an older trace).

    def __floordiv__(self, other: Any) -> Any:
        return without_gradient(np.floor_divide, (self, other), {})

    def __rfloordiv__(self, other: Any) -> Any:
        return without_gradient(np.floor_divide, (other, self), {})

    def __divmod__(self, other: Any) -> Any:
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> Any:
        return other // self, other % self

    def __eq__(self, other: object) -> Any:
        return without_gradient(np.equal, (self, other), {})

    def __ne__(self, other: object) -> Any:
        return without_gradient(np.not_equal, (self, other), {})

    def __lt__(self, other: Any) -> Any:
        return without_gradient(np.less, (self, other), {})

    def __le__(self, other: Any) -> Any:
        return without_gradient(np.less_equal, (self, other), {})

    def __gt__(self, other: Any) -> Any:
        return without_gradient(np.greater, (self, other), {})

    def __ge__(self, other: Any) -> Any:
        return without_gradient(np.greater_equal, (self, other), {})

    __hash__ = object.__hash__  # by identity, so that a Tensor can be a key


def wrap(data: Any, node: Node | None, trace: int) -> Tensor:
    """A Tensor around a computed value."""
    tensor = Tensor.__new__(Tensor)
    tensor._data = data
    tensor._node = node
    tensor._trace = trace
    return tensor


def record_unary(ufunc: Any, x: Tensor) -> Any:
    """Record `ufunc(x)`."""
    rule = UNARY.get(ufunc)
    if rule is None:
        return dispatch(ufunc, (x,), {})
    value = x._data
    y = ufunc(value)
    trace = x._trace
    dtype = y.dtype
    if x._node is None or trace <= paused() or dtype.kind != "f":
        return unrecorded(y, trace, ufunc, (x,))
    edges = ((x._node, rule, rule.keep(y, None, value)),)
    return wrap(y, Node(rule.operation, edges, y.shape, dtype), trace)


def record_binary(ufunc: Any, kernel: Any, a: Any, b: Any) -> Any:
    """Record `ufunc(a, b)`, computed by `kernel`: the same function, or its operator."""
    rules = BINARY.get(ufunc)
    if rules is None:
        return dispatch(ufunc, (a, b), {})
    left = right = None
    if a.__class__ is Tensor:
        trace, left, x1 = a._trace, a._node, a._data
        if b.__class__ is Tensor and b._trace == trace:
            right, x2 = b._node, b._data
        elif b.__class__ in PLAIN:
            x2 = b
        else:
            return dispatch_operator(ufunc, a, b)
    elif a.__class__ in PLAIN:
        trace, right, x1, x2 = b._trace, b._node, a, b._data
    else:
        return dispatch_operator(ufunc, a, b)
    try:
        y = kernel(x1, x2)
    except FAILURES as error:
        raise explained(error, ufunc, (a, b), {}, rules[0].operation.remedy) from None
    dtype = y.dtype
    if trace <= paused() or dtype.kind != "f":
        return unrecorded(y, trace, ufunc, (a, b))
    rule_a, rule_b = rules
    edges: tuple[Any, ...]
    if left is not None:
        if right is not None:
            edges = (
                (left, rule_a, rule_a.keep(y, None, x1, x2)),
                (right, rule_b, rule_b.keep(y, None, x1, x2)),
            )
        else:
            edges = ((left, rule_a, rule_a.keep(y, None, x1, x2)),)
    elif right is not None:
        edges = ((right, rule_b, rule_b.keep(y, None, x1, x2)),)
    else:
        return wrap(y, None, trace)
    return wrap(y, Node(rule_a.operation, edges, y.shape, dtype), trace)


def dispatch_operator(ufunc: Any, a: Any, b: Any) -> Any:
    """An operator between a Tensor and something unusual: left to the other side if it asks."""
    for value in (a, b):
        if getattr(value, "__array_ufunc__", ufunc) is None:
            return NotImplemented
    return dispatch(ufunc, (a, b), {})


def record(
    operation: Operation, trace: int, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """Record a call in which the newest trace among the arguments is `trace`."""
    if kwargs.get("out") is not None:
        raise out_refused(operation, args, kwargs)
    raw_args = [peel(value, trace) for value in args]
    raw_kwargs = {key: peel(value, trace) for key, value in kwargs.items()} if kwargs else kwargs
    underneath = operation.kernel
    if trace != EAGER and newest(raw_kwargs.values(), newest(raw_args)) is not None:
        underneath = operation.function  # which dispatches to the next trace
    try:
        y = underneath(*raw_args, **raw_kwargs)
    except FAILURES as error:
        raise explained(error, operation.function, args, kwargs, operation.remedy) from None
    if trace <= paused():
        return unrecorded(y, trace, operation.function, args)
    edges: list[tuple[Node, Rule, tuple[Any, ...]]] = []
    for rule, value in zip(operation.rules, operation.bind(*args, **kwargs), strict=True):
        if value.__class__ is Tensor:
            if value._trace == trace and value._node is not None:
                edges.append((value._node, rule, rule.keep(y, None, *raw_args, **raw_kwargs)))
        elif value.__class__ is list or value.__class__ is tuple:
            for index, item in enumerate(value):
                if item.__class__ is Tensor and item._trace == trace and item._node is not None:
                    kept = rule.keep(y, index, *raw_args, **raw_kwargs)
                    edges.append((item._node, rule, kept))
    dtype = y.dtype
    if not edges or dtype.kind != "f":
        return unrecorded(y, trace, operation.function, args)
    return wrap(y, Node(operation, tuple(edges), y.shape, dtype), trace)


def unrecorded(y: Any, trace: int, function: Any, args: tuple[Any, ...]) -> Any:
    """A result that is not recorded: a constant Tensor, or a plain array of whole numbers."""
    if y.dtype.kind == "f":
        return wrap(y, None, trace)
    if y.dtype.kind in "iub":
        return y
    raise TypeError(
        message(
            f"the result is of dtype {y.dtype}, which cannot be differentiated",
            call=format_call(function, args, {}),
            remedy="combine Tensors with real numbers and arrays of real numbers only",
        )
    )


def out_refused(operation: Operation, args: Any, kwargs: Any) -> TypeError:
    """The error for `out=`: results are recorded as new Tensors."""
    return TypeError(
        message(
            f"{operation.name} with out= cannot be recorded",
            call=format_call(operation.function, args, kwargs),
            remedy="leave out= away and assign the result: y = f(x)",
        )
    )
