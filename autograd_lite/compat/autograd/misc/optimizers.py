"""Gradient descent on parameters in any form: `sgd`, `rmsprop`, `adam`.

`grad(x, i)` is the gradient at parameters `x` in step `i`; `callback(x, i, g)` is called in every
step, before it is taken. `x0` may be an array, or dicts, lists and tuples of such.

>>> adam(lambda x, i: {"w": 2 * x["w"]}, {"w": 1.0}, num_iters=500, step_size=0.1)["w"].round(3)
np.float64(0.0)
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from ..wrap_util import wraps
from .flatten import flatten

Gradient = Callable[[Any, int], Any]
Callback = Callable[[Any, int, Any], Any] | None


def unflatten_optimizer(optimize: Callable[..., Any]) -> Any:
    """An optimiser of vectors as one of parameters in any form."""

    @wraps(optimize)
    def of_trees(
        grad: Gradient, x0: Any, callback: Callback = None, *args: Any, **kwargs: Any
    ) -> Any:
        start, unflatten = flatten(x0)

        def gradient(x: Any, i: int) -> Any:
            return flatten(grad(unflatten(x), i))[0]

        def show(x: Any, i: int, g: Any) -> None:
            if callback:
                callback(unflatten(x), i, unflatten(g))

        return unflatten(optimize(gradient, start, show, *args, **kwargs))

    return of_trees


@unflatten_optimizer
def sgd(
    grad: Gradient, x: Any, callback: Any = None, num_iters: int = 200, step_size: float = 0.1,
    mass: float = 0.9,
) -> Any:  # fmt: skip
    """Gradient descent with momentum, of which each step keeps the share `mass`."""
    velocity = np.zeros(len(x))
    for i in range(num_iters):
        g = grad(x, i)
        callback(x, i, g)
        velocity = mass * velocity - (1.0 - mass) * g
        x = x + step_size * velocity
    return x


@unflatten_optimizer
def rmsprop(
    grad: Gradient, x: Any, callback: Any = None, num_iters: int = 100, step_size: float = 0.1,
    gamma: float = 0.9, eps: float = 1e-8,
) -> Any:  # fmt: skip
    """Steps divided by the root of a running mean of squared gradients (Tieleman and Hinton)."""
    mean_square = np.ones(len(x))
    for i in range(num_iters):
        g = grad(x, i)
        callback(x, i, g)
        mean_square = gamma * mean_square + (1 - gamma) * g**2
        x = x - step_size * g / (np.sqrt(mean_square) + eps)
    return x


@unflatten_optimizer
def adam(
    grad: Gradient, x: Any, callback: Any = None, num_iters: int = 100, step_size: float = 0.001,
    b1: float = 0.9, b2: float = 0.999, eps: float = 1e-8,
) -> Any:  # fmt: skip
    """Steps by running means of gradients and of their squares (Kingma and Ba, 2015)."""
    mean, mean_square = np.zeros(len(x)), np.zeros(len(x))
    for i in range(num_iters):
        g = grad(x, i)
        callback(x, i, g)
        mean = b1 * mean + (1 - b1) * g
        mean_square = b2 * mean_square + (1 - b2) * g**2
        unbiased = mean / (1 - b1 ** (i + 1))
        scale = np.sqrt(mean_square / (1 - b2 ** (i + 1)))
        x = x - step_size * unbiased / (scale + eps)
    return x
