"""`autograd_lite.numpy.polynomial`: every function of every family, on arrays and on Tensors."""

import inspect
from collections.abc import Callable
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite.numpy import polynomial as ours
from autograd_lite.rules.series import PREFIXES

C = np.array([0.5, -1.0, 2.0, 1.5])
D = np.array([1.0, 0.7, 1.3])
X = np.array([0.3, -0.8, 0.55])
GRID = np.linspace(-1.0, 1.0, 12).reshape(3, 2, 2) ** 2 + 0.1
ROOTS = np.array([2.0, -1.5, 0.5, 3.0])


class Example(NamedTuple):
    """A call of the function `name` of a family, with float arrays and what else it takes."""

    name: str
    arrays: tuple[Any, ...]
    options: Any = MappingProxyType({})

    def call(self, module: Any, prefix: str) -> Callable[..., Any]:
        """The function of float arguments only."""
        full = f"poly2{prefix}" if self.name == "poly2" else prefix + self.name
        function = getattr(module, full)
        return lambda *arrays: function(*arrays, **self.options)


EXAMPLES = [
    Example("val", (X, C)),
    Example("val", (0.4, C)),
    Example("val", (X, GRID)),
    Example("val", (X[:2], GRID[..., 0]), {"tensor": False}),
    Example("val2d", (X, X[::-1].copy(), GRID[..., 0])),
    Example("val3d", (X, X[::-1].copy(), X**2, GRID)),
    Example("valnd", (np.stack([X, X[::-1], X**2]), GRID)),
    Example("grid2d", (X, X[:2], GRID[..., 0])),
    Example("grid3d", (X[:1], X[:2], X, GRID)),
    Example("vander", (X,), {"deg": 3}),
    Example("vander2d", (X, X**2), {"deg": [2, 1]}),
    Example("vander3d", (X, X**2, X + 1), {"deg": [1, 0, 2]}),
    Example("der", (C,), {"m": 2, "scl": 2.0}),
    Example("der", (GRID,), {"axis": 1}),
    Example("der", (C,), {"m": 9}),
    Example("int", (C,), {"m": 2, "k": [1, 2.0], "lbnd": 0.5, "scl": 3}),
    Example("int", (GRID,), {"axis": -1, "lbnd": -1}),
    Example("int", (C,), {"m": 0}),
    Example("add", (C, D)),
    Example("sub", (D, C)),
    Example("mul", (C, D)),
    Example("mulx", (C,)),
    Example("div", (C, D)),
    Example("div", (D, C)),
    Example("div", (C, D[:1])),
    Example("pow", (D,), {"pow": 3}),
    Example("pow", (D,), {"pow": 0}),
    Example("fit", (np.linspace(-1, 2, 6), C[[0, 1, 2, 3, 0, 2]]), {"deg": 2}),
    Example("fit", (np.linspace(-1, 2, 6), GRID.reshape(6, 2)), {"deg": [0, 3]}),
    Example("fromroots", (ROOTS[:3],)),
    Example("fromroots", (ROOTS,)),
    Example("line", (0.3, 1.2)),
    Example("line", (0.3,), {"scl": 0}),
    Example("trim", (C,), {"tol": 0.1}),
    Example("roots", (np.array([1.0, -0.5]),)),
    Example("companion", (C,)),
    Example("poly2", (C,)),
    Example("2poly", (C,)),
    Example("weight", (X,)),
    Example("valfromroots", (X, GRID)),
    Example("valfromroots", (X[:1], GRID), {"tensor": False}),
]
ALL = [
    (family, example)
    for family, prefix in PREFIXES.items()
    for example in EXAMPLES
    if any(
        hasattr(getattr(np.polynomial, family), full)
        for full in (prefix + example.name, f"{example.name}{prefix}")
    )
]


def parts(result: Any) -> list[Any]:
    return list(result) if isinstance(result, list | tuple) else [result]


@pytest.mark.parametrize(("family", "example"), ALL, ids=lambda value: str(value)[:60])
def test_values_are_those_of_numpy_and_gradients_right(family: str, example: Example) -> None:
    prefix = PREFIXES[family]
    function = example.call(getattr(ours, family), prefix)
    original = example.call(getattr(np.polynomial, family), prefix)
    due = parts(original(*example.arrays))
    for arguments in (example.arrays, [ag.Tensor(a) for a in example.arrays]):
        for found, expected in zip(parts(function(*arguments)), due, strict=True):
            plain = found.data if isinstance(found, ag.Tensor) else found
            assert (np.shape(plain), plain.dtype) == (np.shape(expected), expected.dtype)
            assert np.array_equal(plain, expected)
    for found in parts(function(*arguments)):
        assert isinstance(found, ag.Tensor)
    ag.check_gradients(function, *example.arrays, order=2)


