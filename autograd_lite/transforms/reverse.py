"""Reverse mode for functions of any result: `vjp`, the way back from results to arguments."""

from collections.abc import Callable
from typing import Any

import numpy as np

from ..core.errors import describe, function_name, message
from ..core.node import Leaf
from ..core.sweep import sweep
from ..core.tensor import Tensor
from ..core.trace import Traced, bare
from .arguments import Chosen
from .gradient import pair
from .recorded import Recording, recorded
from .trees import flatten

Pullback = Callable[[Any], tuple[Any, ...]]


def vjp(f: Callable[..., Any], *args: Any, has_aux: bool = False) -> Any:
    """`(y, pullback)`: the result of `f(*args)`, and the way back from it to the arguments.

    `pullback(g)` takes the gradient of a scalar with respect to `y`, an array or a tree like `y`,
    and returns a tuple of its gradients with respect to the arguments, each of the form of its
    argument. It can be called any number of times. Arguments and results may be trees. With
    `has_aux` f returns a pair, and `(y, pullback, aux)` comes back. TypeError for arguments without
    real or complex numbers, ValueError for a `g` of other shapes than `y`.

    >>> y, pullback = vjp(lambda x, w: x @ w, np.array([1.0, 2.0]), np.eye(2))
    >>> [gradient.tolist() for gradient in pullback(np.array([1.0, 10.0]))]
    [[1.0, 10.0], [[1.0, 10.0], [2.0, 20.0]]]
    """
    chosen = Chosen("vjp", f, args, {}, tuple(range(len(args))))
    with recorded(chosen.leaves) as trace:
        result = chosen.call(f, trace.tensors)
        aux = None
        if has_aux:
            result, aux = pair(f, result)
        y, aux = trace.outside(result), trace.outside(aux)
        pullback = pullback_of(f, chosen, trace, result)
    return (y, pullback, aux) if has_aux else (y, pullback)


def pullback_of(f: Any, chosen: Chosen, trace: Recording, result: Any) -> Pullback:
    """The way back from the result of a recorded call, as it is now: an array may be changed."""
    y = trace.outside(result)
    ends = {path: bare(end) for path, end in flatten(result).items()}
    for end in ends.values():
        refuse_no_array(f, end)

    def pullback(g: Any) -> tuple[Any, ...]:
        """The gradients of the arguments for the gradient `g` of the result."""
        incoming = matched(f, ends, y, g)
        gradients: dict[Leaf, Any] = {}
        for end, g_end in zip(ends.values(), incoming, strict=True):
            if isinstance(end, Tensor) and end._trace == trace.number and end._node is not None:
                for leaf, gx in sweep(end._node, g_end, retain_graph=True).items():
                    gradients[leaf] = gradients[leaf] + gx if leaf in gradients else gx
        return chosen.tree(trace.by_leaf(gradients))  # type: ignore[no-any-return]

    return pullback


def refuse_no_array(f: Any, y: Any) -> None:
    """Raise TypeError for a result that has no derivative."""
    if isinstance(y, float | complex) or hasattr(y, "dtype"):
        return
    raise TypeError(
        message(
            f"{function_name(f)} returned {describe(y)}, where arrays are due",
            remedy="return arrays, alone or in dicts, lists, tuples or dataclasses",
        )
    )


def matched(f: Any, ends: dict[str, Any], result: Any, g: Any) -> list[Any]:
    """The gradients of the results, in their shapes and dtypes; ValueError for other ones."""
    given = flatten(g) if len(ends) != 1 or not is_array(g) else dict.fromkeys(ends, g)
    if given.keys() != ends.keys() or any(
        np.shape(given[path]) != np.shape(end) for path, end in ends.items()
    ):
        raise ValueError(
            message(
                f"the pullback of {function_name(f)} was given {describe(g)}, for a result "
                f"{describe(result)}",
                remedy="give a gradient of the result: of the same form and shapes",
            )
        )
    return [in_dtype(given[path], end) for path, end in ends.items()]


def is_array(value: Any) -> bool:
    """Whether a value is an array or a number, and no tree of such."""
    return isinstance(value, Traced | np.ndarray | np.generic | float | int | complex)


def in_dtype(g: Any, y: Any) -> Any:
    """A gradient in the dtype of what it is the gradient of."""
    dtype = np.asarray(y).dtype if isinstance(y, float | complex) else y.dtype
    if not isinstance(g, Traced):
        g = np.asarray(g)[()]
    return g if g.dtype == dtype else g.astype(dtype)
