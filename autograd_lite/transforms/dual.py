"""Forward mode: a value together with its tangent, the derivative along one direction.

    Dual of x with tangent t   --np.sin-->   Dual of sin(x) with tangent cos(x) t

The value is computed as without the tangent; how that passes is in `tangents`.
"""

import operator
from collections.abc import Iterator
from typing import Any, final

import numpy as np
from numpy import ndarray

from ..core.errors import explained
from ..core.node import Node
from ..core.operands import FAILURES, PLAIN, compute, dispatch_operator, no_number, restack
from ..core.operation import ELEMENTWISE, MULTILINEAR, OPERATIONS, Operation, Rule
from ..core.recording import wrap
from ..core.structural_zeros.selected import Selected
from ..core.trace import EAGER, Traced, dispatch, paused
from ..core.variable import Variable
from ..core.views import remember_view
from .calls import Call, Slot, argument
from .tangents import scaled, shaped, tangent_of
from .wrapper import Method, Wrapper

new = object.__new__


class Tangent(Node):
    """The derivative of a value along a direction: an array of its shape and dtype."""

    __slots__ = ("value",)
    value: Any
    operation = edges = None  # there is no way back


def products(function: Any, kernel: Any) -> tuple[Method, Method]:
    """The methods of a product, with a short way for arrays and numbers.

    A product of a value and of its tangent with the same array have the same shape and dtype.
    """

    def forward(self: Any, other: Any) -> Any:
        if other.__class__ not in PLAIN:
            return dispatch_operator(function, self, other)
        x, node, trace = self._value, self._node, self._trace
        operation = OPERATIONS[function]
        plain = x.__class__ is ndarray and node is not None
        if plain and trace > paused() and not operation.tangents:
            try:
                y, t = kernel(x, other), kernel(node.value, other)
                if y.dtype.kind in "fc":
                    return dual(y, t, trace)
            except FAILURES:
                pass  # which `push` explains
        return push(operation, trace, (self, other), {})

    def reflected(self: Any, other: Any) -> Any:
        if other.__class__ not in PLAIN:
            return dispatch_operator(function, other, self)
        x, node, trace = self._value, self._node, self._trace
        operation = OPERATIONS[function]
        plain = x.__class__ is ndarray and node is not None
        if plain and trace > paused() and not operation.tangents:
            try:
                y, t = kernel(other, x), kernel(other, node.value)
                if y.dtype.kind in "fc":
                    return dual(y, t, trace)
            except FAILURES:
                pass  # which `push` explains
        return push(operation, trace, (other, self), {})

    return forward, reflected


@final
class Dual(Wrapper):
    """An array with a tangent: what `jvp` hands to the function that it differentiates."""

    __slots__ = ()
    _title = "value of forward mode (jvp)"

    def _record(self, operation: Operation, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return push(operation, self._trace, args, kwargs)

    def _record_unary(self, operation: Operation) -> Any:
        """The short way of most functions of one array."""
        node: Any = self._node
        x, trace = self._value, self._trace
        entrywise = operation.kind is ELEMENTWISE and not operation.tangents
        if x.__class__ is not ndarray or node is None or not entrywise:
            return push(operation, trace, (self,), {})
        try:
            y = operation.kernel(x)
        except FAILURES as error:
            raise explained(error, operation.function, (self,), {}, operation.remedy) from None
        if y.dtype is not x.dtype or x.dtype.kind != "f" or trace <= paused():
            return push(operation, trace, (self,), {})
        rule = operation.rules[0]
        t = rule.formula(node.value, *rule.keep(y, None, x))
        return dual(y, t.total() if t.__class__ is Selected else t, trace)

    __mul__, __rmul__ = products(np.multiply, operator.mul)
    __matmul__, __rmatmul__ = products(np.matmul, operator.matmul)

    def detach(self) -> Any:
        """A constant with the same values, for all transforms; see `Tensor.detach`."""
        value = self._value
        return value.detach() if isinstance(value, Traced) else wrap(value, None, EAGER)


def dual(value: Any, tangent: Any, trace: int) -> Dual:
    """A value with its tangent, or without one: a constant."""
    result = new(Dual)
    result._value = value
    result._trace = trace
    result._node = None
    if tangent is not None:
        node = result._node = new(Tangent)
        node.value = tangent
    return result


def push(operation: Operation, trace: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Call an operation on what lies under the duals of a trace, and push their tangents on.

    This is the short way for calls without keywords on duals, arrays and numbers.
    """
    kind = operation.kind
    if kwargs or (kind is not ELEMENTWISE and kind is not MULTILINEAR) or operation.tangents:
        return push_any(operation, trace, args, kwargs)
    raw, call = [], operation.kernel
    for value in args:
        if value.__class__ is Dual and value._trace == trace:
            value = value._value
            if value.__class__ not in PLAIN:
                call = operation.function
        elif value.__class__ not in PLAIN:
            return push_any(operation, trace, args, kwargs)
        raw.append(value)
    try:
        y = call(*raw)
    except FAILURES as error:
        raise explained(error, operation.function, args, kwargs, operation.remedy) from None
    if y.dtype.kind != "f":
        return push_any(operation, trace, args, kwargs)
    tangent = None
    for rule in operation.rules:
        given = args[rule.position] if rule.position < len(args) else None
        if given.__class__ is not Dual or given._node is None:
            continue
        t = quick_tangent(operation, rule, given._node, raw, y)
        tangent = t if tangent is None else tangent + t
    if tangent is None or trace <= paused():
        return dual(y, None, trace)
    if tangent.shape != y.shape or tangent.dtype is not y.dtype:
        tangent = shaped(tangent, y)
    return dual(y, tangent, trace)


def quick_tangent(operation: Operation, rule: Rule, node: Any, raw: list[Any], y: Any) -> Any:
    """What the tangent of one operand of an elementwise function or product adds."""
    t = node.value
    if operation.kind is MULTILINEAR:
        place = rule.position
        return operation.function(*raw[:place], t, *raw[place + 1 :])
    if t.dtype.kind != "f":
        return scaled(Call(operation, raw, {}, y), Slot(rule, None, t))
    t = rule.formula(t, *rule.keep(y, None, *raw))
    return t.total() if t.__class__ is Selected else t


def push_any(
    operation: Operation, trace: int, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """Call an operation on arguments of any kind."""
    y, raw, options, tracked = compute(operation, trace, args, kwargs)
    if raw is None or y.dtype.kind in "iub":
        return y
    if y.dtype.kind not in "fc":
        raise no_number(y, operation.function, args)
    tangent = None
    if tracked and trace > paused():
        slots = list(slots_of(operation, trace, args, kwargs))
        if len(slots) != tracked:
            return dispatch(operation.function, *restack(operation, trace, args, kwargs))
        tangent = tangent_of(Call(operation, raw, options, y), slots)
    result = dual(y, tangent, trace)
    if operation.moves:
        remember_view(result, operation, args, kwargs)
    return result


def slots_of(operation: Operation, trace: int, args: Any, kwargs: Any) -> Iterator[Slot]:
    """The operands of a call that have a tangent."""
    for rule in operation.rules:
        value = argument(rule, args, kwargs)
        if rule.sequence:
            for member, item in enumerate(() if value is None else value):
                if has_tangent(item, trace):
                    yield Slot(rule, member, item._node.value)
        elif has_tangent(value, trace):
            yield Slot(rule, None, value._node.value)


def has_tangent(value: Any, trace: int) -> bool:
    """Whether a value is a dual of the trace, and no constant of it."""
    return isinstance(value, Variable) and value._trace == trace and value._node is not None
