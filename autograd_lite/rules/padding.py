"""Derivatives of `np.pad`.

Padding with copies of entries is indexing: NumPy pads the numbers of the entries, and the padded
numbers say which entry stands where.
"""

from typing import Any

import numpy as np

from ..core.errors import NotDifferentiableError, message
from ..core.operation import SHAPE, declare
from ..core.trace import compose, newest, unary_primitive

COPYING_MODES = ("edge", "reflect", "symmetric", "wrap")


@unary_primitive
def pad_zeros(x: Any, pad_width: Any) -> Any:
    """`np.pad` with zeros."""
    return np.pad(x, pad_width)


def inner(shape: tuple[int, ...], pad_width: Any) -> tuple[slice, ...]:
    """The index of the original entries within the padded array."""
    if isinstance(pad_width, dict):
        pairs = [np.broadcast_to(pad_width.get(n, 0), (2,)) for n in range(-len(shape), 0)]
        pairs = [np.broadcast_to(pad_width.get(n, p), (2,)) for n, p in enumerate(pairs)]
    else:
        pairs = list(np.broadcast_to(pad_width, (len(shape), 2)))
    starts = [int(before) for before, _ in pairs]
    return tuple(slice(start, start + n) for start, n in zip(starts, shape, strict=True))


declare(
    pad_zeros,
    kind=SHAPE,
    cases=(
        "x=(n, m), pad_width=2",
        "x=(n, m), pad_width=((1, 0), (2, 3))",
        "x=(n,), pad_width=(0, 2)",
    ),
    x=lambda g, x_shape, pad_width: g[inner(x_shape, pad_width)],
)


def pad(array: Any, pad_width: Any, mode: Any = "constant", **options: Any) -> Any:
    """np.pad in the modes that copy entries or put constants."""
    constant = options.get("constant_values", 0)
    if mode == "constant" and newest((constant,)) is None:
        padded = pad_zeros(array, pad_width)
        if not np.any(constant):
            return padded
        zeros = np.zeros(np.shape(array), padded.dtype)
        return padded + np.pad(zeros, pad_width, constant_values=constant)
    if mode in COPYING_MODES and options.get("reflect_type", "even") == "even":
        numbers = np.arange(np.size(array)).reshape(np.shape(array))
        return np.reshape(array, (-1,))[np.pad(numbers, pad_width, mode=mode)]
    raise NotDifferentiableError(
        message(
            f"np.pad with mode={mode!r} and {options or 'no options'} has no derivative rule",
            remedy=f"use constant_values that are plain numbers, or one of the modes "
            f"{', '.join(COPYING_MODES)} with reflect_type='even'",
        )
    )


compose(
    np.pad,
    pad,
    operands=("array",),
    cases=(
        "array=(n, m), pad_width=1",
        "array=(n, m), pad_width=((0, 2), (1, 0))",
        "numpy 2.2: array=(n, m), pad_width={-1: (1, 2)}",
        "array=(n, m), pad_width=(1, 2), mode='constant', constant_values=3",
        "array=(n, m), pad_width=2, constant_values=((1.5, 2.0), (0.0, -1.0))",
        "array=(n, m), pad_width=3, mode='edge'",
        "array=(n, m), pad_width=((2, 1), (0, 5)), mode='reflect'",
        "array=(n, m), pad_width=2, mode='symmetric'",
        "array=(n,), pad_width=(4, 1), mode='wrap'",
    ),
)
