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
    """Call the gradients of a module (of any style) at two points."""
    one, other = np.random.default_rng(seed), np.random.default_rng(seed + 1000)
    with np.errstate(all="ignore"):
        if module.STYLE == "class":
            return Trial(*calls_of_class(module, one, make))
        call = {"loss": call_of_loss, "layer": call_of_layer, "both": call_of_both}[module.STYLE]
        return Trial(call(module, one, make), call(module, other, make))


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
    returned = named(module.backward(dout, cache), names_of(module, inputs))
    return Call(returned, deepcopy(returned), changed((before, given), (inputs, dout)))


def call_of_both(module: ModuleType, rng: np.random.Generator, make: Mapping[str, Any]) -> Call:
    """Call `forward(*inputs)`, which returns `(loss, gradients)`."""
    inputs = module.make(rng, **make)
    before = deepcopy(inputs)
    returned = named(module.forward(*inputs)[1], names_of(module, inputs))
    return Call(returned, deepcopy(returned), changed(before, inputs))


def calls_of_class(
    module: ModuleType, rng: np.random.Generator, make: Mapping[str, Any]
) -> list[Call]:
    """Call `forward` and `backward` of one instance twice, its parameters moved in between."""
    instance, inputs = module.make(rng, **make)
    calls = []
    for _ in range(2):
        before = deepcopy(inputs)
        dout = incoming(rng, instance.forward(*inputs))
        given = deepcopy(dout)
        result = instance.backward(dout)
        returned = gradients_of_class(module, instance, inputs, result)
        calls.append(Call(returned, deepcopy(returned), changed((before, given), (inputs, dout))))
        inputs = tuple(x + 0.01 * rng.normal(size=x.shape) if is_float(x) else x for x in before)
        for name in module.GRADIENTS:
            value = getattr(instance, name)
            value += 0.01 * rng.normal(size=value.shape)
    return calls


def incoming(rng: np.random.Generator, out: Any) -> Any:
    """A random incoming gradient; a loss is given a number."""
    return rng.normal(size=np.shape(out)) if np.ndim(out) else float(rng.normal())


def gradients_of_class(
    module: ModuleType, instance: Any, inputs: tuple[Any, ...], result: Any
) -> Gradients:
    """What `backward` returned, and what it left in attributes."""
    attributes = {name: getattr(instance, kept) for name, kept in module.GRADIENTS.items()}
    return {**named(result, names_of(instance, inputs)), **attributes}


def named(gradients: Any, names: list[str]) -> Gradients:
    """Gradients by name: of one array, a tuple or a dict."""
    if isinstance(gradients, dict):
        return gradients
    gradients = gradients if isinstance(gradients, tuple) else (gradients,)
    return dict(zip(names, gradients, strict=False))


def names_of(module: Any, inputs: tuple[Any, ...]) -> list[str]:
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
    if module.STYLE == "class":
        return at_point_of_class(module, rng)
    inputs = module.make(rng)
    names = list(signature(module.forward).parameters)
    given = dict(zip(names, inputs, strict=False))
    result = module.forward(*deepcopy(inputs))
    dout = 1.0 if module.STYLE == "both" else rng.normal(size=np.shape(out_of(result)))

    def function(name: str, value: Any) -> float:
        arguments = deepcopy({**given, name: value})
        return float(np.sum(out_of(module.forward(**arguments)) * dout))

    if module.STYLE == "both":
        return function, given, named(result[1], names_of(module, inputs))
    backward = module.backward(deepcopy(dout), result[1] if isinstance(result, tuple) else None)
    return function, given, named(backward, names_of(module, inputs))


def at_point_of_class(module: ModuleType, rng: np.random.Generator) -> tuple[Any, Any, Gradients]:
    """The same for a class: its parameters are attributes of an instance."""
    instance, inputs = module.make(rng)
    given = dict(zip(signature(instance.forward).parameters, inputs, strict=False))
    values = {**given, **{name: getattr(instance, name) for name in module.GRADIENTS}}
    dout = incoming(rng, deepcopy(instance).forward(*deepcopy(inputs)))

    def function(name: str, value: Any) -> float:
        other, arguments = deepcopy((instance, given))
        if name in arguments:
            arguments[name] = value
        else:
            setattr(other, name, value)
        return float(np.sum(other.forward(**arguments) * dout))

    called = deepcopy(instance)
    called.forward(*deepcopy(inputs))
    result = called.backward(deepcopy(dout))
    return function, deepcopy(values), gradients_of_class(module, called, inputs, result)


def out_of(result: Any) -> Any:
    """The output of a forward pass, without its cache."""
    return result[0] if isinstance(result, tuple) else result
