"""Functions that are the same computation for every argument; here they need not be told so."""

from typing import Any

from ..wrap_util import wraps


def const_graph_unary(fun: Any) -> Any:
    """The function itself: its graph is recorded at each call, at little cost."""
    return fun


def const_graph(fun: Any, *args: Any, **kwargs: Any) -> Any:
    """The function with its first arguments given."""
    if not args and not kwargs:
        return fun

    @wraps(fun)
    def of_rest(*rest: Any) -> Any:
        return fun(*args, *rest, **kwargs)

    return of_rest
