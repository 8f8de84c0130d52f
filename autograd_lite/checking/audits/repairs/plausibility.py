"""Which changes are worth a trial first: those that make a statement compute what the graph has.

The right-hand side of a changed statement is evaluated by itself, in microseconds, with the values
that stood before it. What cannot be computed, or is the same as before, needs no trial.
"""

import ast
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from ..lines.recognition import SLOPE, Gallery
from ..records import Record
from .sites import Edit, Site, names_in
from .trials import Stopped, stopped_after
from .vocabulary import is_array

MOST_ENTRIES = 200_000  # of all values of a graph, beyond which it is not searched for values
HUGE = 30_000_000  # entries that the product of two arrays may have
FARTHEST = 100  # no edit costs more
PREPARED = 3  # by how much what is read for the first time is more plausible
CUTTING = ("int", "round", "floor", "trunc", "rint", "ceil", "fix")
EXCHANGED = (
    "index", "near", "name", "field", "slice", "comparison", "factor added", "factor dropped",
    "term added", "mask", "total", "slope everywhere", "count",
)  # fmt: skip # by what may be the same
UNKNOWN = object()  # a value that is found out by a trial only


class Candidate(NamedTuple):
    """An edit, and how plausible it is: the smaller the rank, the more.

    `known` says that the statement then computes something that the graph has, `doubtful` that it
    does so already.
    """

    rank: int
    edit: Edit
    known: bool = False
    doubtful: bool = False


class Judge:
    """What is known of the graph, to tell a plausible change from any."""

    def __init__(self, record: Record | None) -> None:
        size = sum(np.size(value) for value in record.values.values()) if record else 0
        self.gallery: Gallery | None = None
        if record is not None and size <= MOST_ENTRIES:
            with np.errstate(all="ignore"):
                self.gallery = Gallery(record, [])

    def distance(self, value: Any) -> int:
        """0 for a gradient of the graph, or what holds one; 2 for a slope, 3 for a value.

        6 for anything else.
        """
        if isinstance(value, tuple | list):
            return min(map(self.distance, value), default=6)
        if isinstance(value, dict):
            return min(map(self.distance, value.values()), default=6)
        if not is_array(value):
            return 4  # a number may be anything
        if self.gallery is None or value.dtype.kind != "f":
            return 6
        with np.errstate(all="ignore"):
            exact = [match for match in self.gallery.same(value) if match.is_exact]
        if any(match.is_gradient for match in exact):
            return 0
        return min((2 if match.reference.kind == SLOPE else 3 for match in exact), default=6)

    def is_multiple(self, value: Any) -> bool:
        """Whether a value is one of the graph, or a gradient, but for a constant factor."""
        if self.gallery is None or not is_array(value) or value.dtype.kind != "f":
            return False
        with np.errstate(all="ignore"):
            return bool(self.gallery.same(value))


