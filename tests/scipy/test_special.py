"""SciPy's special functions: ends, poles, tails and ties, and what is refused.

The generated tests of tests/rules take what is declared here with all the rest.
"""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag

scipy_special = pytest.importorskip(
    "scipy.special", reason="SciPy is not installed: pip install autograd_lite[scipy]"
)
from autograd_lite.scipy import special  # noqa: E402 - it cannot be imported without SciPy

ROOT = Path(__file__).parents[2]
INF = np.inf
EULER = float(np.euler_gamma)


def slopes(f: Any, *points: float) -> list[float]:
    """First derivatives; warnings are the user's own affair here."""
    with np.errstate(all="ignore"):
        gradients = ag.grad(f, tuple(range(len(points))))(*points)
    return [float(gradient) for gradient in gradients]


def curvature(f: Any, point: float) -> float:
    with np.errstate(all="ignore"):
        return float(ag.grad(ag.grad(f))(point))


# name, point, first derivative, second derivative: those of many digits are from mpmath.
ONE: list[tuple[str, float, float, float]] = [
    ("erf", -INF, 0.0, 0.0),
    ("erf", 1e200, 0.0, 0.0),
    ("erfc", 0.0, -2.0 / np.sqrt(np.pi), 0.0),
    ("erfcx", 1e10, -5.641895835477563e-21, 1.1283791670955126e-30),
    ("erfcx", INF, 0.0, 0.0),
    ("erfinv", 1.0, INF, INF),
    ("erfinv", -1.0, INF, -INF),
    ("erfcinv", 0.0, -INF, INF),
    ("ndtr", INF, 0.0, 0.0),
    ("ndtr", 0.0, 1.0 / np.sqrt(2.0 * np.pi), 0.0),
    ("log_ndtr", -1e10, 1e10, -1.0),
    ("log_ndtr", 50.0, 0.0, 0.0),
    ("log_ndtr", INF, 0.0, 0.0),
    ("ndtri", 0.0, INF, -INF),
    ("ndtri", 1.0, INF, INF),
    ("ndtri_exp", -1e5, 0.002236135308012439, 1.1181293966601926e-08),
    ("expit", -800.0, 0.0, 0.0),
    ("expit", 40.0, np.exp(-40.0), -np.exp(-40.0)),
    ("expit", INF, 0.0, 0.0),
    ("logit", 0.0, INF, -INF),
    ("logit", 1.0, INF, INF),
    ("log_expit", -INF, 1.0, 0.0),
    ("log_expit", 40.0, np.exp(-40.0), -np.exp(-40.0)),
    ("entr", 0.0, INF, -INF),
    ("entr", 1.0, -1.0, -1.0),
    ("gamma", -1.5, 1.6617502606685972, 23.334179843554573),
    ("gammaln", -1.5, 0.7031566406452432, 9.379246644989124),
    ("gammaln", 1e300, 300.0 * np.log(10.0), 1e-300),
    ("psi", -0.5, 8.934802200544679, -0.8287966442343200),
    ("rgamma", 0.0, 1.0, 2.0 * EULER),
    ("rgamma", -1.0, -1.0, 2.0 - 2.0 * EULER),
    ("rgamma", -10.0, 3628800.0, -17068079.59041064),
    ("rgamma", 1.0, EULER, EULER**2 - np.pi**2 / 6.0),
    ("i0", 0.0, 0.0, 0.5),
    ("i1", 0.0, 0.5, 0.0),
    ("j0", 0.0, 0.0, -0.5),
    ("j1", 0.0, 0.5, 0.0),
    ("spence", 1.0, -1.0, 0.5),
    ("spence", 0.0, -INF, INF),
    ("exprel", 0.0, 0.5, 1.0 / 3.0),
    ("exprel", -800.0, 1.5625e-06, 3.90625e-09),
    ("exprel", 1e-9, 0.5 + 1e-9 / 3.0, 1.0 / 3.0 + 2.5e-10),
]


@pytest.mark.parametrize(("name", "point", "first", "second"), ONE)
def test_slope_and_curvature(name: str, point: float, first: float, second: float) -> None:
    f = getattr(special, name)
    assert np.allclose(slopes(f, point), first, rtol=1e-13, atol=1e-300)
    assert np.allclose(curvature(f, point), second, rtol=1e-12, atol=1e-300)


