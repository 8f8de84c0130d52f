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
from ..core.recording import wrap
from ..core.sweep import sweep
from ..core.tensor import Tensor
from ..core.trace import Traced, bare, new_trace_id
from ..core.variable import as_leaf_array
from ..core.views import OUTSIDERS, end_trace

Argnums = int | tuple[int, ...]


def value_and_grad(f: Callable[..., Any], argnums: Argnums = 0) -> Callable[..., tuple[Any, Any]]:
    """A function that returns `(f(*args), gradient)`.

    `f` takes arrays (or numbers) and returns one real number: a Tensor or array of one element.
    `argnums` is the position of the argument to differentiate, or a tuple of positions, for which
    the gradient is a tuple. Each gradient has the shape and dtype of its argument; it is zeros if
    the result does not depend on it. Arguments that are differentiated must be of a floating
    or complex dtype (TypeError); a result of several elements is a ValueError. A Tensor from
    outside to which `f` assigns holds afterwards what an array would: the values, as constants.

    >>> value, slope = value_and_grad(lambda x: np.sum(x**2))(np.array([1.0, 3.0]))
    >>> float(value), slope.tolist()
    (10.0, [2.0, 6.0])
    """

    @wraps(f)
    def value_and_gradient(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
        positions = checked_positions(f, args, argnums)
        trace = new_trace_id()
        traced = list(args)
        leaves = []
        for position in positions:
            value = differentiable(args[position])
            leaf = Leaf(value.shape, value.dtype)
            leaves.append(leaf)
            traced[position] = wrap(value, leaf, trace)
        OUTSIDERS[trace] = []
        try:
            result = f(*traced, **kwargs)
            gradients = backward(f, result, trace)
            inside = isinstance(result, Tensor) and result._trace == trace
            value = result._value if inside else result
        finally:
            end_trace(trace)
        found = tuple(
            gradients[leaf] if leaf in gradients else np.zeros(leaf.shape, leaf.dtype)[()]
            for leaf in leaves
        )
        return value, found if isinstance(argnums, tuple) else found[0]

    return value_and_gradient


def grad(f: Callable[..., Any], argnums: Argnums = 0) -> Callable[..., Any]:
    """A function that returns the gradient of `f`; see `value_and_grad`.

    It can be differentiated again, to any order, and called on Tensors, through which it is
    recorded.

    >>> grad(grad(np.sin))(np.pi / 2)
    np.float64(-1.0)
    """
    both = value_and_grad(f, argnums)

    @wraps(f)
    def gradient(*args: Any, **kwargs: Any) -> Any:
        return both(*args, **kwargs)[1]

    return gradient


def checked_positions(f: Any, args: tuple[Any, ...], argnums: Any) -> tuple[int, ...]:
    """The positions of the arguments to differentiate, counted from 0."""
    positions = argnums if isinstance(argnums, tuple) else (argnums,)
    known = {n - len(args): n for n in range(len(args))} | {n: n for n in range(len(args))}
    found = tuple(known.get(n) if type(n) is int else None for n in positions)
    if not found or None in found or len(set(found)) != len(found):
        numbers = all(type(n) is int for n in positions)
        raise (ValueError if numbers else TypeError)(
            message(
                f"argnums={argnums!r}, but {function_name(f)} was called with {len(args)} "
                "positional arguments",
                remedy="give the position of an argument that is passed, counted from 0, or a "
                "tuple of different positions",
            )
        )
    return found  # type: ignore[return-value]


def differentiable(value: Any) -> Any:
    """An argument as a value that can be differentiated."""
    value = bare(value)
    if isinstance(value, Traced):
        return value
    if value.__class__ is float:
        return np.float64(value)
    if value.__class__ is complex:
        return np.complex128(value)
    if isinstance(value, dict) or (isinstance(value, list | tuple) and any(map(np.ndim, value))):
        raise TypeError(
            message(
                f"grad was asked to differentiate with respect to {describe(value)}",
                remedy="pass arrays as arguments of their own, and name their positions: "
                "grad(f, argnums=(0, 1))",
            )
        )
    return as_leaf_array(value, True)


def backward(f: Any, result: Any, trace: int) -> dict[Leaf, Any]:
    """Gradients of a function's result, by leaf; empty if it does not depend on the trace."""
    number = isinstance(result, int | float) or hasattr(result, "dtype")
    if not number or np.result_type(result).kind not in "fiub":
        raise TypeError(
            message(
                f"{function_name(f)} returned {describe(result)}, where one real number is due",
                remedy="return the scalar to be differentiated, of complex numbers for example "
                "np.sum(np.abs(z) ** 2)",
            )
        )
    if np.size(result) != 1:
        raise ValueError(
            message(
                f"{function_name(f)} returned a result of shape {np.shape(result)}, and grad "
                "needs one number",
                remedy="return np.sum(...) or np.mean(...) of it",
            )
        )
    if isinstance(result, Traced) and result._trace > trace:
        raise GraphError(
            message(
                f"{function_name(f)} returned a Tensor of a grad inside it that has ended",
                remedy="return what the inner grad returns, not a value kept from within it",
            )
        )
    if not isinstance(result, Tensor) or result._trace != trace or result._node is None:
        return {}
    node = result._node
    one = node.dtype.type(1) if node.shape == () else np.ones(node.shape, node.dtype)
    return sweep(node, one)
