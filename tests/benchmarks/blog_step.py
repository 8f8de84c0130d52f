"""One training step of the blog's network: six samples, three hidden units, the post's own data.

The reference is the body of the post's loop, word for word. The loss whose gradient the post
derives by hand is half the squared error, summed over outputs (here one), averaged over samples.
"""

from importlib import import_module

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
from tests.benchmarks.timing import interleave

OURS_VERBATIM = "autograd_lite, the post's forward pass verbatim"

X = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 0], [1, 1, 0], [1, 0, 1], [1, 1, 1]])
y = np.array([[0, 1, 0, 1, 1, 0]]).T
alpha = 0.1
num_hidden = 3


def initial_weights() -> tuple[np.ndarray, np.ndarray]:
    """The post's starting point: seed 1, uniform in [-1, 1), float64."""
    np.random.seed(1)
    hidden_weights = 2 * np.random.random((X.shape[1] + 1, num_hidden)) - 1
    output_weights = 2 * np.random.random((num_hidden + 1, y.shape[1])) - 1
    return hidden_weights, output_weights


def sigmoid(x, derivative=False):
    """The post's own sigmoid."""
    if derivative:
        return x * (1 - x)
    else:  # noqa: RET505  # its spelling too
        return 1 / (1 + np.exp(-x))


def by_hand() -> Contender:
    """The post's forward pass, manual gradients and update."""
    hidden_weights, output_weights = initial_weights()

    # fmt: off
    def step() -> None:
        nonlocal hidden_weights, output_weights
        input_layer_outputs = np.hstack((np.ones((X.shape[0], 1)), X))
        hidden_layer_outputs = np.hstack((np.ones((X.shape[0], 1)), sigmoid(np.dot(input_layer_outputs, hidden_weights))))  # noqa: E501
        output_layer_outputs = np.dot(hidden_layer_outputs, output_weights)
        output_error = output_layer_outputs - y
        hidden_error = hidden_layer_outputs[:, 1:] * (1 - hidden_layer_outputs[:, 1:]) * np.dot(output_error, output_weights.T[:, 1:])  # noqa: E501
        hidden_pd = input_layer_outputs[:, :, np.newaxis] * hidden_error[:, np.newaxis, :]
        output_pd = hidden_layer_outputs[:, :, np.newaxis] * output_error[:, np.newaxis, :]
        total_hidden_gradient = np.average(hidden_pd, axis=0)
        total_output_gradient = np.average(output_pd, axis=0)
        hidden_weights += -alpha * total_hidden_gradient
        output_weights += -alpha * total_output_gradient
    # fmt: on

    return Contender(step, lambda: (hidden_weights, output_weights))


def ours_verbatim() -> Contender:
    """The post's forward pass unchanged, on Tensors."""
    hidden_weights, output_weights = (ag.Tensor(w, requires_grad=True) for w in initial_weights())

    # fmt: off
    def step() -> None:
        input_layer_outputs = np.hstack((np.ones((X.shape[0], 1)), X))
        hidden_layer_outputs = np.hstack((np.ones((X.shape[0], 1)), sigmoid(np.dot(input_layer_outputs, hidden_weights))))  # noqa: E501
        output_layer_outputs = np.dot(hidden_layer_outputs, output_weights)
        loss = 0.5 * ((output_layer_outputs - y) ** 2).mean()
        update(loss, hidden_weights, output_weights)
    # fmt: on

    return Contender(step, lambda: (hidden_weights.data, output_weights.data))


def ours_operators() -> Contender:
    """The same step as a user of operators spells it."""
    hidden_weights, output_weights = (ag.Tensor(w, requires_grad=True) for w in initial_weights())

    def step() -> None:
        inputs = np.hstack((np.ones((X.shape[0], 1)), X))
        hidden = ag.sigmoid(inputs @ hidden_weights)
        outputs = np.hstack((np.ones((X.shape[0], 1)), hidden)) @ output_weights
        loss = 0.5 * ((outputs - y) ** 2).mean()
        update(loss, hidden_weights, output_weights)

    return Contender(step, lambda: (hidden_weights.data, output_weights.data))


def update(loss: ag.Tensor, *weights: ag.Tensor) -> None:
    """Descend along the gradient of the loss and forget the gradient."""
    loss.backward()
    for w in weights:
        w.data -= alpha * w.grad
        w.grad = None


