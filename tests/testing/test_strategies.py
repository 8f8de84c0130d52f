"""What the strategies promise of the arrays, matrices and networks that they draw."""

from typing import Any

import numpy as np
import pytest
from hypothesis import find, given
from hypothesis import strategies as st

import autograd_lite as ag
from autograd_lite import testing
from autograd_lite.testing import network as layered


@given(testing.arrays_like(np.zeros((2, 3), np.float32), kinks=(0.0, 1.0), low=-1.5, high=1.5))
def test_arrays_like_an_array(x: Any) -> None:
    assert (x.shape, x.dtype) == ((2, 3), np.float32)
    assert np.all(np.abs(x) >= 0.125)
    assert np.all(np.abs(x - 1) >= 0.125)
    assert np.all(np.abs(x) <= 1.5)


@given(testing.arrays_like(st.tuples(st.integers(0, 3), st.just(2)), distinct=True))
def test_arrays_of_drawn_shapes_with_distinct_entries(x: Any) -> None:
    assert (x.ndim, x.shape[1], x.dtype) == (2, 2, np.float64)
    assert len(np.unique(x)) == x.size


@given(testing.arrays_like(np.array([1, 4, 2])), testing.arrays_like((2,), complex))
def test_labels_stay_labels_and_complex_numbers_have_both_parts(labels: Any, z: Any) -> None:
    assert labels.dtype == np.int64
    assert set(labels) <= {1, 2, 3, 4}
    assert z.dtype == complex
    assert np.all(np.abs(z.imag) <= 2)


def test_arrays_at_kinks_only_are_refused() -> None:
    with pytest.raises(ValueError, match="no multiple of 1/64"):
        testing.away_from_kinks(0.0, low=-0.1, high=0.1)


@given(testing.away_from_kinks(0.0, distance=0.5))
def test_numbers_away_from_kinks(x: float) -> None:
    assert 0.5 <= abs(x) <= 2


@given(testing.broadcastable(3, np.float32, kinks=(0.0,)))
def test_broadcastable_groups(arrays: Any) -> None:
    assert len(np.broadcast_shapes(*(array.shape for array in arrays))) <= 3
    assert all(array.dtype == np.float32 and np.all(array) for array in arrays)


KINDS = {
    "general": np.any,
    "symmetric": lambda a: np.array_equal(a, a.mT),
    "positive definite": lambda a: np.all(np.linalg.eigvalsh(a) > 0.5),
    "orthogonal": lambda a: np.allclose(a @ a.mT, np.eye(a.shape[-1])),
    "triangular": lambda a: np.allclose(a, np.tril(a)),
}


@pytest.mark.parametrize("kind", KINDS)
def test_matrices_are_well_conditioned_and_of_their_kind(kind: str) -> None:
    @given(testing.matrices(st.sampled_from([1, 3, (2, 2), (2, 3, 3)]), condition=5, kind=kind))
    def check(matrix: Any) -> None:
        assert np.all(np.linalg.cond(matrix) <= 5.001)
        assert KINDS[kind](matrix)
        values = np.linalg.svd(matrix, compute_uv=False)
        if kind != "orthogonal":
            assert np.all(np.diff(values) < -0.1)

    check()


@given(testing.matrices((3, 2)), testing.matrices())
def test_matrices_need_not_be_square(tall: Any, square: Any) -> None:
    assert tall.shape == (3, 2)
    assert square.ndim == 2
    ag.check_gradients(lambda a: np.linalg.pinv(a), tall, order=1)
    ag.check_gradients(np.linalg.inv, square, order=1)


def test_matrices_that_do_not_exist_are_refused() -> None:
    with pytest.raises(ValueError, match=r"'upper'.* is not known"):
        testing.matrices(3, kind="upper")
    with pytest.raises(ValueError, match=r"\(2, 3\).* is not a shape"):
        find(testing.matrices((2, 3), kind="orthogonal"), lambda _: True)


@testing.given_gradients(network=testing.networks(layers=2, units=3))
def test_gradients_of_networks_are_right(network: testing.Network) -> Any:
    return network.loss, network.gradients, network.params, *network.data


@pytest.mark.parametrize("activation", layered.ACTIVATIONS)
@pytest.mark.parametrize("criterion", layered.CRITERIA)
def test_gradients_of_each_kind_of_layer_are_right(activation: str, criterion: str) -> None:
    network = testing.Network((2, 3, 2), (activation,), criterion, batch=4, seed=7)
    params = {name: ag.Tensor(array) for name, array in network.params.items()}
    network.loss(params, *network.data).backward()
    for name, gradient in network.gradients(network.params, *network.data).items():
        np.testing.assert_allclose(gradient, params[name].grad, rtol=1e-10, atol=1e-12)


@given(testing.networks(layers=2, units=2, activations=["relu"], criteria=["softmax"]))
def test_networks_are_what_was_asked_for(network: testing.Network) -> None:
    assert 1 <= len(network.sizes) - 1 <= 2
    assert max(network.sizes) <= 2
    assert {*network.activations} <= {"relu"}
    assert network.criterion == "softmax"
    assert network == eval(repr(network), {"Network": testing.Network})


def test_networks_of_what_is_not_known_are_refused() -> None:
    with pytest.raises(ValueError, match="swish not known; activations are tanh"):
        testing.networks(activations=["swish"])
