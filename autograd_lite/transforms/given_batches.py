"""Forms of functions for a whole batch that are given to `declare`, checked."""

from typing import Any

import numpy as np

from ..core.errors import RuleError, describe, function_name, message
from ..core.formulas import place_of
from ..core.operation import OPERATIONS


def given_rule(function: Any) -> Any:
    """The form for a whole batch that was declared for a function."""
    operation = OPERATIONS.get(function)
    form = None if operation is None else operation.batched
    if form is None:
        return None

    def rule(_: Any, members: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if members.count(kwargs.values()) >= 0:
            return NotImplemented  # there are no axes for what is given by name
        in_axes = tuple(0 if members.within(value) else None for value in args)
        result = form(in_axes, *[members.all_raw(value) for value in args], **kwargs)
        return checked_batch(form, result, members.size)

    return rule


def checked_batch(form: Any, result: Any, size: int) -> Any:
    """What a form of the user's returned; RuleError if it is no batch of so many members."""
    for y in result if isinstance(result, tuple) else (result,):
        if not hasattr(y, "dtype") or np.shape(y)[:1] != (size,):
            raise RuleError(
                message(
                    f"the form {function_name(form)} for batches returned {describe(y)}, where "
                    f"{size} members along the first axis are due",
                    rule=place_of(form),
                    remedy="return one array, with the result of every member along its first axis",
                )
            )
    return result
