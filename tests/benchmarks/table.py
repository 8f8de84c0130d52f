"""The Markdown table: a row is one piece of work, a column one contender, a bar what must hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.benchmarks.contenders import COLUMNS
from tests.benchmarks.timing import Timings


@dataclass(frozen=True)
class Bar:
    """A promise about one figure: `value` must be at most (or at least) `limit`.

    A figure that could not be measured is NaN, and NaN keeps no promise.
    """

    subject: str
    value: float
    limit: float
    unit: str = ""
    at_least: bool = False

    @property
    def met(self) -> bool:
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def __str__(self) -> str:
        sign = "≥" if self.at_least else "≤"
        verdict = "met" if self.met else "MISSED"
        words = f"{self.subject} {self.value:.3g} {sign} {self.limit:g}{self.unit}: {verdict}"
        return words.strip()


@dataclass(frozen=True)
class Row:
    """One piece of work: what each contender needed for it, and the bars it is judged by."""

    work: str
    cells: Mapping[str, str]
    bars: Sequence[Bar] = field(default=())


def timing_cells(timings: Timings, reference: str, contenders: Mapping[str, str]) -> dict[str, str]:
    """Cells `ratio (µs)` for a row; `contenders` maps a column to its name in the timings."""
    return {
        column: f"{timings.ratio(name, reference):.2f} ({microseconds(timings.best(name))})"
        for column, name in contenders.items()
        if name in timings.rounds
    }


def microseconds(seconds: float) -> str:
    """A time in µs with about three figures."""
    value = seconds * 1e6
    return f"{value:.{0 if value >= 100 else 1 if value >= 10 else 2}f} µs"


def markdown(rows: Sequence[Row]) -> str:
    """The table, without the columns in which nobody took part."""
    columns = [column for column in COLUMNS if any(column in row.cells for row in rows)]
    lines = [table_line(["work", *columns, "bar"]), table_line(["---"] * (len(columns) + 2))]
    for row in rows:
        cells = [row.cells.get(column, "–") for column in columns]
        bars = "<br>".join(str(bar) for bar in row.bars)
        lines.append(table_line([row.work, *cells, bars]))
    return "\n".join(lines)


def table_line(cells: Sequence[str]) -> str:
    """One line of a Markdown table."""
    return "| " + " | ".join(cells) + " |"
