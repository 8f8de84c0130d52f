"""`numpy.polynomial.polyutils` on Tensors: coefficients, how they are trimmed, and domains."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import numpy as np
from numpy.polynomial import polyutils as numpys

from ...core.errors import AS_FOR_ARRAYS, explained
from ...core.operands import as_array
from ...core.primitives import astype
from ...core.trace import newest, peel_all

F = TypeVar("F", bound=Callable[..., Any])

format_float = numpys.format_float
mapparms = numpys.mapparms  # plain arithmetic


def instead_of(function: Any) -> Callable[[F], F]:
    """Make the decorated function one that NumPy's `function` stands in for where it can.

    That is where no Tensor is among the arguments: the values are NumPy's own then.
    """

    def decorate(on_tensors: F) -> F:
        @wraps(function)
        def either(*args: Any, **kwargs: Any) -> Any:
            if newest(args) is None and (not kwargs or newest(kwargs.values()) is None):
                return function(*args, **kwargs)
            try:
                return on_tensors(*args, **kwargs)
            except (ValueError, TypeError, IndexError) as error:
                raise explained(error, function, args, kwargs, AS_FOR_ARRAYS) from None

        return either  # type: ignore[return-value]  # the same signature

    return decorate


def trimmed_length(c: Any) -> int:
    """How many coefficients are left without the zeros at the end, at least one."""
    nonzero = np.flatnonzero(peel_all(c))
    return int(nonzero[-1]) + 1 if len(nonzero) else 1


@instead_of(numpys.trimseq)
def trimseq(seq: Any) -> Any:
    """The series without zeros at the end."""
    return seq[: trimmed_length(seq)] if len(seq) else seq


@instead_of(numpys.as_series)
def as_series(alist: Any, trim: bool = True) -> Any:
    """Series as arrays of one axis and one floating dtype."""
    arrays = [np.atleast_1d(as_array(c)) for c in alist]
    for c in arrays:
        if c.size == 0:
            raise ValueError("Coefficient array is empty")
        if c.ndim != 1:
            raise ValueError("Coefficient array is not 1-d")
    dtype = np.common_type(*arrays)
    return [astype(trimseq(c) if trim else c, dtype) for c in arrays]


@instead_of(numpys.trimcoef)
def trimcoef(c: Any, tol: Any = 0) -> Any:
    """The series without small coefficients at the end."""
    if tol < 0:
        raise ValueError("tol must be non-negative")
    (c,) = as_series([c])
    large = np.flatnonzero(np.abs(peel_all(c)) > tol)
    return c[: large[-1] + 1] if len(large) else c[:1] * 0


@instead_of(numpys.getdomain)
def getdomain(x: Any) -> Any:
    """The smallest and the largest of x."""
    (x,) = as_series([x], trim=False)
    if np.iscomplexobj(x):
        re, im = np.real(x), np.imag(x)
        return np.stack([np.min(re) + 1j * np.min(im), np.max(re) + 1j * np.max(im)])
    return np.stack([np.min(x), np.max(x)])


@instead_of(numpys.mapdomain)
def mapdomain(x: Any, old: Any, new: Any) -> Any:
    """x, moved from one interval to another."""
    if not isinstance(x, int | float | complex | np.generic):
        x = as_array(x)
    offset, scale = mapparms(as_array(old), as_array(new))
    return offset + scale * x


__all__ = [
    "as_series", "format_float", "getdomain", "mapdomain", "mapparms", "trimcoef", "trimseq",
]  # fmt: skip
