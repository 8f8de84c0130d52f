"""What programs for HIPS autograd do, and what they get."""

import math
from typing import Any

import numpy as plain
import pytest

import autograd_lite.compat.autograd.numpy as np
from autograd_lite.compat import autograd as ad
from autograd_lite.compat.autograd import grad, jacobian, make_jvp, make_vjp
from autograd_lite.compat.autograd.builtins import isinstance as is_instance
from autograd_lite.compat.autograd.builtins import type as type_of
from autograd_lite.compat.autograd.differential_operators import make_jvp_reversemode
from autograd_lite.compat.autograd.misc import flatten
from autograd_lite.compat.autograd.misc.flatten import flatten_func
from autograd_lite.compat.autograd.misc.optimizers import adam, rmsprop, sgd
from autograd_lite.compat.autograd.numpy.numpy_boxes import ArrayBox
from autograd_lite.compat.autograd.test_util import check_grads
from autograd_lite.compat.autograd.tracer import getval
from autograd_lite.compat.autograd.util import subvals

RANDOM = plain.random.default_rng(0)
X = RANDOM.normal(size=(40, 3))
LABELS = (X @ [1.0, -2.0, 0.5] > 0).astype(float)


def logistic_loss(w: Any) -> Any:
    margins = np.dot(X, w)
    return np.mean(np.log1p(np.exp(-np.abs(margins))) + np.maximum(margins, 0) - LABELS * margins)


def test_hessian_of_a_logistic_loss() -> None:
    w = plain.array([0.3, -0.2, 0.1])
    p = 1 / (1 + plain.exp(-X @ w))
    plain.testing.assert_allclose(ad.hessian(logistic_loss)(w), (X.T * p * (1 - p)) @ X / 40)
    plain.testing.assert_allclose(
        ad.hessian_vector_product(logistic_loss)(w, plain.ones(3)),
        ad.hessian(logistic_loss)(w) @ plain.ones(3),
    )
    product, slope = ad.make_hvp(logistic_loss)(w)
    plain.testing.assert_allclose(slope, X.T @ (p - LABELS) / 40)
    plain.testing.assert_allclose(product(plain.ones(3)), ad.hessian(logistic_loss)(w).sum(0))


def network(params: Any, inputs: Any) -> Any:
    for layer in params["hidden"]:
        inputs = np.tanh(np.dot(inputs, layer["W"]) + layer["b"])
    return np.dot(inputs, params["out"])[:, 0]


@pytest.mark.parametrize(
    ("optimize", "step"), [(adam, 0.05), (rmsprop, 0.01), (sgd, 1.0)], ids=lambda x: str(x)
)
def test_training(optimize: Any, step: float) -> None:
    random = plain.random.default_rng(1)
    params = {
        "hidden": [{"W": random.normal(size=(3, 5)), "b": plain.zeros(5)}],
        "out": random.normal(size=(5, 1)),
    }
    losses = []

    def loss(params: Any, step: int) -> Any:
        assert step >= 0
        return np.mean((network(params, X) - LABELS) ** 2)

    trained = optimize(
        grad(loss), params, num_iters=150, step_size=step,
        callback=lambda params, i, g: losses.append(loss(params, i)),
    )  # fmt: skip
    assert len(losses) == 150
    assert loss(trained, 0) < 0.3 * losses[0]


def test_steps_of_optimizers() -> None:
    def gradient(x: Any, i: int) -> Any:
        return x * (i + 1)

    x0 = plain.array([1.0, -2.0])
    plain.testing.assert_allclose(sgd(gradient, x0, num_iters=1), x0 - 0.1 * 0.1 * x0)
    plain.testing.assert_allclose(
        sgd(gradient, x0, num_iters=2),
        x0 * 0.99 + 0.1 * (0.9 * -0.1 - 0.1 * 2 * 0.99) * x0,
    )
    plain.testing.assert_allclose(
        rmsprop(gradient, x0, num_iters=1), x0 - 0.1 * x0 / plain.sqrt(0.9 + 0.1 * x0**2)
    )
    plain.testing.assert_allclose(adam(gradient, x0, num_iters=1), x0 - 0.001 * plain.sign(x0))


def test_flatten() -> None:
    tree = {"b": [1.0, (plain.ones((2, 2)), 5.0)], "a": plain.arange(2.0)}
    vector, unflatten = flatten(tree)
    assert vector.tolist() == [0, 1, 1, 1, 1, 1, 1, 5]
    back = unflatten(2 * vector)
    assert list(back) == ["b", "a"]
    assert type(back["b"][1]) is tuple
    assert back["b"][1][0].tolist() == [[2, 2], [2, 2]]
    assert flatten([])[0].shape == (0,)
    assert jacobian(lambda x: flatten(unflatten(x**2))[0])(vector).diagonal().tolist() == list(
        2 * vector
    )
    function, _, start = flatten_func(lambda t, k: {"a": k * t["a"]}, {"a": plain.ones(2)})
    assert function(start, 3).tolist() == [3, 3]


