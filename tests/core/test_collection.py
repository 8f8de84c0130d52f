"""Loops over entries: their gradients come in parts, and no round costs a pass over all entries."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import Tensor
from autograd_lite.core.structural_zeros import collection, entries, selected

Body = Callable[[Any], Any]
X = np.array([[0.4, 0.7, 1.1], [1.3, 1.6, 2.1], [0.2, 0.5, 0.9]])


def filled(x: Any) -> Any:
    y = np.zeros_like(x)
    for i in range(3):
        y[i] = x[i] * x[0]
    return y


def read_while_filled(x: Any) -> Any:
    y = np.zeros_like(x)
    y[0] = x[0]
    for i in range(1, 3):
        y[i] = np.tanh(y[i - 1] * x[i])
        y[i, 0] += y[0, i]
    return y + x


def overwritten_in_place(x: Any) -> Any:
    y = x * 1.0
    for i in range(3):
        y[:, i] = y[:, i - 1] * y[i, 0]
        y[[0, 0, 1], i] = y[2, i] * x[:, 0]
        y[1:, :2] = x[i, i]
        y[..., i] += y[0]
    return y


def read_by_lists(x: Any) -> Any:
    return sum(x[[i, 2, i]] * x[(i, i - 1), ...][1] for i in range(3))


def read_as_a_whole_too(x: Any) -> Any:
    y = np.sin(x)
    return x * y + sum(x[i] * y[:, i] for i in range(3)) + np.maximum(x, 0.8) * x[1] + y[::-1]


def added_at(x: Any) -> Any:
    y = x * 1.0
    for i in range(3):
        np.add.at(y, [0, i, 0], x[i] * y[0])
        y[i] *= 2
    return y


def spread_over_two_buffers(x: Any) -> Any:
    y, z = np.zeros_like(x), np.zeros_like(x)
    for i in range(3):
        y[i] = x[i] ** 2
        z[:, i] = y[i] * x[i, i]
        y[i, 1] = z[i, 0]
    a, b = z[:2] * y[1:], y[:, 1]
    return a * b[0] + z[1:]


BODIES = (
    filled, read_while_filled, overwritten_in_place, read_by_lists, read_as_a_whole_too, added_at,
    spread_over_two_buffers,
)  # fmt: skip


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.__name__)
def test_derivatives(body: Body) -> None:
    ag.check_gradients(lambda x: body(x) ** 2, X, order=2)


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.__name__)
def test_dtypes_and_complex_numbers(body: Body) -> None:
    exact = ag.grad(lambda x: np.sum(body(x) ** 2))(X)
    x = Tensor(X.astype(np.float32))
    np.sum(body(x) ** 2).backward()
    assert x.grad.dtype == np.float32
    assert np.allclose(x.grad, exact, rtol=1e-4)
    if body is not read_as_a_whole_too:  # complex numbers have no maximum
        z = Tensor(X.astype(complex))
        np.real(np.sum(body(z) ** 2)).backward()
        assert np.allclose(z.grad, exact, rtol=1e-13, atol=0)


def roots_of_entries(x: Any) -> Any:
    """The branch not taken is read, assigned over and left out."""
    y, z = np.sqrt(x), np.zeros_like(x)
    for i in range(x.size):
        z[i] = np.sqrt(x[i]) * 3
        if x[i] == 0:
            z[i] = 0.0
    return sum(y[i] for i in range(x.size) if x[i] > 0) + np.sum(z)


def roots_in_rows(x: Any) -> Any:
    """Of every row that is assigned, one entry is structurally zero later on."""
    y = np.zeros_like(np.outer(x, x))
    for i in range(x.size):
        y[i] = np.sqrt(x)
    return np.sum(y[:, x > 0]) + np.sum(y[1:, x > 0]) * 0


def roots_read_by_others(x: Any) -> Any:
    """Gradients with zeros of their own come together at one array."""
    y = np.sqrt(x)
    total = np.zeros_like(x)
    for i in range(x.size):
        part = np.where(x > 0, y[:], 0.0)
        total[i] = part[i] + part[-1]
    return np.sum(total)


@pytest.mark.parametrize(
    ("body", "slopes"),
    [
        (roots_of_entries, [0.0, 4 / 4, 4 / 6]),
        (roots_in_rows, [0.0, 3 / 4, 3 / 6]),
        (roots_read_by_others, [0.0, 1 / 4, 4 / 6]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_nothing_flows_into_the_branch_not_taken(body: Body, slopes: list[float]) -> None:
    x = Tensor([0.0, 4.0, 9.0])
    with np.errstate(all="ignore"):
        body(x).backward()
        assert np.allclose(x.grad, slopes, rtol=1e-14, atol=0)
        curvature = ag.grad(lambda x: np.sum(ag.grad(body)(x)))(x.numpy())
    assert np.allclose(curvature, np.array(slopes) / [1.0, -8.0, -18.0], rtol=1e-14, atol=0)


def prefix_sums(x: Any) -> Any:
    y = x * 1
    for i in range(1, x.size):
        y[i] += y[i - 1] * x[0]
    return y


@pytest.mark.parametrize("reverse", [False, True])
def test_no_round_passes_over_all_entries(monkeypatch: Any, reverse: bool) -> None:
    passes = []

    def counted(function: Any) -> Any:
        return lambda *args: passes.append(function) or function(*args)

    monkeypatch.setattr(entries, "put", counted(entries.put))
    monkeypatch.setattr(selected, "scatter", counted(selected.scatter))
    monkeypatch.setattr(collection, "placed", counted(collection.placed))
    x = Tensor(np.linspace(0.1, 0.9, 100))
    y = prefix_sums(x[::-1] if reverse else x)
    np.sum(y[1:] * 2).backward()
    assert len(passes) < 10
    assert np.isfinite(x.grad).all()


def test_gradients_of_leaves_share_no_memory() -> None:
    a, b = Tensor(np.ones(3)), Tensor(np.ones(3))
    y = a * 1
    y[0] = b[0]
    y[1] = b[1]
    gradient = np.ones(3)
    y.backward(gradient)
    assert (a.grad.tolist(), b.grad.tolist()) == ([0.0, 0.0, 1.0], [1.0, 1.0, 0.0])
    assert gradient.tolist() == [1.0, 1.0, 1.0]
    a.grad += 1.0
    assert b.grad.tolist() == [1.0, 1.0, 0.0]


def test_a_graph_that_is_kept_gives_the_same_once_more() -> None:
    x = Tensor(X)
    y = np.sum(read_while_filled(x) ** 2)
    y.backward(retain_graph=True)
    first = x.grad
    x.grad = None
    y.backward()
    assert np.array_equal(x.grad, first)
