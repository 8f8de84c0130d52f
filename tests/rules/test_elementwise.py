"""Elementwise rules where numbers are extreme: first and second derivatives, to the last digits."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite.core.tensor import Tensor

INF, NAN = np.inf, np.nan
TINY, SMALL, LARGE = 4e-310, 1e-200, 1e200  # the first is subnormal
PI = np.pi


def derivatives(f: Callable[..., Any], *point: float) -> list[float]:
    """All first and all second derivatives (of pairs in order) of f at a point of one or two."""
    with np.errstate(all="ignore"):
        first = [ag.grad(f, n) for n in range(len(point))]
        pairs = [(k, n) for k in range(len(point)) for n in range(k, len(point))]
        second = [ag.grad(first[k], n) for k, n in pairs]
        return [float(d(*point)) for d in (*first, *second)]


# f, x, f'(x), f''(x)
ONE = [
    (np.expm1, -50.0, np.exp(-50), np.exp(-50)),
    (np.log1p, SMALL, 1.0, -1.0),
    (np.log1p, LARGE, 1e-200, 0.0),
    (np.log1p, -1.0, INF, -INF),
    (np.log, TINY, INF, -INF),
    (np.log2, 3e-300, 1 / 3e-300 / np.log(2), -INF),
    (np.log10, LARGE, 1e-200 / np.log(10), 0.0),
    (np.sqrt, 0.0, INF, -INF),
    (np.sqrt, SMALL, 0.5e100, -0.25e300),
    (np.cbrt, -8.0, 1 / 12, 1 / 144),
    (np.reciprocal, 1e-100, -1e200, 2e300),
    (np.square, LARGE, 2e200, 2.0),
    (np.abs, 0.0, 0.0, 0.0),
    (np.abs, -0.0, 0.0, 0.0),
    (np.fabs, -3.0, -1.0, 0.0),
    (np.arctan, LARGE, 0.0, 0.0),
    (np.arctan, SMALL, 1.0, -2e-200),
    (np.arcsinh, -LARGE, 1e-200, 0.0),
    (np.arcsinh, SMALL, 1.0, -1e-200),
    (np.arccosh, LARGE, 1e-200, 0.0),
    (np.arcsin, 1e-8, 1.0, 1e-8),
    (np.arcsin, 1.0, INF, INF),
    (np.arccos, -1.0, -INF, INF),
    (np.arctanh, SMALL, 1.0, 2e-200),
    (np.arctanh, 1 - 2**-53, 1 / (2**-53 * (2 - 2**-53)), 2 * (1 - 2**-53) * 2.0**104),
    (np.tanh, 20.0, 4 * np.exp(-40) / (1 + np.exp(-40)) ** 2, -8 * np.exp(-40)),
    (np.tanh, -400.0, 4 * np.exp(-800), 0.0),
    (np.tanh, INF, 0.0, -0.0),
    (np.tanh, NAN, NAN, NAN),
    (np.sinc, 0.0, 0.0, -(PI**2) / 3),
    (np.sinc, TINY, 0.0, -(PI**2) / 3),
    (np.sinc, 1.0, -1.0, 2.0),
    (np.i0, 0.0, 0.0, 0.5),
    (np.i0, 1.0, 0.565159103992485, 0.7009067737595233),
    (np.i0, -30.0, -768532038938.957, 756054563192.679),
    (np.deg2rad, 90.0, PI / 180, 0.0),
]  # fmt: skip


@pytest.mark.parametrize("row", ONE, ids=lambda row: f"{row[0].__name__} {row[1]}")
def test_one_operand(row: Any) -> None:
    f, x, *due = row
    assert np.allclose(derivatives(f, x), due, rtol=1e-14, atol=1e-307, equal_nan=True)


# f, a, b, then the derivatives in a, b, aa, ab, bb
TWO = [
    (np.hypot, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
    (np.hypot, 3 * LARGE, 4 * LARGE, 0.6, 0.8, 1.28e-201, -0.96e-201, 0.72e-201),
    (np.hypot, 3 * SMALL, -4 * SMALL, 0.6, -0.8, 1.28e199, 0.96e199, 0.72e199),
    (np.hypot, 3e-310, 4e-310, 0.6, 0.8, INF, -INF, INF),
    (np.hypot, 1e-9, 1.0, 1e-9, 1.0, 1.0, -1e-9, 1e-18),
    (np.arctan2, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
    (np.arctan2, 3 * LARGE, 4 * LARGE, 1.6e-201, -1.2e-201, 0.0, 0.0, 0.0),
    (np.arctan2, 1e-100, 1e-100, 5e99, -5e99, -5e199, 0.0, 5e199),
    (np.arctan2, 0.0, -1.0, -1.0, 0.0, 0.0, -1.0, 0.0),
    (np.logaddexp, -40.0, 0.0, np.exp(-40), 1.0, np.exp(-40), -np.exp(-40), np.exp(-40)),
    (np.logaddexp, LARGE, LARGE, 0.5, 0.5, 0.25, -0.25, 0.25),
    (np.logaddexp, INF, INF, 0.5, 0.5, 0.0, 0.0, 0.0),
    (np.logaddexp, -INF, -INF, 0.0, 0.0, 0.0, 0.0, 0.0),
    (np.logaddexp, INF, -INF, 1.0, 0.0, 0.0, 0.0, 0.0),
    (np.logaddexp, 2.0, INF, 0.0, 1.0, 0.0, 0.0, 0.0),
    (np.logaddexp2, -50.0, 0.0, 2.0**-50, 1.0, *np.log(2) * 2.0**-50 * np.array([1, -1, 1])),
    (np.logaddexp2, -INF, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0),
    (np.power, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
    (np.power, 0.0, 2.0, 0.0, 0.0, 2.0, 0.0, 0.0),
    (np.power, 0.0, 3.0, 0.0, 0.0, 0.0, 0.0, 0.0),
    (np.power, 2.0, 0.0, 0.0, np.log(2), 0.0, 0.5, np.log(2) ** 2),
    (np.power, 1e-150, 2.0, 2e-150, np.log(1e-150) * 1e-300, 2.0,
     1e-150 + 2e-150 * np.log(1e-150), np.log(1e-150) ** 2 * 1e-300),
    (np.float_power, 0.0, 2.0, 0.0, 0.0, 2.0, 0.0, 0.0),
    (np.divide, 1e300, 1e200, 1e-200, -1e-100, 0.0, 0.0, 2e-300),
    (np.copysign, -2.0, 3.0, -1.0, 0.0, 0.0, 0.0, 0.0),
    (np.copysign, 2.0, -0.0, -1.0, 0.0, 0.0, 0.0, 0.0),
    (np.copysign, -0.0, 3.0, 0.0, 0.0, 0.0, 0.0, 0.0),
    (np.maximum, NAN, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0),
    (np.minimum, NAN, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0),
    (np.maximum, 1.0, 1.0, 0.5, 0.5, 0.0, 0.0, 0.0),
    (np.fmax, NAN, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0),
    (np.fmax, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0),
    (np.fmin, 1.0, NAN, 1.0, 0.0, 0.0, 0.0, 0.0),
    (np.fmin, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0),
    (np.fmin, NAN, NAN, 1.0, 0.0, 0.0, 0.0, 0.0),
    (np.remainder, 6.0, 3.0, 1.0, -2.0, 0.0, 0.0, 0.0),
    (np.remainder, -6.0, 3.0, 1.0, 2.0, 0.0, 0.0, 0.0),
    (np.remainder, 5.0, -3.0, 1.0, 2.0, 0.0, 0.0, 0.0),
    (np.remainder, -5.0, INF, 1.0, 1.0, 0.0, 0.0, 0.0),
    (np.remainder, 1e300, 7.0, 1.0, -np.floor_divide(1e300, 7.0), 0.0, 0.0, 0.0),
    (np.fmod, -5.0, 3.0, 1.0, 1.0, 0.0, 0.0, 0.0),
    (np.fmod, 6.0, -3.0, 1.0, 2.0, 0.0, 0.0, 0.0),
    (np.fmod, 5.0, INF, 1.0, 0.0, 0.0, 0.0, 0.0),
    (lambda a, b: np.divmod(a, b)[1], -7.0, 2.0, 1.0, 4.0, 0.0, 0.0, 0.0),
    (np.heaviside, 0.0, 0.5, 0.0, 1.0, 0.0, 0.0, 0.0),
]  # fmt: skip


@pytest.mark.parametrize("row", TWO, ids=lambda row: f"{row[0].__name__} {row[1]} {row[2]}")
def test_two_operands(row: Any) -> None:
    f, a, b, *due = row
    assert np.allclose(derivatives(f, a, b), due, rtol=1e-14, atol=1e-307, equal_nan=True)


POWERS = [  # exponent, base, slope, curvature
    (0, [0.0, INF, NAN, -2.0], [0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]),
    (1, [0.0, -2.0, INF], [1.0, 1.0, 1.0], [0.0, 0.0, 0.0]),
    (2, [0.0, -2.0], [0.0, -4.0], [2.0, 2.0]),
    (3, [0.0, -2.0], [0.0, 12.0], [0.0, -12.0]),
    (-1, [-2.0, 1e-100], [-0.25, -1e200], [-0.25, 2e300]),
]


@pytest.mark.parametrize("kind", [int, float, np.array, lambda b: np.full(1, b), np.float64])
@pytest.mark.parametrize("row", POWERS, ids=lambda row: f"to the {row[0]}")
def test_whole_exponents_of_every_kind(row: Any, kind: Any) -> None:
    """Python numbers, arrays of whole numbers and of floats; also of negative bases."""
    b, bases, slopes, curvatures = row
    exponent = kind(float(b)) if kind is np.float64 else kind(b)
    if kind is np.array and b < 0:
        exponent = np.array(float(b))  # NumPy takes no negative whole exponents for whole bases
    for function in (np.power, np.float_power, lambda a, e: a**e):
        slope = ag.grad(lambda a, f=function: np.sum(f(a, exponent)))
        for a, first, second in zip(bases, slopes, curvatures, strict=True):
            with np.errstate(all="ignore"):
                assert slope(a) == first
                assert ag.grad(slope)(a) == pytest.approx(second, rel=1e-15)


def test_curvature_of_powers_of_small_numbers() -> None:
    """Where 1 / x**2 overflows, beside exponents of 0."""
    a, b = np.full(3, 1e-200), np.array([0.0, 2.0, 1.0])

    def curvature(a: Any, b: Any) -> Any:
        return np.sum(ag.grad(lambda a: np.sum(np.power(a, b)))(a))

    assert ag.grad(curvature)(a, b).tolist() == [0.0, 2.0, 0.0]
    assert ag.grad(curvature, 1)(a, b)[0] == pytest.approx(1e200, rel=1e-13)


def test_the_smallest_number_whose_power_of_0_has_a_third_derivative() -> None:
    def third(a: float) -> Any:
        def bend(b: Any) -> Any:
            return ag.grad(ag.grad(lambda x: np.sum(np.power(x, b))))(a)

        return ag.grad(bend)(np.zeros(1))[0]

    assert third(2.0**-506) == -(2.0**1012)
    assert third(np.nextafter(2.0**-506, 0)) == 0


def test_power_at_infinities() -> None:
    with np.errstate(all="ignore"):
        assert derivatives(np.power, INF, -1.0)[:2] == [0.0, 0.0]
        assert derivatives(np.power, 0.0, -1.0)[:2] == [-INF, -INF]
        assert derivatives(np.power, INF, 2.0)[:2] == [INF, INF]
        assert np.isnan(derivatives(np.power, -2.0, 3.0)[1])


def test_third_derivatives_of_smooth_functions() -> None:
    for f, x, due in ((np.sinc, 0.0, 0.0), (np.sinc, 1.0, PI**2 - 6), (np.i0, 0.0, 0.0)):
        found = ag.grad(ag.grad(ag.grad(f)))(x)
        assert np.isclose(found, due, rtol=1e-12, atol=1e-12)
    fourth = ag.grad(ag.grad(ag.grad(ag.grad(np.sinc))))(0.0)
    assert np.isclose(fourth, PI**4 / 5, rtol=1e-13, atol=0)
    assert np.isclose(ag.grad(ag.grad(ag.grad(ag.grad(np.i0))))(0.0), 3 / 8, rtol=1e-14, atol=0)


STEEP = [  # what is not chosen gets nothing, even behind an infinite slope
    lambda x: np.maximum(np.sqrt(x), 1.0),
    lambda x: np.maximum(2.0, np.log(x)),
    lambda x: np.minimum(-np.sqrt(x), -1.0),
    lambda x: np.fmax(np.log(x), 0.5),
    lambda x: np.fmin(2.0, 1 / np.sqrt(x)),
    lambda x: np.heaviside(np.ones(2), np.sqrt(x)),
    lambda x: np.log(x, where=x.data > 0) if isinstance(x, Tensor) else x,
    lambda x: np.fmax.reduce(np.stack([np.sqrt(x), [1.0, 3.0]]), axis=0),
    lambda x: np.maximum.accumulate(np.stack([[2.0, 3.0], np.sqrt(x)]), axis=0),
]


@pytest.mark.parametrize("number", range(len(STEEP)))
def test_structural_zeros(number: int) -> None:
    x = ag.Tensor([0.0, 0.25])
    with np.errstate(divide="ignore"):
        np.sum(STEEP[number](x)).backward()
    assert x.grad[0] == 0.0


PARTS = [
    (np.modf, 2.75, 1.0),
    (np.frexp, 12.0, 1 / 16),
    (np.frexp, 0.0, 1.0),
    (np.frexp, 1e-310, INF),
]


@pytest.mark.parametrize(("f", "x", "slope"), PARTS)
def test_parts_of_a_number(f: Any, x: float, slope: float) -> None:
    first, second = f(ag.Tensor(x))
    assert [first.numpy(), second] == list(f(x))
    assert isinstance(second, np.ndarray | np.generic)
    with np.errstate(over="ignore"):
        assert ag.grad(lambda t: f(t)[0])(x) == slope


def test_ldexp_far_out() -> None:
    assert ag.grad(lambda a: np.ldexp(a, -1000))(1e300) == 2.0**-1000
    assert ag.grad(lambda a: np.ldexp(a, 1000))(1e-300) == 2.0**1000


FUNCTIONS = [
    np.exp, np.expm1, np.log2, np.log10, np.cbrt, np.tanh, np.sinc, np.i0, np.arctan, np.arcsinh,
    lambda x: np.power(x, 2.5), lambda x: 2.5**x, lambda x: np.hypot(x, 2.0), lambda x: x**2,
    lambda x: np.arctan2(1.0, x), lambda x: np.logaddexp(x, 1.0), lambda x: np.maximum(x, 0.25),
    lambda x: np.fmin(3, x), lambda x: np.remainder(x, 0.3), lambda x: np.copysign(x, -1),
    lambda x: np.heaviside(0, x), lambda x: np.logaddexp2(1, x), lambda x: x / 3, lambda x: 3 % x,
    lambda x: np.frexp(x)[0], lambda x: np.ldexp(x, 3),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(FUNCTIONS)))
@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_short_floats_stay_short(number: int, dtype: Any) -> None:
    """Also beside Python's numbers, in value and gradient; all digits that there are, are right."""
    f, x = FUNCTIONS[number], np.array([0.5, 0.75, 1.75], dtype)
    narrow, wide = ag.Tensor(x), ag.Tensor(x.astype(float))
    y = f(narrow)
    assert y.dtype == f(x).dtype == dtype
    y.sum().backward()
    f(wide).sum().backward()
    assert narrow.grad.dtype == dtype
    assert np.allclose(narrow.grad, wide.grad, rtol=16 * np.finfo(dtype).eps, atol=0)


