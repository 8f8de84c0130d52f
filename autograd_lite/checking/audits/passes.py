"""What forward passes return and backward passes are given, in the forms that people write."""

import inspect
from typing import Any

import numpy as np

from ...core.errors import describe, message
from .problems import Exchange, FormError, exchanged, plain_name


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


def other_inputs(given: dict[str, Any], exchange: Exchange) -> tuple[Any, ...]:
    """Inputs with other arrays in the place of their own."""
    return tuple(exchanged(value, exchange, name) for name, value in given.items())


def array_names(given: dict[str, Any]) -> tuple[str, ...]:
    """The names of the inputs that are arrays."""
    return tuple(name for name, value in given.items() if isinstance(value, np.ndarray))


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


def returned_gradients(names: tuple[str, ...], result: Any) -> dict[str, Any]:
    """The gradients that a backward pass returned: in the order of the inputs, or by name."""
    if isinstance(result, dict):
        by_name = {plain_name(key): value for key, value in result.items()} | result
        return {name: by_name[name] for name in names if by_name.get(name) is not None}
    values = list(result) if isinstance(result, tuple | list) else [result]
    if len(values) > len(names) and len(values) != len(names):
        values = [value for value in values if value is not None][: len(names)]
    return {name: value for name, value in zip(names, values, strict=False) if value is not None}
