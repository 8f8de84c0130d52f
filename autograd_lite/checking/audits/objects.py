"""Objects as problems: their inputs and their own arrays, in lists, dicts and objects within too.

Their passes are methods (`methods`). The gradients are returned, or left beside the arrays
(`holdings`).
"""

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from typing import Any

import numpy as np

from ...core.errors import message
from ...transforms.verbatim.rebinding import verbatim
from .chance import repeatable
from .holdings import (
    Place,
    Trail,
    gradient_at,
    is_announced,
    is_for_gradients,
    places_of,
    put,
    trails_of,
    value_at,
)
from .methods import Methods, arguments_after, inputs_of_loss, needed
from .passes import (
    array_names,
    bind,
    contracted,
    in_precision_of,
    incoming_gradients,
    input_gradient,
    named_inputs,
    other_inputs,
    split_result,
    upstream_names,
)
from .problems import (
    ByHand,
    Exchange,
    FormError,
    Problem,
    changed_names,
    is_parameter,
    is_traced,
    lengths_of,
    own,
)
from .returned import Due, gradients_of, in_order_of_shapes, returned_names

Given = dict[str, Any]
SHOWN = 8  # names in a note


def of_object(layer: Any, inputs: tuple[Any, ...], seed: int, methods: Methods) -> Problem:
    """The problem of an object by its passes."""
    return ObjectPasses(layer, inputs, seed, methods).problem()


