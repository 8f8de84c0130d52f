"""Derivatives of assignment: what is overwritten gets nothing, what is assigned gets its place.

Where an index names an entry several times, the last assignment is the one that lasts.
"""

from typing import Any

import numpy as np

from ..core.operation import SHAPE, declare
from ..core.primitives import add_at, names_entries_once, numbered, put
from ..core.structural_zeros.dependence import IN_PARTS
from ..core.structural_zeros.entries import taken, without, without_selected
from ..core.structural_zeros.selected import Selected
from ..core.sweep import unbroadcast


def assigned_entries(g: Any, index: Any, value_shape: Any) -> Any:
    """The gradient of what was assigned: that of its places, summed where it was broadcast."""
    gx = g[index]
    if not names_entries_once(index):
        numbers = numbered(gx.shape)
        last = np.full(g.shape, -1)
        last[index] = numbers
        gx = np.where(last[index] == numbers, gx, 0.0)
    return to_shape(gx, value_shape)


def to_shape(gx: Any, shape: Any) -> Any:
    """Sum to the shape of what was assigned, which may have more axes, of length one."""
    extra = max(len(shape) - gx.ndim, 0)
    return np.reshape(unbroadcast(gx, shape[extra:]), shape)


PLACES = (
    "x=(3, n), index=1, value=(n,)",
    "x=(3, n), index=(slice(None, None, -2), 0), value=()",
    "x=(3, 4), index=([0, 2], [1, 1]), value=(2,)",
    "x=(3, n), index=[0, 2, 0], value=(3, 1)",
    "x=(n, m), index=Mask(n, m), value=()",
    "x=(3, n, m), index=slice(1, None), value=(n, m)",
)
PUT = declare(
    put,
    kind=SHAPE,
    cases=(*PLACES, "x=(n, m), index=Ellipsis, value=(1, n, 1)"),
    value=assigned_entries,  # first, since in place nothing is left of it afterwards
    x=lambda g, index: without(g, index),
)
ADD_AT = declare(
    add_at,
    kind=SHAPE,
    cases=PLACES,
    value=lambda g, index, value_shape: to_shape(g[index], value_shape),
    x=lambda g: g,
)


def assigned_in_parts(g: Selected, index: Any, value_shape: Any) -> Any:
    """The gradient of what was assigned once to every entry, where the gradient is in parts."""
    if not names_entries_once(index):
        return None
    return added_in_parts(g, index, value_shape)


def added_in_parts(g: Selected, index: Any, value_shape: Any) -> Any:
    """The gradient of what was added, where the gradient is in parts."""
    gx = taken(g, index)
    if gx is None or gx.shape == value_shape:
        return gx
    if gx.__class__ is Selected:
        return gx.carried(lambda values: to_shape(values, value_shape))
    return to_shape(gx, value_shape)


IN_PARTS[PUT.rules[0].formula] = assigned_in_parts
IN_PARTS[PUT.rules[1].formula] = without_selected
IN_PARTS[ADD_AT.rules[0].formula] = added_in_parts
IN_PARTS[ADD_AT.rules[1].formula] = lambda g: g
