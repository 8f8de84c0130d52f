"""Trees of parameters: arrays in dicts, lists, tuples and arrays of objects, in any nesting.

leaves = flatten({"W": w, "b": [b1, b2]})        # {"W": w, "b[0]": b1, "b[1]": b2}
rebuild({"W": w, "b": [b1, b2]}, leaves.values())
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np


def flatten(tree: Any, name: str = "") -> dict[str, Any]:
    """The leaves of a tree in their order, by their paths; `name` stands for a nameless root.

    Lists, tuples, dicts and arrays of objects are branches, everything else is a leaf.

    >>> list(flatten({"layers": [{"W": 1.0}, {"W": 2.0}], "scale": 3.0}))
    ['layers[0].W', 'layers[1].W', 'scale']
    """
    return dict(_walk(tree, "" if isinstance(tree, Mapping) else name))


def _walk(tree: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(tree, Mapping):
        for key, branch in tree.items():
            step = str(key) if isinstance(key, str) else f"[{key!r}]"
            joint = "." if path and isinstance(key, str) else ""
            yield from _walk(branch, f"{path}{joint}{step}")
    elif is_sequence(tree):
        for at, branch in enumerate(tree):
            yield from _walk(branch, f"{path}[{at}]")
    else:
        yield path, tree


def is_sequence(tree: Any) -> bool:
    """Whether a tree is a sequence of trees; numbers in a list are one as well."""
    if isinstance(tree, np.ndarray):
        return tree.dtype.kind == "O" and tree.ndim == 1
    return isinstance(tree, list | tuple)


def rebuild(tree: Any, leaves: Iterable[Any]) -> Any:
    """A tree of the same form with other leaves, in the order of `flatten`.

    >>> rebuild({"a": [1, 2], "b": 3}, "xyz")
    {'a': ['x', 'y'], 'b': 'z'}
    """
    return _rebuilt(tree, iter(leaves))


def _rebuilt(tree: Any, leaves: Iterator[Any]) -> Any:
    if isinstance(tree, Mapping):
        items = {key: _rebuilt(branch, leaves) for key, branch in tree.items()}
        return items if type(tree) is dict else type(tree)(items)  # type: ignore[call-arg]
    if not is_sequence(tree):
        return next(leaves)
    branches = [_rebuilt(branch, leaves) for branch in tree]
    if isinstance(tree, np.ndarray):
        result = np.empty(len(branches), object)
        for at, branch in enumerate(branches):
            result[at] = branch
        return result
    if isinstance(tree, tuple):
        return tuple.__new__(type(tree), branches)
    return branches
