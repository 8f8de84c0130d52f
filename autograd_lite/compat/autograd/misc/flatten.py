"""`flatten(value)`: nested tuples, lists and dicts of arrays as one vector, and back.

>>> vector, unflatten = flatten({"W": np.ones((1, 2)), "b": [0.5, 2.0]})
>>> vector.tolist()
[1.0, 1.0, 0.5, 2.0]
>>> unflatten(2 * vector)["W"]
array([[2., 2.]])
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from ....core.trace import Traced


def flatten(value: Any) -> tuple[Any, Callable[[Any], Any]]:
    """The numbers in a value as one vector, and the way back from such a vector.

    Dicts are taken in the order of their sorted keys. Both ways can be differentiated.
    """
    parts = [np.ravel(array) for array in arrays(value)]
    vector = np.concatenate(parts) if parts else np.array([])

    def unflatten(vector: Any) -> Any:
        """A value of the same form, with other numbers."""
        return taken(value, vector, 0)[0]

    return vector, unflatten


def arrays(value: Any) -> list[Any]:
    """The arrays and numbers in a value, in their order."""
    if isinstance(value, list | tuple):
        return [array for item in value for array in arrays(item)]
    if isinstance(value, dict):
        return [array for key in sorted(value) for array in arrays(value[key])]
    return [value]


def taken(form: Any, vector: Any, start: int) -> tuple[Any, int]:
    """The value of a form whose numbers begin at `start` in a vector, and where they end."""
    if isinstance(form, dict):
        found = {}
        for key in sorted(form):
            found[key], start = taken(form[key], vector, start)
        return {key: found[key] for key in form}, start
    if isinstance(form, list | tuple):
        items = []
        for item in form:
            value, start = taken(item, vector, start)
            items.append(value)
        return (items if isinstance(form, list) else tuple.__new__(type(form), items)), start
    shape, size = np.shape(form), np.size(form)
    part = np.reshape(vector[start : start + size], shape)
    if np.iscomplexobj(part) and not np.iscomplexobj(form):
        part = np.real(part)
    return part if shape or isinstance(part, Traced) else part[()], start + size


def flatten_func(func: Callable[..., Any], example: Any) -> tuple[Any, Any, Any]:
    """A function of trees as one of vectors, the way back to trees, and the example as a vector."""
    vector, unflatten = flatten(example)

    def of_vectors(x: Any, *args: Any) -> Any:
        return flatten(func(unflatten(x), *args))[0]

    return of_vectors, unflatten, vector
