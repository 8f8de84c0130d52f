"""Traces: which layer of a nested value an operation belongs to.

Every running transform has a trace with an id of its own, newer ones larger; Tensors that users
make themselves belong to the trace `EAGER`. A call is handled by the newest trace among its
arguments: it takes that one layer off, calls the function on what lies underneath and wraps the
answer, so that derivatives nest in any order without being confused with one another::

    grad(lambda x: x * grad(lambda y: x + y)(2.0))(3.0)     # 1, not 2
"""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import update_wrapper
from typing import Any, Self, TypeVar

from .errors import (
    NotDifferentiableError,
    explained,
    format_call,
    function_name,
    message,
)
from .operation import OPERATIONS, Operation

EAGER = 0
new_trace_id = itertools.count(EAGER + 1).__next__

# Traces up to this id do not record. A ContextVar is separate in every thread and asyncio task.
_paused: ContextVar[int] = ContextVar("paused", default=EAGER - 1)
paused = _paused.get


@contextmanager
def no_grad() -> Iterator[None]:
    """Inside the `with` block (or the decorated function), operations are not recorded.

    It pauses the traces that exist when it is entered: a transform begun inside the block still
    differentiates. Each thread and each asyncio task has its own state.

    >>> import autograd_lite as ag
    >>> w = ag.Tensor([1.0, 2.0])
    >>> with ag.no_grad():
    ...     (w * 3).requires_grad
    False
    """
    token = _paused.set(new_trace_id())
    try:
        yield
    finally:
        _paused.reset(token)


class Traced:
    """A value of some trace. Subclasses are final and record calls that they are newest in."""

    __slots__ = ("_data", "_trace")
    _data: Any
    _trace: int

    def _record(self, operation: Operation, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call the operation one layer down and wrap the answer."""
        raise NotImplementedError

    def _record_alone(self, operation: Operation, *args: Any, **kwargs: Any) -> Self:
        """The same where this value is the first argument and no other is Traced."""
        raise NotImplementedError


def newest(args: Any, top: Traced | None = None) -> Traced | None:
    """The Traced value of the newest trace among the arguments and inside lists and tuples."""
    for value in args:
        if isinstance(value, Traced):
            if top is None or value._trace > top._trace:
                top = value
        elif value.__class__ is list or value.__class__ is tuple:
            top = newest(value, top)
    return top


def peel(value: Any, trace: int) -> Any:
    """The value with the layer of one trace taken off, also inside lists and tuples."""
    if isinstance(value, Traced):
        return value._data if value._trace == trace else value
    if value.__class__ is list or value.__class__ is tuple:
        return value.__class__([peel(item, trace) for item in value])
    return value


def peel_all(value: Any) -> Any:
    """The value with every layer taken off: for questions about shapes and types only."""
    while isinstance(value, Traced):
        value = value._data
    if value.__class__ is list or value.__class__ is tuple:
        return value.__class__([peel_all(item) for item in value])
    return value


Handler = Callable[[Any, tuple[Any, ...], dict[str, Any]], Any]
HANDLERS: dict[Any, Handler] = {}  # functions that are not operations


def dispatch(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Call a NumPy function that may have a Traced value among its arguments."""
    operation = OPERATIONS.get(function)
    if operation is not None:
        top = newest(args)
        if kwargs:
            top = newest(kwargs.values(), top)
        if top is None:
            return operation.kernel(*args, **kwargs)
        return top._record(operation, args, kwargs)
    handler = HANDLERS.get(function)
    if handler is not None:
        return handler(function, args, kwargs)
    raise refusal(function, args, kwargs)


def without_gradient(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Handle a function whose derivative is zero or undefined: one layer off, nothing recorded.

    One layer only: an eager comparison gives a plain array, while one inside an older trace is
    that trace's affair.
    """
    top = newest(kwargs.values(), newest(args))
    if top is None:
        return function(*args, **kwargs)
    trace = top._trace
    kwargs = {key: peel(value, trace) for key, value in kwargs.items()}
    return function(*[peel(value, trace) for value in args], **kwargs)


def static(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Handle a question about shape, dtype or printing: plain Python, never recorded."""
    kwargs = {key: peel_all(value) for key, value in kwargs.items()}
    return function(*[peel_all(value) for value in args], **kwargs)


def compose(function: Any, implementation: Callable[..., Any]) -> None:
    """Handle `function` by other functions: `implementation` takes its place on Tensors."""

    def handler(_: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        try:
            return implementation(*args, **kwargs)
        except (ValueError, TypeError, IndexError) as error:
            remedy = "NumPy refuses this call for arrays as well; see its documentation"
            raise explained(error, function, args, kwargs, remedy) from None

    HANDLERS[function] = handler


def refusal(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Exception:
    """The error for a function about which nothing is declared."""
    name = function_name(function)
    return NotDifferentiableError(
        message(
            f"{name} has no derivative rule",
            call=format_call(function, args, kwargs),
            remedy=f"pass plain arrays (t.data, which drops the gradient), or declare the rule: "
            f"autograd_lite.declare({name}, x=lambda g, x: g * ...)",
        )
    )


F = TypeVar("F", bound=Callable[..., Any])


def primitive(kernel: F) -> F:
    """Make a function of plain arrays into one that Tensors can record once it is declared.

    `kernel` computes the value on arrays. The rule follows with `declare(function, ...)`.
    """

    def function(*args: Any, **kwargs: Any) -> Any:
        top = newest(args)
        if kwargs:
            top = newest(kwargs.values(), top)
        if top is None:
            return kernel(*args, **kwargs)
        operation = OPERATIONS.get(function)
        if operation is None:
            raise refusal(function, args, kwargs)
        return top._record(operation, args, kwargs)

    update_wrapper(function, kernel)
    return function  # type: ignore[return-value]  # same signature as the kernel


def unary_primitive(kernel: F) -> F:
    """`primitive` for a function whose first argument is its only operand: the short way."""

    def function(x: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(x, Traced):
            return x._record_alone(OPERATIONS[function], *args, **kwargs)
        return kernel(x, *args, **kwargs)

    update_wrapper(function, kernel)
    return function  # type: ignore[return-value]  # same signature as the kernel