def torch_eager() -> Contender:
    torch = import_module("torch")
    inputs_by_3, targets = torch.tensor(X, dtype=torch.float64), torch.tensor(y)
    w1, w2 = (torch.tensor(w, requires_grad=True) for w in initial_weights())

    def step() -> None:
        ones = torch.ones((6, 1), dtype=torch.float64)
        inputs = torch.hstack((ones, inputs_by_3))
        hidden = torch.sigmoid(inputs @ w1)
        outputs = torch.hstack((ones, hidden)) @ w2
        loss = 0.5 * ((outputs - targets) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            for w in (w1, w2):
                w -= alpha * w.grad
                w.grad = None

    return Contender(step, lambda: (w1.detach().numpy(), w2.detach().numpy()))


def hips_autograd() -> Contender:
    anp = import_module("autograd.numpy")

    def loss(w1, w2):
        inputs = anp.hstack((anp.ones((6, 1)), X))
        hidden = 1 / (1 + anp.exp(-(inputs @ w1)))
        outputs = anp.hstack((anp.ones((6, 1)), hidden)) @ w2
        return 0.5 * anp.mean((outputs - y) ** 2)

    weights = initial_weights()
    value_and_gradients = import_module("autograd").value_and_grad(loss, argnum=(0, 1))

    def step() -> None:
        _, gradients = value_and_gradients(*weights)
        for w, gradient in zip(weights, gradients, strict=True):
            w -= alpha * gradient

    return Contender(step, lambda: weights)


def with_mygrad() -> Contender:
    mg = import_module("mygrad")
    logistic = import_module("mygrad.nnet.activations").sigmoid
    mg.turn_memory_guarding_off()  # the setting its documentation gives for speed
    w1, w2 = (mg.tensor(w) for w in initial_weights())

    def step() -> None:
        inputs = np.hstack((np.ones((6, 1)), X))
        hidden = logistic(inputs @ w1)
        outputs = mg.concatenate((np.ones((6, 1)), hidden), axis=1) @ w2
        loss = 0.5 * ((outputs - y) ** 2).mean()
        loss.backward()
        for w in (w1, w2):
            w.data -= alpha * w.grad
            w.null_grad()

    return Contender(step, lambda: (w1.data, w2.data))


def with_jax() -> Contender:
    jax = import_module("jax")
    jnp = jax.numpy

    def loss(w1, w2):
        inputs = jnp.hstack((jnp.ones((6, 1)), X))
        hidden = jax.nn.sigmoid(inputs @ w1)
        outputs = jnp.hstack((jnp.ones((6, 1)), hidden)) @ w2
        return 0.5 * jnp.mean((outputs - y) ** 2)

    gradients_of = jax.grad(loss, argnums=(0, 1))

    @jax.jit
    def descend(*weights):
        gradients = gradients_of(*weights)
        return [w - alpha * gradient for w, gradient in zip(weights, gradients, strict=True)]

    weights = [jnp.asarray(w) for w in initial_weights()]

    def step() -> None:
        weights[:] = jax.block_until_ready(descend(*weights))

    return Contender(step, lambda: weights)


BUILDERS = {
    BY_HAND: by_hand,
    OURS: ours_operators,
    OURS_VERBATIM: ours_verbatim,
    TORCH: torch_eager,
    AUTOGRAD: hips_autograd,
    MYGRAD: with_mygrad,
    JAX_JIT: with_jax,
}


def measure(quick: bool) -> list[Row]:
    """Two rows: through operators (everybody), and the post's own NumPy calls (ours)."""
    contenders = assemble(BUILDERS, relative_tolerance=1e-12)
    steps = {name: contender.step for name, contender in contenders.items()}
    timings = interleave(steps, rounds=15 if quick else 150)
    bars = [Bar("", timings.ratio(OURS, BY_HAND), 1.6, " × by hand")]
    if TORCH in steps:
        bars.append(Bar("torch", timings.ratio(TORCH, OURS), 1.8, " × ours", at_least=True))
    everybody = {name: name for name in steps if name != OURS_VERBATIM}
    verbatim = {BY_HAND: BY_HAND, OURS: OURS_VERBATIM}
    return [
        Row("blog network, step", timing_cells(timings, BY_HAND, everybody), bars),
        Row("the same, `np.*` calls verbatim", timing_cells(timings, BY_HAND, verbatim)),
    ]
