"""Derivatives of functions, called as those of HIPS autograd are: `grad(fun, argnum=0)`."""

import inspect
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from ...transforms.checkpointing import checkpoint as recomputed
from ...transforms.derivatives import jacobian as all_derivatives
from ...transforms.gradient import value_and_grad as gradient_of
from .core import conjugate, depending, floats
from .core import make_jvp as unary_jvp
from .core import make_vjp as unary_vjp
from .vspaces import vspace
from .wrap_util import Argnum, get_name, unary_to_nary

Function = Callable[..., Any]
make_vjp = unary_to_nary(unary_vjp)
make_jvp = unary_to_nary(unary_jvp)


@unary_to_nary
def value_and_grad(fun: Function, x: Any) -> tuple[Any, Any]:
    """A function that returns the value of `fun`, which is one real number, and its gradient.

    >>> value_and_grad(np.sin)(0.0)
    (np.float64(0.0), np.float64(1.0))
    """
    y, gradient = gradient_of(depending(one_number(fun)))(floats(x))
    return y, conjugate(gradient)


@unary_to_nary
def grad(fun: Function, x: Any) -> Any:
    """A function that returns the gradient of `fun`, which returns one real number.

    The gradient has the form of the argument: arrays, or dicts, lists and tuples of such.

    >>> grad(lambda w, x: np.sum(w * x), 0)(np.ones(2), np.array([3.0, 4.0]))
    array([3., 4.])
    """
    return conjugate(gradient_of(depending(one_number(fun)))(floats(x))[1])


def one_number(fun: Function) -> Function:
    """The function; TypeError if it returns anything but one real number."""

    def checked(x: Any) -> Any:
        y = fun(x)
        array = hasattr(y, "dtype") or isinstance(y, float)
        if not array or np.size(y) != 1 or np.iscomplexobj(y):
            raise TypeError(
                f"{get_name(fun)} returned {y!r}, and a gradient is that of one real number; "
                "see jacobian, elementwise_grad or holomorphic_grad for others"
            )
        return y

    return checked


@unary_to_nary
def elementwise_grad(fun: Function, x: Any) -> Any:
    """A function that returns the slope of `fun` at every entry, if it computes entry by entry."""
    vjp, y = unary_vjp(fun, x)
    if np.iscomplexobj(y):
        raise TypeError("elementwise_grad is for functions with real results")
    return vjp(vspace(y).ones())


@unary_to_nary
def deriv(fun: Function, x: Any) -> Any:
    """A function that returns the slope of `fun` by forward mode: its change along ones."""
    return unary_jvp(fun, x)(vspace(floats(x)).ones())[1]


@unary_to_nary
def jacobian(fun: Function, x: Any) -> Any:
    """A function that returns all derivatives of `fun`: axes of the result, then of the argument.

    >>> jacobian(lambda x: x**2)(np.array([1.0, 2.0])).tolist()
    [[2.0, 0.0], [0.0, 4.0]]
    """
    found, of_real = all_derivatives(with_kind(depending(fun)), has_aux=True)(floats(x))
    return conjugate(found) if of_real else found


def with_kind(fun: Function) -> Function:
    """The function, which tells as well whether its result is real."""

    def pair(x: Any) -> tuple[Any, bool]:
        result = fun(x)
        return result, not np.iscomplexobj(result)

    return pair


@unary_to_nary
def hessian(fun: Function, x: Any) -> Any:
    """A function that returns all second derivatives of `fun`.

    >>> hessian(lambda x: x[0] ** 2 * x[1])(np.array([3.0, 5.0])).tolist()
    [[10.0, 6.0], [6.0, 0.0]]
    """
    return jacobian(jacobian(fun))(x)


