"""Modules of a test's own whose source can be read, as that of a user's file."""

import linecache
import types


def module_of(text: str, name: str = "written", package: str | None = None) -> types.ModuleType:
    """The module of a source; the same text has the same file."""
    module = types.ModuleType(name)
    module.__package__ = package
    file = f"<{name}_{abs(hash(text))}>.py"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    exec(compile(text, file, "exec"), vars(module))
    return module
