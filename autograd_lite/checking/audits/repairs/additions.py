"""Changes of a backward pass that put in what is missing: a factor, a slope, a sum, a term."""

import ast
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np

from ..running.sources import Slot
from .elsewhere import factors_elsewhere, products_elsewhere
from .sequences import SEQUENCES, after
from .sites import Family, Made, Site, is_load, is_mask, parsed, text_of, value_of
from .softmaxes import softmax_slopes, sums_of_softmax
from .vocabulary import is_array, is_number

MOST_NAMES = 24
MOST_LOOPS = 4  # one inside the other
SMALL = 0.2  # numbers below it may be an eps
SKIPPED = ast.Tuple | ast.List | ast.Dict | ast.Constant | ast.Slice | ast.Starred
SLOPES = ("{v} * (1 - {v})", "(1 - {v} ** 2)", "({v} > 0)", "1 / {v}", "np.exp({v})")


def can_lack(site: Site) -> bool:
    """Whether something may be missing: right-hand sides, what is returned, operands."""
    node, slot = site.node, site.slot
    if not isinstance(node, ast.expr) or not is_load(node) or isinstance(node, SKIPPED):
        return False
    whole = isinstance(slot.parent, ast.Assign | ast.AugAssign | ast.Return)
    item = isinstance(slot.parent, ast.Tuple | ast.Dict)
    operand = isinstance(slot.parent, ast.Call) and slot.field == "args"
    method = isinstance(slot.parent, ast.Attribute) and not isinstance(node, ast.Name)
    return (
        (whole and slot.field == "value")
        or item
        or operand
        or method
        or isinstance(slot.parent, ast.BinOp | ast.UnaryOp | ast.Compare)
    )


def is_whole(site: Site) -> bool:
    """Whether a place is the whole right-hand side of an assignment, or what is returned."""
    parent = site.slot.parent
    return isinstance(parent, ast.Assign | ast.AugAssign | ast.Return) and (
        site.slot.field == "value"
    )


def numbers_in_reach(site: Site) -> list[str]:
    """Expressions of numbers by which something may be multiplied, one for each number.

    In a loop numbers may be the same in one round and differ in another. The derivative of a power
    has the exponent as a factor, whatever has the same length.
    """
    found: dict[Any, str] = {2.0: "2"}
    if isinstance(site.node, ast.BinOp) and isinstance(site.node.op, ast.Pow | ast.Mult):
        found.update((str(n + 1), str(n + 1)) for n in exponents(site.node) if n > 1)
    for text, value in site.words.numbers.items():
        if value not in (0, 1):
            found.setdefault(float(value), text)
    for text, length in site.words.lengths.items():
        if length > 1 or site.loops:
            found.setdefault((length, text) if site.loops else float(length), text)
    return list(found.values())[:MOST_NAMES]


def exponents(node: ast.AST) -> list[int]:
    """The whole numbers that are exponents in an expression."""
    return [
        each.right.value
        for each in ast.walk(node)
        if isinstance(each, ast.BinOp) and isinstance(each.op, ast.Pow)
        and isinstance(each.right, ast.Constant) and isinstance(each.right.value, int)
    ]  # fmt: skip


def fitting(site: Site, mine: Any) -> dict[str, Any]:
    """The arrays in reach that broadcast against a value, and do not make it larger.

    An operand may become as large as what comes to it.
    """
    found = {}
    operand = isinstance(site.slot.parent, ast.BinOp)
    room = room_for(site, mine)
    for name, value in site.words.arrays.items():
        if (
            mine is None
            or fits(mine, value)
            or (operand and fits(value, mine))
            or (room == value.shape)
        ):
            found[name] = value
        elif value.ndim == 2 and fits(mine, value.T):
            found[f"{name}.T"] = value.T
        elif value.ndim == 2 and fits(mine, value[:, 1:]):
            found[f"{name}[:, 1:]"] = value[:, 1:]
    return found


def room_for(site: Site, mine: Any) -> tuple[int, ...] | None:
    """The shape of the entries to which a number is added."""
    statement = site.statement
    if not isinstance(statement, ast.AugAssign) or not is_whole(site) or np.ndim(mine):
        return None
    target = site.words.evaluated(ast.unparse(statement.target))
    return target.shape if is_array(target) else None


def fits(mine: Any, value: Any) -> bool:
    """Whether an array can be a factor or a term of another."""
    if not is_array(mine) or not is_array(value):
        return False
    shape = mine.shape
    try:
        return bool(np.broadcast_shapes(shape, value.shape) == shape)
    except ValueError:
        return False


