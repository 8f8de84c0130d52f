"""Factors and terms that the function spells elsewhere: `y[t, ext[s]]`, a window, an entry."""

import ast
from collections.abc import Iterator
from typing import Any

import numpy as np

from .sites import Made, Site, is_load, parsed, text_of
from .vocabulary import is_array, is_number

MOST = 16


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
