"""What a repair means by the roles of what it changes: labels, penalties, weights, slopes, eps.

Each takes a `Difference` and returns a kind with a text, or None if it is something else.
"""

import ast
from typing import Any

import numpy as np

from ..repairs.sites import is_mask, names_in
from ..repairs.vocabulary import is_array, is_number
from .differences import Difference, Found, is_factor, path_to, plain
from .roles import alike, has_ones, is_eps, is_slope_text, parallel, speaks_of, value_or_none


def casts(d: Difference) -> Found:
    """The numbers were made coarser on the way."""
    if d.form not in ("call dropped", "keyword"):
        return None
    text = d.spelled
    if any(word in text for word in ("float32", "float16", "single", "half")):
        return "dtype", f"`{text}` rounds to few digits"
    if any(word in text for word in ("int", "round", "floor", "trunc", "rint")) and (
        "astype" in text or d.form == "keyword" or "np." in text
    ):
        return "integer", f"`{text}` cuts to whole numbers"
    return None


def labels(d: Difference) -> Found:
    """Labels were meant, or others, or at another place."""
    turned_round = d.form == "sign" and d.piece is d.old
    if not d.labels or turned_round:
        return None
    due = d.form in ("slope", "name") and is_distribution(d.new_value)
    if due and not is_distribution(d.old_value):
        return "labels", f"`{plain(d.old)}` are no probabilities, `{plain(d.new)}` are"
    if d.in_index and d.form != "exchange":
        part = d.made.node if isinstance(d.made.node, ast.AST) else d.old
        if speaks_of(d.old, d.labels) or speaks_of(part, d.labels):
            return "labels", f"the labels point to the wrong entries: `{ast.unparse(d.old)}`"
    pieces = [node for node in (d.piece, d.old if d.form in ("name", "field") else None,
                                d.new if d.form in ("name", "field") else None)
              if isinstance(node, ast.AST)]  # fmt: skip
    own = isinstance(d.piece, ast.AST) and d.form in (
        "term dropped", "term added", "sign", "call dropped", "slice", "name", "field",
        "statement moved", "statement dropped",
    )  # fmt: skip
    if own and any(speaks_of(node, d.labels) for node in pieces):
        return "labels", label_text(d)
    target = getattr(d.site.statement, "target", None)
    turned = d.form in ("sign", "constant", "statement moved")
    if turned and isinstance(target, ast.Subscript) and speaks_of(target, d.labels):
        return "labels", label_text(d)
    return None


def is_distribution(value: Any) -> bool:
    """Whether the rows of an array, or its columns, are probabilities."""
    if not is_array(value) or value.ndim != 2 or min(value.shape) < 2 or np.min(value) <= 0:
        return False
    return any(bool(np.allclose(value.sum(axis=axis), 1)) for axis in (0, 1))


def label_text(d: Difference) -> str:
    """What is wrong with labels."""
    words = {
        "term added": f"the labels, `{d.spelled}`, are not subtracted",
        "statement moved": "the labels are subtracted at the wrong place",
        "call dropped": f"`{d.spelled}` are not the labels",
    }
    return words.get(d.form, "the labels do not come in as they should")


def regularisation(d: Difference) -> Found:
    """A term that is a multiple of a parameter is wrong."""
    roles = d.roles
    if d.form in ("term added", "term dropped", "sign"):
        name = roles.penalty(d.piece_value)
        if name is not None and not d.is_inside(
            (ast.MatMult, ast.Attribute, ast.Call, ast.Compare)
        ):
            kept = roles.weight(d.new_value) or roles.weight(d.old_value)
            if kept == name and d.form == "term dropped":
                return None  # weights that were updated
            word = {"term added": "is missing", "term dropped": "is too much"}
            return "regularisation", (
                f"the gradient of the penalty, `{d.spelled}`, "
                f"{word.get(d.form, 'has the wrong sign')}"
            )
    if is_factor(d) or d.form in ("name", "field", "constant", "near", "slice", "cut", "power"):
        own = (d.old, d.old_value, d.new_value)
        of_number = is_number(d.old_value) and is_array(d.new_value)
        for _, before, after in [*(() if of_number else (own,)), *d.around]:
            name = roles.penalty(after)
            if name is not None and roles.is_weight(name) and in_term(d):
                return "regularisation", (
                    f"the gradient of the penalty of {name} is not that of the loss"
                    + multiple(before, after)
                )
    return None


