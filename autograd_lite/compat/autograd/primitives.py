"""`primitive`, `defvjp`, `defjvp`: functions of your own, with rules as HIPS autograd has them.

    @primitive
    def cube(x):
        return x**3
    defvjp(cube, lambda ans, x: lambda g: g * 3 * x**2)
    defjvp(cube, lambda g, ans, x: g * 3 * x**2)

A rule `vjp(ans, *args, **kwargs)` returns the function from the gradient of the result to that of
one argument. Forward mode goes by the `defjvp` rule if there is one, else by the other, transposed.
"""

from collections.abc import Callable, Iterable
from functools import reduce, update_wrapper
from inspect import unwrap
from itertools import count
from typing import Any

import numpy as np

from ...core.errors import function_name
from ...core.operation import OPERATIONS, declare
from ...core.trace import COMPOSITIONS, HANDLERS, newest
from ...core.trace import primitive as engine_primitive
from ...transforms.dual import Dual
from .calls import Call, differentiates
from .util import subval
from .vspaces import SparseObject, vspace

primitive_vjps: dict[Any, Callable[..., Any]] = {}
primitive_jvps: dict[Any, Callable[..., Any]] = {}
MADE: dict[Any, Any] = {}  # primitives that rules have made of functions of NumPy
ARGNUMS: dict[Any, frozenset[int]] = {}  # for which arguments a rule of primitive_vjps holds


class VJPNode:
    """Names reverse mode in `register_notrace`."""


class JVPNode:
    """Names forward mode in `register_notrace`."""


def primitive(f_raw: Callable[..., Any]) -> Any:
    """A function that is differentiated by rules: those of `defvjp` and `defjvp` for it.

    `f_raw` gets plain arrays, alone or in lists, tuples and dicts, and returns such. The arguments
    that are differentiated are given by position.
    """

    def computed(*operands: Any, call: Call) -> Any:
        return call.packed(f_raw(*call.filled(operands), **call.kwargs))

    def gradient(g: Any, y: Any, operands: Any, member: Any, call: Any) -> Any:
        return call.gradient(primitive_vjps[f_wrapped], g, y, operands, member)

    recorded = engine_primitive(update_wrapper(computed, f_raw, ("__name__", "__qualname__")))
    declare(
        recorded, signature="*operands, call", complex_operands=True, operands=gradient,
    )  # fmt: skip

    def f_wrapped(*args: Any, **kwargs: Any) -> Any:
        if not differentiates(args):
            return f_raw(*args, **kwargs)
        call = Call(f_wrapped.__name__, args, kwargs)
        operands = call.operands()
        if not operands:
            return f_raw(*call.args, **call.kwargs)
        if isinstance(newest(operands), Dual) and f_wrapped in primitive_jvps:
            return call.pushed(f_wrapped, primitive_jvps[f_wrapped], operands)
        refuse_undefined(f_wrapped, {argnum for argnum, _ in call.places})
        return call.unpacked(recorded(*operands, call=call))

    update_wrapper(f_wrapped, f_raw, ("__module__", "__name__", "__qualname__", "__doc__"))
    f_wrapped.fun = f_raw  # type: ignore[attr-defined]  # where autograd has it
    return f_wrapped


def primitive_of(fun: Any) -> Any:
    """What a rule is for: a primitive, or in the place of a function of NumPy the one it becomes.

    TypeError for a function of NumPy's that the engine differentiates by rules of its own.
    """
    if hasattr(fun, "fun"):  # a primitive, perhaps one of a function of NumPy
        return fun
    numpys = unwrap(fun, stop=lambda f: hasattr(f, "_implementation"))
    if not isinstance(numpys, np.ufunc) and not hasattr(numpys, "_implementation"):
        return fun
    if numpys not in MADE:
        if numpys in OPERATIONS or numpys in COMPOSITIONS:
            raise TypeError(
                f"{function_name(numpys)} has derivatives already; for other ones make a primitive "
                f"of your own: primitive({function_name(numpys)})"
            )
        made = MADE[numpys] = primitive(numpys)
        HANDLERS[numpys] = lambda _, args, kwargs: made(*args, **kwargs)
    return MADE[numpys]


# Rules of reverse mode


def defvjp_argnums(fun: Any, vjpmaker: Callable[..., Any]) -> None:
    """Define the gradients of several arguments at once.

    `vjpmaker(argnums, ans, args, kwargs)` returns a function from the gradient of the result to
    those of the arguments at these positions.
    """
    primitive_vjps[primitive_of(fun)] = vjpmaker


