"""NumPy's functions that also take lists of values that are differentiated."""

from collections.abc import Callable
from functools import wraps
from types import ModuleType
from typing import Any

import numpy as np

from ....core.errors import is_refusal
from ....core.trace import newest


def first_plain(function: Any, of_lists: Any) -> Callable[..., Any]:
    """NumPy's function, and in its place another one where it cannot see what is differentiated."""

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except (TypeError, ValueError) as error:
            if not is_refusal(error):
                raise
        return of_lists(*args, **kwargs)

    return call


JOINING = {"column_stack", "concatenate", "dstack", "hstack", "stack", "vstack"}


def of_iterables(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that joins arrays, which may also come from a generator or a dict's values."""

    @wraps(function)
    def call(arrays: Any, *args: Any, **kwargs: Any) -> Any:
        return function(arrays if hasattr(arrays, "__getitem__") else [*arrays], *args, **kwargs)

    return call


class concatenating:  # noqa: N801 - stands in for objects of NumPy, which are no functions
    """`np.r_` or `np.c_`, of numbers or of what is differentiated."""

    def __init__(self, plain: Any, of_tensors: Any) -> None:
        self.plain, self.of_tensors = plain, of_tensors

    def __getitem__(self, key: Any) -> Any:
        return (self.plain if newest((key,)) is None else self.of_tensors)[key]


def counterpart(module: ModuleType, namespace: Any, names: dict[str, Any]) -> tuple[Any, Any, Any]:
    """`__all__`, `__getattr__` and `__dir__` of a module that has all of NumPy's `module`."""

    def find(name: str) -> Any:
        value = getattr(module, name)
        if hasattr(value, "_implementation"):
            value = first_plain(value, getattr(namespace, name))
        names[name] = value
        return value

    public = list(module.__all__)
    return public, find, lambda: public


def concatenate_args(axis: Any, *args: Any) -> Any:
    """`np.concatenate(args, axis)`."""
    return np.concatenate(args, axis)


def make_diagonal(D: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """Diagonal matrices of the vectors along the last axis, in two new last axes."""
    if offset != 0 or axis1 != -1 or axis2 != -2:
        raise NotImplementedError("make_diagonal knows offset=0, axis1=-1, axis2=-2 only")
    return np.expand_dims(D, -1) * np.eye(np.shape(D)[-1])


def metadata(A: Any) -> tuple[Any, ...]:
    """Shape, number of axes, dtype, and whether it is complex."""
    return np.shape(A), np.ndim(A), np.result_type(A), np.iscomplexobj(A)


def where(condition: Any, *args: Any, **kwargs: Any) -> Any:
    """`np.where`, whose x and y may be given by name; Python's own numbers stay such."""
    if not args and not kwargs:
        return np.where(condition)
    x, y = chosen(*args, **kwargs)
    found = np.where(condition, x, y)
    arrays = any(hasattr(value, "dtype") for value in (condition, x, y))
    return found if arrays or newest((x, y)) is not None else found.tolist()


def chosen(x: Any, y: Any) -> tuple[Any, Any]:
    """Both arguments of `where`."""
    return x, y


EXTRAS: dict[str, Any] = {
    "concatenate_args": concatenate_args,
    "make_diagonal": make_diagonal,
    "metadata": metadata,
    "numpy_version": np.__version__,
    "where": where,
}
