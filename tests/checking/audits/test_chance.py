"""Random numbers of the user's code are the same in every call."""

import numpy as np
import pytest

from autograd_lite.checking.audits.chance import repeatable


@pytest.mark.parametrize("count", [1, 2, 623, 624, 625, 1248, 5000])
def test_every_call_draws_the_same_numbers(count):
    """However many were drawn before."""
    found = []
    for _ in range(3):
        with repeatable(1):
            found.append(np.random.random(count))
    assert np.array_equal(found[0], found[1])
    assert np.array_equal(found[0], found[2])


def test_seeds_and_normal_numbers():
    """Of another seed they are others; half of a pair of normal numbers is not left over."""
    found = []
    for seed in (1, 1, 2):
        with repeatable(seed):
            found.append(np.random.randn(3).tolist())
    assert found[0] == found[1] != found[2]


def test_the_numbers_outside_go_on():
    """As if nothing had been drawn inside."""
    np.random.seed(5)
    expected = np.random.rand(4).tolist()
    np.random.seed(5)
    found = np.random.rand(2).tolist()
    with repeatable():
        np.random.seed(1)
        np.random.rand(7)
    assert found + np.random.rand(2).tolist() == expected
