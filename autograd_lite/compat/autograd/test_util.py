"""`check_grads(f)(*args)`: AssertionError unless derivatives are those that differences show."""

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

from .core import make_jvp, make_vjp
from .vspaces import vspace
from .wrap_util import get_name, unary_to_nary

TOL = 1e-6
RTOL = 1e-6
EPS = 1e-6
Function = Callable[..., Any]
MODES = ("fwd", "rev")


def scalar_close(a: Any, b: Any) -> bool:
    """Whether two numbers are equal to six digits, or both nearly zero."""
    return bool(abs(a - b) < TOL or abs(a - b) / abs(a + b) < RTOL)


def make_numerical_jvp(f: Function, x: Any) -> Function:
    """The change of `f` at `x` along a direction, by a central difference."""
    space, results = vspace(x), vspace(f(x))

    def jvp(v: Any) -> Any:
        """The difference of two values, divided by the step."""
        ahead = f(space.add(x, space.scalar_mul(v, EPS / 2)))
        behind = f(space.add(x, space.scalar_mul(v, -EPS / 2)))
        change = results.add(ahead, results.scalar_mul(behind, -1.0))
        return results.scalar_mul(change, 1.0 / EPS)

    return jvp


def check_vjp(f: Function, x: Any) -> None:
    """Compare reverse mode with a difference along one random direction."""
    vjp, y = make_vjp(f, x)
    space, results = vspace(x), vspace(y)
    v, w = space.randn(), results.randn()
    gradient = space.covector(vjp(results.covector(w)))
    assert vspace(gradient) == space, f"the gradient lies in {vspace(gradient)}, not in {space}"
    exact = space.inner_prod(v, gradient)
    numeric = results.inner_prod(w, make_numerical_jvp(f, x)(v))
    assert scalar_close(numeric, exact), (
        f"the derivative (VJP) check of {get_name(f)} failed at {x}: {exact}, numerically {numeric}"
    )


def check_jvp(f: Function, x: Any) -> None:
    """Compare forward mode with a difference along one random direction."""
    v = vspace(x).randn()
    check_equivalent(make_jvp(f, x)(v)[1], make_numerical_jvp(f, x)(v))


def check_equivalent(x: Any, y: Any) -> None:
    """AssertionError unless two values lie in one vector space, and agree."""
    space = vspace(x)
    assert space == vspace(y), f"{x} lies in {space}, and {y} in {vspace(y)}"
    v = space.randn()
    assert scalar_close(space.inner_prod(x, v), space.inner_prod(y, v)), f"{x} differs from {y}"


@unary_to_nary
def check_grads(f: Function, x: Any, modes: Sequence[str] = MODES, order: int = 2) -> None:
    """Compare the derivatives of `f` up to some order with differences.

    >>> check_grads(lambda x: x**3)(2.0)
    """
    assert all(mode in MODES for mode in modes), modes
    if "fwd" in modes:
        check_jvp(f, x)
        if order > 1:
            check_grads(forward_of(f), (0, 1), modes, order - 1)(x, vspace(x).randn())
    if "rev" in modes:
        check_vjp(f, x)
        if order > 1:
            check_grads(backward_of(f), (0, 1), modes, order - 1)(x, vspace(f(x)).randn())


def forward_of(f: Function) -> Function:
    """The derivative of `f` along a direction, as a function of both."""

    def change(x: Any, v: Any) -> Any:
        return make_jvp(f, x)(v)[1]

    change.__name__ = f"jvp_{get_name(f)}"
    return change


def backward_of(f: Function) -> Function:
    """The gradient of `f` for one of its result, as a function of both."""

    def gradient(x: Any, g: Any) -> Any:
        return make_vjp(f, x)[0](g)

    gradient.__name__ = f"vjp_{get_name(f)}"
    return gradient


def combo_check(fun: Function, *args: Any, **kwargs: Any) -> Function:
    """A function of lists of arguments that checks every combination of them."""
    check = check_grads(fun, *args, **kwargs)

    def check_all(*args: Any, **kwargs: Any) -> None:
        for given in product(*args):
            for values in product(*kwargs.values()):
                check(*given, **dict(zip(kwargs, values, strict=True)))

    return check_all
