"""What a repair says of numbers: a wrong factor or sign, and how often something counts."""

import ast
from itertools import pairwise
from typing import Any

import numpy as np

from ..cases import Case
from ..repairs.sites import names_in
from ..repairs.vocabulary import is_array, is_number
from .differences import Difference, Found, factors_of, is_factor, narrowed, path_to, plain
from .likeness import alike, parallel

NEGLIGIBLE = 1e-6  # of the largest entry of a gradient
CHOOSING = ("max", "min", "maximum", "minimum")


def scale(d: Difference) -> Found:
    """A number is wrong."""
    if d.form == "average":
        chosen = d.piece.func.attr in CHOOSING
        return "mask" if chosen else "scale", f"`{d.spelled}`: {average_text(d)}"
    number = is_factor(d) and is_number(d.piece_value) and not is_entry(d, d.piece)
    if number:
        return how_often(d) or ("factor" if is_result(d) else "scale", number_text(d))
    replaced = d.form in ("constant", "near", "name", "field") and not d.in_index
    if not replaced or not is_number(d.new_value):
        return None
    if is_entry(d, d.new):
        return None if d.form in ("name", "field") else ("factor", number_text(d))
    operator = getattr(d.site.slot.parent, "op", None)
    if d.form in ("constant", "near") and isinstance(operator, ast.Add | ast.Sub):
        return None
    return how_often(d) or ("scale", number_text(d))


def how_often(d: Difference) -> Found:
    """Something counts 0 times, or twice beside what counts once."""
    if is_factor(d) and float(d.piece_value) == 0:
        return "path", f"`{d.spelled}` makes it vanish"
    times = multiplicity(d)
    if times > 1 and times == round(times) and is_part(d, times):
        text = plain(d.old if d.form == "factor added" else d.new)
        return "twice", f"`{text}` counts {times:.4g} times: `{d.repair.before}`"
    return None


def is_result(d: Difference) -> bool:
    """Whether a factor is a number that is computed of the data: a likelihood, say, and no length.

    What is given, like a rate, is none.
    """
    if not isinstance(d.piece, ast.Name) or float(d.piece_value) == int(d.piece_value):
        return False
    if d.roles.record is not None:
        return d.roles.is_number_of_graph(d.piece_value)
    function = d.site.source.function
    return d.piece.id not in function.__code__.co_varnames[: function.__code__.co_argcount]


def multiplicity(d: Difference) -> float:
    """How often a product counts by a number that is written there, or is to be; 0 if unknown."""
    operator = getattr(d.old if d.form == "factor dropped" else d.new, "op", None)
    if is_factor(d):
        due = ast.Mult if d.form == "factor dropped" else ast.Div
        fits = (
            d.form != "inverse" and isinstance(operator, due) and isinstance(d.piece, ast.Constant)
        )
        return above_line(d, float(d.piece_value)) if fits else 0.0
    around = isinstance(getattr(d.site.slot.parent, "op", None), ast.Mult)
    numbers = isinstance(d.old, ast.Constant) and isinstance(d.new, ast.Constant)
    return above_line(d, d.old_value / d.new_value) if around and numbers and d.new_value else 0.0


def above_line(d: Difference, factor: float) -> float:
    """How often a product counts by a factor that may stand below a line."""
    below = sum(
        isinstance(outer, ast.BinOp) and isinstance(outer.op, ast.Div) and inner is outer.right
        for outer, inner in pairwise(d.chain)
    )
    return 1 / factor if below % 2 and factor else factor


def is_part(d: Difference, factor: float) -> bool:
    """Whether a factor too much touches a part of a gradient only, and the rest is no penalty.

    `factor * part + rest` was computed, and `part + rest` is right.
    """
    for case in d.cases:
        if case.is_wrong and case.has_shape:
            rest = untouched(case, factor)
            size = np.max(np.abs(case.truth), initial=0.0)
            large = bool(np.max(np.abs(rest), initial=0.0) > NEGLIGIBLE * size)
            if large and not d.roles.is_of_penalty(rest, case.position):
                return True
    return False


