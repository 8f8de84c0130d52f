"""Numeric derivatives: as exact as they say, and honest where they are not."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_lite.checking import directional_derivative, numeric_gradient
from autograd_lite.checking.numeric import complex_step, richardson

ONE = np.float64(1.0)
KNOWN = {
    "exp": (np.exp, np.exp),
    "sin": (np.sin, np.cos),
    "tanh": (np.tanh, lambda x: 1 / np.cosh(x) ** 2),
    "cubic": (lambda x: x**3 - x, lambda x: 3 * x**2 - 1),
    "rational": (lambda x: x / (1 + x**2), lambda x: (1 - x**2) / (1 + x**2) ** 2),
    "arctan": (np.arctan, lambda x: 1 / (1 + x**2)),
}
KINKED = {
    "absolute": (np.abs, np.sign),
    "maximum": (lambda x: np.maximum(x, 0.0), lambda x: float(x > 0)),
    "selection": (lambda x: np.where(x > 0, x * x, x), lambda x: 2 * x if x > 0 else 1.0),
}
points = st.floats(-3, 3).map(np.float64)


@pytest.mark.parametrize("name", KNOWN)
@given(x=points)
def test_smooth_functions_to_1e_9_and_within_the_stated_error(name: str, x: Any) -> None:
    f, slope = KNOWN[name]
    for estimate in (directional_derivative(f, x, ONE), richardson(f, x, ONE)):
        distance = abs(estimate.value - slope(x))
        assert distance <= 1e-9 * max(1.0, abs(slope(x)))
        assert distance <= 10 * estimate.error + 1e-15
        assert estimate.error <= 1e-9 * max(1.0, abs(slope(x)))


@pytest.mark.parametrize("name", KINKED)
@given(x=points.filter(lambda x: abs(x) > 1e-3))
def test_a_kink_nearby_does_no_harm(name: str, x: Any) -> None:
    f, slope = KINKED[name]
    estimate = directional_derivative(f, x, ONE)
    assert abs(estimate.value - slope(x)) <= 1e-9
    assert estimate.error <= 1e-9


def test_the_complex_step_is_exact_where_differences_cancel() -> None:
    x = np.float64(1e-3)
    estimate = directional_derivative(lambda x: 1e9 + np.exp(x), x, ONE)
    assert estimate.value == pytest.approx(np.exp(1e-3), rel=1e-15)


@pytest.mark.parametrize(
    "f",
    [np.conjugate, lambda x: np.real(x) * x, lambda x: x * np.abs(x)],
    ids=["conjugate", "real part", "modulus"],
)
def test_the_complex_step_is_not_trusted_on_functions_that_are_not_analytic(f: Any) -> None:
    x = np.float64(0.7)
    exact = richardson(f, x, ONE).value
    assert abs(complex_step(f, x, ONE) - exact) > 0.1
    assert directional_derivative(f, x, ONE).value == exact


@pytest.mark.parametrize(
    "f",
    [np.abs, np.floor, lambda x: x.astype(float), lambda x: np.where(np.iscomplex(x), 2 * x, x)],
    ids=["real result", "refused", "imaginary part dropped", "another value"],
)
def test_functions_that_do_not_take_complex_numbers_give_no_complex_step(f: Any) -> None:
    assert complex_step(f, ONE, ONE) is None


@pytest.mark.parametrize("f", [np.sqrt, np.log, np.floor, np.sign], ids=repr)
def test_where_there_is_no_derivative_the_error_is_large(f: Any) -> None:
    assert not directional_derivative(f, np.float64(0.0), ONE).error < 1e-3


def test_shapes_of_argument_and_result_are_independent() -> None:
    x = np.arange(6.0).reshape(2, 3)
    estimate = directional_derivative(lambda x: np.sum(x**2, axis=0), x, np.ones((2, 3)))
    assert estimate.value == pytest.approx(2 * x.sum(axis=0))
    assert estimate.error.shape == (3,)


def test_gradient_entry_by_entry() -> None:
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    gradient = numeric_gradient(np.prod, x, 2.0)
    assert gradient.value == pytest.approx(2.0 * 24.0 / x, rel=1e-12)
    assert np.all(gradient.error < 1e-9)
