"""A call of code that was written for arrays: what it is given, and what it leaves behind.

While it runs, constants stand for the arrays that it can reach, since `array.dot(tensor)` and
`array[i] = tensor` could not be recorded, and copies stand for what holds them. When it ends, what
it has changed is written back, so that the user finds his own objects as NumPy would leave them.
"""

import copy
import warnings
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable
from contextvars import ContextVar
from types import CellType
from typing import Any

import numpy as np

from ...core.errors import message
from ...core.recording import wrap
from ...core.tensor import Tensor
from ...core.trace import EAGER, Traced, peel_all
from ...core.views import remember_outsider
from ...numpy.whole_numbers import WholeNumbers, whole

ABSENT = object()
ON_THE_HEAP = 1 << 9  # flag of classes that are written in Python
ATOMS = frozenset([bool, bytes, complex, float, int, np.bool_, np.float64, slice, str, type(None)])
SESSION: ContextVar[Any] = ContextVar("session", default=None)


class Session:
    """One call: what stands for what. `traced` tells whether there was a Tensor in reach."""

    def __init__(self) -> None:
        self.traced = False
        self.known: dict[int, tuple[Any, Any]] = {}  # by id, and kept alive: original, stand-in
        self.originals: dict[int, Any] = {}  # by the id of what stands for them
        self.endings: list[Callable[[], None]] = []
        self.seen: dict[int, tuple[Any, Any]] = {}  # what was made during the call, and outward
        self.waiting: dict[int, list[CellType]] = {}  # variables that will hold a class
        self.filled: dict[int, Any] = {}  # what was an array of the user's and now has a gradient
        self.strict = True  # constants become plain arrays

    def stand_in(self, value: Any) -> Any:
        """What the user's code is to see in place of `value`: often the same."""
        if value.__class__ in ATOMS:
            return value
        if isinstance(value, Traced):
            self.traced = True
            return value
        found = self.known.get(id(value))
        if found is not None:
            return found[1]
        for make in makers(STAND_INS, MAKERS, value):
            made = make(self, value)
            if made is not None:
                return self.remember(value, made)
        return self.remember(value, value)

    def remember(self, value: Any, stand_in: Any) -> Any:
        """Let `stand_in` stand for `value` in this session; returns it."""
        self.known[id(value)] = value, stand_in
        if stand_in is not value:
            self.originals[id(stand_in)] = value
        return stand_in

    def outward(self, value: Any) -> Any:
        """What the user is to see in place of `value`, which his code has returned or stored."""
        if value.__class__ in ATOMS:
            return value
        if isinstance(value, Traced):
            return self._outward_tensor(value)
        original = self.originals.get(id(value), ABSENT)
        if original is not ABSENT:
            return original
        if id(value) in self.seen:
            return self.seen[id(value)][1]
        self.seen[id(value)] = value, value
        for convert in makers(OUTWARD, CONVERTERS, value):
            outward = convert(self, value)
            if outward is not None:
                self.seen[id(value)] = value, outward
                return outward
        return value

    def _outward_tensor(self, value: Any) -> Any:
        self.filled.pop(id(value), None)
        if isinstance(value, Tensor) and value._trace != EAGER:
            remember_outsider(value, value._trace)  # objects outlive the trace
            return value
        if not isinstance(value, Tensor) or value._node is not None:
            return value
        original = self.originals.get(id(value), ABSENT)
        if original is not ABSENT:
            return original
        return value._value if self.strict else value

    def end(self) -> None:
        """Write back what the call has changed."""
        for ending in self.endings:
            ending()

    def result(self, value: Any) -> Any:
        """What the call returns: with Tensors if there were some, of plain arrays otherwise."""
        self.strict = not self.traced
        returned = self.outward(value)
        for lost in self.filled.values():
            warn_of(lost)
        return returned


def current() -> Session:
    """The session that is running; outside of any, one that writes nothing back."""
    session: Session = SESSION.get() or Session()
    return session


Maker = Callable[[Session, Any], Any]
STAND_INS: list[tuple[type | tuple[type, ...], Maker]] = []  # None: the next kind may know
OUTWARD: list[tuple[type | tuple[type, ...], Maker]] = []
MAKERS: dict[type, list[Maker]] = {}  # those for values of Python's and NumPy's own classes
CONVERTERS: dict[type, list[Maker]] = {}


def makers(table: Any, known: dict[type, list[Maker]], value: Any) -> list[Maker]:
    """The functions of a table that are for values of this kind."""
    kind = type(value)
    found = known.get(kind)
    if found is None:
        found = [make for kinds, make in table if isinstance(value, kinds)]
        if not kind.__flags__ & ON_THE_HEAP:  # others may come and go
            known[kind] = found
    return found


