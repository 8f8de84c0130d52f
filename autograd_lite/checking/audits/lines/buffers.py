"""Gradients that are collected in a buffer: what each statement has put into it.

A buffer is wrong as a whole while all but one of its statements add what they should. So each is
judged by its shares; where these are right, the buffer was not empty at first, or something was
overwritten.
"""

from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from typing import Any

import numpy as np

from ..running.assignments import Assignment
from .aligning import Run

ENOUGH = 0.9  # of the shares of a statement that are recognised, if it is right
MOST_SHARES = 60  # of a statement that are looked at


class Buffers:
    """The buffers of a run."""

    def __init__(self, run: Run) -> None:
        self.run = run

    @cached_property
    def shares(self) -> dict[Any, list[Assignment]]:
        """The assignments with shares, by their keys."""
        found: dict[Any, list[Assignment]] = {}
        for assignment in self.run.assignments:
            if assignment.share is not None and np.any(assignment.share):
                found.setdefault(assignment.key, []).append(assignment)
        return found

    def recognised(self, key: Any) -> float:
        """Which part of the shares of a statement are gradients, all with the same factor."""
        every = self.shares.get(key, [])
        some = every[:: max(1, len(every) // MOST_SHARES)]
        scales = Counter(scale for a in some for scale in self.scales_of(a.share))
        return max(scales.values(), default=0) / len(some) if some else 0.0

    def scales_of(self, share: Any) -> set[float]:
        """Of which gradients a share is a multiple: the factors."""
        matches = self.run.gallery.matches(share)
        return {float(f"{match.scale:.5g}") for match in matches if match.is_gradient}

    def wrong_in(self, bad: int) -> int | None:
        """The statement that made a buffer wrong: one unlike the others, or that of its start."""
        chain = self.chain(bad)
        keys = list(dict.fromkeys(a.key for a in chain if a.key in self.shares))
        if not any(self.run.counts[key] > 1 for key in keys):
            return None
        parts = {key: self.recognised(key) for key in keys}
        unlike = [key for key in keys if parts[key] < ENOUGH]
        if unlike and len(unlike) < len(keys):
            return next(a.number for a in chain if a.key == unlike[0])
        return None if unlike else self.start(chain)

    def start(self, chain: list[Assignment]) -> int | None:
        """Where a buffer was not empty, or was overwritten, that was given the right shares."""
        first = chain[0]
        filled = first.share is None and first.value is not None and np.any(first.value)
        matches = self.run.matches(first.number)
        if filled and not any(m.is_gradient and (m.is_exact or self.run.scales) for m in matches):
            return first.number
        return next((a.number for a in chain if a.overwrites), None)

    def chain(self, number: int) -> list[Assignment]:
        """The assignments by which a buffer became what it is, in their order."""
        found: list[Assignment] = []
        waiting: Iterable[int] = [number]
        while waiting:
            here = self.run.assignments[max(waiting)]
            found.append(here)
            before = [self.run.assignments[n] for n in here.reads]
            passed = here.kind in ("returned", "argument") and len(before) == 1
            same = [a.number for a in before if passed or self.holds(here, a)]
            waiting = same if here.kind == "updated" or passed else []
        return found[::-1]

    def holds(self, here: Assignment, before: Assignment) -> bool:
        """Whether an assignment is an earlier one to the same buffer."""
        same = before.original is here.original and here.original is not None
        return same or (before.name == here.name and before.function == here.function)
