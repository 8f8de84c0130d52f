"""The transforms: a Hessian, its product with a vector, forward mode, gradients per sample."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

import autograd_lite as ag
from tests.benchmarks.contenders import AUTOGRAD, JAX_EAGER, OURS, Contender, assemble
from tests.benchmarks.table import Bar, Row, microseconds, timing_cells
from tests.benchmarks.timing import Timings, interleave

RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(300, 200))
Y = np.sign(RANDOM.normal(size=300))
W, V = 0.1 * RANDOM.normal(size=200), RANDOM.normal(size=200)
LAYERS = [0.1 * RANDOM.normal(size=(64, 64)) for _ in range(8)]
INPUTS, DIRECTION = RANDOM.normal(size=(64, 64)), RANDOM.normal(size=(64, 64))
SAMPLES, TARGETS = RANDOM.normal(size=(1000, 3)), RANDOM.normal(size=1000)
HIDDEN, OUTPUT = RANDOM.normal(size=(3, 4)), RANDOM.normal(size=4)


def logistic(xp: Any) -> Callable[[Any], Any]:
    """The regularised logistic loss of 300 samples, written for a namespace."""
    return lambda w: xp.mean(xp.log1p(xp.exp(-Y * xp.dot(X, w)))) + 0.01 * xp.sum(w * w)


def network(x: Any) -> Any:
    """Eight layers of 64 × 64 numbers."""
    for weights in LAYERS:
        x = np.tanh(x @ weights)
    return x


def sample_loss(hidden: Any, output: Any, x: Any, y: Any) -> Any:
    """The squared error of one sample."""
    return (np.tanh(x @ hidden) @ output - y) ** 2


def repeated(compute: Callable[[], Any]) -> Contender:
    """A contender that computes something, and keeps it."""
    found: list[Any] = []

    def step() -> None:
        found[:] = [np.asarray(compute())]

    return Contender(step, lambda: found)


def hessians() -> dict[str, Callable[[], Contender]]:
    def with_jax() -> Contender:
        jax = import_module("jax")
        hessian, w = jax.hessian(logistic(jax.numpy)), jax.numpy.asarray(W)
        return repeated(lambda: hessian(w))

    def with_autograd() -> Contender:
        autograd = import_module("autograd")
        hessian = autograd.hessian(logistic(import_module("autograd.numpy")))
        return repeated(lambda: hessian(W))

    hessian = ag.hessian(logistic(np))
    return {
        OURS: lambda: repeated(lambda: hessian(W)),
        AUTOGRAD: with_autograd,
        JAX_EAGER: with_jax,
    }


def measure(quick: bool) -> list[Row]:
    """A row for each transform that has a bar."""
    rounds = 5 if quick else 20
    return [hessian_row(rounds), *(own_row(*work, rounds) for work in own_works())]


def hessian_row(rounds: int) -> Row:
    contenders = assemble(hessians(), relative_tolerance=1e-9)
    timings = interleave({name: each.step for name, each in contenders.items()}, rounds)
    bars = [
        Bar(f"ours to {name}", timings.ratio(OURS, name), limit)
        for name, limit in ((AUTOGRAD, 1.0), (JAX_EAGER, 2.0))
        if name in timings.rounds
    ]
    cells = timing_cells(timings, OURS, {name: name for name in timings.rounds})
    return Row("Hessian, logistic loss, 200 parameters (ratio to ours)", cells, bars)


def own_works() -> list[tuple[str, Callable[[], Any], Callable[[], Any], Bar]]:
    """What is compared with a simpler work of our own: name, both, and the bar."""
    loss = logistic(np)
    gradient, sample_gradient = ag.grad(loss), ag.grad(sample_loss, (0, 1))
    per_sample = ag.vmap(sample_gradient, (None, None, 0, 0))

    def loop() -> Any:
        pairs = zip(SAMPLES, TARGETS, strict=True)
        return [sample_gradient(HIDDEN, OUTPUT, x, y) for x, y in pairs]

    return [
        ("Hessian-vector product, to a gradient", lambda: ag.hvp(loss, (W,), (V,)),
         lambda: gradient(W), Bar("×", 0.0, 4.0)),
        ("jvp, eight layers of 64 × 64, to the function",
         lambda: ag.jvp(network, (INPUTS,), (DIRECTION,)),
         lambda: network(INPUTS), Bar("×", 0.0, 2.5)),
        ("loop over 1,000 samples, to `vmap(grad(loss))`", loop,
         lambda: per_sample(HIDDEN, OUTPUT, SAMPLES, TARGETS), Bar("×", 0.0, 20.0, at_least=True)),
    ]  # fmt: skip


def own_row(
    work: str, one: Callable[[], Any], other: Callable[[], Any], bar: Bar, rounds: int
) -> Row:
    timings: Timings = interleave({"one": one, "other": other}, rounds)
    ratio = timings.ratio("one", "other")
    cell = f"{ratio:.2f} ({microseconds(timings.best('one'))})"
    met = Bar(bar.subject, ratio, bar.limit, at_least=bar.at_least)
    return Row(work, {OURS: cell}, [met])