TWO: list[tuple[str, float, float, float, float]] = [
    ("xlogy", 0.0, 0.0, 0.0, 0.0),
    ("xlogy", 0.0, -1.0, 0.0, 0.0),
    ("xlogy", 0.0, 0.5, -np.log(2.0), 0.0),
    ("xlogy", 0.0, 2.0, np.log(2.0), 0.0),
    ("xlogy", 2.0, 0.0, -INF, INF),
    ("xlog1py", 0.0, -1.0, 0.0, 0.0),
    ("xlog1py", 0.0, 1.0, np.log(2.0), 0.0),
    ("xlog1py", 2.0, 1e-20, 1e-20, 2.0),
    ("rel_entr", 0.0, 0.0, 0.0, 0.0),
    ("rel_entr", 0.0, 2.0, -INF, 0.0),
    ("rel_entr", 1e200, 1e-200, 1.0 + 400.0 * np.log(10.0), -INF),
    ("kl_div", 0.0, 0.0, 0.0, 1.0),
    ("rel_entr", 2.0, 0.0, INF, -INF),
    ("kl_div", 2.0, 0.0, INF, -INF),
    ("kl_div", 0.0, 2.0, -INF, 1.0),
    ("kl_div", 1.0, 1.0 - 2.0**-40, 2.0**-40, -(2.0**-40)),
    ("betaln", 1e8, 3.0, -2.9999999700000005e-08, -17.497896433853898),
    ("boxcox", 0.0, 2.0, 0.0, 0.25),
    ("boxcox", 2.0, 0.0, 0.5, 0.5 * np.log(2.0) ** 2),
    ("inv_boxcox", 2.0, 0.0, np.exp(2.0), -2.0 * np.exp(2.0)),
    ("huber", 1.0, 1.0, 0.0, 1.0),
    ("huber", 1.0, -3.0, 2.0, -1.0),
    ("pseudo_huber", 1e3, 1e-5, 2.5e-30, 1e-5),
    ("binom", 2.0, 3.0, 1.0 / 3.0, -1.0 / 3.0),
    ("binom", 3.0, -1.0, 0.0, 0.25),
    ("binom", 300.0, 150.0, 6.4833267898007726e88, 0.0),
    ("binom", 300.0, 299.5, 110.84086351670408, -110.80830359665576),
    ("binom", 300.0, 0.5, 0.032559920048319809, 110.80830359665576),
    ("binom", 40.0, 17.0, 48292732731.6237, 26152891569.9265),
    ("poch", 1e8, 1e-8, 1.0000001892068252e-16, 18.42068413216747),
    ("beta", 2.0, 1e-10, -0.6449340667635273, -99999999999999992712.56),
]


@pytest.mark.parametrize(("name", "a", "b", "first", "second"), TWO)
def test_slopes_of_two_operands(name: str, a: float, b: float, first: float, second: float) -> None:
    found = slopes(getattr(special, name), a, b)
    assert np.allclose(found, [first, second], rtol=1e-12, atol=1e-300)


def test_mixed_derivative_of_xlogy_at_0() -> None:
    mixed = ag.grad(lambda a: ag.grad(special.xlogy, 1)(a, 4.0))(0.0)
    assert mixed == 0.25


# Gradients from mpmath: small and large parameters, both tails, both ends.
INCOMPLETE: list[tuple[str, tuple[float, ...], tuple[float, ...]]] = [
    ("gammainc", (1e-3, 1e-3), (-6.2932038249004247, 0.99269544719615031)),
    ("gammainc", (0.5, 3.0), (-0.047240326447973751, 0.016217391109880487)),
    ("gammainc", (20.0, 1.0), (-4.7989191760483156e-19, 3.0242027006024203e-18)),
    ("gammainc", (20.0, 60.0), (-7.2867872622103387e-10, 4.3864200891139657e-10)),
    ("gammainc", (1e4, 1.01e4), (-0.0024156880031763667, 0.0024036692578620491)),
    ("gammainc", (2.0, 0.0), (0.0, 0.0)),
    ("gammainc", (1.0, 0.0), (0.0, 1.0)),
    ("gammainc", (0.5, 0.0), (0.0, INF)),
    ("gammaincc", (2.0, INF), (0.0, 0.0)),
    ("gammaincinv", (2.0, 0.0), (0.0, INF)),
    (
        "betainc",
        (1e-3, 2.0, 0.5),
        (-0.19335968097167093, 2.1612767703389155e-4, 1.000306400083443e-3),
    ),
    ("betainc", (0.5, 0.5, 0.99), (-0.088188507723580708, 0.33265796074017652, 3.19913472585565)),
    ("betainc", (30.0, 5.0, 0.2), (-3.13367533779127e-17, 3.83469270726581e-17, 3.05945707498e-15)),
    ("betainc", (500.0, 600.0, 0.45), (-0.01265415167045267, 0.01044826989083, 25.419746044102846)),
    ("betainc", (3.0, 2.0, 1e-9), (-8.1893063286616e-26, 4.33333332708333e-27, 1.1999999988e-17)),
    ("betainc", (1.0, 3.0, 0.0), (0.0, 0.0, 3.0)),
    ("betainc", (2.0, 1.0, 1.0), (0.0, 0.0, 2.0)),
]


