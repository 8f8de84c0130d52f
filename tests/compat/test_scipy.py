"""`autograd.scipy`: values are SciPy's, derivatives those that differences show."""

from importlib import import_module
from typing import Any

import numpy as np
import pytest

from autograd_lite.compat.autograd import grad, jacobian
from autograd_lite.compat.autograd.test_util import check_grads

stats = pytest.importorskip("scipy.stats")
linalg = import_module("scipy.linalg")
integrate = import_module("scipy.integrate")
own = import_module("autograd_lite.compat.autograd.scipy")
RANDOM = np.random.default_rng(0)
X = np.array([0.2, 0.5, 0.9])
FAMILIES = {
    "norm": ((), "pdf cdf sf logpdf logcdf logsf"),
    "t": ((3.5,), "pdf cdf logpdf logcdf"),
    "beta": ((2.5, 1.5), "pdf cdf logpdf"),
    "gamma": ((2.5,), "pdf cdf logpdf"),
    "chi2": ((3.5,), "pdf cdf logpdf"),
}
METHODS = [(name, method) for name, (_, methods) in FAMILIES.items() for method in methods.split()]


@pytest.mark.parametrize(("name", "method"), METHODS, ids=map(".".join, METHODS))
def test_family(name: str, method: str) -> None:
    function = getattr(getattr(own.stats, name), method)
    shapes = FAMILIES[name][0]
    by_scipy = getattr(getattr(stats, name), method)
    assert np.array_equal(function(X, *shapes, 0.1, 2.0), by_scipy(X, *shapes, 0.1, 2.0))
    assert np.array_equal(function(X, *shapes), by_scipy(X, *shapes))
    argnums = [0, len(shapes) + 1, len(shapes) + 2]
    if "pdf" in method:
        argnums += range(1, len(shapes) + 1)
    check_grads(function, argnums)(X, *shapes, np.array([0.01, 0.02, 0.03]), 2.0)
    by_name = jacobian(lambda loc, scale: function(X, *shapes, scale=scale, loc=loc), (0, 1))
    by_place = jacobian(lambda loc, scale: function(X, *shapes, loc, scale), (0, 1))
    assert np.array_equal(by_name(0.1, 2.0), by_place(0.1, 2.0))


def test_family_with_wrong_names() -> None:
    for wrong in ({"sigma": 2.0}, {"x": 1.0}):
        with pytest.raises(TypeError):
            own.stats.norm.pdf(X, **wrong)
    assert own.stats.t.pdf(x=0.0, df=3.0) == stats.t.pdf(0.0, 3.0)


def test_poisson() -> None:
    k = np.array([0.0, 2.0, 5.0])
    for method in ("cdf", "pmf", "logpmf"):
        function = getattr(own.stats.poisson, method)
        check_grads(function, 1)(k, np.array([1.5, 2.0, 2.5]))
        check_grads(function, 1)(k, 1.5)
    assert grad(own.stats.poisson.pmf, 1)(1.5, 2.0) == 0


def test_dirichlet() -> None:
    x, alpha = np.array([0.2, 0.3, 0.5]), np.array([1.5, 2.0, 3.0])
    for method in ("pdf", "logpdf"):
        function = getattr(own.stats.dirichlet, method)
        check_grads(function, 1)(x, alpha)
    assert own.stats.dirichlet.logpdf(x, alpha) == stats.dirichlet.logpdf(x, alpha)


COVARIANCE = np.array([[2.0, 0.3, 0.1], [0.3, 1.0, -0.2], [0.1, -0.2, 1.5]])


@pytest.mark.parametrize("cov", [COVARIANCE, np.array([1.0, 2.0, 3.0]), 2.0], ids=str)
@pytest.mark.parametrize("shape", [(3,), (4, 3), (2, 4, 3)], ids=str)
def test_multivariate_normal(shape: Any, cov: Any) -> None:
    x, mean = RANDOM.normal(size=shape), RANDOM.normal(size=3)
    for method in ("pdf", "logpdf"):
        density = symmetric(getattr(own.stats.multivariate_normal, method))
        check_grads(density, (0, 1, 2), modes=["rev"])(x, mean, cov)


def symmetric(function: Any) -> Any:
    """The function of the symmetric part of its last argument: SciPy reads one triangle only."""

    def of_symmetric(*args: Any) -> Any:
        *rest, cov = args
        return function(*rest, (cov + cov.T) / 2 if np.ndim(cov) == 2 else cov)

    return of_symmetric


def test_multivariate_normal_in_one_dimension() -> None:
    function = own.stats.multivariate_normal.logpdf
    for x in (X, X[:, None], np.float64(0.3)):
        check_grads(function, (0, 1, 2))(x, np.array([0.5]), np.array([[2.0]]))
        check_grads(function, (0, 1, 2))(x, 0.5, 2.0)


