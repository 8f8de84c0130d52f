"""`custom_rule`: functions with their own gradients, in all transforms, and every misuse of it."""
# ruff: noqa: ARG001, ARG005 - rules are called with what they may not need

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import GraphError, Tensor
from autograd_lite.transforms import batched

X, W = np.array([0.3, -0.7, 1.1]), np.float64(0.5)
ROWS = np.stack([X, 2 * X])


@ag.custom_rule
def wave(x: Any, w: Any, k: float = 2.0) -> Any:
    y = np.exp(x * w) * k
    return y, (x, w, y)


@wave.backward
def wave_backward(saved: Any, g: Any) -> Any:
    x, w, y = saved
    return g * y * w, np.sum(g * y * x)


@ag.custom_rule
def fast_wave(x: Any, w: Any, k: float = 2.0) -> Any:
    y = np.exp(x * w) * k
    return y, (x, w, y)


fast_wave.backward(wave_backward)


@fast_wave.tangent
def fast_wave_tangent(saved: Any, x_change: Any, w_change: Any) -> Any:
    x, w, y = saved
    return y * (x_change * w + x * w_change)


@fast_wave.batched
def fast_wave_batched(in_axes: Any, x: Any, w: Any, k: float = 2.0) -> Any:
    x = x if in_axes[0] == 0 else x[None]
    w = w if in_axes[1] is None else np.reshape(w, (-1, 1))
    return np.exp(x * w) * k


def plain_wave(x: Any, w: Any, k: float = 2.0) -> Any:
    return np.exp(x * w) * k


def loss(f: Any) -> Callable[..., Any]:
    return lambda x, w: np.sum(np.sin(f(x, w, k=1.5)))


TRANSFORMS: dict[str, Callable[[Any], Any]] = {
    "value": lambda f: f(X, W),
    "grad": lambda f: ag.grad(loss(f), (0, 1))(X, W),
    "hessian": lambda f: ag.hessian(loss(f), (0, 1))(X, W),
    "reverse over reverse": lambda f: ag.jacobian(ag.grad(loss(f)), (0, 1), "reverse")(X, W),
    "third": lambda f: ag.grad(ag.grad(ag.grad(lambda w: np.sum(f(X, w)))))(W),
    "jvp": lambda f: ag.jvp(f, (X, W), (np.cos(X), W))[1],
    "jvp of one": lambda f: ag.jvp(f, (X, W), (np.cos(X), None))[1],
    "jvp of jvp": lambda f: ag.jvp(lambda w: ag.jvp(f, (X, w), (X, w))[1], (W,), (W,))[1],
    "grad of jvp": lambda f: ag.grad(lambda w: np.sum(ag.jvp(f, (X, w), (X, w))[1]))(W),
    "vmap": lambda f: ag.vmap(f, (0, None))(ROWS, W),
    "vmap of both": lambda f: ag.vmap(f)(ROWS, X[:2]),
    "vmap of the second": lambda f: ag.vmap(f, (None, 0))(X, X[:2]),
    "vmap of grad": lambda f: ag.vmap(ag.grad(loss(f), (0, 1)), (0, None))(ROWS, W),
    "grad of vmap": lambda f: ag.grad(lambda w: np.sum(ag.vmap(f, (0, None))(ROWS, w) ** 2))(W),
    "hessian of vmap": lambda f: ag.hessian(lambda w: np.sum(ag.vmap(f, (0, None))(ROWS, w)))(W),
    "linearize": lambda f: ag.linearize(f, X, W)[1](X, W),
    "checkpoint": lambda f: ag.grad(ag.checkpoint(loss(f)), (0, 1))(X, W),
}


@pytest.mark.parametrize("transform", TRANSFORMS.values(), ids=TRANSFORMS)
@pytest.mark.parametrize("custom", [wave, fast_wave], ids=lambda f: f.__name__)
@pytest.mark.filterwarnings("ignore:vmap computes wave in a loop")
def test_in_every_transform(transform: Any, custom: Any) -> None:
    found, due = ag.ravel(transform(custom))[0], ag.ravel(transform(plain_wave))[0]
    assert np.allclose(found, due, rtol=1e-12, atol=1e-12)


def test_the_form_for_batches_is_no_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batched, "one_by_one", None)
    assert ag.vmap(fast_wave, (0, None))(ROWS, W).shape == (2, 3)


def test_the_rule_is_what_is_used() -> None:
    @ag.custom_rule
    def straight(x: Any) -> Any:
        return np.round(x), None

    @straight.backward
    def straight_backward(saved: Any, g: Any) -> Any:
        return g

    assert ag.grad(lambda x: np.sum(straight(x) * X))(X).tolist() == X.tolist()
    assert ag.jvp(straight, (X,), (X,))[1].tolist() == X.tolist()
    w = Tensor(X)
    np.sum(straight(w) * 2).backward()
    assert w.grad.tolist() == [2.0] * 3
    assert straight(X).tolist() == [0.0, -1.0, 1.0]


