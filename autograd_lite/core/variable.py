"""What a Tensor holds and what a user asks of it: `data`, `grad`, `backward`."""

import sys
import warnings
from _thread import allocate_lock
from sys import getrefcount
from types import FrameType
from typing import Any

import numpy as np
from numpy import ndarray

from .conversions import Conversions
from .errors import GraphError, describe, explained, message
from .node import Leaf, Node
from .sweep import sweep
from .trace import EAGER, Traced, peel_all

# References to a leaf's node where no graph holds it: the Tensor's, a local name's, getrefcount's.
UNUSED = 3
FLOAT64, ONE = np.dtype(np.float64), np.float64(1)
COLLECTING = allocate_lock()  # threads may go backward into the same leaf


class Variable(Conversions):
    """The part of a Tensor that is not about recording: abstract, `Tensor` is the final class."""

    __slots__ = ("__weakref__", "_view", "_views")  # the last two are set for views only
    _view: Any
    _views: list[Any]
    eager: "type[Variable]"  # the class of those that belong to no transform: Tensor

    def __init__(self, data: Any, requires_grad: bool = True) -> None:
        self._value = as_leaf_array(data, requires_grad)
        self._trace = EAGER
        self._node = Leaf(self._value.shape, self._value.dtype) if requires_grad else None

    @property
    def data(self) -> Any:
        """The array itself: change it in place (`w.data -= rate * w.grad`) to update a leaf.

        That of a computed Tensor is read-only while its graph needs it.

        >>> import autograd_lite as ag
        >>> w = ag.Tensor([1.0, 2.0])
        >>> w.data -= 0.5
        >>> w
        Tensor([0.5, 1.5])
        """
        node = self._node
        if node.__class__ is Leaf and self._trace == EAGER:
            if getrefcount(node) > UNUSED:
                node.expose(self._value, sys._getframe(1))
            return self._value
        return self._hand_out(sys._getframe(1))

    @data.setter
    def data(self, value: Any) -> None:
        node = self._node
        if node.__class__ is Leaf:
            if getrefcount(node) > UNUSED:
                node.change(sys._getframe(1))
            if value is self._value:  # changed in place, as by w.data -= step
                return
            value = as_leaf_array(value, True)
            if value.shape != node.shape or value.dtype != node.dtype:
                self._node = Leaf(value.shape, value.dtype)
        elif node is not None:
            raise GraphError(
                message(
                    "the data of a computed Tensor cannot be replaced: the graph needs it",
                    remedy="replace or update the data of leaf Tensors only",
                )
            )
        else:
            value = as_leaf_array(value, False)
        self._value = value

    def _hand_out(self, frame: FrameType) -> Any:
        """The data as an array, given to the user's code in `frame`."""
        data, node = self._value, self._node
        if isinstance(data, Traced):
            return peel_all(data)
        if node.__class__ is Leaf and self._trace == EAGER:
            node.expose(data, frame)
            return data
        if isinstance(data, np.generic):  # NumPy's result where there are no axes
            data = self._value = np.asarray(data)
        if node is not None and node.edges is not None:
            data = data.view()
            data.flags.writeable = False
        return data

    @property
    def grad(self) -> Any:
        """The collected gradient of a leaf, an array of its shape and dtype, or None."""
        node = self._node
        if node.__class__ is Leaf:
            return node.grad
        if node is not None:
            warnings.warn(
                message(
                    "only leaf Tensors collect .grad, and this one was computed",
                    remedy="update parameters by w.data -= rate * w.grad, so that they stay "
                    "leaves; differentiate with respect to others by autograd_lite.grad",
                ),
                stacklevel=2,
            )
        return None

    @grad.setter
    def grad(self, value: Any) -> None:
        node = self._node
        if not isinstance(node, Leaf):
            raise GraphError(
                message(
                    ".grad was set on a Tensor that is not a leaf that requires a gradient",
                    remedy="set .grad only of Tensors made by Tensor(data)",
                )
            )
        if value is not None:
            value = np.asarray(value)
            if value.shape != node.shape or value.dtype.kind not in kinds_within(node.dtype):
                raise ValueError(
                    message(
                        f"a gradient {describe(value)} was set on a Tensor {node.shape} "
                        f"{node.dtype}",
                        remedy="set an array of numbers of the Tensor's own shape (complex ones "
                        "for a complex Tensor only), or None",
                    )
                )
            value = value.astype(node.dtype, copy=False)
        node.grad = value

    @property
    def requires_grad(self) -> bool:
        """Whether what is computed from this Tensor is recorded."""
        return self._node is not None

    def zero_grad(self) -> None:
        """Forget the collected gradient: the same as `tensor.grad = None`."""
        self.grad = None

    def backward(self, gradient: Any = None, retain_graph: bool = False) -> None:
        """Add the gradient of this Tensor to `.grad` of every leaf it was computed from.

        `gradient`, of this Tensor's shape, is the gradient with respect to this Tensor itself; it
        may be left out for one element, where it is 1. The graph is freed on the way unless
        `retain_graph` is true. Raises GraphError if nothing was recorded, if the graph has been
        freed, or if a leaf was changed in place since; ValueError for a missing or misshapen
        `gradient`. Nothing is collected when it raises.

        >>> import autograd_lite as ag
        >>> w = ag.Tensor([1.0, 2.0])
        >>> (w * w).backward(np.array([1.0, 10.0]))
        >>> w.grad
        array([ 2., 40.])
        """
        node = self._node
        if node is None or self._trace != EAGER:
            raise not_recorded(self)
        gradients = sweep(node, root_gradient(node, gradient), retain_graph)
        with COLLECTING:
            for leaf, gx in gradients.items():
                if leaf.grad is not None:
                    gx = leaf.grad + gx
                if gx.__class__ is not ndarray or gx.dtype is not leaf.dtype:
                    gx = np.asarray(gx, leaf.dtype)
                leaf.grad = gx

    def numpy(self) -> Any:
        """The values as a plain array; no gradient flows through it.

        It is the same memory as `data`, and read-only where that is.
        """
        return np.asarray(peel_all(self._hand_out(sys._getframe(1))))

    def __repr__(self) -> str:
        data, node = self._value, self._node
        values = (
            repr(data)
            if isinstance(data, Traced)
            else np.array2string(np.asarray(data), separator=", ", prefix="Tensor(")
        )
        dtype = "" if data.dtype == np.float64 else f", dtype={data.dtype}"
        if node is None:
            return f"Tensor({values}{dtype}, requires_grad=False)"
        origin = f", operation={node.operation.name}" if node.operation is not None else ""
        return f"Tensor({values}{dtype}{origin})"


