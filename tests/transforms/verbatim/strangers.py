"""Code of strangers against numeric derivatives: what it is given, returns and leaves behind."""

import copy
import random
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

import autograd_lite as ag
from autograd_lite import Tensor, verbatim

PLACES = np.random.default_rng(7).normal(size=100)


def rebuilt(tree: Any, leaf: Callable[[Any], Any], memo: dict[int, Any] | None = None) -> Any:
    """A copy of arguments and objects in which `leaf` has been applied to the arrays of floats."""
    memo = {} if memo is None else memo
    if id(tree) in memo:
        return memo[id(tree)]
    result = tree
    if isinstance(tree, np.ndarray):
        result = leaf(tree) if tree.dtype.kind == "f" else tree.copy()
    elif isinstance(tree, np.random.Generator):
        result = copy.deepcopy(tree)
    elif isinstance(tree, tuple) and not hasattr(tree, "_fields"):
        result = tuple(rebuilt(item, leaf, memo) for item in tree)
    elif isinstance(tree, list | dict) or type(tree).__module__.startswith("tests."):
        result = memo[id(tree)] = copy.copy(tree)
        inside = result if isinstance(tree, list | dict) else result.__dict__
        for key in range(len(inside)) if isinstance(inside, list) else list(inside):
            inside[key] = rebuilt(inside[key], leaf, memo)
    memo[id(tree)] = result
    return result


def numbers(value: Any, seen: set[int]) -> Iterator[Any]:
    """All arrays of floats in results and objects, Tensors among them."""
    if isinstance(value, np.ndarray | Tensor | float):
        if np.result_type(value).kind == "f":
            yield value
        return
    if id(value) in seen:
        return
    seen.add(id(value))
    if type(value).__module__.startswith("tests.") and not isinstance(value, tuple | type):
        value = getattr(value, "__dict__", {})
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for item in value:
            yield from numbers(item, seen)


def projected(value: Any) -> Any:
    """One number of all the numbers."""
    return sum(
        np.sum(part * np.resize(PLACES, np.shape(part)) * (n + 1))
        for n, part in enumerate(numbers(value, set()))
    )


def seeded(f: Callable[..., Any], args: Any) -> Any:
    random.seed(0)
    np.random.seed(0)
    return f(*args)


def check(f: Callable[..., Any], args: tuple[Any, ...]) -> None:
    """Same values and states without Tensors; derivatives along a direction; originals kept."""
    arrays: list[Any] = []
    rebuilt(args, lambda a: arrays.append(a) or a)  # type: ignore[func-returns-value]
    before = [array.copy() for array in arrays]

    def arguments(values: Any) -> Any:
        remaining = iter(values)
        return rebuilt(args, lambda _: next(remaining))

    def outcome(run: Callable[..., Any], values: Any) -> Any:
        given = arguments(values)
        return seeded(run, given), given

    ours, theirs = (
        list(numbers(outcome(run, [a.copy() for a in arrays]), set())) for run in (verbatim(f), f)
    )
    assert [type(x) for x in ours] == [type(x) for x in theirs]
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-12, atol=1e-14)

    def loss(*values: Any) -> Any:
        return projected(seeded(verbatim(f), arguments(values)))

    def plain(step: float) -> Any:
        moved = [a + step * d for a, d in zip(arrays, directions, strict=True)]
        return projected(seeded(f, arguments(moved)))

    gradients = ag.grad(loss, argnums=tuple(range(len(arrays))))(*arrays)
    directions = [np.resize(PLACES[::-1], a.shape) for a in arrays]
    slope = sum(np.sum(g * d) for g, d in zip(gradients, directions, strict=True))
    numeric = (8 * (plain(1e-5) - plain(-1e-5)) - (plain(2e-5) - plain(-2e-5))) / 12e-5
    assert abs(slope - numeric) <= 1e-7 * (abs(slope) + abs(plain(0.0)) + 1)
    assert all(np.array_equal(a, old) for a, old in zip(arrays, before, strict=True))
