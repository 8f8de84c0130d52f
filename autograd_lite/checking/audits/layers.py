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
from ...transforms.rebinding import verbatim
from .problems import (
    ByHand,
    Exchange,
    FormError,
    Other,
    Problem,
    changed_names,
    exchanged,
    is_parameter,
    is_traced,
    lengths_of,
    of_loss,
    other_data,
    own,
    plain_name,
    repeatable,
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
    return of_functions(forward, backward, inputs, seed)


def of_functions(forward: Any, backward: Any, inputs: tuple[Any, ...], seed: int) -> Problem:
    """The problem of two functions."""
    given = named_inputs(forward, inputs)
    names = tuple(name for name, value in given.items() if is_parameter(value))
    if not names:
        raise FormError(
            message(
                f"audit_layer({function_name(forward)}) was given no array of real numbers",
                remedy="give the inputs of the layer as float arrays; whole numbers are data",
            )
        )
    wanted = upstream_names(backward, given)
    outputs, _ = split_result(forward(*deepcopy(inputs)), len(wanted))
    incoming = incoming_gradients(outputs, seed)
    differentiable = verbatim(forward)

    def scalar_of(data: dict[str, Any]) -> Callable[[Sequence[Any]], Any]:
        def scalar(arrays: Sequence[Any]) -> Any:
            traced = is_traced(arrays)
            run, values = (differentiable, arrays) if traced else (forward, own(arrays))
            replaced = dict(zip(names, values, strict=True))
            theirs = [replaced.get(name, deepcopy(value)) for name, value in data.items()]
            with repeatable():
                found, _ = split_result(run(*theirs), len(wanted))
            return contracted(found, incoming)

        return scalar

    def calls(points: Sequence[Sequence[Any]], seed: int) -> Iterator[ByHand]:
        for arrays in points:
            here = given | dict(zip(names, arrays, strict=True))
            theirs = deepcopy(here)
            with repeatable(seed):
                found, rest = split_result(forward(*theirs.values()), len(wanted))
                upstream = dict(zip(wanted, in_precision_of(found, incoming), strict=True))
                result = backward(*bind(backward, upstream, rest, theirs, found))
            before = here | dict(zip(wanted, incoming, strict=True))
            yield ByHand(
                returned_gradients(names, result), changed_names(before, theirs | upstream)
            )

    arrays = tuple(np.array(given[name]) for name in names)
    data = {name: value for name, value in given.items() if name not in names}
    others = tuple(
        Other(kind, text, scalar_of(given | dict(zip(data, changed, strict=True))))
        for kind, text, changed in other_data(tuple(data), tuple(data.values()))
    )
    return Problem(
        function_name(forward), names, arrays, scalar_of(given), calls, forward, backward,
        lengths_of({name: value for name, value in given.items() if isinstance(value, np.ndarray)}),
        others,
        lambda exchange: of_functions(forward, backward, other_inputs(given, exchange), seed),
    )  # fmt: skip


def other_inputs(given: dict[str, Any], exchange: Exchange) -> tuple[Any, ...]:
    """Inputs with other arrays in the place of their own."""
    return tuple(exchanged(value, exchange, name) for name, value in given.items())


def named_inputs(forward: Any, inputs: tuple[Any, ...]) -> dict[str, Any]:
    """The inputs by the names of the parameters that take them."""
    try:
        parameters = list(inspect.signature(forward).parameters.values())
    except (TypeError, ValueError):
        parameters = []
    names: list[str] = []
    for position in range(len(inputs)):
        known = parameters[position] if position < len(parameters) else None
        if known is None or known.kind is inspect.Parameter.VAR_POSITIONAL:
            names.append(f"input {position}")
        else:
            names.append(known.name)
    return dict(zip(names, inputs, strict=True))


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


def split_result(result: Any, count: int) -> tuple[list[Any], Any]:
    """What a forward pass returned: `count` outputs, and what it keeps for the backward pass."""
    if not isinstance(result, tuple | list):
        return [result], None
    if len(result) == count:
        return list(result), None
    outputs, rest = list(result[:count]), list(result[count:])
    return outputs, rest[0] if len(rest) == 1 else tuple(rest)


def incoming_gradients(outputs: list[Any], seed: int) -> list[Any]:
    """Random numbers of the shapes and dtypes of the outputs, none of them near 0."""
    random = np.random.default_rng(seed)
    result = []
    for output in outputs:
        dtype = np.asarray(output).dtype
        if dtype.kind not in "fc":
            raise FormError(
                message(
                    f"the forward pass returned {describe(output)} as an output",
                    remedy="return (out, cache), with real numbers in out",
                )
            )
        size = random.uniform(0.5, 1.5, np.shape(output)) * random.choice([-1, 1], np.shape(output))
        result.append(np.asarray(size).astype(dtype))
    return result


def in_precision_of(outputs: list[Any], incoming: list[Any]) -> list[Any]:
    """Copies of the incoming gradients in the dtypes of the outputs."""
    return [g.astype(np.asarray(out).dtype) for out, g in zip(outputs, incoming, strict=True)]


def contracted(outputs: list[Any], incoming: list[Any]) -> Any:
    """The sum of the outputs times the incoming gradients."""
    terms = [np.sum(out * g) for out, g in zip(outputs, incoming, strict=True)]
    return sum(terms[1:], terms[0])


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


def returned_gradients(names: tuple[str, ...], result: Any) -> dict[str, Any]:
    """The gradients that a backward pass returned: in the order of the inputs, or by name."""
    if isinstance(result, dict):
        by_name = {plain_name(key): value for key, value in result.items()} | result
        return {name: by_name[name] for name in names if by_name.get(name) is not None}
    values = list(result) if isinstance(result, tuple | list) else [result]
    if len(values) > len(names) and len(values) != len(names):
        values = [value for value in values if value is not None][: len(names)]
    return {name: value for name, value in zip(names, values, strict=False) if value is not None}


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


# Objects


def of_object(layer: Any, inputs: tuple[Any, ...], seed: int) -> Problem:
    """The problem of an object with `forward` and `backward`: its inputs and its own arrays."""
    held = {f"self.{name}": value for name, value in own_arrays(layer).items()}
    given = named_inputs(layer.forward, inputs)
    inward = {name: value for name, value in given.items() if is_parameter(value)}
    outputs, _ = split_result(deepcopy(layer).forward(*deepcopy(inputs)), 1)
    incoming = incoming_gradients(outputs, seed)
    found = object_gradients(deepcopy(layer), given, incoming, tuple(inward), held, 0).gradients
    names = (*inward, *[name for name in held if name in found])
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
        key = name.removeprefix("self.").rstrip("]").rpartition("[")[2].strip("'\"")
        gradient = gradient_of(layer, key)
        if gradient is not None:
            found[name] = gradient
    names = [f"incoming gradient {n}" if n else "incoming gradient" for n in range(len(incoming))]
    changed = changed_names(
        given | dict(zip(names, incoming, strict=True)),
        arguments | dict(zip(names, upstream, strict=True)),
    )
    return ByHand(found, changed, tuple(name for name in found if name in own))


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
