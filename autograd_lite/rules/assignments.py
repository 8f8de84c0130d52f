"""Derivatives of assignment: what is overwritten gets nothing, what is assigned gets its place.

Where an index names an entry several times, the last assignment is the one that lasts.
"""

from typing import Any

import numpy as np

from ..core.operation import SHAPE, declare
from ..core.primitives import add_at, names_entries_once, numbered, put
from ..core.structural_zeros import Selected
from ..core.sweep import unbroadcast


def kept_entries(g: Any, x_shape: Any, index: Any) -> Any:
    """The gradient with nothing, structurally, at the entries that were overwritten."""

    def live() -> Any:
        kept = np.ones(x_shape, np.bool_)
        kept[index] = False
        return kept

    return Selected(put(g, index, 0.0), live)


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
declare(
    put,
    kind=SHAPE,
    cases=(*PLACES, "x=(n, m), index=Ellipsis, value=(1, n, 1)"),
    x=kept_entries,
    value=assigned_entries,
)
declare(
    add_at,
    kind=SHAPE,
    cases=PLACES,
    x=lambda g: g,
    value=lambda g, index, value_shape: to_shape(g[index], value_shape),
)