@pytest.mark.parametrize(("name", "point", "due"), INCOMPLETE)
def test_incomplete_functions(name: str, point: tuple[float, ...], due: tuple[float, ...]) -> None:
    assert np.allclose(slopes(getattr(special, name), *point), due, rtol=1e-11, atol=1e-300)


def test_curvature_at_the_ends() -> None:
    assert curvature(lambda x: special.gammainc(2.0, x), 0.0) == 1.0
    assert np.isclose(
        curvature(lambda x: special.betainc(2.0, 3.0, x), 0.0), 12.0, rtol=1e-14, atol=0
    )


def test_densities_that_are_constant_at_an_end() -> None:
    assert curvature(lambda x: special.gammainc(1.0, x), 0.0) == -1.0
    assert np.isclose(
        curvature(lambda x: special.betainc(1.0, 3.0, x), 0.0), -6.0, rtol=1e-14, atol=0
    )
    assert np.isclose(
        curvature(lambda x: special.betainc(3.0, 1.0, x), 1.0), 6.0, rtol=1e-14, atol=0
    )


def test_mixed_derivatives_of_incomplete_functions() -> None:
    with np.errstate(all="ignore"):
        assert ag.grad(lambda x: ag.grad(special.gammainc)(2.0, x))(0.0) == 0.0
        assert ag.grad(lambda x: ag.grad(special.betainc)(2.0, 3.0, x))(0.0) == 0.0
        assert ag.grad(lambda x: ag.grad(special.betainc)(3.0, 2.0, x))(1.0) == 0.0
    mixed = ag.grad(lambda a: ag.grad(ag.grad(lambda x: special.gammainc(a, x)))(2.0))(1.0)
    assert np.isclose(mixed, np.exp(-2.0) * (0.5 - np.log(2.0) - EULER), rtol=1e-13, atol=0)


def test_no_warning_where_the_slope_is_finite() -> None:
    for name in ("xlogy", "rel_entr", "kl_div"):
        assert np.all(np.isfinite(ag.grad(getattr(special, name), (0, 1))(0.0, 0.0)))
    assert ag.grad(special.xlog1py, (0, 1))(0.0, -1.0) == (0.0, 0.0)


# Logarithms of sums


@pytest.mark.parametrize(
    ("a", "b", "due"),
    [
        ([0.0, -INF], None, [1.0, 0.0]),
        ([-INF, -INF], None, [0.0, 0.0]),
        ([INF, 1.0, INF], None, [0.5, 0.0, 0.5]),
        ([3.0, 3.0], None, [0.5, 0.5]),
        ([1000.0, 1000.0], [3.0, -1.0], [1.5, -0.5]),
        ([INF, 2.0], [0.0, 1.0], [0.0, 1.0]),
        ([INF, 2.0], [1.0, 1.0], [1.0, 0.0]),
        ([], None, []),
    ],
)
def test_logsumexp_of_infinities_and_ties(a: Any, b: Any, due: Any) -> None:
    leaf = ag.Tensor(np.array(a, float))
    with np.errstate(all="ignore"):
        special.logsumexp(leaf, b=b).backward()
    assert np.allclose(leaf.grad, due, rtol=1e-15, atol=0)


