"""Operators on functions of one argument, made ones on functions of several: `unary_to_nary`."""

from collections.abc import Callable
from typing import Any

from .util import subvals

Argnum = int | tuple[int, ...] | list[int]


def unary_to_nary(unary_operator: Callable[..., Any]) -> Any:
    """An operator `op(fun, x)` as `op(fun, argnum=0)(*args, **kwargs)`.

    `argnum` is the position of the argument that takes the place of `x`, or a tuple or list of
    several, for which `x` is a tuple.

    >>> @unary_to_nary
    ... def twice(fun, x):
    ...     return fun(fun(x))
    >>> twice(lambda a, b: a + b, 1)(10, 1)
    21
    """

    @wraps(unary_operator)
    def nary_operator(
        fun: Callable[..., Any], argnum: Argnum = 0, *options: Any, **named: Any
    ) -> Any:
        assert type(argnum) in (int, tuple, list), argnum

        @wraps(
            fun,
            "{op}_of_{fun}_wrt_argnum_{argnum}",
            "{op} of {fun} with respect to argument {argnum}, called with the arguments of {fun}.",
            op=get_name(unary_operator),
            argnum=argnum,
        )
        def nary_f(*args: Any, **kwargs: Any) -> Any:
            @wraps(fun)
            def unary_f(x: Any) -> Any:
                chosen = [(argnum, x)] if isinstance(argnum, int) else zip(argnum, x, strict=True)
                return fun(*subvals(args, chosen), **kwargs)

            x = args[argnum] if isinstance(argnum, int) else tuple(args[n] for n in argnum)
            return unary_operator(unary_f, x, *options, **named)

        return nary_f

    return nary_operator


def wraps(
    fun: Any, namestr: str = "{fun}", docstr: str = "{doc}", **names: Any
) -> Callable[[Any], Any]:
    """Decorator: give a function a name and a docstring made from those of another."""

    def named(function: Any) -> Any:
        function.__name__ = namestr.format(fun=get_name(fun), **names)
        function.__doc__ = docstr.format(fun=get_name(fun), doc=get_doc(fun), **names)
        return function

    return named


def get_name(f: Any) -> str:
    """The name of a function, if it has one."""
    return getattr(f, "__name__", "[unknown name]")


def get_doc(f: Any) -> str:
    """The docstring of a function, if it has one."""
    return getattr(f, "__doc__", None) or ""
