"""What a repair says of the gradient of a penalty: a term that is a multiple of a parameter."""

import ast
from typing import Any

import numpy as np

from ..repairs.vocabulary import is_array, is_number
from .differences import Difference, Found, factors_of, is_factor, plain
from .likeness import parallel

WORDS = {"term added": "is missing", "term dropped": "is too much", "sign": "has the wrong sign"}


def regularisation(d: Difference) -> Found:
    """A term that is a multiple of a parameter is wrong."""
    return whole_term(d) or multiple_of_parameter(d) or of_entry(d)


def whole_term(d: Difference) -> Found:
    """A multiple of a parameter is added or subtracted, and should not be, or is to be."""
    if d.form not in WORDS:
        return None
    roles, name = d.roles, d.roles.penalty(d.piece_value)
    if name is None and d.form != "sign":
        name = next(filter(None, (d.roles.single(d.value(node)) for node in factors_of(d.piece))
                           ), None)  # fmt: skip
    if name is None or d.in_matrices or d.is_inside((ast.Attribute, ast.Call, ast.Compare)):
        return None
    kept = roles.weight(d.new_value) or roles.weight(d.old_value)
    if kept == name and d.form == "term dropped":
        return None  # weights that were updated
    return "regularisation", f"the gradient of the penalty, `{d.spelled}`, {WORDS[d.form]}"


def multiple_of_parameter(d: Difference) -> Found:
    """An expression around the place is to be a multiple of a parameter."""
    if not is_factor(d) and d.form not in (
        "name", "field", "constant", "near", "slice", "cut", "power"
    ):  # fmt: skip
        return None
    of_number = is_number(d.old_value) and is_array(d.new_value)
    for _, before, after in d.values()[int(of_number) :]:
        name = d.roles.penalty(after)
        if name is not None and d.roles.is_weight(name) and in_term(d):
            text = f"the gradient of the penalty of {name} is not that of the loss"
            return "regularisation", text + multiple(before, after)
        if d.updated and in_term(d) and d.roles.is_from_penalty(after):
            text = "the gradient of the penalty is not that of the loss"
            return "regularisation", text + multiple(before, after)
    return None


def of_entry(d: Difference) -> Found:
    """In a loop the penalty is that of one entry: `dW[i, j] += lam * W[i, j]`."""
    if d.form in WORDS:
        name = entry_of_parameter(d, d.piece)
        if name is not None and not is_of_data(d, d.piece):
            return "regularisation", f"the gradient of the penalty, `{d.spelled}`, {WORDS[d.form]}"
    if not is_factor(d) and d.form not in ("constant", "near", "name", "power"):
        return None
    term = term_around(d)
    with d.repair.edit.applied():
        name = entry_of_parameter(d, term or d.new)
        own = name is not None and not is_of_data(d, term or d.new)
    if not own:
        return None
    return "regularisation", f"the gradient of the penalty of {name} is not that of the loss"


def term_around(d: Difference) -> Any:
    """The term of a sum in which the place is, without signs; None if it is a term itself."""
    found = None
    for node in reversed(d.chain[:-1]):
        product = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div)
        if not product and not isinstance(node, ast.UnaryOp):
            return found
        found = node
    return found


def entry_of_parameter(d: Difference, term: Any) -> str | None:
    """The name of the parameter of which a term is a multiple, at the index of the target."""
    target = d.target
    if not isinstance(target, ast.Subscript) or not isinstance(term, ast.AST):
        return None
    index = ast.unparse(target.slice)
    for node in factors_of(term):
        if isinstance(node, ast.Subscript) and ast.unparse(node.slice) == index:
            name = d.roles.weight(d.value(node.value))
            if name is not None and ast.unparse(node) != ast.unparse(target):
                return name
    return None


def is_of_data(d: Difference, term: Any) -> bool:
    """Whether a term has other entries, or what is computed in the loop, as factors.

    That of a penalty has numbers that are the same in all rounds.
    """
    factors = factors_of(term)
    entries = {plain(node) for node in factors if isinstance(node, ast.Subscript)
               and is_array(d.value(node.value))}  # fmt: skip
    loops = [node for node in ast.walk(d.site.source.definition) if isinstance(node, ast.For)]
    inside = {each.id for loop in loops for node in loop.body for each in ast.walk(node)
              if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}  # fmt: skip
    return len(entries) > 1 or any(getattr(node, "id", None) in inside for node in factors)


def in_term(d: Difference) -> bool:
    """Whether the place is in a term that is added to a gradient, or is the whole of one."""
    statement = d.site.statement
    if isinstance(statement, ast.AugAssign) and isinstance(statement.op, ast.Add | ast.Sub):
        return not d.in_matrices and not d.is_inside(ast.Call)
    within = d.in_matrices or d.is_inside((ast.Call, ast.Attribute))
    return not within and any(
        isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub) for node in d.chain
    )


def multiple(before: Any, after: Any) -> str:
    """How many times too large a value is, in brackets, if it is a multiple."""
    if not is_array(before) or not is_array(after) or not parallel(before, after):
        return ""
    factor = float(np.sum(before * after) / np.sum(after * after))
    return f": it is {factor:.6g} × what it should be"
