"""What a repair says of masks, and of what is chosen or left out: `1 - t` for `t`."""

import ast
from typing import Any

from ..repairs.sites import is_mask
from ..repairs.vocabulary import is_array, is_number
from .differences import Difference, Found, is_multiplied, plain
from .roles import axes_of_distribution, is_selection, speaks_of


def masks(d: Difference) -> Found:
    """Another mask was meant, or one mask for each row."""
    if d.form not in ("name", "whole name", "field", "slice", "cut", "slope", "call dropped"):
        return None
    if is_multiplied(d) or not is_mask(d.new_value) or not is_selection(d.old_value):
        return None
    return "mask", f"the mask is `{plain(d.new)}`, not `{plain(d.old)}`"


def choices(d: Difference) -> Found:
    """The two sides of a `where` are exchanged."""
    if d.form != "exchange" or not isinstance(d.old, ast.Call):
        return None
    if getattr(d.old.func, "attr", "") != "where" or len(d.old.args) != 3:
        return None
    condition = d.old.args[0]
    if plain(condition) != plain(d.new.args[0]):
        return None
    kind = "labels" if speaks_of(condition, d.labels) else "mask"
    return kind, f"the two sides of `{plain(d.old)}` are exchanged"


def upside_down(d: Difference) -> Found:
    """`1 - t` stands for `t`, or the other way round, where `t` is a mask or labels."""
    found = complements(d)
    return None if found is None or found[0] == "operand" else found


def complements(d: Difference) -> Found:
    """`1 - t` stands for `t`, or the other way round: another operand, mask or label."""
    if d.form == "complement":
        other = d.old if isinstance(d.old, ast.BinOp) else d.new
        return kind_of_choice(d, other.right), f"`{plain(d.old)}` stands for `{plain(d.new)}`"
    whole = {"term added": d.new, "term dropped": d.old}.get(d.form)
    if not isinstance(whole, ast.BinOp) or not isinstance(whole.op, ast.Sub):
        return None
    one = d.value(whole.left)
    if not is_number(one) or float(one) != 1 or plain(whole.left) != plain(d.piece):
        return None
    return kind_of_choice(d, whole.right), f"`{plain(d.old)}` stands for `{plain(d.new)}`"


def kind_of_choice(d: Difference, node: Any) -> str:
    """Whether what says how much of two things is taken are labels, a mask or an operand."""
    value = d.value(node)
    if speaks_of(node, d.labels) and not is_compared(d, node):
        return "labels"
    if is_array(value) and (value.dtype.kind == "b" or is_mask(value)):
        return "mask"
    return "operand"


def is_compared(d: Difference, node: Any) -> bool:
    """Whether a name was assigned a comparison."""
    return any(
        isinstance(each, ast.Assign)
        and isinstance(each.value, ast.Compare)
        and any(plain(target) == plain(node) for target in each.targets)
        for each in ast.walk(d.site.source.definition)
    )


def probabilities(d: Difference) -> Found:
    """Rows were made into probabilities where columns should be, or the other way round."""
    if d.form not in ("slope", "name", "field"):
        return None
    old, new = axes_of_distribution(d.old_value), axes_of_distribution(d.new_value)
    if old and new and not old & new:
        return "axis", f"`{plain(d.old)}` adds up to 1 along another axis than `{plain(d.new)}`"
    return None
