"""Trees of parameters: arrays in dicts, lists, tuples, dataclasses and more, in any nesting.

leaves = flatten({"W": w, "b": [b1, b2]})        # {"W": w, "b[0]": b1, "b[1]": b2}
rebuild({"W": w, "b": [b1, b2]}, leaves.values())
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

import numpy as np

from ..core.errors import message
from ..core.trace import Traced

T = TypeVar("T")
Step = Callable[[str, Any], str]  # the path of a part, from that of the whole and its key


class Form(NamedTuple):
    """How a class of trees is taken apart, into a dict of its parts, and made of others."""

    parts: Callable[[Any], dict[str, Any]]
    make: Callable[[Any, dict[str, Any]], Any]


FORMS: dict[type, Form] = {}


def register_tree(
    kind: type[T], parts: Callable[[T], dict[str, Any]], make: Callable[[T, dict[str, Any]], T]
) -> type[T]:
    """Let objects of a class of yours be trees: arguments and results of all transforms.

    `parts(tree)` returns its parts by name: arrays, trees, or whatever else is carried along.
    `make(tree, parts)` returns a tree like `tree` with other parts. Returns the class.

    >>> class Layer:
    ...     def __init__(self, W, b):
    ...         self.W, self.b = W, b
    >>> Layer is register_tree(Layer, vars, lambda layer, parts: Layer(**parts))
    True
    >>> list(flatten(Layer(np.eye(2), np.zeros(2))))
    ['W', 'b']
    """
    FORMS[kind] = Form(parts, make)
    return kind


def flatten(tree: Any, name: str = "") -> dict[str, Any]:
    """The leaves of a tree in their order, by their paths; `name` stands for a nameless root.

    Lists, tuples, dicts, dataclasses, arrays of objects and what `register_tree` knows are
    branches, everything else is a leaf.

    >>> list(flatten({"layers": [{"W": 1.0}, {"W": 2.0}], "scale": 3.0}))
    ['layers[0].W', 'layers[1].W', 'scale']
    >>> list(flatten({"a": {"b": 1.0}, "a.b": 2.0}))  # which would be the same
    ["['a']['b']", "['a.b']"]
    """
    if is_leaf(tree):
        return {name: tree}
    root = name if is_sequence(tree) or parts_of(tree) is None else ""
    pairs = list(_walk(tree, root, _dotted))
    found = dict(pairs)
    return found if len(found) == len(pairs) else _numbered(_walk(tree, root, _quoted))


NUMBERS = frozenset([float, int, complex, bool, str, type(None), np.float64, np.float32])


def is_leaf(tree: Any) -> bool:
    """Whether a value is surely no branch: the quick answer for most."""
    kind = tree.__class__
    return (
        kind in NUMBERS or (kind is np.ndarray and tree.dtype != object) or isinstance(tree, Traced)
    )


def _walk(tree: Any, path: str, step: Step) -> Iterator[tuple[str, Any]]:
    if is_leaf(tree):
        yield path, tree
        return
    parts = parts_of(tree)
    if parts is not None:
        for key, branch in parts.items():
            yield from _walk(branch, step(path, key), step)
    elif is_sequence(tree):
        for at, branch in enumerate(tree):
            yield from _walk(branch, f"{path}[{at}]", step)
    else:
        yield path, tree


def _dotted(path: str, key: Any) -> str:
    if isinstance(key, str):
        return f"{path}.{key}" if path else str(key)
    return f"{path}[{key!r}]"


def _quoted(path: str, key: Any) -> str:
    return f"{path}[{key!r}]"


def _numbered(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Leaves by their paths, of which those of keys that look the same get a number."""
    found: dict[str, Any] = {}
    times: dict[str, int] = {}
    for path, leaf in pairs:
        times[path] = times.get(path, 0) + 1
        found[path if times[path] == 1 else f"{path}#{times[path]}"] = leaf
    return found


def mismatch(due: Iterable[str], given: Iterable[str]) -> str:
    """How the paths of a tree differ from those that are due, for errors; "" if they do not.

    >>> mismatch(flatten({"W": 1.0, "b": 2.0}), flatten({"W": 1.0, "v": 2.0}))
    'b is missing, v is not there'
    """
    due, given = dict.fromkeys(due), dict.fromkeys(given)  # in their order
    missing = [path or "an array alone" for path in due if path not in given]
    surplus = [path or "an array alone" for path in given if path not in due]
    texts = []
    for paths, what in ((missing, "missing"), (surplus, "not there")):
        if paths:
            names = ", ".join(paths[:3]) + ", ..." * (len(paths) > 3)
            texts.append(f"{names} {'is' if len(paths) == 1 else 'are'} {what}")
    return ", ".join(texts)


def parts_of(tree: Any) -> Mapping[Any, Any] | None:
    """The parts of a tree by their names or keys, None if it has no such."""
    if isinstance(tree, Mapping):
        return tree
    form = FORMS.get(type(tree))
    if form is not None:
        return form.parts(tree)
    if hasattr(type(tree), "__dataclass_fields__"):
        fields = sys.modules["dataclasses"].fields(tree)  # slow to import, and there by now
        return {field.name: getattr(tree, field.name) for field in fields if field.init}
    return None


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
    if is_leaf(tree):
        return next(leaves)
    parts = parts_of(tree)
    if parts is not None:
        return remade(tree, {key: _rebuilt(branch, leaves) for key, branch in parts.items()})
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


def remade(tree: Any, parts: dict[Any, Any]) -> Any:
    """A tree with other parts."""
    if isinstance(tree, Mapping):
        return parts if type(tree) is dict else type(tree)(parts)  # type: ignore[call-arg]
    form = FORMS.get(type(tree))
    if form is not None:
        return form.make(tree, parts)
    return sys.modules["dataclasses"].replace(tree, **parts)


def map_tree(function: Callable[..., Any], tree: Any, *others: Any) -> Any:
    """`function` of every leaf of a tree, and of the leaves in its place in others of its form.

    ValueError if another tree has leaves in other places.

    >>> map_tree(lambda w, g: w - 0.1 * g, {"W": 1.0, "b": [2.0]}, {"W": 10.0, "b": [0.0]})
    {'W': 0.0, 'b': [2.0]}
    """
    leaves = flatten(tree)
    beside = [flatten(other) for other in others]
    for other in beside:
        if other.keys() != leaves.keys():
            raise ValueError(
                message(
                    "map_tree: the leaves of the trees are not the same: "
                    f"{mismatch(leaves, other)}",
                    remedy="give trees of the same form",
                )
            )
    found = (function(leaf, *(o[path] for o in beside)) for path, leaf in leaves.items())
    return rebuild(tree, found)
