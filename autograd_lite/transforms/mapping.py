"""`vmap`: a function of one example becomes one of many, which are computed together."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from ..core.errors import MemberError, function_name, message
from ..core.trace import Traced, new_trace_id
from ..core.views import OUTSIDERS, end_trace
from . import batching, batching_products, batching_shapes
from .announcements import announce
from .axes import axes_of, count_examples, flat_axes, places_of, with_examples_at
from .batched import Batched, batched
from .trees import flatten, mismatch, rebuild

RULES = (batching, batching_products, batching_shapes)  # which they bring with them


def vmap(f: Callable[..., Any], in_axes: Any = 0, out_axes: Any = 0) -> Callable[..., Any]:
    """A function that maps `f` over an axis of its arguments, all at once.

    `in_axes` says along which axis of the arguments the examples lie: one number for all, or a
    tuple with one for each, None for what is the same for all examples; in place of a number a
    tree of numbers in the form of the argument may be given. Keyword arguments are mapped along
    their first axis. The results lie along `out_axes`, one number for all or a tree of numbers in
    the form of the result. Inside, every array has the shape of one example. What NumPy has no
    batched form of is computed in a loop, of which a warning tells once. ValueError if the numbers
    of examples differ, if there is none, or if trees of axes have other keys than the arrays.

    The norms of the gradients of single samples, which show the ones that a network learns from:

    >>> import autograd_lite as ag
    >>> def loss(w, x, y):
    ...     return (x @ w - y) ** 2
    >>> w, xs, ys = np.array([1.0, 2.0]), np.array([[3.0, 4.0], [1.0, 0.0]]), np.array([10.0, 1.0])
    >>> gradients = vmap(ag.grad(loss), in_axes=(None, 0, 0))(w, xs, ys)
    >>> np.linalg.norm(gradients, axis=1).tolist()
    [10.0, 0.0]
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
            return out_of_batch(f, result, out_axes, size, trace)
        except MemberError:  # f decides by values, which differ from example to example
            announce(f)
        finally:
            end_trace(trace)
        results = [call_one(f, (*args, *kwargs.values()), leaves, kwargs, n) for n in range(size)]
        return joined_results(f, results, out_axes)

    return mapped


def call_one(f: Any, trees: Any, leaves: Any, kwargs: Any, number: int) -> Any:
    """`f` of one example."""
    given = [
        rebuild(tree, [x if axis is None else np.take(x, number, axis) for x, axis in pairs])
        for tree, pairs in zip(trees, leaves, strict=True)
    ]
    positional = len(given) - len(kwargs)
    return f(*given[:positional], **dict(zip(kwargs, given[positional:], strict=True)))


def joined_results(f: Any, results: list[Any], out_axes: Any) -> Any:
    """The results of all examples as arrays; what is no array as in the first."""
    trees = [flatten(result) for result in results]
    for leaves in trees:
        if leaves.keys() != trees[0].keys():
            raise not_alike(f, "forms", mismatch(trees[0], leaves))
    found = []
    places = places_of(f, "out_axes", out_axes, trees[0])
    for path, axis in zip(trees[0], places, strict=True):
        column = [leaves[path] for leaves in trees]
        shapes = {np.shape(y): None for y in column}
        if not is_array(column[0]):
            found.append(column[0])
        elif len(shapes) > 1:
            raise not_alike(f, "shapes", ", ".join(map(str, shapes)))
        else:
            found.append(with_examples_at(f, np.stack(column), axis))
    return rebuild(results[0], found)


def not_alike(f: Any, what: str, found: str) -> ValueError:
    """The error for results that cannot be put beside each other."""
    return ValueError(
        message(
            f"vmap: the results of {function_name(f)} have different {what} for different "
            f"examples: {found}",
            remedy="return arrays of the same form and shapes for all of them",
        )
    )


def is_array(value: Any) -> bool:
    """Whether a result is an array or a number."""
    return isinstance(value, Traced | float | int | complex) or hasattr(value, "dtype")


def in_batch(value: Any, axis: int | None, trace: int) -> Any:
    """A leaf as a batch."""
    if axis is None:
        return value
    if not isinstance(value, Traced):
        value = np.asarray(value)
    return batched(value if axis == 0 else np.moveaxis(value, axis, 0), trace)


def out_of_batch(f: Any, result: Any, out_axes: Any, size: int, trace: int) -> Any:
    """A result without the batch; what is the same for all examples is repeated."""
    leaves = flatten(result)
    found = []
    places = places_of(f, "out_axes", out_axes, leaves)
    for y, axis in zip(leaves.values(), places, strict=True):
        if isinstance(y, Batched) and y._trace == trace:
            found.append(with_examples_at(f, y._value, axis))
        elif is_array(y):
            value = np.broadcast_to(y, (size, *np.shape(y)))
            value = value if isinstance(value, Traced) else value.copy()
            found.append(with_examples_at(f, value, axis))
        else:
            found.append(y)
    return rebuild(result, found)
