"""Small layered networks with their gradients, to try tools on: plain NumPy throughout."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from .library import strategies

# The value, and the slope from the value y.
ACTIVATIONS: dict[str, tuple[Any, Any]] = {
    "tanh": (np.tanh, lambda y: 1 - y**2),
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda y: y * (1 - y)),
    "relu": (lambda z: np.maximum(z, 0), lambda y: (y > 0).astype(y.dtype)),
    "softplus": (lambda z: np.logaddexp(z, 0), lambda y: 1 - np.exp(-y)),
    "identity": (lambda z: z, np.ones_like),
}
CRITERIA = ("squares", "softmax")
SEEDS = strategies.integers(0, 2**16)


@dataclass(frozen=True)
class Network:
    """A network of dense layers with random parameters and data, and its gradient by hand.

    `sizes` are the numbers of units from the input to the output, `activations` those of the hidden
    layers. `criterion` is "squares" (half the mean of the squared distances) or "softmax" (the mean
    cross-entropy, where `y` are labels). `loss` and `gradients` take `(params, *data)`.
    """

    sizes: tuple[int, ...]
    activations: tuple[str, ...]
    criterion: str
    batch: int
    seed: int

    @cached_property
    def params(self) -> dict[str, Any]:
        """The weights `W1`, `W2` ... of shape (inputs, outputs), and the biases `b1` ..."""
        random = np.random.default_rng(self.seed)
        found = {}
        for layer, (inputs, outputs) in enumerate(pairwise(self.sizes), start=1):
            found[f"W{layer}"] = random.normal(size=(inputs, outputs)) / np.sqrt(inputs)
            found[f"b{layer}"] = random.normal(size=outputs) / 2
        return found

    @cached_property
    def data(self) -> tuple[Any, Any]:
        """Inputs `X` of shape (batch, inputs), and targets or labels `y`."""
        random = np.random.default_rng([self.seed, 1])
        X = random.normal(size=(self.batch, self.sizes[0]))
        if self.criterion == "softmax":
            return X, random.integers(self.sizes[-1], size=self.batch)
        return X, random.normal(size=(self.batch, self.sizes[-1]))

    def outputs(self, params: dict[str, Any], X: Any) -> list[Any]:
        """The values of all layers, `X` first and the scores last."""
        values = [X]
        for layer, name in enumerate((*self.activations, "identity"), start=1):
            z = np.matmul(values[-1], params[f"W{layer}"]) + params[f"b{layer}"]
            values.append(ACTIVATIONS[name][0](z))
        return values

    def loss(self, params: dict[str, Any], X: Any, y: Any) -> Any:
        """The loss, one number."""
        scores = self.outputs(params, X)[-1]
        if self.criterion == "squares":
            return 0.5 * np.sum((scores - y) ** 2) / len(X)
        shifted = scores - np.max(scores, axis=1, keepdims=True)
        likely = shifted[np.arange(len(X)), y]
        return np.mean(np.log(np.sum(np.exp(shifted), axis=1)) - likely)

    def gradients(self, params: dict[str, Any], X: Any, y: Any) -> dict[str, Any]:
        """The gradient of the loss by every parameter."""
        values = self.outputs(params, X)
        error = self.output_error(values[-1], y) / len(X)
        found = {}
        for layer in range(len(self.sizes) - 1, 0, -1):
            below = values[layer - 1]
            found[f"W{layer}"] = below.T @ error
            found[f"b{layer}"] = np.sum(error, axis=0)
            if layer > 1:
                slope = ACTIVATIONS[self.activations[layer - 2]][1](below)
                error = error @ params[f"W{layer}"].T * slope
        return {name: found[name] for name in params}

    def output_error(self, scores: Any, y: Any) -> Any:
        """The gradient of the summed loss by the scores."""
        if self.criterion == "squares":
            return scores - y
        weights = np.exp(scores - np.max(scores, axis=1, keepdims=True))
        return weights / np.sum(weights, axis=1, keepdims=True) - np.eye(scores.shape[1])[y]


def networks(
    *,
    layers: int = 3,
    units: int = 4,
    batch: int = 5,
    activations: Sequence[str] = tuple(ACTIVATIONS),
    criteria: Sequence[str] = CRITERIA,
) -> Any:
    """Networks of up to so many layers, units in each, and samples.

    >>> from hypothesis import find
    >>> network = find(networks(), lambda network: len(network.sizes) == 3 and network.batch == 2)
    >>> network
    Network(sizes=(1, 1, 1), activations=('tanh',), criterion='squares', batch=2, seed=0)
    >>> {name: array.shape for name, array in network.params.items()}
    {'W1': (1, 1), 'b1': (1,), 'W2': (1, 1), 'b2': (1,)}
    """
    unknown = {*activations} - {*ACTIVATIONS} | {*criteria} - {*CRITERIA}
    if unknown:
        raise ValueError(
            f"networks: {', '.join(sorted(unknown))} not known; activations are "
            f"{', '.join(ACTIVATIONS)}, criteria {', '.join(CRITERIA)}"
        )

    def of_depth(depth: int) -> Any:
        return strategies.builds(
            Network,
            strategies.tuples(*[strategies.integers(1, units)] * (depth + 1)),
            strategies.tuples(*[strategies.sampled_from(list(activations))] * (depth - 1)),
            strategies.sampled_from(list(criteria)),
            strategies.integers(1, batch),
            SEEDS,
        )

    return strategies.integers(1, layers).flatmap(of_depth)
