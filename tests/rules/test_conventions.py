"""Slopes where there is a kink, a tie, an end or an overflow: what the rules' comments promise."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_lite as ag

INF = np.inf


def slopes(f: Callable[..., Any], *points: Any) -> list[Any]:
    """The gradients of the sum of f at float64 points; warnings are the user's own affair here."""
    leaves = [ag.Tensor(np.array(point, float)) for point in points]
    with np.errstate(all="ignore"):
        f(*leaves).sum().backward()
    return [leaf.grad.tolist() for leaf in leaves]


ONE = [
    ("abs at 0", np.abs, [-2.0, 0.0, 3.0], [-1.0, 0.0, 1.0]),
    ("fabs at 0", np.fabs, 0.0, 0.0),
    ("relu at 0", ag.relu, [-1.0, 0.0, 1.0], [0.0, 0.0, 1.0]),
    ("leaky_relu at 0", ag.leaky_relu, [-1.0, 0.0, 1.0], [0.01, 0.01, 1.0]),
    ("clip at its bounds", lambda x: np.clip(x, 0, 1), [-1, 0, 0.5, 1, 2.0], [0, 1, 1, 1, 0.0]),
    ("max with ties", np.max, [3.0, 1.0, 3.0], [0.5, 0.0, 0.5]),
    ("min with ties", np.min, [1.0, 1.0, 3.0], [0.5, 0.5, 0.0]),
    ("std at 0", np.std, [2.0, 2.0], [0.0, 0.0]),
    ("prod with one zero", np.prod, [2.0, 0.0, 5.0], [0.0, 10.0, 0.0]),
    ("prod with two zeros", np.prod, [0.0, 0.0, 5.0], [0.0, 0.0, 0.0]),
    ("cumprod with a zero", np.cumprod, [2.0, 0.0, 5.0], [1.0, 12.0, 0.0]),
    ("x ** 0 at 0", lambda x: x**0, [0.0, 2.0], [0.0, 0.0]),
    ("x ** 0.0 as an array", lambda x: x ** np.array([0.0, 1.0]), [0.0, 0.0], [0.0, 1.0]),
    ("0 ** x", lambda x: np.zeros(2) ** x, [0.0, 2.0], [0.0, 0.0]),
    ("sinc at 0", np.sinc, [0.0, 1.0], [0.0, -1.0]),
    ("sinc outside its series", np.sinc, 1.5, 1 / (2.25 * np.pi)),
    ("arctan without overflow", np.arctan, [1e200, -1e200], [0.0, 0.0]),
    ("arcsinh without overflow", np.arcsinh, 1e200, 1e-200),
    ("arccosh without overflow", np.arccosh, 1e200, 1e-200),
    ("softplus at both ends", ag.softplus, [-1000.0, 1000.0], [0.0, 1.0]),
    ("sigmoid at both ends", ag.sigmoid, [-1000.0, -40.0, 1000.0], [0.0, np.exp(-40), 0.0]),
    ("gelu at both ends", ag.gelu, [-1e200, 1e200], [0.0, 1.0]),
    ("silu at both ends", ag.silu, [-1000.0, 1000.0], [0.0, 1.0]),
    ("logsumexp of infinities", ag.logsumexp, [-INF, 0.0, -INF], [0.0, 1.0, 0.0]),
    ("logsumexp at inf", ag.logsumexp, [INF, 1.0], [1.0, 0.0]),
    ("gelu by tanh far out", lambda x: ag.gelu(x, "tanh"), [-1e160, 1e160], [0.0, 1.0]),
    ("softmax far out", lambda x: ag.softmax(x)[0], [1000.0, 0.0], [0.0, 0.0]),
    ("where, infinite slope", lambda x: np.where(x > 0, np.sqrt(x), 0), [0.0, 4.0], [0, 0.25]),
    ("where, two steps", lambda x: np.where(x > 0, np.log(np.sqrt(x)), 0), [0, 4], [0, 0.125]),
    ("mask, infinite slope", lambda x: np.sqrt(x)[x.data > 0], [0.0, 4.0], [0.0, 0.25]),
    ("clip, infinite slope", lambda x: np.clip(np.sqrt(x), 1, None), [0.0, 4.0], [0.0, 0.25]),
    ("max, infinite slope", lambda x: np.max(np.sqrt(x)), [0.0, 4.0], [0.0, 0.25]),
]

