"""One step of stochastic gradient descent of a 784-256-128-10 network, batch 128, float32.

Here the matrix products cost, so what is measured is whether the record gets in their way: in
time, and in the memory held at the worst moment of a step.
"""

from importlib import import_module
from itertools import pairwise

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
from tests.benchmarks.table import Bar, Row, timing_cells
from tests.benchmarks.timing import interleave, peak_memory

SIZES = (784, 256, 128, 10)
BATCH = 128
RATE = np.float32(0.01)
ROWS = np.arange(BATCH)
SEEN_BY_TRACEMALLOC = (BY_HAND, OURS, AUTOGRAD, MYGRAD)


def batch() -> tuple[np.ndarray, np.ndarray]:
    """Random images in [0, 1), float32 (128, 784), and their labels, int64 (128,)."""
    generator = np.random.default_rng(0)
    images = generator.random((BATCH, SIZES[0]), dtype=np.float32)
    return images, generator.integers(0, SIZES[-1], BATCH)


def parameters() -> list[np.ndarray]:
    """W1, b1, W2, b2, W3, b3 in float32: He's initialisation, biases zero."""
    generator = np.random.default_rng(1)
    arrays = []
    for n_in, n_out in pairwise(SIZES):
        weights = generator.standard_normal((n_in, n_out), dtype=np.float32)
        arrays += [weights * np.float32(np.sqrt(2 / n_in)), np.zeros(n_out, np.float32)]
    return arrays


def by_hand() -> Contender:
    """What a competent person writes, without preallocated buffers."""
    x, labels = batch()
    W1, b1, W2, b2, W3, b3 = weights = parameters()

    def step() -> np.float32:
        h1 = np.maximum(x @ W1 + b1, 0)
        h2 = np.maximum(h1 @ W2 + b2, 0)
        z = h2 @ W3 + b3
        z = z - z.max(axis=1, keepdims=True)
        log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
        loss = -log_p[ROWS, labels].mean()

        g = np.exp(log_p)
        g[ROWS, labels] -= 1
        g /= BATCH
        gradients = [g.sum(axis=0), h2.T @ g]
        g = (g @ W3.T) * (h2 > 0)
        gradients += [g.sum(axis=0), h1.T @ g]
        g = (g @ W2.T) * (h1 > 0)
        gradients += [g.sum(axis=0), x.T @ g]

        for w, gradient in zip(reversed(weights), gradients, strict=True):
            w -= RATE * gradient
        return loss

    return Contender(step, lambda: weights)


def ours() -> Contender:
    x, labels = batch()
    W1, b1, W2, b2, W3, b3 = weights = [ag.Tensor(w, requires_grad=True) for w in parameters()]

    def step() -> None:
        h = ag.relu(x @ W1 + b1)
        h = ag.relu(h @ W2 + b2)
        z = h @ W3 + b3
        loss = -ag.log_softmax(z)[ROWS, labels].mean()
        loss.backward()
        for w in weights:
            w.data -= RATE * w.grad
            w.grad = None

    return Contender(step, lambda: [w.data for w in weights])


def torch_eager() -> Contender:
    torch = import_module("torch")
    F = torch.nn.functional
    x, labels = (torch.from_numpy(array) for array in batch())
    weights = [torch.from_numpy(w).requires_grad_() for w in parameters()]
    W1, b1, W2, b2, W3, b3 = weights

    def step() -> None:
        h = torch.relu(x @ W1 + b1)
        h = torch.relu(h @ W2 + b2)
        loss = F.cross_entropy(h @ W3 + b3, labels)
        loss.backward()
        with torch.no_grad():
            for w in weights:
                w -= float(RATE) * w.grad
                w.grad = None

    return Contender(step, lambda: [w.detach().numpy() for w in weights])


def hips_autograd() -> Contender:
    anp = import_module("autograd.numpy")
    value_of = import_module("autograd.tracer").getval
    x, labels = batch()

    def loss(weights):
        W1, b1, W2, b2, W3, b3 = weights
        h = anp.maximum(x @ W1 + b1, 0)
        h = anp.maximum(h @ W2 + b2, 0)
        z = h @ W3 + b3
        z = z - value_of(z).max(axis=1, keepdims=True)
        log_p = z - anp.log(anp.sum(anp.exp(z), axis=1, keepdims=True))
        return -anp.sum(log_p[ROWS, labels]) / BATCH

    weights = parameters()
    value_and_gradients = import_module("autograd").value_and_grad(loss)

    def step() -> None:
        _, gradients = value_and_gradients(weights)
        for w, gradient in zip(weights, gradients, strict=True):
            w -= RATE * gradient

    return Contender(step, lambda: weights)


def with_mygrad() -> Contender:
    mg = import_module("mygrad")
    relu = import_module("mygrad.nnet.activations").relu
    cross_entropy = import_module("mygrad.nnet.losses").softmax_crossentropy
    mg.turn_memory_guarding_off()  # the setting its documentation gives for speed
    x, labels = batch()
    W1, b1, W2, b2, W3, b3 = weights = [mg.tensor(w) for w in parameters()]

    def step() -> None:
        h = relu(x @ W1 + b1)
        h = relu(h @ W2 + b2)
        loss = cross_entropy(h @ W3 + b3, labels)
        loss.backward()
        for w in weights:
            w.data -= RATE * w.grad
            w.null_grad()

    return Contender(step, lambda: [w.data for w in weights])


def with_jax() -> Contender:
    jax = import_module("jax")
    jnp = jax.numpy
    x, labels = (jnp.asarray(array) for array in batch())

    def loss(weights, x, labels):
        W1, b1, W2, b2, W3, b3 = weights
        h = jax.nn.relu(x @ W1 + b1)
        h = jax.nn.relu(h @ W2 + b2)
        log_p = jax.nn.log_softmax(h @ W3 + b3)
        return -log_p[ROWS, labels].mean()

    @jax.jit
    def descend(weights, x, labels):
        gradients = jax.grad(loss)(weights, x, labels)
        return [w - RATE * gradient for w, gradient in zip(weights, gradients, strict=True)]

    weights = [jnp.asarray(w) for w in parameters()]

    def step() -> None:
        weights[:] = jax.block_until_ready(descend(weights, x, labels))

    return Contender(step, lambda: weights)


BUILDERS = {
    BY_HAND: by_hand,
    OURS: ours,
    TORCH: torch_eager,
    AUTOGRAD: hips_autograd,
    MYGRAD: with_mygrad,
    JAX_JIT: with_jax,
}


def measure(quick: bool) -> list[Row]:
    """Two rows: time and peak memory of a step."""
    contenders = assemble(BUILDERS, relative_tolerance=1e-4)
    peaks = {
        name: peak_memory(contenders[name].step)
        for name in SEEN_BY_TRACEMALLOC
        if name in contenders
    }
    steps = {name: contender.step for name, contender in contenders.items()}
    timings = interleave(steps, rounds=10 if quick else 100)
    time_cells = timing_cells(timings, BY_HAND, {name: name for name in steps})
    time_bar = Bar("", timings.ratio(OURS, BY_HAND), 1.1, " × by hand")
    memory_cells = {
        name: f"{peak / peaks[BY_HAND]:.2f} ({peak / 1e6:.2f} MB)" for name, peak in peaks.items()
    }
    memory_bar = Bar("", peaks[OURS] / peaks[BY_HAND], 1.2, " × by hand")
    return [
        Row("MLP 784-256-128-10, step", time_cells, [time_bar]),
        Row("the same, peak memory", memory_cells, [memory_bar]),
    ]
