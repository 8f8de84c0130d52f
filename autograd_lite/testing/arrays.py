"""Strategies for arrays at which derivatives can be checked.

Their entries lie on a grid of moderate numbers, exact in every floating dtype: a numeric derivative
says nothing at 1e-300, and a failing example is to be read by a person.
"""

from typing import Any

import numpy as np

from .library import extra, strategies

LOW, HIGH = -2.0, 2.0
FINEST = 64  # steps per unit
DISTANCE = 0.125
MAX_DIMENSIONS, MAX_SIDE = 3, 4


def arrays_like(
    prototype: Any,
    dtype: Any = None,
    *,
    low: float = LOW,
    high: float = HIGH,
    kinks: tuple[float, ...] = (),
    distinct: bool = False,
) -> Any:
    """Arrays of the shape and dtype of an array; or of a shape, or of a strategy for shapes.

    Without an array the dtype is float64. Floats are between `low` and `high`, complex numbers have
    such parts. They keep a distance of 1/8 from every one of `kinks`; where `distinct`, all are
    different, as sorting and maxima need it. Whole numbers lie in the range of the prototype's,
    which keeps labels labels, or from `low` to `high`. Examples shrink to small round numbers.

    >>> from hypothesis import find
    >>> find(arrays_like((2, 3), np.float32, kinks=(0.0,)), lambda x: x[0, 0] < 0)
    array([[-1.,  1.,  1.],
           [ 1.,  1.,  1.]], dtype=float32)
    """
    if not isinstance(prototype, np.ndarray):
        return extra.arrays(
            np.dtype(dtype or np.float64),
            prototype,
            elements=entries(np.dtype(dtype or np.float64), low, high, kinks),
            fill=strategies.nothing(),
            unique=distinct,
        )
    dtype = np.dtype(dtype or prototype.dtype)
    if dtype.kind in "iu" and prototype.size:
        low, high = prototype.min(), prototype.max()
    return arrays_like(prototype.shape, dtype, low=low, high=high, kinks=kinks, distinct=distinct)


def entries(dtype: Any, low: float, high: float, kinks: tuple[float, ...]) -> Any:
    """The strategy for one entry of an array of a dtype."""
    if dtype.kind == "b":
        return strategies.booleans()
    if dtype.kind in "iu":
        return strategies.integers(int(np.ceil(low)), int(np.floor(high)))
    part = away_from_kinks(*kinks, low=low, high=high)
    if dtype.kind == "c":
        return strategies.builds(complex, part, part)
    return part


def away_from_kinks(
    *kinks: float, low: float = LOW, high: float = HIGH, distance: float = DISTANCE
) -> Any:
    """Numbers between `low` and `high` that are `distance` or more away from every kink.

    >>> from hypothesis import find
    >>> find(away_from_kinks(0.0), lambda x: x < 0)
    -1.0
    """
    steps = np.arange(np.ceil(low * FINEST), np.floor(high * FINEST) + 1) / FINEST
    allowed = [x for x in steps.tolist() if all(abs(x - kink) >= distance for kink in kinks)]
    if not allowed:
        raise ValueError(
            f"away_from_kinks: between {low} and {high} there is no multiple of 1/{FINEST} that is "
            f"{distance} away from {kinks}"
        )
    return strategies.sampled_from(sorted(allowed, key=roundness))


def roundness(x: float) -> tuple[float, float, bool]:
    """What sorts numbers from simple to unwieldy: 0, 1, -1, 2, 0.5, 1.5, 0.25 ..."""
    denominator = x.as_integer_ratio()[1]
    return denominator, abs(x), x < 0


def broadcastable(count: int, dtype: Any = np.float64, **entries: Any) -> Any:
    """Tuples of `count` arrays whose shapes broadcast; see `arrays_like` for `entries`.

    >>> from hypothesis import find
    >>> a, b = find(broadcastable(2), lambda arrays: arrays[0].shape != arrays[1].shape)
    >>> (a + b).shape
    (1,)
    """

    def arrays(shapes: Any) -> Any:
        return strategies.tuples(
            *(arrays_like(shape, dtype, **entries) for shape in shapes.input_shapes)
        )

    shapes = extra.mutually_broadcastable_shapes(
        num_shapes=count, max_dims=MAX_DIMENSIONS, max_side=MAX_SIDE
    )
    return shapes.flatmap(arrays)
