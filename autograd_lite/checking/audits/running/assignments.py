"""Assignments of a watched run, and the notes in which they are kept within bounds."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from .statements import Part

PER_NAME = 1_000  # assignments kept for each name of each line; of further ones, the last
BYTES = 100_000_000
Numbers = tuple[int, ...]


class Assignment(NamedTuple):
    """What a name held after a statement.

    `value` is a copy, or None for what is no array or number; `original` the object itself.
    `reads` are the numbers of the assignments it was computed from. `kind` is "assigned",
    "updated" (the old value was changed), "returned" or "argument" (which stands on the line of the
    function's call, if the user's code calls it). `caller` is where the function was called.
    `share` is what an update added, or what was put into some entries, of which `overwrites` says
    whether they held anything.
    """

    number: int
    file: str
    line: int
    source: str
    name: str
    value: Any
    function: str
    kind: str
    reads: Numbers
    original: Any
    part: Part | None
    caller: tuple[str, int] | None
    share: Any = None
    overwrites: bool = False

    @property
    def place(self) -> tuple[str, int]:
        """The file and the line."""
        return self.file, self.line

    @property
    def key(self) -> tuple[str, int, str]:
        """The place and the name, which the rounds of a loop share."""
        return self.file, self.line, self.name


class Share(NamedTuple):
    """A value that is to be put in the place of an assignment's share."""

    value: Any


Edit = Callable[[Assignment], Any]


class Notes:
    """What is known of a watched run."""

    def __init__(self, edit: Edit | None, only: tuple[str, int] | None) -> None:
        self.edit = edit
        self.only = only
        self.assignments: list[Assignment] = []
        self.frames: dict[int, Any] = {}  # the FrameWatcher of each, which stands on this module
        self.attributes: dict[str, Numbers] = {}  # of self, which all methods share
        self.counts: dict[tuple[str, int, str], list[int]] = {}
        self.objects: dict[int, int] = {}  # the last assignment of each array
        self.bytes = 0
        self.failed = False

    def note(self, place: tuple[str, int, str], fields: dict[str, Any], value: Any) -> int:
        """Keep an assignment; its number."""
        known = self.counts.setdefault(place, [])
        number = len(self.assignments) if len(known) <= PER_NAME else known[-1]
        held = self.held(value)
        if isinstance(value, np.ndarray):
            self.objects[id(value)] = number
        file, line, name = place
        made = Assignment(
            number=number, file=file, line=line, name=name, value=held, original=value, **fields
        )
        if number == len(self.assignments):
            known.append(number)
            self.assignments.append(made)
        else:
            self.assignments[number] = made
        return number

    def number_of(self, value: Any) -> int | None:
        """The last assignment of an array, the same object."""
        number = self.objects.get(id(value))
        if number is None or self.assignments[number].original is not value:
            return None
        return number

    def held(self, value: Any) -> Any:
        """A copy of a value, if it is of numbers."""
        if isinstance(value, np.ndarray):
            if value.dtype.kind not in "fciub" or self.bytes + value.nbytes > BYTES:
                return None
            self.bytes += value.nbytes
            return value.copy()
        return value if isinstance(value, int | float | complex | np.number | np.bool_) else None


def merged(*numbers: Numbers) -> Numbers:
    """The numbers of several, each once."""
    return tuple(dict.fromkeys(number for some in numbers for number in some))
