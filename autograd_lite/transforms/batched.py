"""Batches: a value that stands for many, one beside the other, of which each is computed alike.

The batch lies along the first axis underneath and cannot be seen from outside: inside `vmap` a
`Batched` of 1,000 rows of 3 numbers is an array of shape (3,). What is computed with it goes
through NumPy's own batched kernels where a rule of `batching` or the kind of the operation says
how, and through a loop otherwise, of which a warning tells.
"""

from collections.abc import Callable
from typing import Any, final

import numpy as np

from ..core.errors import MemberError, function_name, message
from ..core.node import Node
from ..core.operands import out_of, without_out
from ..core.operation import ELEMENTWISE, OPERATIONS, SHAPE, Operation, declare
from ..core.primitives import getitem
from ..core.trace import Traced, bare, dispatch, newest, primitive, store
from ..core.views import remember_view
from .announcements import announce
from .given_batches import given_rule
from .wrapper import Wrapper

BATCH = Node()  # in the place of a node: a batch is no constant
BATCH.edges = BATCH.operation = None
Rule = Callable[[Any, Any, tuple[Any, ...], dict[str, Any]], Any]
Each = Callable[[Any, tuple[Any, ...], dict[str, Any]], Any]
RULES: dict[Any, Rule] = {}  # how functions are computed for a whole batch, see `batching`


