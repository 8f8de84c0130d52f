"""Matrices at which the formulas of `np.linalg` take another branch than at regular ones.

As in `test_edges`, each is here because the mutation test found an error that nothing else noticed.
"""

from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite.checking import check_gradients
from autograd_lite.rules.decompositions import places
from autograd_lite.rules.equal_eigenvalues import equals
from autograd_lite.rules.norms import kept, polar

EPS = float(np.finfo(float).eps)
ANY = np.array([[1.0, 2.0], [5.0, 3.0], [7.0, -4.0]])  # a gradient of no particular kind


# What counts as equal, and as zero


def test_places_in_the_order_of_eigenvalues_whatever_their_size() -> None:
    w = np.array([[3.0, 1.0, 2.0], [0.0, 0.0, 0.0], [1e-20, 3e-20, 2e-20], [2e20, 3e20, 1e20]])
    assert places(w).tolist() == [[2, 0, 1], [0, 1, 2], [0, 2, 1], [1, 2, 0]]
    spread = np.array([[1e9, 1.0, 2.0], [0.5, 0.3, 0.4]])
    assert places(spread.astype(complex)).tolist() == [[2, 0, 1], [2, 0, 1]]


@pytest.mark.parametrize(
    ("dtype", "apart", "same"),
    [(np.complex128, 3e-10, 2e-11), (np.complex64, 3e-5, 3e-6), (np.float64, 3e-5, 3e-6)],
)
def test_places_look_past_the_last_digits(dtype: Any, apart: float, same: float) -> None:
    assert places(np.array([1.0 + apart, 1.0], dtype)).tolist() == [1, 0]
    assert places(np.array([1.0 + same, 1.0], dtype)).tolist() == [0, 1]


def test_equal_eigenvalues_of_any_size() -> None:
    rows = np.array([[1e10, 1e10 * (1 + 6 * EPS)], [1.0, 1 + 12 * EPS], [1e-16, 2e-16]])
    assert equals(rows)[:, 0, 1].tolist() == [True, False, False]
    assert equals(rows[:1])[:, 0, 1].tolist() == [True]


def test_singular_values_that_are_0_but_for_rounding() -> None:
    rows = np.array([[1.0, 1.5 * EPS], [1e-20, 1e-21], [1e-20, 1e-21]])
    assert kept(rows).tolist() == [[True, False], [True, True], [True, True]]
    assert kept(rows[:1]).tolist() == [[True, False]]


# Singular matrices


@pytest.mark.parametrize("n", [2, 3])
def test_singular_values_of_0_send_nothing_to_their_vectors(n: int) -> None:
    def product_of_bases(a: Any) -> Any:
        u, _, vh = np.linalg.svd(a, full_matrices=False)
        return np.sum(np.matmul(u, vh) * ANY[:n])

    assert not ag.grad(product_of_bases)(np.zeros((n, 2))).any()


def test_a_singular_matrix_among_others_has_an_infinite_slope_alone() -> None:
    a = np.array([[[1.0, 2.0], [2.0, 4.0]], [[1.0, 0.0], [0.0, 2.0]], [[0.0, 1.0], [1.0, 0.0]]])
    with np.errstate(all="ignore"):
        gradient = ag.grad(lambda a: np.sum(np.linalg.slogdet(a)[1]))(a)
    assert np.isinf(gradient[0]).all()
    assert np.allclose(gradient[1:], np.swapaxes(np.linalg.inv(a[1:]), -1, -2))


def test_polar_factor_of_matrices_of_rank_one() -> None:
    """It is smooth as long as the rank stays."""

    def f(a: Any, b: Any) -> Any:
        return np.sum(polar(np.outer(a, b)) * ANY)

    check_gradients(f, np.array([1.0, 2.0, -1.0]), np.array([0.5, -1.0]), order=2)


