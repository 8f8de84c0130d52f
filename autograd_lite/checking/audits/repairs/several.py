"""The changes that make all gradients right: one, or several where there are several mistakes.

If no single change makes everything right, one that makes some gradients right and none worse is
taken as done, and the search goes on from there. Two mistakes in the same gradients cannot be told
one by one: then a change counts that leaves no more than a factor, or that makes a line compute
a gradient of the graph.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from time import thread_time
from types import FunctionType
from typing import NamedTuple

from ..cases import Case
from ..lines.finding import located
from ..records import Record
from ..reporting.findings import WrongLine
from ..running.sources import Source, sources_of
from .bounds import reaches_outward
from .repairing import Repair, Search, callables
from .trials import Trials, quiet

MOST = 4  # mistakes
TRIED = 3  # changes of a kind, and sets of gradients, with which it is begun
PATIENCE = 0.6  # of that for one change
SHARE = 0.5  # of this, for what is left after a change


class Mistake(NamedTuple):
    """A change that undoes a mistake, and the gradients as they are with all others undone."""

    repair: Repair
    cases: list[Case]
    before: tuple[Repair, ...] = ()  # what stood in the tree when it was found
    is_partial: bool = False  # something is wrong besides


def find_mistakes(
    cases: Sequence[Case], record: Record | None, named: WrongLine | None, seconds: float
) -> list[Mistake]:
    """The most plausible changes that make all gradients right; none if none is found in time.

    If some gradients cannot have been spoilt by one mistake alone, those that are explained count.
    `seconds` are those of this thread: how busy the machine is otherwise does not count.
    """
    problem = cases[0].problem
    with quiet():
        sources, _ = sources_of(problem.backward, problem.manual)
        if not sources or any(map(reaches_outward, sources)):
            return []
        forward, _ = sources_of(problem.forward, lambda: problem.scalar(problem.arrays))
        functions = callables(sources, forward)
        of_loss = {source.function for source in forward}
        for source in sources:
            source.is_forward = source.function in of_loss
        search = Search(cases, sources, record, named, seconds, functions)
        one = search.found()
        if one is None or not one.is_plausible:
            several = Several(sources, record, functions, seconds)
            repairs = several.found(search, cases, MOST)
            if repairs:
                return several.mistakes(cases, repairs)
        return [] if one is None else [Mistake(one, list(cases))]


@contextmanager
def applied(repairs: Sequence[Repair]) -> Iterator[None]:
    """Let changes stand in the trees, and the user's functions run them, inside a `with` block."""
    with ExitStack() as stack:
        for repair in repairs:
            stack.enter_context(repair.edit.applied())
        for source in {id(r.edit.site.source): r.edit.site.source for r in repairs}.values():
            stack.enter_context(source.exchanged())
        yield