def as_leaf_array(data: Any, requires_grad: bool) -> Any:
    """The array of a new Tensor, refused with TypeError if it cannot be differentiated."""
    if data.__class__ is np.ndarray and data.dtype.kind in "fc":
        return np.array(data)  # memory of its own: that of the user may change
    if isinstance(data, Traced):
        raise TypeError(
            message(
                f"Tensor() was given a {describe(data)}",
                remedy="use it as it is; t.detach() gives a constant with the same data, "
                "Tensor(t.data) a new leaf",
            )
        )
    if isinstance(data, np.ma.MaskedArray):
        raise TypeError(
            message(
                f"Tensor() was given a {describe(data)}, whose mask would be lost",
                remedy="use data.filled(0), and np.where(mask, ...) with the mask as a plain array",
            )
        )
    try:
        array = np.array(data)
    except ValueError as error:
        raise explained(error, "Tensor", (data,), {}, "give rows of equal length") from None
    if array.dtype.kind not in ("fc" if requires_grad else "fciub"):
        raise TypeError(
            message(
                f"a Tensor of dtype {array.dtype} cannot be differentiated",
                call=f"Tensor({describe(data)})",
                remedy="give floating-point data, for example np.asarray(data, dtype=float);"
                " leave whole numbers (indices, labels) plain NumPy arrays",
            )
        )
    return array


def root_gradient(node: Node, gradient: Any) -> Any:
    """The gradient with which a sweep starts, in the shape and dtype of its root."""
    if gradient is None:
        if node.dtype is FLOAT64 and node.shape == ():
            return ONE
        if node.dtype is not FLOAT64 and node.dtype.kind == "c":
            raise ValueError(
                message(
                    f"backward() without a gradient on a Tensor of dtype {node.dtype}",
                    remedy="make a real number of it first, for example np.sum(np.abs(z) ** 2), or "
                    "give the gradient of the result: z.backward(gradient)",
                )
            )
        if node.shape == ():
            return node.dtype.type(1)
        if np.prod(node.shape) == 1:
            return np.ones(node.shape, node.dtype)
        raise ValueError(
            message(
                f"backward() without a gradient on a Tensor of shape {node.shape}",
                remedy="reduce it to one number first, for example t.sum().backward(), or give "
                "the gradient of the result: t.backward(gradient) of the same shape",
            )
        )
    gradient = np.asarray(gradient)
    if gradient.shape != node.shape or gradient.dtype.kind not in kinds_within(node.dtype):
        raise ValueError(
            message(
                f"backward() was given a gradient {gradient.shape} {gradient.dtype} for a Tensor "
                f"{node.shape} {node.dtype}",
                remedy=f"give {'' if node.dtype.kind == 'c' else 'real '}numbers in exactly the "
                "shape of the Tensor",
            )
        )
    return gradient.astype(node.dtype)


def kinds_within(dtype: Any) -> str:
    """The kinds of numbers that a gradient of `dtype` may be given as."""
    return "fciub" if dtype.kind == "c" else "fiub"


def not_recorded(variable: Variable) -> GraphError:
    """The error for `backward` on something no graph leads to."""
    if variable._trace != EAGER:
        return GraphError(
            message(
                "backward() inside a function that autograd_lite.grad is differentiating",
                remedy="return the value and let grad differentiate it, or nest another grad",
            )
        )
    return GraphError(
        message(
            "backward() on a Tensor that was not recorded: it depends on no Tensor that requires "
            "a gradient, or was computed under no_grad() or detach()",
            remedy="make the parameters with Tensor(data) and compute the loss from them",
        )
    )
