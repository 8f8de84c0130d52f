"""Layers as problems: `forward` with `backward`, one function of both, and classes of both.

The scalar is the sum of the outputs times an incoming gradient of random numbers, which the
backward pass is given.
"""

import inspect
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from typing import Any

import numpy as np

from ...core.errors import describe, function_name, message
from ...transforms.verbatim.rebinding import verbatim
from .chance import repeatable
from .objects import of_object
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
    FormError,
    Other,
    Problem,
    changed_names,
    is_parameter,
    is_traced,
    lengths_of,
    of_loss,
    other_data,
    own,
)

CACHES = ("cache", "caches", "ctx", "context", "saved", "memory", "fwd", "state", "tape")


def of_layer(forward: Any, backward: Any, inputs: tuple[Any, ...], seed: int) -> Problem:
    """The problem of a layer: `forward(*inputs)` and `backward(dout, cache)`."""
    if isinstance(forward, type):
        raise FormError(
            message(
                f"audit_layer was given the class {forward.__name__}",
                remedy="make the layer first: audit_layer(Layer(...), None, x)",
            )
        )
    if not callable(forward) or hasattr(forward, "forward"):
        return of_object(forward, inputs, seed)
    if backward is None:
        return of_both(forward, inputs)
    return ForwardAndBackward(forward, backward, inputs, seed).problem()


class ForwardAndBackward:
    """Two functions: a forward pass, and the backward pass that takes its cache."""

    def __init__(self, forward: Any, backward: Any, inputs: tuple[Any, ...], seed: int) -> None:
        self.forward, self.backward, self.seed = forward, backward, seed
        self.given = named_inputs(forward, inputs)
        self.names = tuple(name for name, value in self.given.items() if is_parameter(value))
        if not self.names:
            raise FormError(
                message(
                    f"audit_layer({function_name(forward)}) was given no array of real numbers",
                    remedy="give the inputs of the layer as float arrays; whole numbers are data",
                )
            )
        self.wanted = upstream_names(backward, self.given)
        outputs, _ = split_result(forward(*deepcopy(inputs)), len(self.wanted))
        self.incoming = incoming_gradients(outputs, seed)
        self.differentiable = verbatim(forward)

    def problem(self) -> Problem:
        """The problem of the two functions."""
        given = self.given
        data = {name: value for name, value in given.items() if name not in self.names}
        others = tuple(
            Other(kind, text, self.scalar_of(given | dict(zip(data, changed, strict=True))))
            for kind, text, changed in other_data(tuple(data), tuple(data.values()))
        )
        arrays = {name: value for name, value in given.items() if isinstance(value, np.ndarray)}
        return Problem(
            function_name(self.forward), self.names,
            tuple(np.array(given[name]) for name in self.names), self.scalar_of(given),
            self.calls, self.forward, self.backward, lengths_of(arrays), others, self.rebuilt,
            array_names(given),
        )  # fmt: skip

    def rebuilt(self, exchange: Exchange) -> Problem:
        """The problem with other arrays."""
        inputs = other_inputs(self.given, exchange)
        return ForwardAndBackward(self.forward, self.backward, inputs, self.seed).problem()

    def scalar_of(self, data: dict[str, Any]) -> Callable[[Sequence[Any]], Any]:
        """The outputs times the incoming gradients as a function of the arrays."""

        def scalar(arrays: Sequence[Any]) -> Any:
            traced = is_traced(arrays)
            run, values = (self.differentiable, arrays) if traced else (self.forward, own(arrays))
            replaced = dict(zip(self.names, values, strict=True))
            theirs = [replaced.get(name, deepcopy(value)) for name, value in data.items()]
            with repeatable():
                found, _ = split_result(run(*theirs), len(self.wanted))
            return contracted(found, self.incoming)

        return scalar

    def calls(self, points: Sequence[Sequence[Any]], seed: int) -> Iterator[ByHand]:
        """Calls of both functions at some points."""
        for arrays in points:
            here = self.given | dict(zip(self.names, arrays, strict=True))
            theirs = deepcopy(here)
            with repeatable(seed):
                found, rest = split_result(self.forward(*theirs.values()), len(self.wanted))
                incoming = in_precision_of(found, self.incoming)
                upstream = dict(zip(self.wanted, incoming, strict=True))
                result = self.backward(*bind(self.backward, upstream, rest, theirs, found))
            before = here | dict(zip(self.wanted, self.incoming, strict=True))
            changed = changed_names(before, theirs | upstream)
            yield ByHand(returned_gradients(self.names, result), changed)


def upstream_names(backward: Any, given: dict[str, Any]) -> list[str]:
    """The parameters of a backward pass that take incoming gradients: those before the cache."""
    parameters = [
        parameter.name
        for parameter in inspect.signature(backward).parameters.values()
        if parameter.default is inspect.Parameter.empty
        and parameter.kind is not inspect.Parameter.VAR_KEYWORD
    ]
    rest = [name for name in parameters if name not in given and name not in CACHES]
    if len(rest) == len(parameters) and len(parameters) > 1:
        rest = rest[:-1]  # the last one is the cache, whatever its name
    first = [name for name in rest if name.startswith(("d", "g", "delta", "upstream", "out"))]
    return first or rest[:1]


def bind(
    backward: Any, upstream: dict[str, Any], cache: Any, given: dict[str, Any], outputs: list[Any]
) -> list[Any]:
    """The arguments of a backward pass: incoming gradients, inputs by name, and the cache."""
    arguments = []
    for name, parameter in inspect.signature(backward).parameters.items():
        if name in upstream:
            arguments.append(upstream[name])
        elif name in given:
            arguments.append(given[name])
        elif parameter.default is not inspect.Parameter.empty:
            break
        elif cache is not None:
            arguments.append(cache)
        else:
            arguments.append(outputs[0])
    return arguments


def of_both(function: Any, inputs: tuple[Any, ...]) -> Problem:
    """The problem of one function that returns `(loss, gradients)`."""
    given = named_inputs(function, inputs)
    names = [name for name, value in given.items() if is_parameter(value)]
    count = gradient_count(function(*deepcopy(inputs)), names)
    params = {name: given[name] for name in names[:count]}

    def loss(params: dict[str, Any]) -> Any:
        return function(*[params.get(name, value) for name, value in given.items()])

    def manual(params: dict[str, Any]) -> Any:
        return function(*[params.get(name, value) for name, value in given.items()])

    problem = of_loss(loss, manual, params, ())
    return problem._replace(
        title=function_name(function), forward=function, backward=function,
        rebuilt=lambda exchange: of_both(function, other_inputs(given, exchange)),
        inputs=array_names(given),
    )  # fmt: skip


def gradient_count(result: Any, names: list[str]) -> int:
    """Of how many of the names a function of both returns gradients."""
    if not isinstance(result, tuple | list) or len(result) < 2:
        raise FormError(
            message(
                f"the function returned {describe(result)}, where (loss, gradients) is due",
                remedy="give the backward pass as well: audit_layer(forward, backward, *inputs)",
            )
        )
    gradients = result[1:] if len(result) > 2 else result[1]
    count = len(gradients) if isinstance(gradients, tuple | list | dict) else 1
    return min(count, len(names))
