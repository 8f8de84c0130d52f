"""Conversions of a Tensor to what has no gradient: refused where that would be lost unseen."""

import dis
import opcode
import operator
import sys
from copy import deepcopy
from types import CodeType, FrameType
from typing import Any

import numpy as np

from .errors import COPY, NUMPY, GraphError, LostGradientError, message
from .node import Leaf, Node
from .trace import EAGER, Traced, paused, peel_all

# Methods and functions of NumPy that ask for numbers to store them, or to begin a sum with.
LOADS = ("LOAD_ATTR", "LOAD_GLOBAL", "LOAD_METHOD", "LOAD_NAME")
STORING = frozenset(
    ["accumulate", "astype", "fill", "fromiter", "itemset", "reduce", "reduceat", "setitem",
     "__setitem__"]
)  # fmt: skip


# What code that `transforms.verbatim` runs sees of Python: by it that code is told from all other.
BUILTINS: dict[str, Any] = {}
MASKS = "<masks>"  # and under this name what it makes of truth values


def is_verbatim(caller: FrameType) -> bool:
    """Whether a frame runs code that was written for arrays, where `t.item()` is a number too."""
    return caller.f_builtins is BUILTINS


def is_storing(caller: FrameType) -> bool:
    """Whether a frame is just storing what it converts, by array[i] = t or by a name above."""
    code, at = caller.f_code, caller.f_lasti
    if opcode.opname[code.co_code[at]].startswith("STORE_SUBSCR"):
        return True
    return not STORING.isdisjoint(code.co_names) and called_name(code, at) in STORING


def is_formatting(caller: FrameType) -> bool:
    """Whether a frame puts what it converts into a text: `"%.3f" % t`, the only such operator."""
    return opcode.opname[caller.f_code.co_code[caller.f_lasti]] == "BINARY_OP"