class Several:
    """The search for changes that are right together."""

    def __init__(
        self, sources: list[Source], record: Record | None, functions: frozenset[FunctionType],
        seconds: float,
    ) -> None:  # fmt: skip
        self.sources, self.record, self.functions = sources, record, functions
        self.seconds = PATIENCE * seconds
        self.end = thread_time() + self.seconds

    def found(self, search: Search, cases: Sequence[Case], room: int) -> list[Repair]:
        """Changes that together make all gradients right, or some of what must be several."""
        sure: list[Repair] = []
        for first in self.firsts(search, cases):
            with applied([first]):
                rest = self.cases_now(cases)
                wrong = names_of_wrong(rest)
                others = self.others(rest, room - 1) if wrong else []
            if not wrong or (others and self.are_enough([first, *others], cases)):
                return [first, *others]
            if not sure and wrong < search.trials.wrong and not may_be_one(search):
                sure = [first, *others]
            if self.is_over():
                break
        return sure

    def is_over(self) -> bool:
        """Whether there is no time left."""
        return thread_time() > self.end

    def others(self, cases: list[Case], room: int) -> list[Repair]:
        """The changes that are due besides."""
        if self.is_over():
            return []
        search = self.search(cases)
        one = search.found()
        if one is not None and one.is_plausible:
            return [one]
        return self.found(search, cases, room) if room > 1 else []

    def search(self, cases: list[Case], beside: frozenset[str] = frozenset()) -> Search:
        """The search for one change, of less time; `beside` are not looked at."""
        place = None
        if self.record is not None:
            place = located(cases[0].problem, self.record, names_of_wrong(cases), beside)
        named = None if place is None else place.line
        seconds = min(self.seconds * SHARE, max(0.0, self.end - thread_time()))
        return Search(cases, self.sources, self.record, named, seconds, self.functions)

    def of_some(self, cases: Sequence[Case], names: frozenset[str]) -> Iterator[Repair]:
        """Changes that make some wrong gradients right, or at least one of them."""
        some = [case for case in cases if not case.is_wrong or case.name in names]
        search = self.search(some, names_of_wrong(cases) - names)
        one = search.found()
        if one is not None and one.is_plausible:
            yield one
        elif search.partial:
            best = min(search.partial, key=lambda each: (-len(each[0]), each[1].rank))[1]
            repair = search.repair_of(best.rank, best)
            if repair.is_plausible:
                yield repair

    def firsts(self, search: Search, cases: Sequence[Case]) -> Iterator[Repair]:
        """Changes to begin with: of those that make something right those that do most."""
        partial = sorted(search.partial, key=lambda each: (-len(each[0]), each[1].rank))
        found = [search.repair_of(each.rank, each) for _, each in partial]
        last = [repair for repair in found if repair.name == "return"]  # if not where it was made
        yield from [each for each in found if each.is_plausible and each not in last][:TRIED]
        for names in spoilt_together(search)[:TRIED]:
            if not self.is_over():
                yield from self.of_some(cases, names)
        yield from [each for each in last if each.is_plausible][:TRIED]
        for candidate in sorted(search.nearer, key=lambda each: each.rank)[:TRIED]:
            yield search.repair_of(candidate.rank, candidate)

    def cases_now(self, cases: Sequence[Case]) -> list[Case]:
        """The gradients as the functions are now; as they were if they fail."""
        gradients = Trials(cases, self.sources).run(cases[0].problem.arrays)
        if gradients is None:
            return list(cases)
        return [case._replace(given=gradients.get(case.name)) for case in cases]

    def are_enough(self, repairs: Sequence[Repair], cases: Sequence[Case]) -> bool:
        """Whether all gradients are right with some changes."""
        with applied(repairs):
            return not names_of_wrong(self.cases_now(cases))

    def mistakes(self, cases: Sequence[Case], repairs: list[Repair]) -> list[Mistake]:
        """What each change undoes; none that makes nothing right beside the others."""
        with applied(repairs):
            left = names_of_wrong(self.cases_now(cases))
        found: list[tuple[Repair, list[Case]]] = []
        for at, repair in enumerate(repairs):
            with applied(repairs[:at] + repairs[at + 1 :]):
                alone = self.cases_now(cases)
            alone = [case._replace(given=case.truth) if case.name in left else case
                     for case in alone]  # fmt: skip
            if not names_of_wrong(alone):
                return self.mistakes(cases, repairs[:at] + repairs[at + 1 :])
            found.append((repair, alone))
        if len(found) == 1 and not left:
            return [Mistake(found[0][0], list(cases))]
        return [
            Mistake(repair._replace(right=said(each, found)), each, tuple(repairs[:at]), True)
            for at, (repair, each) in enumerate(found)
        ]


def names_of_wrong(cases: Sequence[Case]) -> frozenset[str]:
    """The names of the gradients that are wrong."""
    return frozenset(case.name for case in cases if case.is_wrong)


def spoilt_together(search: Search) -> list[frozenset[str]]:
    """The sets of wrong gradients, but not of all, that one mistake would spoil: the largest first.

    Those that only contain what one mistake spoils as well come last.
    """
    every = {frozenset(names) for parts in search.touched.values()
             for names in parts.values() if names}  # fmt: skip
    return sorted(
        (names for names in every if names < search.trials.wrong),
        key=lambda names: (-len(names), sorted(names)),
    )


def may_be_one(search: Search) -> bool:
    """Whether there is an expression that all the wrong gradients depend on, and no right one."""
    return any(
        names == set(search.trials.wrong)
        for parts in search.touched.values()
        for names in parts.values()
    )


def said(cases: Sequence[Case], every: Sequence[tuple[Repair, list[Case]]]) -> str:
    """What is right with one change of several."""
    names = names_of_wrong(cases)
    others = [names_of_wrong(other) for _, other in every if other is not cases]
    alone = names.difference(*others)
    also = "" if alone else ", once the other mistake is undone too,"
    text = ", ".join(case.name for case in cases if case.name in (alone or names))
    verb = "gradients of {} are" if "," in text else "gradient of {} is"
    return f"The {verb.format(text)} right{also}"
