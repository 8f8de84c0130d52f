"""The change of one line that makes the gradients right: the cause, and what ought to stand there.

Every candidate of `edits` and `additions` is run in place of the user's function. A change after
which *all* gradients are right, here and at another point, is no guess: it is shown as evidence.
Of several the most plausible counts: one at the line that the values point to, one that makes the
line compute a gradient of the graph, one that is a slip rather than an odd number.
"""

import ast
from collections.abc import Callable, Iterator, Sequence
from time import thread_time
from types import FunctionType
from typing import Any, NamedTuple

import numpy as np

from ..cases import Case
from ..records import Record
from ..reporting.findings import WrongLine
from ..running.sources import Source
from .additions import ADDITIONS, WHOLE, can_lack, powers
from .bounds import dangerous, reaches_outward
from .broadcasts import BROADCASTS
from .calls import CALL_EXCHANGES, CALL_SLIPS
from .directions import DIRECTION_EXCHANGES, DIRECTIONS
from .edits import EXCHANGES, SLIPS
from .elsewhere import entries_elsewhere
from .indices import INDEX_EXCHANGES, INDEX_SLIPS
from .masks import MASK_EXCHANGES, MASKS
from .moments import Moments
from .origins import at_origin
from .plausibility import Candidate, Judge, ranked
from .prepared import PREPARED
from .shorter import Shorter, with_other_lengths
from .sites import Edit, Family, Site, sites_of, value_of
from .softmaxes import SOFTMAXES
from .strides import STRIDES
from .suspicion import Groups, Touched, suspicious, touched_by_all
from .trials import Trials
from .vocabulary import is_array

GOOD = 4  # a rank up to which the first change that works is believed
SLIP = 2  # the cost up to which a change of the line that the values point to is believed
SECONDS, MOST_SLIPS = 0.3, 60  # for a plainer change of a line that is known to be at fault
PLAIN = (  # seldom right by chance
    "name", "field", "factor added", "call added", "near", "cut", "mask", "count",
    "slope everywhere",
)  # fmt: skip
FEW = 4  # statements that are looked at first though the values do not point to them


class Repair(NamedTuple):
    """A change that makes all gradients right, and the line as it was and as it should be."""

    edit: Edit
    rank: int
    file: str
    line: int
    name: str  # what the statement assigns
    before: str
    after: str
    right: str = "All gradients are right"  # with it
    order: int = 0  # when the statement was first run

    @property
    def is_plausible(self) -> bool:
        """Whether the change is more than something that happens to work."""
        plain = self.edit.cost == 1 or self.edit.made.form in PLAIN
        return self.rank < GOOD + 4 or plain


def callables(*passes: Sequence[Source]) -> frozenset[FunctionType]:
    """The user's functions that may be called: those that are called anyway, and only compute."""
    every = [source for sources in passes for source in sources]
    return frozenset(source.function for source in every if not reaches_outward(source))


