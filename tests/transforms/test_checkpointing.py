"""`checkpoint`: the same values and gradients, bit for bit, in less memory."""

import threading
import tracemalloc
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import GraphError, Tensor

X = np.array([0.3, -0.7, 1.1])
LAYERS, SEGMENT = 64, 8


def chain(x: Any, weights: Any) -> Any:
    for w in weights:
        x = x + 0.1 * np.tanh(x @ w) * ag.sigmoid(x)
    return x


def loss(weights: Any, x: Any, segment: Callable[..., Any]) -> Any:
    for first in range(0, LAYERS, SEGMENT):
        x = segment(x, weights[first : first + SEGMENT])
    return np.sum(x**2)


def peak(action: Callable[[], Any]) -> tuple[int, Any]:
    """The most memory an action takes, in bytes, and its result."""
    tracemalloc.start()
    try:
        result = action()
        return tracemalloc.get_traced_memory()[1], result
    finally:
        tracemalloc.stop()


def test_a_chain_of_64_layers_takes_a_fifth_of_the_memory() -> None:
    random = np.random.default_rng(0)
    weights = [random.normal(size=(8, 8)) * 0.3 for _ in range(LAYERS)]
    x = random.normal(size=(1000, 8))
    plain, due = peak(lambda: ag.grad(loss)(weights, x, chain))
    saving, found = peak(lambda: ag.grad(loss)(weights, x, ag.checkpoint(chain)))
    assert 5 * saving <= plain
    assert all(g.tobytes() == h.tobytes() for g, h in zip(found, due, strict=True))


def curve(x: Any) -> Any:
    return np.sum(np.sin(x) * np.exp(x[::-1]) / (1 + x**2))


def twice(x: Any) -> Any:
    return ag.checkpoint(lambda y: ag.checkpoint(np.sin)(y) * np.exp(y[::-1]) / (1 + y**2))(x).sum()


TRANSFORMS: dict[str, Callable[[Any], Any]] = {
    "grad": lambda f: ag.grad(f),
    "hessian": lambda f: ag.hessian(f),
    "reverse over reverse": lambda f: ag.jacobian(ag.grad(f), mode="reverse"),
    "third": lambda f: ag.grad(lambda x: ag.grad(lambda y: np.sum(ag.grad(f)(y) ** 2))(x)[0]),
    "jvp": lambda f: lambda x: ag.jvp(f, (x,), (np.cos(x),))[1],
    "grad of jvp": lambda f: ag.grad(lambda x: ag.jvp(f, (x,), (np.cos(x),))[1]),
    "hvp": lambda f: lambda x: ag.hvp(f, (x,), (np.cos(x),))[0],
    "vmap": lambda f: lambda x: ag.vmap(f)(np.stack([x, 2 * x])),
    "vmap of grad": lambda f: lambda x: ag.vmap(ag.grad(f))(np.stack([x, 2 * x])),
    "grad of vmap": lambda f: ag.grad(lambda x: np.sum(ag.vmap(f)(np.stack([x, 2 * x])))),
    "jacobian": lambda f: ag.jacobian(lambda x: x * f(x)),
    "forward": lambda f: ag.jacobian(lambda x: x * f(x), mode="forward"),
    "linearize": lambda f: lambda x: ag.linearize(f, x)[1](np.cos(x)),
    "pullback twice": lambda f: lambda x: [ag.vjp(f, x)[1](g)[0] for g in (1.0, 3.0)],
}


@pytest.mark.parametrize("transform", TRANSFORMS.values(), ids=TRANSFORMS)
@pytest.mark.parametrize("saving", [ag.checkpoint(curve), ag.checkpoint(twice), twice], ids=str)
def test_inside_transforms(transform: Any, saving: Any) -> None:
    assert np.allclose(transform(saving)(X), transform(curve)(X), rtol=1e-14, atol=1e-14)