def called_name(code: CodeType, at: int) -> Any:
    """The name of what the call at offset `at` calls: `reduce` of `np.add.reduce(x)`."""
    places = list(code.co_positions())
    line, _, column, _ = places[at // 2]
    called = None
    for instruction in dis.get_instructions(code):
        first, _, start, _ = places[instruction.offset // 2]
        if instruction.offset >= at:
            break
        if (first, start) == (line, column) and instruction.opname in LOADS:
            called = instruction.argval
    return called


def is_numpys(caller: FrameType) -> bool:
    """Whether a frame runs code of NumPy's own."""
    return caller.f_code.co_filename.startswith(NUMPY)


def nested(tensor: Any) -> Any:
    """What `tensor.tolist()` is, of Tensors without axes."""
    return [nested(row) for row in tensor] if tensor.ndim else tensor


def entry_of(tensor: Any, index: tuple[Any, ...]) -> Any:
    """What `tensor.item(*index)` names, as a Tensor without axes."""
    if not index:
        return np.reshape(tensor, ())
    place = index[0] if len(index) == 1 else index
    return tensor[place] if place.__class__ is tuple else np.reshape(tensor, (-1,))[place]


class Conversions(Traced):
    """Numbers, truth values, plain arrays, text and copies of a Tensor: abstract, a part of it."""

    __slots__ = ()
    _node: Node | None
    _title = "Tensor"  # what errors call it

    def item(self, *index: Any) -> Any:
        """The only element (or the one at `index`) as a Python number, without its gradient.

        ValueError if there are several.

        >>> import autograd_lite as ag
        >>> ag.Tensor([2.0]).sum().item()
        2.0
        """
        if self._node is not None and is_verbatim(sys._getframe(1)):
            return entry_of(self, index)
        value = peel_all(self)
        if value.size != 1 and not index:
            raise ValueError(
                message(
                    f"item() needs exactly one element, and this {self._title} has shape "
                    f"{value.shape}",
                    remedy="reduce it (t.sum(), t.mean()), index one element, or use t.data",
                )
            )
        return value.item(*index)

    def tolist(self) -> Any:
        """The values as nested lists of Python numbers."""
        recorded = self._node is not None and is_verbatim(sys._getframe(1))
        return nested(self) if recorded else peel_all(self).tolist()

    @property
    def flags(self) -> Any:
        """What NumPy says about the memory: whether it is contiguous, and in which order."""
        return self._value.flags

    def __copy__(self) -> Any:
        return self._copied(sys._getframe(1), {})

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        return self._copied(sys._getframe(1), memo)

    def _copied(self, caller: FrameType | None, memo: dict[int, Any]) -> Any:
        """A copy by the module `copy`: for code that `verbatim` runs, one that is recorded."""
        while caller is not None and caller.f_code.co_filename == COPY:
            caller = caller.f_back
        if caller is not None and is_verbatim(caller):
            return np.copy(self)
        kind, arguments = self.__reduce__()
        return kind(*deepcopy(arguments, memo))

    def __float__(self) -> float:
        self._refuse_to_lose_gradient(sys._getframe(1))
        return float(self._single("float"))

    def __complex__(self) -> complex:
        self._refuse_to_lose_gradient(sys._getframe(1))
        return complex(self._single("complex"))

    def __int__(self) -> int:
        caller = sys._getframe(1)
        if not is_verbatim(caller) or is_storing(caller):  # int(t) has no gradient to lose
            self._refuse_to_lose_gradient(caller)
        return int(self._single("int"))

    def __index__(self) -> int:
        """A whole number without axes, as of a constant Tensor; TypeError for all others."""
        return operator.index(peel_all(self))

    def _refuse_to_lose_gradient(self, caller: FrameType) -> None:
        """Raise where a conversion to a number is not what the user asked for.

        Inside a transform `math.sin(t)` would silently have no gradient. NumPy asks for a number
        when it stores a Tensor in an array, and the instruction that calls us gives it away.
        """
        if self._node is None or self._trace <= paused() or is_formatting(caller):
            return
        if self._trace != EAGER or is_storing(caller) or is_numpys(caller):
            raise LostGradientError(
                message(
                    f"a {self._title} cannot become a plain number while it is being recorded: its "
                    "gradient would be lost (array[i] = t, math.sin(t), float(t))",
                    remedy="use NumPy's functions on it (np.sin(t)), np.stack in place of "
                    "array[i] = t, or an array made by autograd_lite.numpy, and t.item() where no "
                    "gradient is wanted",
                )
            )

    def __bool__(self) -> bool:
        return bool(self._single("bool"))

    def _single(self, kind: str) -> Any:
        value = peel_all(self)
        if value.size != 1:
            raise TypeError(
                message(
                    f"{kind}() of a {self._title} with {value.size} elements, shape {value.shape}",
                    remedy="reduce it first: t.sum(), t.mean(), (t > 0).any() or .all()",
                )
            )
        return value.item()

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        if self._node is not None and self._trace > paused():
            raise LostGradientError(
                message(
                    f"a {self._title} of shape {self._value.shape} cannot become a plain array "
                    "while it is being recorded: its gradient would be lost (np.asarray(t), "
                    "np.array([t, u]), array[i] = t)",
                    remedy="np.stack([t, u]) in place of np.array([t, u]); for array[i] = t make "
                    "the array by autograd_lite.numpy; t.data, t.detach() or t.item() where no "
                    "gradient is wanted",
                )
            )
        values = np.asarray(peel_all(self), dtype=dtype)
        return values.copy() if copy else values

    def __format__(self, specification: str) -> str:
        return format(self.item(), specification) if specification else repr(self)

    def __reduce__(self) -> Any:
        computed = self._node is not None and self._node.__class__ is not Leaf
        if computed or self._trace != EAGER:
            raise GraphError(
                message(
                    f"a computed {self._title} cannot be copied or pickled: its graph stays behind",
                    remedy="use t.detach() for a constant, or t.copy() which is recorded",
                )
            )
        return type(self), (peel_all(self), self._node is not None)
