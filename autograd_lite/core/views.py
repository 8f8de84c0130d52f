"""Views of a Tensor, which share its memory where arrays would: a change of one changes all.

    row = t[0]
    row += 1                # changes t, and every other view of it, as with arrays

Nothing is shared in truth, since what has been recorded must not change. Every view remembers
what it was taken of and how, and every Tensor its views, as long as they live.
"""

import weakref
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy import ndarray

from .errors import message
from .node import Leaf
from .operation import Operation
from .primitives import astype, getitem, put
from .signature import numbered_like
from .trace import EAGER, likeness
from .variable import Variable

reshape: Any = np.reshape
PRUNED = 32  # views, from which on those that are gone are forgotten at every power of two


class View(NamedTuple):
    """How a Tensor was taken of another one: by `function(base, *args, **kwargs)`."""

    base: Variable
    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]

    def take(self) -> Any:
        """The view of what the base holds now."""
        return self.function(self.base, *self.args, **self.kwargs)

    def put_back(self, content: Any) -> Any:
        """What the base holds once the view holds `content`."""
        if self.function is astype:  # to the same dtype, without a copy
            return put(self.base, Ellipsis, content)
        if self.function is getitem:
            return put(self.base, self.args[0], content)
        if self.function is np.real and self.base._value.dtype.kind == "c":
            return content + 1j * np.imag(self.base)
        if self.function is np.imag:
            return np.real(self.base) + 1j * content
        shape = self.base.shape  # type: ignore[attr-defined]  # of ArrayMethods
        places = self.function(numbered_like(likeness(self.base)), *self.args, **self.kwargs)
        return np.reshape(put(np.reshape(self.base, (-1,)), places, content), shape)


make_view = tuple.__new__  # in half of the time that the constructor takes


def share_memory(y: Any, x: Any) -> bool:
    """Whether a result of moving entries of `x` is a view of it, as NumPy says or a Tensor knows.

    >>> x = np.zeros((2, 3))
    >>> share_memory(x.T, x), share_memory(x.copy(), x)
    (True, False)
    """
    if y.__class__ is ndarray:
        base = y.base
        if y is x:  # where there is nothing to do, as np.squeeze without axes of length one
            return True
        if base is None:
            return False
        return base is x or base is getattr(x, "base", None) or np.may_share_memory(y, x)
    if not isinstance(y, Variable):
        return False
    origin = view_of(y)
    return y is x or (origin is not None and origin.base is x)


def view_of(tensor: Variable) -> View | None:
    """What a Tensor is a view of, if it is one."""
    try:
        origin: View = tensor._view
    except AttributeError:  # the slot is empty
        return None
    return origin


