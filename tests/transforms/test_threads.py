"""Threads and tasks that differentiate at the same time do not disturb one another."""

import asyncio
import os
import sys
import threading
from collections.abc import Iterator

import numpy as np
import pytest

import autograd_lite as ag

THREADS = 8
# `NESTED_GRADIENTS=1000000 python -m pytest tests/transforms/test_threads.py` takes some minutes.
GRADIENTS = int(os.environ.get("NESTED_GRADIENTS", "4000"))


@pytest.fixture
def hasty() -> Iterator[None]:
    """Let threads take turns as often as Python allows."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def nested(x: float) -> float:
    """The slope of x · d/dy (x y²) at y = 2, which is 8 x."""
    return float(ag.grad(lambda x: x * ag.grad(lambda y: x * y * y)(2.0))(x))


def everything(x: float) -> bool:
    """Whether transforms in transforms are right."""
    _, curvature = ag.jvp(ag.grad(lambda z: z**3), (x,), (1.0,))
    slopes = ag.vmap(ag.grad(lambda z: z**3))(np.array([x, 2 * x]))
    return bool(curvature == 6 * x and np.array_equal(slopes, [3 * x * x, 12 * x * x]))


@pytest.mark.usefixtures("hasty")
def test_threads_have_traces_of_their_own() -> None:
    wrong: list[float] = []

    def work(x: float) -> None:
        wrong.extend(
            x
            for number in range(GRADIENTS // THREADS)
            if nested(x) != 8 * x or (number % 25 == 0 and not everything(x))
        )

    threads = [threading.Thread(target=work, args=(float(n + 1),)) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_tasks_that_pause_inside_a_function_have_traces_of_their_own() -> None:
    async def work(x: float) -> bool:
        for _ in range(20):
            y, pullback = ag.vjp(lambda z: z * ag.grad(lambda w: w * w * z)(2.0), x)
            await asyncio.sleep(0)
            if y != 4 * x * x or pullback(1.0) != (8 * x,):
                return False
        return True

    async def together() -> list[bool]:
        return await asyncio.gather(*[work(float(n + 1)) for n in range(10)])

    assert all(asyncio.run(together()))


def test_an_exception_inside_a_transform_leaves_nothing_behind() -> None:
    def fails(_: object) -> object:
        raise KeyError("mine")

    for transform in (ag.grad, ag.vmap, ag.jacobian, ag.elementwise_grad):
        with pytest.raises(KeyError, match="mine"):
            transform(fails)(np.ones(2))
    with pytest.raises(KeyError, match="mine"):
        ag.jvp(fails, (1.0,), (1.0,))
    assert nested(3.0) == 24.0
    assert everything(3.0)