def defvjp_argnum(fun: Any, vjpmaker: Callable[..., Any]) -> None:
    """Define the gradients of all arguments by one rule, `vjpmaker(argnum, ans, args, kwargs)`."""

    def of_several(argnums: Any, ans: Any, args: Any, kwargs: Any) -> Any:
        vjps = [vjpmaker(argnum, ans, args, kwargs) for argnum in argnums]
        return lambda g: [vjp(g) for vjp in vjps]

    defvjp_argnums(fun, of_several)


def defvjp(fun: Any, *vjpmakers: Any, **kwargs: Any) -> None:
    """Define the gradients of a primitive, one rule for each argument.

    A rule is called with the result and the arguments, and returns the function from the gradient
    of the result to that of the argument; None stands for a gradient of zeros. `argnums` says to
    which arguments the rules belong, if not to the first ones.
    """
    rules = dict(zip(kwargs.get("argnums", count()), vjpmakers, strict=False))

    def vjp_of(argnum: int, ans: Any, args: Any, kwargs: Any) -> Any:
        if rules[argnum] is None:
            return lambda g: vspace(args[argnum]).zeros()  # noqa: ARG005 - whatever g is
        return rules[argnum](ans, *args, **kwargs)

    defvjp_argnum(fun, vjp_of)
    ARGNUMS[primitive_vjps[primitive_of(fun)]] = frozenset(rules)


def refuse_undefined(fun: Any, argnums: Iterable[int]) -> None:
    """Raise NotImplementedError if one of these arguments of a primitive has no gradient."""
    maker = primitive_vjps.get(fun)
    if maker is None:
        raise NotImplementedError(f"VJP of {fun.__name__} is not defined: give one by defvjp")
    for argnum in argnums:
        if argnum not in ARGNUMS.get(maker, (argnum,)):
            raise undefined("VJP", fun, argnum)


# Rules of forward mode


def defjvp_argnums(fun: Any, jvpmaker: Callable[..., Any]) -> None:
    """Define the change of the result for changes of several arguments.

    `jvpmaker(argnums, gs, ans, args, kwargs)` returns it for the changes `gs` of the arguments at
    these positions.
    """
    primitive_jvps[primitive_of(fun)] = jvpmaker


def defjvp_argnum(fun: Any, jvpmaker: Callable[..., Any]) -> None:
    """Define the change for that of any argument, `jvpmaker(argnum, g, ans, args, kwargs)`."""

    def of_several(argnums: Any, gs: Any, ans: Any, args: Any, kwargs: Any) -> Any:
        parts = [
            jvpmaker(argnum, g, ans, args, kwargs) for argnum, g in zip(argnums, gs, strict=True)
        ]
        parts = [part.dense() if isinstance(part, SparseObject) else part for part in parts]
        return reduce(lambda a, b: vspace(ans).add(a, b), parts)

    defjvp_argnums(fun, of_several)


def defjvp(fun: Any, *jvpfuns: Any, **kwargs: Any) -> None:
    """Define the change of the result of a primitive, one rule `jvp(g, ans, *args)` an argument.

    None stands for no change, "same" for the primitive itself, which is linear in the argument.
    """
    rules = dict(zip(kwargs.get("argnums", count()), jvpfuns, strict=False))

    def jvp_of(argnum: int, g: Any, ans: Any, args: Any, kwargs: Any) -> Any:
        if argnum not in rules:
            raise undefined("JVP", fun, argnum)
        if rules[argnum] is None:
            return vspace(ans).zeros()
        if rules[argnum] == "same":
            return fun(*subval(args, argnum, g), **kwargs)
        return rules[argnum](g, ans, *args, **kwargs)

    defjvp_argnum(fun, jvp_of)


def def_linear(fun: Any) -> None:
    """Say that a primitive is linear in each of its arguments, which defines its `defjvp` rules."""
    defjvp_argnum(fun, lambda argnum, g, _, args, kwargs: fun(*subval(args, argnum, g), **kwargs))


def undefined(rule: str, fun: Any, argnum: int) -> NotImplementedError:
    """The error for an argument without a rule."""
    return NotImplementedError(f"{rule} of {fun.__name__} wrt argnum {argnum} not defined")
