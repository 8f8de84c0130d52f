"""Points at which formulas of SciPy's functions take another branch than at regular ones.

Each is here because the mutation test found an error that nothing else noticed.
"""

from typing import Any

import numpy as np
import pytest

import autograd_lite as ag

pytest.importorskip(
    "scipy.special", reason="SciPy is not installed: pip install autograd_lite[scipy]"
)
from autograd_lite.scipy import special


def huber(delta: Any, r: Any) -> Any:
    return special.huber(delta, r)


def test_huber_of_0_has_structurally_no_slope_in_delta() -> None:
    """0 times the infinite slope of a cubic root at 0 would be NaN."""
    with np.errstate(all="ignore"):
        assert ag.grad(lambda s: huber(np.cbrt(s), 0.0))(0.0) == 0.0


@pytest.mark.parametrize("r", [1.0, -1.0])
def test_huber_counts_as_a_square_up_to_delta(r: float) -> None:
    of_r, of_delta = (ag.grad(huber, n) for n in (1, 0))
    assert ag.grad(of_r, 1)(1.0, r) == 1.0
    assert ag.grad(of_r, 0)(1.0, r) == ag.grad(of_delta, 1)(1.0, r) == 0.0
