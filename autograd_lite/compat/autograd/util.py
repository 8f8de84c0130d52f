"""Tuples with other entries."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

T = TypeVar("T")


def subvals(x: Sequence[Any], ivs: Iterable[tuple[int, Any]]) -> tuple[Any, ...]:
    """`x` as a tuple, with other values at some places.

    >>> subvals((1, 2, 3), [(0, "a"), (2, "c")])
    ('a', 2, 'c')
    """
    entries = list(x)
    for place, value in ivs:
        entries[place] = value
    return tuple(entries)


def subval(x: Sequence[Any], i: int, v: Any) -> tuple[Any, ...]:
    """`x` as a tuple, with another value at one place."""
    return subvals(x, [(i, v)])


def func(f: T) -> T:
    """The function of a method looked up in its class: in Python 3, that method itself."""
    return f
