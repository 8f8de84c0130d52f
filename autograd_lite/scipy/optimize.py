"""`minimize`: SciPy's own, with exact derivatives, on trees of parameters."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

import numpy as np
import scipy.optimize

from ..core.errors import describe, function_name, message
from ..transforms.derivatives import hessian, hvp
from ..transforms.gradient import value_and_grad
from ..transforms.raveling import ravel
from ..transforms.trees import is_leaf, map_tree

WITHOUT_GRADIENT = frozenset(["nelder-mead", "powell", "cobyla", "cobyqa"])
WITH_PRODUCTS = frozenset(["newton-cg", "trust-ncg", "trust-krylov", "trust-constr"])
WITH_HESSIAN = frozenset(["dogleg", "trust-exact"])
PAUSE = 0.1  # seconds between two progress lines


def minimize(
    loss: Callable[..., Any], params: Any, method: str = "L-BFGS-B", *, args: tuple[Any, ...] = (),
    bounds: Any = None, callback: Callable[[Any], Any] | None = None, progress: bool = True,
    **settings: Any,
) -> Any:  # fmt: skip
    """The parameters at which `loss(params, *args)` is least: `scipy.optimize.minimize` on trees.

    `params` is where it starts: an array, a float, or a tree of such. SciPy gets the exact gradient
    of `loss` and, where the method asks for them ("Newton-CG", "trust-ncg", "trust-krylov",
    "trust-constr"), exact products of its Hessian, by forward over reverse mode; "trust-exact" and
    "dogleg" get the Hessian. `settings` (tol, options, constraints, ...) are SciPy's own.

    `bounds` are SciPy's own, or a pair (low, high), each None, a number or a tree like `params`.
    `callback(params)` is called after every iteration, and may raise StopIteration. A progress line
    is shown on stderr where that is a terminal, unless `progress` is False.

    Returns SciPy's OptimizeResult, in which `x` and `jac` are trees like `params`. TypeError for
    complex parameters.

    A decay measured at ten times, of which amplitude and rate are fitted:

    >>> import autograd_lite as ag
    >>> time = np.linspace(0.0, 4.0, 10)
    >>> measured = 3.0 * np.exp(-0.7 * time)
    >>> def squares(params):
    ...     return np.sum((params["amplitude"] * np.exp(-params["rate"] * time) - measured) ** 2)
    >>> fit = ag.minimize(squares, {"amplitude": 1.0, "rate": 1.0})
    >>> print(round(fit.x["amplitude"], 4), round(fit.x["rate"], 4), fit.success)
    3.0 0.7 True
    """
    start, unravel = ravel(params)
    if start.dtype.kind == "c":
        raise TypeError(
            message(
                f"minimize was given complex parameters, {describe(params)}",
                remedy="give their real and imaginary parts as two arrays",
            )
        )
    name = str(method).lower()

    def value(vector: Any) -> Any:
        return loss(unravel(vector), *args)

    given = dict(settings, method=method, bounds=as_bounds(params, bounds))
    if name in WITH_PRODUCTS:
        given["hessp"] = lambda x, v: as_floats(hvp(value, (x,), (as_floats(v),))[0])
    if name in WITH_HESSIAN:
        given["hess"] = lambda x: as_floats(hessian(value)(x))
    if callback is not None:
        given["callback"] = lambda x, *_: callback(unravel(np.array(x)))
    with shown(function_name(loss), progress) as show:
        objective = evaluated(value, name not in WITHOUT_GRADIENT, show)
        given["jac"] = True if name not in WITHOUT_GRADIENT else None
        result = scipy.optimize.minimize(objective, as_floats(start), **given)
    result.x = unravel(result.x)
    if "jac" in result and np.shape(result.jac) == start.shape:
        result.jac = unravel(result.jac)
    return result


def evaluated(value: Callable[[Any], Any], slopes: bool, show: Callable[[Any], None]) -> Any:
    """The objective as SciPy calls it: the loss as a float, and its gradient if it has a use."""

    def alone(vector: Any) -> float:
        found = float(value(vector))
        show(found)
        return found

    def both(vector: Any) -> tuple[float, Any]:
        found, slope = value_and_grad(value)(as_floats(vector))
        show(found)
        return float(found), as_floats(slope)

    return both if slopes else alone


def as_floats(x: Any) -> Any:
    """An array as SciPy's Fortran wants it."""
    return np.asarray(x, np.float64)


def as_bounds(params: Any, bounds: Any) -> Any:
    """Bounds as SciPy takes them."""
    if not isinstance(bounds, tuple) or len(bounds) != 2 or is_bound_pairs(params, bounds):
        return bounds
    size = ravel(params)[0].size
    sides = zip(bounds, (-np.inf, np.inf), strict=True)
    low, high = (
        np.full(size, none) if side is None else
        np.full(size, float(side)) if np.ndim(side) == 0 and not isinstance(side, dict) else
        ravel(in_order_of(params, side))[0]
        for side, none in sides
    )  # fmt: skip
    return scipy.optimize.Bounds(low, high)


def in_order_of(params: Any, side: Any) -> Any:
    """The limits of a tree of parameters, in the order of these; ValueError for another form."""
    if is_leaf(params) or is_leaf(side):
        return side
    return map_tree(lambda _, limit: limit, params, side)


def is_bound_pairs(params: Any, bounds: tuple[Any, Any]) -> bool:
    """Whether two bounds are SciPy's own, one (low, high) for each of two numbers."""
    pairs = all(isinstance(pair, tuple) and len(pair) == 2 for pair in bounds)
    return pairs and not isinstance(params, tuple) and ravel(params)[0].size == 2


@contextmanager
def shown(name: str, wanted: bool) -> Iterator[Callable[[Any], None]]:
    """A function that shows a loss in the progress line, at most ten times a second."""
    stream, count, due = sys.stderr, 0, 0.0
    if not wanted or stream is None or not stream.isatty():
        yield lambda _: None
        return
    text = ""

    def show(loss: Any) -> None:
        nonlocal count, due, text
        count += 1
        before, text = len(text), f"{name}: {float(loss):.6g} after {count} evaluations"
        if monotonic() >= due:
            due = monotonic() + PAUSE
            print(f"\r{text:<{before}}", end="", file=stream, flush=True)

    try:
        yield show
    finally:
        print(f"\r{text}", file=stream, flush=True)
