"""A change of a statement in the fewest words: which piece of it should be which."""

import ast
from itertools import zip_longest
from typing import Any


def smallest_change(before: str, after: str) -> tuple[str, str]:
    """The pieces of two statements in which they differ, as expressions that can be read.

    >>> smallest_change("dh = f(dout, w.T[:, :-1])", "dh = f(dout, w.T[:, 1:])")
    ('w.T[:, :-1]', 'w.T[:, 1:]')
    >>> smallest_change("db = dout.sum(axis=1)", "db = dout.sum(axis=0)")
    ('dout.sum(axis=1)', 'dout.sum(axis=0)')
    >>> smallest_change("a = x @ y", "a += x @ y")
    ('a = x @ y', 'a += x @ y')
    """
    try:
        trees = ast.parse(before).body, ast.parse(after).body
    except SyntaxError:
        return before, after
    if len(trees[0]) != 1 or len(trees[1]) != 1:
        return before, after
    found = before, after
    one: Any = trees[0][0]
    other: Any = trees[1][0]
    while True:
        if isinstance(one, ast.expr) and not isinstance(one, ast.Constant | ast.Slice | ast.Tuple):
            found = ast.unparse(one), ast.unparse(other)
        deeper = only_difference(one, other)
        if deeper is None:
            return found
        one, other = deeper


def only_difference(one: Any, other: Any) -> tuple[Any, Any] | None:
    """The children in which two nodes differ if they are of one type and differ in one pair."""
    if type(one) is not type(other):
        return None
    different = []
    for field in one._fields:
        left: Any = getattr(one, field, None)
        right: Any = getattr(other, field, None)
        pairs = zip_longest(left, right) if isinstance(left, list) else [(left, right)]
        different += [pair for pair in pairs if dumped(pair[0]) != dumped(pair[1])]
    if len(different) != 1 or not all(isinstance(each, ast.AST) for each in different[0]):
        return None
    return different[0]


def dumped(value: Any) -> str:
    """What a child of a node is, for comparison."""
    return ast.dump(value) if isinstance(value, ast.AST) else repr(value)
