"""How a call is recorded: computed on the values underneath, and its node put into the graph.

`record` is the whole recorder: it calls the function on what lies under the newest trace and
notes, for each operand that is differentiated, where its gradient goes, by which rule, and what
the rule needs. The others are its short ways, for the calls of which most programs consist:
`record_unary` and `recorders` for ufuncs and operators, `record_first` for functions of one
operand with options, `record_sequence` for those that join arrays.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import numpy as np
from numpy import ndarray

from .errors import explained
from .guards import SMALL, copied_ahead, guarded
from .node import Node, next_index
from .operands import (
    FAILURES,
    OPTIONS,
    PLAIN,
    are_options,
    compute,
    dispatch_operator,
    find_edges,
    no_number,
    plain_values,
    restack,
    with_complex,
)
from .operation import BINARY, OPERATIONS, SHAPE, Operation
from .primitives import getitem, own_index
from .trace import EAGER, dispatch, paused
from .variable import Variable
from .views import link, remember_view, share_memory
from .witness import EXCHANGES, exchange_attach

NO_OPTIONS: dict[str, Any] = {}
FLOAT64 = np.dtype(np.float64)
T = TypeVar("T")
Tensor: Any = Variable  # until the class is there, see `class_of_results`
BinaryMethod = Callable[[Any, Any], Any]
new = object.__new__
RECORDERS: dict[Any, tuple[BinaryMethod, BinaryMethod]] = {}


def class_of_results(tensor: type[T]) -> type[T]:
    """Class decorator: what calls return. It says so itself, since it stands on this module."""
    globals()["Tensor"] = Variable.eager = tensor  # type: ignore[assignment]
    return tensor


def attach(y: Any, dtype: Any, trace: int, operation: Operation, edges: Any) -> Any:
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


EXCHANGES.append(partial(exchange_attach, globals(), attach))


def record_unary(x: Any, operation: Operation) -> Any:
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
        kind = item.__class__
        if kind is Tensor and item._trace == trace:
            if item._node is not None:
                tracked.append((member, item._node))
            item = item._value
        elif kind is not ndarray:
            return record(operation, trace, (members,), {})
        raw.append(item)
    if trace != EAGER or not tracked or trace <= paused():
        return record(operation, trace, (members,), {})
    try:
        y = operation.kernel(raw)
    except FAILURES as error:
        raise explained(error, operation.function, (members,), {}, operation.remedy) from None
    dtype = y.dtype
    if dtype is not FLOAT64 and dtype.kind != "f":
        return beside(y, trace, operation, (members,), (raw,))
    edges = tuple([(node, rule, rule.keep(y, member, raw)) for member, node in tracked])
    if operation.kind is not SHAPE:
        edges = guarded(edges, plain_values(members, raw))
    return attach(y, dtype, trace, operation, edges)


def record_first(
    x: Any, operation: Operation, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """Record a call in which `x` takes part, the short way if nothing else could be an operand."""
    if operation.alone and args and args[0] is x:
        options = args[1:]
        if are_options(options) and (not kwargs or are_options(kwargs.values())):
            return record_alone(x, operation, options, kwargs)
    return record(operation, x._trace, args, kwargs)


def record_item(x: Any, index: Any) -> Any:
    """Record `x[index]`."""
    if index.__class__ is tuple:
        own = []
        for part in index:
            if part.__class__ is ndarray:
                part = part.copy()
            elif part.__class__ not in OPTIONS:
                return getitem(x, own_index(index))
            own.append(part)
        return record_alone(x, OPERATIONS[getitem], (tuple(own),), NO_OPTIONS)
    if index.__class__ not in OPTIONS and index.__class__ is not ndarray:
        return getitem(x, own_index(index))
    return record_alone(x, OPERATIONS[getitem], (own_index(index),), NO_OPTIONS)


def record_alone(x: Any, operation: Operation, options: Any, kwargs: Any) -> Any:
    """Record `function(x, *options, **kwargs)`, where no other array is the user's."""
    value = x._value
    if value.__class__ is not ndarray:
        return record(operation, x._trace, (x, *options), kwargs)
    try:
        y = operation.kernel(value, *options, **kwargs)
    except FAILURES as error:
        args = (x, *options)
        raise explained(error, operation.function, args, kwargs, operation.remedy) from None
    dtype: Any = getattr(y, "dtype", None)
    trace = x._trace
    if dtype is None:
        return record(operation, trace, (x, *options), kwargs)
    if x._node is None or trace <= paused() or (dtype is not FLOAT64 and dtype.kind != "f"):
        result = beside(y, trace, operation, (x, *options), (value, *options), kwargs)
    else:
        edges = operation.edge(x._node, y, value, *options, **kwargs)
        result = attach(y, dtype, trace, operation, edges)
    if operation.moves and result.__class__ is Tensor and share_memory(y, value):
        link(result, x, operation.function, options, kwargs)
    return result


