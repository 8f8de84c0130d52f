"""What the operators on functions are made of: `make_vjp` and `make_jvp` of one argument.

Gradients of complex numbers follow HIPS autograd here: of a real function of z = x + iy it is
df/dx - i df/dy, the conjugate of what `autograd_lite.grad` returns, and the way back through
w = f(z), holomorphic, is g f'(z).
"""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from ...core.trace import Traced
from ...transforms.forward import jvp as push_forward
from ...transforms.reverse import vjp as pull_back
from ...transforms.trees import flatten, map_tree
from .primitives import (
    JVPNode,
    VJPNode,
    def_linear,
    defjvp,
    defjvp_argnum,
    defjvp_argnums,
    defvjp,
    defvjp_argnum,
    defvjp_argnums,
    primitive,
    primitive_jvps,
    primitive_vjps,
)
from .vspaces import SparseObject, VSpace, vspace

__all__ = [
    "JVPNode", "SparseObject", "VJPNode", "VSpace", "def_linear", "defjvp", "defjvp_argnum",
    "defjvp_argnums", "defvjp", "defvjp_argnum", "defvjp_argnums", "make_jvp", "make_vjp",
    "primitive", "primitive_jvps", "primitive_vjps", "vspace",
]  # fmt: skip


def make_vjp(fun: Callable[[Any], Any], x: Any) -> tuple[Callable[[Any], Any], Any]:
    """`(vjp, fun(x))`: `vjp(g)` is the gradient of x for the gradient `g` of the result.

    x and the result may be trees. A warning tells of a result that does not depend on x.
    """
    y, pullback = pull_back(depending(fun), floats(x))

    def vjp(g: Any) -> Any:
        """The gradient of the argument for that of the result."""
        return conjugate(pullback(conjugate(g))[0])

    return vjp, y


def make_jvp(fun: Callable[[Any], Any], x: Any) -> Callable[[Any], tuple[Any, Any]]:
    """A function of directions: `jvp(v)` is `fun(x)` and its derivative along `v`."""

    def jvp(v: Any) -> tuple[Any, Any]:
        """The result and its derivative along a direction."""
        y, t = push_forward(depending(fun), (floats(x),), (v,))
        return y, t

    return jvp


def depending(fun: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The function, with a warning where its result does not depend on its argument."""

    def watched(x: Any) -> Any:
        result = fun(x)
        if not traces(x) & traces(result):
            warnings.warn("Output seems independent of input.", stacklevel=2)
        return result

    return watched


def traces(tree: Any) -> set[int]:
    """The traces that differentiate a value."""
    leaves = [tree] if isinstance(tree, Traced) else flatten(tree).values()
    return {x._trace for x in leaves if isinstance(x, Traced) and x._node is not None}


def floats(x: Any) -> Any:
    """An argument to differentiate, with arrays of whole numbers as ones of floats."""
    if isinstance(x, np.ndarray):
        return x.astype(float) if x.dtype.kind in "iub" else x
    return map_tree(floats, x) if isinstance(x, list | tuple | dict) else x


def conjugate(tree: Any) -> Any:
    """A gradient in the other of the two conventions for complex numbers: its conjugate."""
    if isinstance(tree, list | tuple | dict):
        return map_tree(conjugate, tree)
    dtype = getattr(tree, "dtype", None)
    is_complex = isinstance(tree, complex) if dtype is None else dtype.kind == "c"
    return np.conj(tree) if is_complex else tree
