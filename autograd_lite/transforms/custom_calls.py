"""One call of a function with its own gradient: its operands, its results, and what it saves."""

from collections.abc import Callable
from math import prod
from typing import Any, NamedTuple, final

import numpy as np

from ..core.errors import describe
from ..core.guards import LARGE, changed, copied, fingerprint
from ..core.primitives import astype
from ..core.trace import Traced
from .trees import flatten, rebuild


class Operand(NamedTuple):
    """An array that is differentiated: its name, shape and dtype."""

    name: str
    shape: tuple[int, ...]
    dtype: Any


class Argument(NamedTuple):
    """A positional argument: its tree without arrays, and its operands by their paths."""

    tree: Any
    shapes: dict[str, Any]  # of its arrays, shapes and dtypes
    operands: dict[str, int]  # by their paths, numbers of operands

    def gradients(self, tree: Any) -> list[Any]:
        """The gradients of the operands from a tree of them; None where there is none."""
        if set(self.operands) == {""}:
            return [tree]
        found = flatten(tree)
        return [found.get(path) for path in self.operands]

    def tangents(self, changes: dict[int, Any], operands: Any) -> Any:
        """A tree of tangents: zeros for arrays that do not change, None for what is no array."""
        leaves = []
        for path in flatten(self.tree):
            number = self.operands.get(path)
            if number is not None:
                given = changes.get(number)
                leaves.append(np.zeros_like(operands[number]) if given is None else given)
            else:
                leaves.append(np.zeros(*self.shapes[path]) if path in self.shapes else None)
        return rebuild(self.tree, leaves)


class Form(NamedTuple):
    """The results of a call: their tree without arrays, their shapes and dtypes."""

    skeleton: Any
    shapes: list[tuple[int, ...]]
    dtypes: list[Any]

    @property
    def is_complex(self) -> bool:
        """Whether a result is complex."""
        return any(dtype.kind == "c" for dtype in self.dtypes)

    def split(self, flat: Any) -> list[Any]:
        """The results in one array, one by one."""
        if len(self.shapes) == 1:
            return [flat]
        found, first = [], 0
        for shape, dtype in zip(self.shapes, self.dtypes, strict=True):
            part = np.reshape(flat[first : first + prod(shape)], shape)
            first += prod(shape)
            part = np.real(part) if part.dtype.kind == "c" != dtype.kind else part
            found.append(part if part.dtype == dtype else astype(part, dtype))
        return found

    def tree(self, parts: list[Any]) -> Any:
        """Results in their form."""
        return rebuild(self.skeleton, parts)


def joined_entries(leaves: list[Any]) -> Any:
    """Several results in one array; one as it is."""
    if len(leaves) == 1:
        return leaves[0]
    dtype = np.result_type(*[y.dtype for y in leaves])
    flat = [np.reshape(y, (-1,)) for y in leaves]
    return np.concatenate([y if y.dtype == dtype else astype(y, dtype) for y in flat])


@final
class Saved:
    """What a call has saved for the gradients of its operands, which are computed together."""

    __slots__ = (
        "arguments", "form", "found", "leaves", "members", "operands", "prints", "rule",
        "skeleton", "waiting",
    )  # fmt: skip

    def __init__(self, call: "CustomCall", saved: Any) -> None:
        self.rule, self.form = call.rule, call.form
        self.arguments, self.operands = call.arguments, call.described
        leaves = list(flatten(saved).values())
        self.skeleton = rebuild(saved, range(len(leaves)))
        users = {id(x) for x in call.constants}  # which may change before the gradient is due
        self.prints = [(x, fingerprint(x)) for x in leaves if id(x) in users and x.nbytes > LARGE]
        self.leaves = [copied(x) if id(x) in users and x.nbytes <= LARGE else x for x in leaves]
        self.members: set[int] = set()
        self.waiting = 0
        self.found: tuple[Any, list[Any]] | None = None

    def value(self) -> Any:
        """What was saved, as it was; arrays cannot be written to."""
        for array, before in self.prints:
            if fingerprint(array) != before:
                raise changed(self.rule.operation, array)
        return rebuild(self.skeleton, map(protected, self.leaves))

    def trees(self, found: Any) -> tuple[Any, ...] | None:
        """What a rule returned for each argument; None if that is not one for each."""
        if len(self.arguments) == 1:
            tuples = isinstance(found, tuple) and not isinstance(self.arguments[0].tree, tuple)
            return found if tuples and len(found) == 1 else (found,)
        fits = isinstance(found, tuple) and len(found) == len(self.arguments)
        return found if fits else None

    def shared(self, g: Any, gradients: Callable[["Saved", Any], list[Any]]) -> list[Any]:
        """The gradients of all operands, computed once for all that are differentiated."""
        if self.found is None or self.found[0] is not g:
            self.found = (g, gradients(self, g))
            self.waiting = len(self.members)
        found = self.found[1]
        self.waiting -= 1
        if self.waiting <= 0:
            self.found = None
        return found


def protected(x: Any) -> Any:
    """An array that cannot be written to."""
    if x.__class__ is not np.ndarray or not x.flags.writeable:
        return x
    x = x.view()
    x.flags.writeable = False
    return x