class Search:
    """The search for a repair."""

    def __init__(
        self, cases: Sequence[Case], sources: list[Source], record: Record | None,
        named: WrongLine | None, seconds: float, functions: frozenset[FunctionType],
    ) -> None:  # fmt: skip
        self.end = thread_time() + seconds
        self.seconds = seconds
        self.named = named
        self.trials = Trials(cases, sources)
        self.partial: list[tuple[frozenset[str], Candidate]] = []  # with what they make right
        self.nearer: list[Candidate] = []  # after which the wrong gradients lack a factor only
        self.judge = Judge(record)
        moments = Moments(sources)
        moments.watch(cases[0].problem.manual)  # it does not fail: it gave the cases
        self.trials.state.restore()
        self.order = moments.order
        parameters = [case.parameter for case in cases]
        self.places: list[list[Site]] = []
        for source in sources:
            fixed = dangerous(source)
            sites = sites_of(source, moments.values, weights_test(parameters), functions)
            self.places += [
                [site for site in group if id(site.node) not in fixed] for group in sites.values()
            ]
        self.places = sorted(
            (group for group in self.places if group),
            key=lambda group: -moments.order[id(group[0].statement)],
        )
        self.shorter = Shorter(self.trials)
        self.doubtful: Candidate | None = None
        self.touched: Touched = {}
        self.close: list[list[Site]] = []
        self.best: tuple[int, Candidate] | None = None

    def found(self) -> Repair | None:
        """The most plausible change."""
        near, far = self.near_and_far()
        slips, exchanges, additions = STAGES
        rest: list[Candidate] = []
        self.look(near, slips, 0, 0.2)
        self.look(near, exchanges, 0, 0.2)
        rest += self.look(far, slips, 1, 0.3, only_known=True)
        rest = self.attempt(rest, 0.25)
        self.look(near, additions, 0, 0.5)
        rest += self.look(far, exchanges, 1, 0.4, only_known=True)
        in_loop = any(group[0].loops for group in near)  # where little is recognised
        rest = self.attempt(rest, 0.3) if in_loop else rest
        rest += self.look(far, additions, 1, 0.7, only_known=True)
        self.attempt(rest, 1.0)
        if self.best is None and self.doubtful is not None:
            self.best = self.doubtful.rank, self.doubtful
        return None if self.best is None else self.repair_of(*self.traced_back(*self.best))

    def traced_back(self, rank: int, candidate: Candidate) -> tuple[int, Candidate]:
        """The change where what it is about was assigned, if that belongs there and works."""
        earlier = at_origin(candidate, self.places, self.judge)
        if earlier is None or not self.works(earlier):
            return rank, candidate
        statement = earlier.edit.site.statement
        group = next(group for group in self.places if group[0].statement is statement)
        slips = ranked(group, STAGES[0], self.judge, 0, SECONDS)[:MOST_SLIPS]
        return rank, next((slip for slip in slips if self.works(slip)), earlier)

    def repair_of(self, rank: int, candidate: Candidate) -> Repair:
        """The repair that a change is."""
        order = self.order.get(id(candidate.edit.site.statement), 0)
        return repair_of(rank, candidate)._replace(order=order)

    def works(self, candidate: Candidate) -> bool:
        """Whether all gradients are right with a change."""
        with candidate.edit.applied():
            mended = self.trials.mended(candidate.edit.site.source)
            shorter = mended == self.trials.wrong and self.shorter.is_right(
                candidate.edit.site.source
            )
        if mended == self.trials.wrong:
            if not shorter and self.doubtful is None:
                self.doubtful = candidate  # right by a length that is equal by chance, perhaps
            return shorter
        if mended:
            self.partial.append((mended, candidate))
        elif self.trials.is_nearer():
            self.nearer.append(candidate)
        return False

    def instead_of(self, candidate: Candidate) -> Candidate | None:
        """A change with another length in it, if the one that is equal here is not so elsewhere."""
        if self.doubtful is not candidate:
            return None
        edits = with_other_lengths(candidate.edit)
        others = (Candidate(candidate.rank, edit) for edit in edits)
        return next((other for other in others if self.works(other)), None)

    def near_and_far(self) -> tuple[Groups, Groups]:
        """The statements to change first, and the others that may be at fault.

        First come those that the values point to, unless right gradients depend on them and there
        are few others of which none does.
        """
        self.touched = touched_by_all(self.places, self.trials)
        exact, wide = suspicious(self.places, set(self.trials.wrong), self.touched)
        near = [group for group in exact if self.is_named(group[0])]
        if not near:
            named = [group for group in wide if self.is_named(group[0])]
            near = exact if not named or len(exact) <= FEW else named
        self.close = self.added_by(near)
        near = [*self.close, *[group for group in near if group not in self.close]]
        return near, [group for group in exact + wide if group not in near]

    def is_good(self) -> bool:
        """Whether there is a change that need not be compared with others."""
        if self.best is None:
            return False
        rank, candidate = self.best
        site = candidate.edit.site
        if isinstance(getattr(site.node, "ctx", None), ast.Store):
            return False  # other names for what a tuple holds: the place of their use may be wrong
        close = self.is_named(site) or any(site in group for group in self.close)
        return rank <= GOOD or (candidate.edit.cost <= SLIP and close)

    def added_by(self, groups: list[list[Site]]) -> list[list[Site]]:
        """The statements that assign a name which some others add and do nothing else."""
        added = {
            group[0].statement.value.id
            for group in groups
            if isinstance(group[0].statement, ast.AugAssign)
            and isinstance(group[0].statement.value, ast.Name)
        }
        return [
            group for group in self.places
            if isinstance(group[0].statement, ast.Assign) and group[0].loops
            and any(ast.unparse(target) in added for target in group[0].statement.targets)
        ]  # fmt: skip

    def is_named(self, site: Site) -> bool:
        """Whether a place is on the line that the values point to."""
        named, statement = self.named, site.statement
        if named is None or named.file != site.source.file:
            return False
        last = statement.lineno if hasattr(statement, "body") else statement.end_lineno
        return statement.lineno <= named.line <= (last or statement.lineno)

    def look(
        self, groups: list[list[Site]], families: Sequence[Family], far: int, share: float,
        only_known: bool = False,
    ) -> list[Candidate]:  # fmt: skip
        """Try changes of some lines, within a share of the time that is left.

        `only_known` are those after which a line computes what the graph has; the others are
        returned.
        """
        if self.is_good() or not groups:
            return []
        candidates = self.candidates(groups, families, far, 0.7 * share)
        rest = [each for each in candidates if only_known and not each.known]
        self.attempt([each for each in candidates if not only_known or each.known], share)
        return rest

    def candidates(
        self, groups: list[list[Site]], families: Sequence[Family], far: int, share: float
    ) -> list[Candidate]:
        """The changes of some statements, within a share of the time that is left."""
        start = thread_time()
        end = start + (self.end - start) * share
        found: list[Candidate] = []
        for count, group in enumerate(groups):
            seconds = (end - thread_time()) / max(1.0, (len(groups) - count) / 3)
            if seconds > 0:
                found += ranked(group, families, self.judge, far, seconds)
        self.trials.state.restore()  # a statement may have been a call that keeps something
        return found

    def attempt(self, candidates: list[Candidate], share: float) -> list[Candidate]:
        """Try some changes, the most plausible first; those that were not tried."""
        if self.is_good():
            return []
        end = thread_time() + (self.end - thread_time()) * share
        waiting = sorted(candidates, key=lambda candidate: candidate.rank)
        for count, candidate in enumerate(waiting):
            if thread_time() > end or (self.best and candidate.rank >= self.best[0]):
                return waiting[count:]
            fitting = candidate if self.works(candidate) else self.instead_of(candidate)
            if fitting is not None:
                self.best = candidate.rank, fitting
                return waiting[count + 1 :]
        return []


