"""Decompositions where they are not unique: phases, repeated and complex eigenvalues, more columns.

What is differentiated here does not depend on the choice that NumPy makes.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite.checking import check_gradients

RANDOM = np.random.default_rng(1)
WEIGHTS = RANDOM.normal(size=(3, 3)) + 1j * RANDOM.normal(size=(3, 3))
COMPLEX = RANDOM.normal(size=(5, 3)) + 1j * RANDOM.normal(size=(5, 3))
TURNING = np.array([[0.3, 1.0, 0.2], [-1.0, 0.2, 0.5], [0.1, -0.4, 0.9]])  # complex eigenvalues
UNITARY = np.linalg.qr(COMPLEX[:3])[0]
ORTHOGONAL = np.linalg.qr(COMPLEX.real[:3])[0]


def contracted(a: Any) -> Any:
    """A real number that depends on every entry."""
    return np.real(np.sum(WEIGHTS[: a.shape[-2], : a.shape[-1]] * a))


def of_eigh(a: Any) -> Any:
    """A function of a hermitian matrix by its eigenvalues."""
    w, v = np.linalg.eigh(a)
    return contracted(np.matmul(v * np.exp(w / 3), np.conj(v.T)))


def sizes_by_eigh(a: Any) -> Any:
    w, v = np.linalg.eigh(a)
    return np.sum(WEIGHTS.real * np.abs(v) ** 2) + np.sum(w**3)


def of_svd(a: Any) -> Any:
    u, s, vh = np.linalg.svd(a, full_matrices=False)
    return contracted(np.matmul(u * s**2, vh)[:3])


def sizes_by_svd(a: Any) -> Any:
    u, s, vh = np.linalg.svd(a, full_matrices=False)
    return np.sum(np.abs(u) ** 4) + np.sum(WEIGHTS.real * np.abs(vh) ** 4) + np.sum(s**3)


def beyond(u: Any) -> Any:
    """The space of the further columns of a full U or Q."""
    return contracted(np.matmul(u[:3, 3:], np.conj(u[:3, 3:].T)))


def of_eig(a: Any) -> Any:
    w, v = np.linalg.eig(a)
    return contracted(np.matmul(v * np.exp(w), np.linalg.inv(v)))


def sizes_by_eig(a: Any) -> Any:
    w, v = np.linalg.eig(a)
    return np.real(np.sum(w**3)) + np.sum(WEIGHTS.real * np.abs(v) ** 2 * np.abs(w))


def of_eigvals(a: Any) -> Any:
    return np.real(np.sum(np.exp(1j * np.linalg.eigvals(a)) * (1 + 2j)))


@pytest.mark.parametrize(
    ("f", "a"),
    [
        (of_eigh, COMPLEX[:3]),
        (sizes_by_eigh, COMPLEX[:3]),
        (of_svd, COMPLEX),
        (sizes_by_svd, COMPLEX),
        (sizes_by_svd, COMPLEX[:3]),
        (lambda a: beyond(np.linalg.svd(a)[0]), COMPLEX),
        (lambda a: beyond(np.linalg.svd(a)[0]), COMPLEX.real),
        (lambda a: beyond(np.conj(np.linalg.svd(a.T)[2].T)), COMPLEX),
        (lambda a: beyond(np.linalg.qr(a, "complete")[0]), COMPLEX),
        (lambda a: beyond(np.linalg.qr(a, "complete")[0]), COMPLEX.real),
        (of_eig, COMPLEX[:3]),
        (sizes_by_eig, COMPLEX[:3]),
        (of_eigvals, COMPLEX[:3]),
        (of_eig, TURNING),
        (sizes_by_eig, TURNING),
        (of_eigvals, TURNING),
    ],
)
def test_what_no_choice_of_vectors_changes(f: Callable[..., Any], a: Any) -> None:
    check_gradients(f, a, order=1)


# Repeated eigenvalues and singular values


def log_likelihood(a: Any) -> Any:
    """A normal density's, by the eigenvalues of the covariance."""
    w, v = np.linalg.eigh(a)
    return contracted(np.matmul(v / w, v.T)) + np.sum(np.log(w))


def projection(a: Any) -> Any:
    v = np.linalg.eigh(a)[1][:, :2]
    return contracted(np.matmul(v, v.T))


