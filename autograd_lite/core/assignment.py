"""Assignment to a Tensor: `t[index] = value`, `t += step`, `out=t`, `np.add.at(t, index, step)`.

To the record an assignment is a function, `put(t, index, value)`, whose result the Tensor then
stands for: what was recorded before keeps the old values, and the gradient of what is overwritten
is zero. The memory is written to in place where nothing else needs it. A leaf, being what is
differentiated, can only be changed where nothing is recorded.
"""

from collections.abc import Callable
from sys import getrefcount
from types import SimpleNamespace
from typing import Any, Self

import numpy as np
from numpy import ndarray

from .errors import GraphError, describe, explained, message, user_frame
from .node import Leaf, make_node
from .operands import FAILURES
from .operation import OPERATIONS, Operation
from .primitives import astype, own_index, put
from .trace import EAGER, Traced, likeness, newest, paused, peel_all
from .variable import Variable
from .views import read_only, refresh_views, remember_outsider, replace, root, view_of
from .witness import show


def references_of_an_unshared_array() -> int:
    """How many references an array has that only its Tensor holds, where `overwrite` asks."""
    holder = SimpleNamespace(value=np.zeros(1))
    memory = holder.value
    return getrefcount(memory)


UNSHARED = references_of_an_unshared_array()
REMEDY = "what is assigned must broadcast to the shape of what it is assigned to"


def assign(target: Variable, index: Any, value: Any) -> None:
    """`target[index] = value`, recorded."""
    index = own_index(index)
    origin = view_of(value) if isinstance(value, Variable) else None
    if origin is not None and origin.base is target and is_same_index(origin.args, index):
        return  # the end of t[index] += step, which has changed t already
    if write_unrecorded(target, index, value):
        return
    try:
        if not overwrite(target, index, value):
            replace(target, put(target, index, value))
    except FAILURES as error:
        what = f"{describe(target)}[{describe(index)}] = {describe(value)}"
        raise explained(error, what, (), {}, REMEDY) from None


def is_same_index(args: tuple[Any, ...], index: Any) -> bool:
    """Whether a view was taken by this index, of whole numbers and slices only."""
    if len(args) != 1 or args[0].__class__ is not index.__class__:
        return False
    parts = index if index.__class__ is tuple else (index,)
    return all(part.__class__ in BASIC for part in parts) and bool(args[0] == index)


BASIC = (int, slice, type(None), type(Ellipsis))  # no booleans: True is no index 1


def refuse_recorded(target: Variable, by: str, value: Any) -> None:
    """Raise GraphError if a leaf, or a view of one, is to be changed while it is recorded.

    Also if something computed is to be changed while it is not: its history would be lost.
    """
    base = root(target)
    leaf, paused_now = base._node.__class__ is Leaf, base._trace <= paused()
    if not leaf and base._node is not None and paused_now:
        raise GraphError(
            message(
                f"a computed Tensor was changed in place by {by} under no_grad()",
                call=f"{describe(target)} {by} {describe(value)}",
                remedy="change it where it is recorded, or change a constant: t.detach().copy()",
            )
        )
    if leaf and base._trace == EAGER and not paused_now:
        through = "" if base is target else ", through a view of it,"
        raise GraphError(
            message(
                f"a leaf Tensor was changed in place by {by}{through} while it is being recorded",
                call=f"{describe(target)} {by} {describe(value)}",
                remedy=f"update its data: w.data {by} step; or change a copy of it, from which the "
                "gradient comes back: t = w.copy()",
            )
        )


def write_unrecorded(target: Variable, index: Any, value: Any, by: str = "[...] =") -> bool:
    """Write into the array of a leaf, or into a view of one, where nothing is recorded.

    False if the target is none; GraphError while it is being recorded.
    """
    refuse_recorded(target, by, value)
    base = root(target)
    node = base._node
    if not isinstance(node, Leaf) or base._trace != EAGER:
        if base is not target and is_read_only(target._value):
            raise read_only(target)
        return False
    try:
        target._value[index] = peel_all(value)
    except FAILURES as error:
        raise explained(error, "assignment", (target, index, value), {}, REMEDY) from None
    frame = user_frame()
    if frame is not None:
        node.change(frame)
    return True


def is_read_only(value: Any) -> bool:
    """Whether NumPy would not let an array be written to."""
    value = peel_all(value)
    return value.__class__ is ndarray and not value.flags.writeable


