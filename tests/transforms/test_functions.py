"""The transforms as people call them: forms of arguments and results, and what is refused."""

import warnings
from collections import namedtuple
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from examples.blog_network import forward, initial_weights, post_data

Pair = namedtuple("Pair", ["first", "second"])


@dataclass
class Layer:
    """A layer with settings beside its arrays."""

    W: Any
    b: Any
    activation: str = "tanh"
    units: int = 3


class Box:
    """An object that only `register_tree` knows how to take apart."""

    def __init__(self, inside: Any) -> None:
        self.inside = inside


ag.register_tree(Box, vars, lambda _, parts: Box(**parts))


def total(tree: Any) -> Any:
    """The sum of the squares of all leaves."""
    if isinstance(tree, Box):
        return total(tree.inside)
    if isinstance(tree, Layer):
        return total([tree.W, tree.b])
    if isinstance(tree, dict):
        return total(list(tree.values()))
    if isinstance(tree, list | tuple):
        return sum(total(branch) for branch in tree)
    return np.sum(tree * tree)


# Arguments


@pytest.mark.parametrize(
    "tree",
    [
        {"W": np.ones((2, 3)), "b": [np.arange(3.0), 2.0]},
        (np.ones(2), [np.ones(3)]),
        Pair(np.ones(2), {"x": 1.5}),
        Box({"inside": np.arange(2.0)}),
        Layer(np.ones((2, 3)), np.zeros(3)),
        [1.0, np.float32(2.0)],
    ],
    ids=lambda tree: type(tree).__name__,
)
def test_gradients_have_the_form_of_the_argument(tree: Any) -> None:
    gradient = ag.grad(total)(tree)
    assert type(gradient) is type(tree)
    value, pullback = ag.vjp(total, tree)
    (again,) = pullback(1.0)
    _, t = ag.jvp(total, (tree,), (tree,))
    assert t == pytest.approx(2 * value)
    numbers = ag.map_tree(lambda x, g, h: (x, g, h), tree, gradient, again)
    assert type(numbers) is type(tree)


def test_settings_in_a_tree_are_passed_on_and_have_no_gradient() -> None:
    layer = Layer(np.ones((2, 2)), np.zeros(2))

    def f(layer: Layer) -> Any:
        assert layer.activation == "tanh"
        assert layer.units == 3
        return np.sum(layer.W * 3)

    gradient = ag.grad(f)(layer)
    assert gradient.W.tolist() == [[3.0, 3.0], [3.0, 3.0]]
    assert gradient.b.tolist() == [0.0, 0.0]
    assert (gradient.activation, gradient.units) == (None, None)


def test_arguments_are_named_by_position_or_name() -> None:
    def f(a: Any, b: Any, *, scale: Any = 1.0) -> Any:
        return a * a * b * scale

    assert ag.grad(f, "b")(2.0, 3.0) == 4.0
    assert ag.grad(f, "scale")(2.0, 3.0, scale=5.0) == 12.0
    assert ag.grad(f, ("scale", 0))(2.0, 3.0, scale=1.0) == (12.0, 12.0)
    assert ag.jacobian(f, "b")(2.0, 3.0) == 4.0


def test_more_can_be_returned_beside_the_result() -> None:
    def f(x: Any) -> Any:
        y = np.sin(x)
        return np.sum(y), {"y": y, "note": "kept"}

    x = np.array([0.5, 1.0])
    gradient, aux = ag.grad(f, has_aux=True)(x)
    assert np.array_equal(gradient, np.cos(x))
    assert type(aux["y"]) is np.ndarray
    assert aux["note"] == "kept"
    (value, aux), gradient = ag.value_and_grad(f, has_aux=True)(x)
    assert value == np.sum(np.sin(x))
    y, t, aux = ag.jvp(f, (x,), (np.ones(2),), has_aux=True)
    assert (y, t) == (np.sum(np.sin(x)), pytest.approx(np.sum(np.cos(x))))
    y, pullback, aux = ag.vjp(f, x, has_aux=True)
    assert np.array_equal(pullback(2.0)[0], 2 * np.cos(x))
    found, aux = ag.jacobian(f, has_aux=True)(x)
    assert np.allclose(found, np.cos(x))
    with pytest.raises(TypeError, match="has_aux"):
        ag.grad(lambda x: x, has_aux=True)(1.0)


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(TypeError, match="cannot be differentiated"):
        ag.grad(total)(np.array([1, 2]))
    with pytest.raises(TypeError, match=r"\bn\b in argument 0"):
        ag.grad(total)({"x": np.ones(2), "n": np.array([1, 2])})
    with pytest.raises(TypeError, match="no array of real"):
        ag.grad(total)({"name": "x"})
    with pytest.raises(TypeError, match="two tuples"):
        ag.jvp(np.sin, 1.0, 1.0)
    with pytest.raises(ValueError, match="tangent"):
        ag.jvp(np.sin, (np.ones(2),), (np.ones(3),))
    _, pullback = ag.vjp(np.sin, np.ones(2))
    with pytest.raises(ValueError, match=r"pullback of np\.sin"):
        pullback(np.ones(3))
    with pytest.raises(ValueError, match="mode"):
        ag.jacobian(np.sin, mode="sideways")


# Results


