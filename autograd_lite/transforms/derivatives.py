"""Whole derivatives: `jacobian`, `hessian`, products with it, and slopes entry by entry."""

import operator
from collections.abc import Callable
from functools import reduce, wraps
from typing import Any

import numpy as np

from ..core.errors import message
from .announcements import QUIET
from .arguments import Argnums, Chosen
from .forward import along, pushed
from .gradient import gradient_of, pair
from .mapping import vmap
from .reverse import pulled, refuse_no_array
from .trees import flatten, rebuild

MODES = (None, "forward", "reverse")


def jacobian(
    f: Callable[..., Any], argnums: Argnums = 0, mode: str | None = None, has_aux: bool = False
) -> Callable[..., Any]:
    """A function that returns all derivatives of all results of `f`.

    For an argument of shape (m, n) and a result of shape (k,) they are an array of shape (k, m, n):
    first the axes of the result, then those of the argument, in whose dtype they are. For trees
    they are a tree like the result, of trees like the argument (a tuple of such, if `argnums` is
    one). `mode` is "forward" (a tangent for every entry of the arguments, all pushed together),
    "reverse" (a gradient for every entry of the results) or None, which takes what needs fewer.
    With `has_aux`, f returns a pair, and `(jacobian, aux)` comes back; "forward" calls f once more
    for it. Of complex numbers z they
    are the derivatives along the real part of z, which is the complex derivative where there is
    one; of real results their gradients in z, as `grad` has them. TypeError for what is no array
    of real or complex numbers, ValueError for another mode.

    A decay fitted to measurements, by the method of Gauss and Newton:

    >>> time = np.linspace(0.0, 4.0, 10)
    >>> measured = 3.0 * np.exp(-0.7 * time)
    >>> def residuals(p):
    ...     return p[0] * np.exp(-p[1] * time) - measured
    >>> p = np.array([1.0, 1.0])
    >>> for step in range(8):
    ...     p = p - np.linalg.lstsq(jacobian(residuals)(p), residuals(p))[0]
    >>> p.round(6).tolist()
    [3.0, 0.7]
    """
    if mode not in MODES:
        raise ValueError(
            message(f"jacobian: mode={mode!r}", remedy='allowed are "forward", "reverse" and None')
        )

    @wraps(f)
    def derivatives(*args: Any, **kwargs: Any) -> Any:
        chosen = Chosen("jacobian", f, args, kwargs, argnums)
        if mode == "forward":
            found = in_forward(chosen, has_aux)
            return (found, pair(f, chosen.call(chosen.leaves))[1]) if has_aux else found
        y, back, aux = pulled(chosen, has_aux)
        fewer = size_of(chosen.leaves) < size_of(flatten(y).values())
        forward = mode is None and fewer
        found = in_forward(chosen, has_aux) if forward else in_reverse(chosen, y, back)
        return (found, aux) if has_aux else found

    return derivatives


def size_of(arrays: Any) -> int:
    """The number of entries of several arrays."""
    return sum(int(np.prod(np.shape(array))) for array in arrays)


def in_reverse(chosen: Chosen, y: Any, back: Any) -> Any:
    """A gradient for every entry of the results, all together."""
    results = list(flatten(y).values())
    rows = []
    for at, result in enumerate(results):

        def of_one(g: Any, at: int = at) -> Any:
            rest = [np.zeros(np.shape(r), dtype_of(r)) for r in results]
            return back(rebuild(y, [*rest[:at], g, *rest[at + 1 :]]))

        gradients = mapped_over_basis(of_one, result)
        if dtype_of(result).kind == "c":  # the gradients of its real and of its imaginary part
            turned = mapped_over_basis(of_one, result, 1j)
            pairs = zip(gradients, turned, strict=True)
            gradients = [np.real(g) + 1j * np.real(h) for g, h in pairs]
        found = [
            in_dtype(np.reshape(g, (*np.shape(result), *np.shape(x))), x, result)
            for g, x in zip(gradients, chosen.leaves, strict=True)
        ]
        rows.append(chosen.tree(found))
    return rebuild(y, rows)


