"""The kind of a mistake and its description, from the change of the source that undoes it.

What differs between before and after says what was wrong, by values and roles: a factor that is a
slope of the graph is a slope, a term that is a multiple of a parameter belongs to a penalty. The
`RULES` are asked one after the other; `LAST` has a last word for each form of a change.
"""

import ast
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..cases import Case, Diagnosis
from ..records import Record
from ..repairs.repairing import Repair
from ..repairs.sites import is_mask
from ..repairs.vocabulary import is_array, is_number
from ..wording.changes import added_statements, smallest_change
from .amounts import powers, scale, signs
from .axes import axes, is_order, is_reduced
from .derivatives import between, slope
from .differences import Difference, Found, in_product, plain
from .entries import index, is_index, is_off, left_out, order, rounds, words
from .likeness import parallel
from .meanings import casts, columns, eps, labels, outlived, renamed, shared, updates, weights
from .penalties import regularisation
from .selections import choices, complements, decisions, masks, probabilities, upside_down, zeros

LONGEST = 120  # characters of code in a sentence


def classified(repair: Repair, cases: Sequence[Case], record: Record | None) -> Diagnosis:
    """The diagnosis that a repair stands for; the first case is a wrong one."""
    difference = Difference(repair, cases, record)
    kind, text = next(found for rule in RULES if (found := rule(difference)) is not None)
    before, after = smallest_change(repair.before, repair.after)
    place = {"file": repair.file, "line": repair.line, "before": before, "after": after}
    return Diagnosis(kind, f"{text}. {proof(repair)}", place)


def proof(repair: Repair) -> str:
    """That a repair makes gradients right, in a sentence."""
    added = added_statements(repair.before, repair.after)
    if added is not None:
        return f"{repair.right} with {added}"
    before, after = smallest_change(repair.before, repair.after)
    if after == "pass":
        return f"{repair.right} without that statement"
    if len(before) + len(after) > LONGEST or "\n" in before + after:
        return f"{repair.right} once that is mended in line {repair.line}"
    return f"{repair.right} with `{after}` in place of `{before}`"


def overwritten(d: Difference) -> Found:
    """Assigned in place of added, or the other way round."""
    if d.form == "augment":
        return "overwritten", f"`{d.repair.before}` assigns where it should add"
    if d.form == "assign":
        return "accumulated", f"`{d.repair.before}` adds where it should assign"
    return None


def terms(d: Difference) -> Found:
    """A term is missing or too much."""
    if d.form not in ("term added", "term dropped"):
        return None
    if is_count(d):
        return "scale", f"`{plain(d.old)}` stands for `{plain(d.new)}`"
    numeric = is_array(d.piece_value) or is_number(d.piece_value)
    zero = numeric and not np.any(d.piece_value)  # in the first round of a loop
    if not zero and d.roles.is_value(d.old_value) and d.roles.is_value(d.new_value):
        return "operand", f"`{plain(d.old)}` stands for `{plain(d.new)}`"
    return term_missing(d) if d.form == "term added" else term_too_much(d)


def term_missing(d: Difference) -> Found:
    """A term is not there that should be."""
    if is_off(d):
        return "shifted", f"the index `{plain(d.old)}` is off"
    whole = with_factor(d)
    if whole is not None:
        return "factor", f"a factor of `{whole}` is missing: `{d.spelled}` is to be subtracted"
    return "path", f"the term `{d.spelled}` is missing"


def with_factor(d: Difference) -> str | None:
    """What a missing term is a part of: `g` lacks `-g * z` where `g * (1 - z)` is due."""
    terms = terms_of(d.old)
    if isinstance(d.site.statement, ast.AugAssign):
        terms.append(ast.parse(ast.unparse(d.site.statement.target), mode="eval").body)
    for term in terms:
        value = d.value(term)
        if not is_array(value) or np.shape(value) != np.shape(d.piece_value) or value.size < 2:
            continue
        with np.errstate(all="ignore"):
            share = d.piece_value / value
        if np.all(np.isfinite(share)) and np.ptp(share) > 0 and d.roles.is_value(share):
            return plain(term)
    return None


