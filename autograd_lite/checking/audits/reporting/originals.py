"""A wrong line as it stands in its file, where a syntax tree has lost spaces and quotes."""

import ast
import linecache
import textwrap
from dataclasses import replace

from .findings import WrongLine

LONGEST = 40  # lines of a statement


def as_written(line: WrongLine) -> WrongLine:
    """The wrong line with its source as in the file, and what should be in the same quotes."""
    source = statement_at(line)
    if source is None:
        return line
    due = line.should_be
    if due is not None and "'" not in source and '"' in source and '"' not in due:
        due = due.replace("'", '"')
    return replace(line, source=source, should_be=due)


def statement_at(line: WrongLine) -> str | None:
    """The lines of a file that are the statement; None if they are not."""
    wanted = tree_of(line.source)
    lines = linecache.getlines(line.file)[line.line - 1 : line.line - 1 + LONGEST]
    for count in range(1, len(lines) + 1 if wanted else 1):
        text = textwrap.dedent("".join(lines[:count])).strip()
        if tree_of(text) == wanted:
            return text
    return None


def tree_of(code: str) -> str | None:
    """What a piece of code means, without its form."""
    try:
        return ast.dump(ast.parse(textwrap.dedent(code).strip()))
    except (SyntaxError, ValueError):
        return None
