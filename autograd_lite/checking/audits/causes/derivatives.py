"""What a repair says of the derivative of an activation: missing, too much, or another one."""

import ast

import numpy as np

from ..repairs.sites import is_mask, names_in
from ..repairs.vocabulary import is_array
from .differences import Difference, Found, is_factor, plain
from .likeness import alike, parallel
from .roles import axes_of_distribution, is_selection, is_slope_text

ACTIVATION = "the derivative of the activation"


def slope(d: Difference) -> Found:
    """The derivative of an activation, or a mask, is missing, too much or another one."""
    if is_factor(d) and is_jacobian(d):
        word = "is missing" if d.form == "factor added" else "is too much"
        return "slope", f"the Jacobian of the softmax, `{d.spelled}`, {word}"
    given = is_factor(d) and (d.roles.is_given(d.piece_value) or is_of_data(d))
    if given and not is_mask(d.piece_value):
        return None
    if is_factor(d) or d.form in ("slope", "statement dropped"):
        kind = piece_kind(d)
        if kind is not None:
            return kind, slope_text(d, kind)
    if d.form in ("average", "transpose"):
        return None
    return twins(d) or of_softmax(d) or out_of_order(d) or another_slope(d)


def is_of_data(d: Difference) -> bool:
    """Whether a factor too much stands beside data, where no slope belongs."""
    return d.form == "factor dropped" and d.roles.is_given(d.new_value)


def is_jacobian(d: Difference) -> bool:
    """Whether a factor is the matrix `diag(p) - outer(p, p)` of an array in reach."""
    matrix = d.piece_value
    if not is_array(matrix) or matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        return False
    arrays = [np.ravel(v) for v in d.site.values.values() if is_array(v) and v.size == len(matrix)]
    return any(alike(np.diag(p) - np.outer(p, p), matrix) for p in arrays if len(p) > 1)


def twins(d: Difference) -> Found:
    """Both places of a slope, `v * (1 - v)`, hold another array than is due."""
    if d.form not in ("name", "whole name", "call added") or not isinstance(d.piece, ast.AST):
        return None
    other = other_name(d)
    turned = is_slope_text(d.old) and is_slope_text(d.new) and other is not None
    if not turned or plain(d.piece) not in {plain(v) for v in slope_names(d.old)}:
        return None
    return "slope", f"{ACTIVATION} is taken at `{plain(d.piece)}`, not at `{other}`"


def other_name(d: Difference) -> str | None:
    """What stands for a name once both are replaced."""
    pairs = zip(slope_names(d.old), slope_names(d.new), strict=False)
    return next((plain(new) for old, new in pairs if plain(old) != plain(new)), None)


def slope_names(node: ast.AST) -> list[ast.AST]:
    """What is subtracted from 1 in an expression, and what that is computed of."""
    return [
        part
        for each in ast.walk(node)
        if isinstance(each, ast.BinOp) and isinstance(each.op, ast.Sub)
        and isinstance(each.left, ast.Constant) and each.left.value == 1
        for part in ast.walk(each.right)
    ]  # fmt: skip


def another_slope(d: Difference) -> Found:
    """An expression around the place is to be a slope of the graph, and is none."""
    whole = isinstance(d.old, ast.Compare) and not is_factor(d)
    compared = d.is_inside(ast.Compare) or d.form == "comparison" or whole
    if d.form in ("name", "field") and is_subtracted(d):
        return None
    for node, before, after in [*d.values(), *d.updated]:
        kind = d.roles.slope_kind(after)
        if kind is not None and (d.form == "sign" or d.roles.slope_kind(before) != kind):
            if is_array(before) and parallel(before, after):
                continue  # a number in front of it, if nothing is added to it
            if kind == "mask" and not is_selection(before):
                if d.form == "factor dropped":
                    return None
                kind = "slope"
            what = "the mask" if kind == "mask" else "the derivative"
            return kind, f"{what}, `{ast.unparse(node)}`, is not that of the forward pass"
        compared = compared and not (is_mask(after) and parallel(before, after))
    if d.form in ("term added", "sign", "constant", "near", "power", "exchange"):
        name = slope_in_front(d)
        if name is not None:
            return "slope", f"`{name}` is not multiplied by {ACTIVATION}"
    return ("mask", f"the mask, `{d.repair.before}`, is another one") if compared else None


def between(d: Difference) -> Found:
    """What was meant differs from what stands there by a slope: `da` for `dz`."""
    old, new = d.old_value, d.new_value
    if (
        d.form not in ("name", "whole name", "field", "slice", "cut")
        or not is_array(old)
        or not is_array(new)
    ):
        return None
    turned = [(kind, each) for kind, factor in d.roles.slopes for each in (factor, factor.T)]
    for kind, factor in turned if old.shape == new.shape and np.any(old) else ():
        if kind != "power" and np.shape(factor) == old.shape:
            what = "the mask" if kind == "mask" else ACTIVATION
            stands = f"`{plain(d.old)}` stands for `{plain(d.new)}`"
            if alike(old * factor, new):
                return kind, f"{stands}: {what} is missing"
            if alike(new * factor, old):
                return kind, f"{stands}: {what} is too much"
    return None


