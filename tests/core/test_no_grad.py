"""no_grad() pauses recording, for the thread and the task that asked for it, and for no other."""

import asyncio
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import Tensor


def recording() -> bool:
    return (Tensor([1.0]) * 2).requires_grad


def test_nothing_is_recorded_inside() -> None:
    w = Tensor([1.0, 2.0])
    with ag.no_grad():
        results = [w * 3, np.exp(w), w.sum(), w[0], np.hstack((w, w)), ag.relu(w), w @ w, w.T]
        assert not any(result.requires_grad for result in results)
    assert recording()


def test_values_inside_are_the_same() -> None:
    w = Tensor([1.0, 2.0])
    with ag.no_grad():
        assert (np.exp(w) @ w).item() == np.exp(w.data) @ w.data


def test_arrays_can_be_made_inside() -> None:
    w = Tensor([1.0, 2.0])
    with ag.no_grad():
        assert np.asarray(w).tolist() == [1.0, 2.0]
        assert np.array([w, w]).shape == (2, 2)


def test_blocks_nest() -> None:
    with ag.no_grad():
        with ag.no_grad():
            assert not recording()
        assert not recording()
    assert recording()


def test_recording_resumes_after_an_error() -> None:
    with pytest.raises(ZeroDivisionError), ag.no_grad():
        raise ZeroDivisionError
    assert recording()


def test_it_decorates_functions() -> None:
    decorated = ag.no_grad()(recording)
    assert [decorated(), decorated()] == [False, False]
    assert recording()


def test_backward_inside_collects_the_gradient() -> None:
    w = Tensor([1.0])
    loss = (w * 2).sum()
    with ag.no_grad():
        loss.backward()
    assert w.grad.tolist() == [2.0]


def test_transform_begun_inside_still_differentiates() -> None:
    with ag.no_grad():
        assert ag.grad(lambda x: x * x)(3.0) == 6.0
        assert ag.grad(ag.grad(lambda x: x**3))(3.0) == 18.0


def test_result_inside_is_a_constant_of_the_function_differentiated() -> None:
    def f(x: Tensor) -> Tensor:
        with ag.no_grad():
            constant = x * x
        return x * constant

    assert ag.grad(f)(3.0) == 9.0


def test_other_threads_keep_recording() -> None:
    inside, done = threading.Event(), threading.Event()

    def pause() -> bool:
        with ag.no_grad():
            inside.set()
            done.wait(10)
            return recording()

    with ThreadPoolExecutor(2) as pool:
        paused = pool.submit(pause)
        inside.wait(10)
        assert pool.submit(recording).result()
        assert recording()
        done.set()
        assert not paused.result()


def test_thread_pool_shares_no_state_between_tasks() -> None:
    def step(paused: bool) -> bool:
        if paused:
            with ag.no_grad():
                return recording()
        return recording()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(step, [True, False] * 50)) == [False, True] * 50


def test_asyncio_tasks_keep_their_own_state() -> None:
    async def pause(inside: asyncio.Event, done: asyncio.Event) -> bool:
        with ag.no_grad():
            inside.set()
            await done.wait()
            return recording()

    async def main() -> tuple[bool, bool]:
        inside, done = asyncio.Event(), asyncio.Event()
        task = asyncio.create_task(pause(inside, done))
        await inside.wait()
        outside = recording()
        done.set()
        return outside, await task

    assert asyncio.run(main()) == (True, False)


def test_nested_gradients_are_right_in_threads() -> None:
    """A trace stack shared by threads gives silently wrong nested gradients."""

    def mixed(x: float) -> float:
        return float(ag.grad(lambda a: a * ag.grad(lambda b: a * b * b)(a))(x))

    points = [0.1 * k for k in range(1, 200)]
    with ThreadPoolExecutor(8) as pool:
        slopes = list(pool.map(mixed, points))
    # d/da [a * 2 a a] = 6 a a: the inner gradient 2 a b, at b = a
    assert np.allclose(slopes, [6 * x * x for x in points], rtol=1e-14, atol=0)


def test_decorated_coroutine_does_not_record() -> None:
    w = Tensor([1.0])

    @ag.no_grad()
    async def compute() -> Tensor:
        await asyncio.sleep(0)
        return w * 2

    assert not asyncio.run(compute()).requires_grad


def test_generator_function_cannot_be_decorated() -> None:
    with pytest.raises(TypeError, match=r"generator function numbers"):

        @ag.no_grad()
        def numbers():  # type: ignore[no-untyped-def]
            yield 1


def test_threads_that_go_backward_into_one_leaf_lose_no_gradient() -> None:
    w = Tensor([1.0, 2.0])
    switching = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            for _ in pool.map(lambda _: (w * 3).sum().backward(), range(2000)):
                pass
    finally:
        sys.setswitchinterval(switching)
    assert w.grad.tolist() == [6000.0, 6000.0]
