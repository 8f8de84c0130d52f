"""Which arguments of a call are differentiated, and trees of derivatives in their form.

chosen = Chosen("grad", f, args, kwargs, argnums)
chosen.call(leaves)                                  # f, with other leaves in their places
chosen.tree(gradients)                               # one for each leaf, as asked for
"""

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..core.errors import describe, function_name, message
from ..core.trace import Traced, bare
from ..core.variable import as_leaf_array
from .trees import flatten, is_leaf, rebuild

Argnum = int | str
Argnums = Argnum | tuple[Argnum, ...]


FIRST = (0,)
NUMERIC = (int, np.ndarray, np.generic)


class Chosen:
    """The arguments of a call that are differentiated, with their leaves: floats and arrays."""

    def __init__(
        self, transform: str, f: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any],
        argnums: Any,
    ) -> None:  # fmt: skip
        self.transform, self.f = transform, f
        self.given, self.named, self.alone = args, kwargs, not isinstance(argnums, tuple)
        self.places = checked_places(f, args, kwargs, argnums)
        self.trees = [kwargs[at] if isinstance(at, str) else args[at] for at in self.places]
        self.leaves: list[Any] = []
        self.kept: list[dict[str, Any]] = []  # of each tree, its leaves that are carried along
        for at, tree in zip(self.places, self.trees, strict=True):
            self.take(at, tree)

    @property
    def title(self) -> str:
        """What the user has called, as errors name it."""
        return f"{self.transform} of {function_name(self.f)}"

    def take(self, at: Argnum, tree: Any) -> None:
        """Note the leaves of one argument."""
        if is_leaf(tree):
            self.leaves.append(leaf_value(self.transform, at, "", tree))
            self.kept.append({})
            return
        leaves = flatten(tree)
        kept = {path: leaf for path, leaf in leaves.items() if path and is_carried(leaf)}
        if len(kept) == len(leaves):
            raise TypeError(
                message(
                    f"{self.transform} was asked to differentiate with respect to "
                    f"{describe(tree)}, in which there is no array of real or complex numbers",
                    remedy="give arrays of floats, alone or in dicts, lists, tuples or dataclasses",
                )
            )
        for path, leaf in leaves.items():
            if path not in kept:
                self.leaves.append(leaf_value(self.transform, at, path, leaf))
        self.kept.append(kept)

    def filled(self, leaves: Sequence[Any], kept: Callable[[Any], Any]) -> list[Any]:
        """The trees with other leaves; `kept` says what stands for those carried along."""
        rest = iter(leaves)
        return [
            next(rest) if is_leaf(tree) else
            rebuild(tree, [kept(carried[path]) if path in carried else next(rest)
                           for path in flatten(tree)])
            for tree, carried in zip(self.trees, self.kept, strict=True)
        ]  # fmt: skip

    def call(self, leaves: Sequence[Any]) -> Any:
        """The result of the function with other leaves."""
        args, kwargs = list(self.given), dict(self.named)
        for at, tree in zip(self.places, self.filled(leaves, lambda leaf: leaf), strict=True):
            if isinstance(at, str):
                kwargs[at] = tree
            else:
                args[at] = tree
        return self.f(*args, **kwargs)

    def tree(self, values: Sequence[Any]) -> Any:
        """Values in the form of the arguments; None for a leaf that has no derivative."""
        found = tuple(self.filled(values, lambda _: None))
        return found[0] if self.alone else found

    def names(self) -> list[str]:
        """The leaves as errors name them: `argument 0`, `W in argument 0`."""
        return [
            place_name(at, path)
            for at, tree, kept in zip(self.places, self.trees, self.kept, strict=True)
            for path in flatten(tree)
            if path not in kept
        ]


def every_argument(transform: str, f: Callable[..., Any], args: tuple[Any, ...]) -> Chosen:
    """All arguments of a call as those that are differentiated; TypeError if there is none."""
    if args:
        return Chosen(transform, f, args, {}, tuple(range(len(args))))
    raise TypeError(
        message(
            f"{transform} of {function_name(f)} was given no argument to differentiate",
            remedy=f"give the arguments of the function: {transform}(f, x)",
        )
    )


def place_name(at: Argnum, path: str) -> str:
    """Where a leaf is: in which argument, and there by which path."""
    argument = f"argument {at}" if isinstance(at, int) else f"the argument {at}"
    return f"{path} in {argument}" if path else argument


def is_carried(leaf: Any) -> bool:
    """Whether a leaf of a tree is no number to differentiate, but a setting that is passed on."""
    return not isinstance(leaf, float | complex | np.ndarray | np.inexact | Traced)


def leaf_value(transform: str, at: Argnum, path: str, leaf: Any) -> Any:
    """A leaf as a value that can be differentiated; TypeError for whole numbers and the like."""
    if leaf.__class__ is np.ndarray and leaf.dtype.kind in "fc":
        return leaf
    leaf = bare(leaf)
    if isinstance(leaf, Traced):
        return leaf
    if leaf.__class__ is float:
        return np.float64(leaf)
    if leaf.__class__ is complex:
        return np.complex128(leaf)
    if isinstance(leaf, NUMERIC) and np.asarray(leaf).dtype.kind in "iub":
        raise TypeError(
            message(
                f"{transform}: {place_name(at, path)} is {describe(leaf)}, which cannot be "
                "differentiated",
                remedy="give floating-point data, for example np.asarray(data, dtype=float); what "
                "counts or names (indices, labels) as an argument that is not differentiated",
            )
        )
    return as_leaf_array(leaf, True)


def checked_places(f: Any, args: tuple[Any, ...], kwargs: dict[str, Any], argnums: Any) -> Any:
    """The arguments to differentiate: positions counted from 0, or names of keywords."""
    wanted = argnums if isinstance(argnums, tuple) else (argnums,)
    if wanted == FIRST and args:
        return [0]
    found = [place_of(f, args, kwargs, each) for each in wanted]
    if not found or None in found or len(set(found)) != len(found):
        known = all(type(n) is int or isinstance(n, str) for n in wanted)
        raise (ValueError if known else TypeError)(
            message(
                f"argnums={argnums!r}, but {function_name(f)} was called with {len(args)} "
                f"positional arguments{' and ' + ', '.join(kwargs) if kwargs else ''}",
                remedy="give the position of an argument that is passed, counted from 0, its name, "
                "or a tuple of different ones",
            )
        )
    return found


def place_of(f: Any, args: tuple[Any, ...], kwargs: dict[str, Any], wanted: Any) -> Argnum | None:
    """The position or keyword of one argument; None if it is not passed."""
    if type(wanted) is int:
        return wanted % len(args) if -len(args) <= wanted < len(args) else None
    if not isinstance(wanted, str):
        return None
    if wanted in kwargs:
        return wanted
    names = list(inspect.signature(f).parameters)[: len(args)]
    return names.index(wanted) if wanted in names else None
