"""The kind of a mistake and its description, from the change of the source that undoes it.

What differs between before and after says what was wrong, by values and roles: a factor that is a
slope of the graph is a slope, a term that is a multiple of a parameter belongs to a penalty. The
`RULES` are asked one after the other; `LAST` has a last word for each form of a change.
"""

import ast
from collections.abc import Callable
from typing import Any

import numpy as np

from ..cases import Case, Diagnosis
from ..records import Record
from ..repairs.repairing import Repair
from ..repairs.sites import names_in
from ..repairs.vocabulary import is_array, is_number
from ..wording.changes import smallest_change
from .differences import Difference, Found, is_factor, plain
from .meanings import (
    casts,
    columns,
    eps,
    labels,
    regularisation,
    slope,
    slope_text,
    weights,
)
from .roles import parallel, value_or_none

LONGEST = 120  # characters of code in a sentence


def classified(repair: Repair, case: Case, record: Record | None) -> Diagnosis:
    """The diagnosis that a repair stands for."""
    difference = Difference(repair, case, record)
    kind, text = next(found for rule in RULES if (found := rule(difference)) is not None)
    before, after = smallest_change(repair.before, repair.after)
    place = {"file": repair.file, "line": repair.line, "before": before, "after": after}
    return Diagnosis(kind, f"{text}. {proof(repair)}", place)


def proof(repair: Repair) -> str:
    """That a repair makes all gradients right, in a sentence."""
    before, after = smallest_change(repair.before, repair.after)
    if after == "pass":
        return "All gradients are right without that statement"
    if len(before) + len(after) > LONGEST:
        return f"All gradients are right once that is mended in line {repair.line}"
    return f"All gradients are right with `{after}` in place of `{before}`"


def scale(d: Difference) -> Found:
    """A number is wrong."""
    number = is_factor(d) and is_number(d.piece_value) and not is_entry(d, d.piece)
    if d.form == "average":
        return "scale", f"`{d.spelled}`: {average_text(d)}"
    if number or (d.form in ("constant", "near", "name", "field") and not d.in_index
                  and is_number(d.new_value)):  # fmt: skip
        operator = getattr(d.site.slot.parent, "op", None)
        if number and float(d.piece_value) == 0:
            return "path", f"`{d.spelled}` makes it vanish"
        term = d.form == "factor dropped" and isinstance(operator, ast.Add | ast.Sub)
        if number and term and float(d.piece_value) > 1:
            return "twice", f"it counts {float(d.piece_value):.4g} times: `{plain(d.old)}`"
        if d.form in ("constant", "near") and isinstance(operator, ast.Add | ast.Sub):
            return None
        return "scale", number_text(d)
    return None


def is_entry(d: Difference, node: Any) -> bool:
    """Whether a number is an entry of an array, which is no constant."""
    holder = value_or_none(d.site, node.value) if isinstance(node, ast.Subscript) else None
    return is_array(holder) and holder.dtype.kind == "f" and holder.size > 1


def average_text(d: Difference) -> str:
    """What was summed, or averaged."""
    name = d.piece.func.attr
    meant = {"sum": "summed, not averaged", "nansum": "summed, not averaged"}.get(
        name, "averaged, not summed" if name in ("mean", "average") else "another function is due"
    )
    value = value_or_none(d.site, d.piece.args[0]) if d.piece.args else None
    if is_array(value) and is_array(d.new_value) and "summed" in meant:
        count = value.size // max(1, np.size(d.new_value))
        named = d.roles.problem.lengths.get(count)
        of = f" the {count} entries of {named}" if named else f" {count} entries"
        return f"{of.strip()} were {meant}"
    return meant


def number_text(d: Difference) -> str:
    """What is wrong with a number."""
    word = {"factor added": "is missing", "factor dropped": "is too much",
            "inverse": "multiplies where it should divide, or the other way round"}  # fmt: skip
    if is_factor(d):
        text = f"the factor `{d.spelled}` {word[d.form]}"
        length = d.roles.length(d.piece_value)
        return f"{text}: {length[0]} is the length of {length[1]}" if length else text
    return f"`{ast.unparse(d.old)}` stands for `{ast.unparse(d.new)}`"


