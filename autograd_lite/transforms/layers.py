"""The layers of a nested value: what lies in it at any depth, and the same with others in it.

Batched(Tensor(Dual(x, t)))     # inside vmap of grad of jvp
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ..core.recording import wrap
from ..core.tensor import Tensor
from ..core.trace import Traced
from .batched import Batched, batched
from .dual import Dual, Tangent, dual
from .trees import map_tree


def tensors_within(value: Any) -> Iterator[Tensor]:
    """The Tensors in a value, from outside to inside, also those of tangents."""
    while isinstance(value, Traced):
        if isinstance(value, Tensor):
            yield value
        elif isinstance(value, Dual) and isinstance(value._node, Tangent):
            yield from tensors_within(value._node.value)
        value = value._value


def renewed(value: Any, exchange: Callable[[Tensor, Any], Any]) -> Any:
    """A value with `exchange(tensor, what lies underneath)` in the place of each Tensor in it."""
    if not isinstance(value, Traced):
        return value
    inner = renewed(value._value, exchange)
    if isinstance(value, Tensor):
        return exchange(value, inner)
    if isinstance(value, Batched):
        return batched(inner, value._trace)
    moves = isinstance(value._node, Tangent)
    return dual(inner, renewed(value._node.value, exchange) if moves else None, value._trace)


def same(tensor: Tensor, inner: Any) -> Tensor:
    """The Tensor as it is now: its owner may still assign to it."""
    return wrap(inner, tensor._node, tensor._trace)  # type: ignore[no-any-return]


def stop_gradient(tree: Any) -> Any:
    """The same values as constants: no transform differentiates them.

    `tree` is an array or a tree of arrays. In reverse and in forward mode, to any order, what is
    computed from them does not depend on them; inside `vmap` every example keeps its own. Outside
    transforms arrays come back as they are, and Tensors as their arrays, read-only.

    A target that is computed by the network itself, as when it teaches itself (bootstrapping):

    >>> import numpy as np
    >>> import autograd_lite as ag
    >>> def loss(w, now, later, reward):
    ...     target = reward + 0.9 * ag.stop_gradient(later @ w)
    ...     return np.sum((now @ w - target) ** 2)
    >>> w, now, later = np.array([1.0, 2.0]), np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]])
    >>> ag.grad(loss)(w, now, later, 1.0).round(6).tolist()
    [-3.6, 0.0]
    """
    return map_tree(constant, tree)


def constant(value: Any) -> Any:
    """A value without the layers that differentiate it."""
    while isinstance(value, Tensor | Dual):
        value = value._value
        if value.__class__ is np.ndarray:
            value = value.view()
            value.flags.writeable = False
    return batched(constant(value._value), value._trace) if isinstance(value, Batched) else value
