"""Objects as problems: their inputs and their own arrays, in lists, dicts and objects within too.

Their passes are methods (`methods`). The gradients are returned, or left beside the arrays
(`holdings`).
"""

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from typing import Any, NamedTuple

import numpy as np

from ...transforms.verbatim.rebinding import verbatim
from .chance import repeatable
from .holdings import (
    Place,
    gradient_at,
    is_announced,
    is_for_gradients,
    keys_of,
    own_gradients,
    places_of,
    put_everywhere,
    stands,
    value_at,
    with_parameters,
)
from .methods import Methods, arguments_after, inputs_of_loss, needed, set_to_zero
from .passes import (
    RATE,
    array_names,
    bind,
    contracted,
    further,
    in_precision_of,
    incoming_gradients,
    input_gradient,
    named_inputs,
    other_inputs,
    rates_of,
    some,
    split_result,
    upstream_names,
    without_gradients,
    without_incoming,
)
from .problems import (
    ByHand,
    Exchange,
    Problem,
    changed_names,
    is_parameter,
    is_traced,
    lengths_of,
    own,
)
from .returned import Due, gradients_of, in_order_of_shapes, returned_names
from .updates import (
    are_twice,
    is_of_one_length,
    known_rate,
    likely_rate,
    steps_between,
    values_of,
)

Given = dict[str, Any]


