"""Gradients that come in parts: what a loop over the entries of an array sends back to it.

    for i in range(n):
        y[i] = x[i] * 2

To `x` every round sends the gradient of one entry, and of the gradient of `y` every round takes one
entry out. Were each of these an array of its own, the loop would cost n passes over all entries.
So the gradient of what was read in one place stays what it is, and where a second one comes to it
they are collected in memory that nobody else sees.
"""

from functools import partial
from typing import Any

import numpy as np
from numpy import ndarray

from ..primitives import names_entries_once
from ..trace import peel_all
from .liveness import Live, answer


class Collection:
    """A gradient in memory of its own, to which parts are added and from which they are taken.

    `live` says which entries are no structural zeros: an array that goes along with `values`, True
    if all are, None if none is. What has been added since is `unknown`, by index and liveness, till
    somebody asks.
    """

    __slots__ = ("live", "unknown", "values")

    def __init__(self, values: Any, live: Any = None, unknown: Any = None) -> None:
        self.values = values
        self.live = live
        self.unknown: list[tuple[Any, Any]] = [] if unknown is None else [(Ellipsis, unknown)]

    def add_entries(self, index: Any, values: Any, live: Any) -> None:
        """Add the gradient of what was read at an index, of which `live` are no zeros."""
        if names_entries_once(index):
            self.values[index] += values
        else:
            np.add.at(self.values, peel_all(index), values)
        self.add_live(index, live)

    def add_whole(self, values: Any, live: Any) -> None:
        """Add a gradient of the whole array."""
        self.values += values
        if live is np.True_:
            self.live = True
            self.unknown.clear()
        else:
            self.add_live(Ellipsis, live)

    def add_collection(self, other: "Collection") -> None:
        """Add all that another one has collected."""
        self.add_whole(other.values, np.True_ if other.live is True else other.live)
        if self.live is not True:
            self.unknown += other.unknown

    def add_live(self, index: Any, live: Any) -> None:
        """Note that the entries that an index names are no zeros any more where `live` says so."""
        if self.live is not True and live is not np.False_ and live is not None:
            self.unknown.append((index, live))

    def known(self) -> Any:
        """Which entries are live, as an array, worked out if need be; or True."""
        if self.live is None:
            self.live = np.zeros(self.values.shape, np.bool_)
        for index, live in self.unknown:
            mark(self.live, index, answer(live))
        self.unknown.clear()
        return self.live

    def take(self, index: Any) -> tuple[Any, Any]:
        """A copy of the entries at an index, and which of them are live."""
        values, live = self.values[index], self.known()
        if values.__class__ is ndarray and values.base is not None:
            values = values.copy()
        if live is True:
            return values, np.True_
        live = live[index]
        if live is np.True_ or live is np.False_:
            return values, live
        count = np.count_nonzero(live)  # much faster than all() and any()
        if 0 < count < live.size:
            return values, live.copy()
        return values, np.True_ if count else np.False_

    def remove(self, index: Any) -> None:
        """Set entries to structural zeros."""
        if self.known() is True:
            self.live = np.ones(self.values.shape, np.bool_)
        self.values[index] = 0.0
        self.live[index] = False

    def liveness(self) -> Any:
        """Which entries are live, or what can tell."""
        if self.live is True:
            return np.True_
        if not self.unknown and self.live is not None:
            return np.True_ if np.count_nonzero(self.live) == self.live.size else self.live
        known = self.values.shape if self.live is None else self.live
        indices, lives = zip(*self.unknown, strict=True) if self.unknown else ((), ())
        return Live(partial(placed, known, indices), *lives)


def placed(whole: Any, indices: Any, *lives: Any) -> Any:
    """A boolean array, or zeros of its shape, and what is live at each of several indices."""
    whole = np.zeros(whole, np.bool_) if whole.__class__ is tuple else whole.copy()
    for index, live in zip(indices, lives, strict=True):
        mark(whole, index, live)
    return whole


def mark(whole: Any, index: Any, live: Any) -> None:
    """Note in a boolean array which of the entries that an index names are live."""
    if live is np.True_:
        whole[index] = True
    elif names_entries_once(index):
        whole[index] |= live
    else:
        np.logical_or.at(whole, peel_all(index), live)