def in_forward(chosen: Chosen, has_aux: bool) -> Any:
    """A tangent for every entry of the arguments, all pushed together."""
    columns = []  # of every leaf, the derivatives of all results along its entries
    y: Any = None
    for at, leaf in enumerate(chosen.leaves):

        def change(t: Any, at: int = at) -> Any:
            nonlocal y
            tangents = [*[None] * at, t, *[None] * (len(chosen.leaves) - at - 1)]
            y, found, _ = along(chosen, tangents, has_aux)
            return list(flatten(found).values())

        changes = mapped_over_basis(change, leaf)
        results = list(flatten(y).values())
        if leaf.dtype.kind == "c" and any(dtype_of(r).kind != "c" for r in results):
            turned = mapped_over_basis(change, leaf, 1j)
            changes = [
                c if dtype_of(r).kind == "c" else c + 1j * d
                for r, c, d in zip(results, changes, turned, strict=True)
            ]
        columns.append(
            [
                in_dtype(np.reshape(np.moveaxis(c, 0, -1), (*c.shape[1:], *leaf.shape)), leaf, r)
                for c, r in zip(changes, results, strict=True)
            ]
        )
    return rebuild(y, [chosen.tree(row) for row in zip(*columns, strict=True)])


def in_dtype(derivatives: Any, x: Any, y: Any) -> Any:
    """Derivatives in the dtype of the argument, or the complex one if those of the result are."""
    dtype = x.dtype
    if dtype_of(y).kind == "c":
        dtype = np.result_type(dtype, np.complex64)
    return derivatives if derivatives.dtype == dtype else derivatives.astype(dtype)


def mapped_over_basis(function: Callable[[Any], Any], value: Any, unit: complex = 1) -> Any:
    """A linear function of every array of the shape of `value` that is 1 at one entry, else 0."""
    size, dtype = size_of([value]), dtype_of(value)
    if not size:
        one = function(np.zeros(np.shape(value), dtype))
        return rebuild(one, [np.zeros((0, *np.shape(x)), x.dtype) for x in flatten(one).values()])
    basis = np.reshape(unit * np.eye(size, dtype=dtype), (size, *np.shape(value)))
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
    of shape (n,) an array of shape (n, n) and its dtype, for trees a tree of trees. Errors are
    those of `grad`.

    Newton's method, in the valley of Rosenbrock:

    >>> import autograd_lite as ag
    >>> def valley(x):
    ...     return (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2
    >>> x = np.array([-1.2, 1.0])
    >>> for step in range(7):
    ...     x = x - np.linalg.solve(ag.hessian(valley)(x), ag.grad(valley)(x))
    >>> x.round(6).tolist()
    [1.0, 1.0]
    """

    @wraps(f)
    def second(*args: Any, **kwargs: Any) -> Any:
        gradient = gradient_of("hessian", f, argnums)
        return in_forward(Chosen("hessian", gradient, args, kwargs, argnums), False)

    return second


def hvp(f: Callable[..., Any], args: tuple[Any, ...], v: Any) -> Any:
    """The product of the Hessian of `f` at `args` with `v`, without the Hessian.

    `v` is a tuple of directions in the form, shapes and dtypes of `args` (None for what is fixed),
    and so is what comes back. It takes one pass of forward mode over the gradient. Errors are those
    of `grad` and `jvp`.

    The largest curvature of a loss, by which gradient descent is stable at rates below 2 / 9:

    >>> def loss(w):
    ...     return 4.5 * w[0] ** 2 + 0.5 * w[1] ** 2 + w[1] ** 4
    >>> w, v = np.zeros(2), np.ones(2)
    >>> for step in range(20):
    ...     (v,) = hvp(loss, (w,), (v / np.linalg.norm(v),))
    >>> np.linalg.norm(v).round(6)
    np.float64(9.0)
    """
    directions = v if isinstance(v, tuple) else ()
    moving = tuple(n for n, direction in enumerate(directions) if direction is not None)
    _, product, _ = pushed("hvp", gradient_of("hvp", f, moving), args, v)
    found = iter(product)
    return tuple(next(found) if n in moving else None for n in range(len(args)))


def elementwise_grad(f: Callable[..., Any], argnums: Argnums = 0) -> Callable[..., Any]:
    """A function that returns the slope of every entry of an elementwise function.

    It is the gradient of the sum of the results, and has the shape and dtype of the argument: of
    what `f` does not compute entry by entry it is no slope. Errors are those of `grad`.

    Kepler's equation, solved for many times at once by Newton's method:

    >>> times = np.linspace(0.0, 3.0, 4)
    >>> def equation(angle):
    ...     return angle - 0.5 * np.sin(angle) - times
    >>> angle = times
    >>> for step in range(5):
    ...     angle = angle - equation(angle) / elementwise_grad(equation)(angle)
    >>> bool(np.max(np.abs(equation(angle))) < 1e-15)
    True
    """

    @wraps(f)
    def total(*args: Any, **kwargs: Any) -> Any:
        result = f(*args, **kwargs)
        leaves = list(flatten(result).values())
        for leaf in leaves or [result]:
            refuse_no_array(f, leaf)
        return reduce(operator.add, map(np.sum, leaves))

    return gradient_of("elementwise_grad", total, argnums)