@final
class Batched(Wrapper):
    """An array that stands for a batch of arrays: what `vmap` hands to its function."""

    __slots__ = ()

    @property
    def shape(self) -> tuple[int, ...]:
        """Lengths of the axes of one member."""
        return self._value.shape[1:]  # type: ignore[no-any-return]

    @shape.setter
    def shape(self, shape: Any) -> None:
        self._set_shape(shape)

    @property
    def ndim(self) -> int:
        """Number of axes of one member."""
        return self._value.ndim - 1  # type: ignore[no-any-return]

    @property
    def size(self) -> int:
        """Number of elements of one member."""
        return int(np.prod(self.shape))

    @property
    def strides(self) -> tuple[int, ...]:
        """Bytes from an entry to the next one along each axis of a member."""
        return self._value.strides[1:]  # type: ignore[no-any-return]

    @property
    def flags(self) -> Any:
        """What NumPy says about the memory of a member."""
        return getitem(self._value, 0).flags

    def _record(self, operation: Operation, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if operation.function is member_of and args[3] == self._trace:
            return getitem(self._value, args[1])
        out = out_of(operation, args, kwargs)
        if out is not None:
            rest, others = without_out(operation, args, kwargs)
            return store(out, operation.function(*rest, **others), operation.function, args, kwargs)
        result = batch(operation.function, self._trace, args, kwargs)
        if operation.moves:
            remember_view(result, operation, args, kwargs)
        return result

    def detach(self) -> "Batched":
        """The same values, of which each is constant for all transforms; see `Tensor.detach`."""
        value = self._value
        return batched(value.detach() if isinstance(value, Traced) else value, self._trace)

    def _apart(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return batch(function, self._trace, args, kwargs)

    def _bared(self) -> Any:
        raise no_member(self)

    def _like(self) -> Any:
        return np.broadcast_to(np.zeros((), self.dtype), self.shape)

    def _refuse(self, *_: Any) -> Any:
        raise no_member(self)

    def __and__(self, other: Any) -> Any:
        return batch(np.bitwise_and, self._trace, (self, other), {})

    def __or__(self, other: Any) -> Any:
        return batch(np.bitwise_or, self._trace, (self, other), {})

    def __xor__(self, other: Any) -> Any:
        return batch(np.bitwise_xor, self._trace, (self, other), {})

    __rand__, __ror__, __rxor__ = __and__, __or__, __xor__  # which do not mind the order

    def __invert__(self) -> Any:
        return batch(np.invert, self._trace, (self,), {})

    __bool__ = __float__ = __int__ = __complex__ = __index__ = _refuse
    item = tolist = numpy = _refuse

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        raise no_member(self)

    def __repr__(self) -> str:
        return f"Batched(shape={self.shape}, dtype={self.dtype}, members={len(self._value)})"


def batched(value: Any, trace: int) -> Batched:
    """A batch along the first axis of a value."""
    result = object.__new__(Batched)
    result._value, result._node, result._trace = value, BATCH, trace
    return result


def batch(function: Any, trace: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Call a function on batches of a trace, for all members at once."""
    top = newest(kwargs.values(), newest(args))
    if top is not None and top._trace > trace:
        return dispatch(function, args, kwargs)
    args = tuple(map(without_constants, args))
    members = Members(trace, args, kwargs)
    rule = RULES.get(function) or given_rule(function)
    if rule is None and is_elementwise(function):
        rule = RULES[ELEMENTWISE]
    result = NotImplemented if rule is None else rule(function, members, args, kwargs)
    if result is NotImplemented:
        announce(function)
        return one_by_one(function, trace, args, kwargs)
    return wrapped(result, trace)


def without_constants(value: Any) -> Any:
    """A value without the layers in which it is a constant, also inside lists and tuples."""
    if value.__class__ is list or value.__class__ is tuple:
        return value.__class__([without_constants(item) for item in value])
    return bare(value) if isinstance(value, Traced) else value


def wrapped(result: Any, trace: int) -> Any:
    """A result, or several, as batches."""
    if isinstance(result, tuple):
        parts = [wrapped(part, trace) for part in result]
        return type(result)(*parts) if hasattr(result, "_fields") else tuple(parts)
    return batched(result, trace)


class Members:
    """What a call has of batches: how many members, and their values underneath."""

    def __init__(self, trace: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.trace = trace
        self.size = self.count((*args, *kwargs.values()))

    def count(self, values: Any) -> int:
        """How many members the batches among the values have."""
        for value in values:
            if self.has(value):
                return len(value._value)
            if value.__class__ is list or value.__class__ is tuple:
                size = self.count(value)
                if size >= 0:
                    return size
        return -1

    def has(self, value: Any) -> bool:
        """Whether a value is a batch of this trace."""
        return isinstance(value, Batched) and value._trace == self.trace

    def within(self, value: Any) -> bool:
        """Whether a value is a batch, or holds one."""
        return self.count((value,)) >= 0

    def raw(self, value: Any) -> Any:
        """The value underneath; what is no batch as it is."""
        return value._value if self.has(value) else value

    def all_raw(self, value: Any) -> Any:
        """The value underneath, also of what is in a list or tuple: there of all, as of one."""
        if value.__class__ is list or value.__class__ is tuple:
            whole = self.full if self.within(value) else self.raw
            return value.__class__([whole(item) for item in value])
        return self.raw(value)

    def full(self, value: Any) -> Any:
        """The value underneath, repeated for every member if it is no batch."""
        if self.has(value):
            return value._value
        return np.broadcast_to(value, (self.size, *np.shape(value)))


def is_elementwise(function: Any) -> bool:
    """Whether a function works entry by entry."""
    if isinstance(function, np.ufunc):
        return function.signature is None
    operation = OPERATIONS.get(function)
    return operation is not None and operation.kind is ELEMENTWISE


# Member by member


@primitive
def member_of(x: Any, number: int, size: int, trace: int) -> Any:  # noqa: ARG001 - see Batched._record
    """One member of a batch of a trace; what is no such batch as it is."""
    return x


@primitive
def joined(values: Any, trace: int) -> Any:
    """The batch of a trace that has these members."""
    return batched(np.stack(values), trace)


def members_of(_: Any, batches: Members, args: Any, kwargs: dict[str, Any]) -> Any:  # noqa: ARG001
    """`member_of` a batch whose members are, or hold, batches of an older trace."""
    return member_of(args[0]._value, *args[1:])


def joined_batches(_: Any, batches: Members, args: Any, kwargs: dict[str, Any]) -> Any:  # noqa: ARG001
    """`joined` of batches of another trace."""
    values, trace = args
    return join([batches.full(value) for value in values], trace)


RULES[member_of], RULES[joined] = members_of, joined_batches


def spread(g: Any, number: int, size: int, trace: int) -> Any:
    """The gradient of a batch of which only one member has one."""
    rest = np.zeros_like(g)
    return join([g if n == number else rest for n in range(size)], trace)


def member_gradient(g: Any, member: int, trace: int) -> Any:
    """The gradient of one of the members that were joined."""
    return member_of(g, member, -1, trace)


declare(member_of, kind=SHAPE, x=spread, signature="x, number, size, trace")
declare(joined, kind=SHAPE, values=member_gradient, signature="values, trace")


def one_by_one(function: Any, trace: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Call a function for one member after the other, and join what it returns."""
    size = size_within((*args, *kwargs.values()), trace)
    if size < 0:
        raise no_loop(function)

    def at(value: Any, number: int) -> Any:
        if value.__class__ is list or value.__class__ is tuple:
            return value.__class__([at(item, number) for item in value])
        if not isinstance(value, Traced) or value._trace < trace:
            return value  # the same for all members, whose gradients it sums
        return member_of(value, number, size, trace)  # its tangent may be a batch, if it is not

    results = [
        function(*[at(x, n) for x in args], **{key: at(x, n) for key, x in kwargs.items()})
        for n in range(size)
    ]
    if not isinstance(results[0], tuple):
        return join_alike(function, results, trace)
    parts = [join_alike(function, list(column), trace) for column in zip(*results, strict=True)]
    kind = type(results[0])
    return kind(*parts) if hasattr(results[0], "_fields") else tuple(parts)


def join(values: list[Any], trace: int) -> Any:
    """Members as a batch again: in a newer trace, if that has computed them."""
    top = newest(values)
    if top is None or top._trace < trace:
        return batched(np.stack(values), trace)
    return joined(values, trace)


def join_alike(function: Any, values: list[Any], trace: int) -> Any:
    """Members as a batch again; MemberError if they differ in shape, as of x[x > 0]."""
    shapes = {np.shape(value): None for value in values}
    if len(shapes) > 1:
        found = ", ".join(map(str, shapes))
        text = message(
            f"vmap: the results of {function_name(function)} have different shapes for different "
            f"examples: {found}",
            remedy="keep the shape the same, with np.where(mask, x, 0) in place of x[mask]",
        )
        raise MemberError(text, each_of(trace))
    return join(values, trace)


def size_within(values: Any, trace: int) -> int:
    """How many members the batches of a trace have, at any depth under the values; -1 for none."""
    for value in values:
        while isinstance(value, Traced):
            if isinstance(value, Batched) and value._trace == trace:
                return len(value._value)
            value = value._value
        if value.__class__ is list or value.__class__ is tuple:
            size = size_within(value, trace)
            if size >= 0:
                return size
    return -1


def no_member(value: Batched) -> MemberError:
    """The error for what can only be done with one member of a batch."""
    return MemberError(
        message(
            f"a value inside vmap was taken for one array or number: it stands for "
            f"{len(value._value)} of shape {value.shape}",
            remedy="use NumPy's functions on it, and np.where(condition, a, b) in place of `if`",
        ),
        each_of(value._trace),
    )


def each_of(trace: int) -> Each:
    """A way to call any function for one member of a batch after the other."""

    def each(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        announce(function)
        return one_by_one(function, trace, args, kwargs)

    return each


def no_loop(function: Any) -> MemberError:
    """The error for a batch that lies hidden in what is neither a list nor a tuple."""

    def each(*_: Any) -> Any:
        raise no_loop(function)

    text = message(
        f"vmap cannot take the arguments of {function_name(function)} apart",
        remedy="pass arrays, or lists and tuples of arrays",
    )
    return MemberError(text, each)