def test_around_transforms() -> None:
    inner = ag.checkpoint(ag.grad(curve))
    found = ag.grad(lambda x: np.sum(inner(x) ** 2))(X)
    assert np.array_equal(found, ag.grad(lambda x: np.sum(ag.grad(curve)(x) ** 2))(X))


def test_tensors_from_outside_get_their_gradients() -> None:
    def gradients(wrap: Any) -> list[Any]:
        w, b, x = (Tensor(X * k) for k in (1.0, 2.0, 3.0))
        h = np.tanh(w) * 2  # a computed one
        f = wrap(lambda x: np.exp(h) * x + b)
        np.sum(f(x) ** 2 + h).backward()
        return [t.grad for t in (w, b, x)]

    for found, due in zip(gradients(ag.checkpoint), gradients(lambda f: f), strict=True):
        assert found.tobytes() == due.tobytes()


def test_only_tensors_from_outside() -> None:
    w = Tensor(X)
    np.sum(ag.checkpoint(lambda x: x * w**2)(np.ones(3))).backward()
    assert np.allclose(w.grad, 2 * X)


def test_values_of_outer_transforms_from_outside() -> None:
    def outer(wrap: Any) -> Any:
        def f(x: Any) -> Any:
            inner = ag.grad(lambda w: np.sum(wrap(lambda h: h * w**2 * x)(x * 3)))
            return np.sum(inner(np.sin(x)) ** 2)

        return ag.grad(f)(X)

    assert np.allclose(outer(ag.checkpoint), outer(lambda f: f), rtol=1e-14)


class Pair(NamedTuple):
    left: Any
    right: Any


def test_trees() -> None:
    def f(p: Any, *, scale: float) -> Any:
        return {"y": Pair(p["a"] * scale, np.sum(p["b"][0])), "n": 3, "same": p["a"], "unused": p}

    def total(f: Any) -> Any:
        def loss(p: Any) -> Any:
            out = f(p, scale=2.0)
            assert out["n"] == 3
            assert isinstance(out["y"], Pair)
            return np.sum(out["y"].left ** 2) * out["y"].right + np.sum(out["same"])

        return ag.grad(loss)({"a": X, "b": [X * 2, "text"]})

    found, due = total(ag.checkpoint(f)), total(f)
    assert np.array_equal(found["a"], due["a"])
    assert np.array_equal(found["b"][0], due["b"][0])


def test_some_results_without_a_gradient() -> None:
    f = ag.checkpoint(lambda x: (np.sqrt(x), x * 2, x.astype(np.float32)))
    assert ag.grad(lambda x: np.sum(f(x)[1]))(np.zeros(3)).tolist() == [2.0] * 3
    assert ag.grad(lambda x: np.sum(f(x)[2]))(np.ones(3)).tolist() == [1.0] * 3


def test_structural_zeros_pass_through() -> None:
    root, tail = ag.checkpoint(np.sqrt), ag.checkpoint(lambda x: x[1:])
    x = np.array([0.0, 4.0])
    assert ag.grad(lambda x: np.sum(np.where(x > 0, root(x), 0.0)))(x).tolist() == [0.0, 0.25]
    with np.errstate(divide="ignore"):
        assert ag.grad(lambda x: np.sum(tail(np.log(x))))(x).tolist() == [0.0, 0.25]


def test_random_numbers_are_drawn_as_before() -> None:
    generator, legacy = np.random.default_rng(0), np.random.RandomState(1)

    def dropout(x: Any, given: Any) -> Any:
        masks = [np.random.rand(3) > 0.5, given.random(3), generator.random(3), legacy.rand(3)]
        for mask in masks:
            x = np.tanh(x * mask)
        return x

    def gradient(f: Any) -> Any:
        np.random.seed(2)
        generator.bit_generator.state = np.random.default_rng(0).bit_generator.state
        legacy.seed(1)
        given = np.random.default_rng(3)
        found = ag.grad(lambda x: np.sum(f(f(x, given), given)))(X)
        return found, np.random.rand(), given.random(), generator.random(), legacy.rand()

    for found, due in zip(gradient(ag.checkpoint(dropout)), gradient(dropout), strict=True):
        assert np.array_equal(found, due)


