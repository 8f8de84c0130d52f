"""Every kind of index that NumPy knows: the same values, the same errors, and right gradients."""

from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite.checking import check_gradients

X = np.sin(np.arange(60.0)).reshape(3, 4, 5)
MASK = np.array([True, False, True])
NUMBERS = ag.Tensor(np.array([0, 2, 0]), requires_grad=False)
NUMBER = ag.Tensor(np.array(2), requires_grad=False)

INDICES = {
    "None": np.s_[None],
    "None and Ellipsis": np.s_[:, None, ..., None, 2],
    "Ellipsis": np.s_[...],
    "negative steps": np.s_[::-1, ::-2, 3:0:-2],
    "slice beyond the end": np.s_[5:],
    "empty tuple": (),
    "NumPy integer": np.int64(2),
    "array without axes": np.array(1),
    "empty list": [],
    "empty list in a tuple": ([],),
    "range": range(2),
    "nested list": [[0, 1], [2, 0]],
    "unsigned": np.array([0, 1, 1], np.uint8),
    "repeated": [1, 1, -2],
    "arrays side by side": np.s_[:, [0, 1], [1, 1]],
    "arrays apart": np.s_[[0, 0], :, [1, 1]],
    "array, None, array": ([0, 1], None, [1, 2]),
    "slices around an array": np.s_[::2, [1, 1, 1], ::-1],
    "broadcast": ([[0], [2]], [1, 1, 3]),
    "ix_": np.ix_([0, 2], [1, 1], [0]),
    "mask": MASK,
    "mask of two axes": X[..., 0] > 0,
    "mask of nothing": np.zeros((3, 4), bool),
    "mask and number": (X[..., 0] > 0, 2),
    "mask and slice": np.s_[MASK, 1:3],
    "mask and array": np.s_[MASK, :, [0, 1]],
    "mask in the middle": np.s_[:, [True, False, True, False]],
    "list of booleans": [True, False, True],
    "lists of both": ([True, False, True], [0, 1]),
    "True": True,
    "False": False,
    "NumPy True": np.True_,
    "array of False": np.array(False),
    "True in a tuple": (True, 1),
    "False in a tuple": (..., False),
    "constant Tensor": NUMBERS,
    "constant Tensors in a tuple": (slice(None), NUMBERS, NUMBER),
    "constant Tensor as number": NUMBER,
    "constant Tensor as bound": np.s_[: NUMBER.data],
    "constant Tensor as mask": ag.Tensor(MASK, requires_grad=False),
}


def plain(index: Any) -> Any:
    if isinstance(index, tuple):
        return tuple(map(plain, index))
    return index.data if isinstance(index, ag.Tensor) else index


@pytest.mark.parametrize("name", INDICES)
def test_index(name: str) -> None:
    index = INDICES[name]
    due = X[plain(index)]
    x = ag.Tensor(X)
    y = x[index]
    assert (y.shape, y.dtype) == (due.shape, due.dtype)
    assert np.array_equal(y.data, due)
    weights = np.arange(1.0, due.size + 1).reshape(due.shape)
    y.backward(weights)
    gradient = np.zeros_like(X)
    np.add.at(gradient, plain(index), weights)
    assert np.array_equal(x.grad, gradient)
    check_gradients(lambda x: np.square(x[index]) * weights, X, order=2)


def test_a_constant_tensor_bounds_slices_and_indexes_lists() -> None:
    assert ag.Tensor(X)[: NUMBER, 1].shape == (2, 5)  # fmt: skip
    assert [10, 20, 30][NUMBER] == 30
    with pytest.raises(TypeError):
        [10, 20, 30][ag.Tensor(1.0)]


@pytest.mark.parametrize(
    "index",
    [1.0, "a", (0, 0, 0, 0), 7, np.array([True, False]), np.array([1.0]), np.array([]), [0, 3],
     (slice(None), 4), slice(0, 1.5), np.ones((2, 2), bool)],
    ids=str,
)  # fmt: skip
def test_impossible_indices_fail_as_those_of_numpy(index: Any) -> None:
    with pytest.raises((IndexError, TypeError)) as due:
        X[index]
    with pytest.raises(due.type):
        ag.Tensor(X)[index]
    with pytest.raises((IndexError, TypeError)):
        X[ag.Tensor(np.array([1.0]))]  # a Tensor with a gradient is no index


def test_rows_and_reversed_rows() -> None:
    x = ag.Tensor(X[0])
    sum(n * row.sum() for n, row in enumerate(x, 1)).backward()
    assert x.grad[:, 0].tolist() == [1, 2, 3, 4]
    assert [row.tolist() for row in reversed(x)] == X[0, ::-1].tolist()


@pytest.mark.parametrize("f", [
    lambda x: x[np.argsort(x[:, 0])],
    lambda x: np.take_along_axis(x, np.argsort(x, axis=0), axis=0),
    lambda x: np.take_along_axis(x, np.argmax(x, axis=1)[:, None], axis=1),
    lambda x: np.take_along_axis(x, np.argsort(x, axis=None), axis=None),
    lambda x: x[np.arange(4), np.argmin(x, axis=1)],
    lambda x: np.sum(x[x > 0] ** 2),
    lambda x: np.sum(x[np.nonzero(x > 0)] ** 2),
    lambda x: np.sum(np.extract(x > 0, x) ** 2),
    lambda x: x[np.lexsort(x.T)],
    lambda x: x[np.digitize(x[:, 0], [-0.5, 0.5])],
    lambda x: x[np.searchsorted(np.sort(x[:, 0]), [-0.2, 0.3])],
    lambda x: x.compress([1, 0, 1], axis=0),
    lambda x: x.take([0, 0], 1),
    lambda x: np.choose([[0, 1, 2, 3, 1]], x),
    lambda x: np.bincount([0, 2, 2, 1, 0], x[0]),
])  # fmt: skip
def test_indices_that_are_computed_from_the_values(f: Any) -> None:
    x = X[1]
    assert np.array_equal(f(ag.Tensor(x)).data, f(x))
    check_gradients(lambda x: np.square(f(x)), x, order=2)
