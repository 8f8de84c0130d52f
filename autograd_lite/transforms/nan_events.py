"""Which operation the processor has just complained about: found on the stack, and done again.

NumPy looks after every loop whether the processor has met a division by zero, an overflow or an
invalid operation, and calls whoever `np.errstate` names. That costs nothing as long as it does not
happen. When it does, the frames of the recorder or of the backward sweep know the operation.
"""

from collections.abc import Callable
from types import FrameType
from typing import Any

import numpy as np

from ..core import operands, recording
from ..core.errors import NUMPY, PACKAGE
from ..core.operation import OPERATIONS
from ..core.structural_zeros.dependence import apply_to_selected
from ..core.structural_zeros.selected import Selected
from ..core.sweep import sweep
from ..core.trace import Traced
from . import batched, dual
from .nan_reports import Finding, Place, Test, bottom, named

OURS = (PACKAGE, NUMPY, "<autograd_lite", "<__array_function__")
Reader = Callable[[dict[str, Any]], tuple[Any, list[Any], Callable[[], Any]]]


def of_unary(known: dict[str, Any]) -> Any:
    """The operation of `record_unary`."""
    operation, value = known["operation"], known["value"]
    return operation.function, [value], lambda: operation.function(value)


def of_operator(known: dict[str, Any]) -> Any:
    """The operation of the methods that `recorders` makes: of `forward`."""
    function, tensor, other = known["function"], known["self"], known["other"]
    a, b = tensor._value, other._value if isinstance(other, Traced) else other
    return function, [a, b], lambda: function(a, b)


def of_reflected(known: dict[str, Any]) -> Any:
    """The operation of the methods that `recorders` makes: of `reflected`."""
    function, a, b = known["function"], known["other"], known["self"]._value
    return function, [a, b], lambda: function(a, b)


def of_alone(known: dict[str, Any]) -> Any:
    """The operation of `record_alone`."""
    operation, value = known["operation"], known["value"]
    options, kwargs = known["options"], known["kwargs"]
    return operation.function, [value], lambda: operation.function(value, *options, **kwargs)


def of_sequence(known: dict[str, Any]) -> Any:
    """The operation of `record_sequence`."""
    operation, raw = known["operation"], known["raw"]
    return operation.function, list(raw), lambda: operation.function(raw)


def of_compute(known: dict[str, Any]) -> Any:
    """The operation of `compute`, on which `record` stands."""
    operation, raw, options = known["operation"], known["raw"], known["options"]
    return operation.function, list(raw), lambda: operation.function(*raw, **options)


def of_push(known: dict[str, Any]) -> Any:
    """The operation of forward mode: both its value and its tangent."""
    operation, trace = known["operation"], known["trace"]
    args, kwargs = known["args"], known["kwargs"]
    return operation.function, list(args), lambda: dual.push_any(operation, trace, args, kwargs)


def of_push_unary(known: dict[str, Any]) -> Any:
    """The operation of the short way of forward mode."""
    operation, x = known["operation"], known["self"]
    return operation.function, [x], lambda: dual.push_any(operation, x._trace, (x,), {})


def of_product(known: dict[str, Any]) -> Any:
    """The operation of the methods that `products` makes in forward mode: of `forward`."""
    return of_pair(known["function"], known["self"], known["other"], known["self"]._trace)


def of_reflected_product(known: dict[str, Any]) -> Any:
    """The operation of the methods that `products` makes in forward mode: of `reflected`."""
    return of_pair(known["function"], known["other"], known["self"], known["self"]._trace)


def of_pair(function: Any, a: Any, b: Any, trace: int) -> Any:
    """The operation of a product in forward mode."""
    return function, [a, b], lambda: dual.push_any(OPERATIONS[function], trace, (a, b), {})


def of_batch(known: dict[str, Any]) -> Any:
    """The operation on a whole batch."""
    function, trace = known["function"], known["trace"]
    args, kwargs = known["args"], known["kwargs"]
    return function, list(args), lambda: batched.batch(function, trace, args, kwargs)


