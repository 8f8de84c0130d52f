"""Traces: which layer of a nested value an operation belongs to.

Every running transform has a trace with an id of its own, newer ones larger; Tensors that users
make themselves belong to the trace `EAGER`. A call is handled by the newest trace among its
arguments: it takes that one layer off, calls the function on what lies underneath and wraps the
answer, so that derivatives nest in any order without being confused with one another::

    grad(lambda x: x * grad(lambda y: x + y)(2.0))(3.0)     # 1, not 2
"""

import inspect
import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from functools import update_wrapper, wraps
from typing import Any, NamedTuple, Self, TypeVar

import numpy as np

from .errors import (
    AS_FOR_ARRAYS,
    MemberError,
    explained,
    format_call,
    function_name,
    message,
)
from .operation import NEVER, OPERATIONS, PRIMITIVES, REAL, Domain, Operation
from .refusals import refusal
from .signature import Signature

F = TypeVar("F", bound=Callable[..., Any])
EAGER = 0
new_trace_id = itertools.count(EAGER + 1).__next__

# Traces up to this id do not record. A ContextVar is separate in every thread and asyncio task.
_paused: ContextVar[int] = ContextVar("paused", default=EAGER - 1)
paused = _paused.get


class no_grad:  # noqa: N801 - used like a function, as people know it
    """Inside the `with` block, or the decorated function, operations are not recorded.

    It pauses the traces that exist when it is entered: a transform begun inside the block still
    differentiates. Each thread and each asyncio task has its own state. A coroutine function may
    be decorated; a generator function may not (TypeError), since its caller would be paused too.

    >>> import autograd_lite as ag
    >>> w = ag.Tensor([1.0, 2.0])
    >>> with ag.no_grad():
    ...     (w * 3).requires_grad
    False
    """

    __slots__ = ("_tokens",)

    def __init__(self) -> None:
        self._tokens: list[Token[int]] = []

    def __enter__(self) -> None:
        self._tokens.append(_paused.set(new_trace_id()))

    def __exit__(self, *error: object) -> None:
        _paused.reset(self._tokens.pop())

    def __call__(self, function: F) -> F:
        """The function, with nothing recorded while it runs."""
        if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
            raise TypeError(
                message(
                    f"no_grad() cannot decorate the generator function {function_name(function)}",
                    remedy="use `with no_grad():` around the computation inside it, not its yield",
                )
            )
        if inspect.iscoroutinefunction(function):

            async def unrecorded(*args: Any, **kwargs: Any) -> Any:
                with no_grad():
                    return await function(*args, **kwargs)

        else:

            def unrecorded(*args: Any, **kwargs: Any) -> Any:  # type: ignore[misc]  # the other
                with no_grad():
                    return function(*args, **kwargs)

        return wraps(function)(unrecorded)  # type: ignore[return-value]  # same signature


@contextmanager
def pausing(trace: int) -> Iterator[None]:
    """Pause the traces up to this one, and no others: the state that a call found before."""
    token = _paused.set(trace)
    try:
        yield
    finally:
        _paused.reset(token)


