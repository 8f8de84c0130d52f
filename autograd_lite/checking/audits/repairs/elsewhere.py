"""Factors and terms that the function spells elsewhere: `y[t, ext[s]]`, a window, an entry."""

import ast
from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np

from .sites import Made, Site, is_load, parsed, text_of
from .vocabulary import is_array, is_number

MOST = 16
MOST_PRODUCTS = 40


def spelled(site: Site) -> dict[str, Any]:
    """The entries and parts of arrays that are read somewhere in the function, and their values.

    Those of the statement itself come last, and what has a plain name is left out.
    """
    own = {ast.unparse(each) for each in ast.walk(site.statement) if isinstance(each, ast.expr)}
    texts = dict.fromkeys(
        ast.unparse(each)
        for each in ast.walk(site.source.definition)
        if isinstance(each, ast.Subscript) and is_load(each) and has_names(each.slice)
    )
    found: dict[str, Any] = {}
    for text in sorted(texts, key=lambda text: text in own):
        value = site.words.evaluated(text) if text not in site.words.arrays else None
        if is_fraction(value):
            found[text] = value
    return dict(list(found.items())[:MOST])


def has_names(node: ast.AST) -> bool:
    """Whether an index is made of names."""
    return any(isinstance(each, ast.Name) for each in ast.walk(node))


def is_fraction(value: Any) -> bool:
    """Whether a value is made of numbers that need not be whole."""
    whole = isinstance(value, int | np.integer)
    return (is_number(value) and not whole) or (is_array(value) and value.dtype.kind == "f")


def factors_elsewhere(site: Site, mine: Any) -> Iterator[Made]:
    """A factor is missing that stands somewhere else in the function."""
    if not is_fraction(mine):
        return
    text = text_of(site.node)
    for other, value in spelled(site).items():
        if np.shape(value) in ((), np.shape(mine)) and other != text:
            for sign in "*/":
                yield Made(parsed(f"{text} {sign} {other}"), "factor added", parsed(other))


def entries_elsewhere(site: Site) -> Iterator[Made]:
    """A part of an array was meant that is read somewhere else in the function."""
    node = site.node
    if not isinstance(node, ast.Name | ast.Subscript) or not is_load(node):
        return
    own = ast.unparse(node)
    mine = site.words.evaluated(own)
    for other, value in spelled(site).items() if is_fraction(mine) else ():
        if np.shape(value) == np.shape(mine) and other != own:
            yield Made(parsed(other), "name", node)


def products_elsewhere(site: Site, mine: Any) -> Iterator[Made]:
    """A path is missing that is like another one: `Uz.T @ da_z` beside `Ur.T @ da_r`."""
    statement, whole = site.statement, site.slot.parent is site.statement
    if not whole or not is_array(mine) or mine.dtype.kind != "f":
        return
    if not isinstance(statement, ast.Assign | ast.AugAssign):
        return
    texts = dict.fromkeys(
        text
        for node in ast.walk(site.source.definition)
        if isinstance(node, ast.BinOp | ast.Call) and is_product(node)
        and np.shape(site.words.evaluated(ast.unparse(node))) == mine.shape
        for text in products_like(site, node)
    )  # fmt: skip
    code = ast.unparse(site.source.definition)
    for text in [text for text in texts if text not in code][:MOST_PRODUCTS]:
        yield Made(parsed(f"{text_of(site.node)} + {text}"), "term added", parsed(text))


def is_product(node: Any) -> bool:
    """Whether a node is the matrix product of two things."""
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.MatMult)
    return getattr(node.func, "attr", "") in ("dot", "matmul") and len(factors_of(node)) == 2


def factors_of(node: Any) -> list[Any]:
    """What a product is of."""
    if isinstance(node, ast.BinOp):
        return [node.left, node.right]
    module = ast.unparse(node.func.value) in ("np", "numpy")
    return list(node.args) if module else [node.func.value, *node.args]


def products_like(site: Site, node: Any) -> Iterator[str]:
    """Products with other operands of the same shapes, held by the same dict if by any."""
    choices = []
    for factor in factors_of(node):
        turned = isinstance(factor, ast.Attribute) and factor.attr == "T"
        base = factor.value if turned else factor
        value = site.words.evaluated(ast.unparse(base))
        holder = ast.unparse(base).partition("[")[0] if isinstance(base, ast.Subscript) else None
        choices.append([
            text + (".T" if turned else "")
            for text, other in site.words.arrays.items()
            if np.shape(other) == np.shape(value) and other.dtype.kind == "f"
            and (holder is None or text.startswith(f"{holder}["))
        ])  # fmt: skip
    for one, other in product(*choices):
        yield f"{one} @ {other}"