TWICE = np.matmul(ORTHOGONAL * [2.0, 2.0, 5.0], ORTHOGONAL.T)


@pytest.mark.parametrize(
    ("f", "a"),
    [
        (of_eigh, np.eye(3)),
        (of_eigh, TWICE),
        (of_eigh, np.matmul(UNITARY * [2.0, 2.0, 5.0], np.conj(UNITARY.T))),
        (lambda a: np.sum(np.linalg.eigvalsh(a) ** 3), 2 * np.eye(3)),
        (lambda a: np.sum(np.linalg.eigh(a)[0] ** 3), TWICE),
        (lambda a: np.sum(np.real(np.linalg.eigvals(a)) ** 3), 2 * np.eye(3)),
        (log_likelihood, TWICE),
        (projection, TWICE),
        (of_svd, np.eye(3)),
        (of_svd, 2 * UNITARY),
        (lambda a: contracted(np.linalg.pinv(a)), 2 * np.eye(3)[:, :2]),
        (lambda a: np.linalg.norm(a, "nuc"), 2 * ORTHOGONAL),
    ],
)
def test_repeated_values_of_which_the_vectors_are_any_basis(f: Callable[..., Any], a: Any) -> None:
    check_gradients(f, a, order=1)


def test_second_derivatives_of_singular_values_that_are_repeated() -> None:
    check_gradients(lambda a: np.linalg.norm(a, "nuc"), 2 * ORTHOGONAL, order=2)
    check_gradients(lambda a: contracted(np.linalg.pinv(a)), 2 * np.eye(3)[:, :2], order=2)


def test_nan_where_a_function_depends_on_the_basis_of_a_repeated_eigenvalue() -> None:
    gradient = ag.grad(lambda a: np.linalg.eigh(a)[1][0, 1])(np.eye(3))
    assert np.isnan(gradient).any()


def test_the_triangle_that_is_read_has_the_gradient() -> None:
    a = np.eye(2)
    assert ag.grad(lambda a: np.sum(np.linalg.eigh(a)[1] ** 2))(a).tolist() == [[0, 0], [0, 0]]
    b = np.array([[1.0, 9.0], [0.5, 2.0]])
    lower = ag.grad(lambda b: np.linalg.eigvalsh(b)[1])(b)
    upper = ag.grad(lambda b: np.linalg.eigvalsh(b, UPLO="U")[1])(b.T)
    assert lower[0, 1] == 0
    assert np.allclose(lower, upper.T, rtol=1e-14, atol=1e-14)


def test_singular_values_of_zero_do_no_harm_to_others() -> None:
    a = np.outer([1.0, 2.0, 2.0], [0.6, 0.8])
    gradient = ag.grad(lambda a: np.linalg.svdvals(a)[0])(a)
    assert np.allclose(gradient, a / 3, rtol=1e-14, atol=1e-14)
    gradient = ag.grad(lambda a: np.linalg.svd(a, full_matrices=False)[1][0])(np.zeros((3, 2)))
    assert np.isfinite(gradient).all()


def test_qr_in_other_modes_is_refused() -> None:
    for mode in ("raw", "economic"):
        with pytest.raises(ag.NotDifferentiableError, match="'complete' or 'r'"):
            np.linalg.qr(ag.Tensor(np.eye(2)), mode)


def test_second_derivatives_at_equal_eigenvalues_are_unknown_but_of_spaces() -> None:
    """V f(w) V^T would need f'', which its gradient does not tell; V V^T of the space is right."""
    a, weights = np.diag([1.0, 1.0, 3.0]), np.arange(9.0).reshape(3, 3) ** 2

    def second(f: Any) -> Any:
        return ag.grad(lambda a: np.sum(weights.T * ag.grad(f)(a)))(a)

    def cubed(a: Any) -> Any:
        w, v = np.linalg.eigh(a)
        return np.sum(weights * np.matmul(v * w**3, v.T))

    def space(a: Any) -> Any:
        v = np.linalg.eigh(a)[1][:, :2]
        return np.sum(weights * np.matmul(v, v.T))

    with np.errstate(all="ignore"):
        assert np.isnan(second(cubed)).any()
    assert np.isfinite(ag.grad(cubed)(a)).all()
    ag.check_gradients(space, a, order=2)
