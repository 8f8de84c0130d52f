"""A wrong line is shown as it stands in its file."""

from pathlib import Path

from autograd_lite.checking.audits.reporting.findings import WrongLine
from autograd_lite.checking.audits.reporting.originals import as_written

SOURCE = """def gradients(params, x):
    error = x@params["w"]  # of all samples
    return {
        "w": x.T @ error,
    }
"""


def written(tmp_path: Path, line: int, source: str, due: str | None) -> WrongLine:
    """What becomes of a line of a file."""
    file = tmp_path / "net.py"
    file.write_text(SOURCE)
    return as_written(WrongLine(str(file), line, source, "error", due))


def test_spaces_and_quotes_are_the_users(tmp_path: Path) -> None:
    found = written(tmp_path, 2, "error = x @ params['w']", "error = x @ params['w'] / len(x)")
    assert found.source == 'error = x@params["w"]  # of all samples'
    assert found.should_be == 'error = x @ params["w"] / len(x)'


def test_statements_of_several_lines(tmp_path: Path) -> None:
    found = written(tmp_path, 3, "return {'w': x.T @ error}", None)
    assert found.source == 'return {\n    "w": x.T @ error,\n}'


def test_other_lines_stay_what_they_are(tmp_path: Path) -> None:
    for line, source in ((2, "error = x"), (99, "error = x"), (2, "for n in")):
        assert written(tmp_path, line, source, "x['w']").source == source
    nowhere = WrongLine("<string>", 1, "a = 1", "a", "b['c']")
    assert as_written(nowhere) == nowhere