class Ran(NamedTuple):
    """What two passes gave: `before` are the arrays of the object between them."""

    outputs: list[Any]
    result: Any
    before: Given
    upstream: Given


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
        self.layer = layer = with_parameters(
            layer, lambda used: self.forward(used, deepcopy(self.given))
        )
        copy = deepcopy(layer)
        every = places_of(copy)
        before = {path: value_at(copy, place[0]) for path, place in every.items()}
        outputs, _ = self.forward(copy, deepcopy(self.given))
        self.incoming = incoming_gradients(outputs, seed)
        self.is_loss = np.size(outputs[0]) == 1
        if self.backward is not None and not self.is_loss and not self.wanted:
            raise without_incoming(type(layer).__name__)
        self.held = {
            path: place for path, place in every.items()
            if is_parameter(before[path]) and stands(copy, place[0], before[path])
        }  # fmt: skip
        self.shapes = {
            **{name: np.shape(each) for name, each in self.inward.items()},
            **{path: np.shape(before[path]) for path in self.held},
        }
        self.rate = None if self.backward is None else known_rate(layer, self.backward)
        self.given_rate = RATE
        self.stepped: dict[str, Place] = {}
        self.takes_steps, self.passes_rates, self.likely = False, False, 1.0
        self.stepped = self.taken_in_steps(self.gradients(deepcopy(layer), self.given, 0).gradients)
        found = self.gradients(deepcopy(layer), self.given, 0).gradients
        data = [name for name in self.inward if name not in found] if self.are_data(found) else []
        self.inward = {name: each for name, each in self.inward.items() if name not in data}
        known = {path for path in self.held if path in found}
        announced = {path for path, place in self.held.items()
                     if any(is_announced(layer, trail) for trail in place)}  # fmt: skip
        self.left_out = [] if self.is_loss or self.returned else data
        self.left_out += [
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

    def are_data(self, found: Given) -> bool:
        """Whether inputs without a gradient are data.

        Those of a loss are, those beside named ones, and those of a network of layers, or a layer
        that takes steps, whose backward pass returns nothing.
        """
        if self.is_loss or any(path in found and path in self.returned for path in self.held):
            return True
        if not self.returned and self.stepped:
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
            raise without_gradients(type(self.layer).__name__)
        kind = type(self.layer)
        forward = getattr(kind, self.methods.forward)
        backward = getattr(kind, self.methods.backward) if self.methods.backward else forward
        notes = (
            f"not looked at, since no gradient of it was found: {some(self.left_out)}",
        ) if self.left_out else ()  # fmt: skip
        if self.likely != 1:
            text = f"the learning rate is not known: by most of the steps it is {self.likely:.5g}"
            notes = (*notes, text)
        return Problem(
            kind.__name__, tuple(arrays), tuple(arrays.values()), self.scalar, self.calls, forward,
            backward, lengths_of(arrays), (),
            self.rebuilt, array_names(self.given), notes, self.at_rest,
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
        """Calls of both passes of one object at some points.

        An object whose parameters are another in every call is copied for each of them.
        """
        copy = deepcopy(self.layer)
        for arrays in points:
            copy = deepcopy(self.layer) if self.takes_steps else copy
            values = dict(zip(self.names, own(arrays), strict=True))
            yield self.gradients(copy, self.with_arrays(copy, values), seed)

    def gradients(self, layer: Any, given: Given, seed: int) -> ByHand:
        """What the passes return as gradients, and what they leave in the object."""
        theirs = deepcopy(given)
        ran = self.run_passes(layer, theirs, seed, 1.0)
        found = self.found_in(ran.result, ran.outputs[0] if self.is_loss else None)
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
        after = values_of(layer, self.stepped)
        found |= steps_between({path: ran.before[path] for path in after}, after, self.rate or 1.0)
        called = {f"incoming gradient {n}" if n else "incoming gradient": each
                  for n, each in enumerate(self.incoming)}  # fmt: skip
        upstream = dict(zip(called, ran.upstream.values(), strict=False))
        changed = changed_names(given | called, theirs | upstream)
        return ByHand(found, changed, tuple(kept))

    def run_passes(self, layer: Any, theirs: Given, seed: int, factor: float) -> Ran:
        """Run both passes; `factor` is that of the incoming gradients."""
        within = (value_at(layer, way[:-1]) for place in self.held.values() for way in place)
        with repeatable(seed):
            set_to_zero({id(each): each for each in (layer, *within)}.values())
            outputs, rest = self.forward(layer, theirs)
            incoming = [factor * each for each in in_precision_of(outputs, self.incoming)]
            upstream = dict(zip(self.wanted, incoming, strict=False))
            before, result = values_of(layer, self.held), rest
            if self.backward is not None:
                result = self.run_backward(layer, theirs, upstream, outputs, rest)
        return Ran(outputs, result, before, upstream)

    def taken_in_steps(self, found: Given) -> dict[str, Place]:
        """The arrays without a gradient from which the backward pass takes a multiple of one."""
        held = {
            path: place for path, place in self.held.items()
            if path not in found and not any(map(is_for_gradients, place))
        }  # fmt: skip
        if self.backward is None or not held:
            return {}
        taken, self.passes_rates = [], True
        for factor in (1.0, 2.0):
            layer = deepcopy(self.layer)
            before = self.run_passes(layer, deepcopy(self.given), 0, factor).before
            own = {path: before[path] for path in held}
            taken.append(steps_between(own, values_of(layer, held), 1.0))
        self.takes_steps = bool(taken[0])
        if self.wanted and not are_twice(*taken):
            return {}
        stepped = {
            path: held[path] for path, step in taken[0].items()
            if self.matters(path) and (self.wanted or not is_of_one_length(step))
        }  # fmt: skip
        if stepped and self.rate is None:
            self.rate = self.likely = likely_rate(
                {path: taken[0][path] for path in stepped}, before, self.scalar_with
            )
        return stepped

    def scalar_with(self, path: str, value: Any) -> Any:
        """The outputs times the incoming gradients with another value of one array."""
        layer = deepcopy(self.layer)
        put_everywhere(layer, self.held[path], value)
        with repeatable():
            outputs, _ = self.forward(layer, deepcopy(self.given))
        return contracted(outputs, self.incoming)

    def matters(self, path: str) -> bool:
        """Whether the outputs depend on an array; they do not on what an optimiser keeps."""
        value = value_at(self.layer, self.held[path][0])
        return bool(self.scalar_with(path, value) != self.scalar_with(path, 1.5 * value + 0.5))

    def run_backward(
        self, layer: Any, given: Given, upstream: Given, outputs: list[Any], rest: Any
    ) -> Any:
        """What the backward pass returns."""
        backward = getattr(layer, self.methods.backward or "")
        rates = rates_of(backward, self.given_rate, self.passes_rates)
        if self.methods.loss is not None:
            arguments = arguments_after(backward, given | rates, rest)
        else:
            arguments = bind(backward, rates | upstream, rest, given, outputs)
        return backward(*arguments, **further(backward, arguments, rates))

    def at_rest(self) -> Given:
        """The gradients that are returned with a learning rate of 0, where steps are taken."""
        if self.backward is None or not self.stepped or not rates_of(self.backward, RATE):
            return {}
        self.given_rate = 0.0
        try:
            ran = self.run_passes(deepcopy(self.layer), deepcopy(self.given), 0, 1.0)
        finally:
            self.given_rate = RATE
        return self.found_in(ran.result, ran.outputs[0] if self.is_loss else None)

    def found_in(self, result: Any, loss: Any) -> Given:
        """The gradients that were returned, of inputs and of what the object holds."""
        shapes = {name: self.shapes[name] for name in (*self.inward, *self.held)}
        if self.is_loss and isinstance(result, tuple | list) and len(result) == len(self.held):
            shapes = {name: self.shapes[name] for name in self.held}  # the inputs are data
        due = Due(shapes, keys_of(self.held))
        called = returned_names(self.backward or getattr(self.layer, self.methods.forward))
        found = gradients_of(result, due, called, ordered=False, loss=loss)
        return found if isinstance(result, dict) else in_order_of_shapes(found, due)
