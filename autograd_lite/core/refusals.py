"""What is said of a function about which nothing is declared."""

import sys
from typing import Any

from .errors import NotDifferentiableError, format_call, function_name, message
from .formulas import PACKAGE_NAME
from .signature import Signature


def refusal(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Exception:
    """The error for a function about which nothing is declared."""
    name = function_name(function)
    x = first_parameter(function)
    remedy = (
        "pass plain arrays (t.data, which drops the gradient), or declare the rule: "
        f"autograd_lite.declare({name}, {x}=lambda g, {x}: g * ...)"
    )
    if name.startswith("scipy.") and f"{PACKAGE_NAME}.scipy" not in sys.modules:
        remedy = (
            f"import {PACKAGE_NAME}.scipy.special, which declares the rules of SciPy's functions"
        )
    call = format_call(function, args, kwargs)
    return NotDifferentiableError(
        message(f"{name} has no derivative rule", call=call, remedy=remedy)
    )


def first_parameter(function: Any) -> str:
    """The name of a function's first parameter, as `declare` knows it."""
    try:
        return Signature(function, None).names[0]
    except (ValueError, TypeError, KeyError, IndexError):
        return "x"
