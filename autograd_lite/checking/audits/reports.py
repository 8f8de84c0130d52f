"""What an audit found, as text, as a page, as data and as a value that says whether all is well.

report = audit(loss, gradients, params, X, y)
assert report.ok, report
"""

import sys
from typing import Any

from .reporting.colours import Ink, wanted
from .reporting.findings import Findings, ParameterReport, WrongLine
from .reporting.pages import fragment, page
from .reporting.plain import findings_dict
from .reporting.sentences import headline
from .reporting.text import text_of


class Report(Findings, str):
    """What an audit found, and a text that says so.

    `print(report)` shows the plain text, `report.show()` the same in colours where the output is a
    terminal; a notebook shows pictures by itself. It is a `str` because pytest shows the message of
    an assertion whole only if it is one.
    """

    def __new__(
        cls,
        subject: str,
        parameters: tuple[ParameterReport, ...],
        first_wrong_line: WrongLine | None = None,
        notes: tuple[str, ...] = (),
    ) -> "Report":
        findings = Findings(subject, parameters, first_wrong_line, notes)
        return str.__new__(cls, text_of(findings, Ink(False)))

    def __getnewargs__(self) -> Any:
        """What a copy is made of."""
        return self.subject, self.parameters, self.first_wrong_line, self.notes

    def __repr__(self) -> str:
        """The verdict alone, which is what pytest shows beside the whole report."""
        return f"<Report {headline(self)}>"

    def show(self, file: Any = None) -> None:
        """Print the report, in colours if the file (default: `sys.stdout`) is a terminal.

        The environment variables PYTHON_COLORS (1 or 0), NO_COLOR and FORCE_COLOR have their say.
        """
        file = sys.stdout if file is None else file
        print(text_of(self, Ink(wanted(file))), file=file)

    def html(self) -> str:
        """The report as one page that needs no other file, with pictures of wrong gradients."""
        return page(self.subject, [fragment(self)])

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        return fragment(self)

    def to_dict(self) -> dict[str, Any]:
        """The report as numbers, texts, lists and dicts, as `json` takes them.

        Numbers that JSON has not are the texts "NaN", "Infinity" and "-Infinity".
        """
        return findings_dict(self)
