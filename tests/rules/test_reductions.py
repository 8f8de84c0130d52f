"""Sums, products, spreads and extrema: ties, zeros, overflow, NaN, nothing to reduce."""

from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite.checking import check_gradients

from .slopes import slopes_at_edges

NAN, INF = np.nan, np.inf


SMALL = [1e-200, 1.0, 1e100]
ABOVE = np.array([False, True, True])
CONVENTIONS = [
    ("max of NaN", np.max, [1.0, NAN, 5.0, NAN], [0, 0.5, 0, 0.5]),
    ("min of NaN", np.min, [1.0, NAN], [0, 1]),
    ("max of inf", np.max, [INF, 1.0, INF], [0.5, 0, 0.5]),
    ("initial ties", lambda x: np.max(x, initial=2.0), [2.0, 1.0, 2.0], [1 / 3, 0, 1 / 3]),
    ("initial wins", lambda x: np.min(x, initial=0.0), [2.0, 1.0], [0, 0]),
    ("initial of nothing", lambda x: np.max(x, initial=0.0), [], []),
    ("max where", lambda x: np.max(x, where=ABOVE, initial=-9), [NAN, 2.0, 1.0], [0, 1, 0]),
    ("ptp", np.ptp, [3.0, 1.0, 5.0, 5.0], [0, -1, 0.5, 0.5]),
    ("ptp of equals", np.ptp, [3.0, 3.0], [0, 0]),
    ("ptp of one", np.ptp, [3.0], [0]),
    ("ptp, infinite slope", lambda x: np.ptp(np.sqrt(x)), [1.0, 0.25, 4.0], [0, -1, 0.25]),
    ("sum where", lambda x: np.sum(np.sqrt(x), where=ABOVE), [0, 1, 4.0], [0, 0.5, 0.25]),
    ("mean where", lambda x: np.mean(np.sqrt(x), where=ABOVE), [0, 1, 4], [0, 0.25, 0.125]),
    ("prod where", lambda x: np.prod(np.sqrt(x), where=ABOVE), [0, 1, 4.0], [0, 1, 0.25]),
    ("var where", lambda x: np.var(np.sqrt(x), where=ABOVE), [0, 1, 4], [0, -0.25, 0.125]),
    ("std of equals", lambda x: np.std(x, axis=0), [[1.0, 2.0], [1.0, 4.0]], [[0, -0.5], [0, 0.5]]),
    ("std of one", lambda x: np.std(x, ddof=0), [7.0], [0]),
    ("std of too few", lambda x: np.std(x, ddof=1), [7.0], [NAN]),
    ("var of too few", lambda x: np.var(x, ddof=2), [7.0, 8.0], [NAN, NAN]),
    ("mean of nothing", np.mean, [], []),
    ("prod of subnormals", np.prod, [5e-324, 2.0**600], [2.0**600, 5e-324]),
    ("prod, zero first", np.prod, [0.0, 1e-300, 1e200, 1e200], [1e100, 0, 0, 0]),
    ("prod, zero last", np.prod, [1e-300, 1e200, 1e200, 0.0], [0, 0, 0, 1e100]),
    ("prod, order", np.prod, [1e-200, 1e-200, 1e200, 1e200], [1e200, 1e200, 1e-200, 1e-200]),
    ("prod, overflow", np.prod, [0.0, 1e200, 1e200], [INF, 0, 0]),
    ("prod of inf", np.prod, [2.0, INF], [INF, 2.0]),
    ("prod of nothing", np.prod, [], []),
    ("prod, initial 0", lambda x: np.prod(x, initial=0.0), [1e200, 1e200], [0, 0]),
    ("cumprod, zero first", np.cumprod, [0.0, 1e-300, 1e200, 1e200], [1e100, 0, 0, 0]),
    ("cumprod, zero inside", np.cumprod, [1e-300, 0.0, 1e300, 1e300], [1, 1e300, 0, 0]),
    ("cumprod, two zeros", np.cumprod, [2.0, 0.0, 3.0, 0.0, 5.0], [1, 8, 0, 0, 0]),
    ("cumprod of small numbers", np.cumprod, [1e-200, 1e-200], [1, 1e-200]),
    ("the last of small ones", lambda x: np.cumprod(x)[2:], SMALL, [1e100, 1e-100, 1e-200]),
    ("cumprod, nothing asked", lambda x: np.cumprod(x) * 0.0, [3.0, 0.0, 2.0], [0, 0, 0]),
    ("cumprod of nothing", np.cumprod, [], []),
]  # fmt: skip


