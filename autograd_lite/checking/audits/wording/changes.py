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


def added_statements(before: str, after: str) -> str | None:
    """The statements that stand beside another one where it stood alone, and where; else None.

    >>> added_statements("d[y] -= 1", "d[y] -= 1\\nd /= n")
    '`d /= n` added after `d[y] -= 1`'
    >>> added_statements("db = d.sum()", "d = d / n\\ndb = d.sum()")
    '`d = d / n` added before `db = d.sum()`'
    >>> added_statements("d = a", "d = a\\nd += b\\nd += c")
    '`d += b; d += c` added after `d = a`'
    >>> added_statements("a = b", "a = c")
    """
    try:
        old, new = (
            [ast.unparse(each) for each in ast.parse(text).body] for text in (before, after)
        )
    except SyntaxError:
        return None
    if len(old) != 1 or len(new) < 2 or "\n" in "".join([*old, *new]):
        return None
    if new[0] == old[0]:
        return f"`{'; '.join(new[1:])}` added after `{old[0]}`"
    if new[-1] == old[0]:
        return f"`{'; '.join(new[:-1])}` added before `{old[0]}`"
    return f"`{'; '.join(new)}` in place of `{old[0]}`"


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