def powers(d: Difference) -> Found:
    """A power is wrong."""
    if d.form == "power":
        return "power", f"the power in `{d.repair.before}` is wrong"
    if is_factor(d) and isinstance(d.piece, ast.Name | ast.BinOp) and is_array(d.piece_value):
        names = names_in(d.piece)
        statement = getattr(d.site.statement, "value", d.site.statement)
        again = sum(isinstance(n, ast.Name) and n.id in names for n in ast.walk(statement))
        if len(names) == 1 and again > (1 if d.form != "factor added" else 0):
            return "power", f"`{d.spelled}` {slope_text(d, 'power').rpartition('`, ')[2]}: a power"
    return None


def overwritten(d: Difference) -> Found:
    """Assigned in place of added, or the other way round."""
    if d.form == "augment":
        return "overwritten", f"`{d.repair.before}` assigns where it should add"
    if d.form == "assign":
        return "accumulated", f"`{d.repair.before}` adds where it should assign"
    return None


def terms(d: Difference) -> Found:
    """A term is missing or too much, or has the wrong sign."""
    if d.form == "term added":
        return "path", f"the term `{d.spelled}` is missing"
    if d.form == "sign":
        whole = isinstance(d.old, ast.UnaryOp) or isinstance(d.new, ast.UnaryOp)
        if whole or (isinstance(d.piece, ast.BinOp) and d.piece is d.old):
            return "scale", f"the sign is wrong: `{d.repair.before}`"
        return "path", f"`{d.spelled}` has the wrong sign"
    return term_too_much(d) if d.form == "term dropped" else None


def term_too_much(d: Difference) -> Found:
    """A term is there that should not be."""
    alike = [node for node in terms_of(getattr(d.site.statement, "value", None))
             if is_array(value := value_or_none(d.site, node)) and is_array(d.piece_value)
             and parallel(d.piece_value, value)]  # fmt: skip
    if len(alike) > 1 or (is_array(d.new_value) and is_array(d.piece_value)
                          and parallel(d.piece_value, d.new_value)):  # fmt: skip
        return "twice", f"`{d.spelled}` is added to the same once more"
    if d.in_index:
        return "shifted", f"the index `{ast.unparse(d.old)}` is off"
    return "path", f"the term `{d.spelled}` is too much"