def overwrite(target: Variable, index: Any, value: Any) -> bool:
    """Record an assignment in the memory of the target, if nothing else needs what is there."""
    memory, node = target._value, target._node
    if memory.__class__ is not ndarray or node.__class__ is Leaf or view_of(target) is not None:
        return False
    no_graph = node is not None and node.edges is None  # freed, or a tangent
    if no_graph or memory.base is not None or getrefcount(memory) > UNSHARED:
        return False
    trace, source = target._trace, None
    if isinstance(value, Traced):
        if value.__class__ is not target.__class__ or isinstance(value._value, Traced):
            return False
        if value._trace < trace or (value._trace > trace and node is not None):
            return False
        trace, source, value = value._trace, value._node, value._value
    elif newest((value,)) is not None or np.asarray(value).dtype.kind not in "fiub":
        return False
    memory[index] = value
    operation: Operation = OPERATIONS[put]
    edges = []
    for origin, rule in zip((source, node), operation.rules, strict=True):
        if origin is not None and trace > paused():
            edges.append((origin, rule, rule.keep(memory, None, memory, index, value)))
    target._node = make_node(operation, tuple(edges), memory) if edges else None
    if trace > target._trace:
        remember_outsider(target, trace)
        target._trace = trace
    refresh_views(target)
    if edges:
        show(target)
    return True


def fitted(result: Any, target: Any, by: str) -> Any:
    """A result in the shape of what is to hold it; an error as NumPy's if it cannot be held."""
    shape, dtype = target.shape, target.dtype
    if not hasattr(result, "dtype"):
        result = np.asarray(result)
    if not np.can_cast(result.dtype, dtype, "same_kind"):
        raise TypeError(
            message(
                f"a result of dtype {result.dtype} cannot be stored by {by} in {describe(target)}",
                remedy=f"convert it first, by .astype(np.{dtype}), or give it a name of its own",
            )
        )
    if result.shape != shape:
        raise ValueError(
            message(
                f"a result of shape {result.shape} cannot be stored by {by} in {describe(target)}",
                remedy="give it a name of its own, or an array of its own shape",
            )
        )
    return result


def in_place(function: Any, symbol: str) -> Callable[[Any, Any], Any]:
    """A method for `self <symbol>= other`, which changes what the Tensor stands for.

    A number is left to the plain operator, since NumPy's are immutable: the name moves on.
    """
    by = f"{symbol}="

    def update(self: Any, other: Any) -> Any:
        if self._node.__class__ is Leaf and self._trace == EAGER:
            refuse_recorded(self, by, other)
            return self._store(function(self._value, peel_all(other)), by)
        if not isinstance(likeness(self), ndarray):
            return NotImplemented
        return self._store(function(self, other), by)

    return update


class Assignments(Variable):
    """Assignment to entries, and augmented assignment: abstract, a part of `Tensor`."""

    __slots__ = ()

    def __setitem__(self, index: Any, value: Any) -> None:
        assign(self, index, value)

    __iadd__ = in_place(np.add, "+")
    __isub__ = in_place(np.subtract, "-")
    __imul__ = in_place(np.multiply, "*")
    __itruediv__ = in_place(np.true_divide, "/")
    __ipow__ = in_place(np.power, "**")
    __imod__ = in_place(np.remainder, "%")
    __ifloordiv__ = in_place(np.floor_divide, "//")
    __imatmul__ = in_place(np.matmul, "@")

    @property
    def real(self) -> Self:
        """The real part, a view; what is real, itself."""
        return self._record(OPERATIONS[np.real], (self,), {})

    @real.setter
    def real(self, value: Any) -> None:
        assign(self.real, Ellipsis, value)

    @property
    def imag(self) -> Self:
        """The imaginary part, a view; of real numbers, zeros."""
        return self._record(OPERATIONS[np.imag], (self,), {})

    @imag.setter
    def imag(self, value: Any) -> None:
        assign(self.imag, Ellipsis, value)

    def fill(self, value: Any) -> None:
        """Assign one value, which must be a number, to all entries."""
        if isinstance(value, list | tuple) or np.size(value) != 1:
            raise ValueError(
                message(
                    f"fill() was given {describe(value)}, where one number is due",
                    remedy="assign several values by t[...] = values",
                )
            )
        assign(self, Ellipsis, value)

    def put(self, indices: Any, values: Any, mode: Any = "raise") -> None:
        """Assign values to the entries at `indices` of the flat array; see `numpy.put`."""
        np.put(self, indices, values, mode)  # type: ignore[arg-type]  # it asks what it is given

    def sort(self, axis: int = -1, kind: Any = None, order: Any = None, **options: Any) -> None:
        """Sort in place along `axis`; see `numpy.ndarray.sort`."""
        self._store(np.sort(self, axis, kind, order, **options), "sort()")

    def partition(self, kth: Any, axis: int = -1, kind: Any = "introselect") -> None:
        """Partition in place along `axis`; see `numpy.ndarray.partition`."""
        self._store(np.partition(self, kth, axis, kind), "partition()")

    def _store(self, result: Any, by: str) -> Self:
        """Hold a result from now on, cast as NumPy would for `out=`."""
        result = fitted(result, self, by)
        if write_unrecorded(self, Ellipsis, result, by):
            return self
        if not isinstance(result, Variable):
            assign(self, Ellipsis, result)
        elif result._value.dtype == self._value.dtype:
            replace(self, result)
        else:
            replace(self, astype(result, self._value.dtype))
        return self
