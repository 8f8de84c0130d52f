"""Slopes are told from the operands of products."""

import numpy as np

from autograd_lite.checking.audits.causes.activations import Directions
from autograd_lite.checking.audits.causes.likeness import alike

RNG = np.random.default_rng(10)


def test_a_multiple_is_found_among_many():
    arrays = [RNG.normal(size=(20, 15)) for _ in range(30)]
    directions = Directions([*arrays, np.zeros((20, 15)), RNG.normal(size=3)])
    assert directions.has_power_of(-3 * arrays[7])
    assert directions.has_power_of(2 / arrays[7])
    almost = arrays[7].copy()
    almost[19, 14] += 1e-3  # not among those that are compared first
    assert not directions.has_power_of(almost)
    assert not directions.has_power_of(RNG.normal(size=(20, 15)))
    assert not directions.has_power_of(np.zeros((20, 15)))
    assert not directions.has_power_of(RNG.normal(size=(2, 2)))


def test_what_is_not_finite_is_like_nothing():
    assert not alike(np.ones(3), np.full(3, np.inf))
    assert alike(np.ones(3), np.ones(3) + 1e-14)