def array(session: Session, value: Any) -> Any:
    """A constant Tensor with the memory of an array of real or complex numbers."""
    if value.__class__ is np.ndarray and value.dtype.kind == "O":
        return objects(session, value)
    if value.__class__ is not np.ndarray or value.dtype.kind not in "fc":
        return whole(value)
    constant = wrap(value, None, EAGER)

    def end() -> None:
        if constant._value is not value and constant.shape == value.shape:
            np.copyto(value, peel_all(constant), "unsafe")
            if constant._node is not None:
                session.filled[id(constant)] = constant

    session.endings.append(end)
    return constant


def warn_of(lost: Tensor) -> None:
    """Say that the user's own array has got the numbers of a Tensor, without their gradient."""
    warnings.warn(
        message(
            f"verbatim: values with a gradient were written into an array {lost.shape} "
            f"{lost.dtype} of yours, which has only their numbers now",
            remedy="return it from the function, give it as a Tensor made by autograd_lite.numpy, "
            "or ignore this if no gradient is wanted there",
        ),
        stacklevel=4,
    )


def objects(session: Session, value: Any) -> Any:
    """An array of objects, as of weight matrices of several shapes."""
    twin = session.remember(value, value.copy())

    def end() -> None:
        for index in np.ndindex(value.shape):
            value[index] = session.outward(twin[index])

    for index in np.ndindex(value.shape):
        twin[index] = session.stand_in(value[index])
    session.endings.append(end)
    return twin


def sequence(session: Session, value: Any) -> Any:
    """A list or deque of what stands for its items."""
    twin = session.remember(value, copy.copy(value))
    fill_sequence(session, twin, value)
    return twin


def fill_sequence(session: Session, twin: Any, value: Any) -> None:
    """Let a list hold what stands for the items of another, which holds its items in the end."""

    def end() -> None:
        items = [session.outward(item) for item in twin]
        if len(items) != len(value) or any(
            new is not old for new, old in zip(items, value, strict=True)
        ):
            value.clear()
            value.extend(items)

    items = [session.stand_in(item) for item in value]
    twin.clear()
    twin.extend(items)
    session.endings.append(end)


def mapping(session: Session, value: Any) -> Any:
    """A dict of what stands for its values."""
    twin = session.remember(value, copy.copy(value))
    fill_mapping(session, twin, value)
    return twin


def fill_mapping(session: Session, twin: Any, value: Any) -> None:
    """Let a dict hold what stands for the values of another, which holds its values in the end."""

    def end() -> None:
        items = {key: session.outward(item) for key, item in twin.items()}
        if list(items) != list(value):
            value.clear()
        for key, item in items.items():
            if value.get(key, ABSENT) is not item:
                value[key] = item

    for key, item in value.items():
        twin[key] = session.stand_in(item)
    if isinstance(value, defaultdict):
        twin.default_factory = session.stand_in(value.default_factory)
    session.endings.append(end)


def immutable(session: Session, value: Any) -> Any:
    """A tuple of what stands for its items."""
    items = [session.stand_in(item) for item in value]
    if all(new is old for new, old in zip(items, value, strict=True)):
        return value
    return tuple.__new__(session.stand_in(type(value)), items)


def outward_objects(session: Session, value: Any) -> Any:
    """An array that was made during the call: plain, as well as what is in one of objects."""
    if value.__class__ is WholeNumbers:
        return value.view(np.ndarray)
    if value.dtype.kind == "O":
        for index in np.ndindex(value.shape):
            value[index] = session.outward(value[index])
    return value


def outward_list(session: Session, value: Any) -> Any:
    """A list or deque that was made during the call."""
    for at, item in enumerate(value):
        value[at] = session.outward(item)
    return value


def outward_dict(session: Session, value: Any) -> Any:
    """A dict that was made during the call."""
    for key, item in value.items():
        value[key] = session.outward(item)
    return value


def outward_tuple(session: Session, value: Any) -> Any:
    """A tuple that was made during the call."""
    items = [session.outward(item) for item in value]
    if all(new is old for new, old in zip(items, value, strict=True)):
        return value
    return tuple.__new__(type(value), items)


def exactly(*kinds: type) -> type:
    """A class whose instances are those of exactly these kinds."""

    class Exact(type):
        def __instancecheck__(cls, instance: Any) -> bool:
            return instance.__class__ in kinds

    return Exact("exactly", (), {})


LISTS, DICTS = exactly(list, deque), exactly(dict, OrderedDict, defaultdict)
STAND_INS += [(np.ndarray, array), (LISTS, sequence), (DICTS, mapping), (tuple, immutable)]
OUTWARD += [
    (np.ndarray, outward_objects), (LISTS, outward_list), (DICTS, outward_dict),
    (tuple, outward_tuple),
]  # fmt: skip
