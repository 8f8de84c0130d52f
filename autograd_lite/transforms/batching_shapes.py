"""How shapes are changed, entries picked and arrays joined for a whole batch at once."""

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from ..core.primitives import add_at, expand, getitem, own_index, put, scatter
from .batched import Members
from .batching import by_name, only_first, rule_of

BASIC = (int, slice, type(None), type(Ellipsis), np.integer)


@rule_of(np.reshape)
def reshaped(_: Any, members: Members, args: Any, kwargs: dict[str, Any]) -> Any:
    """`np.reshape`, in the usual order of entries."""
    given = by_name(np.reshape, args, kwargs)
    if not members.has(args[0]) or given.get("order", "C") != "C":
        return NotImplemented
    x, shape = args[0], given["shape"] if "shape" in given else given["newshape"]
    shape = (shape,) if isinstance(shape, int | np.integer) else tuple(shape)
    if -1 in shape:
        known = int(np.prod([n for n in shape if n != -1]))
        if shape.count(-1) > 1 or not known or x.size % known:
            return NotImplemented  # where NumPy says what is wrong
        shape = tuple(x.size // known if n == -1 else n for n in shape)
    if int(np.prod(shape)) != x.size:
        return NotImplemented
    return np.reshape(x._value, (members.size, *shape))


@rule_of(np.ravel)
def raveled(_: Any, members: Members, args: Any, kwargs: dict[str, Any]) -> Any:
    """`np.ravel`."""
    if len(args) > 1 or kwargs.get("order", "C") != "C":
        return NotImplemented
    return np.reshape(args[0]._value, (members.size, args[0].size))


@rule_of(np.transpose)
def transposed(_: Any, members: Members, args: Any, kwargs: dict[str, Any]) -> Any:
    """`np.transpose`."""
    x, axes = args[0], by_name(np.transpose, args, kwargs).get("axes")
    order = reversed(range(x.ndim)) if axes is None else normalize_axis_tuple(axes, x.ndim)
    return np.transpose(x._value, (0, *[n + 1 for n in order]))


@rule_of(np.swapaxes, np.moveaxis)
def moved(function: Any, members: Members, args: Any, kwargs: dict[str, Any]) -> Any:
    """`np.swapaxes` and `np.moveaxis`: two axes, or two tuples of them."""
    if kwargs or len(args) != 3:
        return NotImplemented
    x = args[0]
    places = [normalize_axis_tuple(axis, x.ndim) for axis in args[1:]]
    shifted = [tuple(n + 1 for n in axes) for axes in places]
    if function is np.swapaxes:
        return np.swapaxes(x._value, shifted[0][0], shifted[1][0])
    return np.moveaxis(x._value, *shifted)


@rule_of(np.expand_dims)
def expanded(_: Any, members: Members, args: Any, kwargs: dict[str, Any]) -> Any:
    """`np.expand_dims`."""
    x, axis = args[0], by_name(np.expand_dims, args, kwargs)["axis"]
    axes = axis if isinstance(axis, tuple | list) else (axis,)
    places = normalize_axis_tuple(axes, x.ndim + len(axes))
    return np.expand_dims(x._value, tuple(n + 1 for n in places))


@rule_of(np.broadcast_to, expand)
def broadcast(function: Any, members: Members, args: Any, kwargs: dict[str, Any]) -> Any:
    """A value repeated to a shape."""
    x, shape = args[0], by_name(function, args, kwargs)["shape"]
    shape = (shape,) if isinstance(shape, int) else tuple(shape)
    missing = len(shape) - x.ndim
    if missing < 0:
        return NotImplemented
    value = np.reshape(x._value, (members.size, *(1,) * missing, *x.shape))
    return function(value, (members.size, *shape))


# Entries


def is_plain(members: Members, index: Any) -> bool:
    """Whether an index is none of a batch, and has at most one array, a mask of no more axes."""
    parts = index if index.__class__ is tuple else (index,)
    if members.within(parts):
        return False
    arrays = [part for part in parts if not isinstance(part, BASIC)]
    return len(arrays) <= 1 and (not arrays or not any(isinstance(p, int | np.integer)
                                                       for p in parts))  # fmt: skip


def behind(index: Any) -> tuple[Any, ...]:
    """An index of members as one of all of them."""
    return (slice(None), *(index if index.__class__ is tuple else (index,)))


@rule_of(getitem)
def taken(_: Any, members: Members, args: Any, kwargs: dict[str, Any]) -> Any:
    """`x[index]`, with the same index for all members, or a number of its own for each."""
    x, index = args
    if is_plain(members, index) and members.has(x):
        return getitem(x._value, behind(index))
    parts = index if index.__class__ is tuple else (index,)
    if not all(members.has(p) or isinstance(p, int | np.integer | np.ndarray) for p in parts):
        return NotImplemented
    most = max(np.ndim(part) for part in parts)
    if any(getattr(part, "dtype", np.dtype(int)).kind not in "iu" for part in parts):
        return NotImplemented
    rows = np.arange(members.size).reshape((members.size, *(1,) * most))
    own = [deepened(members, part, most) for part in parts]
    return getitem(x._value, (rows, *own)) if members.has(x) else getitem(x, tuple(own))


def deepened(members: Members, part: Any, axes: int) -> Any:
    """A part of an index with the batch in front, of members with so many axes."""
    full = members.full(part)
    return np.reshape(full, (members.size, *(1,) * (axes - np.ndim(part)), *np.shape(part)))


@rule_of(scatter)
def scattered(_: Any, members: Members, args: Any, kwargs: dict[str, Any]) -> Any:
    """`scatter(g, index, shape)`."""
    g, index, shape = args
    if is_plain(members, index) and members.has(g):
        return scatter(g._value, behind(index), (members.size, *shape))
    parts = index if index.__class__ is tuple else (index,)
    if len(parts) != len(shape) or not all(
        members.has(p) or isinstance(p, int | np.integer | np.ndarray) for p in parts
    ):
        return NotImplemented
    if any(getattr(part, "dtype", np.dtype(int)).kind not in "iu" for part in parts):
        return NotImplemented
    most = max(np.ndim(part) for part in parts)
    rows = np.broadcast_to(
        np.arange(members.size).reshape((members.size, *(1,) * most)),
        (members.size, *np.broadcast_shapes(*map(np.shape, parts))),
    )
    own = [deepened(members, part, most) for part in parts]
    return scatter(members.full(g), (rows, *own), (members.size, *shape))


@rule_of(put, add_at)
def assigned(function: Any, members: Members, args: Any, kwargs: dict[str, Any]) -> Any:
    """Assignment to entries, at the same places for all members."""
    x, index, value = args
    if not is_plain(members, index):
        return NotImplemented
    axes = getitem(np.broadcast_to(0, np.shape(x)), own_index(index)).ndim
    raw = members.raw(value)
    if members.has(value):
        missing = max(axes - value.ndim, 0)
        raw = np.reshape(raw, (members.size, *(1,) * missing, *value.shape))
        if value.ndim > axes:
            return NotImplemented
    return function(members.full(x), behind(index), raw)


@rule_of(np.repeat)
def repeated(_: Any, members: Members, args: Any, kwargs: dict[str, Any]) -> Any:
    """`np.repeat` of all entries equally often, or of those along one axis."""
    given = by_name(np.repeat, args, kwargs)
    repeats, axis = given["repeats"], given.get("axis")
    if not only_first(members, args, kwargs) or (axis is None and np.ndim(repeats)):
        return NotImplemented
    x = args[0]
    if axis is None:
        return np.repeat(np.reshape(x._value, (members.size, x.size)), repeats, axis=1)
    return np.repeat(x._value, repeats, axis=normalize_axis_index(axis, x.ndim) + 1)


# Several arrays


@rule_of(np.concatenate, np.stack, np.hstack, np.vstack)
def joined(function: Any, members: Members, args: Any, kwargs: dict[str, Any]) -> Any:
    """Arrays joined to one."""
    given = by_name(function, args, kwargs)
    arrays, axis = args[0], given.get("axis", 0)
    if set(given) - {"arrays", "tup", "axis"} or axis is None or members.has(arrays):
        return NotImplemented
    least = {np.hstack: 1, np.vstack: 2}.get(function, 0)
    parts = [with_axes(members.full(array), least) for array in arrays]
    axes = parts[0].ndim - 1
    if any(part.ndim - 1 != axes for part in parts):
        return NotImplemented
    if function is np.stack:
        return np.stack(parts, normalize_axis_index(axis, axes + 1) + 1)
    places = {np.hstack: min(1, axes - 1), np.vstack: 0}
    return np.concatenate(parts, normalize_axis_index(places.get(function, axis), axes) + 1)


def with_axes(values: Any, least: int) -> Any:
    """Values with axes of length one behind the batch, so that members have at least so many."""
    missing = max(least + 1 - values.ndim, 0)
    shape = values.shape
    return np.reshape(values, (shape[0], *(1,) * missing, *shape[1:])) if missing else values


@rule_of(np.diagonal, np.trace)
def on_diagonals(function: Any, members: Members, args: Any, kwargs: dict[str, Any]) -> Any:
    """The entries on a diagonal of two axes."""
    given = by_name(function, args, kwargs)
    if not only_first(members, args, kwargs) or set(given) - {"a", "offset", "axis1", "axis2"}:
        return NotImplemented
    x = args[0]
    one = normalize_axis_index(given.get("axis1", 0), x.ndim) + 1
    other = normalize_axis_index(given.get("axis2", 1), x.ndim) + 1
    return function(x._value, given.get("offset", 0), one, other)
