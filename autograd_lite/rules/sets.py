"""Derivatives of what NumPy calls set operations: unique, union1d, intersect1d and their kin.

Their values are entries of the operands, and the gradient goes where each was taken from. Of equal
entries that is the first one, as `return_index` has it (of both operands of `intersect1d`: the
first operand's), a convention: where entries are tied, the number of distinct ones jumps, and
there is no derivative. Indices, inverse and counts are plain integer arrays.
"""

from typing import Any

import numpy as np

from ..core.operands import as_array
from ..core.operation import SHAPE, UNTIED, declare
from ..core.trace import compose, peel_all, unary_primitive, without_gradient


@unary_primitive
def with_signs_of_zeros(x: Any, values: Any) -> Any:
    """`x`, its zeros signed as those of `values`: sorting need not keep -0.0 and 0.0 in order."""
    return np.where(x == values, values, x)


declare(
    with_signs_of_zeros,
    kind=SHAPE,
    cases=("x=(n, m), values=np.zeros((n, m))",),
    x=lambda g: g,
)


def distinct(
    function: Any, ar: Any, options: dict[str, Any], axis: int | None = None, equal_nan: bool = True
) -> Any:
    """The result of `np.unique` or one of its kin, its values taken out of `ar`."""
    ar = as_array(ar)
    result = without_gradient(function, (ar,), options)
    values = result[0] if isinstance(result, tuple) else result
    found = {"return_index": True, "axis": axis, "equal_nan": equal_nan}
    first = without_gradient(np.unique, (ar,), found)[1]
    if values.ndim == 1:  # which need not be sorted
        first = first[np.argsort(np.argsort(values, kind="stable"))]
    taken = with_signs_of_zeros(np.take(ar, first, axis=axis), peel_all(values))
    if not isinstance(result, tuple):
        return taken
    fields = (taken, *result[1:])
    return type(result)(*fields) if hasattr(result, "_fields") else fields


def unique(
    ar: Any, return_index: bool = False, return_inverse: bool = False, return_counts: bool = False,
    axis: int | None = None, *, equal_nan: bool = True, **options: Any,
) -> Any:  # fmt: skip
    """np.unique, of which newer versions of NumPy have `sorted=`."""
    options |= {
        "return_index": return_index, "return_inverse": return_inverse,
        "return_counts": return_counts,
    }  # fmt: skip
    options |= {"axis": axis, "equal_nan": equal_nan}
    return distinct(np.unique, ar, options, axis, equal_nan)


compose(
    np.unique,
    unique,
    operands=("ar",),
    cases=(
        "ar=(n, m)",
        "ar=(n, m), axis=1",
        "ar=(3, 2, k), axis=0",
        "numpy 2.3: ar=(n, m), sorted=False",
    ),
    domain=UNTIED,
)


def compose_distinct(function: Any) -> None:
    """Compose one of the functions that the array API has in place of the options of `unique`."""
    compose(
        function,
        lambda x: distinct(function, x, {}, equal_nan=False),
        operands=("x",),
        cases=("x=(n, m)",),
        domain=UNTIED,
    )


compose_distinct(np.unique_values)
compose_distinct(np.unique_all)
compose_distinct(np.unique_counts)
compose_distinct(np.unique_inverse)


def intersect1d(
    ar1: Any, ar2: Any, assume_unique: bool = False, return_indices: bool = False
) -> Any:
    """np.intersect1d: entries of the first operand that the second one has as well."""
    options = {"assume_unique": assume_unique, "return_indices": return_indices}
    result = without_gradient(np.intersect1d, (ar1, ar2), options)
    prepare = np.ravel if assume_unique else np.unique
    both = np.concatenate([prepare(as_array(ar1)), prepare(as_array(ar2))])
    order = np.argsort(both, kind="stable")
    ascending = both[order]
    taken = both[order[:-1][np.equal(ascending[1:], ascending[:-1])]]
    if return_indices:
        return with_signs_of_zeros(taken, peel_all(result[0])), *result[1:]
    return with_signs_of_zeros(taken, peel_all(result))


def setdiff1d(ar1: Any, ar2: Any, assume_unique: bool = False) -> Any:
    """np.setdiff1d: entries of the first operand that the second one does not have."""
    entries = np.ravel(as_array(ar1)) if assume_unique else np.unique(as_array(ar1))
    return entries[np.isin(entries, ar2, assume_unique=assume_unique, invert=True)]


def setxor1d(ar1: Any, ar2: Any, assume_unique: bool = False) -> Any:
    """np.setxor1d: entries that only one of the operands has."""
    result = without_gradient(np.setxor1d, (ar1, ar2, assume_unique), {})
    prepare = np.ravel if assume_unique else np.unique
    both = np.concatenate([prepare(as_array(ar1)), prepare(as_array(ar2))])
    ascending = both[np.argsort(both, kind="stable")]
    step = np.not_equal(ascending[1:], ascending[:-1])
    ends = np.ones(min(both.size, 1), bool)
    alone = ascending[np.concatenate([ends, step]) & np.concatenate([step, ends])]
    return with_signs_of_zeros(alone, peel_all(result))


compose(
    np.union1d,
    lambda ar1, ar2: np.unique(np.concatenate([as_array(ar1), as_array(ar2)], axis=None)),
    operands=("ar1", "ar2"),
    cases=("ar1=(n, m), ar2=(k,)",),
    domain=UNTIED,
)
CASES = ("ar1=(n, m), ar2=(k,)", "ar1=(n,), ar2=(m,), assume_unique=True")
PAIR = ("ar1", "ar2")
compose(np.intersect1d, intersect1d, operands=PAIR, cases=CASES, domain=UNTIED)
compose(np.setdiff1d, setdiff1d, operands=PAIR, cases=CASES, domain=UNTIED)
compose(np.setxor1d, setxor1d, operands=PAIR, cases=CASES, domain=UNTIED)
