"""Two calls of a network's hand-written gradients, and what they show to be wrong."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from inspect import signature
from itertools import combinations
from types import ModuleType
from typing import Any

import numpy as np

TOLERANCE = 1e-6
Gradients = dict[str, Any]


@dataclass
class Call:
    """The gradients of one call, a copy of them made at once, and whether the inputs changed."""

    returned: Gradients
    copied: Gradients
    modified: bool


@dataclass
class Trial:
    """Two calls at different points: the second shows what the first has left behind."""

    first: Call
    second: Call

    @property
    def modified(self) -> bool:
        """Whether an input or the incoming gradient was modified in place."""
        return self.first.modified or self.second.modified

    def wrong(self, right: "Trial") -> set[str]:
        """The parameters whose gradient is not the right one, or does not stay so."""
        names = list(right.first.copied)
        return {name for name in names if self._is_wrong(name, right)} | self._shared()

    def _is_wrong(self, name: str, right: "Trial") -> bool:
        pairs = (
            (self.first.copied, right.first.copied),
            (self.second.copied, right.second.copied),
            (self.first.returned, self.first.copied),
        )
        return any(differ(one.get(name), other.get(name)) for one, other in pairs)

    def _shared(self) -> set[str]:
        arrays = {k: v for k, v in self.second.returned.items() if isinstance(v, np.ndarray)}
        pairs = combinations(arrays, 2)
        return {k for pair in pairs if np.shares_memory(*map(arrays.get, pair)) for k in pair}


def differ(gradient: Any, right: Any) -> bool:
    """Whether a gradient is another one than the right one, in form or in value."""
    if gradient is None or right is None:
        return gradient is not right
    if np.shape(gradient) != np.shape(right):
        return True
    if np.asarray(gradient).dtype != np.asarray(right).dtype or not np.all(np.isfinite(gradient)):
        return True
    return bool(np.any(np.abs(gradient - right) > TOLERANCE * max(np.abs(right).max(), 1e-3)))


def trial(module: ModuleType, seed: int, make: Mapping[str, Any]) -> Trial:
    """Call the gradients of a module (of either style) at two points."""
    call = call_of_loss if module.STYLE == "loss" else call_of_layer
    with np.errstate(all="ignore"):
        first = call(module, np.random.default_rng(seed), make)
        return Trial(first, call(module, np.random.default_rng(seed + 1000), make))


def call_of_loss(module: ModuleType, rng: np.random.Generator, make: Mapping[str, Any]) -> Call:
    """Call `gradients(params, *data)`."""
    params, data = module.make(rng, **make)
    before = deepcopy((params, data))
    returned = module.gradients(params, *data)
    return Call(returned, deepcopy(returned), changed(before, (params, data)))


def call_of_layer(module: ModuleType, rng: np.random.Generator, make: Mapping[str, Any]) -> Call:
    """Call `forward(*inputs)`, then `backward(dout, cache)`."""
    inputs = module.make(rng, **make)
    before = deepcopy(inputs)
    result = module.forward(*inputs)
    out, cache = result if isinstance(result, tuple) else (result, None)
    dout = rng.normal(size=np.shape(out))
    given = dout.copy()
    gradients = module.backward(dout, cache)
    gradients = gradients if isinstance(gradients, tuple) else (gradients,)
    returned = dict(zip(names_of(module, inputs), gradients, strict=False))
    return Call(returned, deepcopy(returned), changed((before, given), (inputs, dout)))


def names_of(module: ModuleType, inputs: tuple[Any, ...]) -> list[str]:
    """The names of the parameters of `forward` that are given arrays of floats."""
    names = zip(signature(module.forward).parameters, inputs, strict=False)
    return [name for name, value in names if is_float(value)]


def is_float(value: Any) -> bool:
    """Whether an input has a gradient."""
    return isinstance(value, np.ndarray) and value.dtype.kind == "f"


def changed(before: Any, after: Any) -> bool:
    """Whether any array of a tree of inputs is not what it was."""
    if isinstance(before, dict):
        return any(changed(before[key], after[key]) for key in before)
    if isinstance(before, tuple | list):
        return any(map(changed, before, after))
    return not np.array_equal(before, after)


def directional(module: ModuleType, seed: int, step: float = 2e-4) -> dict[str, tuple[float, ...]]:
    """By name: the slope along a random direction by central differences, and by the gradient.

    The third number is the scale to which the two are compared.
    """
    rng = np.random.default_rng(seed)
    function, values, gradients = at_point(module, rng)
    slopes = {}
    for name, gradient in gradients.items():
        direction = rng.normal(size=np.shape(values[name]))
        direction /= np.linalg.norm(direction) or 1.0
        near, far = (
            function(name, values[name] + h * direction)
            - function(name, values[name] - h * direction)
            for h in (step, 2 * step)
        )
        slope = (8 * near - far) / (12 * step)
        slopes[name] = (slope, float(np.sum(gradient * direction)), float(np.linalg.norm(gradient)))
    return slopes


def at_point(module: ModuleType, rng: np.random.Generator) -> tuple[Any, Gradients, Gradients]:
    """A function of one named parameter's value, the values of all, and their gradients."""
    if module.STYLE == "loss":
        params, data = module.make(rng)
        gradients = module.gradients(params, *data)
        return (lambda k, v: module.loss({**params, k: v}, *data)), params, gradients
    inputs = module.make(rng)
    names = list(signature(module.forward).parameters)
    given = dict(zip(names, inputs, strict=False))
    dout = rng.normal(size=np.shape(out_of(module.forward(*deepcopy(inputs)))))

    def function(name: str, value: Any) -> float:
        arguments = deepcopy({**given, name: value})
        return float(np.sum(out_of(module.forward(**arguments)) * dout))

    result = module.forward(*deepcopy(inputs))
    backward = module.backward(dout.copy(), result[1] if isinstance(result, tuple) else None)
    backward = backward if isinstance(backward, tuple) else (backward,)
    return function, given, dict(zip(names_of(module, inputs), backward, strict=False))


def out_of(result: Any) -> Any:
    """The output of a forward pass, without its cache."""
    return result[0] if isinstance(result, tuple) else result
