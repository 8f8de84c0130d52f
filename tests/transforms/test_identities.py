"""Identities between the transforms that hold for every function, over random programs."""

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag

from .programs import Program, draw_program, leaves_of

MEMBERS = 2
# Every program goes through the 17 identities below: 10,200 cases.
BLOCKS, PROGRAMS = 15, 40  # of each block
each_block = pytest.mark.parametrize("block", range(BLOCKS))


def programs(block: int) -> Iterator[tuple[Program, np.random.Generator]]:
    for seed in range(block * PROGRAMS, (block + 1) * PROGRAMS):
        yield draw_program(seed), np.random.default_rng(seed)


def direction(tree: Any, random: np.random.Generator) -> Any:
    """A random tree of the same form."""
    return ag.map_tree(lambda leaf: random.normal(size=np.shape(leaf)), tree)


def inner(one: Any, other: Any) -> Any:
    """The sum of the products of all entries of two trees."""
    pairs = zip(leaves_of(one), leaves_of(other), strict=True)
    return sum(np.sum(a * b) for a, b in pairs)


def size(one: Any, other: Any) -> float:
    """What the rounding of `inner` is measured by."""
    pairs = zip(leaves_of(one), leaves_of(other), strict=True)
    return float(sum(np.sum(np.abs(a * b)) for a, b in pairs)) + 1e-3


def assert_equal(one: Any, other: Any, tolerance: float = 1e-11) -> None:
    for a, b in zip(leaves_of(one), leaves_of(other), strict=True):
        assert np.shape(a) == np.shape(b)
        scale = np.max(np.abs(b), initial=0.0) + 1e-3
        assert np.max(np.abs(np.asarray(a) - b), initial=0.0) <= tolerance * scale


@each_block
def test_forward_is_the_transpose_of_reverse(block: int) -> None:
    for program, random in programs(block):
        v = direction(program.point, random)
        y, t = ag.jvp(program.function, (program.point,), (v,))
        u = random.normal(size=y.shape)
        same, pullback = ag.vjp(program.function, program.point)
        (g,) = pullback(u)
        assert np.array_equal(y, same)
        assert abs(np.sum(u * t) - inner(g, v)) <= 1e-12 * (size(g, v) + size(u, t))
        _, pushforward = ag.linearize(program.function, program.point)
        assert_equal(pushforward(v), t)


@each_block
def test_jacobians_of_both_modes_are_equal(block: int) -> None:
    for program, random in programs(block):
        forward = ag.jacobian(program.function, mode="forward")(program.point)
        reverse = ag.jacobian(program.function, mode="reverse")(program.point)
        assert_equal(forward, reverse)
        v = direction(program.point, random)
        _, t = ag.jvp(program.function, (program.point,), (v,))
        axes = [tuple(range(1, np.ndim(leaf))) for leaf in leaves_of(forward)]
        pairs = zip(leaves_of(forward), leaves_of(v), axes, strict=True)
        assert_equal(sum(np.sum(j * x, axis=axis) for j, x, axis in pairs), t)


@each_block
def test_second_derivatives_are_equal_four_ways_and_symmetric(block: int) -> None:
    for program, random in programs(block):
        x, f = (
            program.point,
            program.scalar(np.cos(np.arange(program.function(program.point).size))),
        )
        u, v = direction(x, random), direction(x, random)
        products = [bilinear(f, x, u, v) for bilinear in SECOND]
        products += [SECOND[0](f, x, v, u)]
        hv = ag.hvp(f, (x,), (v,))[0]
        scale = size(u, hv) + max(map(abs, products))
        assert max(products) - min(products) <= 1e-10 * scale
        assert abs(inner(u, hv) - products[0]) <= 1e-10 * scale


def reverse_reverse(f: Callable[[Any], Any], x: Any, u: Any, v: Any) -> Any:
    return inner(ag.grad(lambda z: inner(ag.grad(f)(z), v))(x), u)


def forward_reverse(f: Callable[[Any], Any], x: Any, u: Any, v: Any) -> Any:
    return inner(ag.jvp(ag.grad(f), (x,), (v,))[1], u)


def reverse_forward(f: Callable[[Any], Any], x: Any, u: Any, v: Any) -> Any:
    return inner(ag.grad(lambda z: ag.jvp(f, (z,), (v,))[1])(x), u)


def forward_forward(f: Callable[[Any], Any], x: Any, u: Any, v: Any) -> Any:
    return ag.jvp(lambda z: ag.jvp(f, (z,), (v,))[1], (x,), (u,))[1]


SECOND = (reverse_reverse, forward_reverse, reverse_forward, forward_forward)


@each_block
def test_a_batch_of_anything_is_a_loop(block: int) -> None:
    for program, random in programs(block):
        batch = ag.map_tree(
            lambda leaf, random=random: leaf + 0.1 * random.normal(size=(MEMBERS, *np.shape(leaf))),
            program.point,
        )
        examples = [ag.map_tree(lambda leaf, n=n: leaf[n], batch) for n in range(MEMBERS)]
        f = program.scalar(np.sin(np.arange(program.function(program.point).size)))
        v = direction(program.point, random)
        functions: tuple[Callable[[Any], Any], ...] = (
            program.function,
            ag.grad(f),
            lambda x, f=program.function, v=v: ag.jvp(f, (x,), (v,))[1],
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of loops
            pairs = [(ag.vmap(each)(batch), list(map(each, examples))) for each in functions]
            whole = ag.grad(lambda b, f=f: np.sum(ag.vmap(f)(b)))(batch)
        pairs.append((whole, pairs[1][1]))  # the gradients again, of all examples together
        for found, due in pairs:
            for at, leaf in enumerate(leaves_of(found)):
                assert_equal(leaf, np.stack([leaves_of(one)[at] for one in due]))


@each_block
def test_third_derivatives_are_the_numeric_ones(block: int) -> None:
    for program, random in programs(block):
        x, f = (
            program.point,
            program.scalar(np.cos(np.arange(program.function(program.point).size))),
        )
        v = direction(x, random)

        def along(h: float, x: Any = x, v: Any = v) -> Any:
            return ag.map_tree(lambda a, b: a + h * b, x, v)

        def second(h: Any, f: Any = f, along: Any = along) -> Any:
            return forward_forward(lambda s: f(along(s)), h, 1.0, 1.0)

        here, third = ag.jvp(second, (0.0,), (1.0,))
        mixed = ag.grad(second)(0.0)
        step = 1e-3
        near, far = (second(k * step) - second(-k * step) for k in (1, 2))
        numeric = (8 * near - far) / (12 * step)
        scale = abs(third) + abs(here) + 1.0
        assert abs(third - mixed) <= 1e-9 * scale
        assert abs(third - numeric) <= 1e-5 * scale
