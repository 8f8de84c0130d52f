"""Which entries of a gradient are structurally zero, found out when somebody asks."""

from collections.abc import Callable
from typing import Any

DEEPEST = 1000  # steps that are left to be worked out later


class Live:
    """Which entries of a gradient are not structurally zero: found out when somebody asks.

    `work` makes a boolean array that broadcasts against the gradient out of those of `sources`:
    each is a Live, a function that makes the array, or the array itself. Nothing is kept once the
    answer is known, and long chains are worked out on the way.
    """

    __slots__ = ("array", "depth", "sources", "work")

    def __init__(self, work: Callable[..., Any], *sources: Any) -> None:
        self.array: Any = None
        self.work: Callable[..., Any] | None = work
        self.sources = sources
        self.depth = 1
        for source in sources:
            if source.__class__ is Live and source.depth >= self.depth:
                self.depth = source.depth + 1
        if self.depth > DEEPEST:
            answer(self)


def answer(live: Any) -> Any:
    """The boolean array behind a Live, a function that makes it, or itself. No recursion."""
    if live.__class__ is not Live:
        return live() if callable(live) else live
    waiting = [live]
    while waiting:
        first = waiting[-1]
        unknown = [each for each in first.sources if each.__class__ is Live and each.work]
        if unknown:
            waiting += unknown
            continue
        waiting.pop()
        if first.work:
            arrays = [
                each.array if each.__class__ is Live else answer(each) for each in first.sources
            ]
            first.array = first.work(*arrays)
            first.work, first.sources, first.depth = None, (), 0
    return live.array
