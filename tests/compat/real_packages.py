"""Packages from PyPI that are written for HIPS autograd, on autograd and on this engine.

    python -m venv /tmp/packages
    /tmp/packages/bin/pip install autograd autograd-gamma lifelines pymanopt
    PYTHONPATH=. /tmp/packages/bin/python -m tests.compat.real_packages

Every example below runs in two processes: with HIPS autograd, and after
`autograd_lite.compat.autograd.install()`, by which the packages, unchanged, find this engine. The
numbers are compared, and the times are those of the examples alone. The exit code is 1 if numbers
differ, relative to the largest beside them, by more than 1e-8 where an optimiser takes many steps
that depend on one another, 1e-12 where none does.
"""

import json
import subprocess
import sys
import warnings
from collections.abc import Callable
from importlib import import_module
from time import perf_counter
from typing import Any

import numpy as np

Numbers = dict[str, Any]
EXAMPLES: dict[str, tuple[Callable[[], Numbers], float]] = {}


def example(tolerance: float) -> Callable[[Callable[[], Numbers]], Callable[[], Numbers]]:
    """Decorator: an example, whose numbers are to agree to a relative tolerance."""

    def register(function: Callable[[], Numbers]) -> Callable[[], Numbers]:
        EXAMPLES[function.__name__] = (function, tolerance)
        return function

    return register


# lifelines: the models of its documentation, on the data that it brings


def fitted(model: Any) -> Numbers:
    """What a fitted model reports, with standard errors, which are second derivatives."""
    summary = model.summary
    return {
        "coefficients": summary["coef"].to_numpy(),
        "standard errors": summary["se(coef)"].to_numpy(),
        "log-likelihood": model.log_likelihood_,
    }


@example(1e-8)
def lifelines_univariate() -> Numbers:
    """Six models of the times at which fruit flies die."""
    lifelines = import_module("lifelines")
    data = import_module("lifelines.datasets").load_waltons()
    found: Numbers = {}
    models = [
        lifelines.WeibullFitter(), lifelines.LogNormalFitter(), lifelines.LogLogisticFitter(),
        lifelines.ExponentialFitter(), lifelines.GeneralizedGammaFitter(),
        lifelines.PiecewiseExponentialFitter([20, 40]), lifelines.SplineFitter([10, 30, 60]),
    ]  # fmt: skip
    for model in models:
        model.fit(data["T"], data["E"])
        found |= {f"{type(model).__name__}, {key}": x for key, x in fitted(model).items()}
        band = model.confidence_interval_cumulative_hazard_
        found[f"{type(model).__name__}, band"] = band.to_numpy()[1:]
    return found


@example(1e-8)
def lifelines_regression() -> Numbers:
    """Models of the times until former prisoners are arrested again."""
    lifelines = import_module("lifelines")
    data = import_module("lifelines.datasets").load_rossi()
    found: Numbers = {}
    models = [
        lifelines.WeibullAFTFitter(), lifelines.LogNormalAFTFitter(),
        lifelines.LogLogisticAFTFitter(penalizer=0.01), lifelines.CoxPHFitter(),
        lifelines.PiecewiseExponentialRegressionFitter([20], penalizer=0.01),
        lifelines.CoxPHFitter(baseline_estimation_method="spline", n_baseline_knots=3),
    ]  # fmt: skip
    for number, model in enumerate(models):
        model.fit(data, duration_col="week", event_col="arrest")
        name = f"{number} {type(model).__name__}"
        found |= {f"{name}, {key}": x for key, x in fitted(model).items()}
        found[f"{name}, hazard"] = model.predict_cumulative_hazard(data[:3]).to_numpy()
    return found


@example(1e-8)
def lifelines_custom_model() -> Numbers:
    """A model of the user's own, by its cumulative hazard, and interval-censored data."""
    lifelines = import_module("lifelines")
    datasets = import_module("lifelines.datasets")
    anp = import_module("autograd.numpy")

    class InverseTime(lifelines.fitters.ParametricUnivariateFitter):  # type: ignore[misc, name-defined]
        """The first custom model of lifelines' documentation."""

        _fitted_parameter_names = ("alpha_",)

        def _cumulative_hazard(self, params: Any, times: Any) -> Any:
            return -anp.log(1 - anp.exp(-params[0] / times))

    data = datasets.load_waltons()
    model = InverseTime().fit(data["T"], data["E"])
    intervals = datasets.load_diabetes()
    weibull = lifelines.WeibullFitter().fit_interval_censoring(
        intervals["left"], intervals["right"]
    )
    return fitted(model) | {f"intervals, {key}": x for key, x in fitted(weibull).items()}


# autograd-gamma: derivatives of incomplete gamma and beta functions, by its own primitives


@example(1e-12)
def autograd_gamma() -> Numbers:
    """Derivatives of first and second order in every argument."""
    package, autograd = import_module("autograd_gamma"), import_module("autograd")
    a, x = np.array([0.5, 1.5, 4.0]), np.array([0.2, 1.0, 5.0])
    b, p = np.array([2.0, 0.7, 1.0]), np.array([0.2, 0.5, 0.9])
    found: Numbers = {}
    for name in ("gammainc", "gammaincc", "gammaincln", "gammainccln"):
        function = getattr(package, name)
        for argnum in (0, 1):
            slope = autograd.elementwise_grad(function, argnum)
            found[f"{name}, argument {argnum}"] = slope(a, x)
        found[f"{name}, twice"] = autograd.elementwise_grad(slope, 1)(a, x)
    for name in ("betainc", "betaincln"):
        for argnum in (0, 1, 2):
            slope = autograd.elementwise_grad(getattr(package, name), argnum)
            found[f"{name}, argument {argnum}"] = slope(a, b, p)
    found["gammaincinv"] = autograd.elementwise_grad(package.gammaincinv, 1)(a, p)
    return found


