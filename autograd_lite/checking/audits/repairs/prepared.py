"""What was prepared and is never used: the best hint at what is missing, or at what was meant.

`dropout_param, mask = cache` in a function that does not read `mask`; a gradient that is kept for
the next round of a loop, which does not add it.
"""

import ast
from collections.abc import Iterator
from typing import Any

from .broadcasts import is_entry_of
from .sites import Family, Made, Site, is_load, is_mask, parsed, text_of, value_of
from .vocabulary import is_array, is_number

MOST = 8  # names
SKIPPED = ast.Tuple | ast.List | ast.Dict | ast.Slice | ast.Starred | ast.Compare


def unused_names(site: Site) -> Iterator[Made]:
    """A name that nothing else reads was meant, or is missing as a factor or term."""
    node, parent = site.node, site.slot.parent
    if not isinstance(node, ast.expr) or not is_load(node) or isinstance(node, SKIPPED):
        return
    if isinstance(parent, ast.Call) and site.slot.field == "func":
        return
    names = [name for name in sorted(site.unused) if is_usable(site.values.get(name))][:MOST]
    mine = value_of(site, node) if names else None
    if not is_usable(mine):
        return
    if isinstance(node, ast.Constant) and is_entry_of(site.statement):
        for name in names:
            yield Made(parsed(name), "count", node)
        return
    if isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant):
        return
    text = text_of(node)
    for name in names:
        value = site.values[name]
        form = "mask" if is_mask(value) else "name"
        product = isinstance(getattr(parent, "op", None), ast.Mult | ast.Div)
        weighted = is_array(value) and is_number(mine) and product and form == "name"
        yield Made(parsed(name), "factor added" if weighted else form, parsed(name))
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div):
            count = is_array(value) and is_number(value_of(site, node.right)) and form == "name"
            new = parsed(f"{text_of(node.left)} * {name}")
            yield Made(new, "factor added" if count else form, parsed(name))
        for sign in "*/":
            yield Made(parsed(f"{text} {sign} {name}"), "factor added", parsed(name))
        for sign in "+-":
            yield Made(parsed(f"{text} {sign} {name}"), "term added", parsed(name))


def is_usable(value: Any) -> bool:
    """Whether a value can be a factor or a term."""
    return is_array(value) or is_number(value)


PREPARED: tuple[Family, ...] = (unused_names,)
