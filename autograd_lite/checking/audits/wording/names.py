"""The user's own names for arrays, found by their values."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from ..running.watching import Assignment

LONGEST = 30  # characters of a number
MOST = 20  # names of which differences are tried


Named = list[tuple[str, Any]]


class Names:
    """Names with the values that they stand for: first those of one function, then all others."""

    def __init__(self, own: Iterable[tuple[str, Any]], others: Iterable[tuple[str, Any]]) -> None:
        self.own = unique(own)
        self.named = unique([*self.own, *others])

    def __call__(self, value: Any) -> str | None:
        """The name of a value, or how it is made of one that has a name; numbers as they are."""
        if not isinstance(value, np.ndarray | float | int | np.number):
            return None
        array = np.asarray(value)
        if array.ndim:
            for named in (self.own, self.named):
                text = name_in(named, array)
                if text is not None:
                    return text
        return number(array.item()) if array.size == 1 else None


def unique(named: Iterable[tuple[str, Any]]) -> Named:
    """The names of arrays and numbers, each with the first of its values."""
    found: dict[str, Any] = {}
    for name, value in named:
        if isinstance(value, np.ndarray | float | int | np.number):
            found.setdefault(name, np.asarray(value))
    return list(found.items())


def name_in(named: Named, array: Any) -> str | None:
    """The name of an array, or how it is made of one that is named."""
    for name, other in named:
        if same(other, array):
            return name
    for name, other in named:
        for form, part in forms(other):
            if same(part, array):
                return f"{name}{form}"
    return None


def forms(array: Any) -> Iterable[tuple[str, Any]]:
    """An array transposed, and without its first or last row or column."""
    if array.ndim == 2:
        yield ".T", array.T
        yield "[:, 1:]", array[:, 1:]
        yield "[1:]", array[1:]
        yield "[:, :-1]", array[:, :-1]
        yield "[:-1]", array[:-1]
        yield "[1:].T", array[1:].T


def same(one: Any, other: Any) -> bool:
    """Whether two arrays are equal but for rounding."""
    if one.shape != other.shape or (one.dtype.kind == "b") != (other.dtype.kind == "b"):
        return False
    return bool(np.allclose(one, other, rtol=1e-7, atol=1e-12))


def number(value: Any) -> str | None:
    """A number as a user would write it."""
    text = repr(value)
    if isinstance(value, float) and value == int(value) and abs(value) < 1e6:
        text = str(int(value))
    return text if len(text) <= LONGEST else None


def names_of(assignments: Iterable[Assignment]) -> list[tuple[str, Any]]:
    """The names that were assigned, the last first."""
    return [
        (a.name, a.value)
        for a in reversed(list(assignments))
        if a.kind in ("assigned", "updated", "argument") and a.value is not None
    ]


def slope_text(slope: Any, named: Iterable[tuple[str, Any]]) -> str | None:
    """A slope in names, if it has one or is that of a common activation."""
    if np.size(slope) == 0 or np.all(slope == 1):
        return None
    for name, value in named:
        if value.shape != np.shape(slope) or value.ndim == 0 or value.dtype.kind != "f":
            continue
        known = {
            name: value,
            f"{name} * (1 - {name})": value * (1 - value),
            f"(1 - {name} ** 2)": 1 - value**2,
            f"({name} > 0)": np.where(value > 0, 1.0, 0.0),
        }
        for text, found in known.items():
            if same(np.asarray(found), np.asarray(slope)):
                return text
    return None


def difference(value: Any, named: Named) -> str | None:
    """An array as the difference of two that have names."""
    shape = np.shape(value)
    alike = [pair for pair in named if pair[1].shape == shape and shape][:MOST]
    for one, first in alike:
        for other, second in alike:
            if one != other and same(first - 1.0 * second, np.asarray(value)):
                return f"{one} - {other}"
    return None