def sums(site: Site, mine: Any) -> Iterator[Made]:
    """A sum over an axis is missing, or a shape."""
    if not is_array(mine):
        return
    text = text_of(site.node)
    axes = ("0", "1", "-1", "0, keepdims=True", "1, keepdims=True", "-1, keepdims=True",
            "(0, 2, 3)", "(0, 1)")  # fmt: skip
    for axis in axes[: None if mine.ndim > 2 else 6] if mine.ndim > 1 else axes[:1]:
        yield Made(parsed(f"{text}.sum(axis={axis})"), "sum", axis)
    yield Made(parsed(f"{text}.mean(axis=0)"), "sum", "0")
    if not is_whole(site) and not isinstance(site.slot.parent, ast.Tuple | ast.Dict):
        return
    for name, value in site.words.arrays.items():
        if value.size == mine.size and value.shape != mine.shape:
            yield Made(parsed(f"{text}.reshape({name}.shape)"), "shape")


def scales(site: Site, mine: Any) -> Iterator[Made]:
    """A constant factor is missing."""
    text = text_of(site.node)
    if not isinstance(site.slot.parent, ast.UnaryOp):
        yield Made(parsed(f"-{text}"), "sign", site.node)
    if isinstance(mine, np.integer | int) or not (is_array(mine) or is_number(mine)):
        return  # a shape, for one, would be repeated
    for number in numbers_in_reach(site):
        for node in (f"{text} / {number}", f"{text} * {number}"):
            yield Made(parsed(node), "factor added", parsed(number))


def powers(site: Site, mine: Any) -> Iterator[Made]:
    """A square, a root or one over it is missing."""
    if is_array(mine) and isinstance(site.slot.parent, ast.BinOp):
        text = text_of(site.node)
        for node in (f"{text} ** 2", f"{text} ** 3", f"np.sqrt({text})", f"np.abs({text})"):
            yield Made(parsed(node), "power", site.node)


def slopes(site: Site, mine: Any) -> Iterator[Made]:
    """The derivative of an activation is missing."""
    text = text_of(site.node)
    for name, value in fitting(site, mine).items():
        if is_mask(value) or value.dtype.kind != "f":
            continue
        for slope in SLOPES[:3]:
            spelled = slope.format(v=name)
            yield Made(parsed(f"{text} * {spelled}"), "factor added", parsed(spelled))


def arrays(site: Site, mine: Any) -> Iterator[Made]:
    """A factor is missing."""
    text = text_of(site.node)
    for name in fitting(site, mine):
        for node in (f"{text} * {name}", f"{text} / {name}"):
            yield Made(parsed(node), "factor added", parsed(name))
        yield Made(parsed(f"{text} * (1 - {name})"), "factor added", parsed(f"1 - {name}"))


def entries(site: Site, mine: Any) -> Iterator[Made]:
    """A factor is missing that is the entry of an array at the indices of loops."""
    text, loops = text_of(site.node), site.loops[:MOST_LOOPS]
    if mine is None or not loops:
        return
    for name, value in site.words.arrays.items():
        for count in range(min(value.ndim, len(loops)) if value.dtype.kind == "f" else 0, 0, -1):
            for indices in combinations(loops, count):
                entry = f"{name}[{', '.join(indices)}]"
                yield Made(parsed(f"{text} * {entry}"), "factor added", parsed(entry))


def small_terms(site: Site, _: Any) -> Iterator[Made]:
    """An eps is missing."""
    text = text_of(site.node)
    for name, value in site.words.numbers.items():
        if 0 < abs(float(value)) < SMALL:
            yield Made(parsed(f"{text} + {name}"), "term added", parsed(name))


def terms(site: Site, mine: Any) -> Iterator[Made]:
    """A term is missing."""
    text = text_of(site.node)
    for name in fitting(site, mine):
        for sign in "+-":
            yield Made(parsed(f"{text} {sign} {name}"), "term added", parsed(name))
        if name.partition("[")[0].removesuffix(".T") in site.weights or name.startswith("self."):
            for number in numbers_in_reach(site):
                yield Made(parsed(f"{text} + {number} * {name}"), "term added",
                           parsed(f"{number} * {name}"))  # fmt: skip
    for number in ("1", "0.5") if is_array(mine) else ():
        yield Made(parsed(f"{number} - {text}"), "term added", parsed(number))
        yield Made(parsed(f"{text} + {number}"), "term added", parsed(number))
        yield Made(parsed(f"{text} - {number}"), "term added", parsed(number))


def matrices(site: Site, mine: Any) -> Iterator[Made]:
    """A product with a matrix is missing."""
    if not is_array(mine) or mine.ndim < 1 or mine.dtype.kind != "f":
        return
    text = text_of(site.node)
    for name, value in site.words.arrays.items():
        if value.ndim != 2 or value.dtype.kind != "f" or name == text:
            continue
        for other, shape in ((name, value.shape), (f"{name}.T", value.shape[::-1])):
            if mine.shape[-1] == shape[0]:
                yield Made(parsed(f"{text} @ {other}"), "factor added", parsed(other))
            if mine.ndim == 2 and shape[1] == mine.shape[0]:
                yield Made(parsed(f"{other} @ {text}"), "factor added", parsed(other))


