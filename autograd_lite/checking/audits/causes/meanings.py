"""What a repair means by the roles of what it changes: labels, weights, eps, bias columns, casts.

Each takes a `Difference` and returns a kind with a text, or None if it is something else.
"""

import ast
from typing import Any

import numpy as np

from ..repairs.plausibility import CUTTING
from ..repairs.sites import names_in
from ..repairs.vocabulary import is_array, is_number
from .differences import Difference, Found, factors_of, narrowed, plain
from .roles import SMALL, axes_of_distribution, has_ones, is_eps, is_label, speaks_of

SAME = 1e-3  # how much a constant may vary by rounding


def casts(d: Difference) -> Found:
    """The numbers were made coarser on the way."""
    if d.form not in ("call dropped", "keyword", "index", "name", "term dropped"):
        return None
    old, new = d.old_value, d.new_value
    if digits(old) and digits(new) and digits(old) < digits(new):
        return "dtype", f"`{d.spelled}` rounds to few digits"
    name = getattr(getattr(d.piece, "func", None), "attr", getattr(
        getattr(d.piece, "func", None), "id", ""))  # fmt: skip
    cut = d.form == "call dropped" and (name in CUTTING or "int" in d.spelled)
    if digits(new) and (cut or (d.form == "keyword" and is_whole(old))):
        return "integer", f"`{d.spelled}` cuts to whole numbers"
    return None


def digits(value: Any) -> int:
    """How many bytes a number of an array has, 0 if it holds no floating-point numbers."""
    value = np.asarray(value) if is_array(value) or is_number(value) else np.asarray(0)
    return value.itemsize if value.dtype.kind == "f" else 0


def is_whole(value: Any) -> bool:
    """Whether an array or number is one of whole numbers."""
    return (is_array(value) or is_number(value)) and np.asarray(value).dtype.kind in "iu"


def outlived(d: Difference) -> Found:
    """What a function keeps from one call to the next is read, where it was computed anew."""
    if d.form != "statement dropped" or not isinstance(d.old, ast.Assign):
        return None
    calls = [each.func for each in ast.walk(d.old.value) if isinstance(each, ast.Call)]
    called = {getattr(func, "attr", getattr(func, "id", "")) for func in calls}
    if called & {"setdefault", "getattr", "vars", "globals"}:
        name = ast.unparse(d.target)
        return "stale", f"`{plain(d.old)}` takes `{name}` from an earlier call"
    return None


def renamed(d: Difference) -> Found:
    """An array is changed in place by another name, before it is read by its own."""
    if d.form != "statement moved" or not isinstance(d.old, ast.AugAssign):
        return None
    target = getattr(d.old.target, "id", None)
    for node in ast.walk(d.site.source.definition):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name):
            named = {getattr(each, "id", "") for each in node.targets}
            if target in named and node.lineno < d.old.lineno:
                return "aliased", f"`{d.repair.before}` changes {node.value.id}, which is {target}"
    return None


def shared(d: Difference) -> Found:
    """Zeros to which something is to be added lie in the memory of another array."""
    value, zeros = getattr(d.site.statement, "value", None), d.old_value
    if d.old is not value or not isinstance(d.target, ast.Name) or not is_array(zeros):
        return None
    held = [d.site.values.get(name) for name in names_in(value)]
    inside = any(is_array(each) and np.shares_memory(each, zeros) for each in held)
    real = is_array(d.new_value) or is_number(d.new_value)
    if not inside or np.any(zeros) or not real or np.any(d.new_value):
        return None
    return "aliased", f"`{d.repair.before}` lets {d.target.id} lie in the memory of another array"


def updates(d: Difference) -> Found:
    """Weights are updated, or arguments changed, while the gradient is computed."""
    statement = d.site.statement
    adds = isinstance(statement, ast.AugAssign) and isinstance(statement.op, ast.Add | ast.Sub)
    real = is_array(d.new_value) or is_number(d.new_value)  # and no tuple
    undone = real and not np.any(d.new_value)
    if adds and (undone or d.form.startswith("statement")):
        target: Any = d.target
        while isinstance(target, ast.Subscript):
            target = target.value
        name = d.roles.nearest(d.value(as_load(target)))
        if name is not None:
            return "weights", f"`{d.repair.before}` updates {name} before it is used"
    call = getattr(d.old, "value", None)
    if d.form != "statement dropped" or not isinstance(call, ast.Call):
        return None
    holder = getattr(call.func, "value", None)
    if isinstance(holder, ast.Name) and d.roles.is_given(d.value(holder)):
        return "modified", f"`{d.repair.before}` changes {holder.id} in place"
    return None


def labels(d: Difference) -> Found:
    """Labels were meant, or others, or at another place."""
    turned_round = d.form == "sign" and d.piece is d.old and not d.in_index
    if not d.labels or turned_round:
        return label_of_one(d)
    due = d.form in ("slope", "name") and axes_of_distribution(d.new_value) and not d.in_matrices
    if due and not axes_of_distribution(d.old_value):
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
    kept = d.form == "call dropped" and speaks_of(d.new, d.labels) and not is_label(d.new_value)
    if own and not kept and any(speaks_of(node, d.labels) for node in pieces):
        return "labels", label_text(d)
    target = getattr(d.site.statement, "target", None)
    turned = d.form in ("sign", "constant", "statement moved")
    if turned and isinstance(target, ast.Subscript) and speaks_of(target, d.labels):
        return "labels", label_text(d)
    return None


