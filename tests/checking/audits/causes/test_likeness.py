"""What counts as the same array."""

import numpy as np
import pytest

from autograd_lite.checking.audits.causes.likeness import alike


@pytest.mark.parametrize("dtype", [bool, np.uint8, np.int64, np.float32, np.float64, complex])
def test_numbers_of_every_kind_are_compared(dtype):
    """Masks cannot be subtracted as they are, and small whole numbers would wrap round."""
    one, other = np.array([0, 1, 1], dtype), np.array([1, 1, 0], dtype)
    assert alike(one, one.copy())
    assert not alike(one, other)


def test_rounding_is_no_difference_and_nothing_is_like_nan():
    """One part in 10^9 is."""
    one = np.array([1.0, 2.0])
    assert alike(one, one * (1 + 1e-12))
    assert not alike(one, one * (1 + 1e-7))
    assert not alike(one * np.nan, one * np.nan)
