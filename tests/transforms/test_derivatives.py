"""`jacobian` and `hessian`: the same numbers in the same dtype, whatever the mode."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag

X = np.array([1.0, 2.0])
Z = np.array([1.0 + 2.0j, 0.5 - 1.0j])
MODES = pytest.mark.parametrize("mode", [None, "forward", "reverse"])

ROWS: list[tuple[str, Callable[[Any], Any], Any, Any, Any]] = [
    ("narrowed", lambda x: (x * x).astype(np.float32), X, 2 * X, np.float64),
    ("widened", lambda x: x * x * np.ones(2), np.float32(X), 2 * X, np.float32),
    ("half", lambda x: np.float64(3) * x, np.float16(X), [3, 3], np.float16),
    ("whole numbers", lambda x: (x > 1).astype(int), X, [0, 0], np.float64),
    ("real to complex", lambda x: x * x * (1 + 2j), X, 2 * X * (1 + 2j), np.complex128),
    ("single to complex", lambda x: x * np.complex64(2j), np.float32(X), [2j, 2j], np.complex64),
    ("holomorphic", lambda z: z**2, Z, 2 * Z, np.complex128),
    ("conjugate", lambda z: np.conj(z) * 2j, Z, [2j, 2j], np.complex128),
    ("complex to real", lambda z: np.abs(z) ** 2, Z, 2 * Z, np.complex128),
]


@MODES
@pytest.mark.parametrize(("f", "x", "slopes", "dtype"), [row[1:] for row in ROWS],
                         ids=[row[0] for row in ROWS])  # fmt: skip
def test_jacobians_do_not_depend_on_the_mode(
    f: Callable[[Any], Any], x: Any, slopes: Any, dtype: Any, mode: str | None
) -> None:
    found = ag.jacobian(f, mode=mode)(x)
    assert found.dtype == dtype
    assert np.allclose(found, np.diag(slopes), rtol=1e-6, atol=0)


@MODES
def test_jacobians_of_trees_have_the_dtypes_of_the_arguments(mode: str | None) -> None:
    tree = {"single": np.float32(X), "double": X, "number": 2.0, "name": "tree"}

    def f(t: Any) -> dict[str, Any]:
        product = t["single"] * t["double"] * t["number"]
        return {"narrow": product.astype(np.float32), "wide": product, "turned": product * 1j}

    found = ag.jacobian(f, mode=mode)(tree)
    for row in ("narrow", "wide"):
        dtypes = {key: getattr(x, "dtype", None) for key, x in found[row].items()}
        assert dtypes == {
            "single": np.float32, "double": np.float64, "number": np.float64, "name": None,
        }  # fmt: skip
    assert found["turned"]["single"].dtype == np.complex64
    assert np.allclose(found["turned"]["number"], 1j * X * X)


def test_hessians_have_the_dtypes_of_the_arguments() -> None:
    tree = {"single": np.float32(X), "double": X}
    found = ag.hessian(lambda t: np.sum(t["single"] * t["double"] ** 2).astype(np.float32))(tree)
    for row in found.values():
        assert (row["single"].dtype, row["double"].dtype) == (np.float32, np.float64)
    assert np.allclose(found["single"]["double"], np.diag(2 * X))
    assert np.allclose(found["double"]["single"], np.diag(2 * X))


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_complex_jacobians_are_differentiated_in_turn(mode: str) -> None:
    second = ag.jacobian(ag.jacobian(lambda z: z**3, mode=mode))(Z)
    assert np.allclose(np.einsum("iii->i", second), 6 * Z)
