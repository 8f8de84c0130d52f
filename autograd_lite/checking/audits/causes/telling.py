"""A variant of the backward pass in the user's own names."""

from ..problems import Problem
from ..running.watching import watch
from ..wording.names import Names, names_of, slope_text
from .variants import Variant


def told(variant: Variant, problem: Problem) -> str:
    """What a variant means; the value at which it takes a slope is called as the user calls it."""
    if variant.value is None:
        return variant.text
    _, assignments = watch(lambda: problem.scalar(problem.arrays))
    names = Names(names_of(assignments), zip(problem.names, problem.arrays, strict=True))
    name = names(variant.value)
    due = slope_text(variant.slope, names.named)
    is_right = "" if due is None else f", where `{unwrapped(due)}` is right"
    if name is None:
        text = variant.text.replace("{v}", "v")
        return f"{text}; v is {variant.role}{is_right}"
    return variant.text.replace("{v}", name) + is_right


def unwrapped(code: str) -> str:
    """Code without the parentheses around all of it."""
    return code[1:-1] if code.startswith("(") and code.endswith(")") else code