def is_subtracted(d: Difference) -> bool:
    """Whether a name is a term of a difference of arrays, where no slope belongs: `a - y`."""
    parent = d.site.slot.parent
    if not isinstance(parent, ast.BinOp) or not isinstance(parent.op, ast.Sub):
        return False
    return is_array(d.value(parent.left)) and is_array(d.value(parent.right))


def of_softmax(d: Difference) -> Found:
    """`p * (g - p * g)` stands for `p * (g - sum(p * g))`, the gradient of a softmax."""
    if d.form == "term added" and isinstance(d.old, ast.BinOp) and isinstance(d.old.op, ast.Mult):
        inner = d.old.right if isinstance(d.old.right, ast.BinOp) else d.old.left
        apart = isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Sub)
        if apart and plain(d.old) in d.spelled and axes_of_distribution(d.value(
            d.old.left if inner is d.old.right else d.old.right)):  # fmt: skip
            return "slope", f"`{plain(d.old)}` is not the derivative of a softmax"
    parent, old = d.site.slot.parent, d.old
    subtracted = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Sub)
    if d.form != "sum" or not subtracted or not isinstance(old, ast.BinOp):
        return None
    if any(axes_of_distribution(d.value(side)) for side in (old.left, old.right)):
        return "slope", (
            f"`{plain(parent)}` is the derivative of a sigmoid; in that of a softmax "
            f"`{plain(old)}` is summed"
        )
    return None


def out_of_order(d: Difference) -> Found:
    """An array is multiplied by a slope before another line reads it without."""
    statement = d.old
    if d.form != "statement moved" or not isinstance(statement, ast.Assign | ast.AugAssign):
        return None
    target = d.target
    before = d.value(ast.parse(ast.unparse(target), mode="eval").body)
    after = d.value(statement.value) if isinstance(statement, ast.Assign) else d.updated[0][1]
    if not is_array(before) or np.shape(before) != np.shape(after):
        return None
    if any(kind == "slope" and alike(before * factor, after) for kind, factor in d.roles.slopes
           if np.shape(factor) == before.shape):  # fmt: skip
        name = ast.unparse(target)
        return "slope", f"`{plain(d.piece)}` reads `{name}` after it is multiplied by its slope"
    return None


def slope_in_front(d: Difference) -> str | None:
    """The name of an array by which an expression around is to be a slope, and is none."""
    for _, before, after in reversed(d.values()):
        if not is_array(after) or not is_array(before) or parallel(before, after):
            continue
        for name in names_in(d.site.statement):
            value = d.site.values.get(name)
            same = is_array(value) and value.shape == after.shape == before.shape
            if same and not d.roles.is_value(value):
                with np.errstate(all="ignore"):
                    due, given = after / value, before / value
                if d.roles.slope_kind(due) == "slope" and not parallel(due, given):
                    return name
    return None


def piece_kind(d: Difference) -> str | None:
    """The kind of a slope that a factor is; None if it is none."""
    extra = d.form == "factor dropped" and d.roles.is_value(d.piece_value)
    if d.form == "factor dropped" and d.roles.is_exponential(d.piece_value):
        return "slope"
    kind = None if extra else d.roles.slope_kind(d.piece_value)
    if kind is None and is_factor(d) and (
        is_slope_text(d.piece) or is_slope_form(d) or is_half(d)
    ):  # fmt: skip
        return "slope"
    if kind is None and is_factor(d) and is_mask(d.piece_value):
        return "mask"
    return kind


def is_slope_form(d: Difference) -> bool:
    """Whether a factor has the values of v * (1 - v) or 1 - v**2 of an array in reach."""
    value = d.piece_value
    if not is_array(value) or value.size < 2:
        return False
    arrays = [v for v in d.site.values.values() if is_array(v) and v.shape == value.shape]
    return any(alike(form, value) for v in arrays for form in (v * (1 - v), 1 - v * v))


def is_half(d: Difference) -> bool:
    """Whether a factor is the `1 - v` of a slope `v * (1 - v)` whose `v` stands beside it."""
    piece = d.piece
    if not isinstance(piece, ast.BinOp) or not isinstance(piece.op, ast.Sub):
        return False
    one, v = d.value(piece.left), d.value(piece.right)
    beside = names_in(d.new if d.form == "factor dropped" else d.old)
    if not is_array(v) or not np.all(one == 1) or not names_in(piece.right) <= beside:
        return False
    if d.form == "factor dropped" and plain(d.old.left) == plain(piece.right):
        return True  # v * (1 - v)
    return any(d.roles.slope_kind(form) == "slope" for form in (v, v * (1 - v)))


def slope_text(d: Difference, kind: str) -> str:
    """What is wrong with a slope."""
    what = {"mask": "the mask", "power": "the derivative of the power"}.get(kind, ACTIVATION)
    word = {"factor added": "is missing", "factor dropped": "is too much"}.get(
        d.form, "is another one"
    )
    return f"{what}, `{d.spelled}`, {word}"
