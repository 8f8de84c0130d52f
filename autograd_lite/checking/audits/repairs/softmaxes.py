"""Mistakes in the derivative of a softmax: `p * (g - sum(p * g))`, or its matrix for one row."""

import ast
from collections.abc import Iterator
from typing import Any

import numpy as np

from .sites import Family, Made, Site, parsed, text_of, value_of
from .vocabulary import is_array

CLOSE = 1e-6


def sums_of_softmax(site: Site, mine: Any) -> Iterator[Made]:
    """The second term of the derivative of a softmax is missing: `p * (g - sum(p * g))`."""
    node = site.node
    if not is_array(mine) or not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Mult):
        return
    whole = text_of(node)
    for p, g in ((node.left, node.right), (node.right, node.left)):
        for axis in range(-1, mine.ndim - 1):
            total = f"np.sum({ast.unparse(node)}, axis={axis}, keepdims=True)"
            yield Made(parsed(f"{text_of(p)} * ({text_of(g)} - {total})"), "term added",
                       parsed(total))  # fmt: skip
    yield Made(parsed(f"{whole} - {whole}.sum()"), "term added", parsed(f"{whole}.sum()"))


def softmax_slopes(site: Site, mine: Any) -> Iterator[Made]:
    """The derivative of a softmax is missing as a whole."""
    text = text_of(site.node)
    if not is_array(mine) or mine.ndim < 1 or mine.dtype.kind != "f":
        return
    for name, axis in distributions(site, mine.shape):
        if name != text:
            yield Made(parsed(derivative(name, text, axis)), "slope", site.node)


def each_alone(site: Site) -> Iterator[Made]:
    """A softmax is taken for a sigmoid: `p * (1 - p) * g`, or `p * g` with something else."""
    node = site.node
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Mult | ast.Sub):
        return
    mine = value_of(site, node)
    if not is_array(mine) or mine.ndim < 1 or mine.dtype.kind != "f":
        return
    factors = list(dict.fromkeys(map(ast.unparse, factors_of(node))))
    for name, axis in distributions(site, mine.shape):
        for other in factors if name in factors else ():
            if name != other and np.shape(site.words.evaluated(other)) == mine.shape:
                yield Made(parsed(derivative(name, other, axis)), "slope", node)


def jacobians(site: Site) -> Iterator[Made]:
    """The matrix of the derivatives of a softmax is another one: only its diagonal, for example."""
    node = site.node
    if not isinstance(node, ast.Call | ast.BinOp | ast.UnaryOp):
        return
    mine = value_of(site, node)
    if not is_array(mine) or mine.ndim != 2 or mine.shape[0] != mine.shape[1] or mine.shape[0] < 2:
        return
    here = {ast.unparse(each): value_of(site, each) for each in ast.walk(node)
            if isinstance(each, ast.Subscript)}  # fmt: skip
    rows = {text: value for text, value in here.items() if is_array(value)}
    for name, p in {**site.words.arrays, **rows}.items():
        one_row = p.size == mine.shape[0] and p.dtype.kind == "f"
        if one_row and abs(p.sum() - 1) < CLOSE and np.min(p) >= 0:
            yield Made(parsed(f"np.diagflat({name}) - np.outer({name}, {name})"), "slope", node)


def distributions(site: Site, shape: tuple[int, ...]) -> Iterator[tuple[str, int]]:
    """The arrays of a shape that add up to 1 along an axis, with that axis."""
    for name, p in site.words.arrays.items():
        for axis in range(p.ndim if p.shape == shape and p.dtype.kind == "f" else 0):
            if np.allclose(p.sum(axis=axis), 1) and np.min(p) >= 0:
                yield name, -1 if axis == p.ndim - 1 else axis


def derivative(name: str, text: str, axis: int) -> str:
    """The gradient before a softmax, of that behind it."""
    return f"{name} * ({text} - np.sum({text} * {name}, axis={axis}, keepdims=True))"


def factors_of(node: ast.AST) -> Iterator[ast.AST]:
    """The factors of a product, and the terms of those that are differences."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Sub):
        yield from factors_of(node.left)
        yield from factors_of(node.right)
    else:
        yield node


SOFTMAXES: tuple[Family, ...] = (each_alone, jacobians)