def test_results_are_plain_where_no_outer_transform_runs() -> None:
    x = np.array([0.5, 1.0])
    for result in (
        *ag.jvp(np.sin, (x,), (x,)), ag.vjp(np.sin, x)[0], ag.vjp(np.sin, x)[1](x)[0],
        ag.jacobian(np.sin)(x), ag.vmap(np.sin)(x), ag.hessian(total)(x), ag.grad(total)(x),
        ag.elementwise_grad(np.sin)(x), ag.linearize(np.sin, x)[1](x), ag.hvp(total, (x,), (x,))[0],
    ):  # fmt: skip
        assert type(result) is np.ndarray


def test_pullbacks_and_pushforwards_can_be_called_often() -> None:
    x = np.array([0.5, 1.0])
    _, pullback = ag.vjp(np.sin, x)
    _, pushforward = ag.linearize(np.sin, x)
    for factor in (1.0, -2.0, 0.0):
        assert np.allclose(pullback(factor * x)[0], factor * x * np.cos(x))
        assert np.allclose(pushforward(factor * x), factor * x * np.cos(x))


def test_jacobians_of_trees_are_trees_of_trees() -> None:
    def f(params: Any) -> Any:
        return {"y": params["W"] @ params["x"], "n": np.sum(params["x"])}

    params = {"W": np.arange(6.0).reshape(2, 3), "x": np.ones(3)}
    for mode in ("forward", "reverse"):
        found = ag.jacobian(f, mode=mode)(params)
        assert found["y"]["W"].shape == (2, 2, 3)
        assert np.array_equal(found["y"]["x"], params["W"])
        assert np.array_equal(found["n"]["x"], np.ones(3))
        assert not np.any(found["n"]["W"])


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_jacobians_of_nothing_have_the_right_shape(mode: str) -> None:
    assert ag.jacobian(np.sin, mode=mode)(np.zeros(0)).shape == (0, 0)
    outer = ag.jacobian(lambda x: np.outer(x, np.ones(2)), mode=mode)
    assert outer(np.zeros(0)).shape == (0, 2, 0)


def test_complex_arguments() -> None:
    z = np.array([1.0 + 2.0j, -0.5j])
    y, t = ag.jvp(np.exp, (z,), (np.ones(2) * 1j,))
    assert np.allclose(t, 1j * np.exp(z))
    assert np.allclose(y, np.exp(z))
    _, change = ag.jvp(lambda z: np.sum(np.abs(z) ** 2), (z,), (z,))
    assert change == pytest.approx(2 * np.sum(np.abs(z) ** 2))


def test_closures_over_outer_tensors_are_differentiated_by_their_owner() -> None:
    w = ag.Tensor([1.0, 2.0])
    y, t = ag.jvp(lambda x: np.sum(w * x * x), (np.ones(2),), (np.ones(2),))
    (y + t).backward()
    assert w.grad.tolist() == [3.0, 3.0]
    w = ag.Tensor(3.0)
    slopes = ag.vmap(lambda x: w * x)(np.array([1.0, 2.0]))
    np.sum(slopes).backward()
    assert w.grad == 3.0


# vmap


def test_code_that_decides_by_values_is_looped_over() -> None:
    def f(x: Any) -> Any:
        while x > 1:
            x = x / 2
        return x

    x = np.array([0.5, 3.0, 9.0])
    with pytest.warns(UserWarning, match="f in a loop"):
        assert ag.vmap(f)(x).tolist() == [0.5, 0.75, 0.5625]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert ag.vmap(ag.grad(f))(x).tolist() == [1.0, 0.25, 0.0625]


def test_arrays_are_filled_inside_vmap() -> None:
    def cumulated(x: Any) -> Any:
        total = np.zeros_like(x)
        total[0] = x[0]
        for n in range(1, 3):
            total[n] = total[n - 1] + x[n]
        return total

    x = np.arange(6.0).reshape(2, 3)
    assert ag.vmap(cumulated)(x).tolist() == np.cumsum(x, axis=1).tolist()
    weighed = ag.grad(lambda x: np.sum(ag.vmap(cumulated)(x) * x))(x)
    assert weighed.tolist() == ag.grad(lambda x: np.sum(np.cumsum(x, axis=1) * x))(x).tolist()


def test_gradients_per_sample_are_those_that_the_blog_post_derives() -> None:
    X, y = post_data()
    hidden_weights, output_weights = initial_weights(X.shape[1], 3, 1)

    def loss(hidden: Any, output: Any, x: Any, target: Any) -> Any:
        found = forward(x[np.newaxis], hidden, output)
        return 0.5 * np.sum((found[-1] - target) ** 2)

    per_sample = ag.vmap(ag.grad(loss, (0, 1)), (None, None, 0, 0))
    hidden_pd, output_pd = per_sample(hidden_weights, output_weights, X, y)
    inputs, hidden, outputs = forward(X, hidden_weights, output_weights)
    output_error = outputs - y
    slope = hidden[:, 1:] * (1 - hidden[:, 1:])
    hidden_error = slope * np.dot(output_error, output_weights.T[:, 1:])
    due = inputs[:, :, np.newaxis] * hidden_error[:, np.newaxis, :]
    assert np.allclose(hidden_pd, due, rtol=5e-16, atol=1e-17)
    due = hidden[:, :, np.newaxis] * output_error[:, np.newaxis, :]
    assert np.allclose(output_pd, due, rtol=5e-16, atol=1e-17)


def test_an_empty_tree_has_no_slopes():
    with pytest.raises(TypeError, match=r"returned .*, where arrays are due"):
        ag.elementwise_grad(lambda _: {})(np.ones(2))
