"""Derivatives of `np.interp`, in the places, the knots and the values at the knots.

Convention at a knot, where the slope jumps: the slope of the piece to its right, and at the last
knot that of the piece to its left. Beyond the ends the result is constant in the places.
"""

from typing import Any

import numpy as np

from ..core.operands import as_array
from ..core.operation import UNTIED, declare
from ..core.primitives import astype, scatter
from ..core.trace import compose, newest, primitive


@primitive
def interpolate(x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None) -> Any:
    """`np.interp` of a function without a period."""
    return np.interp(x, xp, fp, left, right)


def pieces(x: Any, xp: Any) -> tuple[Any, Any, Any, Any, Any]:
    """Numbers of the knots around each place, its part of the way between them, and their distance.

    Last comes which places are between the first knot and the last.
    """
    x, xp = x.astype(np.float64), xp.astype(np.float64)
    last = xp.shape[0] - 1
    lower = np.searchsorted(xp[1:-1], x, side="right")
    upper = np.minimum(lower + 1, last)
    width = xp[upper] - xp[lower]
    width = np.where(width == 0, 1.0, width)
    inside = (x >= xp[0]) & (x <= xp[last])
    return lower, upper, (x - xp[lower]) / width, width, inside


def to_knots(g_lower: Any, g_upper: Any, lower: Any, upper: Any, size: int) -> Any:
    """The sums of what each knot gets from the places on both sides of it."""
    return scatter(g_lower, (lower,), (size,)) + scatter(g_upper, (upper,), (size,))


def interpolate_x(g: Any, x: Any, xp: Any, fp: Any) -> Any:
    """The slope of the piece."""
    lower, upper, _, width, inside = pieces(x, xp)
    return np.where(inside, g * (fp[upper] - fp[lower]) / width, 0.0)


def interpolate_xp(g: Any, x: Any, xp: Any, fp: Any) -> Any:
    """A knot that moves by one lowers the line by its slope, in full at the knot."""
    lower, upper, t, width, inside = pieces(x, xp)
    gx = np.where(inside, g * (fp[upper] - fp[lower]) / width, 0.0)
    return to_knots(-gx * (1.0 - t), -gx * t, lower, upper, xp.shape[0])


def interpolate_fp(g: Any, x: Any, xp: Any, left: Any, right: Any) -> Any:
    """The two weights of a place; beyond the ends one of them, unless a constant stands there."""
    lower, upper, t, _, inside = pieces(x, xp)
    beyond = x > xp[-1]
    below = np.where((x < xp[0]) & ~beyond, 1.0 if left is None else 0.0, 0.0)
    above = np.where(beyond, 1.0 if right is None else 0.0, 0.0)
    g_lower, g_upper = np.where(inside, 1.0 - t, below) * g, np.where(inside, t, above) * g
    return to_knots(g_lower, g_upper, lower, upper, xp.shape[0])


declare(
    interpolate,
    domain=UNTIED,
    cases=(
        "x=(3, n), xp=np.array([-1.5, -0.5, 0.25, 1.75]), fp=(4,)",
        "x=(n, 2), xp=np.array([-1.0, 0.5, 0.7]), fp=(3,), left=-1.0, right=2.0",
        "x=np.array([-0.5, 0.0, 1.5, 2.5, 3.0, 9.0]), xp=np.array([0.0, 2.0, 3.0]), fp=(3,)",
        "x=np.array(1.0), xp=np.array([1.0]), fp=(1,)",
        "x=(n, 4), xp=(2,), fp=(2,)",
    ),
    x=interpolate_x,
    xp=interpolate_xp,
    fp=interpolate_fp,
)


def periodic(x: Any, xp: Any, fp: Any, period: Any) -> tuple[Any, Any, Any]:
    """Places and knots within one period, and a knot more on either side, as NumPy does it."""
    if period == 0:
        raise ValueError("period must be a non-zero value")
    if xp.ndim != 1 or fp.ndim != 1:
        raise ValueError("Data points must be 1-D sequences")
    if xp.shape[0] != fp.shape[0]:
        raise ValueError("fp and xp are not of the same length")
    period = np.abs(period)
    x, xp = astype(x, np.float64) % period, astype(xp, np.float64) % period
    order = np.argsort(xp)
    xp, fp = xp[order], fp[order]
    xp = np.concatenate((xp[-1:] - period, xp, xp[:1] + period))
    return x, xp, np.concatenate((fp[-1:], fp, fp[:1]))


def interp(
    x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None, period: Any = None
) -> Any:
    """np.interp; constants beyond the ends that are Tensors are put there afterwards."""
    x, xp, fp = as_array(x), as_array(xp), as_array(fp)
    if period is not None:
        return interpolate(*periodic(x, xp, fp, period))
    left_traced, right_traced = newest((left,)) is not None, newest((right,)) is not None
    if np.ndim(left) or np.ndim(right):
        raise TypeError("left and right must be single numbers")
    y = interpolate(x, xp, fp, None if left_traced else left, None if right_traced else right)
    if left_traced:
        y = np.where(x < xp[0], left, y)
    return np.where(x > xp[-1], right, y) if right_traced else y


compose(
    np.interp,
    interp,
    operands=("x", "xp", "fp"),
    domain=UNTIED,
    cases=(
        "x=(n, 3), xp=np.array([-1.5, -0.5, 1.75]), fp=(3,)",
        "x=(5,), xp=np.array([-0.5, 0.5]), fp=(2,), left=-1, right=3.0",
        "x=(n, m), xp=np.array([1.0, -2.0, 4.5]), fp=(3,), period=-2.0",
        "x=np.array([0.3, 4.1]), xp=(4,), fp=(4,), period=9.0",
        "x=(n, m), xp=np.array([0.1, 0.5, 0.8]), fp=(3,), period=1",
    ),
)
