"""The same code with other data, which shows mistakes that the given data hide.

Indices of which none repeats, two masks that happen to be the same, a batch of one row.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from .points import FAR, is_label, moved
from .problems import Exchange, Problem

ROWS = 3
TABLE = 2  # axes


class Variation(NamedTuple):
    """A problem with other data, and what is special about the given ones."""

    text: str
    problem: Problem


def arrays_of(problem: Problem) -> dict[str, Any]:
    """All arrays that the code is given, data too, by name."""
    found: dict[str, Any] = {}

    def take(name: str, array: Any) -> Any:
        found[name] = array
        return array

    problem.rebuilt(take)
    return found


def with_other_data(problem: Problem, arrays: Mapping[str, Any]) -> Iterator[Variation]:
    """The problem with its labels, indices and masks drawn again from those that there are."""
    random = np.random.default_rng(0)
    drawn = {
        name: drawn_again(array, random)
        for name, array in arrays.items()
        if name not in problem.names and not name.startswith("self.") and is_drawable(array)
    }
    drawn = {name: array for name, array in drawn.items() if np.any(array != arrays[name])}
    if drawn:
        text = f"with the given {', '.join(drawn)}, and wrong with others"
        yield Variation(text, problem.rebuilt(replacing(drawn)))


def is_drawable(array: Any) -> bool:
    """Whether an array holds labels, indices or a mask that may as well be others.

    An order, or the bounds of ranges, may not: no index of it repeats, and that by intention.
    """
    if array.ndim == 0 or array.size < 2:
        return False
    if array.dtype.kind == "f":
        return is_label(array) and bool(np.all((array == 0) | (array == 1)))
    if array.dtype.kind == "b" or array.ndim > 1:
        return True
    ordered = np.sort(array)
    increasing = np.array_equal(array, ordered) and bool(np.all(np.diff(array.astype(float)) > 0))
    return not increasing and not np.array_equal(ordered, np.arange(len(array)))


def drawn_again(array: Any, random: Any) -> Any:
    """Other labels from those of an array; rows of zeros and ones stay whole."""
    if array.dtype.kind == "f":
        return random.permutation(array)
    if array.dtype.kind == "b":
        return random.permutation(array.ravel()).reshape(array.shape)
    return random.choice(array.ravel(), array.shape)


def with_more_rows(problem: Problem, arrays: Mapping[str, Any]) -> Iterator[Variation]:
    """The problem with three rows in the place of one; which arrays have it is tried out."""
    random = np.random.default_rng(0)
    for axis, names in batches(problem, arrays):
        larger = {name: repeated(arrays[name], axis, random) for name in names}
        text = f"with one row in {', '.join(names)}, and wrong with {ROWS}"
        try:
            other = problem.rebuilt(replacing(larger))
            if other.names == problem.names and np.isfinite(other.scalar(other.arrays)):
                yield Variation(text, other)
        except Exception:  # noqa: BLE001 - the code says which arrays go together
            continue


def repeated(array: Any, axis: int, random: Any) -> Any:
    """Several rows like the one that there is; whole numbers may be labels, and stay."""
    rows = np.repeat(array, ROWS, axis)
    return rows if np.all(rows == np.round(rows)) else moved(rows, FAR, random)


def replacing(arrays: Mapping[str, Any]) -> Exchange:
    """Some arrays in the place of those with their names."""
    return lambda name, array: arrays.get(name, array)


def batches(problem: Problem, arrays: Mapping[str, Any]) -> Iterator[tuple[int, Sequence[str]]]:
    """The axis and the names of arrays that may have the one row of a batch."""
    alone = [name for name in problem.inputs if not re.search(r"\[\d", name)]  # not in a list
    pool = [name for name in alone if name in arrays and arrays[name].ndim]
    tables = [name for name in pool if arrays[name].ndim >= TABLE]
    if any(name in problem.names for name in pool):  # a layer: parameters are among its inputs
        ones = [name for name in tables if arrays[name].shape[0] == 1]
        if ones and ones[0] == pool[0]:
            yield 0, ones[:1]
            if len(ones) > 1:
                yield 0, ones
        return
    flat = all(arrays[name].ndim == TABLE for name in tables)
    for axis in (0, -1) if flat else (0,):  # samples may stand in columns
        if tables and all(arrays[name].shape[axis] == 1 for name in pool):
            yield axis, pool
            return