@unary_to_nary
def holomorphic_grad(fun: Function, x: Any) -> Any:
    """A function that returns the complex derivative of a holomorphic function.

    >>> bool(np.isclose(holomorphic_grad(np.sin)(1 + 2j), np.cos(1 + 2j)))
    True
    """
    if not np.iscomplexobj(x):
        warnings.warn("Input to holomorphic_grad is not complex", stacklevel=2)
    return grad(lambda z: np.real(fun(z)))(x)


def grad_named(fun: Function, argname: str) -> Function:
    """The gradient with respect to an argument given by its name."""
    gradient: Function = grad(fun, list(inspect.signature(fun).parameters).index(argname))
    return gradient


def multigrad_dict(fun: Function) -> Function:
    """A function that returns the gradients of all arguments, in a dict by their names."""
    signature = inspect.signature(fun)

    def gradients(*args: Any, **kwargs: Any) -> dict[str, Any]:
        """The gradients by the names of the arguments."""
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()

        def of_all(arguments: dict[str, Any]) -> Any:
            call = inspect.BoundArguments(signature, arguments)
            return fun(*call.args, **call.kwargs)

        found: dict[str, Any] = grad(of_all)(dict(bound.arguments))
        return found

    return gradients


@unary_to_nary
def grad_and_aux(fun: Function, x: Any) -> tuple[Any, Any]:
    """A function that returns the gradient of the first of two results, and the second.

    >>> grad_and_aux(lambda x: (x**2, x + 1))(3.0)
    (np.float64(6.0), np.float64(4.0))
    """
    (_, aux), gradient = gradient_of(fun, has_aux=True)(floats(x))
    return conjugate(gradient), aux


@unary_to_nary
def make_hvp(fun: Function, x: Any) -> tuple[Function, Any]:
    """`(hvp, gradient)`: the products of the Hessian of `fun` at `x` with vectors."""
    return unary_vjp(grad(fun), x)


@unary_to_nary
def make_jvp_reversemode(fun: Function, x: Any) -> Function:
    """A function of directions along which the result changes, by reverse mode taken twice."""
    vjp, y = unary_vjp(fun, x)
    return unary_vjp(vjp, vspace(y).zeros())[0]


def half_square(x: Any) -> Any:
    """Half the sum of squares along the last axis."""
    return np.sum(x**2, axis=-1) / 2


def make_ggnvp(f: Function, g: Function = half_square, f_argnum: Argnum = 0) -> Function:
    """Products with the generalised Gauss-Newton matrix Jᵀ H J of g(f(x)).

    J is the Jacobian of `f` and H the Hessian of `g`, which returns one number.
    """

    @unary_to_nary
    def products(f: Function, x: Any) -> Function:
        vjp, y = unary_vjp(f, x)
        hvp, slope = unary_vjp(grad(g), y)
        jvp, _ = unary_vjp(vjp, vspace(slope).zeros())
        return lambda v: vjp(hvp(jvp(v)))

    product: Function = products(f, f_argnum)
    return product


def hessian_tensor_product(fun: Function, argnum: int = 0) -> Function:
    """A function of `(*args, tensor)`: the product of the Hessian of `fun` at `args` with it."""
    gradient = grad(fun, argnum)

    def along(*args: Any, **kwargs: Any) -> Any:
        *given, tensor = args
        return np.tensordot(gradient(*given, **kwargs), tensor, np.ndim(tensor))

    product: Function = grad(along, argnum)
    return product


def tensor_jacobian_product(fun: Function, argnum: int = 0) -> Function:
    """A function of `(*args, tensor)`: the tensor times the Jacobian of `fun` at `args`."""

    def along(*args: Any, **kwargs: Any) -> Any:
        *given, tensor = args
        return np.tensordot(tensor, fun(*given, **kwargs), np.ndim(tensor))

    product: Function = jacobian(along, argnum)
    return product


hessian_vector_product = hessian_tensor_product
vector_jacobian_product = tensor_jacobian_product


def checkpoint(fun: Function) -> Function:
    """The function, computed again for its gradient rather than kept: less memory, more time."""
    again: Function = recomputed(fun)
    return again
