"""What rules of `defvjp` are written with: gradients summed back over broadcast axes, and more."""

from collections.abc import Callable
from typing import Any

import numpy as np

from .numpy_wrapper import metadata


def unbroadcast(x: Any, target_meta: Any, broadcast_idx: int = 0) -> Any:
    """An array summed over the axes along which one of shape and dtype `target_meta` was repeated.

    Axes that are new stand at `broadcast_idx`.
    """
    shape, ndim, _, is_complex = target_meta
    while np.ndim(x) > ndim:
        x = np.sum(x, axis=broadcast_idx)
    for axis, size in enumerate(shape):
        if size == 1:
            x = np.sum(x, axis=axis, keepdims=True)
    return x if is_complex or not np.iscomplexobj(x) else np.real(x)


def unbroadcast_f(target: Any, f: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A rule `f` whose gradient is summed back to the shape of `target`.

    >>> unbroadcast_f(0.0, lambda g: 2 * g)(np.ones(3))
    np.float64(6.0)
    """
    target_meta = metadata(target)
    return lambda g: unbroadcast(f(g), target_meta)


def match_complex(target: Any, x: Any) -> Any:
    """`x` as a complex number if `target` is one, and its real part if not."""
    if np.iscomplexobj(target) == np.iscomplexobj(x):
        return x
    return np.real(x) if np.iscomplexobj(x) else x + 0j


def repeat_to_match_shape(
    g: Any, shape: Any, dtype: Any, axis: Any, keepdims: bool
) -> tuple[Any, Any]:
    """A gradient of a reduction repeated to the shape of its operand, and how often."""
    if shape == ():
        return g, 1
    axes = range(len(shape)) if axis is None else np.atleast_1d(axis)
    places = {int(n) % len(shape) for n in axes}
    kept = tuple(1 if n in places else size for n, size in enumerate(shape))
    times = int(np.prod([shape[n] for n in places], dtype=int))
    del keepdims  # either way the entries come in the same order
    return np.reshape(g, kept) + np.zeros(shape, dtype), times


def balanced_eq(x: Any, z: Any, y: Any) -> Any:
    """1 where x is z, and 0.5 where y is as well."""
    return (x == z) / (1.0 + (x == y))


def replace_zero(x: Any, val: Any) -> Any:
    """`x`, with `val` in place of zeros."""
    return np.where(x, x, val)
