"""`ravel`: all numbers of a tree in one vector, for algorithms that know of vectors only."""

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from ..core.errors import describe, message
from ..core.primitives import astype
from ..core.trace import Traced
from .arguments import is_carried, leaf_value
from .trees import flatten, rebuild


def ravel(tree: Any) -> tuple[Any, Callable[[Any], Any]]:
    """`(vector, unravel)`: the numbers of a tree in one vector, and the way back.

    `tree` is an array, a float, or a tree of such; its leaves come in the order of their parts,
    the entries of each in C order, in the dtype that holds all of them. `unravel(vector)` is a
    tree of the same form, shapes and dtypes with other numbers. What is no number with a derivative
    (whole numbers, text) is not in the vector, and stays in the tree. Both can be differentiated.
    TypeError if a leaf is an array of whole numbers, ValueError for a vector of another length.

    Gradient descent on all parameters by one line, whatever their form:

    >>> import autograd_lite as ag
    >>> layer = {"W": np.ones((2, 2)), "b": [0.5, 0.0]}
    >>> vector, unravel = ag.ravel(layer)
    >>> vector.tolist()
    [1.0, 1.0, 1.0, 1.0, 0.5, 0.0]
    >>> slope = ag.grad(lambda v: np.sum(unravel(v)["W"] ** 2))(vector)
    >>> unravel(vector - 0.1 * slope)
    {'W': array([[0.8, 0.8],
           [0.8, 0.8]]), 'b': [np.float64(0.5), np.float64(0.0)]}
    """
    leaves = flatten(tree)
    if len(leaves) == 1 and "" in leaves and is_carried(leaves[""]):
        raise no_numbers(tree)
    numbers = {
        path: leaf_value("ravel", 0, path or "tree", leaf)
        for path, leaf in leaves.items()
        if not is_carried(leaf)
    }
    forms = {path: (x.shape, x.dtype) for path, x in numbers.items()}
    dtype = np.result_type(*(form[1] for form in forms.values())) if forms else np.dtype(float)
    parts = [in_dtype(np.reshape(x, (-1,)), dtype) for x in numbers.values()]
    vector = np.concatenate(parts) if parts else np.zeros(0)

    def unravel(vector: Any) -> Any:
        """A tree of the form of the first one, with the numbers of a vector."""
        return rebuild(tree, entries(leaves, forms, vector))

    return vector, unravel


def entries(leaves: dict[str, Any], forms: dict[str, Any], vector: Any) -> list[Any]:
    """The leaves of a tree, with numbers from a vector."""
    if not isinstance(vector, Traced):
        vector = np.asarray(vector)
    count = sum(prod(shape) for shape, _ in forms.values())
    if np.shape(vector) != (count,):
        raise ValueError(
            message(
                f"unravel was given {describe(vector)}, for a tree of {count} numbers",
                remedy="give a vector as long as the one that ravel returned",
            )
        )
    found, first = [], 0
    for path, leaf in leaves.items():
        if path not in forms:
            found.append(leaf)
            continue
        shape, dtype = forms[path]
        part = vector[first : first + prod(shape)]
        first += prod(shape)
        found.append(in_dtype(np.reshape(part, shape), dtype)[()])
    return found


def in_dtype(x: Any, dtype: Any) -> Any:
    """An array in a dtype; of complex numbers in a real one the real part."""
    if x.dtype == dtype:
        return x
    return astype(np.real(x) if x.dtype.kind == "c" and dtype.kind != "c" else x, dtype)


def no_numbers(tree: Any) -> TypeError:
    """The error for what has no numbers to put into a vector."""
    return TypeError(
        message(
            f"ravel was given {describe(tree)}, in which there is no array of real or complex "
            "numbers",
            remedy="give arrays of floats, alone or in dicts, lists, tuples or dataclasses",
        )
    )
