"""What a run of the user's code assigns, statement by statement, with the values and their origin.

    result, assignments = watch(lambda: gradients(params, X, y))

Only the user's own code is watched. `edit(assignment)` may give another value to be put in the
place of what was assigned. The numbers of assignments are the same in every run of the same code.
"""

import linecache
import sys
from collections.abc import Callable, Mapping
from types import CodeType, FrameType
from typing import Any, NamedTuple

import numpy as np

from ....transforms.origins import is_users
from .statements import Part, Statement, statements_of

PER_NAME = 200  # assignments kept for each name of each line; of further ones, the last
BYTES = 50_000_000
INNER = ("<listcomp>", "<genexpr>", "<dictcomp>", "<setcomp>", "<module>")
Numbers = tuple[int, ...]
Elements = dict[int | str | None, Numbers]


class Assignment(NamedTuple):
    """What a name held after a statement.

    `value` is a copy, or None for what is no array or number; `original` the object itself.
    `reads` are the numbers of the assignments it was computed from. `kind` is "assigned",
    "updated" (the old value was changed), "returned" or "argument" (which stands on the line of the
    function's call, if the user's code calls it). `caller` is where the function was called.
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

    @property
    def place(self) -> tuple[str, int]:
        """The file and the line."""
        return self.file, self.line

    @property
    def key(self) -> tuple[str, int, str]:
        """The place and the name, which the rounds of a loop share."""
        return self.file, self.line, self.name


Edit = Callable[[Assignment], Any]


class Watcher:
    """One watched run."""

    def __init__(self, edit: Edit | None) -> None:
        self.edit = edit
        self.assignments: list[Assignment] = []
        self.frames: dict[int, FrameWatcher] = {}
        self.attributes: dict[str, Numbers] = {}  # of self, which all methods share
        self.counts: dict[tuple[str, int, str], list[int]] = {}
        self.bytes = 0
        self.users: dict[str, bool] = {}

    def trace(self, frame: FrameType, event: str, _: Any) -> Any:
        """The tracer of calls."""
        code = frame.f_code
        users = self.users.get(code.co_filename)
        if users is None:
            users = self.users[code.co_filename] = is_users(code.co_filename)
        if event != "call" or not users or code.co_name in INNER:
            return None
        watcher = FrameWatcher(self, frame)
        self.frames[id(frame)] = watcher
        watcher.take_arguments(frame)
        return watcher.trace

    def note(self, place: tuple[str, int, str], fields: dict[str, Any], value: Any) -> int:
        """Keep an assignment; its number."""
        known = self.counts.setdefault(place, [])
        number = len(self.assignments) if len(known) <= PER_NAME else known[-1]
        held = self.held(value)
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
        self.caller = watcher.frames.get(id(frame.f_back))

    def trace(self, frame: FrameType, event: str, value: Any) -> Any:
        """The tracer of lines."""
        if event == "line":
            following = self.statements.get(frame.f_lineno)
            if following is not self.statement:
                self.finish(frame)
                self.statement = None if self.code.co_name == "<lambda>" else following
        elif event == "exception":
            self.statement = None
        elif event == "return":
            self.leave(frame, value)
        return self.trace

    def finish(self, frame: FrameType) -> None:
        """Note what the statement that has just been executed assigned."""
        statement = self.statement
        self.statement = None
        if statement is not None and not statement.returns:
            scope = frame.f_locals
            for part in statement.parts:
                self.assign(frame, scope, statement, part)
        self.received, self.called = {}, set()

    def assign(self, frame: FrameType, scope: Any, statement: Statement, part: Part) -> None:
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
        if updates:
            reads = merged(reads, self.written((place, target.base)))
        kind = "updated" if updates else "assigned"
        fields = self.fields(statement.source, kind, reads, part)
        number = self.watcher.note((statement.file, statement.line, name), fields, value)
        self.write(place, (number,))
        if updates and isinstance(value, np.ndarray) and value.base is not None:
            self.write_owner(scope, value.base, number)
        if self.watcher.edit is not None:
            other = self.watcher.edit(self.watcher.assignments[number])
            if other is not None:
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
            reads = self.origins(statement, part)
            fields = self.fields(statement.source, "returned", reads, part)
            place = (statement.file, statement.line, part.text)
            elements[part.place] = (self.watcher.note(place, fields, element),)
        if None in elements and self.called == {statement.call} and len(self.received) > 1:
            return dict(self.received)
        return elements


def located(frame: FrameType, scope: Any, part: Part) -> tuple[Any, str, Any]:
    """What holds a target, the place by which it is known, and its value."""
    target = part.target
    assert target is not None
    if target.load_base is None:
        value = scope[target.text] if target.text in scope else frame.f_globals[target.text]
        return None, target.text, value
    base = eval(target.load_base, frame.f_globals, scope)
    if target.attribute is not None:
        return base, target.text, getattr(base, target.attribute)
    if isinstance(base, np.ndarray) or target.key is None:
        return base, target.base, base
    key = eval(target.key, frame.f_globals, scope)
    return base, f"{target.base}[{key!r}]", base[key]


def put(scope: Any, part: Part, base: Any, old: Any, value: Any) -> None:
    """Assign another value to a target."""
    target = part.target
    assert target is not None
    in_place = part.updates or (isinstance(base, np.ndarray) and target.attribute is None)
    if in_place and isinstance(old, np.ndarray) and old.shape == np.shape(value):
        np.copyto(old, value, "unsafe")
    elif target.attribute is not None:
        setattr(base, target.attribute, value)
    elif target.load_base is None:
        scope[target.text] = value
    else:
        key = next(key for key, item in entries(base) if item is old)
        base[key] = value


def entries(base: Any) -> list[tuple[Any, Any]]:
    """The keys and items of a dict or a sequence."""
    return list(base.items()) if isinstance(base, Mapping) else list(enumerate(base))


def merged(*numbers: Numbers) -> Numbers:
    """The numbers of several, each once."""
    return tuple(dict.fromkeys(number for some in numbers for number in some))


def watch(call: Callable[[], Any], edit: Edit | None = None) -> tuple[Any, list[Assignment]]:
    """The result of a call, and what the user's code assigned while it ran."""
    watcher = Watcher(edit)
    before = sys.gettrace()
    sys.settrace(watcher.trace)
    try:
        result = call()
    finally:
        sys.settrace(before)
    return result, watcher.assignments