READERS: dict[tuple[str, str], Reader] = {
    (recording.__name__, "record_unary"): of_unary,
    (recording.__name__, "forward"): of_operator,
    (recording.__name__, "reflected"): of_reflected,
    (recording.__name__, "record_alone"): of_alone,
    (recording.__name__, "record_sequence"): of_sequence,
    (operands.__name__, "compute"): of_compute,
    (dual.__name__, "_record_unary"): of_push_unary,
    (dual.__name__, "forward"): of_product,
    (dual.__name__, "reflected"): of_reflected_product,
    (dual.__name__, "push"): of_push,
    (dual.__name__, "push_any"): of_push,
    (batched.__name__, "batch"): of_batch,
}


def is_ours(frame: FrameType) -> bool:
    """Whether a frame runs code of this package or of NumPy."""
    return frame.f_code.co_filename.startswith(OURS)


def find(frame: FrameType | None, bad: Test) -> tuple[bool, Finding | None]:
    """Whether an operation of ours is under way, and what is known of it if its result is bad."""
    ours: list[FrameType] = []
    while frame is not None:
        name = (frame.f_globals.get("__name__", ""), frame.f_code.co_name)
        if name in READERS or frame.f_code is sweep.__code__:
            ours.append(frame)
        elif ours and not is_ours(frame):
            break
        frame = frame.f_back
    place = None if frame is None else (frame.f_code, frame.f_lasti)
    for one in reversed(ours):  # what the user has called comes last
        if one.f_code is sweep.__code__:
            found = in_sweep(one.f_locals, bad)
        else:
            reader = READERS[one.f_globals["__name__"], one.f_code.co_name]
            found = in_call(reader(one.f_locals), place, bad)
        if found is not None:
            return True, found
    return bool(ours), None


def in_call(call: Any, place: Place | None, bad: Test) -> Finding | None:
    """What is known of a call whose value or tangent is bad."""
    function, given, again = call
    with np.errstate(all="ignore"):
        y = again()
    names = [(f"operand {n}", x) for n, x in enumerate(given, 1) if is_array(x)]
    if is_bad(y, bad):
        return Finding(f"the value of {named(function)}", function, y, names, place)
    for tangent in tangents_within(y):
        if is_bad(tangent, bad):
            names += [
                (f"tangent {n}", t)
                for n, x in enumerate(given, 1)
                for t in tangents_within(x)
            ]  # fmt: skip
            what = f"the tangent of {named(function)}"
            return Finding(what, function, tangent, names, place, backward=True)
    return None


def in_sweep(known: dict[str, Any], bad: Test) -> Finding | None:
    """What is known of a rule whose gradient is bad; None if it is only so where it is dropped."""
    if "rule" not in known:
        return None
    rule, g, kept = known["rule"], known["g"], known["kept"]
    with np.errstate(all="ignore"):
        parts = g.__class__ is Selected
        gx = apply_to_selected(rule, g, kept) if parts else rule.formula(g, *kept)
        gx = gx.total() if gx.__class__ is Selected else gx
        g = g.total() if g.__class__ is Selected else g
    for value in (gx, *tangents_within(gx)):
        if is_bad(value, bad):
            return of_rule(rule, g, kept, value, known["node"])
    return None


def of_rule(rule: Any, g: Any, kept: Any, gx: Any, node: Any) -> Finding:
    """What is known of a rule that has returned a bad gradient."""
    function = rule.operation.function
    kept = kept[-len(rule.names) :] if rule.names else ()
    values = [
        (name, x) for name, x in zip(rule.names, kept, strict=False) if is_array(x)
    ]  # fmt: skip
    return Finding(
        f"the gradient of {named(function)} for its operand {rule.operand}", function, gx,
        [("gradient", g), *values], getattr(node, "place", None), backward=True,
    )  # fmt: skip


def tangents_within(value: Any) -> list[Any]:
    """The tangents of a value, of all its layers."""
    found = []
    while isinstance(value, Traced):
        if isinstance(value._node, dual.Tangent):
            found += [value._node.value, *tangents_within(value._node.value)]
        value = value._value
    return found


def is_array(value: Any) -> bool:
    """Whether a value is an array or a number, or stands for one."""
    return isinstance(value, Traced | np.ndarray | np.generic | float | complex)


def is_bad(value: Any, bad: Test) -> bool:
    """Whether an array has a bad entry."""
    array = bottom(value)
    return getattr(array, "dtype", np.dtype(object)).kind in "fc" and bool(np.any(bad(array)))
