"""What a repair says of masks, and of what is chosen or left out: `1 - t` for `t`."""

import ast
from itertools import pairwise
from typing import Any

import numpy as np

from ..repairs.sites import is_mask, names_in
from ..repairs.vocabulary import is_array, is_number
from .differences import Difference, Found, is_factor, is_multiplied, plain
from .roles import axes_of_distribution, is_selection, speaks_of

ARGUMENTS = ("argmax", "argmin", "nanargmax", "nanargmin", "argsort")


def masks(d: Difference) -> Found:
    """Another mask was meant, or one mask for each row."""
    if d.form not in (
        "name", "whole name", "field", "slice", "cut", "slope", "call dropped"
    ):  # fmt: skip
        return None
    if is_multiplied(d) or not is_mask(d.new_value) or not is_selection(d.old_value):
        return None
    return "mask", f"the mask is `{plain(d.new)}`, not `{plain(d.old)}`"


def decisions(d: Difference) -> Found:
    """What decides which entries count is another one: a comparison, an argmax, a condition."""
    if d.form.startswith("statement") or is_slope_of_choice(d):
        return None
    if is_margin(d):
        return "mask", f"`{plain(d.old)}` stands for `{plain(d.new)}`, so other entries are let in"
    own = [] if is_factor(d) else [(d.old, None)]  # what is multiplied chooses the same
    for outer, inner in [*pairwise(d.chain), *own]:
        value = d.value(outer) if is_decision(outer, inner) else None
        if isinstance(value, np.ndarray | np.bool_) and not isinstance(outer, ast.Subscript):
            if d.in_axis:
                return "axis", f"`{plain(outer)}` chooses along another axis"
            above = d.chain[: d.chain.index(outer)]
            counts = (node for node in above if isinstance(node, ast.Call))
            count = next((node for node in counts if is_number(d.value(node))), None)
            if count is not None:
                return "scale", f"`{plain(count)}` is not the number that is due"
            return "mask", f"`{plain(outer)}` chooses other entries than the forward pass"
    return None


def is_margin(d: Difference) -> bool:
    """Whether a number is added, or not, to what the greater or smaller is taken of."""
    if d.form not in ("term added", "term dropped") or not is_number(d.piece_value):
        return False
    parent = d.site.slot.parent
    name = getattr(getattr(parent, "func", None), "attr", getattr(
        getattr(parent, "func", None), "id", ""))  # fmt: skip
    return is_array(d.old_value) and name in ("maximum", "minimum", "clip")


def is_slope_of_choice(d: Difference) -> bool:
    """Whether what is chosen by the place is the slope of an activation, and no mask."""
    return any(d.roles.slope_kind(after) == "slope" for _, _, after in d.values())


def is_decision(node: Any, part: Any) -> bool:
    """Whether a part of an expression decides which entries count."""
    if isinstance(node, ast.Compare):
        return True
    name = getattr(getattr(node, "func", None), "attr", "")
    if not isinstance(node, ast.Call) or part is None:
        return False
    return name in ARGUMENTS or (name == "where" and part is node.args[0])


def zeros(d: Difference) -> Found:
    """What was meant is 0 in some entries and the same in the others, or the other way round."""
    old, new = d.old_value, d.new_value
    replaced = d.form in ("name", "whole name", "field", "call dropped", "call added")
    if not replaced or not is_array(old) or not is_array(new) or old.shape != new.shape:
        return None
    if old.dtype.kind != "f" or new.dtype.kind != "f" or not np.any(changed := old != new):
        return None
    for one, other, word in ((new, old, "is missing"), (old, new, "is too much")):
        if not np.any(one[changed]) and np.any(one) and np.all(other[changed]) and scattered(
            changed
        ):  # fmt: skip
            return "mask", f"`{plain(d.old)}` stands for `{plain(d.new)}`: a mask {word}"
    return None


def scattered(changed: Any) -> bool:
    """Whether some entries are no block of rows or columns at an edge."""
    for axis in range(changed.ndim):
        rest = tuple(n for n in range(changed.ndim) if n != axis)
        some, every = changed.any(axis=rest), changed.all(axis=rest)
        if np.array_equal(some, every) and np.count_nonzero(np.diff(some)) < 2:
            return False
    return True


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


def is_normalised(d: Difference) -> bool:
    """Whether what is divided once more by its sums was divided by sums before."""
    summed = isinstance(d.piece, ast.Call) and getattr(d.piece.func, "attr", "") == "sum"
    before = [getattr(each.func, "attr", "") for each in ast.walk(d.site.statement)
              if isinstance(each, ast.Call)]  # fmt: skip
    name = getattr(d.target, "id", None)
    return summed and "sum" in before and name in names_in(d.piece)


def probabilities(d: Difference) -> Found:
    """Rows were made into probabilities where columns should be, or the other way round."""
    if d.form == "factor added" and is_normalised(d):
        return "axis", f"`{d.repair.before}` does not make each row, or column, add up to 1"
    if d.form not in ("slope", "name", "field"):
        return None
    old, new = axes_of_distribution(d.old_value), axes_of_distribution(d.new_value)
    if old and new and not old & new:
        return "axis", f"`{plain(d.old)}` adds up to 1 along another axis than `{plain(d.new)}`"
    return None
