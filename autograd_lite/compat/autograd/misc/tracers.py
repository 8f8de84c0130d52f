"""Functions that are the same computation for every argument; here they need not be told so."""

from functools import partial
from typing import Any

from ..wrap_util import wraps


def const_graph_unary(fun: Any) -> Any:
    """The function itself: its graph is recorded at each call, at little cost."""
    return fun


def const_graph(fun: Any, *args: Any, **kwargs: Any) -> Any:
    """The function with its first arguments given."""
    return wraps(fun)(partial(fun, *args, **kwargs).__call__) if args or kwargs else fun
