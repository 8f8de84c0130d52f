"""Arrays of every dtype and layout: the gradient is right and the user's array stays his."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import Tensor


def layouts() -> dict[str, Any]:
    base = np.arange(1.0, 25.0).reshape(4, 6) / 10
    frozen = base[:2, :3].copy()
    frozen.flags.writeable = False
    return {
        "contiguous": base[:2, :3].copy(),
        "Fortran": np.asfortranarray(base[:2, :3]),
        "strided": base[::2, ::2],
        "reversed": base[1::-1, 2::-1],
        "transposed": base[:3, :2].T,
        "broadcast": np.broadcast_to(base[0, :3], (2, 3)),
        "read-only": frozen,
        "big-endian": base[:2, :3].astype(">f8"),
    }


def network(x: Any) -> Any:
    """A bit of everything, with operands kept in several ways."""
    hidden = np.hstack((np.ones((2, 1)), np.tanh(x @ x.T)))
    scaled = hidden * np.exp(-x).sum(axis=1, keepdims=True)
    shares = ag.softmax(scaled) ** 2 / (1.0 + x[:, [0, 0, 2]])
    return np.mean(shares) + np.max(x * x) - x.T[1] @ x.T[0]


@pytest.mark.parametrize("layout", layouts())
def test_layouts_give_the_gradient_of_a_contiguous_copy(layout: str) -> None:
    x = layouts()[layout]
    before = x.copy()
    t, reference = Tensor(x), Tensor(np.array(x, dtype=np.float64, order="C"))
    network(t).backward()
    network(reference).backward()
    assert np.allclose(t.grad, reference.grad, rtol=1e-13, atol=0)
    assert t.grad.dtype == x.dtype
    assert np.array_equal(x, before)


@pytest.mark.parametrize("layout", layouts())
def test_gradients_can_be_written_to(layout: str) -> None:
    for f in (lambda t: t.sum(), lambda t: t.T[0].sum(), lambda t: (t + t.sum()).mean()):
        t = Tensor(layouts()[layout])
        f(t).backward()
        t.grad[0, 0] = 5.0
        assert np.count_nonzero(t.grad == 5.0) == 1


def test_plain_operands_may_be_read_only() -> None:
    x = layouts()["read-only"]
    w = Tensor(np.ones((3, 2)))
    (x @ w * x[:, :2]).sum().backward()
    assert np.allclose(w.grad, x.T @ x[:, :2])


KEPT: dict[str, Callable[[Any], Any]] = {
    "Python floats": lambda t: 2.0 * t + 1.0 - t / 3.0,
    "Python ints": lambda t: 2 * t + 1 - 3 / t,
    "powers": lambda t: t**2 + t**0.5 + t**-1 + 2.0**t,
    "mean": lambda t: t.mean(),
    "var and std": lambda t: t.var() + t.std(),
    "where": lambda t: np.where(t > 0.5, t, 0.0) + np.where(t > 0.5, 1.0, t),
    "max": lambda t: t.max() + np.maximum(t, 0.5).min(),
    "clip": lambda t: np.clip(t, 0.2, 0.7),
    "pad": lambda t: np.pad(t, 1, constant_values=1.5),
    "average": lambda t: np.average(t, axis=0),
    "softmax": ag.softmax,
    "logsumexp": ag.logsumexp,
    "gelu": ag.gelu,
    "sigmoid": lambda t: ag.sigmoid(t) * ag.silu(t) + ag.softplus(t) + ag.leaky_relu(t),
    "sinc": np.sinc,
    "hypot": lambda t: np.hypot(t, 1.0) + np.arctan2(1.0, t) + np.logaddexp(t, 0.0),
    "matmul": lambda t: t @ t.T,
    "einsum": lambda t: np.einsum("ij,kj->ik", t, t),
    "join": lambda t: np.hstack((t, t, t[:, [0]])),
    "scans": lambda t: np.cumsum(t) * np.cumprod(t) + np.prod(t),
    "entries": lambda t: t[0, 0] * 2.0 + t[1].sum() * 0.5,
}


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8"])
@pytest.mark.parametrize("f", KEPT.values(), ids=KEPT)
def test_dtype_is_kept_through_value_and_gradient(f: Callable[[Any], Any], dtype: str) -> None:
    x = np.linspace(0.1, 0.9, 6).reshape(2, 3).astype(dtype)
    t, exact = Tensor(x), Tensor(x.astype(float))
    result = f(t)
    assert result.dtype == x.dtype
    result.sum().backward()
    f(exact).sum().backward()
    assert t.grad.dtype == x.dtype
    tolerance = {"f2": 2e-2, "f4": 2e-5, "f8": 1e-14}[dtype]
    assert np.allclose(t.grad, exact.grad, rtol=tolerance, atol=tolerance)


def test_dtypes_are_promoted_as_numpy_promotes_them() -> None:
    w = Tensor(np.ones(2, np.float32))
    result = w * np.ones(2) + np.float64(1)
    assert result.dtype == np.float64
    result.sum().backward()
    assert w.grad.dtype == np.float32


EMPTY: dict[str, Callable[[Any], Any]] = {
    "elementwise": lambda t: np.exp(t) * 2 + t**2,
    "sum": lambda t: t.sum(axis=0),
    "prod": lambda t: t.prod(axis=1),
    "matmul": lambda t: t @ np.ones((4, 2)),
    "matmul over nothing": lambda t: np.ones((2, 0)) @ t,
    "index": lambda t: t[[]],
    "join": lambda t: np.vstack([t, np.ones((2, 4))]),
    "split": lambda t: np.split(t, 2, axis=1)[0],
    "softmax": ag.softmax,
    "scan": lambda t: np.cumsum(t, axis=0),
    "reshape": lambda t: t.reshape(4, 0).T,
    "einsum": lambda t: np.einsum("ij->j", t),
}


@pytest.mark.parametrize("f", EMPTY.values(), ids=EMPTY)
def test_empty_arrays_have_empty_gradients(f: Callable[[Any], Any]) -> None:
    t = Tensor(np.ones((0, 4)))
    result = f(t)
    assert np.array_equal(result.data, f(np.ones((0, 4))))
    result.sum().backward()
    assert t.grad.shape == (0, 4)
