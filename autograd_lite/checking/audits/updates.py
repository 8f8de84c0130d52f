"""Gradients that are never kept: the backward pass takes a step with them at once.

    self.weights -= learning_rate * weights_gradient

What a step took from a parameter, over the learning rate, is its gradient: if twice the incoming
gradient takes twice as much, which it does not where an optimiser has a mind of its own.
"""

import ast
import inspect
from collections.abc import Iterator, Mapping
from textwrap import dedent
from typing import Any

import numpy as np

from .holdings import Place, fields_of, is_holder, value_at
from .passes import RATE, RATES, rates_of

Values = Mapping[str, Any]
ROUNDING = 1e-6


def rate_of(layer: Any, backward: Any) -> float:
    """The learning rate of a backward pass, 1 if nothing says what it is.

    One that it is given, its default, that of the object or of an optimiser that the object holds,
    or a number in what it takes: `self.weights -= 0.1 * gradient`.
    """
    if rates_of(backward, RATE):
        return RATE
    for name, parameter in inspect.signature(backward).parameters.items():
        if name in RATES:
            return float(parameter.default)
    found = {*rates_in(layer)} or numbers_taken(backward)
    return found.pop() if len(found) == 1 else 1.0


def rates_in(holder: Any, depth: int = 2) -> Iterator[float]:
    """The learning rates that an object holds, and what it holds."""
    for name, value in fields_of(holder).items():
        if name in RATES and isinstance(value, int | float) and value:
            yield float(value)
        elif depth and is_holder(value) and not isinstance(value, dict | list):
            yield from rates_in(value, depth - 1)


def numbers_taken(backward: Any) -> set[float]:
    """The numbers by which a function multiplies what it takes from its arrays."""
    try:
        tree = ast.parse(dedent(inspect.getsource(inspect.unwrap(backward))))
    except (OSError, TypeError, SyntaxError):
        return set()
    steps_taken = [
        node.value for node in ast.walk(tree)
        if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Sub | ast.Add)
        and isinstance(node.target, ast.Attribute)
    ]  # fmt: skip
    products = [each for each in steps_taken if isinstance(each, ast.BinOp)
                and isinstance(each.op, ast.Mult)]  # fmt: skip
    return {
        float(factor.value) for product in products for factor in (product.left, product.right)
        if isinstance(factor, ast.Constant) and isinstance(factor.value, int | float)
    }  # fmt: skip


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
