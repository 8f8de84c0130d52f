"""`minimize`: SciPy's methods with exact derivatives on trees."""

import io
from typing import Any

import numpy as np
import pytest

pytest.importorskip("scipy", reason="SciPy is optional")
import autograd_lite as ag

START = {"a": np.array([-1.2]), "b": [1.0]}
METHODS = [
    "Nelder-Mead", "Powell", "CG", "BFGS", "L-BFGS-B", "TNC", "SLSQP", "Newton-CG", "trust-ncg",
    "trust-krylov", "trust-constr", "trust-exact", "dogleg",
]  # fmt: skip


def rosenbrock(params: Any, scale: float = 100.0) -> Any:
    a, b = params["a"], params["b"][0]
    return np.sum(scale * (b - a**2) ** 2 + (1 - a) ** 2)


@pytest.mark.parametrize("method", METHODS)
def test_every_method(method: str) -> None:
    found = ag.minimize(rosenbrock, START, method, args=(50.0,))
    assert found.x["a"].shape == (1,)
    assert abs(found.x["a"][0] - 1) < 1e-3
    assert abs(found.x["b"][0] - 1) < 1e-3
    assert START["a"].tolist() == [-1.2]
    if "jac" in found and method != "trust-constr":
        assert abs(found.jac["a"][0]) < 1e-2


def test_products_with_the_hessian_are_exact() -> None:
    """The Newton method is there in one step where the loss is a paraboloid."""
    A = np.array([[3.0, 1.0], [1.0, 2.0]])
    found = ag.minimize(lambda x: x @ A @ x / 2 - x[0], np.zeros(2), "trust-exact")
    assert found.nit <= 2
    assert np.allclose(found.x, np.linalg.solve(A, [1.0, 0.0]), atol=1e-12)


def test_single_precision_and_bounds() -> None:
    params = {"a": np.float32([0.0]), "b": [0.0]}
    bounds = (None, {"a": np.array([0.5]), "b": [2.0]})
    found = ag.minimize(rosenbrock, params, bounds=bounds)
    assert found.x["a"].dtype == np.float32
    assert found.x["a"].tolist() == [0.5]
    bounds = (None, {"b": [2.0], "a": np.array([0.5])})
    assert ag.minimize(rosenbrock, params, bounds=bounds).x["a"].tolist() == [0.5]
    assert np.all(ag.minimize(lambda x: np.sum(x), np.ones(3), bounds=(0, None)).x == 0)
    assert ag.minimize(lambda x: np.sum(x), np.ones(2), bounds=((0, 1), (-1, 1))).x.tolist() == [
        0,
        -1,
    ]


def test_callback_gets_a_tree_and_may_stop() -> None:
    seen: list[Any] = []

    def callback(params: Any) -> None:
        seen.append(params)
        if len(seen) == 3:
            raise StopIteration

    assert ag.minimize(rosenbrock, START, "BFGS", callback=callback).nit == 3
    assert seen[0]["a"].shape == (1,)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_progress_line(monkeypatch: pytest.MonkeyPatch) -> None:
    for stream, progress, shown in [
        (Terminal(), True, True), (Terminal(), False, False), (io.StringIO(), True, False),
    ]:  # fmt: skip
        monkeypatch.setattr("sys.stderr", stream)
        ag.minimize(rosenbrock, START, progress=progress)
        assert ("rosenbrock: " in stream.getvalue()) is shown
    assert stream.getvalue() == ""


def test_complex_parameters_are_refused() -> None:
    with pytest.raises(TypeError, match="real and imaginary parts"):
        ag.minimize(lambda z: np.abs(z), 1j)
