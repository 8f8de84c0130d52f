"""Forward mode: `jvp`, the change of a result along a direction, and `linearize`."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..core.errors import describe, function_name, message
from ..core.trace import new_trace_id
from ..core.views import OUTSIDERS, end_trace
from .arguments import Chosen, every_argument, place_name
from .dual import Dual, Tangent, dual
from .gradient import pair
from .recorded import recorded
from .reverse import in_dtype, pulled, refuse_no_array, way_back
from .trees import flatten, is_leaf, mismatch, rebuild


def jvp(
    f: Callable[..., Any], args: tuple[Any, ...], tangents: tuple[Any, ...], has_aux: bool = False
) -> Any:
    """`(y, t)`: the result of `f(*args)`, and its derivative along `tangents`.

    `tangents` has the form of `args`, a tuple of arrays or trees of the same shapes; None stands
    for what does not change. `t` has the form of `y`. The values and their tangents are computed
    together, in one pass. With `has_aux` f returns a pair, and `(y, t, aux)` comes back. TypeError
    for arguments without real or complex numbers and for complex tangents of real ones, ValueError
    for tangents of other shapes.

    The swing of a pendulum, and how far it is off if its length is so by 2 cm:

    >>> def period(length, gravity):
    ...     return 2 * np.pi * np.sqrt(length / gravity)
    >>> y, t = jvp(period, (1.00, 9.81), (0.02, None))
    >>> print(f"{y:.3f} s, off by {t:.3f} s")
    2.006 s, off by 0.020 s
    """
    if has_aux is False and args.__class__ is tuple and are_plain(args, tangents):
        return plain_jvp(f, args, tangents)
    y, t, aux = pushed("jvp", f, args, tangents, has_aux)
    return (y, t, aux) if has_aux else (y, t)


def pushed(transform: str, f: Any, args: Any, tangents: Any, has_aux: bool = False) -> Any:
    """The result of a function, its tangent along the tangents of the arguments, and aux."""
    if not isinstance(args, tuple) or not isinstance(tangents, tuple) or len(args) != len(tangents):
        raise TypeError(
            message(
                f"{transform} of {function_name(f)} was given args {describe(args)} and tangents "
                f"{describe(tangents)}",
                remedy=f"give two tuples of the same length: {transform}(f, (x,), (t,))",
            )
        )
    moving = tuple(n for n, tangent in enumerate(tangents) if tangent is not None)
    if not moving:
        raise TypeError(
            message(
                f"{transform} of {function_name(f)} was given no tangent: {describe(tangents)}",
                remedy="give one for at least one argument; None is for those that do not change",
            )
        )
    chosen = Chosen(transform, f, args, {}, moving)
    return along(chosen, tangent_leaves(chosen, [tangents[n] for n in moving]), has_aux)


def along(chosen: Chosen, tangents: Sequence[Any], has_aux: bool = False) -> tuple[Any, Any, Any]:
    """`pushed`, for a tangent of every leaf; None for those that do not change."""
    trace = new_trace_id()
    OUTSIDERS[trace] = []
    try:
        pairs = zip(chosen.leaves, tangents, strict=True)
        result = chosen.call([x if t is None else dual(x, t, trace) for x, t in pairs])
        aux = None
        if has_aux:
            result, aux = pair(chosen.f, result)
        y, t = value_of(result, trace), tangent_of(chosen.f, result, trace)
        aux = value_of(aux, trace)
    finally:
        end_trace(trace)
    return y, t, aux


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
        if isinstance(y, Dual) and y._trace == trace and isinstance(y._node, Tangent):
            return y._value, y._node.value
        return value_of(y, trace), tangent_of(f, y, trace)
    finally:
        end_trace(trace)


def tangent_leaves(chosen: Chosen, tangents: Sequence[Any]) -> list[Any]:
    """The tangents of all leaves, in their dtypes; None for those that do not change."""
    given: list[Any] = []
    for at, tree, kept, tangent in zip(
        chosen.places, chosen.trees, chosen.kept, tangents, strict=True
    ):
        if is_leaf(tree):
            given.append(tangent)
            continue
        due = [path for path in flatten(tree) if path not in kept]
        leaves = dict.fromkeys(due) if tangent is None else flatten(tangent)
        wrong = mismatch(due, [path for path in leaves if path not in kept])
        if wrong:
            raise ValueError(
                message(
                    f"{chosen.title}: the tangent of {place_name(at, '')} has other leaves: "
                    f"{wrong}",
                    remedy="give tangents of the form and shapes of the arguments",
                )
            )
        given += [leaves[path] for path in due]
    return [None if t is None else fitting(chosen, n, t) for n, t in enumerate(given)]


def fitting(chosen: Chosen, number: int, t: Any) -> Any:
    """The tangent of one leaf, in its dtype; ValueError or TypeError if it cannot be one."""
    x = chosen.leaves[number]
    alike = np.shape(t) == x.shape
    found = in_dtype(t, x) if alike else None
    if found is not None:
        return found
    raise (TypeError if alike else ValueError)(
        message(
            f"{chosen.title}: a tangent {describe(t)} was given for {chosen.names()[number]}, "
            f"{describe(x)}",
            remedy="give real tangents for real arguments; x.astype(complex) may change by complex "
            "ones" if alike else "give tangents of the form and shapes of the arguments",
        )
    )  # fmt: skip


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


def tangent_of(f: Any, tree: Any, trace: int) -> Any:
    """The tangents of a result; zeros for what does not change."""
    if is_leaf(tree):
        return leaf_tangent(f, tree, trace)
    return rebuild(tree, [leaf_tangent(f, leaf, trace) for leaf in flatten(tree).values()])


def leaf_tangent(f: Any, y: Any, trace: int) -> Any:
    """The tangent of one result; TypeError if it can have none."""
    if isinstance(y, Dual) and y._trace == trace:
        return y._node.value if isinstance(y._node, Tangent) else np.zeros_like(y._value)
    refuse_no_array(f, y)
    return np.zeros_like(y) if hasattr(y, "dtype") else y * 0.0


def linearize(f: Callable[..., Any], *args: Any) -> tuple[Any, Callable[..., Any]]:
    """`(y, pushforward)`: the result of `f(*args)`, and its linear change around these arguments.

    `pushforward(*tangents)` is the `t` of `jvp`, for any number of directions: `f` is run only
    once, and what its derivative needs is kept. Arguments and results may be trees. Errors are
    those of `vjp` and, for the tangents, of `jvp`.

    The covariance of a position that is measured by distance and angle, as Kalman filters need it:

    >>> import autograd_lite as ag
    >>> def position(polar):
    ...     return polar[0] * np.stack([np.cos(polar[1]), np.sin(polar[1])])
    >>> covariance = np.diag([0.01, 0.0001])
    >>> place, pushforward = linearize(position, np.array([10.0, 0.0]))
    >>> columns = ag.vmap(pushforward)(covariance)
    >>> ag.vmap(pushforward)(columns.T).round(6).tolist()
    [[0.01, 0.0], [0.0, 0.01]]
    """
    chosen = every_argument("linearize", f, args)
    y, back, _ = pulled(chosen)
    ends = [np.zeros(np.shape(end), real_dtype(end)) for end in flatten(y).values()]
    # The way back is linear in g: recorded once, its own way back is the way forward.
    with recorded(ends) as trace:
        gradients = back(rebuild(y, trace.tensors))
    way = way_back(every_argument("linearize", f, tuple(ends)), trace, gradients)
    chosen.transform = "the pushforward"  # which is what the user calls from now on

    def pushforward(*tangents: Any) -> Any:
        """The change of the result along the tangents of the arguments."""
        if len(tangents) != len(args):
            raise TypeError(
                message(
                    f"{chosen.title} was given {len(tangents)} tangents, for {len(args)} arguments",
                    remedy="give one for each argument; None is for those that do not change",
                )
            )
        given = zip(chosen.leaves, tangent_leaves(chosen, tangents), strict=True)
        return rebuild(y, way([np.zeros(x.shape, x.dtype) if t is None else t for x, t in given]))

    return y, pushforward


def real_dtype(y: Any) -> Any:
    """The dtype of the change of a result: its own, but for whole numbers."""
    dtype = np.result_type(y)
    return dtype if dtype.kind in "fc" else np.dtype(float)