def remember_view(
    y: Any, operation: Operation, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> None:
    """Note that the result `y` of a call is a view of its operand, if it shares its memory."""
    function = operation.function
    if args and args[0].__class__ is str:  # the subscripts of einsum
        function, args = partial(function, args[0]), args[1:]
    if args:
        base, args = args[0], args[1:]
    else:
        name = operation.rules[0].operand
        base = kwargs.get(name)
        kwargs = {key: value for key, value in kwargs.items() if key != name}
    ours = isinstance(base, Variable) and isinstance(y, Variable)
    if ours and share_memory(y._value, base._value):
        link(y, base, function, args, kwargs)


def link(
    y: Variable, base: Variable, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> None:
    """Note that `y` is the view `function(base, *args, **kwargs)`."""
    y._view = make_view(View, (base, function, args, kwargs))
    views = getattr(base, "_views", None)
    if views is None:
        base._views = [weakref.ref(y)]
        return
    count = len(views)
    if count >= PRUNED and count & (count - 1) == 0:
        views[:] = [reference for reference in views if reference() is not None]
    views.append(weakref.ref(y))


def root(tensor: Variable) -> Variable:
    """The Tensor whose memory a view is of: the Tensor itself, if it is none."""
    origin = view_of(tensor)
    while origin is not None:
        tensor = origin.base
        origin = view_of(tensor)
    return tensor


def replace(tensor: Variable, content: Any, writer: Variable | None = None) -> None:
    """Let `tensor` hold `content` from now on, and with it all that share its memory.

    `writer` is the view that the change came through, and is up to date. The order of the entries
    in memory stays what it was, since it says of what can be a view, and what is a copy.
    """
    while True:
        origin = view_of(tensor)
        strides = tensor.strides  # type: ignore[attr-defined]  # of ArrayMethods
        if content.strides != strides and origin is None:
            content = in_order(content, strides)
        same_order = origin is None or content.strides == strides
        hold(tensor, content)
        if same_order:
            refresh_views(tensor, writer)
        if origin is None:
            return
        writer = tensor if same_order else None  # else it is taken of its base once more
        tensor, content = origin.base, origin.put_back(tensor)


def hold(tensor: Variable, content: Any) -> None:
    """Let a Tensor stand for the value of another one, and for its place in the graph."""
    if content._trace > tensor._trace:
        remember_outsider(tensor, content._trace)
    if content.__class__ is not tensor.__class__:
        tensor.__class__ = content.__class__  # a Dual or a Batched, where a Tensor was
    tensor._value, tensor._node, tensor._trace = content._value, content._node, content._trace


def set_shape(tensor: Variable, shape: Any) -> bool:
    """Let a Tensor have another shape from now on; False if it is a leaf, or has views."""
    views = [reference for reference in getattr(tensor, "_views", ()) if reference() is not None]
    if views or (tensor._node.__class__ is Leaf and tensor._trace == EAGER):
        return False
    origin = view_of(tensor)
    hold(tensor, reshape(tensor, shape))
    if origin is not None:
        tensor._view = View(origin.base, reshaped, (origin, shape), {})
    return True


def reshaped(base: Any, origin: View, shape: Any) -> Any:
    """A view of `base` that has been given another shape."""
    return reshape(origin.function(base, *origin.args, **origin.kwargs), shape)


# The traces that run, each with the Tensors of older ones that have been assigned a value of it.
OUTSIDERS: dict[int, list[weakref.ref[Variable]]] = {}


def remember_outsider(tensor: Variable, trace: int) -> None:
    """Note that an older Tensor is assigned a value of this trace."""
    outsiders = OUTSIDERS.get(trace)
    if outsiders is not None:
        outsiders.append(weakref.ref(tensor))


def end_trace(trace: int) -> None:
    """Leave to the Tensors that were assigned a value of a trace what it is without that trace.

    So does an array that a function fills, and that is there before and after it. That is the value
    which the function's own result has, and is recorded by the older traces as that is.
    """
    for reference in OUTSIDERS.pop(trace):
        tensor = reference()
        if tensor is not None and tensor._trace == trace:
            value = tensor._value
            if isinstance(value, Variable):
                hold(tensor, value)
                remember_outsider(tensor, value._trace)  # which ends as well
            else:
                tensor._value, tensor._node, tensor._trace = value, None, EAGER
                tensor.__class__ = Variable.eager


def in_order(content: Any, strides: tuple[int, ...]) -> Any:
    """The content with its axes in memory one after the other as their strides say."""
    axes = sorted(range(len(strides)), key=lambda axis: -abs(strides[axis]))
    if axes == sorted(axes):
        return np.copy(content, "C")
    return np.transpose(np.copy(np.transpose(content, axes), "C"), np.argsort(axes))


def refresh_views(tensor: Variable, writer: Variable | None = None) -> None:
    """Let the views of a Tensor, but `writer`, hold what it holds now."""
    waiting = [tensor]
    while waiting:
        for reference in tuple(getattr(waiting.pop(), "_views", ())):
            view = reference()
            origin = None if view is None or view is writer else view_of(view)
            if origin is not None:
                hold(view, origin.take())
                waiting.append(view)


def read_only(tensor: Variable) -> ValueError:
    """The error for a change of a view that NumPy would not let be changed."""
    return ValueError(
        message(
            f"assignment destination is read-only: a view {tensor._value.shape} in which entries "
            "stand several times, or of a read-only array",
            remedy="assign to a copy: t = t.copy()",
        )
    )