class ObjectPasses:
    """An object, the inputs of its forward pass, and where the gradients of both are."""

    def __init__(self, layer: Any, inputs: tuple[Any, ...], seed: int, methods: Methods) -> None:
        self.layer, self.seed, self.methods = layer, seed, methods
        self.backward = getattr(layer, methods.backward) if methods.backward else None
        self.given = self.named(inputs)
        self.inward = {name: each for name, each in self.given.items() if is_parameter(each)}
        self.wanted = []
        if self.backward is not None and methods.loss is None:
            self.wanted = upstream_names(self.backward, self.given)
        self.layer = layer = self.with_parameters(layer)
        copy = deepcopy(layer)
        every = places_of(copy)
        before = {path: value_at(copy, place[0]) for path, place in every.items()}
        outputs, _ = self.forward(copy, deepcopy(self.given))
        self.incoming = incoming_gradients(outputs, seed)
        self.is_loss = np.size(outputs[0]) == 1
        if self.backward is not None and not self.is_loss and not self.wanted:
            raise FormError(message(
                f"backward of {type(layer).__name__} takes no incoming gradient, and its forward "
                "pass returns no single number",
                remedy="return the loss from forward, or let backward take the gradient of the "
                "output; for a network with a loss of its own use audit(loss, gradients, ...)",
            ))  # fmt: skip
        self.held = {
            path: place for path, place in every.items()
            if is_parameter(before[path]) and stands(copy, place[0], before[path])
        }  # fmt: skip
        self.shapes = {
            **{name: np.shape(each) for name, each in self.inward.items()},
            **{path: np.shape(before[path]) for path in self.held},
        }
        found = self.gradients(deepcopy(layer), self.given, 0).gradients
        data = [name for name in self.inward if name not in found] if self.are_data(found) else []
        self.inward = {name: each for name, each in self.inward.items() if name not in data}
        known = {path for path in self.held if path in found}
        announced = {path for path, place in self.held.items()
                     if any(is_announced(layer, trail) for trail in place)}  # fmt: skip
        self.left_out = [
            path for path, place in self.held.items()
            if path not in known | announced and not any(map(is_for_gradients, place))
        ]  # fmt: skip
        self.held = {path: self.held[path] for path in self.held if path in known | announced}

    def named(self, inputs: tuple[Any, ...]) -> Given:
        """The inputs by the names of the parameters that take them."""
        forward = getattr(self.layer, self.methods.forward)
        if self.methods.loss is None:
            return named_inputs(forward, inputs)
        count = len(needed(forward))
        given = named_inputs(forward, inputs[:count])
        return given | inputs_of_loss(getattr(self.layer, self.methods.loss), given, inputs[count:])

    def with_parameters(self, layer: Any) -> Any:
        """The object with the parameters that its first forward pass makes, if it makes some."""
        used = deepcopy(layer)
        before = trails_of(layer)
        self.forward(used, deepcopy(self.given))
        trails = [trail for path, trail in trails_of(used).items() if path not in before]
        if not trails:
            return layer
        made = [(trail, value_at(used, trail)) for trail in trails]
        self.forward(used, deepcopy(self.given))
        kept = any(is_parameter(value) and stands(used, trail, value) for trail, value in made)
        return used if kept else layer

    def are_data(self, found: Given) -> bool:
        """Whether inputs without a gradient are data.

        Those of a loss are, those beside named ones, and those of a network of layers whose
        backward pass returns nothing.
        """
        if self.is_loss or any(path in found and path in self.returned for path in self.held):
            return True
        layers = (value_at(self.layer, trail[:-1]) for place in self.held.values()
                  for trail in place)  # fmt: skip
        return not self.returned and any(
            layer is not self.layer and callable(getattr(layer, "backward", None))
            for layer in layers
        )

    def problem(self) -> Problem:
        """The problem of the object."""
        values = {path: value_at(self.layer, place[0]) for path, place in self.held.items()}
        arrays = {name: np.array(each) for name, each in (self.inward | values).items()}
        if not arrays:
            raise FormError(message(
                f"no gradient was found in {type(self.layer).__name__}: nothing was returned, and "
                "nothing stands beside its arrays",
                remedy="return the gradients from backward, or keep them as dW beside W, or in a "
                "dict grads by the names of the arrays",
            ))  # fmt: skip
        kind = type(self.layer)
        forward = getattr(kind, self.methods.forward)
        backward = getattr(kind, self.methods.backward) if self.methods.backward else forward
        notes = (
            f"not looked at, since no gradient of it was found: {some(self.left_out)}",
        ) if self.left_out else ()  # fmt: skip
        return Problem(
            kind.__name__, tuple(arrays), tuple(arrays.values()), self.scalar, self.calls, forward,
            backward, lengths_of(arrays), (),
            self.rebuilt, array_names(self.given), notes,
        )  # fmt: skip

    @property
    def names(self) -> list[str]:
        """The names of what is differentiated."""
        return [*self.inward, *self.held]

    def rebuilt(self, exchange: Exchange) -> Problem:
        """The problem with other arrays."""
        copy = deepcopy(self.layer)
        for path, place in places_of(copy).items():
            put_everywhere(copy, place, exchange(path, value_at(copy, place[0])))
        inputs = other_inputs(self.given, exchange)
        return of_object(copy, inputs, self.seed, self.methods)

    def with_arrays(self, layer: Any, values: Given) -> Given:
        """Put values into an object, and the inputs with theirs."""
        for path, place in self.held.items():
            if path in values:
                put_everywhere(layer, place, values[path])
        return self.given | {name: values[name] for name in self.given if name in values}

    def forward(self, layer: Any, given: Given, traced: bool = False) -> tuple[list[Any], Any]:
        """The outputs of a forward pass, and the rest of what it returned."""
        method: Callable[..., Any] = getattr(layer, self.methods.forward)
        if self.methods.loss is None:
            run = verbatim(method) if traced else method
            return split_result(run(*given.values()), max(1, len(self.wanted)))
        loss: Callable[..., Any] = getattr(layer, self.methods.loss)
        count = len(needed(method))

        def both(*inputs: Any) -> Any:
            result = method(*inputs[:count])
            return loss(
                *arguments_after(loss, dict(zip(given, inputs, strict=True)), result)
            ), result

        run = verbatim(both) if traced else both
        value, result = run(*given.values())
        return [value], result

    def scalar(self, arrays: Sequence[Any]) -> Any:
        """The outputs times the incoming gradients."""
        copy, traced = deepcopy(self.layer), is_traced(arrays)
        values = dict(zip(self.names, arrays if traced else own(arrays), strict=True))
        given = self.with_arrays(copy, values)
        theirs = {
            name: values[name] if name in values else deepcopy(each) for name, each in given.items()
        }
        with repeatable():
            outputs, _ = self.forward(copy, theirs, traced)
        return contracted(outputs, self.incoming)

    def calls(self, points: Sequence[Sequence[Any]], seed: int) -> Iterator[ByHand]:
        """Calls of both passes of one object at some points."""
        copy = deepcopy(self.layer)
        for arrays in points:
            values = dict(zip(self.names, own(arrays), strict=True))
            yield self.gradients(copy, self.with_arrays(copy, values), seed)

    def gradients(self, layer: Any, given: Given, seed: int) -> ByHand:
        """What the passes return as gradients, and what they leave in the object."""
        theirs = deepcopy(given)
        with repeatable(seed):
            outputs, rest = self.forward(layer, theirs)
            upstream = dict(zip(self.wanted, in_precision_of(outputs, self.incoming), strict=False))
            result = rest
            if self.backward is not None:
                result = self.run_backward(layer, theirs, upstream, outputs, rest)
        found = self.found_in(result, outputs[0] if self.is_loss else None)
        self.returned = set(found)
        for name in self.inward:
            if name not in found and (gradient := input_gradient(layer, name)) is not None:
                found[name] = gradient
        kept = own_gradients(layer, found)
        for path, place in self.held.items():
            ways = () if path in found else place
            beside = (gradient_at(layer, trail) for trail in ways)
            gradient = next((each for each in beside if each is not None), None)
            if gradient is not None:
                found[path] = gradient
                kept.append(path)
        called = {f"incoming gradient {n}" if n else "incoming gradient": each
                  for n, each in enumerate(self.incoming)}  # fmt: skip
        after = dict(zip(called, upstream.values(), strict=False))
        changed = changed_names(given | called, theirs | after)
        return ByHand(found, changed, tuple(kept))

    def run_backward(
        self, layer: Any, given: Given, upstream: Given, outputs: list[Any], rest: Any
    ) -> Any:
        """What the backward pass returns."""
        backward = getattr(layer, self.methods.backward or "")
        if self.methods.loss is not None:
            return backward(*arguments_after(backward, given, rest))
        return backward(*bind(backward, upstream, rest, given, outputs))

    def found_in(self, result: Any, loss: Any) -> Given:
        """The gradients that were returned, of inputs and of what the object holds."""
        shapes = {name: self.shapes[name] for name in (*self.inward, *self.held)}
        if self.is_loss and isinstance(result, tuple | list) and len(result) == len(self.held):
            shapes = {name: self.shapes[name] for name in self.held}  # the inputs are data
        due = Due(shapes, keys_of(self.held))
        called = returned_names(self.backward or getattr(self.layer, self.methods.forward))
        found = gradients_of(result, due, called, ordered=False, loss=loss)
        return found if isinstance(result, dict) else in_order_of_shapes(found, due)


