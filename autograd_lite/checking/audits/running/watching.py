"""What a run of the user's code assigns, statement by statement, with the values and their origin.

    result, assignments = watch(lambda: gradients(params, X, y))

Only the user's own code is watched, where its source is at hand. `edit(assignment)` may give
another value to be put in the place of what was assigned. The numbers of assignments are the same
in every run of the same code.
"""

import linecache
import sys
from collections.abc import Callable
from functools import lru_cache
from types import CodeType, FrameType
from typing import Any

from ....transforms.verbatim.origins import is_users
from .assignments import PER_NAME, Assignment, Edit, Notes, Share
from .frames import FrameWatcher

__all__ = ["PER_NAME", "Assignment", "Edit", "Share", "watch"]
INNER = ("<listcomp>", "<genexpr>", "<dictcomp>", "<setcomp>", "<module>")


class Watcher:
    """One watched run."""

    def __init__(self, edit: Edit | None, only: tuple[str, int] | None) -> None:
        self.notes = Notes(edit, only)
        self.users: dict[str, bool] = {}

    def trace(self, frame: FrameType, event: str, _: Any) -> Any:
        """The tracer of calls."""
        code, only = frame.f_code, self.notes.only
        if event != "call" or not self.is_watched(code.co_filename) or code.co_name in INNER:
            return None
        if only is not None and not holds(code, *only):
            return None
        try:
            watcher = FrameWatcher(self.notes, frame)
            self.notes.frames[id(frame)] = watcher
            if only is None:
                watcher.take_arguments(frame)
        except Exception:  # noqa: BLE001 - the user's objects may do anything when they are read
            self.notes.failed = True
            return None
        return watcher.trace

    def is_watched(self, file: str) -> bool:
        """Whether a file is the user's, and can be read."""
        known = self.users.get(file)
        if known is None:
            known = self.users[file] = is_users(file) and bool(linecache.getlines(file))
        return known


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
    return result, watcher.notes.assignments
