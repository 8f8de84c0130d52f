"""The warning that `vmap` computes something in a loop: once for every function."""

import sys
import warnings
from collections.abc import Hashable
from contextvars import ContextVar
from typing import Any

from ..core.errors import function_name, message, user_level
from ..core.formulas import PACKAGE_NAME
from ..core.primitives import add_at, getitem, put, scatter

ANNOUNCED: set[Any] = set()
QUIET: ContextVar[bool] = ContextVar("quiet", default=False)  # while nobody has asked for vmap
SPELLINGS = {
    getitem: "x[index]",
    put: "x[index] = value",
    add_at: "np.add.at",
    scatter: "the gradient of x[index]",
}


def announce(function: Any) -> None:
    """Warn, once for every function, that members are computed one by one."""
    key = identity(function)
    if key in ANNOUNCED or QUIET.get():
        return
    ANNOUNCED.add(key)
    warnings.warn(
        message(
            f"vmap computes {known_name(function)} in a loop, member by member",
            remedy="this is right, but slow; write it by functions that have a batched form, as "
            "sums, products and entrywise functions have",
        ),
        stacklevel=user_level(),
    )


def identity(function: Any) -> Any:
    """What a function is known by: one that is made anew at every call is the same, and is freed.

    Those that a decorator has made have a code in common, but not the name.
    """
    code = getattr(function, "__code__", None)
    if code is not None:
        return code, function.__module__, function.__qualname__
    return function if isinstance(function, Hashable) else type(function)


def known_name(function: Any) -> str:
    """What a user calls a function; of those that are steps of others, that they are some."""
    if isinstance(function, Hashable) and function in SPELLINGS:
        return SPELLINGS[function]
    name, module = function_name(function), getattr(function, "__module__", None) or ""
    ours = module == PACKAGE_NAME or module.startswith(f"{PACKAGE_NAME}.")
    if not ours or hasattr(sys.modules[PACKAGE_NAME], name):
        return name
    return "a step of the call below" + (f" ({name})" if name.isidentifier() else "")