@pytest.mark.parametrize("axis", [None, 0, -1, (0, 1)])
@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("signed", [False, True])
def test_logsumexp_with_weights(axis: Any, keepdims: bool, signed: bool) -> None:
    a = np.linspace(-1.0, 2.0, 6).reshape(2, 3)
    b = np.array([1.5, 0.5, -3.0 if signed else 3.0])

    def f(a: Any, b: Any) -> Any:
        result = special.logsumexp(a, axis, b, keepdims, signed)
        return result[0] if signed else result

    expected = scipy_special.logsumexp(a, axis, b, keepdims, signed)
    found = special.logsumexp(ag.Tensor(a), axis, ag.Tensor(b), keepdims, signed)
    for mine, due in zip(*(x if signed else [x] for x in (found, expected)), strict=True):
        assert np.array_equal(mine.numpy() if isinstance(mine, ag.Tensor) else mine, due)
    ag.check_gradients(f, a, b, order=2)


def test_slope_in_a_weight_of_0() -> None:
    slope = ag.grad(lambda b: special.logsumexp(np.array([1.0, 2.0]), b=b))(np.array([0.0, 1.0]))
    assert np.allclose(slope, [np.exp(-1.0), 1.0], rtol=1e-14, atol=0)


def test_logsumexp_without_weights_has_a_sign() -> None:
    y, sign = special.logsumexp(ag.Tensor([1.0, 2.0]), return_sign=True)
    assert (y.item(), sign) == scipy_special.logsumexp([1.0, 2.0], return_sign=True)


# Complex numbers

HOLOMORPHIC = (
    "erf",
    "erfc",
    "erfi",
    "ndtr",
    "expm1",
    "log1p",
    "exp1",
    "expi",
    "jv",
    "yv",
    "iv",
    "kv",
)


@pytest.mark.parametrize("name", [*HOLOMORPHIC, "gamma", "loggamma"])
def test_holomorphic_functions(name: str) -> None:
    z = np.array([0.5 + 0.7j, 1.2 - 0.3j])
    f = getattr(special, name)
    order = 2 if name in HOLOMORPHIC else 1
    ag.check_gradients(f if f.nin == 1 else lambda z: f(1.5, z), z, order=order)


@pytest.mark.parametrize("name", ["psi", "rgamma", "erfcx", "log_ndtr", "spence", "logsumexp"])
def test_complex_numbers_are_refused_elsewhere(name: str) -> None:
    with pytest.raises(ag.NotDifferentiableError, match="complex"):
        getattr(special, name)(ag.Tensor([0.5 + 0.7j]))


# The module


def test_every_public_name_of_scipys_is_there() -> None:
    assert set(special.__all__) == set(scipy_special.__all__)
    assert all(hasattr(special, name) for name in special.__all__)
    assert special.gamma is scipy_special.gamma
    assert special.logsumexp([1.0, 2.0], b=[1.0, 3.0]) == scipy_special.logsumexp(
        [1.0, 2.0], b=[1.0, 3.0]
    )


def test_scipys_own_ufuncs_take_tensors() -> None:
    t = ag.Tensor([0.5, 2.0])
    scipy_special.erf(t).sum().backward()
    assert np.allclose(t.grad, 2.0 / np.sqrt(np.pi) * np.exp(-(t.data**2)), rtol=1e-14, atol=0)


@pytest.mark.parametrize(
    ("name", "args", "allowed"),
    [
        ("jv", (1.0, 2.0), "x"),
        ("iv", (1.0, 2.0), "x"),
        ("yn", (1.0, 2.0), "x"),
        ("kve", (1.0, 2.0), "x"),
        ("polygamma", (1.0, 2.0), "x"),
        ("zeta", (2.0, 1.0), "q"),
    ],
)
def test_orders_are_refused(name: str, args: Any, allowed: str) -> None:
    """Without a formula for it, an order is an error that says which operand is meant."""
    with pytest.raises(TypeError, match=f"give Tensors only for {allowed}"):
        getattr(special, name)(*map(ag.Tensor, args))


def test_what_is_not_declared_is_refused() -> None:
    with pytest.raises(ag.NotDifferentiableError, match=r"scipy\.special\.hyp2f1 has no"):
        scipy_special.hyp2f1(ag.Tensor(1.0), 1.0, 1.0, 0.5)


def test_the_remedy_where_nothing_is_declared_yet() -> None:
    """In a process of its own, since here the module has been imported."""
    code = (
        "import autograd_lite as ag, scipy.special as s\n"
        "try: s.erf(ag.Tensor(1.0))\n"
        "except ag.NotDifferentiableError as error: print(error)"
    )
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "remedy:  import autograd_lite.scipy.special" in run.stdout
