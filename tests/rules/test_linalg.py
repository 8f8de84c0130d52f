"""Nasty points of `np.linalg`: singular matrices, norms at 0 and at 1e±200, errors."""

from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite.checking import check_gradients

INF = np.inf
RANK_ONE = np.outer([1.0, 2.0, 3.0], [1.0, 1.0, 2.0])
RANK_TWO = RANK_ONE + np.outer([1.0, 0.0, 1.0], [0.0, 1.0, 1.0])


def gradient(f: Any, x: Any) -> Any:
    """The gradient of f; warnings of overflow are NumPy's own."""
    with np.errstate(all="ignore"):
        return ag.grad(f)(np.array(x, float))


def test_determinants_of_singular_matrices() -> None:
    cofactors = [[-2, -2, 2], [-2, -2, 2], [2, 2, -2]]
    assert np.allclose(gradient(np.linalg.det, RANK_TWO), cofactors, rtol=0, atol=1e-13)
    assert np.allclose(gradient(np.linalg.det, RANK_ONE), 0, atol=1e-13)
    assert np.all(gradient(np.linalg.det, np.zeros((3, 3))) == 0)
    assert gradient(np.linalg.det, [[0.0]]).tolist() == [[1.0]]
    slope = ag.grad(np.linalg.det)
    for a in (RANK_ONE, RANK_TWO, np.eye(3), np.zeros((2, 2))):
        weights = np.arange(a.size).reshape(a.shape) - 3.5
        check_gradients(lambda a, weights=weights: np.sum(weights * slope(a)), a, order=1)


def test_slogdet_of_a_singular_matrix_has_slope_infinity() -> None:
    stack = np.stack([np.eye(2), np.ones((2, 2))])
    found = gradient(lambda a: np.sum(np.linalg.slogdet(a)[1]), stack)
    assert found[0].tolist() == [[1, 0], [0, 1]]
    assert np.isinf(found[1]).all()


def test_slogdet_where_the_determinant_overflows() -> None:
    a = 1e200 * np.eye(3)
    assert np.allclose(gradient(lambda a: np.linalg.slogdet(a)[1], a), 1e-200 * np.eye(3), atol=0)


VECTOR_ORDERS = (None, 0, 1, 2, 3, 0.5, -1, INF, -INF)
MATRIX_ORDERS = (None, "fro", "nuc", 2, -2, 1, -1, INF, -INF)


@pytest.mark.parametrize("order", VECTOR_ORDERS)
def test_vector_norms_at_0(order: Any) -> None:
    assert gradient(lambda x: np.linalg.norm(x, order), np.zeros(3)).tolist() == [0, 0, 0]
    if order is not None:
        assert gradient(lambda x: np.linalg.vector_norm(x, ord=order), [0.0]).tolist() == [0]


@pytest.mark.parametrize("order", MATRIX_ORDERS)
def test_matrix_norms_at_0(order: Any) -> None:
    assert np.all(gradient(lambda x: np.linalg.norm(x, order), np.zeros((3, 2))) == 0)


@pytest.mark.parametrize("scale", [1e200, 1e-200])
@pytest.mark.parametrize("order", VECTOR_ORDERS)
def test_vector_norms_far_out(order: Any, scale: float) -> None:
    x = np.array([3.0, -4.0])
    due = gradient(lambda x: np.linalg.norm(x, order), x)
    found = gradient(lambda x: np.linalg.norm(x, order), scale * x)
    assert np.allclose(found, due, rtol=1e-12, atol=0)


@pytest.mark.parametrize("scale", [1e200, 1e-200])
@pytest.mark.parametrize("order", MATRIX_ORDERS)
def test_matrix_norms_far_out(order: Any, scale: float) -> None:
    x = np.array([[3.0, -4.0], [0.5, 1.0]])
    due = gradient(lambda x: np.linalg.norm(x, order), x)
    found = gradient(lambda x: np.linalg.norm(x, order), scale * x)
    assert np.allclose(found, due, rtol=1e-12, atol=1e-15)


def test_a_curvature_at_0_is_finite() -> None:
    curvature = ag.grad(lambda x: np.sum(ag.grad(np.linalg.norm)(x)))(np.zeros(3))
    assert curvature.tolist() == [0, 0, 0]


def test_norms_share_ties_evenly() -> None:
    assert gradient(lambda x: np.linalg.norm(x, INF), [2.0, -2.0, 1.0]).tolist() == [0.5, -0.5, 0]
    spectral = gradient(lambda x: np.linalg.norm(x, 2), np.eye(2))
    assert np.allclose(spectral, np.eye(2) / 2, rtol=1e-14, atol=1e-15)


def test_entries_that_are_0_have_none_of_a_norm_of_low_order() -> None:
    for order in (1, 0.5, 1.5):
        found = gradient(lambda x, order=order: np.linalg.norm(x, order), [0.0, 2.0])
        assert found.tolist() == [0, 1]


def test_condition_numbers_without_a_derivative() -> None:
    stack = np.stack([np.diag([1.0, 2.0]), np.ones((2, 2))])
    found = gradient(lambda a: np.linalg.cond(a, 1)[0], stack)
    assert np.allclose(found[0], [[-2, 0], [0, 1]])
    assert np.isnan(found[1]).all()


def test_truncated_pseudoinverse() -> None:
    a = np.diag([3.0, 2.0, 1.0])[:, :2] + 0.1
    check_gradients(lambda a: np.linalg.pinv(a, rcond=0.9), a, order=1)


def test_errors_are_those_of_numpy() -> None:
    ones = ag.Tensor(np.ones((2, 2)))
    for call in (
        lambda: np.linalg.inv(ones),
        lambda: np.linalg.solve(ones, np.ones(2)),
        lambda: np.linalg.cholesky(-ones),
        lambda: np.linalg.det(ones[0]),
        lambda: np.linalg.matrix_power(ones[:1], 2),
    ):
        with pytest.raises(np.linalg.LinAlgError, match="remedy"):
            call()
    with pytest.raises(TypeError, match="float16 is unsupported"):
        np.linalg.inv(ag.Tensor(np.eye(2, dtype=np.float16)))


def test_functions_without_a_gradient() -> None:
    rank = np.linalg.matrix_rank(ag.Tensor(np.eye(3)))
    assert rank == 3
    assert not isinstance(rank, ag.Tensor)
    assert not isinstance(np.linalg.matrix_power(ag.Tensor(np.eye(2)), 0), ag.Tensor)
    assert isinstance(np.linalg.lstsq(ag.Tensor(np.eye(2)), np.ones(2))[2], np.int32)