def test_containers() -> None:
    def f(params: Any) -> Any:
        items = ad.dict(params)
        pair = ad.tuple([items["x"], items["y"][0]])
        assert is_instance(items["x"], np.ndarray)
        assert is_instance(items["y"], list)
        assert type_of(items["x"]) is np.ndarray
        assert isinstance(items["x"], ArrayBox)
        assert type(getval(items["x"])) is plain.ndarray
        return np.sum(pair[0]) * sum(ad.list(params["y"])) * pair[1]

    gradient = grad(f)({"x": plain.ones(2), "y": [2.0, 3.0], "name": "z"})
    assert gradient["x"].tolist() == [10, 10]
    assert gradient["y"] == [2 * 5 + 4, 4]
    assert gradient["name"] is None


def test_argnum() -> None:
    def f(x: Any, y: Any, scale: float = 1.0) -> Any:
        return np.sum(x * y**2) * scale

    x, y = plain.array([1.0, 2.0]), plain.array([3.0, 4.0])
    assert grad(f)(x, y).tolist() == [9, 16]
    assert grad(f, 1)(x, y, scale=2.0).tolist() == [12, 32]
    for argnum in ((0, 1), [0, 1]):
        gx, gy = grad(f, argnum)(x, y)
        assert (gx.tolist(), gy.tolist()) == ([9, 16], [6, 16])
    assert ad.grad_named(f, "y")(x, y).tolist() == [6, 16]
    found = ad.multigrad_dict(f)(x, y)
    assert {name: plain.sum(g) for name, g in found.items()} == {"x": 25, "y": 22, "scale": 41}
    assert ad.value_and_grad(f, 1)(x, y)[0] == 41
    assert grad(f).__name__ == "grad_of_f_wrt_argnum_0"
    with pytest.raises(AssertionError):
        grad(f, "y")(x, y)


def test_shapes_of_jacobians() -> None:
    def f(x: Any) -> Any:
        return np.einsum("ij,kj->ik", np.ones((4, 3)), x) ** 2

    x = RANDOM.normal(size=(2, 3))
    assert jacobian(f)(x).shape == (4, 2, 2, 3)
    assert jacobian(np.sum)(x).shape == (2, 3)
    assert jacobian(lambda t: t * x)(2.0).shape == (2, 3)
    assert ad.hessian(lambda x: np.sum(f(x)))(x).shape == (2, 3, 2, 3)
    plain.testing.assert_allclose(
        ad.tensor_jacobian_product(f)(x, plain.ones((4, 2))),
        plain.tensordot(plain.ones((4, 2)), jacobian(f)(x), 2),
    )
    assert plain.array_equal(ad.vector_jacobian_product(np.sin)(x[0], plain.ones(3)),
                             plain.cos(x[0]))  # fmt: skip


def test_products() -> None:
    x, v = plain.array([1.0, 2.0, 3.0]), plain.array([1.0, 0.0, -1.0])

    def f(x: Any) -> Any:
        return np.cumsum(x**2)

    forward = make_jvp(f)(x)(v)
    assert forward[0].tolist() == [1, 5, 14]
    assert forward[1].tolist() == make_jvp_reversemode(f)(x)(v).tolist() == [2, 2, -4]
    vjp, y = make_vjp(f)(x)
    assert y.tolist() == [1, 5, 14]
    assert (vjp(v).tolist(), vjp(2 * v).tolist()) == ([0, -4, -6], [0, -8, -12])
    y, t = make_jvp(lambda a, b: [a * b, a], (0, 1))(2.0, 3.0)((1.0, 0.0))
    assert (y, t) == ([6.0, 2.0], [3.0, 1.0])
    full = jacobian(f)(x)
    plain.testing.assert_allclose(ad.make_ggnvp(f)(x)(v), full.T @ full @ v)
    assert ad.elementwise_grad(np.exp)(0 * x).tolist() == [1, 1, 1]
    assert ad.deriv(np.exp)(0 * x).tolist() == [1, 1, 1]
    assert ad.elementwise_grad(np.square)(plain.arange(3)).tolist() == [0, 2, 4]


