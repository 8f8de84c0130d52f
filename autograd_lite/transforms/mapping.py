"""`vmap`: a function of one example becomes one of many, which are computed together."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from ..core.errors import MemberError, describe, function_name, message
from ..core.trace import Traced, new_trace_id
from ..core.views import OUTSIDERS, end_trace
from . import batching, batching_products, batching_shapes
from .announcements import announce
from .batched import Batched, batched
from .trees import flatten, rebuild

RULES = (batching, batching_products, batching_shapes)  # which they bring with them


def vmap(f: Callable[..., Any], in_axes: Any = 0, out_axes: Any = 0) -> Callable[..., Any]:
    """A function that maps `f` over an axis of its arguments, all at once.

    `in_axes` says along which axis of the arguments the examples lie: one number for all, or a
    tuple with one for each, None for what is the same for all examples; in place of a number a
    tree of numbers in the form of the argument may be given. Keyword arguments are mapped along
    their first axis. The results lie along `out_axes`, one number for all or a tree of numbers in
    the form of the result. Inside, every array has the shape of one example. What NumPy has no
    batched form of is computed in a loop, of which a warning tells once. ValueError if the numbers
    of examples differ, or there is none.

    >>> rows = np.array([[1.0, 2.0], [3.0, 4.0]])
    >>> vmap(np.dot)(rows, rows).tolist()
    [5.0, 25.0]
    >>> vmap(np.dot, in_axes=(None, 0))(rows, rows).tolist()
    [[5.0, 11.0], [11.0, 25.0]]
    """

    @wraps(f)
    def mapped(*args: Any, **kwargs: Any) -> Any:
        axes = axes_of(f, args, in_axes)
        leaves = [flat_axes(f, arg, axis) for arg, axis in zip(args, axes, strict=True)]
        leaves += [flat_axes(f, value, 0) for value in kwargs.values()]
        size = count_examples(f, leaves)
        trace = new_trace_id()
        trees = [
            rebuild(tree, [in_batch(value, axis, trace) for value, axis in pairs])
            for tree, pairs in zip((*args, *kwargs.values()), leaves, strict=True)
        ]
        OUTSIDERS[trace] = []
        try:
            named = dict(zip(kwargs, trees[len(args) :], strict=True))
            result = f(*trees[: len(args)], **named)
            return out_of_batch(result, out_axes, size, trace)
        except MemberError:  # f decides by values, which differ from example to example
            announce(f)
        finally:
            end_trace(trace)
        results = [call_one(f, (*args, *kwargs.values()), leaves, kwargs, n) for n in range(size)]
        return joined_results(results, out_axes)

    return mapped


def call_one(f: Any, trees: Any, leaves: Any, kwargs: Any, number: int) -> Any:
    """`f` of one example."""
    given = [
        rebuild(tree, [x if axis is None else np.take(x, number, axis) for x, axis in pairs])
        for tree, pairs in zip(trees, leaves, strict=True)
    ]
    positional = len(given) - len(kwargs)
    return f(*given[:positional], **dict(zip(kwargs, given[positional:], strict=True)))


def joined_results(results: list[Any], out_axes: Any) -> Any:
    """The results of all examples as arrays; what is no array as in the first."""
    columns = list(zip(*[flatten(result).values() for result in results], strict=True))
    axes = out_places(out_axes, len(columns))
    found = [
        np.stack(column, axis) if is_array(column[0]) else column[0]
        for column, axis in zip(columns, axes, strict=True)
    ]
    return rebuild(results[0], found)


def out_places(out_axes: Any, count: int) -> list[int]:
    """The axis of each leaf of a result."""
    if isinstance(out_axes, int):
        return [out_axes] * count
    return list(flatten(out_axes).values())


def is_array(value: Any) -> bool:
    """Whether a result is an array or a number."""
    return isinstance(value, Traced | float | int | complex) or hasattr(value, "dtype")


def axes_of(f: Any, args: tuple[Any, ...], in_axes: Any) -> tuple[Any, ...]:
    """The axes of each argument."""
    if not isinstance(in_axes, tuple | list):
        return (in_axes,) * len(args)
    if len(in_axes) == len(args):
        return tuple(in_axes)
    raise ValueError(
        message(
            f"vmap of {function_name(f)}: in_axes={in_axes!r}, for {len(args)} positional "
            "arguments",
            remedy="give one number for all, or one for each of them",
        )
    )


def flat_axes(f: Any, tree: Any, axes: Any) -> list[tuple[Any, int | None]]:
    """The leaves of an argument, each with the axis along which its examples lie."""
    leaves = list(flatten(tree).values())
    if axes is None or isinstance(axes, int):
        places: list[Any] = [axes] * len(leaves)
    else:
        places = list(flatten(axes).values())
    if len(places) != len(leaves):
        raise ValueError(
            message(
                f"vmap of {function_name(f)}: in_axes has {len(places)} entries for the "
                f"{len(leaves)} leaves of {describe(tree)}",
                remedy="give a tree of the argument's form, or one number for all of it",
            )
        )
    return list(zip(leaves, places, strict=True))


def count_examples(f: Any, leaves: list[list[tuple[Any, int | None]]]) -> int:
    """How many examples there are; ValueError if that is not the same everywhere."""
    counts: dict[int, str] = {}
    for value, axis in (pair for pairs in leaves for pair in pairs):
        if axis is None:
            continue
        shape = np.shape(value)
        if not -len(shape) <= axis < len(shape):
            raise ValueError(
                message(
                    f"vmap of {function_name(f)}: {describe(value)} has no axis {axis} of examples",
                    remedy="give in_axes=None for what is the same for all examples",
                )
            )
        counts[shape[axis]] = describe(value)
    if len(counts) == 1 and 0 not in counts:
        return next(iter(counts))
    found = ", ".join(f"{count} in {text}" for count, text in counts.items()) or "none"
    raise ValueError(
        message(
            f"vmap of {function_name(f)} needs the same number of examples everywhere, at least "
            f"one; found: {found}",
            remedy="check the shapes and in_axes",
        )
    )


def in_batch(value: Any, axis: int | None, trace: int) -> Any:
    """A leaf as a batch."""
    if axis is None:
        return value
    if not isinstance(value, Traced):
        value = np.asarray(value)
    return batched(value if axis == 0 else np.moveaxis(value, axis, 0), trace)


def out_of_batch(result: Any, out_axes: Any, size: int, trace: int) -> Any:
    """A result without the batch; what is the same for all examples is repeated."""
    leaves = list(flatten(result).values())
    found = []
    for y, axis in zip(leaves, out_places(out_axes, len(leaves)), strict=True):
        if isinstance(y, Batched) and y._trace == trace:
            value = y._value
        elif is_array(y):
            value = np.broadcast_to(y, (size, *np.shape(y)))
            value = value if isinstance(value, Traced) else value.copy()
        else:
            found.append(y)
            continue
        found.append(value if axis == 0 else np.moveaxis(value, 0, axis))
    return rebuild(result, found)