def test_tanh_of_short_floats_saturates_late() -> None:
    for dtype, x in ((np.float32, 12.0), (np.float16, 5.0)):
        slope = ag.grad(np.tanh)(dtype(x))
        assert np.isclose(float(slope), 1 / np.cosh(x) ** 2, rtol=8 * np.finfo(dtype).eps, atol=0)


NETWORKS = [
    lambda x: ag.softmax(x, axis=1),
    lambda x: ag.log_softmax(x, axis=-1),
    lambda x: ag.softmax(x, axis=0),
    lambda x: ag.logsumexp(x, axis=0),
]


@pytest.mark.parametrize("f", NETWORKS)
def test_networks_over_nothing(f: Any) -> None:
    x = ag.Tensor(np.zeros((3, 0)))
    f(x).sum().backward()
    assert f(x).size == 0
    assert x.grad.shape == (3, 0)


def test_logsumexp_of_nothing_and_of_infinities() -> None:
    assert ag.logsumexp(np.zeros((2, 0))).tolist() == [-INF, -INF]
    assert ag.logsumexp(np.zeros(0), axis=None, keepdims=True).tolist() == [-INF]
    for point, due in (([INF, INF, 0.0], [0.5, 0.5, 0.0]), ([1e17, 1e17], [0.5, 0.5])):
        assert ag.grad(ag.logsumexp)(np.array(point)).tolist() == due
    assert ag.grad(lambda a: np.logaddexp.reduce(a))(np.array([INF, INF])).tolist() == [0.5, 0.5]
    x = ag.Tensor([-INF, -INF])
    ag.logsumexp(x).backward()
    assert x.grad.tolist() == [0.0, 0.0]