@final
class CustomCall:
    """The arguments of a call, with its operands apart, and what the function has returned."""

    __slots__ = (
        "args", "arguments", "constants", "described", "form", "kwargs", "last", "operands", "rule",
    )  # fmt: skip
    form: Form

    def __init__(self, rule: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.rule, self.args, self.kwargs = rule, args, kwargs
        self.operands: list[Any] = []
        self.described: list[Operand] = []
        self.constants: list[Any] = []  # arrays of the user's that may be saved
        self.last: tuple[Any, Any] = (None, None)
        code = getattr(rule.function, "__code__", None)
        names = () if code is None else code.co_varnames[: code.co_argcount]
        self.arguments = [
            self.argument(names[at] if at < len(names) else f"argument {at}", tree)
            for at, tree in enumerate(args)
        ]
        for name, value in kwargs.items():
            if any(isinstance(leaf, Traced) for leaf in flatten(value).values()):
                raise rule.error(
                    f"was given a {describe(value)} by the keyword {name}, which has no gradient",
                    "give what is differentiated as a positional argument",
                )

    def argument(self, name: str, tree: Any) -> Argument:
        """Note the operands of a positional argument."""
        shapes: dict[str, Any] = {}
        numbers: dict[str, int] = {}
        leaves: dict[str, Any] = flatten(tree)
        for path, leaf in leaves.items():
            if isinstance(leaf, Traced):
                numbers[path] = len(self.operands)
                self.operands.append(leaf)
                full = name + ("." if path[:1] not in ("", "[") else "") + path
                operand: Any = leaf
                self.described.append(Operand(full, operand.shape, operand.dtype))
            elif isinstance(leaf, np.ndarray | np.inexact):
                shapes[path] = (leaf.shape, leaf.dtype)
                self.constants.append(leaf)
        return Argument(rebuild(tree, [None] * len(leaves)), shapes, numbers)

    def filled(self, operands: Any, size: int | None = None) -> list[Any]:
        """The arguments with other operands; beside operands of a batch all arrays are of one."""
        found = []
        for argument, tree in zip(self.arguments, self.args, strict=True):
            leaves = flatten(tree)
            if size is not None and argument.operands:
                for path, (shape, _) in argument.shapes.items():
                    leaves[path] = np.broadcast_to(leaves[path], (size, *shape))
            leaves |= {path: operands[number] for path, number in argument.operands.items()}
            found.append(rebuild(tree, leaves.values()))
        return found

    def outcome(self, args: Any) -> tuple[Any, Any]:
        """What the function returns: its result, and what it saves."""
        found = self.rule.function(*args, **self.kwargs)
        if isinstance(found, tuple) and len(found) == 2:
            return found
        raise self.rule.error(
            f"returned {describe(found)}, where a pair is due",
            "return (result, saved): saved is what the gradient needs, None for nothing",
        )

    def run(self, operands: Any) -> Any:
        """The results of the function on plain arrays, as one array."""
        y, saved = self.outcome(self.filled(operands))
        leaves = self.checked(y, [as_number(leaf) for leaf in flatten(y).values()])
        plain = [x for x in (*operands, *self.constants) if x.__class__ is np.ndarray]
        own = [
            leaf.copy() if any(np.may_share_memory(leaf, x) for x in plain) else leaf
            for leaf in leaves
        ]
        flat = joined_entries(own)
        self.last = (flat, saved)
        return flat

    def checked(self, y: Any, leaves: list[Any], of_batch: int = 0) -> list[Any]:
        """The arrays of a result; RuleError if there is anything else in it."""
        for leaf in leaves:
            if isinstance(leaf, Traced) and not of_batch:
                raise self.rule.error(
                    "used a Tensor that is none of its arguments, whose gradient would be lost",
                    "give it as an argument",
                )
            if getattr(leaf, "dtype", np.dtype(object)).kind not in "fc":
                raise self.rule.error(
                    f"returned {describe(leaf)} in its result, where arrays of floats are due",
                    "return arrays of floats, and all else as what is saved",
                )
        shapes = [tuple(leaf.shape[of_batch:]) for leaf in leaves]
        skeleton = rebuild(y, [None] * len(leaves))
        self.form = Form(skeleton, shapes, [leaf.dtype for leaf in leaves])
        return leaves

    def run_batch(self, rule: Any, operands: Any) -> Any:
        """The results for a whole batch by the user's form."""
        size = len(operands[0])
        in_axes = tuple([0 if argument.operands else None for argument in self.arguments])
        y = rule(in_axes, *self.filled(operands, size), **self.kwargs)
        leaves = [as_number(leaf) for leaf in flatten(y).values()]
        if any(np.shape(leaf)[:1] != (size,) for leaf in leaves):
            raise self.rule.error(
                f"returned {describe(y)}, where {size} members along the first axis are due",
                "return the result of every member along the first axis", rule,
            )  # fmt: skip
        self.checked(y, leaves, of_batch=1)
        if len(leaves) == 1:
            return leaves[0]
        dtype = np.result_type(*[leaf.dtype for leaf in leaves])
        rows = [np.reshape(leaf, (size, -1)) for leaf in leaves]
        return np.concatenate([x if x.dtype == dtype else astype(x, dtype) for x in rows], axis=1)

    def saved(self, y: Any, operands: Any, member: int | None = None) -> Saved:
        """What the call that returned `y` has saved.

        Where `y` belongs to older traces, the function runs on their values for it, so that what
        it saves is recorded by them, and the gradient can be differentiated.
        """
        last, saved = self.last
        if last is not y:
            saved = self.outcome(self.filled(operands))[1]
        if not isinstance(saved, Saved):
            saved = Saved(self, saved)
        self.last = (y, saved)
        if member is not None:
            saved.members.add(member)
        return saved

    def results(self, flat: Any) -> Any:
        """The results in their form, of the array in which they are recorded."""
        return self.form.tree(self.form.split(flat))

    def __repr__(self) -> str:
        return "..."


def as_number(leaf: Any) -> Any:
    """A result as an array or NumPy's number."""
    return leaf if isinstance(leaf, Traced) else np.asarray(leaf)[()]