def in_term(d: Difference) -> bool:
    """Whether the place is in a term that is added to a gradient, or is the whole of one."""
    statement = d.site.statement
    if isinstance(statement, ast.AugAssign) and isinstance(statement.op, ast.Add | ast.Sub):
        return not d.is_inside((ast.Call, ast.MatMult))
    chain = path_to(statement, d.old) or []
    return any(isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub)
               for node in [*chain, d.old]) and not any(
        isinstance(node, ast.Call | ast.Attribute)
        or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult))
        for node in chain
    )  # fmt: skip


def multiple(before: Any, after: Any) -> str:
    """How many times too large a value is, in brackets, if it is a multiple."""
    if not is_array(before) or not is_array(after) or not parallel(before, after):
        return ""
    factor = float(np.sum(before * after) / np.sum(after * after))
    return f": it is {factor:.6g} × what it should be"


def eps(d: Difference) -> Found:
    """The eps of a normalisation is missing or another one."""
    if d.form in ("term added", "term dropped") and is_eps(d.piece_value):
        return "eps", f"eps, `{d.spelled}`, is missing" if d.form == "term added" else (
            f"`{d.spelled}` is too much")  # fmt: skip
    parent = d.site.slot.parent
    sum_ = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Add | ast.Sub)
    if sum_ and is_number(d.old_value) and is_number(d.new_value) and is_eps(d.new_value):
        return "eps", f"eps is {d.old_value:.4g} here, and {d.new_value:.4g} in the forward pass"
    return None


def slope(d: Difference) -> Found:
    """The derivative of an activation, or a mask, is missing, too much or another one."""
    if is_factor(d) or d.form in ("slope", "statement dropped"):
        kind = piece_kind(d)
        if kind is not None:
            return kind, slope_text(d, kind)
    if d.form == "average":
        return None
    compared = d.is_inside(ast.Compare) or d.form == "comparison" or isinstance(d.old, ast.Compare)
    for node, before, after in [(d.old, d.old_value, d.new_value), *d.around, *d.updated]:
        kind = d.roles.slope_kind(after)
        if kind is not None and d.roles.slope_kind(before) is None:
            if is_array(before) and parallel(before, after):
                return None  # a number in front of it
            if kind == "mask" and d.form == "slope" and not is_mask(before):
                kind = "slope"
            what = "the mask" if kind == "mask" else "the derivative"
            return kind, f"{what}, `{ast.unparse(node)}`, is not that of the forward pass"
        compared = compared and not (is_mask(after) and parallel(before, after))
    if d.form in ("term added", "sign", "constant", "near", "power", "exchange"):
        name = slope_in_front(d)
        if name is not None:
            return "slope", f"`{name}` is not multiplied by the derivative of the activation"
    return ("mask", f"the mask, `{d.repair.before}`, is another one") if compared else None


def is_slope_form(d: Difference) -> bool:
    """Whether a factor has the values of v * (1 - v) or 1 - v**2 of an array in reach."""
    value = d.piece_value
    if not is_array(value) or value.size < 2:
        return False
    arrays = [v for v in d.site.values.values() if is_array(v) and v.shape == value.shape]
    return any(alike(form, value) for v in arrays for form in (v * (1 - v), 1 - v * v))


def slope_in_front(d: Difference) -> str | None:
    """The name of an array by which the statement is to be a slope, and is none."""
    _, before, after = d.around[-1] if d.around else (None, d.old_value, d.new_value)
    if not is_array(after) or not is_array(before):
        return None
    for name in names_in(d.site.statement):
        value = d.site.values.get(name)
        if is_array(value) and value.shape == after.shape == before.shape:
            with np.errstate(all="ignore"):
                due, given = after / value, before / value
            if d.roles.slope_kind(due) == "slope" and not parallel(due, given):
                return name
    return None


