"""How the tests of error messages are written: a case is what a user does and what he is told.

Every message has to lead the user to his own line and to tell him what to do, so each case is
checked for both, next to the patterns of its own.
"""

import linecache
import re
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest

from autograd_lite import Tensor


class Case(NamedTuple):
    """An action, the type of its error, and regular expressions that the message must match."""

    action: Callable[[], Any]
    error: type[Exception] | tuple[type[Exception], ...]
    patterns: tuple[str, ...]


def case(
    name: str,
    action: Callable[[], Any],
    error: type[Exception] | tuple[type[Exception], ...],
    *patterns: str,
) -> Any:
    """A row of a table for `pytest.mark.parametrize`."""
    return pytest.param(Case(action, error, patterns), id=name)


def check(row: Case) -> None:
    """The action fails as the row says, and the message shows the action's last line."""
    with pytest.raises(row.error) as caught:
        row.action()
    text = str(caught.value)
    code = row.action.__code__
    last = max(line for _, _, line in code.co_lines() if line is not None)
    source = linecache.getline(code.co_filename, last).strip()
    assert f"{code.co_filename}, line {last}: {source}" in text
    assert "remedy:  " in text
    for pattern in row.patterns:
        assert re.search(pattern, text), f"{pattern!r} is not in\n{text}"


def ones(*shape: int, dtype: Any = float) -> Tensor:
    """A Tensor of ones."""
    return Tensor(np.ones(shape, dtype))
