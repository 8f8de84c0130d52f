"""Arrays made from Tensors: samples between two ends, grids, and arrays like another.

`np.zeros_like` and its kin make constant Tensors of a Tensor, so that Tensors can be assigned into
them; those of whole numbers are plain arrays.
"""

import operator
from typing import Any

import numpy as np

from ..core.operands import stack
from ..core.operation import POSITIVE, declare
from ..core.primitives import astype, expand
from ..core.recording import wrap
from ..core.sweep import unbroadcast
from ..core.trace import EAGER, HANDLERS, compose, newest, peel_all, primitive, static
from .shapes import with_axes


@primitive
def line(start: Any, stop: Any, num: int = 50, endpoint: bool = True, dtype: Any = None,
         axis: int = 0, **options: Any) -> Any:  # fmt: skip
    """The samples of `np.linspace`, without its `retstep`."""
    return np.linspace(start, stop, num, endpoint, dtype=dtype, axis=axis, **options)


def fractions(num: int, endpoint: bool) -> Any:
    """How far each sample is on the way from start to stop.

    >>> fractions(3, True).tolist(), fractions(2, False).tolist()
    ([0.0, 0.5, 1.0], [0.0, 0.5])
    """
    return np.arange(num) / max(num - bool(endpoint), 1)


def blend(g: Any, shares: Any, shape: tuple[int, ...]) -> Any:
    """The sum over samples (the first axis), each by its share, for an end of `shape`."""
    column = shares.astype(g.dtype).reshape((-1,) + (1,) * (g.ndim - 1))
    return unbroadcast(np.sum(g * column, axis=0), shape)


SAMPLES = (
    "start=(), stop=(), num=5",
    "start=(m,), stop=(n, 1), num=4, axis=-1",
    "start=(n, m), stop=(), num=3, endpoint=False, axis=1",
    "start=(n,), stop=(n,), num=1",
    "start=(n,), stop=(n,), num=1, endpoint=False",
    "start=(n,), stop=(m, n), num=0",
    "start=(), stop=(n,), num=3, dtype=np.float64",
)
declare(
    line,
    cases=SAMPLES,
    start=lambda g, start_shape, num, endpoint, axis: blend(
        np.moveaxis(g, axis, 0), 1.0 - fractions(num, endpoint), start_shape
    ),
    stop=lambda g, stop_shape, num, endpoint, axis: blend(
        np.moveaxis(g, axis, 0), fractions(num, endpoint), stop_shape
    ),
)


@primitive
def steps(start: Any, step: Any, count: int, dtype: Any = None) -> Any:
    """The `count` numbers that `np.arange` makes, from `start` on."""
    return np.arange(start, start + (count - 0.5) * step, step, dtype)  # type: ignore[call-overload]


declare(
    steps,
    domain=POSITIVE,
    cases=(
        "start=(), step=(), count=5",
        "start=2.0, step=(), count=2",
        "start=(), step=1, count=3",
    ),
    start=lambda g, start_shape: np.reshape(np.sum(g), start_shape),
    step=lambda g, step_shape: np.reshape(
        np.sum(g * np.arange(len(g)).astype(g.dtype)), step_shape
    ),
)


def arange(start: Any, stop: Any = None, step: Any = 1, dtype: Any = None) -> Any:
    """np.arange from and by Tensors; how many numbers there are has no derivative."""
    if stop is None:
        start, stop = 0, start
    numbers = np.arange(*peel_all((start, stop, step, dtype)))
    if newest((start, step)) is None or numbers.dtype.kind in "iu":
        return numbers
    return steps(start, 1 if step is None else step, len(numbers), numbers.dtype)


def linspace(
    start: Any, stop: Any, num: int = 50, endpoint: bool = True, retstep: bool = False,
    dtype: Any = None, axis: int = 0, **options: Any,
) -> Any:  # fmt: skip
    """np.linspace: the samples, and the step between them if asked for."""
    samples = line(start, stop, num, endpoint, dtype, axis, **options)
    if not retstep:
        return samples
    intervals = operator.index(num) - bool(endpoint)
    return samples, np.subtract(stop, start) / intervals if intervals > 0 else np.nan


def logspace(
    start: Any, stop: Any, num: int = 50, endpoint: bool = True, base: Any = 10.0,
    dtype: Any = None, axis: int = 0,
) -> Any:  # fmt: skip
    """np.logspace: powers of `base`, which may be an array."""
    if not isinstance(base, float | int) and np.ndim(base):
        width = len(np.broadcast_shapes(np.shape(start), np.shape(stop), np.shape(base)))
        start, stop, base = (with_axes(end, width) for end in (start, stop, base))
        base = np.expand_dims(base, axis=axis)
    powers = np.power(base, line(start, stop, num, endpoint, axis=axis))
    return powers if dtype is None else powers.astype(dtype, copy=False)