def test_another_result_is_an_error() -> None:
    scales = iter([1.0, 2.0])
    with pytest.raises(GraphError, match="results were not those of the first call"):
        ag.grad(lambda x: np.sum(ag.checkpoint(lambda y: y * next(scales))(x)))(X)


@pytest.mark.parametrize("size", [3, 200_000])
def test_a_changed_array(size: int) -> None:
    """A small array is kept as it was, of a large one a change is noticed."""
    w, data = Tensor(np.ones(size)), np.ones(size)
    loss = np.sum(ag.checkpoint(lambda w, data: np.exp(w * data))(w, data))
    data[0] = 2.0
    if size > 3:
        with pytest.raises(GraphError, match="was changed after the operation"):
            loss.backward()
    else:
        loss.backward()
        assert np.allclose(w.grad, np.e)


def test_a_changed_leaf() -> None:
    w, x = Tensor(X), Tensor(np.zeros(3))
    loss = np.sum(ag.checkpoint(lambda x: x * w)(x))  # the same result for all w
    w.data += 1.0
    with pytest.raises(GraphError, match="was changed after"):
        loss.backward()


def test_an_assignment_between_is_not_seen() -> None:
    w = Tensor(X)
    t = w * 2
    loss = np.sum(ag.checkpoint(np.exp)(t))
    t[0] = 9.0
    loss.backward()
    assert np.allclose(w.grad, 2 * np.exp(2 * X))


def test_an_assignment_to_an_argument() -> None:
    def f(x: Any) -> Any:
        x[0] = x[1] ** 2
        return np.exp(x)

    def total(f: Any) -> Any:
        def loss(x: Any) -> Any:
            y = x * 1.0
            return np.sum(f(y) * y)

        return ag.grad(loss)(X)

    assert np.array_equal(total(ag.checkpoint(f)), total(f))


def test_no_grad() -> None:
    w = Tensor(X)
    with ag.no_grad():
        assert not ag.checkpoint(np.exp)(w).requires_grad

    def partly(x: Any) -> Any:
        with ag.no_grad():
            c = np.exp(x)
        return c * x

    y = np.sum(ag.checkpoint(partly)(w))
    with ag.no_grad():
        y.backward()
    assert np.array_equal(w.grad, np.exp(X))
    with ag.no_grad():
        assert np.array_equal(ag.grad(ag.checkpoint(curve))(X), ag.grad(curve)(X))


def test_the_graph_is_freed() -> None:
    w = Tensor(X)
    y = np.sum(ag.checkpoint(np.exp)(w))
    y.backward(retain_graph=True)
    y.backward()
    assert np.allclose(w.grad, 2 * np.exp(X))
    with pytest.raises(GraphError, match="has been freed"):
        y.backward()


def test_plain_arrays_and_exceptions() -> None:
    assert type(ag.checkpoint(np.sin)(X)) is np.ndarray
    assert ag.checkpoint(lambda: "text")() == "text"
    with pytest.raises(ZeroDivisionError):
        ag.grad(ag.checkpoint(lambda x: x * (1 // 0)))(1.0)
    assert ag.checkpoint(curve).__name__ == "curve"


def test_complex_and_single_precision() -> None:
    z = np.array([1 + 2j, 0.5j])
    f = lambda z: np.sum(np.abs(np.exp(z) * z) ** 2)  # noqa: E731
    assert np.array_equal(ag.grad(ag.checkpoint(f))(z), ag.grad(f)(z))
    assert ag.grad(ag.checkpoint(curve))(X.astype(np.float32)).dtype == np.float32


def test_threads() -> None:
    due, found = ag.grad(curve)(X), []

    def work() -> None:
        found.extend(ag.grad(ag.checkpoint(curve))(X) for _ in range(50))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 200
    assert all(np.array_equal(each, due) for each in found)
