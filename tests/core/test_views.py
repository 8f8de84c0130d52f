"""Views and assignments: random programs do with Tensors what they do with arrays.

A program is a list of steps that take views of names, assign to them and change them in place. It
runs on arrays, on Tensors of all kinds, and on complex arrays, whose imaginary part gives the
derivative by a step too small to be seen.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import Tensor, no_grad

Names = list[Any]
Step = Callable[[Names], Any]
PROGRAMS, LENGTH, MOST = 60, 9, 8
REFUSED = (ValueError, IndexError, TypeError)
TURNS: tuple[Callable[[Any], Any], ...] = (
    lambda a: a.T,
    lambda a: a.reshape(-1),
    lambda a: a.ravel(),
    lambda a: a[..., None],
    lambda a: a.copy(),
    lambda a: a,
    lambda a: a.view(),
    lambda a: a.swapaxes(0, -1),
    lambda a: a * 2.0,
    np.squeeze,
    np.atleast_2d,
    lambda a: np.flip(a, 0),
    lambda a: np.rot90(np.atleast_2d(a)),
    lambda a: np.broadcast_to(a, (2, *a.shape)),
    lambda a: np.split(a, [1])[0],
    lambda a: list(a)[-1],
)
UNARY, BINARY = (np.sin, np.tanh, np.negative), (np.add, np.subtract, np.multiply)


class Programs:
    """Makes random steps that fit to what the names hold at that time."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)

    def below(self, number: int) -> int:
        return int(self.random.integers(number))

    def basic_index(self, shape: tuple[int, ...]) -> Any:
        parts = [self.basic_part(length) for length in shape]
        parts = parts[: 1 + self.below(len(parts) + 1)]
        return (*parts, None) if self.below(8) == 0 else tuple(parts)

    def basic_part(self, length: int) -> Any:
        kinds = (
            slice(None), slice(None, -1), slice(None, None, -1),
            slice(self.below(length + 1), None, 2), self.below(2 * length or 1) - length,
        )  # fmt: skip
        return kinds[self.below(5 if length else 4)]

    def index(self, shape: tuple[int, ...]) -> Any:
        kind = self.below(6)
        if kind == 0:
            return self.random.random(shape) < 0.5
        if kind == 1 and shape and shape[0]:
            return self.random.integers(-shape[0], shape[0], size=3)
        if kind == 2 and shape and min(shape):
            return tuple([self.random.integers(0, length, size=2) for length in shape])
        return self.basic_index(shape)

    def value(self, names: Names, shape: tuple[int, ...]) -> Step:
        """What can be assigned to something of `shape`: a number, an array, another name."""
        fitting = [n for n, a in enumerate(names) if fits(a.shape, shape)]
        if fitting and self.below(2):
            n = fitting[self.below(len(fitting))]
            return (lambda e: e[n]) if self.below(2) else (lambda e: np.sin(e[n]))
        constant: Any = np.round(self.random.normal(size=shape if self.below(2) else ()), 2)
        return lambda _: constant

    def step(self, names: Names) -> Step:
        n = self.below(len(names))
        a = names[n]
        if isinstance(a, np.generic):  # which nothing can be assigned to
            return lambda e: e.append(e[n] * 2.0)
        kind = self.below(9)
        if kind <= 2:
            turn, index = TURNS[self.below(len(TURNS))], self.basic_index(a.shape)
            return lambda e: e.append(turn(e[n]) if kind else e[n][index])
        index = self.index(a.shape)
        whole, part = self.value(names, a.shape), self.value(names, a[index].shape)
        binary, unary = BINARY[self.below(3)], UNARY[self.below(3)]
        where = self.random.random(a.shape) < 0.5

        def assign(e: Names) -> None:
            e[n][index] = part(e)

        def augment_entries(e: Names) -> None:
            target = e[n]
            target[index] *= part(e)

        def augment(e: Names) -> None:
            target = e[n]
            target -= whole(e)

        steps: tuple[Step, ...] = (
            assign,
            augment_entries,
            augment,
            lambda e: unary(whole(e) * np.ones(a.shape), out=e[n]),
            lambda e: binary(e[n], whole(e), out=e[n], where=where),
            lambda e: binary.at(e[n], index, part(e)) if a.flags.writeable else None,
        )
        return steps[kind - 3]


def fits(shape: tuple[int, ...], target: tuple[int, ...]) -> bool:
    try:
        return np.broadcast_shapes(shape, target) == target
    except ValueError:
        return False


def start(x: Any, constant: Any) -> Names:
    return [x * 1.0, constant]


def perform(steps: list[tuple[Step, bool]], names: Names) -> Names:
    """Run a program; what NumPy refuses must be refused here as well."""
    for step, possible in steps:
        if possible:
            step(names)
        else:
            with pytest.raises(REFUSED):
                step(names)
        del names[MOST:]
    return names