compose(
    np.linspace,
    linspace,
    operands=("start", "stop"),
    cases=(
        *SAMPLES[:2],
        "start=(n,), stop=(m, 1), num=4, retstep=True",
        "start=(), stop=(n,), num=3, endpoint=False, retstep=True",
    ),
)
compose(
    np.logspace,
    logspace,
    operands=("start", "stop", "base"),
    cases=(
        "start=(), stop=(), num=3",
        "start=(n,), stop=(), num=3, base=2.0, endpoint=False, axis=-1",
        "start=(), stop=(), num=3, base=()",
        "start=(n,), stop=(m, 1), num=3, base=(n,), axis=0",
        "start=(), stop=(), num=2, base=(n,), axis=1",
        "start=(), stop=(n,), num=2, dtype=np.float64",
    ),
    domain=POSITIVE,
)


def geometric(g: Any, y: Any, end: Any, axis: int) -> Any:
    """The gradient times sample over end, samples along the first axis."""
    return np.moveaxis(g, axis, 0) * (np.moveaxis(y, axis, 0) / end)


declare(
    np.geomspace,
    domain=POSITIVE,
    cases=(
        "start=(), stop=(), num=4",
        "start=(m,), stop=(n, 1), num=3, axis=-1",
        "start=(n, m), stop=(), num=3, endpoint=False, axis=1",
        "start=(n,), stop=(n,), num=1",
        "start=(), stop=(n,), num=3, dtype=np.float64",
    ),
    remedy="the ends must not be zero, and of the same sign",
    start=lambda g, y, start, start_shape, num, endpoint, axis: blend(
        geometric(g, y, start, axis), 1.0 - fractions(num, endpoint), start_shape
    ),
    stop=lambda g, y, stop, stop_shape, num, endpoint, axis: blend(
        geometric(g, y, stop, axis), fractions(num, endpoint), stop_shape
    ),
)

# Grids


def meshgrid(*xi: Any, copy: bool = True, sparse: bool = False, indexing: Any = "xy") -> Any:
    """np.meshgrid: a tuple, or a list where NumPy returns one."""
    if indexing not in ("xy", "ij"):
        raise ValueError("Valid values for `indexing` are 'xy' and 'ij'.")
    grids: Any = []
    for n, x in enumerate(xi):
        along = 1 - n if indexing == "xy" and len(xi) > 1 and n < 2 else n
        grids.append(np.reshape(x, (1,) * along + (-1,) + (1,) * (len(xi) - along - 1)))
    if not sparse:
        grids = np.broadcast_arrays(*grids)
    if copy:
        grids = [np.copy(grid) for grid in grids]
    return UNCOPIED(grids) if sparse and not copy else tuple(grids)


UNCOPIED: Any = type(np.meshgrid(0.0, copy=False, sparse=True))  # list; tuple since NumPy 2.5


compose(
    np.meshgrid,
    meshgrid,
    operands=("xi",),
    cases=(
        "xi=[(n,), (m,)]",
        "xi=[(n,), (m,), (k,)], indexing='ij'",
        "xi=[(n,), (m,), ()], sparse=True",
        "xi=[(n, 2), (m,)], copy=False",
        "xi=[(n,), (m,)], copy=False, sparse=True",
        "xi=[(n,)]",
    ),
)


def ix_(*args: Any) -> tuple[Any, ...]:
    """np.ix_: vectors as an open mesh; plain ones are left to NumPy, since they may be masks."""
    vectors = [x if newest((x,)) is None else np.arange(float(np.size(x))) for x in args]
    if any(np.ndim(x) != 1 for x in args):
        raise ValueError("Cross index must be 1 dimensional")
    meshes = zip(args, np.ix_(*vectors), strict=True)
    return tuple(
        [mesh if newest((x,)) is None else np.reshape(x, mesh.shape) for x, mesh in meshes]
    )


compose(np.ix_, ix_, operands=("args",), cases=("args=[(n,), (m,)]", "args=[(n,), (1,), (m,)]"))

# Arrays like another


def constant_like(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """An array that depends on shape and dtype only: a constant Tensor, or whole numbers."""
    result = static(function, args, kwargs)
    return wrap(result, None, EAGER) if result.dtype.kind in "fc" else result


for function in (np.zeros_like, np.ones_like, np.empty_like):
    HANDLERS[function] = constant_like


def full_like(a: Any, fill_value: Any, dtype: Any = None, order: Any = "K", subok: bool = True,
              shape: Any = None, **options: Any) -> Any:  # fmt: skip
    """np.full_like: differentiable in what it is filled with."""
    if newest((fill_value,)) is None:
        args = (a, fill_value, dtype, order, subok, shape)
        return constant_like(np.full_like, args, options)
    like = np.empty_like(peel_all(a), dtype, order, subok, shape, **options)
    return expand(astype(stack(fill_value), like.dtype), like.shape)


# A plain array to be like does not hand the call to us; np.copyto refuses the Tensor then.
HANDLERS[np.full_like] = lambda _, args, kwargs: full_like(*args, **kwargs)
