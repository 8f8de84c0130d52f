"""The places of a backward pass where something else may have been meant, and what stands there."""

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FunctionType
from typing import Any, NamedTuple

import numpy as np

from ..running.sources import Slot, Source, slots
from .vocabulary import Vocabulary, is_array

Values = dict[str, Any]


class Made(NamedTuple):
    """A new node for a place, by what it differs from the old one.

    `form` is a word of `FORMS`; `piece` is the factor, term or call that it is about.
    """

    node: Any
    form: str
    piece: Any = None
    also: tuple[tuple[Slot, Any], ...] = ()  # other places that change with it


class Edit(NamedTuple):
    """A change of a place in a source."""

    site: "Site"
    made: Made
    before: Any  # what stood there

    def apply(self) -> None:
        """Let the change stand in the tree."""
        self.site.slot.put(self.made.node)
        for slot, node in self.made.also:
            slot.put(node)

    def undo(self, before: list[Any]) -> None:
        """Let what was there stand in the tree again."""
        self.site.slot.put(self.before)
        for (slot, _), node in zip(self.made.also, before, strict=True):
            slot.put(node)

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Let the change stand in the tree inside a `with` block."""
        before = [slot.node for slot, _ in self.made.also]
        self.apply()
        try:
            yield
        finally:
            self.undo(before)

    @property
    def cost(self) -> int:
        """How far-fetched a change is."""
        return FORMS[self.made.form]


# How far-fetched each form of a change is. What is dropped, turned or exchanged is a slip; a
# number that is nowhere in the code is a last resort.
FORMS = {
    "sign": 1,
    "inverse": 2,
    "factor dropped": 1,
    "factor added": 2,
    "term dropped": 1,
    "term added": 2,
    "order": 1,
    "exchange": 2,
    "call dropped": 1,
    "call added": 2,
    "average": 1,
    "keyword": 1,
    "axis": 1,
    "sum": 2,
    "shape": 3,
    "slice": 1,
    "index": 1,
    "cut": 2,
    "name": 2,
    "field": 2,
    "whole name": 3,
    "transpose": 1,
    "power": 1,
    "complement": 1,
    "whole": 0,  # of a gradient always wrong
    "slope": 1,
    "comparison": 1,
    "text": 1,
    "near": 2,
    "constant": 5,
    "assign": 1,
    "augment": 1,
    "statement dropped": 2,
    "statement moved": 2,
    "operator": 2,
    "root": 2,
    "mask": 2,
    "total": 2,
    "slope everywhere": 2,
    "count": 2,
    "shared": 1,
    "returned early": 1,
    "direction": 1,
    "call order": 1,
}


class Site(NamedTuple):
    """An expression or statement of a backward pass, with the values in reach before it."""

    source: Source
    slot: Slot
    statement: ast.stmt
    values: Values
    weights: frozenset[str]  # names of parameters' values
    loops: tuple[str, ...]  # what the loops around it count with, the outermost first
    words: Vocabulary  # what the statement could be written with
    unused: frozenset[str]  # names that the function never reads

    @property
    def node(self) -> Any:
        """What stands there."""
        return self.slot.node


Family = Callable[[Site], Iterator[Made]]


def sites_of(
    source: Source, values: dict[int, Values], is_weight: Any,
    functions: frozenset[FunctionType] = frozenset(),
) -> dict[int, list[Site]]:  # fmt: skip
    """The places of a source by the ids of their statements.

    `functions` are those of the user's that may be called.
    """
    found: dict[int, list[Site]] = {}
    known: dict[int, tuple[frozenset[str], tuple[str, ...], Vocabulary]] = {}
    idle = unused(source.definition)
    for slot, statement in slots(source.definition):
        if statement is None or (slot.parent is source.definition and slot.field == "args"):
            continue
        own = values.get(id(statement))
        if own is None:
            continue  # it was not reached
        if id(statement) not in known:
            weights = frozenset(name for name, value in own.items() if is_weight(value))
            words = Vocabulary(statement, own, source.function, functions)
            known[id(statement)] = weights, loops_around(source, statement), words
        site = Site(source, slot, statement, own, *known[id(statement)], idle)
        found.setdefault(id(statement), []).append(site)
    return found


def unused(definition: ast.AST) -> frozenset[str]:
    """The names that a function is given or assigns, and never reads."""
    given = {each.arg for each in ast.walk(definition) if isinstance(each, ast.arg)}
    names = [each for each in ast.walk(definition) if isinstance(each, ast.Name)]
    assigned = {each.id for each in names if isinstance(each.ctx, ast.Store)}
    read = {each.id for each in names if isinstance(each.ctx, ast.Load)}
    return frozenset(n for n in (given | assigned) - read if not n.startswith("_") and n != "self")


def loops_around(source: Source, statement: ast.stmt) -> tuple[str, ...]:
    """The names that the loops around a statement count with, the outermost first."""
    return tuple(
        each.id
        for loop in ast.walk(source.definition)
        if isinstance(loop, ast.For) and loop is not statement
        and any(node is statement for node in ast.walk(loop))
        for each in ast.walk(loop.target)
        if isinstance(each, ast.Name)
    )  # fmt: skip


def is_load(node: Any) -> bool:
    """Whether an expression is read, and not assigned to."""
    return isinstance(node, ast.expr) and not isinstance(
        getattr(node, "ctx", ast.Load()), ast.Store | ast.Del
    )


def mentions(node: ast.AST, kinds: Any) -> bool:
    """Whether there is a node of these kinds in a tree."""
    return any(isinstance(each, kinds) for each in ast.walk(node))


def names_in(node: ast.AST) -> set[str]:
    """The names that are read in a tree."""
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def parsed(text: str) -> Any:
    """An expression from its text."""
    return ast.parse(text, mode="eval").body


def text_of(node: ast.AST) -> str:
    """The text of an expression, in brackets where needed."""
    text = ast.unparse(node)
    simple = isinstance(node, ast.Name | ast.Constant | ast.Attribute | ast.Subscript | ast.Call)
    return text if simple else f"({text})"


def value_of(site: Site, node: ast.AST) -> Any:
    """The value of an expression before the statement is run, or None."""
    return site.words.evaluated(ast.unparse(node))


def axes_of(site: Site, node: Any) -> int:
    """How many axes the array that a name stands for has; 0 for other things."""
    value = site.values.get(node.id) if isinstance(node, ast.Name) else None
    return value.ndim if isinstance(value, np.ndarray) else 0


def is_mask(value: Any) -> bool:
    """Whether an array consists of zeros and one other number."""
    if not is_array(value) or value.size < 3:
        return False
    levels = np.unique(value)
    return len(levels) == 2 and (levels[0] == 0 or levels[1] == 0)