def adding(make: Callable[[Site, Any], Iterator[Any]]) -> Family:
    """The family of an addition, for the places that may lack something."""

    def family(site: Site) -> Iterator[Any]:
        if can_lack(site):
            yield from make(site, value_of(site, site.node))

    return family


STAGES: tuple[list[Family], ...] = (  # within each what is seldom possible, and telling, first
    [*PREPARED, *WHOLE, *DIRECTIONS, *SLIPS, *INDEX_SLIPS, *CALL_SLIPS, *MASKS, *SOFTMAXES],
    [*STRIDES, *EXCHANGES, *INDEX_EXCHANGES, *CALL_EXCHANGES, *MASK_EXCHANGES, *BROADCASTS,
     entries_elsewhere, *DIRECTION_EXCHANGES, adding(powers)],
    [adding(make) for make in ADDITIONS],
)  # fmt: skip


def weights_test(parameters: Sequence[Any]) -> Callable[[Any], bool]:
    """A function that says whether a value is that of a parameter."""

    def is_weight(value: Any) -> bool:
        return is_array(value) and any(
            value.shape == parameter.shape and np.array_equal(value, parameter)
            for parameter in parameters
        )

    return is_weight


def repair_of(rank: int, candidate: Candidate) -> Repair:
    """The repair that a change is."""
    edit = candidate.edit
    statement = edit.site.statement
    before = shown(statement)
    early = edit.made.form == "returned early"
    line = getattr(edit.before, "lineno", statement.lineno)  # a statement may have several
    with edit.applied():
        after = shown(edit.site.slot.node if edit.before is statement else statement)
    after = f"{before}  # after the loop" if early else after
    return Repair(edit, rank, edit.site.source.file, line, assigned_name(statement), before, after)


def shown(statement: Any) -> str:
    """The text of a statement; of one with a body its head; of several each."""
    if isinstance(statement, ast.If) and isinstance(statement.test, ast.Constant):
        return "\n".join(map(shown, statement.body))
    text = ast.unparse(statement)
    return text.splitlines()[0] if hasattr(statement, "body") else text


def assigned_name(statement: ast.stmt) -> str:
    """What a statement assigns, as the user spells it."""
    if isinstance(statement, ast.Assign):
        return ", ".join(ast.unparse(target) for target in statement.targets)
    if isinstance(statement, ast.AugAssign | ast.AnnAssign):
        return ast.unparse(statement.target)
    return "return" if isinstance(statement, ast.Return) else ""
