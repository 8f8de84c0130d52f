"""Operands of a recorded call: one layer taken off, refused if unfit, and their edges found."""

from typing import Any

import numpy as np
from numpy import ndarray

from .errors import NotDifferentiableError, describe, explained, format_call, message
from .node import Edge
from .operation import SHAPE, Operation
from .trace import EAGER, bare, dispatch, newest, store
from .variable import Variable

# What an operator may combine with a Tensor without a closer look. Python's own complex numbers
# are missing: 1j * np.float64(2) is one of them again, and has no dtype.
PLAIN = frozenset(
    [np.ndarray, float, int, bool, np.float64, np.float32, np.float16, np.int64,
     np.bool_, np.complex128, np.complex64]
)  # fmt: skip
FAILURES = (ValueError, TypeError, IndexError)  # what NumPy raises for shapes, types and axes
# An empty list has no dtype for these, which take that of the first operand; since NumPy 2.5, of
# either.
UNTYPED = {np.dot, np.inner, np.vdot}
TYPED_BY = slice(2 if np.dot([], np.float16(0)).dtype == np.float16 else 1)
NEWER = -(1 << 40)  # less than any number of operands can make up for
# What is no operand, and what nobody can change: options of functions, and parts of indices.
OPTIONS = frozenset(
    [int, bool, float, str, slice, type(None), type(Ellipsis), type, np.int64, np.bool_,
     type(np._NoValue)]
)  # fmt: skip


