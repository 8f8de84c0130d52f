"""Gradients that are never kept: the backward pass takes a step with them at once.

    self.weights -= learning_rate * weights_gradient

What a step took from a parameter, over the learning rate, is its gradient: if twice the incoming
gradient takes twice as much, which it does not where an optimiser has a mind of its own.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from ..numeric import directional_derivative
from .holdings import Place, fields_of, is_holder, value_at
from .passes import RATE, RATES, rates_of

Values = Mapping[str, Any]
ROUNDING = 1e-2  # of single precision, in what a small rate takes from large parameters
SAME = 1e-3


def known_rate(layer: Any, backward: Any) -> float | None:
    """The learning rate that a backward pass is given, or that its object or an optimiser holds."""
    if rates_of(backward, RATE):
        return RATE
    found = set(rates_in(layer))
    return found.pop() if len(found) == 1 else None


def rates_in(holder: Any, depth: int = 2) -> list[float]:
    """The learning rates of an object and its class, and of what it holds."""
    own = [getattr(holder, name, None) for name in RATES]
    found = [float(rate) for rate in own if isinstance(rate, int | float) and rate]
    for value in fields_of(holder).values():
        if depth and is_holder(value) and not isinstance(value, dict | list):
            found += rates_in(value, depth - 1)
    return found


def likely_rate(steps: Values, arrays: Values, scalar_of: Callable[[str, Any], Any]) -> float:
    """The rate that nobody told, from how steeply the loss changes along the steps.

    `scalar_of(name, value)` is the loss with another value of one array. Most of the steps count.
    """
    rates = []
    for name, step in steps.items():
        slope = directional_derivative(partial(scalar_of, name), arrays[name], step)
        rates.append(float(np.sum(step * step, dtype=np.float64) / np.float64(slope.value)))
    return typical([rate for rate in rates if np.isfinite(rate) and rate])


def typical(rates: Sequence[float]) -> float:
    """The middle one of the positive rates, as people write it; of all if all steps lead uphill."""
    positive = [rate for rate in rates if rate > 0] or [abs(rate) for rate in rates] or [1.0]
    rate = float(sorted(positive)[len(positive) // 2])
    short = float(f"{rate:.5g}")
    return short if abs(rate - short) <= 1e-6 * rate else rate


def values_of(layer: Any, held: Mapping[str, Place]) -> dict[str, Any]:
    """Copies of the arrays that an object holds."""
    return {path: np.array(value_at(layer, place[0])) for path, place in held.items()}


def steps_between(before: Values, after: Values, rate: float) -> dict[str, Any]:
    """What was taken from the arrays that have changed, over the rate."""
    return {
        path: (value - after[path]) / rate
        for path, value in before.items()
        if after[path].shape == value.shape and not np.array_equal(after[path], value)
    }


def are_twice(one: Values, two: Values) -> bool:
    """Whether steps with twice the incoming gradient are twice as long."""
    return all(
        path in two and np.allclose(two[path], 2 * step, ROUNDING, ROUNDING * np.max(np.abs(step)))
        for path, step in one.items()
    )


def is_of_one_length(step: Any) -> bool:
    """Whether all entries of a step are as long as each other, as those of Adam's first are."""
    lengths = np.abs(step[step != 0])
    return bool(lengths.size > 1 and np.ptp(lengths) <= SAME * np.max(lengths))