@pytest.mark.parametrize(("family", "example"), ALL, ids=lambda value: str(value)[:60])
def test_numpys_own_functions_detach_nothing(family: str, example: Example) -> None:
    """They refuse a Tensor, or are so simple that they record what they do."""
    original = example.call(getattr(np.polynomial, family), PREFIXES[family])
    due = parts(original(*example.arrays))
    try:
        result = parts(original(*map(ag.Tensor, example.arrays)))
    except (TypeError, ValueError) as error:
        assert "Tensor" in str(error)  # noqa: PT017 - it may well not raise
        return
    for found, expected in zip(result, due, strict=True):
        assert isinstance(found, ag.Tensor)
        assert np.array_equal(found.data, expected)


@pytest.mark.parametrize("family", PREFIXES)
def test_every_public_name_is_there(family: str) -> None:
    module, original = getattr(ours, family), getattr(np.polynomial, family)
    assert module.__all__ == original.__all__
    for name in original.__all__:
        value, due = getattr(module, name), getattr(original, name)
        if inspect.isfunction(due):
            assert value.__doc__ == due.__doc__
            assert inspect.signature(value) == inspect.signature(due)
    exercised = {PREFIXES[family] + example.name for example in EXAMPLES}
    functions = {name for name in original.__all__ if inspect.isfunction(getattr(original, name))}
    others = {"gauss", "interpolate", "pts1", "pts2"}
    ends = (*others, "2poly", f"poly2{PREFIXES[family]}")
    assert not {n for n in functions - exercised if not n.endswith(ends)}


@pytest.mark.parametrize("family", PREFIXES)
def test_fit_with_everything(family: str) -> None:
    x, y, w = np.linspace(-1, 2, 6), np.cos(np.arange(6.0)), np.linspace(1, 2, 6)
    name = PREFIXES[family] + "fit"
    fit, original = getattr(getattr(ours, family), name), getattr(
        getattr(np.polynomial, family), name
    )  # fmt: skip
    for deg in (2, [2, 0]):
        c, report = fit(ag.Tensor(x), y, deg, full=True, w=w)
        due, expected = original(x, y, deg, full=True, w=w)
        assert np.array_equal(c.data, due)
        for found, value in zip(report, expected, strict=True):
            assert np.array_equal(getattr(found, "data", found), value)

        def everything(x: Any, y: Any, w: Any) -> Any:
            c, report = fit(x, y, deg, full=True, w=w)  # noqa: B023
            return c, report[0], report[2]

        ag.check_gradients(everything, x, y, w)


@pytest.mark.parametrize("family", PREFIXES)
def test_integral_in_its_constants_and_bounds(family: str) -> None:
    function = getattr(getattr(ours, family), PREFIXES[family] + "int")

    def integrate(c: Any, k: Any, lbnd: Any, scl: Any) -> Any:
        return function(c, 2, k, lbnd, scl)

    ag.check_gradients(integrate, C, D[:2], 0.5, 1.5, order=2)
    original = getattr(getattr(np.polynomial, family), PREFIXES[family] + "int")
    zero = ag.Tensor([0.0])
    found = function(zero, 2, 3)  # which does not become longer the first time
    assert np.array_equal(found.data, original([0.0], 2, 3))
    function(zero, lbnd=2.0).sum().backward()
    assert np.isclose(zero.grad[0], original([1.0], lbnd=2.0)[0])
    with pytest.raises(ValueError, match="Too many"):
        function(ag.Tensor(C), 1, [1, 2])
    with pytest.raises(np.exceptions.AxisError):
        function(ag.Tensor(C), axis=1)


