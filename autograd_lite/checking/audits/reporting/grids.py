"""Gradients as grids of cells that are few enough to be drawn."""

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from .findings import ParameterReport

MOST = 24  # rows and columns of a picture
MARKED = 3  # worst entries
TINY = 1e-9  # of the largest entry: 0 but for rounding


class Grid(NamedTuple):
    """A gradient by hand and the right one, as arrays of two axes, or of fewer entries.

    `places` are the numbers of the entries shown, counted through the whole array; a cell stands
    for a block of entries of the shape `block`, and shows the worst of it. `manual`, `right` and
    `ratio` are None where there is none.
    """

    shape: tuple[int, ...]
    places: Any
    block: tuple[int, int]
    manual: Any
    right: Any
    ratio: Any
    worst: tuple[int, ...]  # numbers of the entries with the largest errors

    def index_of(self, place: int) -> tuple[int, ...]:
        """The index of an entry."""
        return tuple(int(n) for n in np.unravel_index(place, self.shape)) if self.shape else ()


def grids_of(parameter: ParameterReport) -> list[Grid]:
    """What is drawn of a parameter: one grid for both gradients, or two if they do not fit."""
    manual, right = (
        None if given is None else np.real(np.asarray(given))
        for given in (parameter.manual, parameter.right)
    )
    arrays = [array for array in (manual, right) if array is not None and array.size]
    if len(arrays) == 2 and arrays[0].shape == arrays[1].shape:
        return [compared(arrays[0], arrays[1])]
    return [
        alone(array, by_hand)
        for array, by_hand in ((manual, True), (right, False))
        if array is not None and array.size
    ]


def compared(manual: Any, right: Any) -> Grid:
    """Both gradients and their ratio."""
    with np.errstate(all="ignore"):
        error = np.abs(manual - right)
    error = np.nan_to_num(error, nan=np.inf, posinf=np.inf)
    places, block = chosen(error)
    order = np.argsort(-error, axis=None, kind="stable")[:MARKED]
    worst = tuple(int(n) for n in order if error.flat[n] > 0)
    there, due = manual.ravel()[places], right.ravel()[places]
    size = np.max(np.abs(right), initial=0.0, where=np.isfinite(right))
    return Grid(right.shape, places, block, there, due, ratio_of(there, due, size), worst)


def alone(array: Any, by_hand: bool) -> Grid:
    """One gradient without the other."""
    places, block = chosen(np.nan_to_num(np.abs(array), nan=np.inf))
    values = array.ravel()[places]
    manual, right = (values, None) if by_hand else (None, values)
    return Grid(array.shape, places, block, manual, right, None, ())


def chosen(error: Any) -> tuple[Any, tuple[int, int]]:
    """Which entries are shown: all, or of each block the one with the largest error."""
    rows = error.reshape(1, -1) if error.ndim < 2 else error.reshape(-1, error.shape[-1])
    numbers = np.arange(rows.size).reshape(rows.shape)
    if max(rows.shape) <= MOST:
        return numbers, (1, 1)
    cuts = [np.linspace(0, n, min(n, MOST) + 1).astype(int) for n in rows.shape]
    block = tuple(int(np.max(np.diff(cut))) for cut in cuts)
    places = [
        [worst_of(rows[a:b, c:d], numbers[a:b, c:d]) for c, d in pairwise(cuts[1])]
        for a, b in pairwise(cuts[0])
    ]
    return np.array(places), (block[0], block[1])


def worst_of(error: Any, numbers: Any) -> int:
    """The number of the entry of a block with the largest error."""
    return int(numbers.flat[int(np.argmax(error))])


def ratio_of(manual: Any, right: Any, size: float) -> Any:
    """By hand over right; 1 where both are 0 but for rounding."""
    with np.errstate(all="ignore"):
        ratio = manual / right
    nothing = (np.abs(manual) <= TINY * size) & (np.abs(right) <= TINY * size)
    return np.where(nothing | (manual == right), 1.0, ratio)
