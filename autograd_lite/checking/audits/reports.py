"""What an audit found, as text, as data and as a value that says whether all is well.

report = audit(loss, gradients, params, X, y)
assert report.ok, report
"""

from dataclasses import dataclass, field
from typing import Any

from .cases import Diagnosis


@dataclass(frozen=True)
class ParameterReport:
    """The verdict on the gradient of one parameter.

    `verdict` is "right", "wrong", "missing", or "unknown" where nothing honest can be said: on a
    kink, or where neither automatic nor numeric derivatives could be had. `max_relative_error` is
    the largest difference over the largest entry of the right gradient.
    """

    name: str
    shape: tuple[int, ...]
    verdict: str
    max_relative_error: float | None
    worst_index: tuple[int, ...] | None
    diagnosis: Diagnosis | None = None

    @property
    def ok(self) -> bool:
        """Whether the gradient is not known to be wrong."""
        return self.verdict in ("right", "unknown")


@dataclass(frozen=True)
class WrongLine:
    """The first line that is wrong: where, what it assigns, and what ought to stand there."""

    file: str
    line: int
    source: str
    name: str
    should_be: str | None


@dataclass(frozen=True)
class Report:
    """What an audit found."""

    title: str
    parameters: tuple[ParameterReport, ...]
    first_wrong_line: WrongLine | None = None
    notes: tuple[str, ...] = field(default=())

    @property
    def ok(self) -> bool:
        """Whether no gradient is wrong."""
        return all(parameter.ok for parameter in self.parameters)

    def to_dict(self) -> dict[str, Any]:
        """The report as numbers, texts, lists and dicts, as `json` takes them."""
        line = self.first_wrong_line
        return {
            "ok": self.ok,
            "parameters": [parameter_dict(parameter) for parameter in self.parameters],
            "first_wrong_line": None if line is None else dict(vars(line)),
            "notes": list(self.notes),
        }

    def __str__(self) -> str:
        return "\n".join([*self._table(), *self._causes(), *self._line(), *self._notes()])

    __repr__ = __str__

    def _table(self) -> list[str]:
        wrong = [parameter for parameter in self.parameters if not parameter.ok]
        count = len(self.parameters)
        verdict = (
            f"all {count} gradients are right" if not wrong and count > 1
            else "the gradient is right" if not wrong
            else f"{len(wrong)} of {count} gradients {'is' if len(wrong) == 1 else 'are'} wrong"
        )  # fmt: skip
        rows: list[tuple[str, ...]] = [("parameter", "shape", "verdict", "largest error", "at")]
        rows += [row(parameter) for parameter in self.parameters]
        widths = [max(len(line[column]) for line in rows) for column in range(len(rows[0]))]
        lines = [
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
            for line in rows
        ]
        return [f"{self.title}: {verdict}", "", *lines]

    def _causes(self) -> list[str]:
        lines: list[str] = []
        for parameter in self.parameters:
            if parameter.diagnosis is not None:
                diagnosis = parameter.diagnosis
                lines += ["", f"{parameter.name}: {diagnosis.kind}", f"  {diagnosis.text}"]
        return lines

    def _line(self) -> list[str]:
        line = self.first_wrong_line
        if line is None:
            return []
        due = [] if line.should_be is None else [f"  should be:  {line.should_be}"]
        return [
            "",
            f"first wrong line: {line.file}, line {line.line}",
            f"  is:         {line.source}",
            *due,
        ]

    def _notes(self) -> list[str]:
        return [""] * bool(self.notes) + [f"note: {note}" for note in self.notes]


def row(parameter: ParameterReport) -> tuple[str, ...]:
    """A line of the table."""
    error, worst = parameter.max_relative_error, parameter.worst_index
    return (
        parameter.name,
        str(parameter.shape),
        parameter.verdict,
        "" if error is None else f"{error:.1e}",
        "" if worst is None else str(worst),
    )


def parameter_dict(parameter: ParameterReport) -> dict[str, Any]:
    """The verdict on one parameter as a dict."""
    diagnosis = parameter.diagnosis
    return {
        "name": parameter.name,
        "ok": parameter.ok,
        "shape": list(parameter.shape),
        "max_relative_error": parameter.max_relative_error,
        "worst_index": None if parameter.worst_index is None else list(parameter.worst_index),
        "verdict": parameter.verdict,
        "diagnosis": None if diagnosis is None else {
            "kind": diagnosis.kind, "text": diagnosis.text, "evidence": diagnosis.evidence,
        },
    }  # fmt: skip