def other_slopes(site: Site, mine: Any) -> Iterator[Made]:
    """A factor stands for the derivative of an activation, and is another one."""
    if not is_array(mine) or isinstance(site.slot.parent, ast.Tuple | ast.Dict):
        return
    for name, value in fitting(site, mine).items():
        if is_mask(value):
            yield Made(parsed(name), "slope", site.node)
        elif value.dtype.kind == "f" and value.shape == np.shape(mine):
            for slope in SLOPES:
                text = slope.format(v=name)
                number = " * 1.0" if is_whole(site) and ">" in text else ""  # no array of booleans
                yield Made(parsed(text + number), "slope", site.node)


def slopes_in_products(site: Site, mine: Any) -> Iterator[Made]:
    """What a gradient is multiplied and divided by is to be the derivative of an activation."""
    node = site.node
    if not is_whole(site) or not is_array(mine) or not isinstance(node, ast.BinOp):
        return
    first: Any = node
    while isinstance(first, ast.BinOp) and isinstance(first.op, ast.Mult | ast.Div):
        first = first.left
    if first is node or first is node.left:
        return  # of one factor, which is exchanged by itself
    for name, value in fitting(site, mine).items():
        if value.dtype.kind == "f" and value.shape == mine.shape:
            for slope in SLOPES[:3]:
                yield Made(parsed(f"{text_of(first)} * ({slope.format(v=name)})"), "slope", node)


ADDITIONS = (
    scales, small_terms, factors_elsewhere, products_elsewhere, sums_of_softmax, softmax_slopes,
    sums, slopes, arrays, matrices, entries, other_slopes, slopes_in_products, terms,
)  # fmt: skip


# Whole statements


def assignments(site: Site) -> Iterator[Made]:
    """A statement assigns where it should add, adds where it should assign, or is too much."""
    node = site.node
    if node is not site.statement:
        return
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        target = node.targets[0]
        if isinstance(target, ast.Subscript | ast.Name | ast.Attribute):
            yield Made(ast.AugAssign(target, ast.Add(), node.value, lineno=node.lineno), "augment")
    if isinstance(node, ast.AugAssign):
        yield Made(ast.Assign([node.target], node.value, lineno=node.lineno), "assign")
        turned = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}
        other = turned.get(type(node.op))
        if other is not None:
            form = "sign" if other in (ast.Add, ast.Sub) else "inverse"
            yield Made(ast.AugAssign(node.target, other(), node.value, lineno=node.lineno), form,
                       node.value)  # fmt: skip
    if isinstance(node, ast.AugAssign | ast.Assign | ast.Expr):
        yield Made(ast.Pass(lineno=node.lineno), "statement dropped", node)
        yield from moved(site)


def moved(site: Site) -> Iterator[Made]:
    """Two statements stand in the wrong order."""
    slot = site.slot
    if slot.position is None:
        return
    statements = getattr(slot.parent, slot.field)
    if slot.position + 1 < len(statements):
        following = statements[slot.position + 1]
        if isinstance(following, ast.AugAssign | ast.Assign) or is_guard(following):
            both = ast.If(ast.Constant(True), [following, site.node], [])
            place = Slot(slot.parent, slot.field, slot.position + 1)
            yield Made(ast.copy_location(both, site.node), "statement moved", following,
                       ((place, ast.Pass()),))  # fmt: skip


def is_guard(node: ast.stmt) -> bool:
    """Whether a statement leaves a round or the function under a condition."""
    return (
        isinstance(node, ast.If)
        and not node.orelse
        and isinstance(node.body[-1], ast.Return | ast.Continue | ast.Break)
    )


def mirrored(site: Site) -> Iterator[Made]:
    """Of the two halves of a difference of neighbours only one is added to a gradient."""
    node = site.node
    if node is not site.statement or not isinstance(node, ast.AugAssign):
        return
    target = ast.unparse(node.target)
    for one, other in ("1:", ":-1"), (":-1", "1:"):
        if isinstance(node.target, ast.Subscript) and site.slot.position is not None:
            for start, end in ((f"[{one}", f"[{other}"), (f" {one}", f" {other}")):
                if start in target:
                    for sign in "-+":
                        place, value = target.replace(start, end), ast.unparse(node.value)
                        yield after(site, f"{place} {sign}= {value}", value)


def scaled_after(site: Site) -> Iterator[Made]:
    """What has been changed in place is to be divided or multiplied afterwards."""
    node = site.node
    if node is not site.statement or not isinstance(node, ast.AugAssign):
        return
    target = node.target
    base = target.value if isinstance(target, ast.Subscript) else target
    if site.slot.position is None or not is_array(value_of(site, base)):
        return
    for number in numbers_in_reach(site):
        for sign in "/*":
            yield after(site, f"{ast.unparse(base)} {sign}= {number}", number, "factor added")


WHOLE: tuple[Family, ...] = (assignments, *SEQUENCES, mirrored, scaled_after)
