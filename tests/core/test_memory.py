"""Graphs are gone as soon as nobody needs them, however long they are."""

import gc
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import Tensor

LENGTH = 10**5  # a hundred times what Python's recursion limit allows


def chain(w: Tensor) -> Tensor:
    y = w
    for _ in range(LENGTH):
        y = y + 1.0
    return y


def test_long_chain_goes_forward_and_backward() -> None:
    w = Tensor(1.0)
    y = chain(w)
    y.backward()
    assert y.item() == LENGTH + 1
    assert w.grad == 1.0


def test_long_chain_is_shown_and_released_without_recursion() -> None:
    y = chain(Tensor(1.0))
    assert "operation=add" in repr(y)
    del y


def test_long_chain_is_released_when_backward_fails_on_the_way() -> None:
    w = Tensor([1.0])
    y = chain(w).sum()
    w.data -= 1.0
    with pytest.raises(ag.GraphError):
        y.backward()
    del y


def step(w: Tensor, b: Tensor, x: Any) -> None:
    loss = np.mean(np.square(ag.sigmoid(x @ w + b) - 0.5))
    loss.backward()
    for parameter in (w, b):
        parameter.data -= 0.1 * parameter.grad
        parameter.grad = None


def test_training_leaves_nothing_to_the_garbage_collector() -> None:
    w, b, x = Tensor(np.ones((3, 2))), Tensor(np.zeros(2)), np.ones((4, 3))
    step(w, b, x)
    gc.collect()
    gc.disable()
    try:
        for _ in range(10_000):
            step(w, b, x)
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_nested_gradients_leave_nothing_to_the_garbage_collector() -> None:
    second = ag.grad(ag.grad(lambda x: np.exp(x) * x))
    second(1.0)
    gc.collect()
    gc.disable()
    try:
        for _ in range(100):
            second(1.0)
        assert gc.collect() == 0
    finally:
        gc.enable()


def watched_graph() -> tuple[Tensor, "weakref.ref[Any]", Tensor]:
    """A leaf, a reference to an array that only the graph keeps, and the graph's end."""
    w = Tensor(np.ones(3))
    hidden = np.exp(w)
    return w, weakref.ref(hidden._value), (hidden * hidden).sum()


def test_arrays_of_the_graph_live_until_backward() -> None:
    _, array, loss = watched_graph()
    assert array() is not None
    loss.backward()
    assert array() is None


def test_retained_graph_keeps_its_arrays() -> None:
    _, array, loss = watched_graph()
    loss.backward(retain_graph=True)
    assert array() is not None
    del loss
    assert array() is None


def test_graph_goes_with_its_end_without_backward() -> None:
    _, array, loss = watched_graph()
    del loss
    assert array() is None


def test_only_what_a_rule_names_is_kept() -> None:
    """x + 1 needs no values for its gradient: the operand's array may go."""
    w = Tensor(np.ones(3))
    operand = w * 2.0
    array = weakref.ref(operand._value)
    result = operand + 1.0
    del operand
    assert array() is None
    result.sum().backward()
    assert w.grad.tolist() == [2.0, 2.0, 2.0]


ALIASES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "sum": lambda a, b: a + b,
    "transposed": lambda a, b: a.T + b,
    "difference": lambda a, b: a - b,
    "copies": lambda a, b: (+a) + b.copy(),
    "same shape": lambda a, b: a.reshape(2, 2) + b.reshape(4).reshape(2, 2),
    "slices": lambda a, b: a[:] + b[::-1],
    "stack": lambda a, b: np.stack([a, b])[0] + np.stack([a, b])[1],
    "joined": lambda a, b: np.concatenate([a, b]),
    "one leaf twice": lambda a, b: a + a + b,
    "dtype": lambda a, b: a.astype(float) + b.astype(float, copy=False),
    "broadcast": lambda a, b: np.broadcast_to(a, (2, 2)) + b,
    "halves": lambda a, b: np.split(np.vstack([a, b]), 2)[0] + b,
}


@pytest.mark.parametrize("combine", ALIASES.values(), ids=ALIASES)
def test_gradients_can_be_changed_in_place_without_touching_others(
    combine: Callable[[Tensor, Tensor], Tensor],
) -> None:
    a, b = Tensor(np.ones((2, 2))), Tensor(np.ones((2, 2)))
    result = combine(a, b)
    root = np.ones(result.shape)
    result.backward(root, retain_graph=True)
    expected = b.grad.copy()
    a.grad *= 0
    assert np.array_equal(b.grad, expected)
    assert np.array_equal(root, np.ones(result.shape))
    b.grad = None
    result.backward(root)
    assert np.array_equal(b.grad, expected)


def test_gradient_is_not_an_array_of_the_users() -> None:
    factor, w = np.array([3.0, 4.0]), Tensor([1.0, 2.0])
    loss = (w * factor).sum()
    loss.backward()
    w.grad *= 0
    assert factor.tolist() == [3.0, 4.0]
