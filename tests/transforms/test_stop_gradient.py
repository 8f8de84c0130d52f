"""`stop_gradient`: constant for all transforms."""

from typing import Any

import numpy as np
import pytest

import autograd_lite as ag

X = np.array([0.5, -1.5, 2.0])


def f(x: Any) -> Any:
    return np.sum(ag.stop_gradient(x) * x**2)


def test_reverse_and_forward() -> None:
    assert np.array_equal(ag.grad(f)(X), X * (2 * X))
    assert np.allclose(ag.jvp(f, (X,), (np.ones(3),))[1], np.sum(2 * X * X))
    assert np.allclose(ag.hessian(f)(X), np.diag(2 * X))
    assert np.allclose(ag.jacobian(ag.grad(f), mode="reverse")(X), np.diag(2 * X))
    assert ag.grad(lambda x: ag.jvp(f, (x,), (np.ones(3),))[1])(X).tolist() == (2 * X).tolist()


def test_every_example_of_a_batch_keeps_its_own() -> None:
    rows = np.stack([X, 2 * X])
    assert np.array_equal(ag.vmap(ag.stop_gradient)(rows), rows)
    assert np.array_equal(ag.vmap(ag.grad(f))(rows), rows * (2 * rows))
    assert np.array_equal(ag.grad(lambda r: np.sum(ag.vmap(f)(r)))(rows), rows * (2 * rows))


def test_trees_and_plain_values() -> None:
    tree = {"a": X, "b": [1.5, 3, "text"]}
    stopped = ag.stop_gradient(tree)
    assert stopped["a"] is X
    assert stopped["b"] == [1.5, 3, "text"]
    assert ag.grad(lambda t: np.sum(ag.stop_gradient(t)["a"]))({"a": X})["a"].tolist() == [0.0] * 3


def test_tensors() -> None:
    w = ag.Tensor(X)
    stopped = ag.stop_gradient(w)
    assert type(stopped) is np.ndarray
    with pytest.raises(ValueError, match="read-only"):
        stopped[0] = 1.0
    np.sum(stopped * w).backward()
    assert np.array_equal(w.grad, X)
