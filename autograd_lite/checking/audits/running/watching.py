"""What a run of the user's code assigns, statement by statement, with the values and their origin.

    result, assignments = watch(lambda: gradients(params, X, y))

Only the user's own code is watched. `edit(assignment)` may give another value to be put in the
place of what was assigned. The numbers of assignments are the same in every run of the same code.
"""

import linecache
import sys
from collections.abc import Callable
from functools import lru_cache
from types import CodeType, FrameType
from typing import Any, NamedTuple

import numpy as np

from ....transforms.origins import is_users
from .statements import Part, Statement, statements_of
from .targets import entries, located, put, put_share, region, share_of

PER_NAME = 200  # assignments kept for each name of each line; of further ones, the last
BYTES = 50_000_000
MOST_ENTRIES = 100  # of a returned tree that are noted
INNER = ("<listcomp>", "<genexpr>", "<dictcomp>", "<setcomp>", "<module>")
Numbers = tuple[int, ...]
Elements = dict[int | str | None, Numbers]


class Assignment(NamedTuple):
    """What a name held after a statement.

    `value` is a copy, or None for what is no array or number; `original` the object itself.
    `reads` are the numbers of the assignments it was computed from. `kind` is "assigned",
    "updated" (the old value was changed), "returned" or "argument" (which stands on the line of the
    function's call, if the user's code calls it). `caller` is where the function was called.
    `share` is what an update added, or what was put into some entries.
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


class Watcher:
    """One watched run."""

    def __init__(self, edit: Edit | None, only: tuple[str, int] | None) -> None:
        self.edit = edit
        self.only = only
        self.assignments: list[Assignment] = []
        self.frames: dict[int, FrameWatcher] = {}
        self.attributes: dict[str, Numbers] = {}  # of self, which all methods share
        self.counts: dict[tuple[str, int, str], list[int]] = {}
        self.objects: dict[int, int] = {}  # the last assignment of each array
        self.bytes = 0
        self.users: dict[str, bool] = {}

    def trace(self, frame: FrameType, event: str, _: Any) -> Any:
        """The tracer of calls."""
        code = frame.f_code
        users = self.users.get(code.co_filename)
        if users is None:
            users = is_users(code.co_filename) and bool(linecache.getlines(code.co_filename))
            self.users[code.co_filename] = users
        if event != "call" or not users or code.co_name in INNER:
            return None
        if self.only is not None and not holds(code, *self.only):
            return None
        watcher = FrameWatcher(self, frame)
        self.frames[id(frame)] = watcher
        if self.only is None:
            watcher.take_arguments(frame)
        return watcher.trace

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


class FrameWatcher:
    """One call of one of the user's functions."""

    def __init__(self, watcher: Watcher, frame: FrameType) -> None:
        self.watcher = watcher
        self.code: CodeType = frame.f_code
        file = self.code.co_filename
        self.statements = statements_of(file, len(linecache.getlines(file)))
        self.statement: Statement | None = None
        self.writers: dict[str, Numbers] = {}
        self.received: Elements = {}
        self.called: set[str | None] = set()  # the user's functions that the statement called
        self.before: list[Any] = []  # what the parts of the statement are about to change
        self.caller = watcher.frames.get(id(frame.f_back))

    def trace(self, frame: FrameType, event: str, value: Any) -> Any:
        """The tracer of lines."""
        if event == "line":
            following = self.statements.get(frame.f_lineno)
            only = self.watcher.only
            if only is not None and following is not None and following.line != only[1]:
                following = None
            if following is not self.statement:
                self.finish(frame)
                if following is not None and self.code.co_name != "<lambda>":
                    self.begin(frame, following)
        elif event == "exception":
            self.statement = None
        elif event == "return":
            self.leave(frame, value)
        return self.trace

    def begin(self, frame: FrameType, statement: Statement) -> None:
        """Remember a statement that is about to be executed, and what it is going to change."""
        self.statement = statement
        if statement.changes:
            self.before = [region(frame, part) for part in statement.parts]

    def finish(self, frame: FrameType) -> None:
        """Note what the statement that has just been executed assigned."""
        statement = self.statement
        self.statement = None
        if statement is not None and not statement.returns:
            scope = frame.f_locals
            for position, part in enumerate(statement.parts):
                before = self.before[position] if statement.changes else None
                self.assign(frame, scope, statement, part, before)
        self.received, self.called = {}, set()

    def assign(
        self, frame: FrameType, scope: Any, statement: Statement, part: Part, before: Any
    ) -> None:
        """Note one target of a statement."""
        target = part.target
        if target is None:
            return
        try:
            base, place, value = located(frame, scope, part)
        except Exception:  # noqa: BLE001 - a name that is deleted, a property that fails
            return
        name = target.base if place == target.base else target.text
        updates = part.updates or (target.load_base is not None and place == target.base)
        reads = self.origins(statement, part)
        known = self.watcher.number_of(value)
        if updates:
            reads = merged(reads, self.written((place, target.base)))
        elif known is not None and value is not base:
            reads = (known,)
        kind = "updated" if updates else "assigned"
        fields = self.fields(statement.source, kind, reads, part)
        if before is not None:
            fields["share"] = share_of(frame, part, before)
        number = self.watcher.note((statement.file, statement.line, name), fields, value)
        self.write(place, (number,))
        if updates and isinstance(value, np.ndarray) and value.base is not None:
            self.write_owner(scope, value.base, number)
        if self.watcher.edit is not None:
            other = self.watcher.edit(self.watcher.assignments[number])
            if isinstance(other, Share):
                put_share(frame, part, before, other.value)
            elif other is not None:
                put(scope, part, base, value, other)

    def fields(self, source: str, kind: str, reads: Numbers, part: Part | None) -> dict[str, Any]:
        """What an assignment of this frame says besides its place and value."""
        function = self.code.co_name
        calling = None if self.caller is None else self.caller.statement
        place = None if calling is None else (calling.file, calling.line)
        return {"source": source, "kind": kind, "reads": reads, "function": function,
                "part": part, "caller": place}  # fmt: skip

    def origins(self, statement: Statement, part: Part) -> Numbers:
        """The assignments that a part was computed from."""
        whole = self.called == {statement.call}
        if whole and None not in self.received and part.place in self.received:
            return self.received[part.place]
        inner = merged(*self.received.values())
        if whole and inner:
            return inner
        return merged(inner, *map(self.written, part.reads))

    def written(self, names: tuple[str, ...]) -> Numbers:
        """The last assignments to what is read, by the longest of its names that is known."""
        for name in names:
            table = self.watcher.attributes if name.startswith("self.") else self.writers
            found = [table[name]] if name in table else []
            found += [n for key, n in table.items() if key.startswith((f"{name}[", f"{name}."))]
            if found:
                return merged(*found)
        return ()

    def write(self, place: str, numbers: Numbers) -> None:
        """Remember which assignment a name, attribute or entry was last given by."""
        table = self.watcher.attributes if place.startswith("self.") else self.writers
        for key in [key for key in table if key.startswith((f"{place}[", f"{place}."))]:
            del table[key]
        table[place] = numbers

    def write_owner(self, scope: Any, owner: Any, number: int) -> None:
        """Remember an assignment to a view as one to the array that it is a view of."""
        for name, value in scope.items():
            if value is owner:
                self.write(name, merged(self.writers.get(name, ()), (number,)))

    def take_arguments(self, frame: FrameType) -> None:
        """Note what the function is called with."""
        code, scope = self.code, frame.f_locals
        count = code.co_argcount + code.co_kwonlyargcount
        names = code.co_varnames[:count]
        bound = 1 if names[:1] in (("self",), ("cls",)) else 0
        extra = 1 if code.co_flags & 0x04 else 0
        for at, name in enumerate(code.co_varnames[: count + extra]):
            if name not in scope:
                continue
            reads = (
                () if self.caller is None else self.caller.passed(code.co_name, at - bound, name)
            )
            fields = self.fields("", "argument", reads, None)
            place = (code.co_filename, code.co_firstlineno, name)
            calling = None if self.caller is None else self.caller.statement
            if calling is not None:
                fields["source"], place = calling.source, (calling.file, calling.line, name)
            number = self.watcher.note(place, fields, scope[name])
            self.writers[name] = (number,)
            if self.watcher.edit is not None:
                other = self.watcher.edit(self.watcher.assignments[number])
                if other is not None:
                    scope[name] = other

    def passed(self, function: str, at: int, name: str) -> Numbers:
        """What an argument of a function that is being called was computed from."""
        statement = self.statement
        if statement is None:
            return ()
        given = statement.arguments.get(function)
        if given is not None:
            positional, keywords = given
            reads = positional[at] if 0 <= at < len(positional) else keywords.get(name, ())
            return merged(*map(self.written, reads))
        return merged(*[self.written(names) for part in statement.parts for names in part.reads])

    def leave(self, frame: FrameType, value: Any) -> None:
        """Note what the function returns, and tell the caller."""
        statement = self.statement
        elements: Elements = {}
        if self.code.co_name == "<lambda>":
            fields = self.fields("", "returned", merged(*self.writers.values()), None)
            place = (self.code.co_filename, self.code.co_firstlineno, "<lambda>")
            elements[None] = (self.watcher.note(place, fields, value),)
        elif statement is not None and statement.returns:
            elements = self.returned(statement, value)
        else:
            self.finish(frame)
        self.watcher.frames.pop(id(frame), None)
        if self.caller is not None:
            self.caller.called.add(self.code.co_name)
            for place_of, numbers in elements.items():
                known = self.caller.received.get(place_of, ())
                self.caller.received[place_of] = merged(known, numbers)

    def returned(self, statement: Statement, value: Any) -> Elements:
        """The numbers of the elements of what is returned."""
        elements: Elements = {}
        for part in statement.parts:
            try:
                element = value if part.place is None else value[part.place]
            except (TypeError, IndexError, KeyError):
                element = None
            elements[part.place] = (self.give(statement, part, element),)
        if None in elements and self.called == {statement.call} and len(self.received) > 1:
            return dict(self.received)
        return elements

    def give(self, statement: Statement, part: Part, value: Any) -> int:
        """Note one element of what is returned; of a tree that was made before, its entries too."""
        place = (statement.file, part.line or statement.line, part.text)
        source = part.source or statement.source
        reads = self.origins(statement, part)
        if isinstance(value, dict | list | tuple) and len(value) <= MOST_ENTRIES:
            for key, item in entries(value):
                is_new = isinstance(item, np.ndarray) and self.watcher.number_of(item) is None
                if is_new or isinstance(item, float):
                    name = f"{part.text}[{key!r}]"
                    inner = self.written((name,)) or reads
                    fields = self.fields(source, "returned", inner, part)
                    self.watcher.note((*place[:2], name), fields, item)
        return self.watcher.note(place, self.fields(source, "returned", reads, part), value)


def merged(*numbers: Numbers) -> Numbers:
    """The numbers of several, each once."""
    return tuple(dict.fromkeys(number for some in numbers for number in some))


@lru_cache(maxsize=256)
def holds(code: CodeType, file: str, line: int) -> bool:
    """Whether a line is one of a function."""
    lines = [number for _, _, number in code.co_lines() if number]
    return code.co_filename == file and bool(lines) and min(lines) <= line <= max(lines)


def watch(
    call: Callable[[], Any], edit: Edit | None = None, only: tuple[str, int] | None = None
) -> tuple[Any, list[Assignment]]:
    """The result of a call, and what the user's code assigned while it ran.

    With `only`, a file and a line, nothing but the statement there is watched.
    """
    watcher = Watcher(edit, only)
    before = sys.gettrace()
    sys.settrace(watcher.trace)
    try:
        result = call()
    finally:
        sys.settrace(before)
    return result, watcher.assignments
