"""What a repair says of entries: which ones an index takes, and in which order they stand."""

import ast
from itertools import pairwise, permutations
from typing import Any

import numpy as np

from ..repairs.sites import names_in
from ..repairs.vocabulary import is_array, is_number
from .differences import Difference, Found, plain
from .roles import has_ones

FEW = 3  # values of labels and masks, which have no order to speak of
MOST_AXES = 4
MOVING = ("keyword", "name", "whole name", "field", "near", "constant", "call dropped",
          "call added", "slice", "cut")  # fmt: skip


def words(d: Difference) -> Found:
    """Rows of a parameter are taken by their numbers, and the numbers are other ones."""
    if row_numbers(d) is None:
        return None
    pairs = [(before, after) for node, before, after in d.values() if node is row_numbers(d)]
    for before, after in pairs:
        if not is_array(before) or np.shape(before) != np.shape(after):
            return None
        steps = before - after
        if np.ptp(steps) == 0:
            return "shifted", f"`{plain(d.old)}` is off by {int(np.ravel(steps)[0])}"
        if is_reordered(before, after):
            return "permuted", f"`{plain(d.old)}` has the right numbers in another order"
    return None


def row_numbers(d: Difference) -> Any:
    """The index of `dW[x] += g` or `np.add.at(dW, x, g)`, if the place is in it."""
    found: Any = None
    for outer, inner in pairwise(d.chain):
        if isinstance(outer, ast.Subscript) and inner is outer.slice:
            found = outer.value, inner
        if is_scatter(outer) and inner is outer.args[1]:  # type: ignore[attr-defined]
            found = outer.args[0], inner  # type: ignore[attr-defined]
    if found is None:
        return None
    shape, index = np.shape(d.value(found[0])), d.value(found[1])
    whole = is_array(index) and index.dtype.kind in "iu"
    return found[1] if whole and shape in map(np.shape, d.roles.problem.arrays) else None


def is_scatter(node: Any) -> bool:
    """Whether a node is a call like `np.add.at(dW, x, g)`."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "at"
        and len(node.args) == 3
    )


def order(d: Difference) -> Found:
    """The right numbers stand in another order."""
    if d.form not in MOVING:
        return None
    for node, before, after in d.values():
        if is_array(before) and is_array(after) and before.shape == after.shape:
            if not is_reordered(before, after):
                return None
            return order_of(node, before, after)
    return None


def order_of(node: Any, before: Any, after: Any) -> Found:
    """How the numbers of an array are moved."""
    text = f"`{plain(node)}` has the right numbers in another order"
    for axis in range(before.ndim):
        for step in (1, -1) if before.shape[axis] > 2 else ():
            if np.array_equal(np.roll(after, step, axis), before):
                if has_ones(before) and has_ones(after):
                    return "bias_column", f"the column of ones stands elsewhere in `{plain(node)}`"
                return "shifted", f"the entries of `{plain(node)}` are moved by one"
    return "permuted", text


def is_reordered(before: Any, after: Any) -> bool:
    """Whether an array has the numbers of another one in another order, and not transposed."""
    if before.dtype.kind not in "fiu" or after.dtype.kind not in "fiu" or before.ndim > MOST_AXES:
        return False
    if np.array_equal(before, after) or len(np.unique(after)) <= FEW:
        return False
    if not np.array_equal(np.sort(before, axis=None), np.sort(after, axis=None)):
        return False
    turned = (np.transpose(after, axes) for axes in permutations(range(after.ndim)))
    return not any(np.array_equal(each, before) for each in turned)


def left_out(d: Difference) -> Found:
    """All but one of the entries along an axis are left out."""
    if d.form not in ("slice", "cut") or not isinstance(d.piece, ast.AST):
        return None
    for node in [*d.chain, *ast.walk(d.old)]:
        if isinstance(node, ast.Subscript) and is_cut(node, d.piece):
            part, whole = d.value(node), d.value(node.value)
            if not is_array(part) or not is_array(whole) or part.ndim != whole.ndim:
                continue
            pairs = zip(part.shape, whole.shape, strict=True)
            if any(one == 1 and many > 2 for one, many in pairs):
                return "path", f"`{plain(node)}` leaves out all but one of the entries"
    return None


def is_cut(node: ast.Subscript, piece: ast.AST) -> bool:
    """Whether a part of an array is the piece of a change, or has it in its index."""
    return plain(node) == plain(piece) or any(
        plain(each) == plain(piece) for each in ast.walk(node.slice)
    )


def rounds(d: Difference) -> Found:
    """Every round of a loop assigns to all entries, not to its own."""
    statement, target = d.site.statement, d.target
    stored = isinstance(statement, ast.Assign) and isinstance(target, ast.Subscript)
    if not stored or d.form not in ("slice", "index", "cut") or target not in d.chain:
        return None
    counters = set(d.site.loops)
    before = names_in(target) & counters
    with d.repair.edit.applied():
        after = names_in(d.target) & counters
    if not after - before or (before and not isinstance(d.old, ast.Slice)):
        return None
    return "overwritten", f"every round of the loop assigns to all of `{plain(target)}`"


def index(d: Difference) -> Found:
    """Another index was meant: the one beside it, or one that has nothing to do with it."""
    if not d.in_index or d.form not in ("index", "name", "field", "sign"):
        return None
    text = f"the index `{plain(d.old)}` stands for `{plain(d.new)}`"
    if is_beside(d):
        return "shifted", text
    if d.target in d.chain:
        return "permuted", f"{text}: the gradient is that of other entries"
    return "operand", text


def is_beside(d: Difference) -> bool:
    """Whether an index is spelled as another one and a number: `t - 1` for `t`."""
    spelled = [names_in(node) for node in (d.old, d.new) if isinstance(node, ast.AST)]
    if len(spelled) < 2 or not all(spelled):
        return len(spelled) < 2 or not any(spelled)
    return bool(spelled[0] & spelled[1])


def is_off(d: Difference) -> bool:
    """Whether a whole number that is added, or lacks, makes another index."""
    whole = is_number(d.piece_value) and float(d.piece_value) == int(d.piece_value)
    real = is_array(d.old_value) or is_number(d.old_value)
    if not whole or not real or np.asarray(d.old_value).dtype.kind not in "iu":
        return False
    return d.in_index or (isinstance(d.target, ast.Name) and is_index(d, {d.target.id}))


def is_index(d: Difference, names: set[str]) -> bool:
    """Whether one of some names is used in an index."""
    return any(
        isinstance(node, ast.Subscript) and names & names_in(node.slice)
        for node in ast.walk(d.site.source.definition)
    )
