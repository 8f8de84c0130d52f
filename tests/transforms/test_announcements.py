"""The warning that `vmap` computes something in a loop: of what it tells, where, and how often."""

import functools
import gc
import linecache
import re
import warnings
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite.transforms.announcements import ANNOUNCED

KERNELS = np.arange(6.0).reshape(2, 3)


@pytest.fixture(autouse=True)
def nothing_announced() -> Iterator[None]:
    before = set(ANNOUNCED)
    ANNOUNCED.clear()
    yield
    ANNOUNCED.clear()
    ANNOUNCED.update(before)


def test_loops_are_announced_once() -> None:
    with pytest.warns(UserWarning, match=r"np\.convolve in a loop"):
        ag.vmap(lambda k: np.convolve(k, k))(KERNELS)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert ag.vmap(lambda k: np.convolve(k, k))(KERNELS).shape == (2, 5)


def stored(x: Any) -> Any:
    x = x * 1.0
    x[np.argsort(x)] = 0.0
    return x


def added(x: Any) -> Any:
    x = x * 1.0
    np.add.at(x, np.argsort(x), 1.0)
    return x


def test_functions_made_anew_are_announced_once_and_forgotten() -> None:
    def looped() -> Any:
        def f(x: Any) -> Any:
            return x if x[0] > 0 else -x

        ag.vmap(f)(KERNELS)
        return weakref.ref(f)

    with pytest.warns(UserWarning, match="f in a loop"):
        one = looped()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        other = looped()
    gc.collect()
    assert (one(), other()) == (None, None)


def test_functions_of_one_decorator_are_announced_each() -> None:
    for function in (np.correlate, np.convolve):
        name = function.__name__

        @functools.wraps(function)
        def traced(x: Any, function: Any = function) -> Any:
            return function(x, x) if x[0] > 0 else function(x, x[::-1])

        with pytest.warns(UserWarning, match=f"{name} in a loop"):
            ag.vmap(traced)(KERNELS)


def decides(x: Any) -> Any:
    return x if x[0] > 0 else -x


@ag.primitive
def users_own(x: Any) -> Any:
    return np.convolve(x, x)


ag.declare(users_own, x=lambda g, x: 2 * np.correlate(g, x))

NAMED: list[tuple[str, Callable[[Any], Any]]] = [
    (r"np\.convolve", lambda x: np.convolve(x, x)),
    ("decides", decides),
    ("users_own", users_own),
    (r"x\[index\] = value", stored),
    (r"np\.add\.at", added),
    (r"a step of the call below \(interpolate\)", lambda x: np.interp(x, np.arange(3.0), x)),
    ("a step of the call below", ag.grad(np.median)),
]


@pytest.mark.parametrize(("name", "function"), NAMED, ids=[name for name, _ in NAMED])
def test_functions_are_called_what_the_user_calls_them(
    name: str, function: Callable[[Any], Any]
) -> None:
    with pytest.warns(UserWarning, match="in a loop") as caught:
        ag.vmap(function)(KERNELS)
    due = f"vmap computes {name} in a loop, member by member\n"
    assert re.match(due, str(caught[-1].message))


def test_the_warning_points_at_the_users_own_line() -> None:
    for work, text in (
        (lambda: ag.vmap(np.convolve)(KERNELS, KERNELS), "ag.vmap(np.convolve)"),
        (lambda: ag.vmap(decides)(KERNELS), "ag.vmap(decides)"),
    ):
        with pytest.warns(UserWarning, match="in a loop") as caught:
            work()
        assert caught[0].filename == __file__
        assert text in linecache.getline(__file__, caught[0].lineno)


def test_a_function_object_that_cannot_be_hashed_is_looped_over():
    @dataclass
    class Model:
        scale: float

        def __call__(self, x: Any) -> Any:
            return x * self.scale if x > 0 else x

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = ag.vmap(Model(2.0))(np.array([1.0, -1.0]))
    np.testing.assert_array_equal(found, [2.0, -1.0])
