"""Derivatives of `np.convolve` and `np.correlate`: each is a part of all the overlaps' sums."""

from typing import Any

import numpy as np

from ..core.operands import as_array
from ..core.operation import MULTILINEAR, declare
from ..core.trace import compose, primitive
from .differences import padded

MODES = (
    "a=(n,), v=(m,), mode='full'",
    "a=(n,), v=(m,), mode='same'",
    "a=(n,), v=(m,), mode='valid'",
    "a=(n + 3,), v=(2,), mode='same'",
    "a=(2,), v=(n + 3,), mode='same'",
    "a=(n + 3,), v=(3,), mode='same'",
    "a=(2,), v=(2,), mode='same'",
    "a=(3,), v=(n + 3,), mode='valid'",
)


def all_overlaps(g: Any, sizes: tuple[int, int], swapped: bool) -> Any:
    """The gradient of all overlaps, zero where NumPy left them away.

    The lengths tell what those are: with the shorter operand of n entries, 'valid' leaves n - 1
    away on either side and 'same' one less than n in all, (n - 1) // 2 of them on the left (on the
    right where correlate has exchanged its operands).
    """
    short, total = min(sizes), sum(sizes) - 1
    left = total - g.shape[0]
    if g.shape[0] == max(sizes):  # mode 'same', or any with a single number
        left = short // 2 if swapped else (short - 1) // 2
    elif left:
        left = short - 1
    return padded(g, 0, left, total - g.shape[0] - left)


def length(shape: tuple[int, ...]) -> int:
    """The length of an operand, which may be a single number."""
    return shape[0] if shape else 1


def overlap_rule(g: Any, other: Any, shape: tuple[int, ...], swapped: bool) -> Any:
    """Each entry meets every entry of the other operand once."""
    other = np.reshape(other, (-1,))
    overlaps = all_overlaps(g, (length(shape), other.shape[0]), swapped)
    return np.reshape(np.convolve(overlaps, other[::-1], "valid"), shape)


declare(
    np.convolve,
    kind=MULTILINEAR,
    remedy="give two operands of one axis, neither of them empty",
    cases=(*MODES, "a=(), v=(n,), mode='full'"),
    a=lambda g, v, a_shape: overlap_rule(g, v, a_shape, False),
    v=lambda g, a, v_shape: overlap_rule(g, a, v_shape, False),
)


@primitive
def overlaps(a: Any, v: Any, mode: Any) -> Any:
    """`np.correlate`, which conjugates `v`, without that."""
    return np.correlate(a, np.conj(v), mode)


def is_swapped(a_shape: tuple[int, ...], v_shape: tuple[int, ...]) -> bool:
    """Whether NumPy exchanges the operands of correlate, and reverses the result."""
    return length(a_shape) < length(v_shape)


def overlaps_a(g: Any, v: Any, a_shape: Any, v_shape: Any) -> Any:
    """As of a convolution with `v` reversed."""
    return overlap_rule(g, np.reshape(v, (-1,))[::-1], a_shape, is_swapped(a_shape, v_shape))


def overlaps_v(g: Any, a: Any, a_shape: Any, v_shape: Any) -> Any:
    """As of a convolution with `v` reversed, in its order."""
    flat = (length(v_shape),)
    gx = overlap_rule(g, a, flat, is_swapped(a_shape, v_shape))
    return np.reshape(gx[::-1], v_shape)


declare(overlaps, kind=MULTILINEAR, cases=MODES, a=overlaps_a, v=overlaps_v)


def correlate(a: Any, v: Any, mode: Any = "valid") -> Any:
    """np.correlate, with a complex `v` conjugated beforehand."""
    v = as_array(v)
    return overlaps(a, np.conj(v) if np.iscomplexobj(v) else v, mode)


compose(
    np.correlate,
    correlate,
    operands=("a", "v"),
    cases=("a=(n,), v=(m,)", "a=(n,), v=(m,), mode='same'", "a=(n,), v=(m,), mode='full'"),
)