def test_aux() -> None:
    gradient, aux = ad.grad_and_aux(lambda x: (np.sum(x**2), {"twice": 2 * x}))(plain.ones(2))
    assert gradient.tolist() == [2, 2]
    assert type(aux["twice"]) is plain.ndarray


def test_complex_numbers() -> None:
    z = 0.5 + 0.7j
    for f in (np.sin, np.exp, lambda z: z**3, lambda z: 1j * z):
        h = 1e-6
        numeric = (f(z + h) - f(z - h)) / (2 * h)
        assert abs(ad.holomorphic_grad(f)(z) - numeric) < 1e-8
        vjp, _ = make_vjp(f)(z)
        assert abs(vjp(2j) - 2j * numeric) < 1e-8
        assert abs(make_jvp(f)(z)(2j)[1] - 2j * numeric) < 1e-8
        assert abs(jacobian(f)(plain.array([z]))[0, 0] - numeric) < 1e-8
    assert grad(lambda z: np.abs(z) ** 2)(1 + 2j) == 2 - 4j
    assert grad(lambda x: np.real(x * (2 + 1j)))(1.0) == 2
    with pytest.raises(TypeError, match="one real number"):
        grad(np.sin)(z)
    with pytest.warns(UserWarning, match="not complex"):
        ad.holomorphic_grad(np.sin)(0.5)


def test_what_does_not_depend_on_the_argument() -> None:
    with pytest.warns(UserWarning, match="independent of input"):
        assert grad(lambda _: 1.0)(plain.ones(2)).tolist() == [0, 0]
    with pytest.warns(UserWarning, match="independent of input"):
        assert make_jvp(lambda _: 1.0)(2.0)(1.0) == (1.0, 0.0)


@pytest.mark.parametrize("result", [plain.ones(2), [1.0, 2.0], None, "text", {}])
def test_gradients_are_those_of_one_number(result: Any) -> None:
    for transform in (grad, ad.value_and_grad):
        with pytest.raises(TypeError, match="one real number"):
            transform(lambda _: result)(1.0)


def test_lists_of_what_is_differentiated() -> None:
    def rosenbrock(x: Any) -> Any:
        parts = np.array([1 - x[0], 10 * (x[1] - x[0] ** 2)])
        return np.mean([part**2 for part in parts]) + np.linalg.norm([parts[0], parts[1]])

    check_grads(rosenbrock)(plain.array([0.3, 0.4]))
    check_grads(lambda x: np.r_[x, x[:1] ** 2, 1.0])(plain.array([0.3, 0.4]))
    check_grads(lambda x: np.hstack(part**2 for part in (x, 2 * x)))(plain.array([0.3, 0.4]))
    check_grads(lambda x: np.stack({"a": x, "b": x[::-1]}.values()))(plain.array([0.3, 0.4]))
    check_grads(lambda x: np.c_[x, x])(plain.array([0.3, 0.4]))
    check_grads(lambda x: np.hstack([x, [x[0] * x[1]]]))(plain.array([0.3, 0.4]))
    for made in (np.zeros(3), np.array([1.0, 2.0]), np.arange(3.0), np.repeat(0.0, 2),
                 np.stack([0.0, 1.0]), np.full(3, 2.0), np.r_[1.0, 2.0]):  # fmt: skip
        assert type(made) is plain.ndarray


def test_checkpoint() -> None:
    calls = []

    @ad.checkpoint
    def layer(x: Any, w: Any) -> Any:
        calls.append(1)
        return np.tanh(np.dot(x, w))

    w = RANDOM.normal(size=(3, 3))

    def loss(w: Any) -> Any:
        return np.sum(layer(layer(X, w), w) ** 2)

    def uncheckpointed(w: Any) -> Any:
        return np.sum(np.tanh(np.dot(np.tanh(np.dot(X, w)), w)) ** 2)

    plain.testing.assert_array_equal(grad(loss)(w), grad(uncheckpointed)(w))
    assert len(calls) > 2
    check_grads(loss)(w)


def test_small_functions() -> None:
    assert subvals([1, 2, 3], [(1, "b")]) == (1, "b", 3)
    assert math.isclose(grad(grad(np.sin))(1.0), -math.sin(1.0))
    assert grad(lambda x: x * grad(lambda y: x + y)(2.0))(3.0) == 1


def test_jacobians_of_complex_arguments_follow_the_convention_of_autograd() -> None:
    z = plain.array([1.0 + 2.0j, 0.5 - 1.0j])
    assert plain.allclose(jacobian(lambda z: plain.abs(z) ** 2)(z), plain.diag(2 * plain.conj(z)))
    assert plain.allclose(jacobian(lambda z: z**2)(z), plain.diag(2 * z))
