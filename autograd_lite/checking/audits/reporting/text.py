"""A report as text: the verdict, a table, the causes, the first wrong line, and notes."""

import re
import textwrap
from collections.abc import Iterator

from .colours import Ink
from .findings import Findings, ParameterReport, WrongLine
from .sentences import (
    LEFT_OUT,
    Cause,
    causes,
    corrected,
    headline,
    no_verdict,
    number,
    sentence,
    words_of,
)

COLUMNS = 100
MOST_LINES = 8  # of a statement
HEADER = ("parameter", "shape", "verdict", "relative error", "worst at")
TO_THE_RIGHT = (3,)  # columns of numbers
COLOURS = {"right": ("green",), "wrong": ("red",), "missing": ("red",), "unknown": ("yellow",)}


def text_of(findings: Findings, ink: Ink) -> str:
    """The whole report."""
    verdict = COLOURS["right" if findings.ok else "wrong"]
    blocks = [
        [ink(line, "bold", *verdict) for line in filled(headline(findings))],
        table(findings.parameters, ink),
    ]
    words = words_of(findings)
    blocks += [cause_lines(cause, words, ink) for cause in causes(findings)]
    blocks += [
        filled(no_verdict(parameter))
        for parameter in findings.parameters
        if parameter.verdict == "unknown" and parameter.diagnosis is None
    ]
    if findings.first_wrong_line is not None:
        blocks.append(line_lines(findings.first_wrong_line, ink))
    blocks.append([line for note in findings.notes for line in note_lines(note, words, ink)])
    return "\n\n".join("\n".join(block) for block in blocks if block)


def table(parameters: tuple[ParameterReport, ...], ink: Ink) -> list[str]:
    """One line for each parameter."""
    rows = [HEADER, *map(row, parameters)]
    widths = [max(len(cells[column]) for cells in rows) for column in range(len(HEADER))]
    lines = [
        "  ".join(
            cell.rjust(width) if column in TO_THE_RIGHT else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ).rstrip()
        for cells in rows
    ]
    return [ink(lines[0], "faint")] + [
        coloured(line, widths, parameter.verdict, ink)
        for line, parameter in zip(lines[1:], parameters, strict=True)
    ]


def row(parameter: ParameterReport) -> tuple[str, ...]:
    """The cells of a line of the table."""
    error, worst = parameter.max_relative_error, parameter.worst_index
    return (
        parameter.name,
        str(parameter.shape),
        parameter.verdict,
        "" if error is None else number(error),
        "" if not worst else str(list(worst)),
    )


def coloured(line: str, widths: list[int], verdict: str, ink: Ink) -> str:
    """A line of the table with its verdict in colour."""
    start = widths[0] + widths[1] + 4
    end = start + len(verdict)
    return line[:start] + ink(line[start:end], *COLOURS[verdict]) + line[end:]


def cause_lines(cause: Cause, words: set[str], ink: Ink) -> list[str]:
    """A diagnosis with its evidence."""
    lines = [ink(line, "bold") for line in filled(cause.heading)]
    return lines + [line for text in cause.texts(tuple(words)) for line in filled(text, "  ")]


def line_lines(line: WrongLine, ink: Ink) -> list[str]:
    """The first wrong line as a traceback shows it, and what should stand there."""
    if not line.source:
        return [ink("The first wrong line was not found.", "faint")]
    due = corrected(line)
    lines = [
        ink("The first wrong line", "bold"),
        f'  File "{ink(line.file, "cyan")}", line {line.line}',
        *(ink(text, "red") for text in code(line.source)),
    ]
    if due == LEFT_OUT:
        lines.append("  should be left out")
    elif due is not None:
        lines += ["  should be", *(ink(text, "green") for text in code(due))]
    return lines


def code(source: str) -> Iterator[str]:
    """The lines of a statement, of a long one the first ones."""
    lines = textwrap.dedent(source).strip("\n").splitlines()
    shown = lines if len(lines) <= MOST_LINES else [*lines[: MOST_LINES - 1], "..."]
    return (f"    {line}" for line in shown)


def note_lines(note: str, words: set[str], ink: Ink) -> list[str]:
    """A note, indented from its second line on."""
    first, *others = filled("Note: " + sentence(note, tuple(words)), later="  ")
    return [first.replace("Note:", ink("Note:", "yellow"), 1), *others]


def filled(text: str, indent: str = "", later: str | None = None) -> list[str]:
    """A text in lines that are not too long, but for names that are; short code stays whole."""
    together = re.sub("`[^`]{1,70}`", lambda match: match[0].replace(" ", "\0"), text)
    lines = textwrap.wrap(
        together,
        COLUMNS,
        initial_indent=indent,
        subsequent_indent=indent if later is None else later,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.replace("\0", " ") for line in lines]