# pymanopt: problems of its documentation


def optimised(manifold: Any, cost: Any, start: Any, optimizer: str) -> Numbers:
    """The point that an optimiser finds, and derivatives at the start."""
    pymanopt = import_module("pymanopt")
    optimizers = import_module("pymanopt.optimizers")
    function = pymanopt.function.autograd(manifold)(cost)
    problem = pymanopt.Problem(manifold, function)
    result = getattr(optimizers, optimizer)(verbosity=0).run(problem, initial_point=start)
    direction = manifold.projection(start, np.cos(np.arange(np.size(start))).reshape(start.shape))
    return {
        "gradient": problem.riemannian_gradient(start),
        "Hessian": problem.riemannian_hessian(start, direction),
        "cost": result.cost,
        "steps": result.iterations,
    }


@example(1e-8)
def pymanopt_eigenvector() -> Numbers:
    """The dominant eigenvector of a matrix: the Rayleigh quotient on a sphere."""
    anp = import_module("autograd.numpy")
    manifold = import_module("pymanopt.manifolds").Sphere(30)
    random = np.random.default_rng(42)
    matrix = random.normal(size=(30, 30))
    matrix = matrix + matrix.T
    start = random.normal(size=30)
    start /= np.linalg.norm(start)
    found: Numbers = {}
    for optimizer in ("SteepestDescent", "ConjugateGradient", "TrustRegions"):
        numbers = optimised(manifold, lambda x: -anp.dot(x, anp.dot(matrix, x)), start, optimizer)
        found |= {f"{optimizer}, {key}": x for key, x in numbers.items()}
    found["eigenvalue"] = np.linalg.eigvalsh(matrix)[-1]
    return found


@example(1e-8)
def pymanopt_principal_components() -> Numbers:
    """Principal components, on a Stiefel manifold."""
    anp = import_module("autograd.numpy")
    manifold = import_module("pymanopt.manifolds").Stiefel(5, 2)
    random = np.random.default_rng(0)
    samples = random.normal(size=(200, 5)) * [3.0, 2.0, 1.0, 0.5, 0.2]
    start, _ = np.linalg.qr(random.normal(size=(5, 2)))

    def cost(w: Any) -> Any:
        return anp.linalg.norm(samples - samples @ w @ w.T) ** 2 / len(samples)

    return optimised(manifold, cost, start, "TrustRegions")


@example(1e-8)
def pymanopt_rotations() -> Numbers:
    """Rotations of point clouds onto one another (Procrustes), by a batch of matrices."""
    anp = import_module("autograd.numpy")
    manifold = import_module("pymanopt.manifolds").SpecialOrthogonalGroup(3, k=4)
    random = np.random.default_rng(1)
    there, here = random.normal(size=(2, 4, 3, 10))
    start, _ = np.linalg.qr(random.normal(size=(4, 3, 3)))
    start[np.linalg.det(start) < 0, :, 0] *= -1

    def cost(rotations: Any) -> Any:
        return anp.sum((there - rotations @ here) ** 2)

    return optimised(manifold, cost, start, "TrustRegions")


def run(name: str, engine: str) -> None:
    """Run one example with one of the engines, and print its numbers and its time as JSON."""
    warnings.simplefilter("ignore")
    if engine == "autograd_lite":
        import_module("autograd_lite.compat.autograd").install()
    module = str(import_module("autograd").__file__)
    assert ("autograd_lite" in module) == (engine == "autograd_lite"), module
    for package in ("autograd.scipy.stats", "lifelines", "pymanopt"):
        import_module(package)
    start = perf_counter()
    found = EXAMPLES[name][0]()
    seconds = perf_counter() - start
    numbers = {key: np.asarray(value, float).ravel().tolist() for key, value in found.items()}
    print(json.dumps([numbers, seconds]))


def results(name: str, engine: str) -> tuple[dict[str, list[float]], float]:
    """The numbers of an example in a process of its own, and how long it took."""
    command = [sys.executable, "-m", "tests.compat.real_packages", name, engine]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    if finished.returncode:
        raise SystemExit(f"{name} with {engine} failed:\n{finished.stderr}")
    numbers, seconds = json.loads(finished.stdout.splitlines()[-1])
    return numbers, seconds


def differences(ours: Any, theirs: Any) -> float:
    """The largest difference of some numbers, relative to the largest of them."""
    ours, theirs = np.array(ours), np.array(theirs)
    assert ours.shape == theirs.shape
    known = np.isfinite(theirs)
    assert np.array_equal(np.isfinite(ours), known)
    size = np.max(np.abs(theirs[known]), initial=0.0)
    return float(np.max(np.abs(ours - theirs)[known], initial=0.0) / (size or 1.0))


def main() -> int:
    """Compare all examples, and print a table."""
    good = True
    print(f"{'example':32} {'numbers':>8} {'difference':>11} {'autograd':>9} {'ours':>8}")
    for name, (_, tolerance) in EXAMPLES.items():
        theirs, their_time = results(name, "autograd")
        ours, our_time = results(name, "autograd_lite")
        assert ours.keys() == theirs.keys()
        found = {key: differences(ours[key], theirs[key]) for key in theirs}
        worst = max(found, key=lambda key: found[key])
        count = sum(map(len, theirs.values()))
        print(f"{name:32} {count:8} {found[worst]:11.1e} {their_time:8.2f}s {our_time:7.2f}s")
        if found[worst] > tolerance:
            good = False
            print(f"  {worst}: {ours[worst]}, with autograd {theirs[worst]}")
    return 0 if good else 1


if __name__ == "__main__":
    if len(sys.argv) > 1:
        run(*sys.argv[1:])
    else:
        raise SystemExit(main())
