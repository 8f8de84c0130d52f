"""Reverse mode for functions of any result: `vjp`, the way back from results to arguments."""

from collections.abc import Callable
from typing import Any

import numpy as np

from ..core.errors import describe, function_name, message
from ..core.node import Leaf
from ..core.sweep import sweep
from ..core.tensor import Tensor
from ..core.trace import Traced, bare
from .arguments import Chosen, every_argument
from .gradient import pair
from .recorded import Recording, recorded
from .trees import flatten

REAL, NUMBERS, TEXT = "fiub", "fciub", np.dtype(str)
Back = Callable[[Any], list[Any]]


def vjp(f: Callable[..., Any], *args: Any, has_aux: bool = False) -> Any:
    """`(y, pullback)`: the result of `f(*args)`, and the way back from it to the arguments.

    `pullback(g)` takes the gradient of a scalar with respect to `y`, an array or a tree like `y`,
    and returns a tuple of its gradients with respect to the arguments, each of the form of its
    argument. It can be called any number of times. Arguments and results may be trees. With
    `has_aux` f returns a pair, and `(y, pullback, aux)` comes back. TypeError for arguments without
    real or complex numbers and for a complex `g` where `y` is real, ValueError for a `g` of other
    shapes than `y`.

    Residuals, and the gradient of half the sum of their squares by one more pass:

    >>> X, target = np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]]), np.array([1.0, 3.0, 5.0])
    >>> residuals, pullback = vjp(lambda w, b: X @ w + b - target, np.zeros(2), 1.0)
    >>> [gradient.tolist() for gradient in pullback(residuals)]
    [[-6.0, -10.0], -6.0]
    """
    chosen = every_argument("vjp", f, args)
    y, back, aux = pulled(chosen, has_aux)

    def pullback(g: Any) -> Any:
        """The gradients of the arguments for the gradient `g` of the result."""
        return chosen.tree(back(g))

    return (y, pullback, aux) if has_aux else (y, pullback)


def pulled(chosen: Chosen, has_aux: bool = False) -> tuple[Any, Back, Any]:
    """The result of a function, the way back from it to all leaves of what is chosen, and aux."""
    with recorded(chosen.leaves) as trace:
        result = chosen.call(trace.tensors)
        aux = None
        if has_aux:
            result, aux = pair(chosen.f, result)
        y, aux = trace.outside(result), trace.outside(aux)
        back = way_back(chosen, trace, result)
    return y, back, aux


def way_back(chosen: Chosen, trace: Recording, result: Any) -> Back:
    """The way back from the result of a recorded call, as it is now: an array may be changed."""
    y = trace.outside(result)
    ends = {path: bare(end) for path, end in flatten(result).items()}
    for end in ends.values():
        refuse_no_array(chosen.f, end)

    def back(g: Any) -> list[Any]:
        """The gradients of all leaves for the gradient `g` of the result."""
        incoming = matched(chosen.f, ends, y, g)
        gradients: dict[Leaf, Any] = {}
        for end, g_end in zip(ends.values(), incoming, strict=True):
            if isinstance(end, Tensor) and end._trace == trace.number and end._node is not None:
                for leaf, gx in sweep(end._node, g_end, retain_graph=True).items():
                    gradients[leaf] = gradients[leaf] + gx if leaf in gradients else gx
        return trace.by_leaf(gradients)

    return back


def refuse_no_array(f: Any, y: Any) -> None:
    """Raise TypeError for a result that has no derivative."""
    if isinstance(y, int | float | complex) or getattr(y, "dtype", TEXT).kind in NUMBERS:
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
    found = {path: in_dtype(given[path], end) for path, end in ends.items()}
    for path, g_end in found.items():
        if g_end is None:
            raise TypeError(
                message(
                    f"the pullback of {function_name(f)} was given {describe(given[path])}, for a "
                    f"result {describe(flatten(result)[path])}{' at ' + path if path else ''}",
                    remedy="give real numbers for what is real: np.real(g), whose imaginary part "
                    "would be lost",
                )
            )
    return list(found.values())


def is_array(value: Any) -> bool:
    """Whether a value is an array or a number, and no tree of such."""
    return isinstance(value, Traced | np.ndarray | np.generic | float | int | complex)


def in_dtype(g: Any, y: Any) -> Any:
    """A gradient or tangent in the dtype of what it belongs to; None if that cannot hold it."""
    dtype = np.result_type(y) if isinstance(y, int | float | complex) else y.dtype
    g = g if isinstance(g, Traced) else np.asarray(g)
    if g.dtype.kind not in (NUMBERS if dtype.kind == "c" else REAL):
        return None
    if g.dtype != dtype:
        g = g.astype(dtype)
    return g if isinstance(g, Traced) else g[()]
