"""The README lists the kinds of diagnosis as reports call them."""

from pathlib import Path

from autograd_lite.checking.audits.reporting.sentences import CAUSES

README = Path(__file__).parents[4] / "README.md"


def test_readme_lists_the_kinds() -> None:
    rows = "".join(f"| `{kind}` | {words} |\n" for kind, words in CAUSES.items())
    assert f"| kind | what is wrong |\n|---|---|\n{rows}\n" in README.read_text(encoding="utf-8")