def piece_kind(d: Difference) -> str | None:
    """The kind of a slope that a factor is; None if it is none."""
    extra = d.form == "factor dropped" and d.roles.is_value(d.piece_value)
    kind = None if extra else d.roles.slope_kind(d.piece_value)
    if kind is None and is_factor(d) and (is_slope_text(d.piece) or is_slope_form(d)):
        return "slope"
    if kind is None and is_factor(d) and is_mask(d.piece_value):
        return "mask"
    return kind


def slope_text(d: Difference, kind: str) -> str:
    """What is wrong with a slope."""
    what = {"mask": "the mask", "power": "the derivative of the power"}.get(
        kind, "the derivative of the activation"
    )
    word = {"factor added": "is missing", "factor dropped": "is too much"}.get(
        d.form, "is another one"
    )
    return f"{what}, `{d.spelled}`, {word}"


def weights(d: Difference) -> Found:
    """Other weights were meant, or those before the update."""
    roles = d.roles
    new = None if is_number(d.old_value) else roles.weight(d.new_value)
    if d.form in ("name", "field", "term dropped", "index", "slice", "exchange") and new:
        old = roles.weight(d.old_value)
        plain = is_array(d.old_value) and np.shape(d.old_value) == np.shape(d.new_value)
        if d.form == "term dropped":
            return "weights", f"{new} was updated before it is used: `{ast.unparse(d.old)}`"
        if d.form in ("name", "field") and (old or not plain or close_to(d)):
            return "weights", f"`{ast.unparse(d.old)}` stands for `{ast.unparse(d.new)}`"
    if d.form == "statement dropped":
        target = d.old.targets[0] if isinstance(d.old, ast.Assign) else getattr(
            d.old, "target", None)  # fmt: skip
        if isinstance(target, ast.AST) and roles.weight(value_or_none(d.site, as_load(target))):
            return "weights", f"`{d.repair.before}` updates the weights before they are used"
        code = d.site.source.function.__code__
        given = code.co_varnames[: code.co_argcount]
        if isinstance(d.old, ast.AugAssign) and isinstance(target, ast.Name) and target.id in given:
            return "modified", f"`{d.repair.before}` changes {target.id} in place"
    return None


def close_to(d: Difference) -> bool:
    """Whether the old value is the new one with a small step."""
    step = d.old_value - d.new_value
    return bool(np.max(np.abs(step)) < 0.5 * np.max(np.abs(d.new_value)))


def as_load(target: ast.AST) -> Any:
    """What a target reads as an expression; the array of an entry."""
    while isinstance(target, ast.Subscript) and not isinstance(target.slice, ast.Constant):
        target = target.value
    return ast.parse(ast.unparse(target), mode="eval").body


def columns(d: Difference) -> Found:
    """A bias column was not dropped, or the wrong one, or entries are off by one."""
    if d.form not in ("slice", "cut"):
        return None
    holder = d.site.slot.parent if d.form == "slice" else d.old
    text = ast.unparse(d.old if d.form == "cut" else d.site.statement)
    step = isinstance(d.piece, ast.Slice) and d.piece.step is not None
    reverse = step or "::-1" in ast.unparse(holder)
    if not reverse and d.piece is not None and has_bias(d):  # None: several, and not the same
        return "bias_column", f"the column of the bias is not dropped as it should be: `{text}`"
    if reverse:
        return "permuted", f"the entries stand in another order: `{text}`"
    return "shifted", f"the entries are off by one: `{text}`"


def has_bias(d: Difference) -> bool:
    """Whether there is a column of ones in the graph or in reach."""
    values = [*d.site.values.values(), *getattr(d.site.values.get("self"), "__dict__", {}).values()]
    if d.roles.record is not None:
        values += list(d.roles.record.values.values())
    return any(has_ones(value) for value in values)
