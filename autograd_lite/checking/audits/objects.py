"""Objects with methods `forward` and `backward` as problems: their inputs and their own arrays.

The gradients are returned, or left beside the arrays: `dW` beside `W`, or in a dict `grads`.
"""

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from typing import Any

import numpy as np

from ...transforms.verbatim.rebinding import verbatim
from .chance import repeatable
from .passes import (
    array_names,
    contracted,
    in_precision_of,
    incoming_gradients,
    named_inputs,
    other_inputs,
    returned_gradients,
    split_result,
)
from .problems import (
    ByHand,
    Exchange,
    Problem,
    changed_names,
    exchanged,
    is_parameter,
    is_traced,
    lengths_of,
    own,
    plain_name,
)


def of_object(layer: Any, inputs: tuple[Any, ...], seed: int) -> Problem:
    """The problem of an object with `forward` and `backward`: its inputs and its own arrays."""
    held = {f"self.{name}": value for name, value in own_arrays(layer).items()}
    given = named_inputs(layer.forward, inputs)
    inward = {name: value for name, value in given.items() if is_parameter(value)}
    outputs, _ = split_result(deepcopy(layer).forward(*deepcopy(inputs)), 1)
    incoming = incoming_gradients(outputs, seed)
    found = object_gradients(deepcopy(layer), given, incoming, tuple(inward), held, 0).gradients
    names = (*inward, *[name for name in held if name in found or is_announced(layer, name)])
    arrays = tuple(np.array({**inward, **held}[name]) for name in names)

    def scalar(arrays: Sequence[Any]) -> Any:
        copy = deepcopy(layer)
        traced = is_traced(arrays)
        given_arrays = arrays if traced else own(arrays)
        values: dict[str, Any] = dict(zip(names, given_arrays, strict=True))
        for name in held:
            if name in values:
                set_array(copy, name.removeprefix("self."), values[name])
        arguments = [values.get(name, deepcopy(value)) for name, value in given.items()]
        run: Callable[..., Any] = verbatim(copy.forward) if traced else copy.forward
        with repeatable():
            outputs, _ = split_result(run(*arguments), 1)
        return contracted(outputs, incoming)

    def calls(points: Sequence[Sequence[Any]], seed: int) -> Iterator[ByHand]:
        copy = deepcopy(layer)
        for arrays in points:
            values = dict(zip(names, arrays, strict=True))
            for name in held:
                if name in values:
                    set_array(copy, name.removeprefix("self."), np.array(values[name]))
            here = given | {name: values[name] for name in given if name in values}
            yield object_gradients(copy, here, incoming, tuple(inward), held, seed)

    kind = type(layer)
    return Problem(
        kind.__name__, names, arrays, scalar, calls, kind.forward, kind.backward,
        lengths_of(dict(zip(names, arrays, strict=True))), (),
        lambda exchange: of_object(
            other_layer(layer, exchange), other_inputs(given, exchange), seed
        ),
        array_names(given),
    )  # fmt: skip


def other_layer(layer: Any, exchange: Exchange) -> Any:
    """A copy of an object with other arrays in the place of its own."""
    copy = deepcopy(layer)
    for name, value in vars(copy).items():
        if isinstance(value, np.ndarray | dict | list | tuple):
            setattr(copy, name, exchanged(value, exchange, f"self.{name}"))
    return copy


def own_arrays(layer: Any) -> dict[str, Any]:
    """The arrays in the attributes of an object, and in dicts among them, that are no gradients."""
    found = {}
    for name, value in vars(layer).items():
        if is_parameter(value) and isinstance(value, np.ndarray):
            found[name] = value
        elif isinstance(value, dict) and name not in GRADIENTS:
            for key, item in value.items():
                if isinstance(item, np.ndarray) and is_parameter(item):
                    found[f"{name}[{key!r}]"] = item
    return found


GRADIENTS = ("grads", "gradients", "grad")


def set_array(layer: Any, name: str, value: Any) -> None:
    """Put a value in the place of one of an object's arrays."""
    if name.endswith("]"):
        attribute, _, key = name[:-1].partition("[")
        holder = getattr(layer, attribute)
        holder[next(each for each in holder if repr(each) == key)] = value
    else:
        setattr(layer, name, value)


def object_gradients(
    layer: Any, given: dict[str, Any], incoming: list[Any], inward: tuple[str, ...], own: Any,
    seed: int,
) -> ByHand:  # fmt: skip
    """What the backward pass of an object returns, and what it leaves in attributes."""
    arguments = deepcopy(given)
    with repeatable(seed):
        outputs, _ = split_result(layer.forward(*arguments.values()), len(incoming))
        upstream = in_precision_of(outputs, incoming)
        found = returned_gradients(inward, layer.backward(*upstream))
    for name in own:
        gradient = gradient_of(layer, key_of(name))
        if gradient is not None:
            found[name] = gradient
    names = [f"incoming gradient {n}" if n else "incoming gradient" for n in range(len(incoming))]
    changed = changed_names(
        given | dict(zip(names, incoming, strict=True)),
        arguments | dict(zip(names, upstream, strict=True)),
    )
    return ByHand(found, changed, tuple(name for name in found if name in own))


def is_announced(layer: Any, name: str) -> bool:
    """Whether an object has a place for the gradient of an array, though it may never fill it."""
    own = key_of(name)
    holders = [
        getattr(layer, each) for each in GRADIENTS if isinstance(vars(layer).get(each), dict)
    ]
    places = [*vars(layer), *[str(key) for holder in holders for key in holder]]
    return any(place != own and plain_name(place) == own for place in places)


def key_of(name: str) -> str:
    """`W` for `self.W` and for `self.params['W']`."""
    return name.removeprefix("self.").rstrip("]").rpartition("[")[2].strip("'\"")


def gradient_of(layer: Any, key: str) -> Any:
    """The gradient that an object keeps for its array `key`, wherever people put it."""
    for attribute in GRADIENTS:
        holder = getattr(layer, attribute, None)
        if isinstance(holder, dict):
            for name, value in holder.items():
                if key in (name, plain_name(str(name))):
                    return value
    for name, value in vars(layer).items():
        if name != key and plain_name(name) == key:
            return value
    return None
