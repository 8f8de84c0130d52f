"""ndenumerate and nditer: in the order of NumPy's own, with gradients, read and written."""

from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite.numpy.iteration import ndenumerate, nditer

X = np.arange(6.0).reshape(2, 3) + 0.5


def test_pairs_of_index_and_entry() -> None:
    t = ag.Tensor(X)
    assert [(i, x.item()) for i, x in ndenumerate(t)] == list(np.ndenumerate(X))
    sum(x * sum(i) for i, x in ndenumerate(t)).backward()
    assert t.grad.tolist() == [[0.0, 1.0, 2.0], [1.0, 2.0, 3.0]]
    assert isinstance(ndenumerate(X), np.ndenumerate)


@pytest.mark.parametrize("order", ["K", "C", "F"])
@pytest.mark.parametrize("plain", [X, X.T, X[:, ::-1]])
def test_order(order: Any, plain: Any) -> None:
    t = ag.Tensor(plain)
    due = [float(x) for x in np.nditer(t.data, order=order)]  # "K" follows the Tensor's memory
    assert [x.item() for x in nditer(t, order=order)] == due


def test_operands_are_broadcast() -> None:
    t = ag.Tensor(X[0])
    pairs = [(x.item(), float(y)) for x, y in nditer([t, X])]
    assert pairs == [(float(x), float(y)) for x, y in np.nditer([X[0], X])]
    sum(x * y for x, y in nditer([t, X])).backward()
    assert t.grad.tolist() == X.sum(axis=0).tolist()


def test_a_loop_by_hand_that_writes() -> None:
    def halved(make: Any, x: Any) -> Any:
        it = make(x, flags=["multi_index"], op_flags=["readwrite"])
        while not it.finished:
            x[it.multi_index] = it[0] / 2
            it.iternext()
        return x

    t = ag.Tensor(X)
    y = halved(nditer, t * 1.0)
    assert y.tolist() == halved(np.nditer, X.copy()).tolist()
    y.sum().backward()
    assert t.grad.tolist() == [[0.5] * 3] * 2


def test_entries_are_views() -> None:
    t = ag.Tensor(X)
    y = t * 1.0
    with nditer(y, op_flags=["readwrite"]) as it:
        for x in it:
            x[...] = x * x
            it[0] = x + 1
    assert np.array_equal(y.numpy(), X**2 + 1)
    y.sum().backward()
    assert np.array_equal(t.grad, 2 * X)


def test_plain_arrays_and_what_is_refused() -> None:
    assert isinstance(nditer(X), np.nditer)
    for options in ({"flags": ["external_loop"]}, {"op_dtypes": [float]}, {"casting": "safe"}):
        with pytest.raises(TypeError, match="nditer of Tensors"):
            nditer(ag.Tensor(X), **options)
    with pytest.raises(TypeError):
        nditer([ag.Tensor(X), None])
    with pytest.raises(TypeError):
        np.nditer(ag.Tensor(X))
    with pytest.raises(ValueError, match="zero"):
        nditer(ag.Tensor(np.zeros(0)))
    assert list(nditer(ag.Tensor(np.zeros(0)), ["zerosize_ok"])) == []
