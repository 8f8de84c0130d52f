"""What the README lists is what is declared. `python -m tests.test_readme` writes it anew."""

import re
import textwrap
from pathlib import Path

import numpy as np

from autograd_lite.core.errors import function_name
from autograd_lite.core.operation import OPERATIONS
from autograd_lite.core.trace import COMPOSITIONS

README = Path(__file__).parent.parent / "README.md"
BLOCK = re.compile(r"(<!-- functions -->\n).*?(<!-- /functions -->)", re.DOTALL)


def differentiable() -> str:
    """The names of all NumPy functions with a derivative, in lines of 100 columns."""
    names = {function_name(function) for function in (*OPERATIONS, *COMPOSITIONS)}
    known = sorted(name[3:] for name in names if name.startswith("np."))
    text = f"Of NumPy: {', '.join(known)}; the operators and the ndarray methods of these names; "
    return textwrap.fill(text + "and indexing of every kind.", 100) + "\n"


def rewritten(readme: str) -> str:
    """The README with the list as it is due."""
    return BLOCK.sub(lambda match: match[1] + differentiable() + match[2], readme)


def test_readme_lists_the_differentiable_functions() -> None:
    readme = README.read_text(encoding="utf-8")
    assert BLOCK.search(readme)
    assert readme == rewritten(readme)


def test_every_listed_name_is_numpys() -> None:
    names = differentiable().removeprefix("Of NumPy: ").partition(";")[0]
    assert all(hasattr(np, name) for name in re.split(r",\s+", names))


if __name__ == "__main__":
    README.write_text(rewritten(README.read_text(encoding="utf-8")), encoding="utf-8")
