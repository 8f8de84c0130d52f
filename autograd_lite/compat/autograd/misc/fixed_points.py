"""`fixed_point`: where an iteration comes to rest, differentiated without recording its steps."""

from collections.abc import Callable
from typing import Any

from ..core import make_vjp
from ..primitives import defvjp, primitive
from ..vspaces import vspace


@primitive
def fixed_point(f: Any, a: Any, x0: Any, distance: Any, tol: float) -> Any:
    """The x with `f(a)(x) = x` to which the iteration from `x0` leads.

    It ends when `distance(x, x_prev)` is no more than `tol`.
    """
    step, x_prev = f(a), x0
    x = step(x0)
    while distance(x, x_prev) > tol:
        x, x_prev = step(x), x
    return x


def fixed_point_vjp(
    ans: Any, f: Any, a: Any, x0: Any, distance: Any, tol: float
) -> Callable[[Any], Any]:
    """The gradient of `a`: with x = f(a)(x), w = g + (df/dx)ᵀ w is a fixed point as well."""

    def backwards(given: Any) -> Callable[[Any], Any]:
        a, x, g = given
        vjp, _ = make_vjp(f(a), x)
        return lambda w: vspace(x).add(vjp(w), g)

    vjp_a, _ = make_vjp(lambda a: f(a)(ans), a)

    def vjp(g: Any) -> Any:
        w = fixed_point(backwards, (a, ans, g), vspace(x0).zeros(), distance, tol)
        return vjp_a(w)

    return vjp


defvjp(fixed_point, None, fixed_point_vjp, None)