def test_trees_and_several_results() -> None:
    @ag.custom_rule
    def layer(p: Any, x: Any, name: str) -> Any:
        y = x @ p["W"]
        return {"y": y, "norm": np.float32(np.sum(y * y)), "two": (y * 2,)}, (p["W"], x, y)

    @layer.backward
    def layer_backward(saved: Any, g: Any) -> Any:
        W, x, y = saved
        assert g["norm"].dtype == np.float32
        gy = g["y"] + 2 * y * g["norm"] + 2 * g["two"][0]
        return {"W": np.outer(x, gy), "b": None}, gy @ W.T, None

    def plain(p: Any, x: Any, name: str) -> Any:
        y = x @ p["W"]
        return {"y": y, "norm": np.sum(y * y).astype(np.float32), "two": (y * 2,)}

    def total(f: Any) -> Any:
        def loss(p: Any, x: Any) -> Any:
            out = f(p, x, "first")
            return np.sum(out["y"] ** 3) + out["norm"] * 0.5 + np.sum(out["two"][0])

        return loss

    p = {"W": np.arange(6.0).reshape(3, 2) / 5, "b": 3}
    for transform in (ag.grad, ag.jacobian):
        found, due = (transform(total(f), argnums=(0, 1))(p, X) for f in (layer, plain))
        assert np.allclose(found[0]["W"], due[0]["W"], rtol=1e-6)
        assert np.allclose(found[1], due[1], rtol=1e-6)


def test_one_argument_that_is_a_tuple() -> None:
    @ag.custom_rule
    def product(pair: Any) -> Any:
        return pair[0] * pair[1], pair

    @product.backward
    def product_backward(pair: Any, g: Any) -> Any:
        return g * pair[1], g * pair[0]

    assert ag.grad(product)((2.0, 3.0)) == (3.0, 2.0)


def test_a_tuple_of_one_gradient() -> None:
    f = declared(lambda saved, g: (2 * g,))
    assert ag.grad(lambda x: np.sum(f(x)))(X).tolist() == [2.0] * 3


def test_complex_numbers_take_the_gradient_that_descends() -> None:
    @ag.custom_rule
    def square(z: Any) -> Any:
        return z * z, z

    @square.backward
    def square_backward(z: Any, g: Any) -> Any:
        return g * np.conj(2 * z)

    z = np.array([1 + 2j, 0.5j])
    due = ag.grad(lambda z: np.sum(np.abs(z * z)))(z)
    assert np.allclose(ag.grad(lambda z: np.sum(np.abs(square(z))))(z), due)
    assert np.allclose(ag.jvp(square, (z,), (1j * z,))[1], 2j * z * z)


def test_single_precision_stays() -> None:
    x = X.astype(np.float32)
    f = declared(lambda saved, g: g.astype(np.float64))
    assert ag.grad(lambda x: np.sum(f(x)))(x).dtype == np.float32


def test_anything_may_compute_the_result() -> None:
    """With plain arrays the function is called, also where a list or `math` is asked for."""

    @ag.custom_rule
    def norm(x: Any) -> Any:
        return sum(v * v for v in x.tolist()) ** 0.5, x

    @norm.backward
    def norm_backward(x: Any, g: Any) -> Any:
        return g * x / np.sqrt(np.sum(x * x))

    assert np.allclose(ag.grad(norm)(X), X / np.linalg.norm(X))


def test_what_is_saved_of_the_users_is_kept() -> None:
    for size in (3, 200_000):
        w, data = Tensor(np.ones(size)), np.full(size, 2.0)

        @ag.custom_rule
        def scaled(w: Any, data: Any) -> Any:
            return w * data, data

        @scaled.backward
        def scaled_backward(data: Any, g: Any) -> Any:
            return g * data, None

        y = np.sum(scaled(w, data))
        data[0] = 9.0
        if size == 3:
            y.backward()
            assert w.grad.tolist() == [2.0] * 3
        else:
            with pytest.raises(GraphError, match="was changed after"):
                y.backward()


def test_the_result_is_no_view_of_an_argument() -> None:
    w = Tensor(X)
    f = declared(lambda saved, g: g, lambda x: (x[:2], None))
    y = f(w)
    w.data[:] = 9.0
    assert y.numpy().tolist() == X[:2].tolist()


def declared(backward: Any, function: Any = None) -> Any:
    def doubled(x: Any) -> Any:
        return 2 * x, x

    f = ag.custom_rule(function or doubled)
    f.backward(backward)
    return f


def test_declared_tangents_and_batches() -> None:
    @ag.primitive
    def cube(x: Any, w: Any) -> Any:
        return x * x * x * w

    calls: list[str] = []
    ag.declare(
        cube,
        x=lambda g, x, w: 3 * g * x**2 * w,
        w=lambda g, x: np.sum(g * x**3),
        tangents={"x": lambda t, x, w: calls.append("t") or 3 * t * x**2 * w},
        batched=lambda axes, x, w: calls.append(str(axes)) or x**3 * w,
    )
    _, t = ag.jvp(cube, (X, W), (X, W))
    assert np.allclose(t, 3 * X**3 * W + X**3 * W)
    assert np.allclose(ag.vmap(cube, (0, None))(ROWS, W), ROWS**3 * W)
    assert calls == ["t", "(0, None)"]
    found = ag.grad(lambda w: np.sum(ag.vmap(cube, (0, None))(ROWS, w)))(W)
    assert np.allclose(found, np.sum(ROWS**3))
