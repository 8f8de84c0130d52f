"""The blog network: the post's true result, and both trainings equal whatever the network."""

from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

import autograd_lite as ag
from examples import blog_network
from examples.blog_network import Array, Settings

# With seed 1, after 10,000 updates; and one unit of the last digit.
TRUE_RESULT = [2.109e-4, 0.999526, 1.667e-4, 0.999577, 0.999364, 1.300e-3]
LAST_DIGIT = [1e-7, 1e-6, 1e-7, 1e-6, 1e-6, 1e-6]


class Training(NamedTuple):
    X: Array
    y: Array
    settings: Settings


@st.composite
def trainings(draw: st.DrawFn) -> Training:
    """Draw samples of any shape, and a network and a learning rate to go with them."""
    count, features, outputs = draw(st.tuples(*[st.integers(1, 6)] * 3))
    entries = st.floats(-2, 2)
    return Training(
        X=draw(st_numpy.arrays(np.float64, (count, features), elements=entries)),
        y=draw(st_numpy.arrays(np.float64, (count, outputs), elements=entries)),
        settings=Settings(
            num_hidden=draw(st.integers(1, 6)),
            alpha=draw(st.floats(1e-4, 0.5)),
            seed=draw(st.integers(0, 2**32 - 1)),
            steps=4,
        ),
    )


def test_true_result_after_10_000_iterations() -> None:
    X, y = blog_network.post_data()
    iterations = list(blog_network.train(X, y, Settings()))
    assert len(iterations) == 10_000
    assert max(iteration.relative for iteration in iterations) <= 1e-12
    assert max(iteration.absolute for iteration in iterations) <= 1e-12
    for weights in (iterations[-1].manual_weights, iterations[-1].automatic_weights):
        predictions = blog_network.forward(X, *weights)[-1].ravel()
        assert np.all(np.abs(predictions - TRUE_RESULT) <= 0.5 * np.array(LAST_DIGIT))


@given(trainings())
def test_two_trainings_stay_together(training: Training) -> None:
    for iteration in blog_network.train(*training):
        assert iteration.relative <= 1e-12


@given(trainings())
def test_gradients_from_the_same_weights_are_equal(training: Training) -> None:
    X, y, settings = training
    for iteration in blog_network.train(X, y, settings):
        weights = iteration.manual_weights
        layers = blog_network.forward(X, *weights)
        manual = blog_network.manual_gradients(layers, y, weights[1])
        tensors = (ag.Tensor(weight, requires_grad=True) for weight in weights)
        automatic = blog_network.automatic_gradients(X, y, *tensors)
        scales = blog_network.rounding_scales(layers, y, weights[1])
        for ours, theirs, scale in zip(automatic, manual, scales, strict=True):
            # Of samples that nearly cancel each other no twelve digits are left to compare.
            size = max(np.abs(theirs).max(), 1e-3 * scale)
            assert np.abs(ours - theirs).max() <= 1e-12 * size


def test_main_prints_predictions_and_difference(capsys: pytest.CaptureFixture[str]) -> None:
    blog_network.main(steps=3)
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == 8
    assert "over 3 iterations" in printed[-1]
