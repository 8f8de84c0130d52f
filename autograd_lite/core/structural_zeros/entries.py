"""Gradients of entries: of what was read from an array, and of what was assigned to it.

They are left in parts as long as that can be (see `Collection`), so that a loop over the entries of
an array costs no pass over all of it in every round. A gradient that is itself being differentiated
is one array from the start.
"""

from functools import partial
from typing import Any

import numpy as np
from numpy import ndarray

from ..primitives import getitem, put, scatter
from ..trace import newest
from .collection import placed
from .liveness import Live
from .selected import TRUE, Selected, entries, is_plain, unshared


def spread(g: Any, index: Any, shape: tuple[int, ...]) -> Any:
    """The gradient of an array of `shape` of which `index` was read: dead elsewhere.

    >>> gx = spread(np.array([1.0, 2.0]), [2, 0], (3,))
    >>> gx.values.tolist()
    [2.0, 0.0, 1.0]
    """
    if is_traced(index):
        return Selected(scatter(g, index, shape), partial(named, shape, index))
    if g.__class__ is ndarray or isinstance(g, np.generic):
        return entries(g, TRUE, index, shape)
    return Selected(scatter(g, index, shape), partial(placed, shape, (index,), TRUE))


def is_traced(index: Any) -> bool:
    """Whether an index is of a transform: one for each member of a batch."""
    return newest(index if index.__class__ is tuple else (index,)) is not None


def named(shape: tuple[int, ...], index: Any) -> Any:
    """Which entries of an array of `shape` an index of a transform names."""
    ones = np.ones_like(getitem(np.zeros(shape), index))
    return scatter(ones, index, shape) > 0


def spread_selected(g: Selected, x_shape: tuple[int, ...], index: Any) -> Any:
    """The same of a gradient with structural zeros."""
    values = g.settled()
    if not is_plain(values) or is_traced(index):
        return None
    return entries(values, g.live, index, x_shape)


def without(g: Any, index: Any) -> Any:
    """The gradient of an array that entries have been assigned to: these are dead.

    >>> gx = without(np.array([1.0, 2.0, 3.0]), [2, 0])
    >>> gx.values.tolist()
    [0.0, 2.0, 0.0]
    """
    if is_traced(index):
        return Selected(put(g, index, 0.0), lambda: np.logical_not(named(g.shape, index)))
    if is_plain(g):
        return unshared(put(g, index, 0.0), partial(others, g.shape, index))
    return Selected(put(g, index, 0.0), partial(others, g.shape, index))


def others(shape: tuple[int, ...], index: Any) -> Any:
    """Which entries of an array of `shape` an index does not name."""
    live = np.ones(shape, np.bool_)
    live[index] = False
    return live


def without_selected(g: Selected, index: Any) -> Any:
    """The same of a gradient with structural zeros: in place, if it is a collection."""
    if is_traced(index):
        return None
    collection = g.collection()
    if collection is not None:
        collection.remove(index)
        return g
    values = g.settled()
    if not is_plain(values):
        return None
    live = Live(partial(but, g.shape, index), g.live)
    return unshared(put(values, index, 0.0), live)


def but(shape: tuple[int, ...], index: Any, live: Any) -> Any:
    """What is live, without the entries that an index names."""
    live = np.array(np.broadcast_to(live, shape))
    live[index] = False
    return live


def taken(g: Selected, index: Any) -> Any:
    """The gradient of what was assigned, of one with structural zeros."""
    collection = None if is_traced(index) else g.collection()
    if collection is None:
        return None
    values, live = collection.take(index)
    return values if live is TRUE else Selected(values, live)
