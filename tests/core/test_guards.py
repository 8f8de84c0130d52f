"""Arrays in lists that a graph needs, changed before the backward pass."""

from typing import Any

import numpy as np
import pytest

from autograd_lite import GraphError, Tensor
from autograd_lite.core.guards import COPIES

X = np.array([[0.4, 0.7, 1.1], [1.3, 1.6, 2.1], [0.2, 0.8, 0.5]])


@pytest.mark.parametrize(
    ("use", "arrays"),
    [
        (lambda w, arrays: np.select(arrays, [w, w * w]), [X > 1, X > 0.6]),
        (lambda w, arrays: np.linalg.multi_dot([w, *arrays]), [X.T, X[:, :2]]),
        (lambda w, arrays: np.linalg.multi_dot([w, *map(constant, arrays)]), [X.T, X[:, :2]]),
    ],
    ids=["select", "multi_dot", "multi_dot of constants"],
)
def test_arrays_in_a_list_may_be_changed(use: Any, arrays: list[Any]) -> None:
    own = [array.copy() for array in arrays]
    w = Tensor(X)
    use(w, own).sum().backward()
    expected = w.grad
    w.grad = None
    total = use(w, own).sum()
    for array in own:
        array[...] = ~array if array.dtype == bool else 0.0
    total.backward()
    assert np.array_equal(w.grad, expected)


def constant(array: Any) -> Tensor:
    return Tensor(array, requires_grad=False)


def test_large_array_in_a_list_is_noticed() -> None:
    w, x = Tensor(np.ones((2, 50000))), np.ones((50000, 3))
    total = np.linalg.multi_dot([w, x, np.ones((3, 1))]).sum()
    x[5, 1] = 2.0
    with pytest.raises(GraphError, match=r"an array that .* needs for the gradient"):
        total.backward()


@pytest.mark.parametrize(
    "change",
    [
        lambda x: x.__setitem__(slice(1, 3), -x[1:3]),
        lambda x: x.__setitem__([1, 2], x[[2, 1]]),
        lambda x: x.__imul__(-1),
        lambda x: x.sort(),
        lambda x: x.__setitem__(-1, 1e-300),
    ],
)
def test_signs_and_places_count_in_large_arrays(change: Any) -> None:
    x = np.cos(np.arange(150000.0))
    w = Tensor(np.ones(150000))
    loss = np.sum(w * x)
    change(x)
    with pytest.raises(GraphError, match="was changed after"):
        loss.backward()


def test_changes_of_a_large_matrix() -> None:
    x = np.cos(np.arange(150000.0)).reshape(500, 300)
    w = Tensor(np.ones((500, 300)))
    changes: tuple[Any, ...] = (
        lambda: x.__imul__(-1),
        lambda: x.__setitem__(5, 0.0),
        lambda: x.__setitem__((50, 33), 9.0),
        lambda: x.sort(axis=0),
        lambda: np.random.default_rng(0).shuffle(x),
    )
    for change in changes:
        loss = np.sum(w * x)
        change()
        with pytest.raises(GraphError, match="was changed after"):
            loss.backward()


def test_arrays_of_medium_size_are_copied_once() -> None:
    x, w = np.cos(np.arange(3000.0)), Tensor(np.ones(3000))
    before = len(COPIES)
    terms = [np.sum(w * x) for _ in range(5)]
    assert len(COPIES) == before + 1
    first, own = x.copy(), sum(terms[1:], terms[0])
    x *= -1.0
    other = np.sum(w * x)
    (own + other).backward()
    assert np.allclose(w.grad, 4 * first, rtol=1e-12, atol=0)
    del terms, own, other
    assert len(COPIES) == before


def test_a_zero_of_the_other_sign_is_another_number() -> None:
    x, w = np.zeros(3000), Tensor(np.ones(3000))
    with np.errstate(divide="ignore"):
        first = np.sum(w / x)
        x *= -1.0
        second = np.sum(w / x)
        second.backward()
    del first
    assert np.all(w.grad == -np.inf)