def recorders(  # noqa: C901 - written out: every call saved is saved in every operation
    function: Any, kernel: Any
) -> tuple[BinaryMethod, BinaryMethod]:
    """Methods that record `function(self, other)` and `function(other, self)`.

    `kernel` computes it on what lies underneath: the same function, or its operator.
    """

    def forward(self: Any, other: Any) -> Any:
        kind = other.__class__
        if kind is Tensor:
            if self._trace != other._trace:
                return dispatch(function, (self, other), {})
            b, right = other._value, other._node
        elif kind in PLAIN:
            if kind is ndarray and other.nbytes > SMALL:
                return record_with_large(function, kernel, (self, other), 0)
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
            if kind is ndarray and operation.keeps_second:
                b = b.__copy__()
            edges = operation.edge(left, y, a, b)
        elif left is None:
            rule = operation.rules[1]
            edges = guarded([(right, rule, rule.keep(y, None, a, b))], (a,))
        else:
            edges = operation.edges(left, right, y, a, b)
        return attach(y, dtype, trace, operation, edges)

    def reflected(self: Any, other: Any) -> Any:
        kind = other.__class__
        if kind not in PLAIN:
            return dispatch_operator(function, other, self)
        if kind is ndarray and other.nbytes > SMALL:
            return record_with_large(function, kernel, (other, self), 1)
        b, right, trace = self._value, self._node, self._trace
        operation = BINARY[function]
        try:
            y = kernel(other, b)
        except FAILURES as error:
            raise explained(error, function, (other, self), {}, operation.remedy) from None
        dtype = y.dtype
        if right is None or trace <= paused() or (dtype is not FLOAT64 and dtype.kind != "f"):
            return beside(y, trace, operation, (other, self), (other, b))
        if kind is ndarray and operation.keeps_first:
            other = other.__copy__()
        rule = operation.rules[1]
        edges = ((right, rule, rule.keep(y, None, other, b)),)
        return attach(y, dtype, trace, operation, edges)

    return forward, reflected


def record_with_large(function: Any, kernel: Any, operands: tuple[Any, Any], at: int) -> Any:
    """Record a binary call of a Tensor, operand number `at`, with a plain array that is not small.

    What a rule keeps of such an array is copied before the call, or guarded if it is too large.
    """
    operation, tensor, other = BINARY[function], operands[at], operands[1 - at]
    node, trace, guard = tensor._node, tensor._trace, False
    is_recorded = node is not None and trace > paused()
    if is_recorded and (operation.keeps_first if at else operation.keeps_second):
        other = copied_ahead(other)
        guard = other is operands[1 - at]
    raw = (other, tensor._value) if at else (tensor._value, other)
    try:
        y = kernel(*raw)
    except FAILURES as error:
        raise explained(error, function, operands, {}, operation.remedy) from None
    dtype = y.dtype
    if not is_recorded or (dtype is not FLOAT64 and dtype.kind != "f"):
        return beside(y, trace, operation, operands, raw)
    rule = operation.rules[at]
    edges: Any = ((node, rule, rule.keep(y, None, *raw)),)
    return attach(y, dtype, trace, operation, guarded(edges, (other,)) if guard else edges)


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


def wrap(data: Any, node: Node | None, trace: int) -> Any:
    """A Tensor around a value that is not computed: a constant, or the leaf of a trace."""
    tensor = new(Tensor)
    tensor._value = data
    tensor._node = node
    tensor._trace = trace
    return tensor


def record(operation: Operation, trace: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Record a call; if a Traced value is newer than `trace`, it is handed to that one's trace."""
    y, raw, options, tracked = compute(operation, trace, args, kwargs)
    if raw is None:
        return y
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


def beside(
    y: Any, trace: int, operation: Operation, args: Any, raw: Any, kwargs: Any = NO_OPTIONS
) -> Any:
    """What the short ways leave aside: a complex result is recorded, others are not."""
    dtype = y.dtype
    if dtype.kind == "c" and trace > paused():
        edges = find_edges(operation, y, trace, args, kwargs, raw, kwargs)
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
