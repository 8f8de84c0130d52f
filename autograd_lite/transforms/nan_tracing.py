"""`trace_nan`: names the first operation whose value or gradient became NaN or infinite."""

import sys
import warnings
from _thread import allocate_lock
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from math import isfinite
from types import CodeType, FrameType
from typing import Any

import numpy as np
from numpy import float64, ndarray

from ..core.errors import user_frame
from ..core.operation import ELEMENTWISE, LINEAR, OPERATIONS, SHAPE, Rule
from ..core.structural_zeros.dependence import IN_PARTS
from ..core.witness import WITNESS, witnessed
from .nan_events import OURS, find, is_array, is_bad
from .nan_reports import Finding, Test, named, report

WITHOUT_SLOPES = frozenset([np.add, np.subtract, np.negative, np.positive, np.mean])
MODES = {"divide by zero": "divide", "overflow": "over", "invalid value": "invalid"}


@contextmanager
def trace_nan(infinities: bool = True) -> Iterator[None]:
    """Inside the `with` block, or the decorated function, NaN and infinity are errors that explain.

    The first operation on Tensors whose value, gradient or tangent becomes NaN or infinite raises
    FloatingPointError, which names it with the line and expression of the user's code (of a
    gradient those of the forward pass), the ranges of what went in, and what to do. With
    `infinities=False` only NaN counts: of code in which a -inf is intended, as for masks.

    NumPy is asked to call when the processor meets a division by zero, an overflow or an invalid
    operation: that costs nothing, and finds a NaN where it arises, not where it goes. Products and
    results without axes, which may be NaN without that, are looked at. It can be left on.

    >>> import autograd_lite as ag
    >>> p = ag.Tensor([0.5, 0.0])
    >>> with ag.trace_nan():
    ...     np.sum(p * np.log(p))
    Traceback (most recent call last):
        ...
    FloatingPointError: the value of np.log became -inf in 1 of 2 entries, the first at [1]
      line:      ...np.sum(p * np.log(p))
      expression np.log(p)
      operand 1: (2,) float64, from 0 to 0.5, 1 zero
      remedy:    keep its operand positive: ...
    """
    tracer = Tracer(infinities)
    divide: Any = "call" if infinities else tracer.usual["divide"]
    over: Any = "call" if infinities else tracer.usual["over"]
    calls = np.errstate(divide=divide, over=over, invalid="call", call=tracer.heed)
    with calls, witnessed(tracer.look), products_checked(tracer):
        yield


vdot = np.vdot._implementation  # type: ignore[attr-defined]  # without looking for Tensors


def not_finite(values: Any) -> Any:
    """Which entries are NaN or infinite."""
    return np.logical_not(np.isfinite(values))


class Tracer:
    """What a `trace_nan` block knows."""

    __slots__ = ("bad", "before", "codes", "look", "users", "usual")

    def __init__(self, infinities: bool) -> None:
        self.bad: Test = not_finite if infinities else np.isnan
        self.usual: Any = np.geterr()
        self.before = WITNESS.get()
        self.users: dict[int, bool] = {}  # by the ids of codes, whether they are the user's
        self.codes: list[CodeType] = []  # which stay, and so do their ids
        self.look = looker(self)

    def classify(self, code: CodeType) -> bool:
        """Note whether a code is the user's: compared are ids, which is quicker than names."""
        self.codes.append(code)
        users = self.users[id(code)] = not code.co_filename.startswith(OURS)
        return users

    def heed(self, kind: str, _: int) -> None:
        """Raise what is known of the operation that NumPy complains about."""
        ours = self.raise_finding(sys._getframe(1))
        if not ours:  # plain NumPy: as it would be without this block
            mode = self.usual[MODES[kind]]
            if mode == "raise":
                raise FloatingPointError(kind)
            if mode == "warn":
                warnings.warn(f"{kind} encountered", RuntimeWarning, stacklevel=2)

    def raise_finding(self, frame: FrameType) -> bool:
        """Raise what is known of the operation under way; False if there is none of ours."""
        token = TRACER.set(None)  # it is done once more, and that is to go through
        try:
            ours, finding = find(frame, self.bad)
        finally:
            TRACER.reset(token)
        if finding is not None:
            raise FloatingPointError(report(finding, self.bad))
        return ours

    def examine(self, tensor: Any) -> None:
        """Raise if a value is bad of which the processor did not tell."""
        if not is_bad(tensor, self.bad):
            return
        node = tensor._node
        source = origin_of(node, self.bad)
        kept = [] if source is None else source[1]
        node = node if source is None else source[0]
        function = node.operation.function
        place = getattr(node, "place", None)
        if place is None and (frame := user_frame()) is not None and node is tensor._node:
            place = frame.f_code, frame.f_lasti
        finding = Finding(f"the value of {named(function)}", function, tensor, kept, place)
        if source is not None and node is not tensor._node:
            what = f"an operand of {named(function)}"
            finding = finding._replace(what=what, result=kept[0][1])
        raise FloatingPointError(report(finding, self.bad))