def program(seed: int, x: Any, constant: Any) -> list[tuple[Step, bool]]:
    programs, names = Programs(seed), start(x, constant)
    steps = []
    for _ in range(LENGTH):
        step, possible = programs.step(names), True
        try:
            step(names)
        except REFUSED:
            possible = False
        steps.append((step, possible))
        del names[MOST:]
    return steps


def loss(names: Names, weights: list[Any]) -> Any:
    return sum(np.sum(np.sin(a) * w) for a, w in zip(names, weights, strict=True))


def underneath(a: Any) -> Any:
    return a.numpy() if isinstance(a, Tensor) else a


@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_random_program(seed: int) -> None:
    random = np.random.default_rng([1, seed])
    shape = ((3, 4), (2, 3), (3, 3), (2, 2, 2))[seed % 4]
    x, constant = random.normal(size=shape), random.normal(size=shape)
    steps = program(seed, x, constant.copy())

    def on_tensors(x: Any) -> Names:
        return perform(steps, start(x, Tensor(constant, requires_grad=False)))

    expected = perform(steps, start(x, constant.copy()))
    weights = [random.normal(size=a.shape) for a in expected]
    leaf = Tensor(x)
    found = on_tensors(leaf)
    with no_grad():
        unrecorded = on_tensors(leaf)
    for a, *others in zip(expected, found, unrecorded, strict=True):
        for b in map(underneath, others):
            assert np.shape(b) == a.shape
            assert np.allclose(a, b, rtol=1e-12, atol=1e-13)  # sums may go another way

    def derivative(x: Any) -> Any:
        result = np.empty(shape)
        for index in np.ndindex(shape):
            z = x.astype(complex)
            z[index] += 1e-30j
            names = perform(steps, start(z, constant.astype(complex)))
            result[index] = loss(names, weights).imag / 1e-30
        return result

    slope = derivative(x)
    within = {"rtol": 1e-9, "atol": 1e-9 * max(1.0, np.abs(slope).max())}
    total = loss(found, weights)
    if isinstance(total, Tensor) and total.requires_grad:
        total.backward()
    assert np.allclose(0.0 if leaf.grad is None else leaf.grad, slope, **within)
    gradient = ag.grad(lambda x: loss(on_tensors(x), weights))
    assert np.allclose(gradient(x), slope, **within)
    if seed % 4 == 0:
        v = random.normal(size=shape)
        curvature = (derivative(x + 1e-5 * v) - derivative(x - 1e-5 * v)) / 2e-5
        second = ag.grad(lambda x: np.sum(gradient(x) * v))(x)
        assert np.allclose(second, curvature, rtol=1e-5, atol=1e-5 * max(1.0, np.abs(slope).max()))


@pytest.mark.parametrize(
    "same",
    [
        np.squeeze,
        np.atleast_1d,
        lambda a: a.astype(np.float64, copy=False),
        lambda a: a.real,
        np.real_if_close,
    ],
    ids=["squeeze", "atleast_1d", "astype", "real", "real_if_close"],
)
def test_what_is_the_array_itself_shares_its_memory(same: Callable[[Any], Any]) -> None:
    y = Tensor([[1.0, 2.0], [3.0, 4.0]]) * 1
    other = same(y)
    other[0] = 5.0
    y[1, 0] = 7.0
    assert y.tolist() == other.tolist() == [[5.0, 5.0], [7.0, 4.0]]


def test_order_in_memory_stays_when_a_view_is_changed() -> None:
    """A reshape is a copy of an array in another order, and a view of one in order."""
    y = Tensor(np.arange(6.0).reshape(2, 3)) * 1
    turned = y[:, ::-1]
    turned *= 2
    turned.reshape(-1)[:] = 0.0
    assert y.tolist() == [[0.0, 2.0, 4.0], [6.0, 8.0, 10.0]]
    y += np.asfortranarray(np.ones((2, 3)))
    y.reshape(-1)[:] = 0.0
    assert not y.numpy().any()


def test_views_of_broadcasts_are_read_only_in_nested_gradients() -> None:
    def inner(x: Any) -> Any:
        view = np.broadcast_to(x * 1.0, (3, 2))
        with pytest.raises(ValueError, match="read-only"):
            view.T[0] = 1.0
        return np.sum(view)

    ag.grad(lambda x: np.sum(ag.grad(inner)(x) * x))(np.ones(2))


def test_operand_of_at_that_is_the_target_counts_as_it_was() -> None:
    values = np.array([2.0, 5.0, 11.0])
    y = Tensor(values) * 1
    np.multiply.at(y, [2, 0, 0], y)
    np.multiply.at(values, [2, 0, 0], values)
    assert y.tolist() == values.tolist()


def test_long_chains_of_views() -> None:
    x = Tensor(np.arange(4.0))
    t = view = x * 1
    for _ in range(3000):
        view = view[:]
    view[0] = 5.0
    t[1] = 7.0
    assert view.tolist() == t.tolist() == [5.0, 7.0, 2.0, 3.0]
    (view * t).sum().backward()
    assert x.grad.tolist() == [0.0, 0.0, 4.0, 6.0]