@pytest.mark.parametrize(
    ("second", "rcond", "slope"),
    [(2.5 * EPS, None, 0.0), (0.5 * EPS, 0.0, 2.0 / EPS), (0.0, -1, 0.0), (0.0, -0.5, 0.0)],
)
def test_least_squares_leave_out_what_numpy_does(second: float, rcond: Any, slope: float) -> None:
    a = np.zeros((4, 2))
    a[0, 0], a[1, 1] = 1.0, second
    gradient = ag.grad(lambda b: np.sum(np.linalg.lstsq(a, b, rcond=rcond)[0]))(np.ones(4))
    assert np.allclose(gradient, [1.0, slope, 0.0, 0.0], rtol=1e-14, atol=0)


def test_a_singular_value_at_the_limit_is_cut_off() -> None:
    def f(a: Any) -> Any:
        return np.sum(np.linalg.pinv(a, rcond=0.5) * ANY[:2])

    at, below = (ag.grad(f)(np.diag([2.0, s])) for s in (1.0, 1.0 - 1e-9))
    assert np.allclose(at, below, rtol=1e-7, atol=1e-9)


def test_limits_are_those_of_each_matrix() -> None:
    def f(a: Any) -> Any:
        return np.sum(np.linalg.pinv(a, rcond=0.5) * ANY[:2])

    a = np.array([[3.0, 1.0], [0.5, 1.0]])
    stack = ag.grad(f)(np.stack([a, 100.0 * a]))
    assert np.allclose(stack[0], ag.grad(f)(a), rtol=1e-12, atol=1e-12)
    assert np.allclose(stack[1], ag.grad(f)(100.0 * a), rtol=1e-12, atol=1e-12)


# Repeated eigenvalues


def squared(w: Any, v: Any) -> Any:
    """The squares of symmetric matrices, by their eigenvalues and vectors."""
    return np.matmul(v * (w * w)[..., None, :], np.swapaxes(v, -1, -2))


@pytest.mark.parametrize("cubes", [0.0, 1.0])
def test_functions_of_matrices_with_gradients_of_any_size(cubes: float) -> None:
    """Alone, and together with the sum of the cubes of all eigenvalues."""
    q = np.linalg.qr(np.arange(9.0).reshape(3, 3) ** 2)[0]
    a = np.stack([q @ np.diag(w) @ q.T for w in ([2.0, 2.0, 5.0], [1.0, 3.0, 3.0])])
    a = np.stack([a, a, a])
    sizes = np.array([[1.0, 1e-9], [1e9, 1.0], [1e-12, 1e12]])[..., None, None]
    g = sizes * np.array([[1.0, 2.0, 0.5], [2.0, 3.0, -1.0], [0.5, -1.0, 4.0]])

    def f(a: Any) -> Any:
        w, v = np.linalg.eigh(a)
        return np.sum(squared(w, v) * g) + cubes * np.sum(sizes[..., 0] * w**3)

    found = ag.grad(f)(a)
    found = 0.5 * (found + np.swapaxes(found, -1, -2))  # of the triangle that is read
    due = a @ g + g @ a + cubes * sizes * 3.0 * a @ a
    assert np.allclose(found / sizes, due / sizes, rtol=1e-11, atol=1e-11)


def test_only_what_depends_on_the_choice_of_vectors_is_refused() -> None:
    def f(a: Any) -> Any:
        w, v = np.linalg.eigh(a)
        return np.sum(squared(w, v) * large) + w[0, 0] * np.dot(v[0, :, 0], [1.0, 2.0, 5.0])

    large = np.array([1.0, 1e12])[:, None, None]
    q = np.linalg.qr(np.arange(9.0).reshape(3, 3) ** 2)[0]
    a = q @ np.diag([2.0, 2.0, 5.0]) @ q.T
    gradient = ag.grad(f)(np.stack([a, a]))
    assert np.isnan(gradient[0]).any()
    assert np.isfinite(gradient[1]).all()