# What is done with a recorded Tensor, by its operation.
NOTHING, PLACED, EXAMINED = range(3)
CARE: dict[Any, int] = {}


def care_of(operation: Any) -> int:
    """What is done with the results of an operation.

    A rule without slopes cannot make a NaN of a gradient, so that nobody will ask for its line;
    and of products, most of all those of BLAS, the processor's complaints may get lost.
    """
    kind = operation.kind
    if kind is SHAPE or kind is LINEAR or operation.function in WITHOUT_SLOPES:
        care = NOTHING
    else:
        care = PLACED if kind is ELEMENTWISE else EXAMINED
    CARE[operation] = care
    return care


def looker(tracer: Tracer) -> Callable[[Any], None]:
    """What looks at every Tensor that is recorded: notes its line, and examines some."""
    before, users, cares = tracer.before, tracer.users, CARE
    getframe, floating = sys._getframe, np.floating

    def look(tensor: Any) -> None:
        node, value = tensor._node, tensor._value
        operation = node.operation
        care = cares[operation] if operation in cares else care_of(operation)
        if care:
            frame: FrameType | None = getframe(3)  # behind attach_seen and the recorder
            while frame is not None:
                code = frame.f_code
                known = users.get(id(code))
                if known is None:
                    known = tracer.classify(code)
                if known:
                    node.place = code, frame.f_lasti
                    break
                frame = frame.f_back
        if value.__class__ is not ndarray:
            if isinstance(value, floating) and not isfinite(value):
                tracer.examine(tensor)
        elif care is EXAMINED and not isfinite(abs(vdot(value, value))):
            tracer.examine(tensor)
        if before is not None:
            before(tensor)

    look.whole_graph = before is not None  # type: ignore[attr-defined]
    return look


# The rules of products look at their gradients while there is a block, in whatever thread.
TRACER: ContextVar[Tracer | None] = ContextVar("tracer", default=None)
COUNTING = allocate_lock()
EXCHANGED: list[tuple[Rule, Any]] = []  # with their own formulas
blocks = 0


@contextmanager
def products_checked(tracer: Tracer) -> Iterator[None]:
    """Let the rules of products look at what they return inside the `with` block."""
    token = TRACER.set(tracer)
    count_blocks(1)
    try:
        yield
    finally:
        count_blocks(-1)
        TRACER.reset(token)


def count_blocks(change: int) -> None:
    """Exchange the formulas when the first block is entered and when the last one is left."""
    global blocks  # noqa: PLW0603 - all threads share it
    with COUNTING:
        blocks += change
        if blocks == 1 and change == 1:
            for operation in OPERATIONS.values():
                if care_of(operation) is EXAMINED:
                    for rule in operation.rules:
                        if rule.formula not in IN_PARTS:
                            EXCHANGED.append((rule, rule.formula))
                            rule.formula = checked(rule)
        elif blocks == 0:
            for rule, formula in EXCHANGED:
                rule.formula = formula
            EXCHANGED.clear()


def checked(rule: Rule) -> Any:
    """The formula of a product, whose result is looked at; most need an array and a shape."""
    formula = rule.formula

    @wraps(formula)
    def looking_at_all(g: Any, *kept: Any) -> Any:
        gx = formula(g, *kept)
        if gx.__class__ is ndarray and not isfinite(abs(vdot(gx, gx))):
            refuse_gradient(g, gx)
        return gx

    @wraps(formula)
    def looking(g: Any, other: Any, shape: Any) -> Any:
        gx = formula(g, other, shape)
        if gx.__class__ is ndarray:
            square = vdot(gx, gx)
            if not (isfinite(square) if square.__class__ is float64 else isfinite(abs(square))):
                refuse_gradient(g, gx)
        return gx

    return looking if len(rule.names) == 2 else looking_at_all


def refuse_gradient(g: Any, gx: Any) -> None:
    """Raise if the gradient that a rule has returned is bad, and the one it got is not."""
    tracer = TRACER.get()
    if tracer is None or not is_bad(gx, tracer.bad) or is_bad(g, tracer.bad):
        return
    tracer.raise_finding(sys._getframe(1))


def origin_of(node: Any, bad: Test) -> tuple[Any, list[tuple[str, Any]]] | None:
    """The oldest node of a graph that keeps a bad value, and these values with their names."""
    seen, waiting, found = {node}, [node], None
    while waiting:
        one = waiting.pop()
        for parent, rule, kept in one.edges or ():
            kept = kept[-len(rule.names) :] if rule.names else ()
            named_values = [
                (name, x) for name, x in zip(rule.names, kept, strict=False)
                if name != "y" and is_array(x) and is_bad(x, bad)
            ]  # fmt: skip
            if named_values and (found is None or one.index < found[0].index):
                found = one, named_values
            if parent not in seen:
                seen.add(parent)
                waiting.append(parent)
    return found