def untouched(case: Case, factor: float) -> Any:
    """The part of a gradient that a factor does not touch."""
    return (factor * case.truth - case.manual) / (factor - 1)


def signs(d: Difference) -> Found:
    """A sign is wrong: of all of it, or of one of several paths."""
    if d.form != "sign" or d.in_index:
        return None
    call = next((outer for outer in reversed(d.chain[:-1]) if isinstance(outer, ast.Call)), None)
    for node, before, after in d.values():
        if node is call and is_array(before) and is_array(after) and alike(1 - before, after):
            return "factor", f"`{plain(call)}` is 1 minus what is right"
    if is_exponent(d):
        name = plain(d.target)
        return "slope", f"what is computed of `{name}` is taken at `-{name}`: `{d.repair.before}`"
    whole = isinstance(d.old, ast.UnaryOp) or isinstance(d.new, ast.UnaryOp)
    if whole or (isinstance(d.piece, ast.BinOp) and d.piece is d.old):
        if is_part(d, -1.0):
            return "path", f"the sign of one of several paths is wrong: `{d.repair.before}`"
        return "scale", f"the sign is wrong: `{d.repair.before}`"
    return "path", f"`{d.spelled}` has the wrong sign"


EXPONENTIALS = ("exp", "expit", "sigmoid", "tanh", "logaddexp", "log1p")


def is_exponent(d: Difference) -> bool:
    """Whether a name whose sign is wrong is read as an argument of exponential functions only."""
    value = getattr(d.site.statement, "value", None)
    if not isinstance(d.target, ast.Name) or d.piece is not d.old or d.old is not value:
        return False
    nodes = list(ast.walk(d.site.source.definition))
    calls = [node for node in nodes if isinstance(node, ast.Call)
             and getattr(node.func, "attr", getattr(node.func, "id", ""))
             in EXPONENTIALS]  # fmt: skip
    inside = {id(node) for call in calls for node in ast.walk(call)}
    reads = [node for node in nodes if isinstance(node, ast.Name)
             and node.id == d.target.id and isinstance(node.ctx, ast.Load)]  # fmt: skip
    return bool(reads) and all(id(node) in inside for node in reads)


def powers(d: Difference) -> Found:
    """A power is wrong: of a value of the graph, or of a plain number."""
    if d.form == "power":
        arrays = is_array(d.old_value) and is_array(d.new_value) and d.new_value.size > 1
        if arrays and parallel(d.old_value, d.new_value):
            return "scale", f"the sign or a factor of `{plain(d.old)}` is wrong"
        power: Any = next(filter(is_power, reversed(d.chain)), None)
        base = None if power is None else d.value(power.left)
        if is_number(base) and not d.roles.is_number_of_graph(base):
            return "scale", f"`{plain(power)}` is the wrong power of a number"
        return "power", f"the power in `{d.repair.before}` is wrong"
    return repeated(d) or replaced(d) or reciprocal(d) or in_exponent(d)


def is_power(node: Any) -> bool:
    """Whether an expression is a power."""
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow)


def repeated(d: Difference) -> Found:
    """A factor too much or missing stands there already: another power of it was meant."""
    kinds = ast.Name | ast.Attribute | ast.BinOp | ast.Subscript
    if not is_factor(d) or not isinstance(d.piece, kinds):
        return None
    if not is_array(d.piece_value) and not is_entry(d, d.piece):
        return None
    single = isinstance(d.piece, ast.Attribute | ast.Subscript)
    names = {plain(d.piece)} if single else names_in(d.piece)
    beside = [plain(each) for each in factors_of(d.old)]
    again = sum(name in names for name in beside)
    here = again > (0 if d.form == "factor added" else 1)
    if len(names) != 1 or not (here or is_power_in(d, names)):
        return None
    word = {"factor added": "is missing", "factor dropped": "is too much"}.get(
        d.form, "is another one"
    )
    return "power", f"`{d.spelled}` {word}: it has the wrong power"


