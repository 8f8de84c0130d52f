"""Which methods of an object are its passes, and what they take.

forward(x) -> out             backward(dout)
forward(x, y) -> loss         backward()
forward(x) -> out             loss(out, y) or compute_loss(y)      backward(x, y)
loss(x, y) -> loss, gradients
"""

import inspect
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from ...core.errors import message
from .passes import CACHES, TARGETS
from .problems import FormError

FORWARD = ("forward", "forward_pass", "forward_propagation", "forward_prop", "feedforward",
           "feed_forward", "fprop", "predict")  # fmt: skip
BACKWARD = ("backward", "backward_pass", "backward_propagation", "backward_prop", "backprop",
            "back_prop", "bprop", "backpropagate", "backpropagation", "gradients", "gradient",
            "compute_gradients", "grad")  # fmt: skip
LOSS = ("loss", "cost", "compute_loss", "compute_cost", "calculate_loss", "calc_loss",
        "get_loss", "loss_function", "cost_function", "loss_fn", "objective")  # fmt: skip
ZERO = ("zero_grad", "zero_grads", "zerograd", "zeroGradParameters", "zero_gradients", "zero_grad_",
        "reset_grad", "reset_grads", "reset_gradients", "clear_grad", "clear_grads",
        "clear_gradients", "clean_grad", "cleargrads")  # fmt: skip
WANTED = ("true", "truth", "target", "expected", "label", "desired", "actual", "real")
PREDICTIONS = ("pred", "hat", "out", "prob", "score", "logit")


class Methods(NamedTuple):
    """Names of methods: `loss` takes what `forward` has computed, which may be the loss itself."""

    forward: str
    loss: str | None = None
    backward: str | None = None


def methods_of(
    layer: Any, inputs: tuple[Any, ...], loss: str | None = None, backward: str | None = None
) -> Methods:
    """The methods of an object that are its passes, of which some may be given by name.

    Raises FormError if it has none.
    """
    forward = first(layer, FORWARD)
    loss, backward = loss or first(layer, LOSS), backward or first(layer, BACKWARD)
    if forward is None and loss is None:
        raise FormError(message(
            f"{type(layer).__name__} has no method forward, and none loss",
            remedy="give the method itself: audit_layer(network.loss_and_gradients, None, x, y)",
        ))  # fmt: skip
    if forward is None or loss == forward:
        return Methods(str(loss), None, backward)
    due = needed(getattr(layer, forward))
    if backward is None or loss is None or (due and len(inputs) <= len(due)):
        return Methods(forward, None, backward)
    if set(due) <= set(needed(getattr(layer, loss))):
        return Methods(loss, None, backward)  # it runs the forward pass itself
    return Methods(forward, loss, backward)


def set_to_zero(holders: Iterable[Any]) -> None:
    """Call what objects have for setting their gradients to zero, which add up otherwise."""
    for holder in holders:
        name = first(holder, ZERO)
        if name is not None and not needed(getattr(holder, name)):
            getattr(holder, name)()


def first(layer: Any, names: tuple[str, ...]) -> str | None:
    """The first of some names that is a method of an object."""
    return next((name for name in names if callable(getattr(layer, name, None))), None)


def needed(method: Any) -> list[str]:
    """The parameters of a method that have no default."""
    return [
        name for name, parameter in inspect.signature(method).parameters.items()
        if parameter.default is inspect.Parameter.empty
        and parameter.kind is not inspect.Parameter.VAR_KEYWORD
    ]  # fmt: skip


def inputs_of_loss(loss: Any, known: dict[str, Any], rest: tuple[Any, ...]) -> dict[str, Any]:
    """The inputs that a loss takes beside those of the forward pass, by their names.

    Where it takes one argument more, that is what the forward pass returned: the one that is
    called so, or the first.
    """
    names = [name for name in inspect.signature(loss).parameters if name not in known]
    if len(names) > len(rest) and names:
        output = next((name for name in names if any(part in name for part in PREDICTIONS)), None)
        names.remove(output or names[0])
    return dict(zip(names, rest, strict=False))


def is_target(name: str) -> bool:
    """Whether an input of a loss is called as what is due: `y_true`, `target_output`."""
    return name in TARGETS or any(part in name.lower() for part in WANTED)


def prediction_among(names: Sequence[str]) -> str:
    """The input of a loss that is differentiated: no target, and called as what was computed."""
    free = [name for name in names if not is_target(name)] or list(names)
    return next((name for name in free if any(part in name for part in PREDICTIONS)), free[0])


def arguments_after(method: Any, given: dict[str, Any], result: Any) -> list[Any]:
    """The arguments of a loss or backward pass: inputs by name, and what the forward pass gave."""
    outputs = list(result) if isinstance(result, tuple | list) else [result]
    arguments = []
    for name, parameter in inspect.signature(method).parameters.items():
        if name in given:
            arguments.append(given[name])
        elif parameter.default is not inspect.Parameter.empty:
            break
        else:
            arguments.append(outputs[-1 if name in CACHES else 0])
    return arguments
