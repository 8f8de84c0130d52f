"""Derivatives of reductions and scans that leave out NaN entries, which get structurally nothing.

They have the rules of the reductions proper, where NaN entries do not take part. In a slice of
nothing but NaN none gets anything, though the result may be NaN.
"""

from typing import Any

import numpy as np

from ..core.operation import SHAPE, UNTIED, declare
from ..core.structural_zeros.selected import select
from ..core.trace import Traced, compose, store
from .extrema import extremum_rule, initial_share
from .factors import cumprod_rule, initial_product, prod_rule
from .reductions import (
    cumsum_rule,
    masked,
    mean_rule,
    mean_slope,
    spread,
    std_as_var,
    var_slopes,
)


def counted(a: Any, where: Any) -> Any:
    """Which entries take part."""
    return np.logical_not(np.isnan(a)) & where


AXES = (
    "a=Holes(n, m)",
    "a=Holes(4, m), axis=0",
    "a=Holes(n, 3, 2), axis=(-1, 1), keepdims=True",
)
SOME = "a=Holes(3, 2), axis=0, where=np.array([[True, False], [True, True], [True, True]])"
STARTED = ("a=Holes(n, m), axis=1, initial=()", "a=Holes(n, m), where=Mask(n, 1), initial=0.5")

declare(
    np.nansum,
    kind=SHAPE,
    linear=False,  # what is left out depends on a
    cases=AXES + STARTED,
    a=lambda g, a, axis, keepdims, where: select(
        spread(g, a.shape, axis, keepdims), counted(a, where)
    ),
    initial=lambda g: np.sum(g),
)
declare(
    np.nanmean,
    cases=(*AXES, SOME),
    a=lambda g, a, axis, keepdims, where: mean_rule(g, a.shape, axis, keepdims, counted(a, where)),
)
declare(
    np.nanprod,
    cases=AXES + STARTED,
    a=lambda g, a, axis, keepdims, initial, where: prod_rule(
        g, a, axis, keepdims, initial, counted(a, where)
    ),
    initial=lambda g, a, axis, initial, where: initial_product(
        g, a, axis, initial, counted(a, where)
    ),
)
for extremum in (np.nanmax, np.nanmin):
    declare(
        extremum,
        domain=UNTIED,
        cases=(
            *AXES,
            "a=Holes(3, m), where=Mask(3, 1), initial=0.5",
            "a=Holes(2, m), axis=1, where=np.array([[False], [True]]), initial=()",
        ),
        a=lambda g, a, y, axis, keepdims, initial, where: extremum_rule(
            g, a, y, axis, keepdims, counted(a, where), initial
        ),
        initial=lambda g, a, y, axis, keepdims, initial, where: initial_share(
            g, a, y, axis, keepdims, counted(a, where), initial
        ),
    )


def var_gradient(
    g: Any, a: Any, axis: Any, ddof: float, keepdims: bool, where: Any, mean: Any, correction: Any
) -> Any:  # fmt: skip
    """The gradient of a variance in the entries that take part."""
    where = counted(a, where)
    return masked(var_slopes(g, a, axis, ddof, keepdims, where, mean, correction), where)


def mean_gradient(
    g: Any, a: Any, axis: Any, ddof: float, keepdims: bool, where: Any, mean: Any, correction: Any
) -> Any:  # fmt: skip
    """The gradient of a variance in the mean that it was given."""
    where = counted(a, where)
    slopes = var_slopes(g, a, axis, ddof, keepdims, where, mean, correction)
    return mean_slope(slopes, where, mean.shape)


SPREADS = (
    "a=Holes(4, m + 1)",
    "a=Holes(4, m), axis=0",
    "a=Holes(n, 4, 2), axis=(2, 1), keepdims=True, correction=1",
    "a=Holes(5, 2), axis=0, ddof=1",
    SOME,
    "a=Holes(4, m), axis=0, mean=(1, m)",
    "a=Holes(3, 4), axis=1, ddof=0.5, mean=(3, 1)",
)
declare(np.nanvar, complex_operands=True, cases=SPREADS, a=var_gradient, mean=mean_gradient)
declare(
    np.nanstd,
    domain=UNTIED,
    complex_operands=True,
    cases=SPREADS,
    a=lambda g, y, a, axis, ddof, keepdims, where, mean, correction: var_gradient(
        std_as_var(g, y), a, axis, ddof, keepdims, where, mean, correction
    ),
    mean=lambda g, y, a, axis, ddof, keepdims, where, mean, correction: mean_gradient(
        std_as_var(g, y), a, axis, ddof, keepdims, where, mean, correction
    ),
)

# Scans, and NaN replaced

SCANS = ("a=Holes(n, m)", "a=Holes(4, m), axis=0", "a=Holes(n, 3, 2), axis=-2")
declare(
    np.nancumsum,
    cases=SCANS,
    a=lambda g, a, axis: select(cumsum_rule(g, a.shape, axis), counted(a, True)),
)
declare(
    np.nancumprod,
    cases=SCANS,
    a=lambda g, a, axis: select(
        cumprod_rule(g, np.where(np.isnan(a), 1.0, a), axis), counted(a, True)
    ),
)


def nan_to_num(
    x: Any, copy: bool = True, nan: Any = 0.0, posinf: Any = None, neginf: Any = None
) -> Any:
    """np.nan_to_num by a choice of what takes the place of each entry."""
    if any(map(np.iscomplexobj, (nan, posinf, neginf))):
        raise TypeError("NaN and infinities are replaced by real numbers, also in complex ones")
    if np.iscomplexobj(x):
        parts = [nan_to_num(part(x), True, nan, posinf, neginf) for part in (np.real, np.imag)]
        result = parts[0] + 1j * parts[1]
    else:
        limits = np.finfo(x.dtype)
        result = np.where(np.isnan(x), nan, x)
        result = np.where(np.isposinf(x), limits.max if posinf is None else posinf, result)
        result = np.where(np.isneginf(x), limits.min if neginf is None else neginf, result)
    if result.dtype != x.dtype:
        result = result.astype(x.dtype)
    if copy or not isinstance(x, Traced):
        return result
    return store(x, result, np.nan_to_num, (x,), {"copy": copy})


compose(
    np.nan_to_num,
    nan_to_num,
    operands=("x", "nan"),
    cases=("x=Holes(n, m)", "x=Holes(4, m), nan=(m,)", "x=(), nan=1.0, posinf=2.0, neginf=3.0"),
)