class Statement:
    """A statement whose right-hand side is evaluated with changes."""

    def __init__(self, site: Site, judge: Judge) -> None:
        self.site = site
        self.judge = judge
        self.statement: Any = site.statement
        self.scope = {**site.source.function.__globals__, **site.values}
        value = getattr(self.statement, "value", None)
        self.inside = set() if value is None else {id(node) for node in ast.walk(value)}
        self.seen: dict[Any, int] = {}
        self.value = self.evaluated()
        self.right = self.judge.distance(self.value) < 4
        self.seen[fingerprint(self.value)] = -1
        sizes = sorted(value.size for value in site.values.values() if is_array(value))
        self.large = len(sizes) > 1 and sizes[-1] * sizes[-2] > HUGE

    def evaluated(self) -> Any:
        """The value of the statement as it is now; UNKNOWN if it cannot be had."""
        node = self.statement
        value = getattr(node, "value", None)
        if value is None or isinstance(node, ast.For):
            return UNKNOWN
        if isinstance(node, ast.AugAssign):
            held = ast.parse(ast.unparse(node.target), mode="eval").body
            value = ast.BinOp(held, node.op, value)
        try:
            expression = ast.Expression(placed(value))
            with np.errstate(all="ignore"):
                found = eval(compile(expression, "<autograd_lite>", "eval"), self.scope)
        except Exception:  # noqa: BLE001 - changed code may fail in any way
            return UNKNOWN
        return UNKNOWN if found is None else found  # `np.add.at` gives nothing back

    def candidate(self, edit: Edit, far: int) -> Candidate | None:
        """An edit with its rank; None if there is no need to try it."""
        hinted = self.site.unused and self.site.unused & names_in(edit.made.node)
        if hinted or cuts_numbers(edit):
            far -= PREPARED
        before = edit.before
        placed(edit.made.node)
        own = before is self.statement
        if not own and id(before) not in self.inside:
            return Candidate(edit.cost + far + 2, edit)
        if own and not isinstance(edit.made.node, ast.Assign | ast.AugAssign):
            return Candidate(edit.cost + far + 2, edit)
        if self.large and not self.is_bounded(edit):
            return None
        with edit.applied():
            if own:
                self.statement = edit.made.node
            try:
                value = self.evaluated()
            finally:
                self.statement = self.site.statement
        if value is UNKNOWN:
            return None if self.value is not UNKNOWN else Candidate(edit.cost + far + 3, edit)
        key = fingerprint(value)
        may_differ = self.site.loops and edit.made.form in EXCHANGED  # in another round
        if not own and not may_differ and self.seen.get(key, FARTHEST) <= edit.cost:
            return None
        self.seen[key] = edit.cost
        distance = self.distance(value)
        if self.right:
            distance = max(distance, 4)  # what is right need not be changed
        return Candidate(edit.cost + far + distance, edit, distance < 4, self.right)

    def distance(self, value: Any) -> int:
        """How far a value is from what the graph has; of a tuple what has changed counts.

        A round of a loop computes parts, which the graph need not have.
        """
        if isinstance(value, tuple) and isinstance(self.value, tuple):
            value = tuple(
                new for new, old in zip(value, self.value, strict=False)
                if len({fingerprint(new), fingerprint(old)}) > 1
            ) or value  # fmt: skip
        distance = self.judge.distance(value)
        return min(distance, 4) if self.site.loops else distance

    def is_bounded(self, edit: Edit) -> bool:
        """Whether no array that was not there before comes in, or one of the same shape."""
        new = names_in(edit.made.node) - names_in(edit.before)
        shapes = {np.shape(self.site.values[name]) for name in names_in(edit.before)
                  if name in self.site.values}  # fmt: skip
        return edit.made.form != "transpose" and all(
            np.shape(self.site.values.get(name, 0.0)) in shapes for name in new
        )


def cuts_numbers(edit: Edit) -> bool:
    """Whether a change leaves out what cuts numbers to whole ones: `int(...)`, `np.round(...)`."""
    function = getattr(edit.made.piece, "func", None)
    name = getattr(function, "id", "") or getattr(function, "attr", "")
    return edit.made.form == "call dropped" and name in CUTTING


def placed(node: Any) -> Any:
    """A tree whose new nodes, above those of the source, have a place in it."""
    if not hasattr(node, "col_offset"):
        if isinstance(node, ast.expr | ast.stmt | ast.keyword):
            node.lineno = node.end_lineno = 1
            node.col_offset = node.end_col_offset = 0
        for child in ast.iter_child_nodes(node):
            placed(child)
    return node


def fingerprint(value: Any) -> Any:
    """What is equal for equal values; None for what cannot be compared."""
    if isinstance(value, np.ndarray) and value.dtype.kind in "fciub":
        rounded = np.round(value, 12) + 0.0 if value.dtype.kind in "fc" else value
        return value.shape, value.dtype.char, rounded.tobytes()
    if isinstance(value, tuple | list):
        return tuple(fingerprint(each) for each in value)
    if isinstance(value, dict):
        return tuple((str(key), fingerprint(each)) for key, each in value.items())
    if isinstance(value, int | float | str | bytes | np.generic | type(None)):
        return value
    return id(value)


def ranked(
    sites: Sequence[Site], families: Sequence[Callable[..., Any]], judge: Judge, far: int,
    seconds: float,
) -> list[Candidate]:  # fmt: skip
    """The changes of one statement by some families, the most plausible first."""
    statement = Statement(sites[0], judge)
    found = []
    try:
        with stopped_after(seconds):
            for family in families:
                for site in sites:
                    for made in family(site):
                        candidate = statement.candidate(Edit(site, made, site.node), far)
                        if candidate is not None:
                            found.append(candidate)
    except Stopped:  # what has been found by now will have to do
        pass
    return sorted(found, key=lambda candidate: candidate.rank)