def label_of_one(d: Difference) -> Found:
    """The place is the index at which 1 is subtracted: `p[y] -= 1` of a number that is given."""
    statement, code = d.site.statement, d.site.source.function.__code__
    once = isinstance(statement, ast.AugAssign) and isinstance(statement.op, ast.Sub)
    if not once or not d.in_index or d.target not in d.chain:
        return None
    given = names_in(d.old) & set(code.co_varnames[: code.co_argcount])
    whole = any(isinstance(d.site.values.get(name), int | np.integer) for name in given)
    if not whole or plain(statement.value) not in ("1", "1.0"):  # type: ignore[attr-defined]
        return None
    return "labels", f"the label points to the wrong entry: `{plain(d.old)}`"


def label_text(d: Difference) -> str:
    """What is wrong with labels."""
    words = {
        "term added": f"the labels, `{d.spelled}`, are not subtracted",
        "statement moved": "the labels are subtracted at the wrong place",
        "call dropped": f"`{d.spelled}` are not the labels",
    }
    return words.get(d.form, "the labels do not come in as they should")


def eps(d: Difference) -> Found:
    """The eps of a normalisation is missing or another one."""
    if (
        d.form in ("term added", "term dropped")
        and is_eps(d.piece_value)
        and not has_entry(d, d.piece)
        and not any(d.roles.single(d.value(node)) for node in factors_of(d.piece))
    ):
        return "eps", f"eps, `{d.spelled}`, is missing" if d.form == "term added" else (
            f"`{d.spelled}` is too much")  # fmt: skip
    parent = d.site.slot.parent
    sum_ = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Add | ast.Sub)
    numbers = is_number(d.old_value) and is_eps(d.new_value) and not has_entry(d, d.old)
    replaced = d.form in ("near", "constant", "name", "whole name", "field")
    if numbers and (sum_ or (replaced and d.roles.is_added(d.new_value))):
        return "eps", f"eps is {d.old_value:.4g} here, and {d.new_value:.4g} in the forward pass"
    inner = narrowed(d.old, d.new) if replaced else None
    narrow = [] if inner is None else [(inner[0], *map(d.value, inner))]
    for node, before, after in [*narrow, *d.values()]:
        missing = constant_between(before, after)
        if missing is None and is_array(before) and is_array(after):
            missing = constant_between(before * before, after * after)  # below a root
        if missing is not None and d.roles.is_added(missing):
            return "eps", f"eps, {missing:.3g}, is missing in `{plain(node)}`"
    return None


def has_entry(d: Difference, node: Any) -> bool:
    """Whether there is an entry of an array in an expression, which is no eps."""
    return isinstance(node, ast.AST) and any(
        isinstance(each, ast.Subscript) and is_array(d.value(each.value)) for each in ast.walk(node)
    )


def constant_between(before: Any, after: Any) -> float | None:
    """The small number that is to be added to all entries of an array that are positive."""
    if not is_array(before) or np.shape(before) != np.shape(after) or np.size(before) < 2:
        return None
    if np.asarray(before).dtype.kind != "f" or np.ptp(before) == 0:
        return None
    steps = after - before
    mean = float(np.mean(steps))
    same = 0 < mean < SMALL and np.ptp(steps) <= SAME * mean
    return mean if same and np.min(before) >= 0 else None


def weights(d: Difference) -> Found:
    """Other weights were meant, or those before the update."""
    roles = d.roles
    for node, before, after in d.values() if d.in_index else ():
        held, due = roles.weight(before), roles.weight(after)
        if held and due and held != due:
            return "weights", f"`{plain(node)}` is {held}, where {due} is due"
    new = None if is_number(d.old_value) else roles.weight(d.new_value)
    if d.form == "term dropped" and (new or is_updated_row(d)):
        return "weights", f"`{plain(d.new)}` was updated before it is used: `{plain(d.old)}`"
    if d.form in ("name", "field", "term dropped", "index", "slice", "exchange") and new:
        old = roles.weight(d.old_value)
        fits = is_array(d.old_value) and np.shape(d.old_value) == np.shape(d.new_value)
        if d.form in ("name", "field") and (old or not fits or close_to(d)):
            return "weights", f"`{ast.unparse(d.old)}` stands for `{ast.unparse(d.new)}`"
    if d.form == "statement dropped":
        target = d.old.targets[0] if isinstance(d.old, ast.Assign) else getattr(
            d.old, "target", None)  # fmt: skip
        held = d.value(as_load(target)) if isinstance(target, ast.AST) else None
        if roles.weight(held) or (isinstance(d.old, ast.AugAssign) and roles.nearest(held)):
            return "weights", f"`{d.repair.before}` updates the weights before they are used"
        code = d.site.source.function.__code__
        given = code.co_varnames[: code.co_argcount]
        if isinstance(d.old, ast.AugAssign) and isinstance(target, ast.Name) and target.id in given:
            return "modified", f"`{d.repair.before}` changes {target.id} in place"
    return None


def is_updated_row(d: Difference) -> bool:
    """Whether a row of a parameter lies a small step away from where it was: `W[i] - 0.1 * g`."""
    held = d.value(d.new.value) if isinstance(d.new, ast.Subscript) else None
    arrays = is_array(d.old_value) and np.shape(d.old_value) == np.shape(d.new_value)
    return arrays and d.roles.weight(held) is not None and close_to(d)


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
