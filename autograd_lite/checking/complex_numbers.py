"""Functions of complex numbers as functions of real ones, which can be perturbed and compared."""

from collections.abc import Callable
from typing import Any

import numpy as np


def is_differentiable(value: Any) -> bool:
    """Whether an argument is one to differentiate."""
    return isinstance(value, float | complex) or getattr(value, "dtype", np.dtype(int)).kind in "fc"


def real_parts(value: Any) -> Any:
    """A complex array or number as its real and its imaginary part; all else as it is.

    >>> real_parts(np.array([1 + 2j, 3j])).tolist()
    [[1.0, 0.0], [2.0, 3.0]]
    """
    complex_number = is_differentiable(value) and np.iscomplexobj(value)
    return np.stack([np.real(value), np.imag(value)]) if complex_number else value


def in_real_numbers(f: Callable[..., Any], given: tuple[Any, ...]) -> Callable[..., Any]:
    """`f` as a function of the real parts of its arguments, with the real parts of its results.

    >>> in_real_numbers(np.square, (1j,))(np.array([1.0, 2.0]))
    [array([-3.,  4.])]
    """
    pairs = [is_differentiable(value) and np.iscomplexobj(value) for value in given]
    divided: list[bool] = []  # which of the results are complex, when the arguments are not

    def real_function(*args: Any) -> Any:
        together = [a[0] + 1j * a[1] if pair else a for a, pair in zip(args, pairs, strict=True)]
        result = f(*together)
        outputs = result if isinstance(result, list | tuple) else [result]
        if not divided:
            divided[:] = map(np.iscomplexobj, outputs)
        if not any(divided):
            return result
        return [real_parts(y) if part else y for y, part in zip(outputs, divided, strict=True)]

    return real_function
