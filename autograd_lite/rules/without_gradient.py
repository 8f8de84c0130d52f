"""Functions without a derivative, of two kinds: zero or undefined slopes, and plain questions.

All others that are not declared are refused.
"""

from typing import Any

import numpy as np

from ..core.errors import explained
from ..core.trace import HANDLERS, static, without_gradient

function: Any

# Slope zero wherever there is one, or results that are no real numbers: plain arrays come back.
for function in (
    np.equal, np.not_equal, np.less, np.less_equal, np.greater, np.greater_equal,
    np.logical_and, np.logical_or, np.logical_xor, np.logical_not, np.isnan, np.isinf,
    np.isfinite, np.isneginf, np.isposinf, np.signbit, np.floor, np.ceil, np.trunc,
    np.rint, np.floor_divide,
    np.round, np.around, np.fix,
    np.any, np.all, np.argmax, np.argmin, np.argsort, np.nonzero, np.flatnonzero, np.argwhere,
    np.count_nonzero, np.searchsorted, np.digitize, np.array_equal, np.array_equiv, np.allclose,
    np.isclose, np.lexsort, np.nanargmax, np.nanargmin, np.isin,
    getattr(np, "in1d", np.isin),  # gone since NumPy 2.4
):  # fmt: skip
    HANDLERS[function] = without_gradient

# Questions about shapes and types, and printing: answered by Python, never recorded.
for function in (
    np.shape, np.ndim, np.size, np.result_type, np.can_cast, np.min_scalar_type, np.iscomplexobj,
    np.isrealobj, np.common_type, np.shares_memory, np.may_share_memory, np.array_repr,
    np.array_str, np.array2string, np.einsum_path, np.tril_indices_from, np.triu_indices_from,
    np.diag_indices_from,
):  # fmt: skip
    HANDLERS[function] = static


def of_whole_numbers(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A function of whole numbers or of dates: NumPy itself refuses to compute it of others."""
    try:
        return without_gradient(function, args, kwargs)
    except TypeError as error:
        remedy = "give it arrays of whole numbers, which have no gradient"
        raise explained(error, function, args, kwargs, remedy) from None


for function in (
    np.gcd, np.lcm, np.bitwise_and, np.bitwise_or, np.bitwise_xor, np.invert, np.left_shift,
    np.right_shift, np.bitwise_count, np.isnat, np.packbits, np.unpackbits, np.unravel_index,
    np.ravel_multi_index,
):  # fmt: skip
    HANDLERS[function] = of_whole_numbers
