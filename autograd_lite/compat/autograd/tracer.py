"""Values inside a derivative, and how to see what lies in them: `getval`, `Box`."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from ...core.trace import Traced as Box
from ...core.trace import peel_all
from .primitives import defjvp_argnum, defvjp_argnum, primitive
from .vspaces import vspace

__all__ = ["Box", "getval", "isbox", "notrace_primitive", "primitive", "register_notrace"]


def isbox(x: Any) -> bool:
    """Whether a value belongs to a derivative that is being computed."""
    return isinstance(x, Box)


def getval(x: Any) -> Any:
    """The plain array or number in a value, without its derivatives.

    >>> from . import grad
    >>> seen = []
    >>> _ = grad(lambda x: seen.append(getval(x)) or x * x)(3.0)
    >>> seen
    [np.float64(3.0)]
    """
    return peel_all(x) if isinstance(x, Box) else x


def notrace_primitive(f_raw: Callable[..., Any]) -> Callable[..., Any]:
    """A function of plain values, which has no derivative: it gets them without theirs."""

    @wraps(f_raw)
    def f_wrapped(*args: Any, **kwargs: Any) -> Any:
        return f_raw(*map(getval, args), **kwargs)

    return f_wrapped


def register_notrace(trace_type: Any, primitive_fun: Any) -> None:
    """Say that a primitive has no derivative, whichever mode `trace_type` names: zeros."""
    del trace_type
    defvjp_argnum(primitive_fun, lambda argnum, _, args, __: lambda g: zeros(args[argnum], g))
    defjvp_argnum(primitive_fun, lambda _, __, ans, ___, ____: vspace(ans).zeros())


def zeros(x: Any, _: Any) -> Any:
    """The gradient of what has no influence."""
    return vspace(x).zeros()