TWO = [
    ("maximum with ties", np.maximum, [1.0, 2.0], [1.0, 1.0], [0.5, 1.0], [0.5, 0.0]),
    ("minimum with ties", np.minimum, [1.0, 2.0], [1.0, 1.0], [0.5, 0.0], [0.5, 1.0]),
    ("fmax beside NaN", np.fmax, [np.nan, 1.0], [1.0, np.nan], [0.0, 1.0], [1.0, 0.0]),
    ("fmin beside NaN", np.fmin, [np.nan, 1.0], [1.0, np.nan], [0.0, 1.0], [1.0, 0.0]),
    ("arctan2 at the origin", np.arctan2, 0.0, 0.0, 0.0, 0.0),
    ("arctan2 without overflow", np.arctan2, 1e200, 1e200, 5e-201, -5e-201),
    ("hypot at the origin", np.hypot, 0.0, 0.0, 0.0, 0.0),
    ("hypot without overflow", np.hypot, 3e200, 4e200, 0.6, 0.8),
    ("logaddexp of infinities", np.logaddexp, [-INF, 0.0], [0.0, -INF], [0, 1.0], [1.0, 0.0]),
    ("logaddexp at inf", np.logaddexp, [INF, -INF], [1.0, -INF], [1.0, 0.0], [0.0, 0.0]),
    ("logaddexp2 at inf", np.logaddexp2, [INF, -INF], [5.0, -INF], [1.0, 0.0], [0.0, 0.0]),
    ("copysign", np.copysign, [2.0, 2.0], [-0.0, 3.0], [-1.0, 1.0], [0.0, 0.0]),
    ("heaviside", np.heaviside, [0.0, 1.0], [0.5, 0.5], [0.0, 0.0], [1.0, 0.0]),
]


@pytest.mark.parametrize(("name", "f", "point", "due"), ONE, ids=[row[0] for row in ONE])
def test_slope(name: str, f: Any, point: Any, due: Any) -> None:
    assert np.allclose(slopes(f, point)[0], due, rtol=1e-14, atol=1e-300), name


@pytest.mark.parametrize(("name", "f", "a", "b", "da", "db"), TWO, ids=[row[0] for row in TWO])
def test_slopes(name: str, f: Any, a: Any, b: Any, da: Any, db: Any) -> None:
    found = slopes(f, a, b)
    assert np.allclose(found[0], da, rtol=1e-14, atol=1e-300), name
    assert np.allclose(found[1], db, rtol=1e-14, atol=1e-300), name


def test_curvature_of_sinc_at_0() -> None:
    assert np.isclose(ag.grad(ag.grad(np.sinc))(0.0), -(np.pi**2) / 3, rtol=1e-14, atol=0)


@given(st.floats(-11000, 11000))
def test_sigmoid_is_exact_to_the_last_bits(x: float) -> None:
    """Against extended precision, down to the last subnormal number."""
    wide = np.longdouble(x)
    with np.errstate(over="ignore", under="ignore"):
        due = 1 / (1 + np.exp(-wide)) if x > -11000 else np.longdouble(0)
    found = ag.sigmoid(np.float64(x))
    assert abs(np.longdouble(found) - due) <= 2 * np.spacing(found)


@given(st.floats(-500, 500))
def test_softplus_is_exact_to_the_last_bits(x: float) -> None:
    due = np.log1p(np.exp(np.longdouble(x)))
    found = ag.softplus(np.float64(x))
    assert abs(np.longdouble(found) - due) <= 2 * np.spacing(found)
