"""Derivatives of derivatives: layers of one value that must not be taken for one another."""

from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import Tensor, grad


def nth(f: Any, order: int) -> Any:
    for _ in range(order):
        f = grad(f)
    return f


def test_second_derivative() -> None:
    assert grad(grad(lambda x: x**3))(2.0) == 12.0


@pytest.mark.parametrize(
    ("f", "fifth"),
    [
        (np.sin, np.cos),
        (np.exp, np.exp),
        (lambda x: np.exp(2 * x), lambda x: 32 * np.exp(2 * x)),
        (lambda x: 1 / x, lambda x: -120 / x**6),
        (lambda x: x**7, lambda x: 2520 * x**2),
        (np.log, lambda x: 24 / x**5),
        (lambda x: x * np.sin(x), lambda x: x * np.cos(x) + 5 * np.sin(x)),
    ],
)
def test_fifth_derivative(f: Any, fifth: Any) -> None:
    assert np.allclose(nth(f, 5)(0.7), fifth(0.7), rtol=1e-13, atol=0)


def test_perturbations_are_not_confused() -> None:
    """d/dx [x d/dy (x + y)] is 1; who takes the inner x for the inner y gets 2."""
    assert grad(lambda x: x * grad(lambda y: x + y)(2.0))(3.0) == 1.0


def test_perturbations_are_not_confused_by_the_same_function() -> None:
    def shift(x: Any) -> Any:
        return grad(lambda y: x * y * y)(x)  # 2 x x

    assert grad(shift)(3.0) == 12.0
    assert grad(grad(shift))(3.0) == 4.0


def test_three_levels_through_closures() -> None:
    def f(x: Any) -> Any:
        return grad(lambda y: grad(lambda z: x * y * y * z**3)(y))(x)  # 3 x y^4, slope 12 x y^3

    assert grad(f)(2.0) == 48 * 2.0**3


def test_function_that_ignores_the_outer_variable() -> None:
    assert grad(lambda x: x + grad(lambda y: y * y)(3.0))(5.0) == 1.0


def test_gradient_of_arrays_twice() -> None:
    x = np.array([1.0, 2.0])
    second = grad(lambda x: np.sum(grad(lambda y: np.sum(y**4))(x)))(x)
    assert np.allclose(second, 12 * x**2)


def test_gradient_of_a_gradients_norm() -> None:
    """As in a gradient penalty: d/dW |d f/dx|^2, f = sum(tanh(x W))."""
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(3, 2)), rng.normal(size=(2, 4))

    def penalty(w: Any) -> Any:
        slope = grad(lambda x: np.sum(np.tanh(x @ w)))(x)
        return np.sum(slope * slope)

    step = 1e-6
    bump = np.zeros_like(w)
    bump[1, 2] = step
    numeric = (penalty(w + bump) - penalty(w - bump)) / (2 * step)
    assert np.allclose(grad(penalty)(w)[1, 2], numeric, rtol=1e-7)


def test_selected_gradients_nest() -> None:
    f = grad(lambda x: np.sum(grad(lambda y: np.sum(np.where(y > 0, np.sqrt(y), 0.0)))(x)))
    with np.errstate(all="ignore"):
        assert f(np.array([0.0, 4.0])).tolist() == [0.0, -1 / 32]


def test_closure_over_an_eager_tensor_records_there() -> None:
    w = Tensor([1.0, 2.0])
    slope = grad(lambda x: np.sum(x * x * w))(np.array([3.0, 4.0]))
    assert isinstance(slope, Tensor)
    slope.sum().backward()
    assert w.grad.tolist() == [6.0, 8.0]


def test_grad_at_an_eager_tensor_then_backward() -> None:
    w = Tensor([1.0, 2.0])
    grad(lambda x: np.sum(x**3))(w).sum().backward()
    assert w.grad.tolist() == [6.0, 12.0]


def test_grad_at_a_tensor_that_the_function_closes_over_as_well() -> None:
    """The closure's w is a constant for the inner gradient, and not for the outer sweep."""
    w = Tensor([3.0])
    slope = grad(lambda x: np.sum(x * x * w))(w)
    assert slope.tolist() == [18.0]
    slope.sum().backward()
    assert w.grad.tolist() == [12.0]


def test_value_and_gradient_both_record() -> None:
    w = Tensor([1.0, 2.0])
    value, slope = ag.value_and_grad(lambda x: np.sum(x**3))(w)
    (value + slope.sum()).backward()
    assert w.grad.tolist() == [3 + 6.0, 12 + 12.0]


def test_eager_leaves_collect_nothing_from_grad() -> None:
    w = Tensor([1.0, 2.0])
    grad(lambda x: np.sum(x * w))(np.ones(2))
    grad(lambda x: np.sum(x * x))(w)
    assert w.grad is None


def test_backward_of_an_eager_graph_inside_grad() -> None:
    w = Tensor([1.0, 2.0])

    def f(x: Any) -> Any:
        (w * w).sum().backward()
        return x * 2

    assert grad(f)(1.0) == 2.0
    assert w.grad.tolist() == [2.0, 4.0]


def test_argnums_choose_arguments() -> None:
    def f(a: Any, b: Any, *, c: float) -> Any:
        return a * a * b * c

    assert grad(f)(2.0, 3.0, c=5.0) == 60.0
    assert grad(f, argnums=1)(2.0, 3.0, c=5.0) == 20.0
    assert grad(f, argnums=-1)(2.0, 3.0, c=5.0) == 20.0
    assert grad(f, argnums=(1, 0))(2.0, 3.0, c=5.0) == (20.0, 60.0)


def test_same_array_in_two_arguments_has_two_gradients() -> None:
    x = np.array(3.0)
    assert grad(lambda a, b: a * a * b, argnums=(0, 1))(x, x) == (18.0, 9.0)


def test_value_and_grad_gives_the_plain_value() -> None:
    value, slope = ag.value_and_grad(lambda x: np.sum(x * x))(np.array([1.0, 2.0]))
    assert not isinstance(value, Tensor)
    assert value == 5.0
    assert slope.tolist() == [2.0, 4.0]


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_gradient_has_shape_and_dtype_of_the_argument(dtype: Any) -> None:
    x = np.ones((2, 1), dtype)
    for f in (lambda x: np.sum(x * np.ones(3)), lambda _: 1.0):
        slope = grad(f)(x)
        assert (slope.shape, slope.dtype) == (x.shape, x.dtype)


def test_comparison_inside_sees_the_value() -> None:
    assert grad(lambda x: x * x if x > 1 else x)(3.0) == 6.0
    assert grad(grad(lambda x: x * x if x > 1 else x))(3.0) == 2.0
