"""`grad` and `value_and_grad`: functions that return the derivative of a function.

    grad(lambda x: x**3)(2.0)            # 12
    grad(grad(lambda x: x**3))(2.0)      # 12

Each call opens a trace of its own around the arguments, so that transforms nest in any depth.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from ..core.errors import GraphError, describe, function_name, message
from ..core.node import Leaf
from ..core.sweep import sweep
from ..core.tensor import Tensor
from ..core.trace import Traced
from .arguments import Argnums, Chosen
from .recorded import recorded


def value_and_grad(
    f: Callable[..., Any], argnums: Argnums = 0, has_aux: bool = False
) -> Callable[..., tuple[Any, Any]]:
    """A function that returns `(f(*args), gradient)`.

    `f` takes arrays and numbers, or trees of them: dicts, lists, tuples, dataclasses and what
    `register_tree` knows, in any nesting. It returns one real number: a Tensor or array of one
    element; with `has_aux` a pair of that and of whatever else is to be returned beside it.
    `argnums` is the argument to differentiate, by its position or its name, or a tuple of several,
    for which the gradient is a tuple. Each gradient has the form, shapes and dtypes of its
    argument, with None for what is no number in it; it is zeros if the result does not depend on
    it. What is differentiated must be of a floating or complex dtype (TypeError); a result of
    several elements is a ValueError. A Tensor from outside to which `f` assigns holds afterwards
    what an array would: the values, as constants.

    A line through points, by gradient descent:

    >>> import autograd_lite as ag
    >>> x = np.array([0.0, 1.0, 2.0])
    >>> def loss(line, y):
    ...     return np.mean((line["slope"] * x + line["start"] - y) ** 2)
    >>> line = {"slope": 0.0, "start": 0.0}
    >>> for step in range(200):
    ...     value, gradient = ag.value_and_grad(loss)(line, 2 * x + 1)
    ...     line = ag.map_tree(lambda w, g: w - 0.2 * g, line, gradient)
    >>> print(f"{line['slope']:.4f} x + {line['start']:.4f}, loss {value:.0e}")
    2.0000 x + 1.0000, loss ...
    """

    @wraps(f)
    def value_and_gradient(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
        chosen = Chosen("value_and_grad", f, args, kwargs, argnums)
        value, gradient, aux = differentiated(chosen, has_aux)
        return ((value, aux) if has_aux else value), gradient

    return value_and_gradient


def differentiated(chosen: Chosen, has_aux: bool) -> tuple[Any, Any, Any]:
    """The value of a function, its gradient in the form of what is chosen, and aux."""
    with recorded(chosen.leaves) as trace:
        result = chosen.call(trace.tensors)
        aux = None
        if has_aux:
            result, aux = pair(chosen.f, result)
        gradients = backward(chosen, result, trace.number)
        value, aux = trace.outside(result), trace.outside(aux)
    return value, chosen.tree(trace.by_leaf(gradients)), aux


def grad(f: Callable[..., Any], argnums: Argnums = 0, has_aux: bool = False) -> Callable[..., Any]:
    """A function that returns the gradient of `f`; see `value_and_grad`.

    With `has_aux` it returns `(gradient, aux)`. It can be differentiated again, to any order, and
    called on Tensors, through which it is recorded.

    >>> grad(grad(np.sin))(np.pi / 2)
    np.float64(-1.0)
    """
    return gradient_of("grad", f, argnums, has_aux)


def gradient_of(
    transform: str, f: Callable[..., Any], argnums: Argnums, has_aux: bool = False
) -> Callable[..., Any]:
    """`grad`, by the name of what the user has called."""

    @wraps(f)
    def gradient(*args: Any, **kwargs: Any) -> Any:
        chosen = Chosen(transform, f, args, kwargs, argnums)
        _, found, aux = differentiated(chosen, has_aux)
        return (found, aux) if has_aux else found

    return gradient


def pair(f: Any, result: Any) -> tuple[Any, Any]:
    """What a function with `has_aux` returned; TypeError if it is no pair."""
    if isinstance(result, tuple) and len(result) == 2:
        return result
    raise TypeError(
        message(
            f"{function_name(f)} returned {describe(result)}, where has_aux=True asks for a pair",
            remedy="return (result, aux), or leave has_aux away",
        )
    )


def backward(chosen: Chosen, result: Any, trace: int) -> dict[Leaf, Any]:
    """Gradients of a function's result, by leaf; empty if it does not depend on the trace."""
    number = isinstance(result, int | float) or hasattr(result, "dtype")
    if not number or np.result_type(result).kind not in "fiub":
        raise TypeError(
            message(
                f"{function_name(chosen.f)} returned {describe(result)}, where one real number "
                "is due",
                remedy="return the scalar to be differentiated, of complex numbers for example "
                "np.sum(np.abs(z) ** 2)",
            )
        )
    if np.size(result) != 1:
        raise ValueError(
            message(
                f"{function_name(chosen.f)} returned a result of shape {np.shape(result)}, and "
                f"{chosen.transform} needs one number",
                remedy="return np.sum(...) or np.mean(...) of it",
            )
        )
    if isinstance(result, Traced) and result._trace > trace:
        raise GraphError(
            message(
                f"{function_name(chosen.f)} returned a Tensor of a transform inside it that has "
                "ended",
                remedy="return what the inner transform returns, not a value kept from within it",
            )
        )
    if not isinstance(result, Tensor) or result._trace != trace or result._node is None:
        return {}
    node = result._node
    one = node.dtype.type(1) if node.shape == () else np.ones(node.shape, node.dtype)
    return sweep(node, one)
