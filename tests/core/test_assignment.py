"""Assignment to Tensors: entries, augmented, through views, `out=` and `.at`."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import GraphError, Tensor, no_grad

X = np.array([[0.4, 0.7, 1.1], [1.3, 1.6, 2.1]])
MASK = np.array([True, False, True])


def entries(y: Any) -> Any:
    y[0] = 2 * y[1]
    y[1, 1:] = y[0, :2]
    return y


def mask(y: Any) -> Any:
    y[y > 1] = 0.5
    y[:, MASK] *= y[:1, MASK]
    return y


def entries_named_twice(y: Any) -> Any:
    y[[0, 0, 1], [1, 1, 0]] = y[1]
    return y


def broadcast(y: Any) -> Any:
    y[1:, None] = y[0]
    y[:, 0] = y[0, 2]
    return y


def neighbours(y: Any) -> Any:
    y[..., 1:] -= y[..., :-1]
    y[:] = y[::-1]
    return y


def row_changed_in_place(y: Any) -> Any:
    row = y[0]
    row *= y[1]
    row[1] = y[0, 0]
    return y


def rows_of_a_loop(y: Any) -> Any:
    for row in y:
        row -= row.mean()
    return y


def views_of_views(y: Any) -> Any:
    flat, turned = y.reshape(-1), y.T
    part = flat[2:5]
    turned[0] = 5 * turned[1]
    part += flat[0]
    part[::2] = 7.0
    return y * turned.T


def overlapping_views(y: Any) -> Any:
    first, second = y[0], y[0, 1:]
    second += first[0]
    first *= 2
    return y * first


def two_names(y: Any) -> Any:
    other = y
    other *= 3
    y = y + 1
    other += 5
    return other * y


def numbers_are_immutable(y: Any) -> Any:
    total = other = y[0, 0]
    total += 5.0
    return total * other + y


def buffer(y: Any) -> Any:
    result = np.zeros_like(y)
    for i in range(2):
        for j in range(3):
            result[i][j] = y[i, j] * y[0, j]
            result[i, j] += y[1, j]
    return result


def output(y: Any) -> Any:
    np.exp(y, out=y)
    np.sum(y, axis=0, out=y[1])
    np.divmod(y[0], 0.31, out=(y[1], y[0]))
    return y


def masked_output(y: Any) -> Any:
    return np.divide(1.0, y - 0.9, out=np.zeros_like(y), where=y > 0.9)


def added_at(y: Any) -> Any:
    np.add.at(y, [0, 1, 0], np.ones((3, 3)) * y[1])
    np.subtract.at(y, (0, [1, 1]), y[0, :2])
    return y


def multiplied_at(y: Any) -> Any:
    np.multiply.at(y, ([0, 1, 0], [1, 1, 1]), y[0])
    np.negative.at(y, [1, 1, 0])
    return y


def placed(y: Any) -> Any:
    np.put(y, [4, 0, -1], y[0, 1:])
    np.place(y, y > 0.9, y[1, :1] * 2)
    np.putmask(y, np.array([MASK, ~MASK]), y[::-1] ** 2)
    np.fill_diagonal(y, y[0, 2])
    np.put_along_axis(y, np.array([[2], [0]]), y[:, 1:2], axis=1)
    return y


def ordered(y: Any) -> Any:
    y[0].sort()
    y.put([0, -1], y[1, 1:])
    y[:, ::-1].sort(axis=0)
    return y


def copied(y: Any) -> Any:
    np.copyto(y, y[0] * 2, where=MASK)
    np.copyto(y[0], y[1])
    return y


BODIES = (
    entries, mask, entries_named_twice, broadcast, neighbours, row_changed_in_place,
    rows_of_a_loop, views_of_views, overlapping_views, two_names, numbers_are_immutable, buffer,
    output, masked_output, added_at, multiplied_at, placed, ordered, copied,
)  # fmt: skip


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.__name__)
def test_values_and_derivatives_are_those_of_arrays(body: Callable[[Any], Any]) -> None:
    ag.check_gradients(lambda x: body(x * 1.0) ** 2, X, order=2)


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.__name__)
def test_argument_of_a_function_may_be_changed(body: Callable[[Any], Any]) -> None:
    """What `grad` differentiates is the argument as it was given."""
    x = X.copy()
    found = ag.grad(lambda x: np.sum(np.sin(body(x))))(x)
    expected = ag.grad(lambda x: np.sum(np.sin(body(x.copy()))))(x)
    assert np.array_equal(found, expected)
    assert np.array_equal(x, X)


def test_values_that_a_graph_needs_are_kept() -> None:
    w = Tensor([1.0, 2.0])
    y = w * 3
    squares = np.sum(y * y)
    y[0] = 100.0
    squares.backward()
    assert w.grad.tolist() == [18.0, 36.0]


def test_memory_is_written_to_where_nothing_else_needs_it() -> None:
    y = Tensor([1.0, 2.0]) * 3
    memory = id(y._value)
    y[0] = 5.0
    assert id(y._value) == memory
    kept = y * y
    y[0] = 6.0
    assert id(y._value) != memory
    assert kept.tolist() == [25.0, 36.0]


def test_overwritten_branch_gets_nothing() -> None:
    x = Tensor([0.0, 4.0])
    y = np.sqrt(x)
    y[x == 0] = 0.0
    y.sum().backward()
    assert x.grad.tolist() == [0.0, 0.25]


def test_leaf_is_changed_only_where_nothing_is_recorded() -> None:
    w = Tensor([1.0, 2.0])
    row = w[:1]
    for change in (lambda: w.__setitem__(0, 5.0), lambda: row.__iadd__(1), lambda: w.fill(0.0)):
        with pytest.raises(GraphError, match="leaf Tensor was changed in place"):
            change()
    loss = np.sum(w * w)
    with no_grad():
        w[0] = 5.0
    assert w.data.tolist() == [5.0, 2.0]
    with pytest.raises(GraphError, match=r"data of a leaf .* was changed"):
        loss.backward()


def test_computed_tensor_keeps_its_history_under_no_grad() -> None:
    y = Tensor([1.0, 2.0]) * 2
    with no_grad():
        constant = y.detach().copy()
        constant[0] = 5.0
        for change in (lambda: y.__setitem__(0, 1.0), lambda: y.__iadd__(1.0)):
            with pytest.raises(
                GraphError, match=r"computed Tensor was changed in place .* no_grad"
            ):
                change()
    assert y.requires_grad
    assert constant.tolist() == [5.0, 4.0]


def test_constant_accepts_what_is_recorded() -> None:
    w, result = Tensor([1.0, 2.0]), Tensor(np.zeros((2, 2)), requires_grad=False)
    row = result[1]
    row[:] = w * w
    assert row.requires_grad
    assert result.requires_grad
    result.sum().backward()
    assert w.grad.tolist() == [2.0, 4.0]


def test_views_of_broadcasts_are_read_only() -> None:
    view = np.broadcast_to(Tensor([1.0, 2.0]) * 2, (3, 2))
    with pytest.raises(ValueError, match="read-only"):
        view[0] = 1.0


@pytest.mark.parametrize(
    "change",
    [
        lambda array, t: np.copyto(array, t),
        lambda array, t: np.put(array, [0], t),
        lambda array, t: np.fill_diagonal(array, t),
        lambda array, t: np.exp(t, out=array[0]),
        lambda array, t: np.add.at(array, 0, t),
        lambda array, t: array.__setitem__(0, t),
        lambda array, t: array.__iadd__(t),
    ],
)
def test_tensor_cannot_be_written_into_an_array(change: Any) -> None:
    array, t = np.zeros((3, 3)), Tensor([1.0, 2.0, 3.0])
    with pytest.raises(TypeError, match="would be lost"):
        change(array, t)
    assert not array.any()


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda y: y.__setitem__(5, 1.0), IndexError),
        (lambda y: y.__setitem__(0, np.ones(4)), ValueError),
        (lambda y: y.__setitem__("a", 1.0), IndexError),
        (lambda y: y.__iadd__(np.ones((4, 1, 1))), ValueError),
        (lambda y: np.add(y, 1, out=y[0]), ValueError),
        (lambda y: y.__iadd__(1j), TypeError),
    ],
)
def test_impossible_assignments_change_nothing(change: Any, error: type[Exception]) -> None:
    y = Tensor(X) * 1
    with pytest.raises(error, match="remedy: "):
        change(y)
    assert np.array_equal(y.numpy(), X)


USES: tuple[Callable[[Any, Any], Any], ...] = (
    lambda w, x: w * x,
    lambda w, x: x**w,
    lambda w, x: x @ w.T,
    np.multiply,
    lambda w, x: np.where(x > 1, w, x * w),
    lambda w, x: np.einsum("ij,ij->i", x, w),
)


@pytest.mark.parametrize("width", [1, 200])
@pytest.mark.parametrize("use", USES)
def test_array_may_be_changed_before_the_backward_pass(use: Any, width: int) -> None:
    x = np.repeat(X, width, axis=1)
    w = Tensor(np.ones_like(x))
    use(w, x).sum().backward()
    expected = w.grad
    w.grad = None
    loss = use(w, x).sum()
    x[0, 1] = np.nan
    loss.backward()
    assert np.array_equal(w.grad, expected)


@pytest.mark.parametrize("use", USES)
def test_large_array_changed_before_the_backward_pass_is_noticed(use: Any) -> None:
    x = np.repeat(X, 50000, axis=1)
    w = Tensor(np.ones_like(x))
    loss = use(w, x).sum()
    x[0, 1] += 1e-9
    with pytest.raises(GraphError, match=r"an array that .* needs for the gradient"):
        loss.backward()


def test_index_changed_before_the_backward_pass() -> None:
    w, index = Tensor([1.0, 2.0]), np.array([0, 0])
    y = w[index] * 1
    y[index[:1]] = 0.0
    loss = y.sum()
    index += 1
    loss.backward()
    assert w.grad.tolist() == [1.0, 0.0]


def test_true_is_not_the_index_one() -> None:
    y = Tensor([[0.0, 1.0], [2.0, 3.0]]) * 1
    y[(True,)] = y[(1,)]
    assert y.tolist() == [[2.0, 3.0], [2.0, 3.0]]