def compute(
    operation: Operation, trace: int, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[Any, Any, Any, int]:
    """`(y, raw, options, tracked)`: a call computed one layer down, where nothing is recorded yet.

    `raw` and `options` are its arguments there, `tracked` says how many of them need a derivative.
    They are None where `y` is the result already: that of a newer trace, whose values are among the
    arguments, what an array given as `out=` holds then, or indices.
    """
    raw, tracked = peel_operands(args, trace)
    options = kwargs
    if kwargs:
        values, more = peel_operands(kwargs.values(), trace)
        options = named_operands(operation, args, dict(zip(kwargs, values, strict=True)))
        tracked += more
    if tracked < 0:
        return dispatch(operation.function, args, kwargs), None, None, tracked
    out = out_of(operation, args, kwargs)
    if out is not None:
        rest, others = without_out(operation, args, kwargs)
        result = operation.function(*rest, **others)
        return store(out, result, operation.function, args, kwargs), None, None, tracked
    for at in operation.array_positions:
        if at < len(raw) and raw[at].__class__ not in PLAIN:
            raw[at] = as_operand(raw[at], operation, args, kwargs)
    try:
        y = operation.kernel(*raw, **options) if trace == EAGER else called(operation, raw, options)
    except FAILURES as error:
        raise explained(error, operation.function, args, kwargs, operation.remedy) from None
    if y.__class__ is tuple and all(part.dtype.kind in "iub" for part in y):
        return y, None, None, tracked  # as of np.where(mask)
    if not hasattr(y, "dtype"):
        raise not_an_array(y, operation, args, kwargs)
    return y, raw, options, tracked


def called(operation: Operation, args: Any, kwargs: dict[str, Any]) -> Any:
    """The result of an operation on plain arrays, or on values of other traces."""
    if newest(kwargs.values(), newest(args)) is not None:
        return dispatch(operation.function, tuple(args), kwargs)
    return operation.kernel(*args, **kwargs)


def peel_operands(values: Any, trace: int) -> tuple[list[Any], int]:
    """Values with one layer taken off, and how many Tensors among them need a gradient.

    The number is negative if something belongs to a newer trace.
    """
    raw, tracked = [], 0
    for value in values:
        kind = value.__class__
        if kind is ndarray:
            pass
        elif isinstance(value, Variable):
            if value._trace == trace:
                if value._node is not None:
                    tracked += 1
                value = value._value
            elif value._trace > trace:
                tracked = NEWER
            else:
                value = bare(value)
        elif kind is list or kind is tuple:
            inner, more = peel_operands(value, trace)
            value = kind(inner)
            tracked += more
        elif isinstance(value, ndarray):
            value = plain_array(value)
        raw.append(value)
    return raw, tracked


def are_options(values: Any) -> bool:
    """Whether these are numbers and the like, alone or in tuples, and nothing of the user's."""
    for value in values:
        if value.__class__ not in OPTIONS:
            if value.__class__ is not tuple:
                return False
            for member in value:
                if member.__class__ not in OPTIONS:
                    return False
    return True


def as_operand(value: Any, operation: Operation, args: Any, kwargs: Any) -> Any:
    """A list or unusual number as an array, for rules to work with; Traced values as they are."""
    if value is None or value.__class__ is complex or newest((value,)) is not None:
        return value
    array = np.asarray(value)
    if not array.size and operation.function in UNTYPED and value.__class__ in (list, tuple):
        dtypes = [other.dtype for other in args[TYPED_BY] if hasattr(other, "dtype")]
        return array.astype(dtypes[0]) if dtypes else array
    if array.dtype.kind not in "fiubc":
        raise TypeError(
            message(
                f"a Tensor was combined with {describe(value)}, of dtype {array.dtype}, which "
                "cannot be differentiated",
                call=format_call(operation.function, args, kwargs),
                remedy="combine Tensors with arrays of numbers only: float(value), or "
                "np.asarray(values, dtype=float)",
            )
        )
    return array


def named_operands(operation: Operation, args: Any, options: dict[str, Any]) -> dict[str, Any]:
    """Arguments given by name, with lists and unusual numbers among the operands as arrays."""
    for rule in operation.rules:
        value = options.get(rule.operand)
        if value is not None and not rule.sequence and value.__class__ not in PLAIN:
            options[rule.operand] = as_operand(value, operation, args, options)
    return options


def plain_array(value: Any) -> Any:
    """An operand of a subclass of ndarray as an ndarray; refused where it computes otherwise."""
    if isinstance(value, np.matrix | np.ma.MaskedArray):
        raise TypeError(
            message(
                f"a Tensor was combined with a {type(value).__name__} {value.shape}, whose "
                "operations are not those of an array",
                remedy="use np.asarray(matrix), or np.where(mask, other, values) with plain arrays",
            )
        )
    return np.asarray(value)


def find_edges(
    operation: Operation, y: Any, trace: int, args: Any, kwargs: Any, raw: Any, options: Any
) -> list[Edge]:
    """Where the gradient of each operand goes, by which rule, with what the rule keeps."""
    edges: list[Edge] = []
    for rule in operation.rules:
        if rule.variadic:
            value = args
        elif rule.position < len(args):
            value = args[rule.position]
        else:
            value = kwargs.get(rule.operand)
        if isinstance(value, Variable):
            if value._trace == trace and value._node is not None and not rule.sequence:
                edges.append((value._node, rule, rule.keep(y, None, *raw, **options)))
        elif rule.sequence and value is not None:
            for member, item in enumerate(value):
                if isinstance(item, Variable) and item._trace == trace and item._node is not None:
                    edges.append((item._node, rule, rule.keep(y, member, *raw, **options)))
    return edges


def with_complex(operation: Operation, edges: list[Edge], dtype: Any) -> tuple[Edge, ...]:
    """The edges of a call whose result is of `dtype`, right for complex numbers as well.

    Raises NotDifferentiableError where the operation's formulas do not hold for them.
    """
    if dtype.kind == "c":
        if operation.complex_operands is False:
            operation.refuse_complex()
        if operation.kind is SHAPE:  # linear with real coefficients
            return tuple(edges)
        return tuple([(node, rule.conjugated(), kept) for node, rule, kept in edges])
    if operation.complex_operands is not True and operation.kind is not SHAPE:
        for node, _, _ in edges:
            if node.dtype.kind == "c":
                operation.refuse_complex()
    return tuple(edges)


def restack(
    operation: Operation, trace: int, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The arguments with lists of Tensors that stand for an array, and Tensors for their rows.

    Raises TypeError for a Tensor in an argument in which the function is not differentiable.
    """
    stacked, named = list(args), dict(kwargs)
    for rule in operation.rules:
        if rule.position < len(stacked):
            stacked[rule.position] = restacked(stacked[rule.position], rule.sequence, trace)
        elif rule.operand in named:
            named[rule.operand] = restacked(named[rule.operand], rule.sequence, trace)
    before, after = (*args, *kwargs.values()), (*stacked, *named.values())
    if any(new is not old for new, old in zip(after, before, strict=True)):
        return tuple(stacked), named
    raise TypeError(
        message(
            f"{operation.name} cannot be differentiated in every argument that is a Tensor here",
            call=format_call(operation.function, args, kwargs),
            remedy=f"give Tensors only for {', '.join(rule.operand for rule in operation.rules)}; "
            "pass t.data elsewhere, which drops the gradient",
        )
    )


def restacked(value: Any, sequence: bool, trace: int) -> Any:
    """One argument with lists of Tensors as a rule expects them: as an array, or as a sequence."""
    if not peel_operands([value], trace)[1]:
        return value
    if not sequence:
        return stack(value)
    if value.__class__ is not list and value.__class__ is not tuple:
        return list(value)  # the rows of one Tensor
    if any(item.__class__ is list or item.__class__ is tuple for item in value):
        return [stack(item) for item in value]
    return value


def stack(value: Any) -> Any:
    """Nested lists of Tensors, arrays and numbers as one Tensor, as `np.array` would read them."""
    if value.__class__ is list or value.__class__ is tuple:
        return dispatch(np.stack, ([stack(item) for item in value],), {})
    return value


def as_array(value: Any) -> Any:
    """Whatever stands for an array as an array, or as a Tensor where there is one in it."""
    return np.asarray(value) if newest((value,)) is None else stack(value)


def plain_values(args: Any, raw: Any) -> list[Any]:
    """What lies under the arguments that are not differentiated, and may belong to the user."""
    values = []
    for given, value in zip(args, raw, strict=True):
        kind = value.__class__
        if (kind is list or kind is tuple) and given.__class__ is kind:
            values += plain_values(given, value)
        elif not isinstance(given, Variable) or given._node is None:
            values.append(value)
    return values


def out_of(operation: Operation, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The array into which a call is asked to write its result, or None."""
    at = operation.out_position
    return args[at] if len(args) > at else kwargs.get("out")


def without_out(
    operation: Operation, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The arguments of a call without the array for its result."""
    at = operation.out_position
    args = (*args[:at], None, *args[at + 1 :]) if len(args) > at else args
    return args, {key: value for key, value in kwargs.items() if key != "out"}


def no_number(y: Any, function: Any, args: Any) -> TypeError:
    """The error for a result of text or objects."""
    return TypeError(
        message(
            f"the result is of dtype {y.dtype}, which cannot be differentiated",
            call=format_call(function, args, {}),
            remedy="combine Tensors with numbers and arrays of numbers only",
        )
    )


def not_an_array(y: Any, operation: Operation, args: Any, kwargs: Any) -> TypeError:
    """The error for a declared function that returns several arrays, or none."""
    return NotDifferentiableError(
        message(
            f"{operation.name} returned {describe(y)}, where a rule needs one array",
            call=format_call(operation.function, args, kwargs),
            remedy="return np.asarray(...) of one number or of equally long rows; declare a "
            "function for each of several results",
        )
    )


def dispatch_operator(ufunc: Any, a: Any, b: Any) -> Any:
    """An operator between a Tensor and something unusual: left to the other side if it asks."""
    for value in (a, b):
        if getattr(value, "__array_ufunc__", ufunc) is None:
            return NotImplemented
    return dispatch(ufunc, (a, b), {})
