"""The watching of one call of one of the user's functions."""

import linecache
from types import CodeType, FrameType
from typing import Any

import numpy as np

from .assignments import PER_NAME, Notes, Numbers, Share, merged
from .statements import Part, Statement, statements_of
from .targets import entries, located, put, put_share, region, share_of

MOST_ENTRIES = 100  # of a returned tree that are noted
Elements = dict[int | str | None, Numbers]


class FrameWatcher:
    """One call of one of the user's functions."""

    def __init__(self, notes: Notes, frame: FrameType) -> None:
        self.notes = notes
        self.code: CodeType = frame.f_code
        file = self.code.co_filename
        self.statements = statements_of(file, len(linecache.getlines(file)))
        self.statement: Statement | None = None
        self.writers: dict[str, Numbers] = {}
        self.received: Elements = {}
        self.called: set[str | None] = set()  # the user's functions that the statement called
        self.before: list[Any] = []  # what the parts of the statement are about to change
        self.executed: dict[int, int] = {}  # how often, by the line of a statement
        self.caller = notes.frames.get(id(frame.f_back))

    def trace(self, frame: FrameType, event: str, value: Any) -> Any:
        """The tracer of lines; an error of its own ends the watching, not the user's run."""
        try:
            self.take(frame, event, value)
        except Exception:  # noqa: BLE001 - the user's objects may do anything when they are read
            self.notes.failed = True
            return None
        return self.trace

    def take(self, frame: FrameType, event: str, value: Any) -> None:
        """Take note of an event."""
        if event == "line":
            following = self.statements.get(frame.f_lineno)
            if following is not None and self.is_left_out(following):
                following = None
            if following is not self.statement:
                scope = frame.f_locals
                self.finish(frame, scope)
                if following is not None and self.code.co_name != "<lambda>":
                    self.begin(frame, scope, following)
        elif event == "exception":
            self.statement = None
        elif event == "return":
            self.leave(frame, value)

    def is_left_out(self, statement: Statement) -> bool:
        """Whether a statement is not the one that is watched, or is in a long loop."""
        only = self.notes.only
        if only is not None:
            return statement.line != only[1]
        if statement is not self.statement:
            count = self.executed[statement.line] = self.executed.get(statement.line, 0) + 1
            return count > PER_NAME and not statement.returns
        return False

    def catch_up(self, frame: FrameType) -> None:
        """Note what the statements of long loops have assigned at last."""
        for line in [line for line, count in self.executed.items() if count > PER_NAME]:
            statement = self.statements[line]
            for part in statement.parts if not statement.returns else ():
                self.assign(frame, frame.f_locals, statement, part, None)

    def begin(self, frame: FrameType, scope: Any, statement: Statement) -> None:
        """Remember a statement that is about to be executed, and what it is going to change."""
        self.statement = statement
        if statement.changes:
            self.before = [region(frame, scope, part) for part in statement.parts]

    def finish(self, frame: FrameType, scope: Any) -> None:
        """Note what the statement that has just been executed assigned."""
        statement = self.statement
        self.statement = None
        if statement is not None and not statement.returns:
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
        known = self.notes.number_of(value)
        if updates:
            reads = merged(reads, self.written((place, target.base)))
        elif known is not None and value is not base:
            reads = (known,)
        kind = "updated" if updates else "assigned"
        fields = self.fields(statement.source, kind, reads, part)
        if before is not None:
            fields["share"] = share_of(frame, scope, part, before)
            fields["overwrites"] = not part.adds and bool(np.any(before))
        number = self.notes.note((statement.file, statement.line, name), fields, value)
        self.write(place, (number,))
        if updates and isinstance(value, np.ndarray) and value.base is not None:
            self.write_owner(scope, value.base, number)
        if self.notes.edit is not None:
            other = self.notes.edit(self.notes.assignments[number])
            if isinstance(other, Share):
                put_share(frame, scope, part, (before, other.value))
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
            table = self.notes.attributes if name.startswith("self.") else self.writers
            found = [table[name]] if name in table else []
            found += [n for key, n in table.items() if key.startswith((f"{name}[", f"{name}."))]
            if found:
                return merged(*found)
        return ()

    def write(self, place: str, numbers: Numbers) -> None:
        """Remember which assignment a name, attribute or entry was last given by."""
        table = self.notes.attributes if place.startswith("self.") else self.writers
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
            number = self.notes.note(place, fields, scope[name])
            self.writers[name] = (number,)
            if self.notes.edit is not None:
                other = self.notes.edit(self.notes.assignments[number])
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
            source = linecache.getline(self.code.co_filename, self.code.co_firstlineno).strip()
            fields = self.fields(source, "returned", merged(*self.writers.values()), None)
            place = (self.code.co_filename, self.code.co_firstlineno, "<lambda>")
            elements[None] = (self.notes.note(place, fields, value),)
        elif statement is not None and statement.returns:
            elements = self.returned(statement, value)
        else:
            self.finish(frame, frame.f_locals)
        if self.notes.only is None:
            self.catch_up(frame)
        self.notes.frames.pop(id(frame), None)
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
                is_new = isinstance(item, np.ndarray) and self.notes.number_of(item) is None
                if is_new or isinstance(item, float):
                    name = f"{part.text}[{key!r}]"
                    inner = self.written((name,)) or reads
                    fields = self.fields(source, "returned", inner, part)
                    self.notes.note((*place[:2], name), fields, item)
        return self.notes.note(place, self.fields(source, "returned", reads, part), value)
