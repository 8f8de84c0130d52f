"""Points at which a formula takes another branch than at those of the generated tests.

Each of them is here because the mutation test (tests/mutation) found an error that nothing else
noticed. The conventions are those that the rules' files state.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite.checking import check_gradients
from autograd_lite.numpy.polynomial.polynomial import polyfit
from autograd_lite.rules.factors import times_power_of_two
from autograd_lite.rules.fit_reports import residual
from autograd_lite.rules.series import derivative, derivative_matrix, integral

from .test_conventions import slopes

EPS, TINY = float(np.finfo(float).eps), float(np.finfo(float).tiny)
INF, NAN = np.inf, np.nan

ONE: list[tuple[str, Callable[..., Any], Any, Any]] = [
    ("clip, equal bounds", lambda low: np.clip(np.zeros(1), low, 1.0), [1.0], [1.0]),
    ("ptp, a largest entry of 1", np.ptp, [1.0, 0.0, 0.5], [1.0, -1.0, 0.0]),
    ("fmax passes NaN by", np.fmax.reduce, [NAN, 1.0], [0.0, 1.0]),
    ("prod with infinity", np.prod, [INF, 2.0, 3.0], [6.0, INF, INF]),
    ("root of a product by -1", lambda x: -(x**0.5), [0.0], [-INF]),
    ("norm of a tie of columns", lambda x: np.linalg.norm(x, 1), [[1.0, 2], [-3, 2]],
     [[0.5, 0.5], [-0.5, 0.5]]),
    ("norm, steep in other columns", lambda x: np.linalg.norm(np.sqrt(x), 1), [[0.0, 4], [1, 1]],
     [[0.0, 0.25], [0.0, 0.5]]),
    ("norm, steep in smaller entries", lambda x: np.linalg.norm(np.sqrt(x), INF), [0.0, 4],
     [0.0, 0.25]),
    ("diagonal, steep beside it", lambda x: np.einsum("ii->i", np.sqrt(x)), [[4.0, 0], [0, 9]],
     [[0.25, 0.0], [0.0, 1 / 6]]),
    ("diagonal, steep on it", lambda x: np.einsum("ii->i", np.sqrt(x)), [[0.0, 1], [1, 4]],
     [[INF, 0.0], [0.0, 0.25]]),
    ("norm with infinity", lambda x: np.linalg.norm(x, 1), [INF, -1.0], [1.0, -1.0]),
    ("leaky_relu of 0, a steep slope", lambda s: ag.leaky_relu(0.0, np.cbrt(s)), 0.0, 0.0),
    ("residual of a perfect fit", lambda y: residual(np.arange(3.0), y, None, 2, "powers"),
     [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]),
    ("least quantile, steep elsewhere", lambda x: np.quantile(-np.sqrt(x), 0.0), [4.0, 0.0],
     [-0.25, 0.0]),
    ("place between infinities", lambda q: np.quantile([1.0, INF, INF], q, method="lower"), 0.7,
     0.0),
    ("interp at NaN", lambda f: np.interp(NAN, [0.0, 1.0], f), [1.0, 2.0], [0.0, 0.0]),
    ("derivative number 0", lambda s: derivative(np.ones(3), "polynomial", 0, s), 0.0, 0.0),
    ("integral of nothing", lambda c: integral(c, 0.0, 2.0, 1.0, "polynomial"), [0.0], [-2.0]),
    ("vectors of equal eigenvalues", lambda a: np.real(np.linalg.eig(a)[1])[0, 1],
     [[1.0, 0.0], [0.0, 1.0]], [[0.0, 0.0], [0.0, 0.0]]),
    ("singular values of 0", lambda a: np.linalg.svd(a)[1], [[0.0, 0], [0, 0]], [[1, 0], [0, 1]]),
]  # fmt: skip

TWO: list[tuple[str, Callable[..., Any], Any, Any, Any, Any]] = [
    ("clip at a lower bound", lambda a, b: np.clip(a, b, None), [1, 0], [1, 1], [1, 0], [0, 1]),
    ("max begins with NaN", lambda a, i: np.max(a, initial=i), [1, 2], NAN, [0, 0], 1),
    ("clip at an upper bound", lambda a, b: np.clip(a, None, b), [1, 2], [1, 1], [1, 0], [0, 1]),
]


@pytest.mark.parametrize(("name", "f", "point", "due"), ONE, ids=[row[0] for row in ONE])
def test_slope(name: str, f: Any, point: Any, due: Any) -> None:
    assert np.allclose(slopes(f, point)[0], due, rtol=1e-14, atol=1e-300), name


@pytest.mark.parametrize(("name", "f", "a", "b", "da", "db"), TWO, ids=[row[0] for row in TWO])
def test_slopes(name: str, f: Any, a: Any, b: Any, da: Any, db: Any) -> None:
    assert slopes(f, a, b) == [da, db], name


# Second derivatives


@pytest.mark.parametrize(
    ("f", "x", "weights", "due"),
    [
        (np.std, [1.0, 1.0, 1.0], [1.0, 2.0, 4.0], [0.0, 0.0, 0.0]),
        (np.hypot.reduce, [0.0, 0.0], [1.0, 2.0], [0.0, 0.0]),
        (np.linalg.norm, [3.0, 0.0, 4.0], [0.0, 1.0, 0.0], [0.0, 0.2, 0.0]),
        (lambda x: np.linalg.norm(x * (3 + 4j), 3), [1.0, 0.0, 2.0], [0.0, 1.0, 0.0], [0.0] * 3),
    ],
    ids=["std", "hypot", "norm", "norm of complex numbers"],
)
def test_curvature(f: Any, x: Any, weights: Any, due: Any) -> None:
    hessian_product = ag.grad(lambda x: np.sum(ag.grad(f)(x) * weights))
    assert np.allclose(hessian_product(np.array(x)), due, rtol=1e-14, atol=1e-300)


def test_mixed_derivative_of_a_power_of_the_smallest_base_that_has_one() -> None:
    """Below it, where the formula would be NaN, the power counts as constant."""
    least = 1024.0 * TINY
    for base, due in ((least, 1.0 / least), (0.5 * least, 0.0)):
        mixed = ag.grad(lambda b, a=base: ag.grad(lambda a: a**b)(a))
        assert mixed(0.0) == due


# Powers and roots


def test_an_infinite_slope_of_a_power_falls_with_the_exponent() -> None:
    with np.errstate(all="ignore"):
        mixed = ag.grad(lambda b: np.sum(ag.grad(lambda a: np.sum(a**b))(np.zeros(2))))
        assert mixed(0.5) == -INF


def test_a_power_of_0_at_0_warns_of_nothing() -> None:
    x = ag.Tensor([0.0])
    (x ** np.array([0.0])).sum().backward()
    assert x.grad.tolist() == [0.0]


def test_powers_of_negative_numbers_with_complex_exponents() -> None:
    check_gradients(lambda b: np.power(-2.0, b), np.array([1.5 + 0.5j]))


@pytest.mark.parametrize("root", [np.sqrt, lambda z: z**0.5], ids=["sqrt", "power"])
def test_complex_roots_have_no_least_value_at_0(root: Any) -> None:
    """That infinity times 0 is 0 holds at a minimum, which only real roots have."""
    with np.errstate(all="ignore"):
        gradient = ag.grad(lambda z: np.real(root(z * z)))(0j)
    assert np.isnan(gradient)


# Choices


def test_equal_entries_keep_their_order() -> None:
    x = ag.Tensor(np.tile([1.0, 0.0], 100))
    weights = np.arange(200.0)
    np.sum(np.sort(x) * weights).backward()
    assert x.grad[1::2].tolist() == weights[:100].tolist()
    assert x.grad[::2].tolist() == weights[100:].tolist()


def test_an_entry_with_no_share_gets_nothing_of_an_infinite_gradient() -> None:
    x = ag.Tensor([1.0, 3.0, 2.0])
    with np.errstate(all="ignore"):
        np.quantile(x, 0.5).backward(INF)
    assert x.grad.tolist() == [0.0, 0.0, INF]


def test_entries_that_a_fold_passes_by_warn_of_nothing() -> None:
    x = ag.Tensor([6.0, 0.0, 2.0])
    np.divide.reduce(x, where=[True, False, True], initial=12.0).backward()
    assert np.allclose(x.grad, [-1 / 6, 0.0, -0.5])


def test_places_in_nothing_do_not_matter() -> None:
    q = ag.Tensor(0.5)
    with pytest.warns(RuntimeWarning, match="empty"):
        np.nanquantile(np.zeros(0), q).backward()
    assert q.grad == 0.0


# Products of any size


@pytest.mark.parametrize(
    ("number", "exponent", "due"),
    [(2.0**1023, -2045, 2.0**-1022), (EPS * TINY, 2046, 2.0**972), (0.0, 9999, 0.0)],
)
def test_a_number_times_a_power_of_two(number: float, exponent: int, due: float) -> None:
    assert times_power_of_two(np.array(number), np.array(exponent)) == due


def test_infinite_factors_warn_of_nothing() -> None:
    x = ag.Tensor([INF, 2.0, 3.0])
    np.prod(x).backward()
    assert x.grad.tolist() == [6.0, INF, INF]


def test_slopes_of_a_product_of_many_short_floats() -> None:
    """The exponents of the running product are larger than float16 has numbers."""
    factors = np.array([0.0, *[2.0**13] * 6000, *[2.0**-13] * 6000], np.float16)
    x = ag.Tensor(factors)
    with np.errstate(over="ignore", invalid="ignore"):
        np.prod(x).backward()
    assert x.grad[0] == 1.0
    assert not x.grad[1:].any()


def test_slopes_of_products_of_many_rows_that_need_scaling() -> None:
    x = ag.Tensor([[0.0, 1e-300, 1e200, 1e200], [1.0, 1.0, 2.0, 1.0]])
    np.sum(np.prod(x, axis=1)).backward()
    assert np.allclose(x.grad, [[1e100, 0.0, 0.0, 0.0], [2.0, 2.0, 1.0, 2.0]], rtol=1e-13, atol=0)


def exact_slopes_of_cumprod(a: list[float], g: list[float]) -> list[Fraction]:
    """Sum over j >= i of g_j times the product of the factors up to j other than a_i."""
    due = [Fraction(0)] * len(a)
    for i in range(len(a)):
        product = Fraction(1)
        for j in range(len(a)):
            product *= Fraction(a[j]) if j != i else 1
            due[i] += Fraction(g[j]) * product if j >= i else 0
    return due


@pytest.mark.parametrize("seed", range(40))
def test_slopes_of_running_products_are_exact_at_any_scale(seed: int) -> None:
    random = np.random.default_rng(seed)
    scales = np.array([2.0**900, 2.0**-900, 3.0, -1.5, 0.0, 2.0**300, 2.0**-500])
    a, g = random.choice(scales, (3, 6)), random.choice([*scales, 1.0], (3, 6))
    x = ag.Tensor(a)
    with np.errstate(all="ignore"):
        np.cumprod(x, axis=1).backward(g)
    for row, factors, weights in zip(x.grad, a.tolist(), g.tolist(), strict=True):
        for found, due in zip(row, exact_slopes_of_cumprod(factors, weights), strict=True):
            if due == 0 or 2.0**-1000 < abs(due) < 2**1020:
                assert np.isclose(found, float(due), rtol=1e-13, atol=0.0)


def test_slopes_of_running_products_move_with_a_gradient_that_is_0() -> None:
    """Also where the products on the way overflow."""
    x = 2.0 ** np.array([1000.0, 1000.0, 1000.0, -1000.0, -1000.0, -1000.0])

    def f(weight: Any) -> Any:
        return np.sum(ag.grad(lambda x: np.cumprod(x)[-1] * weight)(x))

    with np.errstate(all="ignore"):
        assert ag.grad(f)(0.0) == 3.0 * 2.0**1000


@pytest.mark.parametrize("weights", [[1.0, 2.0, 0.0, 0.0], [0.0, 1.0, 0.0, 2.0], [0.0] * 4])
def test_third_derivatives_of_running_products_some_of_which_do_not_count(weights: Any) -> None:
    for a in ([2.0, 3.0, 0.0, 4.0], [0.0, 2.0, 0.0, 3.0], [2.0, 0.5, 3.0, 1.5]):
        check_gradients(lambda x: np.sum(np.cumprod(x) * weights), np.array(a), order=3)


# Fits


@pytest.mark.parametrize("scale", [1e8, 1e-8])
def test_a_fit_of_full_rank_may_have_columns_of_any_length(scale: float) -> None:
    x, weights = np.arange(5.0), np.array([3.0, 2.0, 5.0])

    def f(y: Any) -> Any:
        return np.sum(np.polyfit(scale * x, y, 2) * weights)

    due = np.linalg.pinv(np.vander(x, 3)).T @ (weights * scale ** np.array([-2.0, -1.0, 0.0]))
    assert np.allclose(ag.grad(f)(np.ones(5)), due, rtol=1e-12, atol=0)


STEPS = np.linspace(0.0, 70 * EPS, 100)  # too small for 100 values, though not for few


@pytest.mark.parametrize("x", [np.zeros(3), 1.0 + STEPS], ids=["zero", "close"])
def test_a_fit_without_full_rank_is_refused(x: Any) -> None:
    y = ag.Tensor(np.ones(len(x)))
    with pytest.warns(np.exceptions.RankWarning):
        total = np.sum(polyfit(x, y, 1))
    with pytest.raises(np.linalg.LinAlgError, match="the fit has no full rank"):
        total.backward()


# Series


def test_tables_that_are_kept_cannot_be_changed() -> None:
    assert not derivative_matrix("polynomial", 3).flags.writeable
