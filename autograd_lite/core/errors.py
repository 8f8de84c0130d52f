"""Errors that say what happened, what is allowed and what to do, at the user's own line.

Every message of the package is put together here, so that all of them read alike::

    matmul: Input operand 1 has a mismatch in its core dimension 0 ...
      call:    matmul(a: Tensor (2, 3) float64, b: array (4,) float64)
      line:    /home/ada/network.py, line 12: h = x @ w
      remedy:  the last axis of a must be as long as ...
"""

import copy
import linecache
import os
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import numpy as np

# Beginnings of file names, by which a user's own code is told from all other.
PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
NUMPY = os.path.dirname(os.path.abspath(np.__file__)) + os.sep
COPY = os.path.abspath(copy.__file__)  # whose own lines say nothing to a user

# The remedy where nothing more is known than that NumPy raised the error.
AS_FOR_ARRAYS = "NumPy refuses this call for arrays as well; see its documentation"


class MemberError(Exception):
    """Something can only be done with one member of a batch: `each` does it with all of them.

    `each(function, args, kwargs)` is the result of `function(*args, **kwargs)`, member by member.
    """

    def __init__(
        self, text: str, each: Callable[[Any, tuple[Any, ...], dict[str, Any]], Any]
    ) -> None:
        super().__init__(text)
        self.each = each


class GraphError(RuntimeError):
    """The recorded graph cannot do what was asked of it (freed, changed, not recorded)."""


class NotDifferentiableError(TypeError):
    """A NumPy function was called on a Tensor for which no derivative is declared."""


class RuleError(TypeError):
    """A derivative rule returned something that cannot be the gradient of its operand."""


class LostGradientError(TypeError):
    """A Tensor was about to become plain numbers while it is recorded."""


def is_refusal(error: Exception) -> bool:
    """Whether an error says that a Tensor would have lost its gradient; NumPy may pass it on."""
    return isinstance(error, LostGradientError) or isinstance(error.__cause__, LostGradientError)


Place = tuple[str, int]


def user_frame() -> FrameType | None:
    """The innermost frame that belongs neither to this package nor to NumPy."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        name = frame.f_code.co_filename
        if not name.startswith((PACKAGE, NUMPY, COPY, "<autograd_lite", "<__array_function__")):
            return frame
        frame = frame.f_back
    return None


def user_level() -> int:
    """The `stacklevel` by which a warning of our caller's points at the user's own line."""
    frame: FrameType | None = sys._getframe(1)
    user, level = user_frame(), 1
    while user is not None and frame is not None and frame is not user:
        frame, level = frame.f_back, level + 1
    return level


def user_place() -> Place | None:
    """File and line of the user's code that is running."""
    frame = user_frame()
    return None if frame is None else (frame.f_code.co_filename, frame.f_lineno)


def format_place(place: Place | None) -> str:
    """`file, line 3: source`, or as much of it as is known."""
    if place is None:
        return "unknown"
    name, line = place
    source = linecache.getline(name, line).strip()
    return f"{name}, line {line}" + (f": {source}" if source else "")


def describe(value: Any) -> str:
    """A value as errors show it: kind, shape and dtype of arrays, everything else in short.

    >>> describe(np.ones((2, 3), dtype=np.float32))
    'array (2, 3) float32'
    """
    if isinstance(value, type):
        return value.__name__
    if isinstance(value, list | tuple):
        inner = ", ".join(describe(item) for item in value[:4]) + ", ..." * (len(value) > 4)
        return f"[{inner}]" if isinstance(value, list) else f"({inner})"
    if hasattr(value, "shape") and hasattr(value, "dtype"):
        kind = "array" if type(value) is np.ndarray else type(value).__name__
        return f"{kind} {value.shape} {value.dtype}"
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


def function_name(function: Any) -> str:
    """`np.exp`, `np.linalg.inv`, `sigmoid`: the name by which a user knows a function."""
    if isinstance(function, str):
        return function
    name = getattr(function, "__name__", str(function))
    module = getattr(function, "__module__", None) or "numpy"
    if isinstance(function, np.ufunc) and getattr(np, name, None) is not function:
        return f"scipy.special.{name}" if hasattr(sys.modules.get("scipy.special"), name) else name
    if isinstance(function, np.ufunc) or module in ("numpy", "numpy._core.multiarray"):
        return f"np.{name}"
    return f"np.{module[6:]}.{name}" if module.startswith("numpy.") else name


def message(
    what: str, *, call: str | None = None, rule: Place | None = None, remedy: str | None = None
) -> str:
    """One message in the common form, with the user's own line, and that of the user's rule."""
    lines = [what]
    if call is not None:
        lines.append(f"  call:    {call}")
    if rule is not None:
        lines.append(f"  rule:    {format_place(rule)}")
    place = user_place()
    if place is not None:
        lines.append(f"  line:    {format_place(place)}")
    if remedy is not None:
        lines.append(f"  remedy:  {remedy}")
    return "\n".join(lines)


def format_call(function: Any, args: Any, kwargs: dict[str, Any]) -> str:
    """`np.sum(Tensor (3,) float64, axis=2)`."""
    shown = [describe(value) for value in args]
    shown += [f"{key}={describe(value)}" for key, value in kwargs.items()]
    return f"{function_name(function)}({', '.join(shown)})"


def explained(error: Exception, function: Any, args: Any, kwargs: Any, remedy: str) -> Exception:
    """The error NumPy raised, of the same type, told again with the call and the user's line."""
    if "\n  remedy:  " in str(error):  # ours already, from further down
        return error
    text = message(
        f"{function_name(function)} failed: {error}",
        call=format_call(function, args, kwargs),
        remedy=remedy_for(error, remedy),
    )
    for kind in type(error).__mro__:  # NumPy's own types may want other arguments than a text
        try:
            told: Exception = kind(text)
        except TypeError:
            continue
        break
    return told


def remedy_for(error: Exception, usual: str) -> str:
    """What to do about an error that NumPy raised; `usual` is about shapes."""
    if isinstance(error, np.exceptions.AxisError):
        return "axes count from 0 to ndim - 1, or from -1 down to -ndim"
    if isinstance(error, IndexError):
        return "an index must be less than the length of its axis, and whole numbers or a mask"
    if isinstance(error, TypeError):
        return "combine Tensors with arrays of numbers; give axes and shapes as integers"
    return usual
