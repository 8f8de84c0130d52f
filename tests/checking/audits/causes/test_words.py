"""How numbers are told: factors as people write them, and the pattern of what is not explained."""

from types import SimpleNamespace

import numpy as np
import pytest

from autograd_lite.checking.audits.causes.diagnoses import confined, unknown
from autograd_lite.checking.audits.causes.patterns import (
    coarse,
    is_like_a_rate,
    multiple,
    transposed,
)


@pytest.mark.parametrize(
    ("factor", "text"),
    [(6.0, "6"), (-1.0, "-1"), (1 / 6, "1/6"), (-1 / 3, "-1/3"), (0.5, "0.5"), (0.1, "0.1"),
     (0.7, "0.7"), (7 / 3, "2.33"), (1e7, "1e+07"), (np.sqrt(3), "1.73")],
)  # fmt: skip
def test_factors(factor: float, text: str) -> None:
    assert multiple(factor) == text


def test_what_may_be_a_learning_rate() -> None:
    assert all(map(is_like_a_rate, (0.5, 0.1, 0.03, 1e-3, 2e-4)))
    assert not any(map(is_like_a_rate, (0.7, 1 / 6, 0.49, 0.25)))


def test_where_the_wrong_entries_are() -> None:
    wrong = np.zeros((4, 5), bool)
    wrong[1, ::2] = True
    assert confined(wrong) == ", and all wrong ones have the index 1 along axis 0"
    wrong[2, 3] = True
    assert confined(wrong) == ", and all wrong ones have the index 1 or 2 along axis 0"
    assert confined(np.eye(4, dtype=bool)) == ""
    assert confined(np.array([True, False, False])) == ""  # the table shows it


def test_what_no_mistake_explains() -> None:
    truth = np.ones((4, 3))
    manual = truth.copy()
    manual[:, 1] = [1.5, 2.0, 3.0, -4.0]
    found = unknown(SimpleNamespace(manual=manual, truth=truth, right_entries=manual == truth))
    assert found.text == (
        "no mistake that is known here explains every entry; 8 of 12 entries are right, and all "
        "wrong ones have the index 1 along axis 1; the others are between -4 and 3 times what they "
        "should be, half of them less than 1.75 times"
    )
    assert found.evidence == {"least": -4.0, "median": 1.75, "greatest": 3.0}
    nothing = SimpleNamespace(manual=0 * truth, truth=truth, right_entries=truth == 0)
    assert unknown(nothing).text.endswith("; the entries are 0 and should not be")


def test_a_column_of_few_digits_is_not_reordered() -> None:
    truth = np.array([[0.1], [0.7], [-0.3]])
    manual = truth.astype(np.float32).astype(np.float64)
    case = SimpleNamespace(
        manual=manual, truth=truth, has_shape=True,
        explained_by=lambda due: np.allclose(due, manual, rtol=1e-5),
    )  # fmt: skip
    assert transposed(case) is None
    assert coarse(case).kind == "dtype"
    assert coarse(SimpleNamespace(**{**vars(case), "manual": truth + 1e-9})) is None
