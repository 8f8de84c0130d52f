"""Forward mode: a value together with its tangent, the derivative along one direction.

    Dual of x with tangent t   --np.sin-->   Dual of sin(x) with tangent cos(x) t

There is no second table of rules: the kind of an operation says how a tangent passes through it.
An elementwise rule is its own transpose, a linear function is applied to the tangent as to the
value, and of all others the rule of reverse mode, being linear in `g`, is transposed.
"""

from collections.abc import Iterator
from typing import Any, final

import numpy as np

from ..core.errors import explained
from ..core.node import Leaf, Node
from ..core.operands import (
    FAILURES,
    PLAIN,
    as_operand,
    named_operands,
    not_an_array,
    out_of,
    peel_operands,
    restack,
    without_out,
)
from ..core.operation import ELEMENTWISE, MULTILINEAR, Operation, Rule
from ..core.primitives import astype, expand
from ..core.recording import wrap
from ..core.structural_zeros import Selected
from ..core.sweep import fit, sweep, unfit
from ..core.tensor import Tensor
from ..core.trace import EAGER, Traced, dispatch, new_trace_id, newest, paused, store
from ..core.variable import Variable
from ..core.views import remember_view
from .calls import Call, Slot, argument, operand_of, put
from .wrapper import Wrapper

new = object.__new__


class Tangent(Node):
    """The derivative of a value along a direction: an array of its shape and dtype."""

    __slots__ = ("value",)
    value: Any


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
        if x.__class__ is not np.ndarray or node is None or not entrywise:
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
        node.operation = node.edges = None  # there is no way back
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
    raw, tracked = peel_operands(args, trace)
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
    try:
        y = called(operation, raw, options)
    except FAILURES as error:
        raise explained(error, operation.function, args, kwargs, operation.remedy) from None
    if y.__class__ is tuple:
        return y  # indices, as of np.where(mask)
    if not hasattr(y, "dtype"):
        raise not_an_array(y, operation, args, kwargs)
    if y.dtype.kind not in "fc":
        return y
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


def called(operation: Operation, args: Any, kwargs: dict[str, Any]) -> Any:
    """The result of an operation on plain arrays, or on values of other traces."""
    if newest(kwargs.values(), newest(args)) is not None:
        return dispatch(operation.function, tuple(args), kwargs)
    return operation.kernel(*args, **kwargs)


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


def tangent_of(call: Call, slots: list[Slot]) -> Any:
    """The tangent of the result of a call."""
    if call.operation.pushed is not None:
        return shaped(call.operation.pushed(call, slots), call.y)
    if call.operation.linear and not call.operation.tangents:
        return shaped(applied(call, slots), call.y)
    tangent = one_tangent(call, slots[0])
    for slot in slots[1:]:
        tangent = tangent + one_tangent(call, slot)
    return shaped(tangent, call.y)


def one_tangent(call: Call, slot: Slot) -> Any:
    """What the tangent of one operand adds to that of the result."""
    if slot.rule.operand in call.operation.tangents:
        return given(call, slot)
    if call.operation.linear:
        return applied(call, [slot])
    return BY_KIND.get(call.operation.kind, transposed)(call, slot)


def given(call: Call, slot: Slot) -> Any:
    """The tangent by a formula of the user's; RuleError if it is none of the result."""
    rule, y = call.operation.tangents[slot.rule.operand], call.y
    tangent = rule.formula(slot.tangent, *call.keep(rule, slot.member))
    if getattr(tangent, "shape", None) != y.shape or tangent.dtype.kind not in "fc":
        raise unfit(rule, tangent, y, "tangent of a result")
    return tangent


def shaped(tangent: Any, y: Any) -> Any:
    """A tangent in the shape and dtype of the result."""
    if tangent.shape != y.shape:
        tangent = expand(tangent, y.shape)
    if tangent.dtype == y.dtype:
        return tangent
    return astype(tangent.real if y.dtype.kind == "f" else tangent, y.dtype)


def scaled(call: Call, slot: Slot) -> Any:
    """The tangent through an elementwise function: the rule itself, entry by entry.

    The result of a function that is not holomorphic is real, and its rule gives the gradient that
    descends, g (a + ib): the change along t is the real part of (a - ib) t.
    """
    kept, t = call.keep(slot.rule, slot.member), slot.tangent
    if t.dtype.kind == "c" and call.y.dtype.kind == "f":
        slope = slot.rule.formula(np.ones_like(call.y), *kept)
        return np.real(np.conj(plain(slope)) * t)
    return plain(slot.rule.formula(t, *kept))


def plain(g: Any) -> Any:
    """What a rule returned, with structural zeros as numbers."""
    return g.total() if g.__class__ is Selected else g


def replaced(call: Call, slot: Slot) -> Any:
    """The tangent through a product: the same function, with the tangent in the operand's place."""
    args, kwargs = put(slot.rule, slot.member, slot.tangent, call.args, call.kwargs)
    return called(call.operation, args, kwargs)


def applied(call: Call, slots: list[Slot]) -> Any:
    """The tangent through a linear function of all operands: zeros for those without one."""
    args, kwargs = list(call.args), dict(call.kwargs)
    for rule in call.operation.rules:
        value = argument(rule, args, kwargs)
        if value is None:
            continue
        given = {slot.member: slot.tangent for slot in slots if slot.rule is rule}
        for member in range(len(value)) if rule.sequence else (None,):
            item = value if member is None else value[member]
            tangent = given[member] if member in given else np.zeros_like(item)
            args, kwargs = put(rule, member, tangent, args, kwargs)
    return called(call.operation, args, kwargs)


def transposed(call: Call, slot: Slot) -> Any:
    """The tangent through any other function: its rule is linear in `g`, and is transposed.

    The rule is recorded at g = 0 by a trace of its own; the sweep back from what it returns to `g`
    is then the way from the operand to the result.
    """
    rule, y = slot.rule, call.y
    if y.dtype.kind == "c":
        rule = rule.conjugated()
    operand = operand_of(call, slot)
    end = Leaf(y.shape, y.dtype)
    g = wrap(np.zeros_like(y), end, new_trace_id())
    gx = plain(rule.formula(g, *call.keep(slot.rule, slot.member)))
    parent = Leaf(operand.shape, operand.dtype)
    if not hasattr(gx, "dtype"):
        raise unfit(rule, gx, parent)
    if gx.shape != parent.shape or gx.dtype != parent.dtype:
        gx = fit(gx, g, parent, rule)
    if not isinstance(gx, Tensor) or gx._trace != g._trace or gx._node is None:
        return np.zeros_like(y)
    found = sweep(gx._node, slot.tangent)
    return found[end] if end in found else np.zeros_like(y)


BY_KIND = {ELEMENTWISE: scaled, MULTILINEAR: replaced}
