"""A call of a primitive: its arguments apart from what is differentiated, and its results.

The engine knows functions of arrays that return one array. So of a call's trees of arguments only
the leaves that are differentiated are handed to it, and of a tree of results one flat array.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from ...core.errors import message
from ...core.trace import Traced, bare, newest, peel
from ...transforms.dual import dual
from ...transforms.tangents import shaped
from ...transforms.trees import flatten, is_leaf, rebuild
from .vspaces import SparseObject


class Hole:
    """Stands in the arguments of a call for what is differentiated."""


HOLE = Hole()
Place = tuple[int, str | None]  # position of an argument, and the path in it if it is a tree


def differentiates(args: Iterable[Any]) -> bool:
    """Whether there is a value among the arguments that some trace differentiates."""
    for arg in args:
        leaves = (arg,) if is_leaf(arg) else flatten(arg).values()
        if any(isinstance(leaf, Traced) for leaf in leaves):
            return True
    return False


class Call:
    """The arguments of a call with holes in them, and the form of its results."""

    __slots__ = ("args", "form", "kwargs", "places")

    def __init__(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.kwargs = {key: bare(value) for key, value in kwargs.items()}
        if newest(self.kwargs.values()) is not None:
            raise TypeError(
                message(
                    f"{name} was given a value to differentiate by name, and the rules of defvjp "
                    "are those of positions",
                    remedy="give it by position",
                )
            )
        self.args = args
        self.places: list[Place] = []
        self.form: Any = None

    def operands(self) -> list[Any]:
        """What is differentiated; it leaves holes in the arguments."""
        found: list[Any] = []
        self.args = tuple(self.holed(n, arg, found) for n, arg in enumerate(self.args))
        return found

    def holed(self, argnum: int, arg: Any, found: list[Any]) -> Any:
        """One argument with holes."""
        if not differentiates((arg,)):
            return arg
        leaves = {None: arg} if is_leaf(arg) else flatten(arg)
        rest: list[Any] = []
        for path, leaf in leaves.items():
            leaf = bare(leaf)
            if isinstance(leaf, Traced):
                found.append(leaf)
                self.places.append((argnum, path))
                leaf = HOLE
            rest.append(leaf)
        return rest[0] if is_leaf(arg) else rebuild(arg, rest)

    def filled(self, operands: Sequence[Any]) -> tuple[Any, ...]:
        """The arguments with values in the holes."""
        rest = iter(operands)
        holed = {argnum for argnum, _ in self.places}
        return tuple(
            filled_tree(arg, rest) if n in holed else arg for n, arg in enumerate(self.args)
        )

    def packed(self, result: Any) -> Any:
        """A result as one array, and of a tree the flat array of its real and complex numbers."""
        if is_array(result):
            return result if hasattr(result, "dtype") else np.asarray(result)[()]
        self.form = result
        leaves = [np.ravel(leaf) for leaf in flatten(result).values() if is_differentiable(leaf)]
        return np.concatenate(leaves) if leaves else np.zeros(0)

    def unpacked(self, flat: Any) -> Any:
        """An array that `packed` made as the tree that it was made of."""
        if self.form is None:
            return flat
        found, start = [], 0
        for leaf in flatten(self.form).values():
            if is_differentiable(leaf):
                end = start + np.size(leaf)
                part = np.reshape(flat[start:end], np.shape(leaf))
                leaf = part if np.iscomplexobj(leaf) else np.real(part)
                start = end
            found.append(leaf)
        return rebuild(self.form, found)

    def gradient(self, vjpmaker: Any, g: Any, y: Any, operands: Any, member: int) -> Any:
        """The gradient of one operand by a user's rule, for that of the flat result."""
        argnum, path = self.places[member]
        ans, args = self.unpacked(y), self.filled(operands)
        if g.__class__ is np.ndarray:  # others are to see it too
            g = g.view()
            g.flags.writeable = False
        (gx,) = vjpmaker((argnum,), ans, args, self.kwargs)(self.unpacked(g))
        if isinstance(gx, SparseObject):
            gx = bare(gx.dense())
        if path is not None:
            gx = flatten(gx)[path]
        real = y.dtype.kind != "c" and getattr(gx, "dtype", y.dtype).kind == "c"
        return np.conj(gx) if real else gx  # of a complex result the engine takes conjugates

    def pushed(self, function: Any, jvpmaker: Any, operands: Sequence[Any]) -> Any:
        """The result with its change by a user's rule of forward mode."""
        top = newest(operands)
        assert top is not None
        trace = top._trace
        args = self.filled([peel(x, trace) for x in operands])
        ans = function(*args, **self.kwargs)
        changes = self.changes(operands, args, trace)
        t = jvpmaker(tuple(changes), tuple(changes.values()), ans, args, self.kwargs)
        if isinstance(t, SparseObject):
            t = bare(t.dense())
        return with_tangents(ans, t, trace)

    def changes(self, operands: Sequence[Any], args: Any, trace: int) -> dict[int, Any]:
        """The changes of the arguments that change, by their positions."""
        tangents = {
            place: x._node.value
            for place, x in zip(self.places, operands, strict=True)
            if x._trace == trace
        }
        changes = {}
        for argnum in dict.fromkeys(argnum for argnum, _ in tangents):
            if (argnum, None) in tangents:
                changes[argnum] = tangents[argnum, None]
                continue
            leaves = flatten(args[argnum])
            rest = [tangents.get((argnum, path), zero_of(leaf)) for path, leaf in leaves.items()]
            changes[argnum] = rebuild(args[argnum], rest)
        return changes


def filled_tree(tree: Any, values: Iterator[Any]) -> Any:
    """A tree with the next values in its holes."""
    if tree is HOLE:
        return next(values)
    leaves = [next(values) if leaf is HOLE else leaf for leaf in flatten(tree).values()]
    return rebuild(tree, leaves)


def with_tangents(ans: Any, t: Any, trace: int) -> Any:
    """A result, or a tree of such, as duals with tangents."""
    if is_array(ans):
        ans = ans if hasattr(ans, "dtype") else np.asarray(ans)[()]
        t = t if isinstance(t, Traced) else np.asarray(t)[()]
        return dual(ans, shaped(t, ans), trace)
    changes = flatten(t)
    leaves = flatten(ans)
    return rebuild(ans, [
        with_tangents(leaf, changes[path], trace) if is_differentiable(leaf) else leaf
        for path, leaf in leaves.items()
    ])  # fmt: skip


def is_array(value: Any) -> bool:
    """Whether a result is one array or number."""
    return isinstance(value, int | float | complex) or hasattr(value, "dtype")


def is_differentiable(leaf: Any) -> bool:
    """Whether a result is an array or number of real or complex numbers."""
    return is_array(leaf) and np.result_type(leaf).kind in "fc"


def zero_of(leaf: Any) -> Any:
    """The change of what does not change."""
    return np.zeros_like(leaf) if is_differentiable(leaf) else leaf
