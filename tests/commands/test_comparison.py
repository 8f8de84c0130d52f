"""The comparison of the two trainings finds what is wrong, and only that."""

import numpy as np
import pytest

from autograd_lite.commands.comparison import Comparison, compare
from examples import blog_network
from examples.blog_network import Array, Iteration, Pair, Settings


def compared(settings: Settings) -> Comparison:
    seen: list[Iteration] = []
    comparison = compare(blog_network, *blog_network.post_data(), settings, seen.append)
    assert [iteration.number for iteration in seen] == list(range(1, comparison.last.number + 1))
    return comparison


def test_right_gradients_agree() -> None:
    comparison = compared(Settings(steps=40))
    assert comparison.agree
    assert comparison.last.number == 40
    assert comparison.relative < 1e-14


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("first", [1, 30])
def test_wrong_manual_gradient_is_found(
    monkeypatch: pytest.MonkeyPatch, which: int, first: int
) -> None:
    right = blog_network.manual_gradients
    calls = 0

    def wrong(layers: tuple[Array, Array, Array], y: Array, output_weights: Array) -> Pair:
        nonlocal calls
        calls += 1
        gradients = list(right(layers, y, output_weights))
        gradients[which] *= 1.001 if calls >= first else 1
        return gradients[0], gradients[1]

    monkeypatch.setattr(blog_network, "manual_gradients", wrong)
    comparison = compared(Settings(alpha=1.2, steps=40))
    assert not comparison.agree
    assert comparison.first_above == first
    assert comparison.last.number == 40
    assert comparison.same_weights > 1e-6


def test_unstable_training_is_told_from_a_wrong_gradient() -> None:
    comparison = compared(Settings(alpha=1.2, steps=600))
    assert not comparison.agree
    assert comparison.relative > 1e-12
    assert comparison.same_weights < 1e-14


@pytest.mark.parametrize("alpha", [1e3, 1e200])
def test_overflow_is_no_agreement(alpha: float) -> None:
    comparison = compared(Settings(alpha=alpha))
    assert comparison.overflowed
    assert not comparison.agree
    assert np.isnan(comparison.relative)
    assert comparison.last.number < 1000
