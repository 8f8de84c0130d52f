"""A report as a page: the table, the causes, the line, and pictures of the wrong gradients.

All that the user wrote, names and lines, is escaped. A page needs no other file and no script.
"""

from collections.abc import Iterator, Sequence
from html import escape

import numpy as np

from .findings import Findings, ParameterReport, WrongLine
from .grids import Grid, grids_of
from .heatmaps import heatmap, panels_of
from .sentences import (
    LEFT_OUT,
    Cause,
    causes,
    corrected,
    entry,
    headline,
    listed,
    no_verdict,
    number,
    sentence,
    words_of,
)
from .styles import STYLE

PICTURES = 12  # parameters that are drawn


def page(title: str, fragments: Sequence[str]) -> str:
    """A page of one or several reports."""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Audit of {escape(title)}</title>\n"
        "<style>:root { color-scheme: light dark } "
        "body { margin: 1.5rem auto; max-width: 66rem; padding: 0 1rem }</style>\n"
        f"</head>\n<body>\n{''.join(fragments)}</body>\n</html>\n"
    )


def fragment(findings: Findings) -> str:
    """One report, to stand in a page or a notebook."""
    words = tuple(words_of(findings))
    found = causes(findings)
    parts = [
        f"<style>{STYLE}</style>",
        f'<h2 class="{"ok" if findings.ok else "bad"}">{escape(headline(findings))}</h2>',
        table(findings),
        *(cause_section(cause, words) for cause in found),
        *(
            f"<p>{escape(no_verdict(parameter))}</p>"
            for parameter in findings.parameters
            if parameter.verdict == "unknown" and parameter.diagnosis is None
        ),
        line_section(findings.first_wrong_line),
        pictures(findings.wrong),
        *(f'<p class="note">Note: {escape(sentence(note, words))}</p>' for note in findings.notes),
    ]
    return f'<section class="ag-audit">\n{chr(10).join(filter(None, parts))}\n</section>\n'


def table(findings: Findings) -> str:
    """One row for each parameter."""
    head = "".join(
        f'<th scope="col">{title}</th>'
        for title in ("parameter", "shape", "verdict", "relative error", "worst at")
    )
    rows = "\n".join(map(row, findings.parameters))
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"


def row(parameter: ParameterReport) -> str:
    """The row of a parameter."""
    error, worst = parameter.max_relative_error, parameter.worst_index
    return (
        f'<tr><th scope="row">{escape(parameter.name)}</th><td>{escape(str(parameter.shape))}</td>'
        f'<td class="{escape(parameter.verdict)}">{escape(parameter.verdict)}</td>'
        f'<td class="number">{"" if error is None else number(error)}</td>'
        f"<td>{list(worst) if worst else ''}</td></tr>"
    )


def cause_section(cause: Cause, words: tuple[str, ...]) -> str:
    """A diagnosis with its evidence."""
    texts = "\n".join(f"<p>{with_code(text)}</p>" for text in cause.texts(words))
    return f"<h3>{escape(cause.heading)}</h3>\n{texts}"


def with_code(text: str) -> str:
    """A text in which what stands between backticks is shown as code."""
    pieces = text.split("`")
    if len(pieces) % 2 == 0:
        return escape(text)
    return "".join(
        f"<code>{escape(piece)}</code>" if n % 2 else escape(piece)
        for n, piece in enumerate(pieces)
    )


def line_section(line: WrongLine | None) -> str:
    """The first wrong line, and what should stand there."""
    if line is None or not line.source:
        return ""
    due = corrected(line)
    better = "" if due is None else f"\n<p>should be</p>\n<pre class='due'>{escape(due)}</pre>"
    if due == LEFT_OUT:
        better = "\n<p>should be left out</p>"
    return (
        "<h3>The first wrong line</h3>\n"
        f"<p>File <code>{escape(line.file)}</code>, line {line.line}</p>\n"
        f"<pre class='is'>{escape(line.source)}</pre>{better}"
    )


def pictures(wrong: Sequence[ParameterReport]) -> str:
    """The pictures of the wrong gradients."""
    left_out = [parameter.name for parameter in wrong[PICTURES:]]
    drawn = [each for parameter in wrong[:PICTURES] for each in figures(parameter)]
    if left_out:
        drawn.append(f"<p>Without a picture: {escape(listed(left_out))}.</p>")
    return "\n".join(drawn)


def figures(parameter: ParameterReport) -> Iterator[str]:
    """The heat maps of one parameter, side by side, with a caption."""
    grids = grids_of(parameter)
    if not grids or is_right(grids[0]):
        return
    maps = [heatmap(panel, grid, parameter.name) for grid in grids for panel in panels_of(grid)]
    text = f"Gradient of {parameter.name}. {' '.join(remarks(parameter, grids))}"
    yield (
        f'<figure>\n<div class="maps">{"".join(maps)}</div>\n'
        f"<figcaption>{escape(text)}</figcaption>\n</figure>"
    )


def is_right(grid: Grid) -> bool:
    """Whether there is nothing to see: what is wrong is not in the numbers."""
    return grid.ratio is not None and bool(np.allclose(grid.ratio, 1, rtol=1e-7, atol=0))


def remarks(parameter: ParameterReport, grids: Sequence[Grid]) -> Iterator[str]:
    """What has to be said of a picture."""
    grid = grids[0]
    if len(grids) == 2:
        yield f"By hand it has the shape {grid.shape}, where {grids[1].shape} is right."
    elif grid.ratio is None:
        yield "There is none by hand." if grid.manual is None else "The right one is not known."
    if any(each.block != (1, 1) for each in grids):
        rows, columns = max(each.block for each in grids)
        yield f"Each cell shows the worst of up to {rows} × {columns} entries."
    if len(grid.shape) > 2:
        yield f"The last axis runs to the right, the other {len(grid.shape) - 1} run downwards."
    if grid.worst:
        places = [entry(parameter.name, grid.index_of(place)) for place in grid.worst]
        error = "error" if len(places) == 1 else "errors"
        if grid.shape:
            yield f"Framed: the largest {error}, at {listed(places)}."