@pytest.mark.parametrize(("name", "f", "point", "due"), CONVENTIONS, ids=str)
def test_convention(name: str, f: Any, point: Any, due: Any) -> None:
    assert np.allclose(slopes_at_edges(f, point), due, rtol=1e-13, atol=0, equal_nan=True), name


@pytest.mark.parametrize("f", [np.prod, np.cumprod])
@pytest.mark.parametrize(
    "point", [[2.0, 0.0, 3.0, 4.0], [0.0, 2.0, 0.0, 3.0], [0.0, 0.0, 0.0, 1.0]]
)
def test_second_derivatives_of_products_with_zeros(f: Any, point: Any) -> None:
    check_gradients(f, np.array(point), order=3)


def test_second_derivative_of_std_at_equal_entries_is_finite() -> None:
    curvature = slopes_at_edges(lambda x: ag.grad(lambda x: np.std(x))(x), [2.0, 2.0, 2.0])
    assert curvature.tolist() == [0.0, 0.0, 0.0]


def test_many_factors_lose_no_digits() -> None:
    a = 2.0 ** np.random.default_rng(0).integers(-9, 10, 20000)
    a[7000] = 0.0
    a[-1] = 2.0 ** -np.sum(np.log2(np.delete(a, [7000, -1])))  # the product of all but one is 1
    assert slopes_at_edges(np.prod, a)[7000] == 1.0
    assert slopes_at_edges(lambda x: np.cumprod(x)[-1], a)[7000] == 1.0


@pytest.mark.parametrize(
    ("f", "due"), [(np.sum, 2.0), (np.prod, 20.0), (np.max, 0.0), (np.min, 1.5)], ids=str
)
def test_initial_may_be_a_tensor(f: Any, due: float) -> None:
    start = ag.Tensor(0.0)
    f(ag.Tensor([[2.0, 7.0], [0.0, 6.0]]), axis=1, initial=start).sum().backward()
    assert start.grad == (14.0 if f is np.prod else due)


def test_a_mean_given_to_var_has_a_gradient_of_its_own() -> None:
    check_gradients(lambda x: np.var(x, axis=0, mean=np.mean(x, axis=0)), np.eye(3)[:2] + 0.5)
    mean = ag.Tensor([1.0])
    np.var(np.array([1.0, 4.0]), mean=mean).backward()
    assert mean.grad.tolist() == [-3.0]


@pytest.mark.parametrize("f", [np.sum, np.mean, np.prod, np.var, np.std, np.max, np.ptp])
@pytest.mark.parametrize("axis", [5, -3, (0, 0), 1.5])
def test_a_wrong_axis_fails_as_in_numpy(f: Any, axis: Any) -> None:
    a = np.ones((2, 2))
    with pytest.raises((ValueError, TypeError)) as expected:
        f(a, axis=axis)
    with pytest.raises(expected.type):
        f(ag.Tensor(a), axis=axis)


@pytest.mark.parametrize("f", [np.sum, np.mean, np.prod, np.var, np.std, np.cumsum, np.cumprod])
def test_dtype_is_that_of_the_result_and_not_of_the_gradient(f: Any) -> None:
    a = np.array([[0.5, 2.0], [1.5, 0.25]], np.float16)
    narrow, wide = ag.Tensor(a), ag.Tensor(a.astype(np.float64))
    result = f(narrow, axis=0, dtype=np.float64)
    assert result.numpy().tobytes() == f(a, axis=0, dtype=np.float64).tobytes()
    result.sum().backward()
    f(wide, axis=0).sum().backward()
    assert narrow.grad.dtype == np.float16
    assert np.allclose(narrow.grad, wide.grad, rtol=2e-3)
