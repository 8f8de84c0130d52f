"""Trains the blog network to the end and keeps what its two trainings differed by.

`network` is everywhere the module of the blog network, examples/blog_network.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd_lite import Tensor

Array = NDArray[Any]

TOLERANCE = 1e-12  # relative, as the network measures it


@dataclass(frozen=True)
class Comparison:
    """The last iteration, the predictions after it, and the largest differences of all.

    `first_above` is the first iteration that differed by more than `TOLERANCE`, if any did, and
    `same_weights` the difference there of two gradients that start from the same weights. A run
    whose numbers overflow ends with that iteration, and `relative` is NaN.
    """

    last: Any
    predictions: tuple[Array, Array]
    absolute: float
    relative: float
    first_above: int | None
    same_weights: float

    @property
    def agree(self) -> bool:
        """Whether no iteration differed by more than `TOLERANCE`."""
        return self.first_above is None

    @property
    def overflowed(self) -> bool:
        """Whether the run ended early because numbers were no longer finite."""
        return bool(np.isnan(self.relative))


def compare(
    network: ModuleType, X: Array, y: Array, settings: Any, progress: Callable[[Any], None]
) -> Comparison:
    """Train both networks and call `progress` after every iteration."""
    absolute = relative = 0.0
    first_above, same_weights = None, 0.0
    # Where a learning rate is too large numbers overflow: `overflowed` says so, once.
    with np.errstate(all="ignore"):
        for iteration in network.train(X, y, settings):
            absolute = np.maximum(absolute, iteration.absolute)  # unlike max(), it keeps a NaN
            relative = np.maximum(relative, iteration.relative)
            if first_above is None and not iteration.relative <= TOLERANCE:
                first_above = iteration.number
                same_weights = gradient_difference(network, X, y, iteration.manual_weights)
            progress(iteration)
            if np.isnan(relative):
                break
        trained = iteration.manual_weights, iteration.automatic_weights
        return Comparison(
            last=iteration,
            predictions=tuple(network.forward(X, *weights)[-1] for weights in trained),
            absolute=float(absolute),
            relative=float(relative),
            first_above=first_above,
            same_weights=same_weights,
        )


def gradient_difference(network: ModuleType, X: Array, y: Array, weights: Any) -> float:
    """Return the relative difference of the two gradients taken from the same weights.

    In an unstable training rounding errors grow until the two go separate ways. This tells it
    from a wrong gradient.
    """
    layers = network.forward(X, *weights)
    manual = network.manual_gradients(layers, y, weights[1])
    tensors = (Tensor(weight, requires_grad=True) for weight in weights)
    automatic = network.automatic_gradients(X, y, *tensors)
    scales = network.rounding_scales(layers, y, weights[1])
    return float(network.differences(automatic, manual, scales)[:, 1].max())
