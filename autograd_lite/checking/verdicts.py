"""What `check_gradients` says when a gradient is wrong: one function per kind of mistake."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ..core.errors import describe, message
from .numeric import Estimate

ORDERS = ("", "first", "second", "third", "fourth", "fifth")


class GradientError(AssertionError):
    """A gradient is wrong, or cannot be told from a wrong one."""


class Check(NamedTuple):
    """A function of float64 arrays and its arguments, those at `positions` differentiated."""

    f: Callable[..., Any]
    args: tuple[Any, ...]
    positions: tuple[int, ...]
    name: str
    order: int
    tolerance: float
    random: "np.random.Generator"  # by name: NumPy loads that module only when it is used
    modes: tuple[str, ...]


def title(check: Check) -> str:
    """`the second derivative of np.exp`."""
    return f"the {ORDERS[check.order]} derivative of {check.name}"


def wrong(
    check: Check, position: int, way: str, gx: Any, numeric: Estimate, allowed: float
) -> GradientError:
    """The error for a gradient that differs from the numeric one, at its worst entry."""
    distance = np.abs(gx - numeric.value)
    entry = np.unravel_index(np.argmax(np.where(np.isnan(distance), np.inf, distance)), gx.shape)
    where = f" at entry {tuple(int(n) for n in entry)}" if entry else ""
    return GradientError(
        message(
            f"{title(check)} with respect to argument {position} is wrong{where}, by {way}: "
            f"{gx[entry]}, where {numeric.value[entry]} is due, give or take {allowed:.1g}",
            call=f"{check.name}({', '.join(describe(arg) for arg in check.args)})",
            remedy="correct the rule of this argument, or check at a point where the function is "
            "smooth if this one is a kink",
        )
    )


def unreliable(check: Check, position: int, error: Any, scale: Any) -> GradientError:
    """The error for a point at which nothing can be said."""
    return GradientError(
        message(
            f"{title(check)} with respect to argument {position} cannot be checked here: the "
            f"numeric derivative is of size {scale:.3g} and uncertain by {error:.1g}",
            remedy="choose arguments away from kinks, jumps and the ends of the domain, and let "
            "the function compute in float64",
        )
    )


def spoiled(check: Check) -> GradientError:
    """The error for a rule that writes into what is not its own."""
    return GradientError(
        message(
            f"{title(check)} writes into an argument of the function, which others use as well",
            remedy="let the rule compute a new array: x * 2 in place of x *= 2",
        )
    )


def impossible(check: Check, error: Exception) -> GradientError:
    """The error for a rule that the engine itself refuses."""
    return GradientError(f"{title(check)} cannot be computed: {error}")


def other_value(check: Check, found: Any, value: Any) -> GradientError:
    """The error for a function, or a gradient, that is not the same when it is recorded."""
    return GradientError(
        message(
            f"{check.name} gives another value on Tensors than on arrays, when its "
            f"{ORDERS[check.order]} derivative is taken: {found}, where {value} is due",
            remedy="compute with NumPy's functions on the arguments themselves, and let a rule "
            "compute the same on Tensors as on arrays",
        )
    )


def imprecise(check: Check, position: int, argument: Any, gx: Any, exact: Any) -> GradientError:
    """The error for a gradient that is right in float64 and not in the argument's own dtype."""
    return GradientError(
        message(
            f"{title(check)} with respect to argument {position}, {describe(argument)}, loses its "
            f"precision: {gx} {gx.dtype}, where {exact} is due",
            remedy="let the rule compute in the dtype of its operands",
        )
    )