@pytest.mark.parametrize("family", PREFIXES)
def test_trimmed_coefficients_keep_their_gradient(family: str) -> None:
    module, prefix = getattr(ours, family), PREFIXES[family]
    longer = np.append(D, 0.0)
    nearly = np.append(D, 1e-7)
    for name, other in (("mul", C), ("add", C), ("sub", C), ("div", D[:2])):
        function = getattr(module, prefix + name)

        def first(c: Any) -> Any:
            return np.sum(parts(function(c, other))[-1][:2] * [1.0, 3.0][: 2 - (name == "div")])  # noqa: B023

        assert len(parts(function(longer, other))[0]) == len(parts(function(D, other))[0])
        slope = (first(nearly) - first(longer)) / 1e-7
        assert np.isclose(ag.grad(first)(longer)[-1], slope, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("family", PREFIXES)
def test_quotients_keep_the_dtype_that_numpy_gives_them(family: str) -> None:
    name = PREFIXES[family] + "div"
    a, b = D.astype(np.float32), C[:2].astype(np.float32)
    quotient, remainder = getattr(ours, family).__dict__[name](ag.Tensor(a), b)
    due = getattr(np.polynomial, family).__dict__[name](a, b)
    assert quotient.dtype == due[0].dtype == np.float32
    assert quotient.data.tolist() == due[0].tolist()
    assert remainder.dtype == due[1].dtype


def test_errors_are_those_of_numpy() -> None:
    t = ag.Tensor(C)
    with pytest.raises(ValueError, match="Coefficient array is empty"):
        ours.polynomial.polyadd(t, [])
    with pytest.raises(ValueError, match="not 1-d"):
        ours.chebyshev.chebmul(t, ag.Tensor(GRID))
    with pytest.raises(ZeroDivisionError):
        ours.legendre.legdiv(t, [0.0, 0.0])
    with pytest.raises(ValueError, match="maximum degree"):
        ours.hermite.hermcompanion(ag.Tensor([1.0, 0.0]))
    with pytest.raises(ValueError, match="too large"):
        ours.laguerre.lagpow(t, 17)
    with pytest.raises(ValueError, match="incompatible"):
        ours.polynomial.polyval2d(t, [1.0], GRID[..., 0])
    assert ours.polynomial.polyroots(ag.Tensor([3.0, 0.0])).shape == (0,)


def test_roots_that_are_complex() -> None:
    for family, prefix in PREFIXES.items():
        roots = getattr(getattr(ours, family), prefix + "roots")
        ag.check_gradients(lambda c: np.sort(np.abs(roots(c)) ** 2), C)  # noqa: B023


def test_interpolation_of_a_function_with_tensors() -> None:
    def f(a: Any) -> Any:
        return ours.chebyshev.chebinterpolate(lambda x, b: np.tanh(a * x) + b, 4, (2.0,))

    due = np.polynomial.chebyshev.chebinterpolate(lambda x: np.tanh(1.5 * x) + 2.0, 4)
    assert np.array_equal(f(1.5), due)
    ag.check_gradients(f, 1.5, order=2)


def test_utilities() -> None:
    utils, plain = ours.polyutils, np.polynomial.polyutils
    assert set(plain.__all__) <= set(dir(utils))
    assert np.array_equal(utils.getdomain(ag.Tensor(C)).data, plain.getdomain(C))
    assert np.array_equal(utils.getdomain(C), plain.getdomain(C))
    ag.check_gradients(utils.mapdomain, X, np.array([-1.0, 2.0]), np.array([0.0, 3.0]), order=2)
    assert utils.trimcoef(ag.Tensor([1.0, 1e-9]), 1e-3).data.tolist() == [1.0]
    with pytest.raises(ValueError, match="non-negative"):
        utils.trimcoef(ag.Tensor(C), -1)


CLASSES = ("Polynomial", "Chebyshev", "Legendre", "Hermite", "HermiteE", "Laguerre")


@pytest.mark.parametrize("name", CLASSES)
def test_classes(name: str) -> None:
    """Arithmetic, calculus, evaluation, conversion and fits, in the coefficients."""
    series, original = getattr(ours, name), getattr(np.polynomial, name)

    def compute(kind: Any, to: Any, c: Any, d: Any, x: Any) -> Any:
        a, b = kind(c, domain=[-2, 3]), kind(d, domain=[-2, 3])
        quotient, remainder = divmod(a * b + 2 * a - 1.5, b)
        p = (quotient.integ(lbnd=0.5) + remainder.deriv() - a**2).convert(kind=to)
        return p(x), kind.fromroots(x).coef, kind.fit(x, x * x, 1).coef, p.trim().coef

    other = ours.Legendre
    found = compute(series, other, ag.Tensor(C), ag.Tensor(D), X)
    due = compute(original, np.polynomial.Legendre, C, D, X)
    for value, expected in zip(found, due, strict=True):
        assert np.allclose(getattr(value, "data", value), expected, rtol=1e-12, atol=1e-12)
    ag.check_gradients(lambda c, d, x: compute(series, other, c, d, x), C[:3], D[:2], X[:2])
    assert isinstance(series(C), original)
    assert repr(series(ag.Tensor(C))) == repr(original(C))
    assert str(series(C)) == str(original(C))


def test_classes_of_numpy_refuse_tensors() -> None:
    for name in CLASSES:
        with pytest.raises(TypeError, match="its gradient would be lost"):
            getattr(np.polynomial, name)(ag.Tensor(C))
