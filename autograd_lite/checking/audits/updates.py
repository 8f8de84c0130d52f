"""Gradients that are never kept: the backward pass takes a step with them at once.

    self.weights -= learning_rate * weights_gradient

What a step took from a parameter, over the learning rate, is its gradient: if twice the incoming
gradient takes twice as much, which it does not where an optimiser has a mind of its own.
"""

import inspect
from collections.abc import Mapping
from typing import Any

import numpy as np

from .holdings import Place, fields_of, value_at
from .passes import RATE, RATES, rates_of

Values = Mapping[str, Any]
ROUNDING = 1e-6


def rate_of(layer: Any, backward: Any) -> float:
    """The learning rate of a backward pass: one that it is given, its default, or the object's."""
    if rates_of(backward, RATE):
        return RATE
    for name, parameter in inspect.signature(backward).parameters.items():
        if name in RATES:
            return float(parameter.default)
    own = (fields_of(layer).get(name) for name in RATES)
    return next((float(rate) for rate in own if isinstance(rate, int | float) and rate), 1.0)


def values_of(layer: Any, held: Mapping[str, Place]) -> dict[str, Any]:
    """Copies of the arrays that an object holds."""
    return {path: np.array(value_at(layer, place[0])) for path, place in held.items()}


def steps(before: Values, after: Values, rate: float) -> dict[str, Any]:
    """What was taken from the arrays that have changed, over the rate."""
    return {
        path: (value - after[path]) / rate
        for path, value in before.items()
        if after[path].shape == value.shape and not np.array_equal(after[path], value)
    }


def are_multiples(one: Values, two: Values) -> bool:
    """Whether steps with twice the incoming gradient are twice as long."""
    return all(
        path in two and np.allclose(two[path], 2 * step, ROUNDING, ROUNDING * np.max(np.abs(step)))
        for path, step in one.items()
    )