def term_too_much(d: Difference) -> Found:
    """A term is there that should not be."""
    alike = [node for node in terms_of(getattr(d.site.statement, "value", None))
             if is_array(value := d.value(node)) and is_array(d.piece_value)
             and parallel(d.piece_value, value)]  # fmt: skip
    several = is_array(d.piece_value) and d.piece_value.size > 1
    if several and (len(alike) > 1 or (is_array(d.new_value)
                                       and parallel(d.piece_value, d.new_value))):  # fmt: skip
        return "twice", f"`{d.spelled}` is added to the same once more"
    if d.in_index or is_off(d):
        reverse = isinstance(d.old, ast.BinOp) and isinstance(d.old.op, ast.Sub)
        if reverse and plain(d.old.right) == plain(d.new):
            return "permuted", f"the index `{plain(d.old)}` counts from the end"
        return "shifted", f"the index `{plain(d.old)}` is off"
    return "path", f"the term `{d.spelled}` is too much"


def is_count(d: Difference) -> bool:
    """Whether a whole number is added to another one by which something is multiplied."""
    operator = getattr(d.site.slot.parent, "op", None)
    numbers = is_number(d.old_value) and is_number(d.new_value) and is_number(d.piece_value)
    return numbers and isinstance(operator, ast.Mult | ast.Div | ast.Pow) and (
        float(d.piece_value) == int(d.piece_value) and float(d.new_value) == int(d.new_value)
    )  # fmt: skip


