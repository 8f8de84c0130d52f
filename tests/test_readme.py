"""What the README says of NumPy's functions is so. `python -m tests.test_readme` writes it anew."""

import re
import textwrap
from collections import defaultdict
from pathlib import Path

from tests.coverage import (
    DIFFERENTIABLE,
    IN_NAMESPACE,
    NO_DERIVATIVE,
    REFUSED,
    SPACES,
    callables,
    category,
)

README = Path(__file__).parent.parent / "README.md"
BLOCK = re.compile(r"(<!-- functions -->\n).*?(<!-- /functions -->)", re.DOTALL)
CATEGORIES = (DIFFERENTIABLE, IN_NAMESPACE, NO_DERIVATIVE, REFUSED)
QUESTIONS = {NO_DERIVATIVE: "Which have no derivative"}  # others: which are ...


def names_by_category() -> dict[tuple[str, str], list[str]]:
    """The names of each space of NumPy in each category."""
    names = defaultdict(list)
    for space, name, value in callables():
        names[space, category(space, name, value)].append(name)
    return names


def table() -> str:
    """How many public callables of each space are of which category, and which they are."""
    names = names_by_category()
    lines = [f"| | {' | '.join(CATEGORIES)} |", "|---|" + "---|" * len(CATEGORIES)]
    for space in SPACES:
        counts = [str(len(names[space, kind]) or "") for kind in CATEGORIES]
        lines.append(f"| `{space}` | {' | '.join(counts)} |")
    for kind in CATEGORIES:
        summary = QUESTIONS.get(kind, f"Which are {kind}")
        lines += ["", "<details>", f"<summary>{summary}</summary>", ""]
        for space in SPACES:
            if names[space, kind]:
                text = f"`{space}`: {', '.join(sorted(names[space, kind]))}."
                lines += [textwrap.fill(text, 100, break_on_hyphens=False), ""]
        lines.append("</details>")
    return "\n".join(lines) + "\n"


def rewritten(readme: str) -> str:
    """The README with the table as it is due."""
    return BLOCK.sub(lambda match: match[1] + table() + match[2], readme)


def test_readme_has_the_table_of_functions() -> None:
    readme = README.read_text(encoding="utf-8")
    assert BLOCK.search(readme)
    assert readme == rewritten(readme)


if __name__ == "__main__":
    README.write_text(rewritten(README.read_text(encoding="utf-8")), encoding="utf-8")
