"""What a call of verbatim code leaves behind in the user's own arrays."""

from typing import Any

import numpy as np
import pytest

from autograd_lite import Tensor, no_grad, verbatim

MEMORY = np.zeros(3)


def fill(x: Any, target: Any) -> Any:
    target[...] = 2 * x
    return x.sum()


def fill_first(x: Any, targets: Any) -> Any:
    targets[0][...] = 2 * x
    return x.sum()


def fill_memory(x: Any) -> Any:
    MEMORY[...] = 2 * x
    return x.sum()


def fill_and_return(x: Any, target: Any) -> Any:
    target[...] = 2 * x
    return target


@pytest.mark.parametrize(
    "call",
    [
        lambda x, mine: verbatim(fill)(x, mine),
        lambda x, mine: verbatim(fill_first)(x, (mine,)),
        lambda x, _: verbatim(fill_memory)(x),
    ],
)
def test_an_array_that_loses_a_gradient_is_told_of(call: Any) -> None:
    mine = np.zeros(3)
    with pytest.warns(UserWarning, match=r"\(3,\) float64 of yours.*\n.*test_session.py"):
        call(Tensor(np.ones(3)), mine)
    assert mine.tolist() == [2.0, 2.0, 2.0] or MEMORY.tolist() == [2.0, 2.0, 2.0]


def test_nothing_is_told_where_no_gradient_is_lost() -> None:
    """Warnings are errors here."""
    x, mine = Tensor(np.ones(3)), np.zeros(3)
    assert verbatim(fill_and_return)(x, mine).requires_grad
    verbatim(fill)(np.ones(3), mine)
    verbatim(fill)(x.detach(), mine)
    with no_grad():
        verbatim(fill)(x, mine)
    holder = {0: mine}
    verbatim(fill_first)(x, holder)
    assert isinstance(holder[0], Tensor)
