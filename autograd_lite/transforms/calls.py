"""A call that forward mode passes: its arguments one layer down, and the places of operands."""

from typing import Any, NamedTuple

from ..core.operation import Operation, Rule


class Call(NamedTuple):
    """A call one layer down: the function, its arguments there, and its result."""

    operation: Operation
    args: list[Any]
    kwargs: dict[str, Any]
    y: Any

    def keep(self, rule: Rule, member: int | None) -> tuple[Any, ...]:
        """What the formula of a rule needs."""
        return rule.keep(self.y, member, *self.args, **self.kwargs)


class Slot(NamedTuple):
    """The place of an operand that has a tangent: a rule's, and which of a sequence."""

    rule: Rule
    member: int | None
    tangent: Any


def argument(rule: Rule, args: Any, kwargs: Any) -> Any:
    """What a call gives for a rule's operand."""
    if rule.variadic:
        return args
    return args[rule.position] if rule.position < len(args) else kwargs.get(rule.operand)


def put(
    rule: Rule, member: int | None, item: Any, args: Any, kwargs: Any
) -> tuple[list[Any], dict[str, Any]]:
    """The arguments of a call with another operand."""
    args, kwargs = list(args), dict(kwargs)
    if rule.variadic:
        args[member if member is not None else rule.position] = item
        return args, kwargs
    if member is not None:
        members = list(argument(rule, args, kwargs))
        members[member] = item
        item = members
    if rule.position < len(args):
        args[rule.position] = item
    else:
        kwargs[rule.operand] = item
    return args, kwargs


def operand_of(call: Call, slot: Slot) -> Any:
    """The operand that a slot stands for."""
    value = argument(slot.rule, call.args, call.kwargs)
    return value if slot.member is None else value[slot.member]
