"""r_, c_ and mgrid: values, dtypes and errors of NumPy's own, and gradients."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite.checking import check_gradients
from autograd_lite.numpy.grids import c_, mgrid, r_

KEYS: list[Callable[[Any, Any], Any]] = [
    lambda v, _: (v,),
    lambda v, _: (v, 1, 2.5),
    lambda v, m: ("0,2", v, m),
    lambda _, m: ("-1", m, m),
    lambda _, m: ("1", m, m),
    lambda v, _: ("0,2,0", v, v),
    lambda v, _: ("1,2,0", v, [5, 6, 7]),
    lambda v, _: ("1,3,1", v, v),
    lambda v, _: ("1,3,-2", v, v),
    lambda v, _: ("0,3,0", v, slice(0, 2)),
    lambda v, _: (v, slice(3), slice(0, 1, 3j), slice(0, v[2], 5.0), slice(v[0], v[1], 4j)),
    lambda v, _: (slice(v[0], 9, 5.0), [v[0], 2], v[1]),
    lambda v, m: ("0,2", m, [v, v]),
    lambda v, m: (v, m),
    lambda v, _: (v, "1"),
    lambda v, _: ("0,x", v),
    lambda v, _: ("q", v),
    lambda v, _: ("3", v),
]


def outcome(joiner: Any, key: Any) -> Any:
    try:
        return joiner[key]
    except (ValueError, TypeError) as error:
        return type(error)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(("ours", "numpys"), [(r_, np.r_), (c_, np.c_)], ids=["r_", "c_"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_joining_is_that_of_numpy(ours: Any, numpys: Any, key: Any, dtype: Any) -> None:
    v, m = np.array([0.5, 1.25, 3.5], dtype), np.arange(6.0).reshape(2, 3)
    due = outcome(numpys, key(v, m))
    found = outcome(ours, key(ag.Tensor(v), ag.Tensor(m)))
    if isinstance(due, type):
        assert issubclass(found, due)
    else:
        assert isinstance(found, ag.Tensor)
        assert found.dtype == due.dtype
        assert np.array_equal(found.numpy(), due)
        v = v.astype(float)
        check_gradients(lambda v, m: ours[key(v, m)] ** 2 + 0.0 * v[0], v, m, order=2)


def test_steps_of_a_tensor() -> None:
    start, step = ag.Tensor(0.25), ag.Tensor(np.float32(0.1))
    y = r_[start:1:step]
    assert y.tolist() == np.arange(np.array(0.25), 1, np.float32(0.1)).tolist()
    y.backward(np.arange(8.0))
    assert (start.grad, step.grad) == (28.0, 140.0)
    assert r_[: ag.Tensor(3.5)].tolist() == [0.0, 1.0, 2.0, 3.0]


def test_plain_arrays_are_left_to_numpy() -> None:
    v = np.arange(3)
    assert np.array_equal(r_[v, 0:2], np.r_[v, 0:2])
    assert type(c_[v, v]) is np.ndarray
    assert np.array_equal(c_[v, v], np.c_[v, v])
    for made in (r_[v, 0.5], c_[v, 0.5 * v], mgrid[0:1:3j]):
        assert isinstance(made, ag.Tensor)
        assert not made.requires_grad
    assert np.array_equal(r_[0:1:5j], np.r_[0:1:5j])
    assert len(r_) == len(c_) == 0


def test_matrices_are_refused() -> None:
    with pytest.raises(TypeError, match="matrix, which a Tensor cannot be"):
        r_["r", ag.Tensor([1.0])]


def test_matrices_of_plain_names() -> None:
    left = np.ones((2, 2))
    with pytest.warns(PendingDeprecationWarning):
        assert r_["left, left"].shape == (2, 2 * len(left))


def test_mesh_between_tensors() -> None:
    w = ag.Tensor(3.0)
    assert np.array_equal(mgrid[0:2, 0:3], np.mgrid[0:2, 0:3])
    assert mgrid[0:w:4j].tolist() == np.mgrid[0:3:4j].tolist()
    grid = mgrid[0:w:4j, 0:2]
    assert np.array_equal(grid.numpy(), np.mgrid[0:3:4j, 0:2])
    grid.sum().backward()
    assert w.grad == 2 * (1 / 3 + 2 / 3 + 1)
