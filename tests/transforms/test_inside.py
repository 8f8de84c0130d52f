"""What functions do inside transforms: arrays that are filled, views, loops over members, nesting.

Each is compared with the same function of plain arrays, one example after the other.
"""

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
import autograd_lite.numpy as anp

X = np.random.default_rng(0).normal(size=(4, 3))
Y = np.random.default_rng(1).normal(size=(4, 3))
x, v = X[1], Y[1]


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="vmap computes")
        yield


def filled_by_out(x: Any) -> Any:
    y = np.zeros_like(x)
    np.multiply(x, x, out=y)
    return y


def filled_by_at(x: Any) -> Any:
    y = np.zeros_like(x)
    np.add.at(y, [0, 0, 2], x * x)
    return y


def filled_from_outside(x: Any) -> Any:
    y = anp.zeros(3)
    y[0] = x[0] ** 2
    y[1:] = x[:2]
    return y


def at_its_own_place(x: Any) -> Any:
    y = np.zeros_like(x)
    y[np.argmax(x)] = np.max(x) ** 2
    return y


def through_a_slice(x: Any) -> Any:
    y = x * 1
    rest = y[1:]
    rest += x[0]
    rest[0] *= 2
    return y


def through_a_reshaped_view(x: Any) -> Any:
    y = x * 1
    column = y.reshape(3, 1)
    column[1, 0] = x[0] ** 2
    return y


def through_views_of_views(x: Any) -> Any:
    y = np.outer(x, x)
    y.T[0][1:] *= x[0]
    np.flip(y, 0)[0, 0] = x[2]
    return y


def of_a_mask(x: Any) -> Any:
    return np.sum(x[x > 0] ** 2)


def in_a_mask(x: Any) -> Any:
    y = x * 2
    y[x > 0] *= 3.0
    return y


def of_places(x: Any) -> Any:
    return np.sum(x[np.nonzero(x > 0)])


def average(x: Any) -> Any:
    return np.average(x, weights=np.exp(x))  # asks whether the weights sum to zero


def pieces(x: Any) -> Any:
    return np.piecewise(x, [x < 0, x >= 0], [lambda v: -v * v, lambda v: v])


FUNCTIONS: tuple[Callable[[Any], Any], ...] = (
    filled_by_out, filled_by_at, filled_from_outside, at_its_own_place, through_a_slice,
    through_a_reshaped_view, through_views_of_views, of_a_mask, in_a_mask, of_places, average,
    pieces,
)  # fmt: skip
each_function = pytest.mark.parametrize("f", FUNCTIONS, ids=lambda f: f.__name__)


def weighed(f: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The results of `f` as one number."""

    def scalar(x: Any) -> Any:
        y = f(x)
        return np.sum(y * np.cos(np.arange(np.size(y))).reshape(np.shape(y)))

    return scalar


def assert_same(found: Any, due: Any) -> None:
    assert type(found) is np.ndarray
    assert (found.shape, found.dtype) == (np.shape(due), np.asarray(due).dtype)
    assert np.allclose(found, due, 1e-11, 1e-12)


@each_function
def test_both_modes_are_the_numeric_derivative(f: Callable[[Any], Any]) -> None:
    forward = ag.jacobian(f, mode="forward")(x)
    step = 1e-6
    columns = [(f(x + step * e) - f(x - step * e)) / (2 * step) for e in np.eye(3)]
    assert np.allclose(forward, np.stack(columns, axis=-1), 1e-7, 1e-7)
    assert_same(ag.jacobian(f, mode="reverse")(x), forward)
    y, t = ag.jvp(f, (x,), (v,))
    assert np.array_equal(y, f(x))
    assert np.allclose(t, forward @ v)
    assert np.allclose(ag.linearize(f, x)[1](v), forward @ v)


@each_function
def test_a_batch_in_any_nesting_is_a_loop(f: Callable[[Any], Any]) -> None:
    g = ag.grad(weighed(f))
    h = ag.hessian(weighed(f))

    def change(x: Any, t: Any) -> Any:
        return ag.jvp(f, (x,), (t,))[1]

    assert_same(ag.vmap(f)(X), np.stack([f(row) for row in X]))
    assert_same(ag.vmap(g)(X), np.stack([g(row) for row in X]))
    assert_same(ag.vmap(h)(X), np.stack([h(row) for row in X]))
    due = np.stack([change(*pair) for pair in zip(X, Y, strict=True)])
    assert_same(ag.vmap(change)(X, Y), due)
    assert_same(ag.jvp(ag.vmap(f), (X,), (Y,))[1], due)
    whole = ag.grad(lambda batch: np.sum(ag.vmap(weighed(f))(batch)))(X)
    assert_same(whole, np.stack([g(row) for row in X]))
    assert_same(ag.vmap(ag.vmap(g))(X[None]), np.stack([g(row) for row in X])[None])


def test_a_batch_of_directions_alone() -> None:
    def change(t: Any, kernel: Any) -> Any:
        return ag.jvp(lambda x: np.convolve(x, kernel) * x[0], (x,), (t,))[1]

    due = np.stack([change(*pair) for pair in zip(X, Y, strict=True)])
    assert_same(ag.vmap(change)(X, Y), due)


def test_what_is_the_same_for_all_members_of_a_loop_collects_all_gradients() -> None:
    def loss(kernel: Any) -> Any:
        return np.sum(ag.vmap(lambda row: np.convolve(row, kernel))(X) ** 2)

    one_by_one = ag.grad(lambda kernel: sum(np.sum(np.convolve(row, kernel) ** 2) for row in X))
    assert_same(ag.grad(loss)(x), one_by_one(x))


@pytest.mark.parametrize("mode", ["forward", "reverse", None])
def test_what_is_returned_beside_is_plain(mode: str | None) -> None:
    def f(x: Any) -> Any:
        y = np.convolve(x, x)
        return y[:3], {"y": y, "note": "kept"}

    _, aux = ag.jacobian(f, mode=mode, has_aux=True)(x)
    assert_same(aux["y"], np.convolve(x, x))
    assert aux["note"] == "kept"


def test_where_periods_are_added_or_entries_left_out_is_constant() -> None:
    far = np.array([0.0, 5.0, 9.0])
    assert np.array_equal(ag.jvp(np.unwrap, (far,), (np.array([0.0, 5.0, 9.0]),))[1], far)
    holes = np.array([1.0, np.nan, 2.0])
    assert ag.jvp(np.nansum, (holes,), (np.ones(3),))[1] == 2.0


def test_detached_values_are_constant_inside_every_transform() -> None:
    def f(x: Any) -> Any:
        return np.sum(x.detach() * x)

    assert ag.jvp(f, (x,), (v,))[1] == pytest.approx(np.sum(x * v))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert_same(ag.vmap(ag.grad(f))(X), X)
        assert_same(ag.vmap(lambda x: x.detach() * x)(X), X * X)
        assert_same(ag.hessian(f)(x), np.zeros((3, 3)))