def test_leaky_relu_learns_its_slope() -> None:
    x, slope = ag.Tensor([[-1.0, 0.0], [2.0, -3.0]]), ag.Tensor([0.1, 0.2])
    ag.leaky_relu(x, slope).sum().backward()
    assert slope.grad.tolist() == [-1.0, -3.0]
    assert x.grad.tolist() == [[0.1, 0.2], [1.0, 0.2]]
    assert ag.grad(lambda s: np.sum(ag.leaky_relu(np.array([-1.0, 2.0]), s)))(0.1) == -1.0


RUNNING = [  # the latest of equals, and a NaN where it is one
    (np.maximum, [1.0, 1.0, 0.0, 2.0], [1.0, 2.0, 0.0, 1.0]),
    (np.minimum, [2.0, 1.0, 1.0, 3.0], [1.0, 1.0, 2.0, 0.0]),
    (np.maximum, [1.0, NAN, 5.0], [1.0, 2.0, 0.0]),
    (np.fmax, [1.0, NAN, 5.0, 2.0], [2.0, 0.0, 2.0, 0.0]),
    (np.fmin, [NAN, 1.0, 5.0], [1.0, 2.0, 0.0]),
]


@pytest.mark.parametrize(("ufunc", "point", "due"), RUNNING)
def test_running_extrema(ufunc: Any, point: Any, due: Any) -> None:
    x = ag.Tensor(point)
    ufunc.accumulate(x).sum().backward()
    assert x.grad.tolist() == due