def own_gradients(layer: Any, found: Given) -> list[str]:
    """The names of those gradients that were returned and are also kept by the object."""
    own = [value_at(layer, trail) for trail in trails_of(layer).values() if is_for_gradients(trail)]
    return [name for name, value in found.items() if any(value is each for each in own)]


def some(names: list[str]) -> str:
    """The first names, and how many there are more."""
    rest = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {rest} more" if rest > 0 else "")


def stands(layer: Any, trail: Trail, before: Any) -> bool:
    """Whether an array of an object is still the same one: a forward pass may keep its own."""
    try:
        return value_at(layer, trail) is before
    except (KeyError, IndexError, AttributeError, TypeError):
        return False


def put_everywhere(layer: Any, place: Place, value: Any) -> None:
    """Let a value stand at the ends of all ways to an array."""
    for trail in place:
        put(layer, trail, value)


def keys_of(held: dict[str, Place]) -> dict[str, tuple[str, ...]]:
    """The last names on the ways to held arrays, by which a dict of gradients may call them."""
    last = {path: {trail[-1][1] for trail in place} for path, place in held.items()}
    every = [key for keys in last.values() for key in keys]
    return {
        path: tuple(key for key in keys if isinstance(key, str) and every.count(key) == 1)
        for path, keys in last.items()
    }
