"""Draws whose parameters are Tensors: reparametrised where there is a gradient, plain elsewhere."""

from typing import Any

import numpy as plain  # noqa: ICN001 - np is the namespace here
import pytest

import autograd_lite as ag
import autograd_lite.numpy as np

MEAN, DEVIATION = plain.array([1.0, -2.0]), plain.array([1.5, 3.0])


@pytest.mark.parametrize("size", [None, (3, 2)])
def test_gradient_flows_to_what_moves_and_scales(size: Any) -> None:
    def normal(mean: Any, deviation: Any) -> Any:
        np.random.seed(1)
        return np.random.normal(mean, deviation, size)

    def uniform(low: Any, high: Any) -> Any:
        return np.random.default_rng(1).uniform(low, high, size=size)

    ag.check_gradients(normal, MEAN, DEVIATION)
    ag.check_gradients(uniform, MEAN, DEVIATION)
    plain.random.seed(1)
    expected = plain.random.normal(MEAN, DEVIATION, size)
    assert plain.array_equal(normal(ag.Tensor(MEAN), ag.Tensor(DEVIATION)).data, expected)
    expected = plain.random.default_rng(1).uniform(MEAN, DEVIATION, size)
    assert plain.allclose(uniform(ag.Tensor(MEAN), ag.Tensor(DEVIATION)).data, expected)


def test_choices_and_counts_by_tensors() -> None:
    p = ag.Tensor([0.0, 1.0, 0.0])
    assert np.random.choice(3, p=p * 1) == 1
    assert np.random.choice(range(3), 2, p=p).tolist() == [1, 1]
    np.random.choice(ag.Tensor([1.0, 2.0, 3.0]) * p, p=p).backward()
    assert p.grad.tolist() == [0.0, 2.0, 0.0]
    assert np.random.binomial(5, p).tolist() == [0, 5, 0]
    with pytest.raises(TypeError, match="its gradient would be lost"):
        np.random.gamma(p + 1)


def test_slices_are_chosen_along_an_axis() -> None:
    table = plain.arange(12.0).reshape(3, 4)
    expected = plain.random.default_rng(1).choice(table, 2, axis=1)
    w = ag.Tensor(table)
    columns = np.random.default_rng(1).choice(w, 2, axis=1)
    assert columns.data.tolist() == expected.tolist()
    columns.sum().backward()
    assert w.grad.tolist() == [[float(n in expected[0]) for n in range(4)]] * 3
    for matrix in (table, w):  # as the old generators do
        with pytest.raises(ValueError, match="1-dimensional"):
            np.random.choice(matrix, 2)


def test_arrays_of_objects() -> None:
    w = ag.Tensor([1.0, 2.0])
    ragged = np.array([w, w[:1]], dtype=object) * 2
    entries = np.array([w, w], object)
    assert ragged.shape == (2,)
    assert entries.shape == (2, 2)
    (ragged[0].sum() + entries[1, 1] * ragged[1][0]).backward()
    assert w.grad.tolist() == [2.0 + 4.0, 2.0 + 2.0]
