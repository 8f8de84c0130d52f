"""Labels and masks as code for arrays sees them: arrays that leave Tensors what they are.

`labels.dot(tensor)` is a method of an array, and cannot be recorded; what `mask.astype(float)` or
`labels / 2` makes is an array to which no Tensor can be assigned. Here the one is `np.dot`, and the
others make constant Tensors.
"""

from typing import Any

import numpy as np

from ..core.trace import newest
from .creation import accepting


class WholeNumbers(np.ndarray[Any, Any]):
    """An array of whole numbers or truth values, of which real numbers are constant Tensors.

    >>> mask = np.array([True, False]).view(WholeNumbers)
    >>> mask / 2
    Tensor([0.5, 0. ], requires_grad=False)
    """

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        call = getattr(ufunc, method)
        if kwargs.get("out") is None:
            return whole(call(*map(plain, inputs), **named(kwargs)))
        call(*map(plain, inputs), **named(kwargs))
        outputs = kwargs["out"]
        return outputs[0] if len(outputs) == 1 else outputs

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        result = function(*map(plain, args), **named(kwargs))
        return tuple(map(whole, result)) if result.__class__ is tuple else whole(result)

    def dot(self, b: Any, out: Any = None) -> Any:
        """Dot product, also with a Tensor."""
        return whole(np.dot(plain(self), plain(b), plain(out)))

    def astype(self, dtype: Any, *args: Any, **kwargs: Any) -> Any:
        """The values in another dtype; real numbers as a constant Tensor."""
        return whole(plain(self).astype(dtype, *args, **kwargs))

    def mean(self, *args: Any, **kwargs: Any) -> Any:
        """The mean, as a constant Tensor if it has axes."""
        return whole(plain(self).mean(*args, **kwargs))

    def __setitem__(self, index: Any, value: Any) -> None:
        if newest((value,)) is None:
            super().__setitem__(index, value)
        else:  # a Tensor with a gradient is refused where it is stored, as in any array
            plain(self)[index] = value


def plain(value: Any) -> Any:
    """The value with plain arrays, also in lists and tuples."""
    if value.__class__ is WholeNumbers:
        return value.view(np.ndarray)
    if value.__class__ is list or value.__class__ is tuple:
        return value.__class__([plain(item) for item in value])
    return value


def named(kwargs: dict[str, Any]) -> dict[str, Any]:
    """Arguments by name, with plain arrays."""
    return {name: plain(value) for name, value in kwargs.items()}


def whole(value: Any) -> Any:
    """An array of real numbers as a constant Tensor, one of whole numbers as WholeNumbers."""
    if value.__class__ is np.ndarray and value.dtype.kind in "iub":
        return value.view(WholeNumbers)
    return accepting(value)
