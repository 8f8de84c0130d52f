"""How a tangent passes through a call, whose derivative is declared for the way back only.

There is no second table of rules: the kind of an operation says how a tangent passes through it.
An elementwise rule is its own transpose, a linear function is applied to the tangent as to the
value, and of all others the rule of reverse mode, being linear in `g`, is transposed.
"""

from typing import Any

import numpy as np

from ..core.node import Leaf
from ..core.operands import called
from ..core.operation import ELEMENTWISE, MULTILINEAR
from ..core.primitives import astype, expand
from ..core.recording import wrap
from ..core.structural_zeros.selected import Selected
from ..core.sweep import fit, sweep, unfit
from ..core.tensor import Tensor
from ..core.trace import new_trace_id
from .calls import Call, Slot, argument, operand_of, put


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