class Traced:
    """A value of some trace. Subclasses are final and record calls that they are newest in.

    What lies underneath is not called `_data`, since `numpy.ma` takes that from anything.
    """

    __slots__ = ("_node", "_trace", "_value")
    _value: Any
    _trace: int
    _node: Any  # what leads to the gradient; None for a constant

    def _record(self, operation: Operation, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Self:
        """Call the operation one layer down and wrap the answer."""
        raise NotImplementedError

    def _record_unary(self, operation: Operation) -> Self:
        """Call the operation on this value alone."""
        raise NotImplementedError

    def detach(self) -> Any:
        """The same values, constant for all transforms."""
        raise NotImplementedError

    def _apart(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call a function that has no derivative one layer down."""
        trace = self._trace
        kwargs = {key: peel(value, trace) for key, value in kwargs.items()}
        return function(*[peel(value, trace) for value in args], **kwargs)

    def _bared(self) -> Any:
        """The value without this layer."""
        return self._value

    def _like(self) -> Any:
        """A value of the same shape and dtype, of whatever numbers, without this layer."""
        return self._value

    def _store(self, result: Any, by: str) -> Self:
        """Hold a result from now on, as an array given as `out=` does."""
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
        return value._value if value._trace == trace else value
    if value.__class__ is list or value.__class__ is tuple:
        return value.__class__([peel(item, trace) for item in value])
    return value


def peel_all(value: Any) -> Any:
    """The value with every layer taken off: nothing of it is recorded by any trace."""
    while isinstance(value, Traced):
        value = value._bared()
    if value.__class__ is list or value.__class__ is tuple:
        return value.__class__([peel_all(item) for item in value])
    return value


def bare(value: Any) -> Any:
    """The value without the layers in which it is a constant, which have no gradient of it.

    What belongs to another trace comes back as it is now: its owner may still assign to it.
    """
    while isinstance(value, Traced) and value._node is None:
        value = value._value
    if not isinstance(value, Traced):
        return value
    now = object.__new__(value.__class__)
    now._value, now._node, now._trace = value._value, value._node, value._trace
    return now


Handler = Callable[[Any, tuple[Any, ...], dict[str, Any]], Any]
HANDLERS: dict[Any, Handler] = {}  # functions that are not operations


def dispatch(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Call a NumPy function that may have a Traced value among its arguments."""
    if kwargs and kwargs.get("out") is not None:
        rest = {key: value for key, value in kwargs.items() if key != "out"}
        return store(kwargs["out"], function(*args, **rest), function, args, kwargs)
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


def store(out: Any, result: Any, function: Any, args: Any, kwargs: Any) -> Any:
    """Let `out`, an array or Tensor, hold the result of a call that named it; returns `out`."""
    if isinstance(out, Traced):
        return out._store(result, "out=")
    if isinstance(result, Traced) and result._node is not None and result._trace > paused():
        raise TypeError(
            message(
                f"{function_name(function)} with out= an array cannot be recorded: its gradient "
                "would be lost",
                call=format_call(function, args, kwargs),
                remedy="leave out= away and assign the result: y = f(x); x = x + t for x += t; "
                "or give a Tensor, as np.zeros_like(tensor) or autograd_lite.numpy.zeros",
            )
        )
    np.copyto(out, peel_all(result), casting="same_kind")
    return out


def without_gradient(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Handle a function whose derivative is zero or undefined: one layer off, nothing recorded.

    One layer only: an eager comparison gives a plain array, while one inside an older trace is
    that trace's affair.
    """
    top = newest(kwargs.values(), newest(args))
    if top is None:
        return function(*args, **kwargs)
    return top._apart(function, args, kwargs)


def static(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Handle a question about shape, dtype or printing: plain Python, never recorded."""
    kwargs = {key: likeness(value) for key, value in kwargs.items()}
    return function(*[likeness(value) for value in args], **kwargs)


def likeness(value: Any) -> Any:
    """A plain array of the shape and dtype of a value; its numbers, where there is no batch."""
    while isinstance(value, Traced):
        value = value._like()
    if value.__class__ is list or value.__class__ is tuple:
        return value.__class__([likeness(item) for item in value])
    return value


class Composition(NamedTuple):
    """A function that is computed by others, with examples of its use for the generated tests.

    `cases` are written as for `declare`, and `operands` names what is given there by its shape.
    """

    function: Any
    operands: tuple[str, ...]
    cases: tuple[str, ...]
    signature: Signature
    domain: Domain


COMPOSITIONS: dict[Any, Composition] = {}


def compose(
    function: Any, implementation: Callable[..., Any], *, operands: tuple[str, ...],
    cases: tuple[str, ...] = (), domain: Domain = REAL, signature: str | None = None,
) -> None:  # fmt: skip
    """Handle `function` by other functions: `implementation` takes its place on Tensors.

    Without `cases` it is elementwise. `signature` is needed where Python cannot read it.
    """

    known = Signature(function, signature)
    out = known.positional.index("out") if "out" in known.positional else NEVER

    def handler(_: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if len(args) > out and args[out] is not None:
            rest = (*args[:out], None, *args[out + 1 :])
            return store(args[out], function(*rest, **kwargs), function, args, kwargs)
        try:
            return implementation(*args, **kwargs)
        except MemberError as error:
            return error.each(function, args, kwargs)
        except (ValueError, TypeError, IndexError) as error:
            raise explained(error, function, args, kwargs, AS_FOR_ARRAYS) from None

    HANDLERS[function] = handler
    COMPOSITIONS[function] = Composition(function, operands, cases, known, domain)


def primitive(kernel: F) -> F:
    """Make a function of plain arrays into one that Tensors can record once it is declared.

    `kernel` computes the value on arrays. The rule follows with `declare(function, ...)`; until
    then a Tensor is refused with NotDifferentiableError.

    >>> import numpy as np
    >>> import autograd_lite as ag
    >>> @ag.primitive
    ... def twice(x):
    ...     return 2 * x
    >>> twice(np.array([1.0, 2.0]))
    array([2., 4.])
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
    PRIMITIVES.add(function)
    return function  # type: ignore[return-value]  # same signature as the kernel


def unary_primitive(kernel: F) -> F:
    """`primitive` for a function whose first argument is its only operand: the short way."""

    def function(x: Any, *args: Any, **kwargs: Any) -> Any:
        if not isinstance(x, Traced):
            return kernel(x, *args, **kwargs)
        operation = OPERATIONS[function]
        if args or kwargs or operation.moves:
            return x._record(operation, (x, *args), kwargs)
        return x._record_unary(operation)

    update_wrapper(function, kernel)
    PRIMITIVES.add(function)
    return function  # type: ignore[return-value]  # same signature as the kernel