def replaced(d: Difference) -> Found:
    """What stands for another array lacks, or has, a factor that stands beside it already.

    `dot / denom` for `cos / denom`, where cos is dot / denom.
    """
    inner = narrowed(d.old, d.new)
    if d.form not in ("name", "whole name", "field") or inner is None:
        return None
    old, new = map(d.value, inner)
    if not is_array(old) or not is_array(new) or old.shape != new.shape or old.size < 2:
        return None
    with np.errstate(all="ignore"):
        ratios = (new / old, old / new)
    for node in factors_beside(d, inner[0]):
        value = d.value(node)
        fits = is_array(value) and all(
            own in (1, due) for own, due in zip(value.shape[::-1], old.shape[::-1], strict=False)
        ) and value.ndim <= old.ndim  # fmt: skip
        if fits and np.ptp(value) and any(
            alike(np.broadcast_to(value, old.shape), ratio) for ratio in ratios
        ):  # fmt: skip
            return "power", f"`{plain(node)}` has the wrong power: `{d.repair.before}`"
    return None


def factors_beside(d: Difference, node: Any) -> list[Any]:
    """The other factors of the product in which a node stands."""
    product = None
    for outer in reversed(path_to(d.site.statement, node) or []):
        linear = isinstance(outer, ast.BinOp) and isinstance(outer.op, ast.Mult | ast.Div)
        if not linear and not isinstance(outer, ast.UnaryOp):
            break
        product = outer
    return [] if product is None else [each for each in factors_of(product) if each is not node]


def is_power_in(d: Difference, names: set[str]) -> bool:
    """Whether what is multiplied was assigned an expression with a power of a name."""
    own = names_in(d.old) - names
    assigned = [
        each.value
        for each in ast.walk(d.site.source.definition)
        if isinstance(each, ast.Assign) and {plain(target) for target in each.targets} & own
    ]
    powers: list[Any] = [each for value in assigned for each in ast.walk(value) if is_power(each)]
    return any(names_in(power.left) & names for power in powers)


def reciprocal(d: Difference) -> Found:
    """exp(v) stands for exp(-v), which is one over it."""
    call = d.site.slot.parent
    if d.form != "sign" or not isinstance(call, ast.Call):
        return None
    if getattr(call.func, "attr", "") not in ("exp", "exp2"):
        return None
    return "power", f"`{plain(call)}` is one over what is right"


def in_exponent(d: Difference) -> Found:
    """exp(v) stands for exp(2 v), which is its square."""
    call = next((node for node in reversed(d.chain[:-1]) if not isinstance(node, ast.BinOp
                 | ast.UnaryOp)), None)  # fmt: skip
    if not is_factor(d) or not is_number(d.piece_value) or not isinstance(call, ast.Call):
        return None
    if getattr(call.func, "attr", "") not in ("exp", "exp2"):
        return None
    return "power", f"`{plain(call)}` is another power of what is right"


def is_entry(d: Difference, node: Any) -> bool:
    """Whether a number is an entry of an array, which is no constant."""
    holder = d.value(node.value) if isinstance(node, ast.Subscript) else None
    return is_array(holder) and holder.dtype.kind == "f" and holder.size > 1


def has_axis(d: Difference, length: int) -> bool:
    """Whether an axis of an array in the statement, or of what it is for, has a length."""
    kinds = ast.Name | ast.Attribute | ast.Subscript
    read = [d.value(node) for node in ast.walk(d.site.statement) if isinstance(node, kinds)]
    return any(length in np.shape(value) for value in read if is_array(value))


def average_text(d: Difference) -> str:
    """What was summed, or averaged."""
    name = d.piece.func.attr
    meant = {"sum": "summed, not averaged", "nansum": "summed, not averaged"}.get(
        name, "averaged, not summed" if name in ("mean", "average") else "another function is due"
    )
    value = d.value(d.piece.args[0]) if d.piece.args else None
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
        near = length is not None and has_axis(d, length[0])
        return f"{text}: {length[0]} is the length of {length[1]}" if length and near else text
    return f"`{ast.unparse(d.old)}` stands for `{ast.unparse(d.new)}`"
