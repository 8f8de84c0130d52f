"""`ravel`: trees as vectors, there and back."""

from typing import Any, NamedTuple

import numpy as np
import pytest

import autograd_lite as ag


class Layer(NamedTuple):
    W: Any
    b: Any


TREE = {
    "layers": [Layer(np.arange(6.0).reshape(2, 3), np.float32([7, 8])), Layer(1.5, None)],
    "rate": 3,
    "empty": np.zeros((0, 2)),
    "single": np.array([[[2.5]]]),
}


def test_there_and_back() -> None:
    vector, unravel = ag.ravel(TREE)
    assert vector.tolist() == [0, 1, 2, 3, 4, 5, 7, 8, 1.5, 2.5]
    assert vector.dtype == np.float64
    tree = unravel(vector * 2)
    assert isinstance(tree["layers"][0], Layer)
    assert tree["layers"][0].W.tolist() == [[0, 2, 4], [6, 8, 10]]
    assert tree["layers"][0].b.dtype == np.float32
    assert (tree["layers"][1].W, tree["layers"][1].b, tree["rate"]) == (3.0, None, 3)
    assert (tree["empty"].shape, tree["single"].shape) == ((0, 2), (1, 1, 1))


def test_one_array_one_number_nothing() -> None:
    x = np.ones((2, 2))
    vector, unravel = ag.ravel(x)
    assert (vector.shape, unravel(vector).shape) == ((4,), (2, 2))
    assert ag.ravel(2.0)[0].tolist() == [2.0]
    assert ag.ravel({"n": 3})[0].shape == (0,)


def test_complex_numbers() -> None:
    vector, unravel = ag.ravel([np.array([1j]), 2.0])
    assert vector.dtype == np.complex128
    assert [x.dtype.kind for x in unravel(vector)] == ["c", "f"]


def test_both_ways_are_differentiated() -> None:
    tree = {"a": np.array([1.0, 2.0]), "b": 3.0}
    found = ag.grad(lambda t: np.sum(ag.ravel(t)[0] ** 3))(tree)
    assert (found["a"].tolist(), float(found["b"])) == ([3.0, 12.0], 27.0)
    vector, unravel = ag.ravel(tree)
    hessian = ag.hessian(lambda v: np.sum(unravel(v)["a"] ** 2) * unravel(v)["b"])(vector)
    assert hessian.tolist() == [[6, 0, 2], [0, 6, 4], [2, 4, 0]]
    rows = np.stack([vector, 2 * vector])
    assert ag.vmap(lambda v: unravel(v)["a"])(rows).tolist() == [[1, 2], [2, 4]]


@pytest.mark.parametrize(
    ("make", "error", "text"),
    [
        (lambda: ag.ravel("text"), TypeError, "no array of real"),
        (lambda: ag.ravel(3), TypeError, "no array of real"),
        (lambda: ag.ravel({"n": np.arange(3)}), TypeError, "n in argument 0 is array"),
        (lambda: ag.ravel(np.ones(2))[1](np.ones(3)), ValueError, "a tree of 2 numbers"),
        (lambda: ag.ravel(np.ones(2))[1](np.ones((2, 1))), ValueError, "as long as"),
    ],
)
def test_misuse(make: Any, error: Any, text: str) -> None:
    with pytest.raises(error, match=text):
        make()