def terms_of(node: Any) -> list[ast.AST]:
    """The terms of a sum."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        return [*terms_of(node.left), *terms_of(node.right)]
    return [] if node is None else [node]


def names(d: Difference) -> Found:
    """Another array was meant."""
    if d.form in ("name", "field"):
        parent = getattr(d.site.slot.parent, "op", None)
        if isinstance(d.old, ast.Constant) and isinstance(parent, ast.Add | ast.Sub):
            return "path", f"the term `{plain(d.new)}` is missing, `{plain(d.old)}` stands there"
        return "operand", f"`{ast.unparse(d.old)}` stands for `{ast.unparse(d.new)}`"
    return None


CALLS = {"roll": "shifted", "flip": "permuted", "flipud": "permuted", "fliplr": "permuted",
         "sort": "permuted", "sum": "axis", "mean": "axis", "transpose": "transposed",
         "swapaxes": "transposed", "tile": "axis", "repeat": "axis", "cumsum": "axis",
         "reshape": "shape", "sqrt": "power", "square": "power", "reciprocal": "power",
         "ones_like": "factor", "zeros_like": "path", "clip": "mask", "maximum": "mask",
         "minimum": "mask", "sign": "factor", "abs": "factor", "absolute": "factor",
         "fabs": "factor"}  # fmt: skip


def calls(d: Difference) -> Found:
    """A call is too much."""
    if d.form != "call dropped":
        return None
    kind = CALLS.get(getattr(d.piece.func, "attr", getattr(d.piece.func, "id", "")), "slope")
    if kind == "transposed" and is_array(d.new_value) and d.new_value.ndim > 2:
        kind = "permuted"
    return kind, f"`{d.spelled}` stands for `{plain(d.new)}`"


LAST: dict[str, tuple[str, str]] = {
    "factor dropped": ("factor", "the factor `{piece}` is too much"),
    "factor added": ("factor", "the factor `{piece}` is missing"),
    "inverse": ("factor", "`{piece}` multiplies where it should divide, or the other way round"),
    "order": ("operand", "the operands of a product are exchanged: `{before}`"),
    "exchange": ("permuted", "two of its parts are exchanged: `{before}`"),
    "whole": ("integer", "`//` cuts to whole numbers: `{piece}`"),
    "text": ("slope", "`{old}` stands for `{new}`"),
    "whole name": ("operand", "`{old}` stands for `{new}`"),
    "call added": ("operand", "`{old}` stands for `{new}`"),
    "keyword": ("axis", "the argument of `{old}` is wrong"),
    "axis": ("axis", "it is summed over axis {old}, not {new}"),
    "sum": ("axis", "it is not summed over axis {piece}"),
    "shape": ("shape", "it has another shape: `{before}`"),
    "index": ("shifted", "the index `{old}` stands for `{new}`"),
    "slope": ("slope", "`{piece}` is not the derivative, which is `{new}`"),
    "constant": ("scale", "`{old}` stands for `{new}`"),
    "near": ("scale", "`{old}` stands for `{new}`"),
    "statement dropped": ("twice", "the line is too much: `{before}`"),
    "operator": ("factor", "`{old}` adds where it should multiply: `{new}`"),
    "root": ("eps", "`{old}` stands for `{new}`"),
    "mask": ("mask", "`{old}` is not the mask, which is `{new}`"),
    "count": ("labels", "the entries of the labels get `{old}`, not `{new}`"),
    "slope everywhere": ("slope", "the derivative is not that at `{piece}`: `{old}`"),
    "total": ("path", "`{old}` stands for `{new}`"),
    "shared": ("aliased", "the names share one array, which both of them change: `{before}`"),
    "returned early": ("path", "`{before}` stands inside of a loop: the other rounds are missing"),
    "direction": ("permuted", "the running sum begins at the other end: `{old}`"),
    "call order": ("operand", "the functions are called in the wrong order: `{old}`"),
    "statement moved": ("overwritten", "the line stands at the wrong place: `{before}`"),
}


def last_word(d: Difference) -> Found:
    """What a form means if nothing more is known."""
    if d.form == "transpose":
        if is_reduced(d):
            return "axis", f"`{plain(d.old)}` is summed over the other axis"
        several = is_array(d.new_value) and d.new_value.ndim > 2
        kind = "operand" if in_product(d) else "permuted" if several else "transposed"
        return kind, f"`{ast.unparse(d.old)}` stands for `{ast.unparse(d.new)}`"
    if d.form == "exchange" and isinstance(getattr(d.old, "ctx", None), ast.Store):
        numbers = is_index(d, {each.id for each in ast.walk(d.old) if isinstance(each, ast.Name)})
        kind = "shifted" if numbers else "operand"
        return kind, f"two names are exchanged: `{d.repair.before}`"
    if d.form == "exchange" and not in_one_row(d) and not is_order(d):
        kind = "operand"
        return kind, f"two of its parts are exchanged: `{d.repair.before}`"
    kind, text = LAST[d.form]
    parent: Any = d.site.slot.parent
    below = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Div)
    if d.form == "sum" and below and d.old is parent.right:
        return "factor", f"`{plain(d.old)}` divides, where `{plain(d.new)}` is due"
    if d.form == "total" and is_number(d.piece_value):
        kind = "scale"
    if d.form == "slope" and is_mask(d.new_value):
        kind, text = "mask", "`{piece}` is not the mask, which is `{new}`"
    parts = {
        "piece": d.spelled,
        "before": d.repair.before,
        "old": plain(d.old),
        "new": plain(d.new),
    }
    return kind, text.format(**parts)


def in_one_row(d: Difference) -> bool:
    """Whether what is exchanged are elements of a tuple or list that a call puts together."""
    rows = [
        [ast.unparse(node) for call in ast.walk(tree) if isinstance(call, ast.Call)
         for node in call.args if isinstance(node, ast.Tuple | ast.List)]
        for tree in (d.old, d.new)
    ]  # fmt: skip
    inside = isinstance(d.old, ast.Tuple | ast.List) and isinstance(d.site.slot.parent, ast.Call)
    return inside or rows[0] != rows[1]


RULES: tuple[Callable[[Difference], Found], ...] = (
    casts, outlived, updates, renamed, order, axes, choices, upside_down, words, between, labels,
    probabilities, decisions, eps, regularisation, weights, masks, left_out, rounds, columns,
    slope, zeros, shared, complements, powers, scale, overwritten, signs, terms, index, names,
    calls, last_word,
)  # fmt: skip