def test_extrema_in_another_dtype_are_found() -> None:
    """The value is rounded to float32, and so is what it is compared with."""
    x = np.array([0.1, 0.3, 0.2])
    for f in (np.fmax.reduce, np.fmin.reduce, np.maximum.accumulate, np.fmin.accumulate):
        narrow, wide = ag.Tensor(x), ag.Tensor(x)
        f(narrow, dtype=np.float32).sum().backward()
        f(wide).sum().backward()
        assert narrow.grad.tolist() == wide.grad.tolist()
        assert narrow.grad.sum() >= 1


def test_ties_share_what_comes() -> None:
    for f in (np.maximum, np.minimum):
        a, b = ag.Tensor([1.0, NAN]), ag.Tensor([1.0, 0.0])
        np.sum(3 * f(a, b)).backward()
        assert a.grad.tolist() == b.grad.tolist() == [1.5, 3.0]


def test_the_origin_is_no_reason_to_warn() -> None:
    for f in (np.hypot, np.arctan2):
        assert ag.grad(f)(0.0, 0.0) == 0.0
        assert ag.grad(ag.grad(f, 1))(0.0, 0.0) == 0.0
    assert ag.grad(lambda a: np.hypot.reduce(a))(np.zeros(2)).tolist() == [0.0, 0.0]
    assert ag.grad(lambda b: np.sum(np.zeros(2) ** b))(np.array([0.0, 2.0])).tolist() == [0.0, 0.0]
