"""How functions are computed for a whole batch at once, by NumPy's own batched kernels.

Each rule takes a function, its members and arguments, and returns the result with the batch in
front; NotImplemented where only a loop will do. An axis of a member is one further back underneath.
"""

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from ..core.operation import ELEMENTWISE, OPERATIONS
from ..core.primitives import astype
from ..rules import networks
from .batched import RULES, Members, Rule

Axis = int | tuple[int, ...] | None


def rule_of(*functions: Any) -> Callable[[Rule], Rule]:
    """A decorator: the rule of these functions."""

    def declare(rule: Rule) -> Rule:
        RULES.update(dict.fromkeys(functions, rule))
        return rule

    return declare


def by_name(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a call by the names of the function's parameters."""
    operation = OPERATIONS.get(function)
    names = operation.signature.positional if operation is not None else parameters(function)
    return dict(zip(names, args, strict=False)) | kwargs


def parameters(function: Any) -> list[str]:
    """The names of a function's parameters."""
    return list(inspect.signature(function).parameters)


# Entry by entry


@rule_of(ELEMENTWISE, np.where, np.clip, np.real, np.imag, np.isclose, np.nan_to_num, astype)
def entrywise(function: Any, members: Members, args: Any, kwargs: dict[str, Any]) -> Any:
    """Members with fewer axes than others get some of length one behind the batch."""
    everything = (*args, *kwargs.values())
    if any(members.within(value) and not members.has(value) for value in everything):
        return NotImplemented  # in a list
    most = max((np.ndim(value) for value in everything if is_array(value)), default=0)
    values = [aligned(members, value, most) for value in args]
    result = function(*values, **{k: aligned(members, v, most) for k, v in kwargs.items()})
    if result.__class__ is not tuple and result.ndim == most:  # it depends on no batch here
        return np.broadcast_to(result, (members.size, *result.shape))
    return result


def is_array(value: Any) -> bool:
    """Whether a value is an array, or stands for one."""
    return hasattr(value, "dtype") and not isinstance(value, type)


def aligned(members: Members, value: Any, axes: int) -> Any:
    """A value that broadcasts with those whose members have so many axes."""
    if not members.has(value):
        return value
    missing = axes - value.ndim
    raw = value._value
    return raw if not missing else np.reshape(raw, (len(raw), *(1,) * missing, *value.shape))


# Along axes


def only_first(members: Members, args: Any, kwargs: dict[str, Any]) -> bool:
    """Whether the first argument is a batch, and nothing else is."""
    others = (*args[1:], *kwargs.values())
    return bool(args) and members.has(args[0]) and members.count(others) < 0


@rule_of(
    np.sum, np.mean, np.prod, np.max, np.min, np.std, np.var, np.any, np.all, np.count_nonzero,
    np.linalg.vector_norm, np.ptp, np.nansum, np.nanmean, np.nanmax, np.nanmin,
)  # fmt: skip
def reduced(function: Any, members: Members, args: Any, kwargs: dict[str, Any]) -> Any:
    """A reduction over some axes, or over all of them."""
    if not only_first(members, args, kwargs) or set(kwargs) & {"where", "initial"}:
        return NotImplemented
    x, given = args[0], by_name(function, args, kwargs)
    axis = given.get("axis")
    axes = range(x.ndim) if axis is None else normalize_axis_tuple(axis, x.ndim)
    given["axis"] = tuple(n + 1 for n in axes)
    return call_by_name(function, x._value, given)


def call_by_name(function: Any, first: Any, given: dict[str, Any]) -> Any:
    """Call a function with its first argument, and the others by name."""
    rest = dict(list(given.items())[1:])
    return function(first, **rest)


@rule_of(
    np.cumsum, np.cumprod, np.argmax, np.argmin, np.sort, np.argsort, np.diff, np.flip, np.take,
    networks.softmax, networks.log_softmax, np.cumulative_sum if hasattr(np, "cumulative_sum") else
    np.cumsum, np.squeeze, np.median, np.fft.fft, np.fft.ifft, np.fft.rfft, np.fft.irfft,
)  # fmt: skip
def along(function: Any, members: Members, args: Any, kwargs: dict[str, Any]) -> Any:
    """A function along one axis, counted from the end underneath."""
    if not only_first(members, args, kwargs) or not args[0].ndim:
        return NotImplemented
    x = args[0]
    given = by_name(function, args, kwargs)
    axis = given.get("axis", DEFAULT_AXES.get(function))
    if not isinstance(axis, int | np.integer):
        return NotImplemented
    given["axis"] = normalize_axis_index(int(axis), x.ndim) - x.ndim
    return call_by_name(function, x._value, given)


LAST = (
    np.sort, np.argsort, np.diff, networks.softmax, networks.log_softmax,
    np.fft.fft, np.fft.ifft, np.fft.rfft, np.fft.irfft,
)  # fmt: skip
DEFAULT_AXES: dict[Any, int] = dict.fromkeys(LAST, -1)


@rule_of(np.zeros_like, np.ones_like, np.empty_like, np.copy, np.tril, np.triu, np.linalg.inv,
         np.linalg.det, np.linalg.cholesky, np.matrix_transpose if hasattr(np, "matrix_transpose")
         else np.tril)  # fmt: skip
def alike(function: Any, members: Members, args: Any, kwargs: dict[str, Any]) -> Any:
    """A function of matrices, or of arrays as they are, that takes stacks of them."""
    if not only_first(members, args, kwargs) or (args[0].ndim < 2 and function in MATRICES):
        return NotImplemented
    return function(args[0]._value, *args[1:], **kwargs)


MATRICES = {np.tril, np.triu, np.linalg.inv, np.linalg.det, np.linalg.cholesky}