def terms_of(node: Any) -> list[ast.AST]:
    """The terms of a sum."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        return [*terms_of(node.left), *terms_of(node.right)]
    return [] if node is None else [node]


def names(d: Difference) -> Found:
    """Another array was meant."""
    if d.in_axis and d.form in ("index", "constant", "near", "name"):
        return "axis", f"the axes of `{d.repair.before}` are wrong"
    if d.form in ("name", "field"):
        if d.in_index:
            return "shifted", f"the index `{ast.unparse(d.old)}` stands for `{ast.unparse(d.new)}`"
        return "operand", f"`{ast.unparse(d.old)}` stands for `{ast.unparse(d.new)}`"
    return None


def calls(d: Difference) -> Found:
    """A call is too much."""
    if d.form != "call dropped":
        return None
    name = getattr(d.piece.func, "attr", getattr(d.piece.func, "id", ""))
    kinds = {"roll": "shifted", "flip": "permuted", "flipud": "permuted", "fliplr": "permuted",
             "sort": "permuted", "sum": "axis", "mean": "axis", "transpose": "transposed",
             "swapaxes": "transposed", "tile": "axis", "repeat": "axis", "cumsum": "axis",
             "reshape": "shape"}  # fmt: skip
    kind = kinds.get(name, "slope")
    if kind == "transposed" and is_array(d.new_value) and d.new_value.ndim > 2:
        kind = "permuted"
    return kind, f"`{d.spelled}` is too much around `{ast.unparse(d.new)}`"


LAST: dict[str, tuple[str, str]] = {
    "factor dropped": ("factor", "the factor `{piece}` is too much"),
    "factor added": ("factor", "the factor `{piece}` is missing"),
    "inverse": ("factor", "`{piece}` multiplies where it should divide, or the other way round"),
    "order": ("operand", "the operands of a product are exchanged: `{before}`"),
    "exchange": ("permuted", "two of its parts are exchanged: `{before}`"),
    "whole": ("integer", "`//` cuts to whole numbers: `{piece}`"),
    "complement": ("operand", "`{old}` stands for `{new}`"),
    "whole name": ("operand", "`{old}` stands for `{new}`"),
    "keyword": ("axis", "the argument of `{old}` is wrong"),
    "axis": ("axis", "it is summed over axis {old}, not {new}"),
    "sum": ("axis", "it is not summed over axis {piece}"),
    "shape": ("shape", "it has another shape: `{before}`"),
    "index": ("shifted", "the index `{old}` stands for `{new}`"),
    "slope": ("slope", "`{piece}` is not the derivative, which is `{new}`"),
    "constant": ("scale", "`{old}` stands for `{new}`"),
    "near": ("scale", "`{old}` stands for `{new}`"),
    "statement dropped": ("twice", "the line is too much: `{before}`"),
    "statement moved": ("overwritten", "the line stands at the wrong place: `{before}`"),
}


def last_word(d: Difference) -> Found:
    """What a form means if nothing more is known."""
    if d.form == "transpose":
        kind = "operand" if in_product(d) else "transposed"
        return kind, f"`{ast.unparse(d.old)}` stands for `{ast.unparse(d.new)}`"
    if d.form == "exchange" and isinstance(getattr(d.old, "ctx", None), ast.Store):
        numbers = is_index(d, {each.id for each in ast.walk(d.old) if isinstance(each, ast.Name)})
        kind = "shifted" if numbers else "operand"
        return kind, f"two names are exchanged: `{d.repair.before}`"
    if d.form == "exchange" and not in_one_row(d):
        kind = "operand"
        return kind, f"two of its parts are exchanged: `{d.repair.before}`"
    kind, text = LAST[d.form]
    parts = {
        "piece": d.spelled,
        "before": d.repair.before,
        "old": plain(d.old),
        "new": plain(d.new),
    }
    return kind, text.format(**parts)


def in_product(d: Difference) -> bool:
    """Whether the place is an operand of a product of matrices."""
    parent = d.site.slot.parent
    if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Attribute):
        return parent.func.attr in ("dot", "matmul", "tensordot", "einsum", "outer", "multi_dot")
    if isinstance(parent, ast.Attribute):
        return parent.attr in ("dot", "T")
    return isinstance(parent, ast.BinOp | ast.Starred)


def in_one_row(d: Difference) -> bool:
    """Whether what is exchanged are elements of a tuple or list that a call puts together."""
    rows = [
        [ast.unparse(node) for call in ast.walk(tree) if isinstance(call, ast.Call)
         for node in call.args if isinstance(node, ast.Tuple | ast.List)]
        for tree in (d.old, d.new)
    ]  # fmt: skip
    inside = isinstance(d.old, ast.Tuple | ast.List) and isinstance(d.site.slot.parent, ast.Call)
    return inside or rows[0] != rows[1]


def is_index(d: Difference, names: set[str]) -> bool:
    """Whether one of some names is used in an index."""
    return any(
        isinstance(node, ast.Subscript) and names & names_in(node.slice)
        for node in ast.walk(d.site.source.definition)
    )


RULES: tuple[Callable[[Difference], Found], ...] = (
    casts, labels, eps, regularisation, weights, columns, slope, powers, scale, overwritten, terms,
    names, calls, last_word,
)  # fmt: skip