def test_multivariate_normal_entropy_and_singular() -> None:
    check_grads(symmetric(own.stats.multivariate_normal.entropy), 1)(np.zeros(3), COVARIANCE)
    singular = np.outer([1.0, 2.0, 0.0], [1.0, 2.0, 0.0])

    def density(t: Any, cov: Any) -> Any:
        x = t * np.array([1.0, 2.0, 0.0])
        return own.stats.multivariate_normal.logpdf(x, np.zeros(3), cov, True)

    check_grads(density)(0.5, singular)
    with pytest.raises(Exception, match="singular"):
        grad(density, 1)(0.5, singular)


@pytest.mark.parametrize("lower", [False, True])
@pytest.mark.parametrize(("trans", "columns"), [(0, ()), (1, (2,)), ("T", ()), ("N", (2,))])
def test_solve_triangular(trans: Any, columns: Any, lower: bool) -> None:
    a, b = RANDOM.normal(size=(3, 3)) + 4 * np.eye(3), RANDOM.normal(size=(3, *columns))
    for unit in (False, True):
        options = {"lower": lower, "unit_diagonal": unit}
        solve = lambda a, b, options=options: own.linalg.solve_triangular(a, b, trans, **options)  # noqa: E731
        assert np.array_equal(solve(a, b), linalg.solve_triangular(a, b, trans, **options))
        check_grads(solve, (0, 1), order=1)(a, b)


def test_matrix_equations() -> None:
    a, b, q = (RANDOM.normal(size=(3, 3)) + 2 * np.eye(3) for _ in range(3))
    check_grads(own.linalg.solve_sylvester, (0, 1, 2))(a, b, q)
    check_grads(own.linalg.sqrtm)(a @ a.T)
    assert np.array_equal(own.linalg.inv(a), linalg.inv(a))


@pytest.mark.parametrize("bands", [(1, 1), (0, 2), (2, 1), (3, 0)], ids=str)
def test_solve_banded(bands: Any) -> None:
    ab = RANDOM.normal(size=(sum(bands) + 1, 5))
    ab[bands[1]] += 4.0
    for shape in ((5,), (5, 2)):
        b = RANDOM.normal(size=shape)
        check_grads(lambda ab, b: own.linalg.solve_banded(bands, ab, b), (0, 1))(ab, b)


def test_convolve() -> None:
    a, b = RANDOM.normal(size=7), RANDOM.normal(size=4)
    for mode in ("full", "same", "valid"):
        for x, y in ((a, b), (b, a)):
            if mode != "same" or x is a:
                expected = np.convolve(x, y, mode)
                np.testing.assert_allclose(own.signal.convolve(x, y, mode=mode), expected)
        check_grads(lambda a, b, mode=mode: own.signal.convolve(a, b, mode=mode), (0, 1))(a, b)
    with pytest.raises(ValueError, match="allowed are valid, full, same"):
        own.signal.convolve(a, b, mode="other")


def test_convolve_over_some_axes() -> None:
    images, filters = RANDOM.normal(size=(5, 3, 6, 7)), RANDOM.normal(size=(3, 4, 2, 3))

    def layer(images: Any, filters: Any, mode: str = "valid") -> Any:
        return own.signal.convolve(images, filters, ([2, 3], [2, 3]), ([1], [0]), mode)

    found = layer(images, filters)
    assert found.shape == (5, 4, 5, 5)
    signal = import_module("scipy.signal")
    expected = sum(signal.convolve(images[1, c], filters[c, 2], "valid") for c in range(3))
    np.testing.assert_allclose(found[1, 2], expected)
    back = own.signal.convolve(filters, images, ([2, 3], [2, 3]), ([0], [1]), "valid")
    np.testing.assert_allclose(back, np.swapaxes(found, 0, 1))
    assert layer(images, filters, "full").shape == (5, 4, 7, 9)
    check_grads(layer, (0, 1), modes=["rev"], order=1)(images[:1], filters[:, :2])
    with pytest.raises(ValueError, match="along all convolved axes"):
        own.signal.convolve(np.ones((2, 9)), np.ones((3, 4)), mode="valid")


def test_odeint() -> None:
    """A pendulum with friction."""

    def slope(y: Any, t: float, friction: Any, pull: Any) -> Any:
        return np.stack([y[1], -friction * y[1] - np.sum(pull) * np.sin(y[0]) + np.cos(t)])

    times = np.array([0.0, 0.4, 1.0])
    start, pull = np.array([0.5, 0.1]), np.array([1.0, 2.0])

    def end(start: Any, times: Any, friction: Any, pull: Any) -> Any:
        options = {"rtol": 1e-11, "atol": 1e-11}
        return own.integrate.odeint(slope, start, times, (friction, pull), **options)

    expected = integrate.odeint(slope, start, times, (0.3, pull), rtol=1e-11, atol=1e-11)
    assert np.array_equal(end(start, times, 0.3, pull), expected)
    check_grads(end, (0, 1, 2, 3), modes=["rev"], order=1)(start, times, 0.3, pull)
