"""What forward passes return and backward passes are given, in the forms that people write."""

import inspect
from typing import Any

import numpy as np

from ...core.errors import describe, function_name, message
from .holdings import fields_of
from .problems import Exchange, FormError, exchanged

CACHES = ("cache", "caches", "ctx", "context", "saved", "memory", "fwd", "state", "tape")
TARGETS = ("y", "Y", "t", "T", "y_true", "Y_true", "target", "targets", "label", "labels", "actual",
           "expected", "truth", "ground_truth", "desired", "y_train", "Y_train")  # fmt: skip
INPUTS = ("x", "X", "z", "Z", "a", "A", "s", "u", "v", "inp", "input", "inputs")
RATES = ("learning_rate", "lr", "eta", "learn_rate", "learningRate", "l_rate", "step_size")
SHOWN = 8  # names in a note
RATE = 2.0**20  # so large that the parameters take no digits from what is subtracted from them


def named_inputs(forward: Any, inputs: tuple[Any, ...]) -> dict[str, Any]:
    """The inputs by the names of the parameters that take them."""
    try:
        parameters = list(inspect.signature(forward).parameters.values())
    except (TypeError, ValueError):
        parameters = []
    names: list[str] = []
    most = [each for each in parameters if each.kind is not inspect.Parameter.VAR_KEYWORD]
    several = any(each.kind is inspect.Parameter.VAR_POSITIONAL for each in parameters)
    if parameters and len(inputs) > len(most) and not several:
        raise FormError(message(
            f"{function_name(forward)} was given {len(inputs)} inputs, and takes {len(most)}",
            remedy="give those of the forward pass; a network with a loss may have targets too",
        ))  # fmt: skip
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
    """Random numbers of the shapes and dtypes of the outputs, none of them near 0.

    Of a single number, a loss, it is 1: many a backward pass takes that for granted.
    """
    random = np.random.default_rng(seed)
    result = []
    for output in outputs:
        dtype = np.asarray(output).dtype
        if dtype.kind not in "fc":
            raise FormError(
                message(
                    f"the forward pass returned {describe(output)} as an output",
                    remedy="return (out, cache), with real numbers in out; a network that keeps "
                    "its output may have a method loss that returns one number",
                )
            )
        shape = np.shape(output)
        size = random.uniform(0.5, 1.5, shape) * random.choice([-1, 1], shape)
        result.append((np.ones(shape) if np.size(output) == 1 else np.asarray(size)).astype(dtype))
    return result


def in_precision_of(outputs: list[Any], incoming: list[Any]) -> list[Any]:
    """Copies of the incoming gradients in the dtypes of the outputs."""
    return [g.astype(np.asarray(out).dtype) for out, g in zip(outputs, incoming, strict=True)]


def contracted(outputs: list[Any], incoming: list[Any]) -> Any:
    """The sum of the outputs times the incoming gradients."""
    terms = [np.sum(out * g) for out, g in zip(outputs, incoming, strict=True)]
    return sum(terms[1:], terms[0])


def input_gradient(layer: Any, name: str) -> Any:
    """The gradient of an input that an object keeps in an attribute, as `dx` or `dinputs`."""
    fields = fields_of(layer)
    called = (f"d{name}", f"d_{name}", f"grad_{name}", f"{name}_grad", "dinputs", "dinput",
              "d_input", "d_inputs", "grad_input", "dX", "dx")  # fmt: skip
    return next((fields[each] for each in called if isinstance(fields.get(each), np.ndarray)), None)


def upstream_names(backward: Any, given: dict[str, Any]) -> list[str]:
    """The parameters of a backward pass that take incoming gradients: those before the cache."""
    parameters = [
        parameter.name
        for parameter in inspect.signature(backward).parameters.values()
        if parameter.default is inspect.Parameter.empty
        and parameter.kind is not inspect.Parameter.VAR_KEYWORD
        and parameter.name not in RATES
    ]
    if same_by_place(backward, given):
        return []
    rest = [name for name in parameters if name not in given and name not in CACHES]
    if len(rest) == len(parameters) and len(parameters) > 1:
        rest = rest[:-1]  # the last one is the cache, whatever its name
    first = [name for name in rest if name.startswith(("d", "g", "delta", "upstream", "out"))]
    targets = [name for name in rest if name in TARGETS]
    if targets:
        raise FormError(message(
            f"{function_name(backward)} takes {targets[0]}, which the forward pass does not: it "
            "gives gradients of a loss",
            remedy="give the loss too: audit(lambda params, x, y: cost(forward(x, params), y), "
            "gradients, params, x, y); or a network with a method loss: audit_layer(network, None, "
            "x, y)",
        ))  # fmt: skip
    return first or rest[:1]


def same_by_place(backward: Any, given: dict[str, Any]) -> dict[str, str]:
    """The inputs that a backward pass takes under other names: `y` for `labels`, `z` for `x`.

    None of them if it takes anything else.
    """
    parameters = inspect.signature(backward).parameters.values()
    names = [each.name for each in parameters if each.default is inspect.Parameter.empty]
    if len(names) != len(given):
        return {}
    others = {own: theirs for own, theirs in zip(names, given, strict=True) if own != theirs}
    if len(names) == 1 and names[0] in INPUTS:
        return others  # a derivative takes what its function takes
    same = len(others) < len(names) and not {*others} & {*given}
    return others if same and all(own in TARGETS for own in others) else {}


def rates_of(backward: Any, rate: float, every: bool = True) -> dict[str, float]:
    """A learning rate for each parameter of a backward pass that is one, with a default or not.

    Unless `every`, those with a default keep it.
    """
    return {
        name: rate for name, parameter in inspect.signature(backward).parameters.items()
        if (name in RATES and (every or parameter.default is inspect.Parameter.empty))
        or (name == "alpha" and parameter.default is inspect.Parameter.empty)
    }  # fmt: skip


def further(backward: Any, arguments: list[Any], rates: dict[str, float]) -> dict[str, float]:
    """The learning rates that are not among the first arguments of a backward pass."""
    passed = [*inspect.signature(backward).parameters][: len(arguments)]
    return {name: rate for name, rate in rates.items() if name not in passed}


def bind(
    backward: Any, upstream: dict[str, Any], cache: Any, given: dict[str, Any], outputs: list[Any]
) -> list[Any]:
    """The arguments of a backward pass: incoming gradients, inputs by name, and the cache."""
    arguments, others = [], same_by_place(backward, given)
    for own, parameter in inspect.signature(backward).parameters.items():
        name = others.get(own, own)
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


def some(names: list[str]) -> str:
    """The first names, and how many there are more."""
    rest = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {rest} more" if rest > 0 else "")


def without_incoming(kind: str) -> FormError:
    """That a backward pass takes no incoming gradient, and there is no loss either."""
    return FormError(message(
        f"backward of {kind} takes no incoming gradient, and its forward pass returns no single "
        "number",
        remedy="return the loss from forward, or let backward take the gradient of the output; for "
        "a network with a loss of its own use audit(loss, gradients, ...)",
    ))  # fmt: skip


def without_gradients(kind: str) -> FormError:
    """That no gradient was found anywhere in an object."""
    return FormError(message(
        f"no gradient was found in {kind}: nothing was returned, and nothing stands beside its "
        "arrays",
        remedy="return the gradients from backward, or keep them as dW beside W, or in a dict "
        "grads by the names of the arrays",
    ))  # fmt: skip
