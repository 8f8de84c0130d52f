"""Formulas of derivatives: what is one, what it must not do, and where it stands."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from .errors import NUMPY, PACKAGE, Place, RuleError, function_name, message

Formula = Callable[..., Any]
PACKAGE_NAME = __name__.partition(".")[0]


def formula_parameters(formula: Formula, first: str = "g") -> tuple[str, ...]:
    """The names of a formula's parameters after the first; TypeError for what is no formula."""
    code = getattr(formula, "__code__", None)
    if code is None or code.co_varnames[:1] != (first,) or code.co_kwonlyargcount:
        what = "incoming gradient" if first == "g" else "tangent of the operand"
        raise TypeError(
            f"{formula!r} is not a formula; allowed: a lambda or function whose first parameter "
            f"is {first}, the {what}, and whose others are names of what it needs"
        )
    names: tuple[str, ...] = code.co_varnames[1 : code.co_argcount]
    return names


def is_own(formula: Formula) -> bool:
    """Whether a formula is one of this package, and no user's."""
    return formula.__module__.partition(".")[0] == PACKAGE_NAME


def conjugated(formula: Formula) -> Formula:
    """A formula for real numbers as one for complex ones."""

    @wraps(formula)
    def conjugate(g: Any, *kept: Any) -> Any:
        return formula(g.conjugate(), *kept).conjugate()

    return conjugate


def with_guarded_gradient(formula: Formula) -> Formula:
    """A user's formula, which gets its incoming gradient read-only: others are to see it too."""

    @wraps(formula)
    def guarded(g: Any, *kept: Any) -> Any:
        given = read_only(g)
        gx = formula(given, *kept)
        if is_assigned(given, g):
            raise changed_gradient(formula)
        return gx

    return guarded


def read_only(g: Any) -> Any:
    """A gradient as a formula of the user's gets it: an array that cannot be written to.

    To a Tensor can be assigned in place, which `is_assigned` then sees.
    """
    if g.__class__ is np.ndarray:
        g = g.view()
        g.flags.writeable = False
        return g
    if not hasattr(g, "_node"):
        return g
    own = object.__new__(g.__class__)
    own._value, own._node, own._trace = g._value, g._node, g._trace
    return own


def is_assigned(given: Any, g: Any) -> bool:
    """Whether a formula has assigned to the copy of a Tensor that it was given."""
    return hasattr(g, "_node") and (given._node is not g._node or given._value is not g._value)


def changed_gradient(formula: Formula) -> RuleError:
    """The error for a formula that changes its incoming gradient."""
    return RuleError(
        message(
            f"the rule {function_name(formula)} changed its incoming gradient in place, which "
            "other rules are to see as well",
            rule=place_of(formula),
            remedy="compute a new array: g = g * 2 in place of g *= 2",
        )
    )


def place_of(formula: Any, error: BaseException | None = None) -> Place | None:
    """File and line of a user's formula, or of the line in it that raised; None of our own."""
    while hasattr(formula, "__wrapped__"):
        formula = formula.__wrapped__
    code = getattr(formula, "__code__", None)
    if code is None or code.co_filename.startswith((PACKAGE, NUMPY)):
        return None
    line, inside = code.co_firstlineno, False
    trace = None if error is None else error.__traceback__
    while trace is not None:
        inside = inside or trace.tb_frame.f_code is code
        if inside and trace.tb_frame.f_code.co_filename == code.co_filename:
            line = trace.tb_lineno
        trace = trace.tb_next
    return code.co_filename, line
