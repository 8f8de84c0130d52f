"""The smallest thing there is: one recorded operation on three numbers, forward and backward."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

import autograd_lite as ag
from tests.benchmarks.contenders import (
    AUTOGRAD,
    BY_HAND,
    JAX_JIT,
    MYGRAD,
    OURS,
    TORCH,
    Contender,
    assemble,
)
from tests.benchmarks.table import Row, timing_cells
from tests.benchmarks.timing import interleave

A = np.array([0.5, -1.25, 2.0])
B = np.array([1.5, 0.75, -0.5])
G = np.array([1.0, 2.0, 3.0])

Function = Callable[..., Any]


def multiply(a: Any, b: Any) -> Any:
    return a * b


def multiply_by_hand() -> Contender:
    gradients: list[Any] = []

    def step() -> Any:
        nonlocal gradients
        y = A * B
        gradients = [G * B, G * A]
        return y

    return Contender(step, lambda: gradients)


def exp_by_hand() -> Contender:
    gradients: list[Any] = []

    def step() -> Any:
        nonlocal gradients
        y = np.exp(A)
        gradients = [G * y]
        return y

    return Contender(step, lambda: gradients)


def ours(f: Function, *arrays: np.ndarray) -> Contender:
    leaves = [ag.Tensor(array, requires_grad=True) for array in arrays]
    return with_backward(f, leaves, G)


def torch_eager(f: Function, *arrays: np.ndarray) -> Contender:
    torch = import_module("torch")
    leaves = [torch.tensor(array, requires_grad=True) for array in arrays]
    return with_backward(f, leaves, torch.tensor(G))


def with_backward(f: Function, leaves: list[Any], gradient: Any) -> Contender:
    """A library that keeps the gradient in `leaf.grad` until it is set to None."""

    def step() -> None:
        for leaf in leaves:
            leaf.grad = None
        f(*leaves).backward(gradient)

    return Contender(step, lambda: [leaf.grad for leaf in leaves])


def with_mygrad(f: Function, *arrays: np.ndarray) -> Contender:
    mg = import_module("mygrad")
    mg.turn_memory_guarding_off()  # the setting its documentation gives for speed
    leaves = [mg.tensor(array) for array in arrays]

    def step() -> None:
        for leaf in leaves:
            leaf.null_grad()
        f(*leaves).backward(G)

    return Contender(step, lambda: [leaf.grad for leaf in leaves])


def hips_autograd(f: Function, *arrays: np.ndarray) -> Contender:
    make_vjp = import_module("autograd").make_vjp(f, tuple(range(len(arrays))))
    gradients: list[Any] = []

    def step() -> None:
        pull_back, _ = make_vjp(*arrays)
        gradients[:] = pull_back(G)

    return Contender(step, lambda: gradients)


def with_jax(f: Function, *arrays: np.ndarray) -> Contender:
    jax = import_module("jax")
    operands = [jax.numpy.asarray(array) for array in arrays]
    g = jax.numpy.asarray(G)
    gradients: list[Any] = []

    def pull_back(g, *operands):
        return jax.vjp(f, *operands)[1](g)

    pull_back = jax.jit(pull_back)

    def step() -> None:
        gradients[:] = jax.block_until_ready(pull_back(g, *operands))

    return Contender(step, lambda: gradients)


def multiply_builders() -> dict[str, Callable[[], Contender]]:
    return {
        BY_HAND: multiply_by_hand,
        OURS: lambda: ours(multiply, A, B),
        TORCH: lambda: torch_eager(multiply, A, B),
        AUTOGRAD: lambda: hips_autograd(multiply, A, B),
        MYGRAD: lambda: with_mygrad(multiply, A, B),
        JAX_JIT: lambda: with_jax(multiply, A, B),
    }


def exp_builders() -> dict[str, Callable[[], Contender]]:
    return {
        BY_HAND: exp_by_hand,
        OURS: lambda: ours(np.exp, A),
        TORCH: lambda: torch_eager(import_module("torch").exp, A),
        AUTOGRAD: lambda: hips_autograd(import_module("autograd.numpy").exp, A),
        MYGRAD: lambda: with_mygrad(import_module("mygrad").exp, A),
        JAX_JIT: lambda: with_jax(import_module("jax").numpy.exp, A),
    }


def measure(quick: bool) -> list[Row]:
    """One row for an operator, one for a NumPy function."""
    works = {"`x * y`, 3 elements": multiply_builders(), "`np.exp(x)`, 3 elements": exp_builders()}
    return [row(work, builders, rounds=10 if quick else 100) for work, builders in works.items()]


def row(work: str, builders: dict[str, Callable[[], Contender]], rounds: int) -> Row:
    contenders = assemble(builders, relative_tolerance=1e-12)
    steps = {name: contender.step for name, contender in contenders.items()}
    timings = interleave(steps, rounds)
    return Row(work, timing_cells(timings, BY_HAND, {name: name for name in steps}))
