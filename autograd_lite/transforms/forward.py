"""Forward mode: `jvp`, the change of a result along a direction, and `linearize`."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..core.errors import describe, function_name, message
from ..core.trace import new_trace_id
from ..core.views import OUTSIDERS, end_trace
from .arguments import Chosen
from .dual import Dual, Tangent, dual
from .gradient import pair
from .recorded import recorded
from .reverse import in_dtype, pullback_of, vjp
from .trees import flatten, is_leaf, rebuild


def jvp(
    f: Callable[..., Any], args: tuple[Any, ...], tangents: tuple[Any, ...], has_aux: bool = False
) -> Any:
    """`(y, t)`: the result of `f(*args)`, and its derivative along `tangents`.

    `tangents` has the form of `args`, a tuple of arrays or trees of the same shapes; None stands
    for an argument that does not change. `t` has the form of `y`. The values and their tangents
    are computed together, in one pass. With `has_aux` f returns a pair, and `(y, t, aux)` comes
    back. TypeError for arguments without real or complex numbers, ValueError for tangents of other
    shapes.

    >>> y, t = jvp(lambda x, w: np.sum(x * w), (np.ones(2), np.arange(2.0)), (np.ones(2), None))
    >>> float(y), float(t)
    (1.0, 1.0)
    """
    if has_aux is False and args.__class__ is tuple and are_plain(args, tangents):
        return plain_jvp(f, args, tangents)
    if not isinstance(args, tuple) or not isinstance(tangents, tuple) or len(args) != len(tangents):
        raise TypeError(
            message(
                f"jvp of {function_name(f)} was given args {describe(args)} and tangents "
                f"{describe(tangents)}",
                remedy="give two tuples of the same length: jvp(f, (x,), (t,))",
            )
        )
    moving = tuple(n for n, tangent in enumerate(tangents) if tangent is not None)
    chosen = Chosen("jvp", f, args, {}, moving)
    trace = new_trace_id()
    directions = tangent_leaves(f, chosen, [tangents[n] for n in moving])
    duals = [dual(x, t, trace) for x, t in zip(chosen.leaves, directions, strict=True)]
    OUTSIDERS[trace] = []
    try:
        result = chosen.call(f, duals)
        aux = None
        if has_aux:
            result, aux = pair(f, result)
        y, t = value_of(result, trace), tangent_of(result, trace)
        aux = value_of(aux, trace)
    finally:
        end_trace(trace)
    return (y, t, aux) if has_aux else (y, t)


def are_plain(args: Any, tangents: Any) -> bool:
    """Whether there is an array of the same shape and dtype for every array: the usual case."""
    if tangents.__class__ is not tuple or len(args) != len(tangents) or not args:
        return False
    for x, t in zip(args, tangents, strict=True):
        if x.__class__ is not np.ndarray or t.__class__ is not np.ndarray:
            return False
        if x.dtype.kind not in "fc" or x.dtype is not t.dtype or x.shape != t.shape:
            return False
    return True


def plain_jvp(f: Any, args: tuple[Any, ...], tangents: tuple[Any, ...]) -> tuple[Any, Any]:
    """`jvp` of arrays along arrays."""
    trace = new_trace_id()
    OUTSIDERS[trace] = []
    try:
        y = f(*[dual(x, t, trace) for x, t in zip(args, tangents, strict=True)])
        return value_of(y, trace), tangent_of(y, trace)
    finally:
        end_trace(trace)


def tangent_leaves(f: Any, chosen: Chosen, tangents: Sequence[Any]) -> list[Any]:
    """The tangents of all leaves, in their dtypes; ValueError for other shapes."""
    found: list[Any] = []
    for tree, kept, tangent in zip(chosen.trees, chosen.kept, tangents, strict=True):
        if is_leaf(tree):
            found.append(tangent)
            continue
        given = flatten(tangent)
        found += [given.get(path) for path in flatten(tree) if path not in kept]
    for x, t in zip(chosen.leaves, found, strict=True):
        if t is None or np.shape(t) != x.shape:
            raise ValueError(
                message(
                    f"jvp of {function_name(f)}: a tangent {describe(t)} was given for an argument "
                    f"{describe(x)}",
                    remedy="give tangents of the form and shapes of the arguments",
                )
            )
    return [in_dtype(t, x) for x, t in zip(chosen.leaves, found, strict=True)]


def value_of(tree: Any, trace: int) -> Any:
    """The values of a result, or of a tree of results, without their tangents."""
    if is_leaf(tree):
        return tree._value if isinstance(tree, Dual) and tree._trace == trace else tree
    leaves = flatten(tree)
    if not any(isinstance(leaf, Dual) for leaf in leaves.values()):
        return tree
    return rebuild(
        tree,
        [y._value if isinstance(y, Dual) and y._trace == trace else y for y in leaves.values()],
    )


def tangent_of(tree: Any, trace: int) -> Any:
    """The tangents of a result; zeros for what does not change."""
    if is_leaf(tree):
        return leaf_tangent(tree, trace)
    return rebuild(tree, [leaf_tangent(leaf, trace) for leaf in flatten(tree).values()])


def leaf_tangent(y: Any, trace: int) -> Any:
    """The tangent of one result."""
    if isinstance(y, Dual) and y._trace == trace:
        return y._node.value if isinstance(y._node, Tangent) else np.zeros_like(y._value)
    return np.zeros_like(y) if hasattr(y, "dtype") else y * 0.0


def linearize(f: Callable[..., Any], *args: Any) -> tuple[Any, Callable[..., Any]]:
    """`(y, pushforward)`: the result of `f(*args)`, and its linear change around these arguments.

    `pushforward(*tangents)` is the `t` of `jvp`, for any number of directions: `f` is run only
    once, and what its derivative needs is kept. Arguments and results may be trees.

    >>> y, pushforward = linearize(np.sin, np.array([0.0, np.pi]))
    >>> pushforward(np.array([1.0, 1.0])).tolist(), pushforward(np.array([2.0, 0.0])).tolist()
    ([1.0, -1.0], [2.0, 0.0])
    """
    y, pullback = vjp(f, *args)
    chosen = Chosen("linearize", f, args, {}, tuple(range(len(args))))
    ends = [in_dtype(np.zeros(np.shape(end)), end) for end in flatten(y).values()]
    # The way back is linear in g: recorded once, its own way back is the way forward.
    with recorded(ends) as trace:
        gradients = pullback(rebuild(y, trace.tensors))
    leaves = [
        leaf
        for tree, kept in zip(gradients, chosen.kept, strict=True)
        for path, leaf in flatten(tree).items()
        if path not in kept
    ]
    transposed = Chosen("linearize", f, tuple(ends), {}, tuple(range(len(ends))))
    back = pullback_of(f, transposed, trace, leaves)

    def pushforward(*tangents: Any) -> Any:
        """The change of the result along the tangents of the arguments."""
        return rebuild(y, back(tangent_leaves(f, chosen, tangents)))

    return y, pushforward
