"""Whole derivatives: `jacobian`, `hessian`, products with it, and slopes entry by entry."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from ..core.errors import message
from .announcements import QUIET
from .arguments import Argnums, Chosen
from .forward import jvp
from .gradient import grad, pair
from .mapping import vmap
from .reverse import vjp
from .trees import flatten, rebuild

MODES = (None, "forward", "reverse")


def jacobian(
    f: Callable[..., Any], argnums: Argnums = 0, mode: str | None = None, has_aux: bool = False
) -> Callable[..., Any]:
    """A function that returns all derivatives of all results of `f`.

    For an argument of shape (m, n) and a result of shape (k,) they are an array of shape (k, m, n):
    first the axes of the result, then those of the argument. For trees they are a tree like the
    result, of trees like the argument (a tuple of such, if `argnums` is one). `mode` is "forward"
    (a tangent for every entry of the arguments, all pushed together), "reverse" (a gradient for
    every entry of the results) or None, which takes what needs fewer. With `has_aux`, f returns a
    pair, and `(jacobian, aux)` comes back.

    >>> jacobian(lambda x: np.array([[0.0, 1.0], [2.0, 0.0]]) @ x**2)(np.array([1.0, 3.0])).tolist()
    [[0.0, 6.0], [4.0, 0.0]]
    """
    if mode not in MODES:
        raise ValueError(
            message(f"jacobian: mode={mode!r}", remedy='allowed are "forward", "reverse" and None')
        )

    @wraps(f)
    def derivatives(*args: Any, **kwargs: Any) -> Any:
        chosen = Chosen("jacobian", f, args, kwargs, argnums)

        def with_aux(*leaves: Any) -> tuple[Any, Any]:
            result = chosen.call(f, leaves)
            return pair(f, result) if has_aux else (result, None)

        if mode == "forward":
            found = in_forward(chosen, lambda *leaves: with_aux(*leaves)[0])
            aux = with_aux(*chosen.leaves)[1] if has_aux else None
        else:
            found, aux = in_any_mode(chosen, with_aux, mode)
        return (found, aux) if has_aux else found

    return derivatives


def in_any_mode(chosen: Chosen, with_aux: Any, mode: str | None) -> tuple[Any, Any]:
    """The Jacobian and aux, by what needs fewer passes unless the mode says reverse."""
    y, pullback, aux = vjp(with_aux, *chosen.leaves, has_aux=True)
    if mode is None and size_of(chosen.leaves) < size_of(flatten(y).values()):
        return in_forward(chosen, lambda *leaves: with_aux(*leaves)[0]), aux
    return in_reverse(chosen, y, pullback), aux


def size_of(arrays: Any) -> int:
    """The number of entries of several arrays."""
    return sum(int(np.prod(np.shape(array))) for array in arrays)


def in_reverse(chosen: Chosen, y: Any, pullback: Any) -> Any:
    """A gradient for every entry of the results, all together."""
    results = list(flatten(y).values())
    rows = []
    for at, result in enumerate(results):

        def of_one(g: Any, at: int = at) -> Any:
            rest = [np.zeros(np.shape(r), dtype_of(r)) for r in results]
            return pullback(rebuild(y, [*rest[:at], g, *rest[at + 1 :]]))

        gradients = mapped_over_basis(of_one, result)
        found = [np.reshape(g, (*np.shape(result), *np.shape(g)[1:])) for g in gradients]
        rows.append(chosen.tree(found))
    return rebuild(y, rows)


def in_forward(chosen: Chosen, of_leaves: Any) -> Any:
    """A tangent for every entry of the arguments, all pushed together."""
    columns = []  # of every leaf, the derivatives of all results along its entries
    y: Any = None
    for at, leaf in enumerate(chosen.leaves):

        def along(t: Any, at: int = at) -> Any:
            nonlocal y
            tangents = (*(None,) * at, t, *(None,) * (len(chosen.leaves) - at - 1))
            y, change = jvp(of_leaves, tuple(chosen.leaves), tangents)
            return list(flatten(change).values())

        columns.append((leaf, mapped_over_basis(along, leaf)))
    rows = [
        chosen.tree([
            np.reshape(np.moveaxis(changes[at], 0, -1), (*changes[at].shape[1:], *np.shape(leaf)))
            for leaf, changes in columns
        ])
        for at in range(len(flatten(y)))
    ]  # fmt: skip
    return rebuild(y, rows)


def mapped_over_basis(function: Callable[[Any], Any], value: Any) -> Any:
    """A linear function of every array of the shape of `value` that is 1 at one entry, else 0."""
    size, dtype = size_of([value]), dtype_of(value)
    if not size:
        one = function(np.zeros(np.shape(value), dtype))
        return rebuild(one, [np.zeros((0, *np.shape(x)), x.dtype) for x in flatten(one).values()])
    basis = np.reshape(np.eye(size, dtype=dtype), (size, *np.shape(value)))
    token = QUIET.set(True)
    try:
        return vmap(function)(basis)
    finally:
        QUIET.reset(token)


def dtype_of(value: Any) -> Any:
    """The dtype of an array or number."""
    return getattr(value, "dtype", None) or np.asarray(value).dtype


def hessian(f: Callable[..., Any], argnums: Argnums = 0) -> Callable[..., Any]:
    """A function that returns all second derivatives of `f`, forward mode over reverse mode.

    `f` returns one real number; the second derivatives are those of its gradient: for an argument
    of shape (n,) an array of shape (n, n), for trees a tree of trees.

    >>> hessian(lambda x: x[0] ** 2 * x[1])(np.array([3.0, 5.0])).tolist()
    [[10.0, 6.0], [6.0, 0.0]]
    """
    return jacobian(grad(f, argnums), argnums, mode="forward")


def hvp(f: Callable[..., Any], args: tuple[Any, ...], v: Any) -> Any:
    """The product of the Hessian of `f` at `args` with `v`, without the Hessian.

    `v` is a tuple of directions in the form of `args` (None for an argument that is fixed), and so
    is what comes back. It takes one pass of forward mode over the gradient.

    >>> hvp(lambda x: np.sum(x**3), (np.array([1.0, 2.0]),), (np.array([1.0, 1.0]),))[0].tolist()
    [6.0, 12.0]
    """
    moving = tuple(n for n, direction in enumerate(v) if direction is not None)
    _, product = jvp(grad(f, moving), args, v)
    found = iter(product)
    return tuple(next(found) if n in moving else None for n in range(len(args)))


def elementwise_grad(f: Callable[..., Any], argnums: Argnums = 0) -> Callable[..., Any]:
    """A function that returns the slope of every entry of an elementwise function.

    It is the gradient of the sum of the results: what `f` computes entry by entry may have any
    shape.

    >>> elementwise_grad(np.tanh)(np.array([0.0, 20.0])).tolist()
    [1.0, 0.0]
    """

    @wraps(f)
    def slopes(*args: Any, **kwargs: Any) -> Any:
        return grad(lambda *a, **k: np.sum(f(*a, **k)), argnums)(*args, **kwargs)

    return slopes
