"""A pair and its inputs as what `audit` or `audit_layer` takes, and a trial run of both."""

import inspect
from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import Any, NamedTuple

import numpy as np

from ..checking.audits.auditing import audit, audit_layer
from ..checking.audits.layers import of_layer
from ..checking.audits.methods import arguments_after, methods_of, needed
from ..checking.audits.problems import Problem, is_parameter, is_traced, of_loss, plain_name
from ..checking.audits.reports import Report
from ..transforms.trees import flatten
from ..transforms.verbatim.rebinding import verbatim
from .pairs import Pair, targets_of

Inputs = dict[str, Any]


class Plan(NamedTuple):
    """The arguments of `audit`, or of `audit_layer`."""

    of_layer: bool
    first: Any
    second: Any
    rest: tuple[Any, ...]

    def problem(self) -> Problem:
        """What is to be audited."""
        if self.of_layer:
            return of_layer(self.first, self.second, self.rest, 0)
        return of_loss(self.first, self.second, self.rest[0], self.rest[1:])

    def report(self) -> Report:
        """The audit."""
        return (audit_layer if self.of_layer else audit)(self.first, self.second, *self.rest)


class Trial(NamedTuple):
    """How far a pair ran on some inputs: the higher the score, the likelier they are meant so.

    0 the forward pass failed, 1 the gradient by hand failed, 2 it has other shapes than the
    parameters, 3 all fits together.
    """

    score: int
    error: BaseException | None = None
    finite: bool = True

    def beats(self, other: "Trial | None") -> bool:
        """Whether this one says more than another: a function that ran says what it is not."""
        ran = [each is not None and isinstance(each.error, UnfitError) for each in (self, other)]
        return other is None or (self.score, ran[0]) > (other.score, ran[1])


class UnfitError(TypeError):
    """A function does not return what a pair of its kind returns."""


def plan_of(pair: Pair, inputs: Inputs) -> Plan:
    """How to audit a pair on inputs; calls its functions. Errors of theirs are not caught."""
    if pair.kind == "layer":
        return Plan(True, pair.forward, pair.backward, positional(pair.forward, inputs))
    if pair.kind == "loss":
        return plan_of_loss(pair, inputs)
    if pair.kind == "network":
        return plan_of_loss(with_passes_joined(pair), inputs)
    if pair.kind == "both":
        return plan_of_both(pair.forward, inputs)
    made = pair.forward(*positional(pair.forward, inputs))
    if pair.kind == "object":
        return plan_of_object(made, inputs, pair.loss)
    return plan_of_model(made, inputs)


def positional(function: Any, inputs: Inputs) -> tuple[Any, ...]:
    """The inputs of a function in its order, up to the last one that is given."""
    parameters = list(parameters_of(function))
    given = [n for n, parameter in enumerate(parameters) if parameter.name in inputs]
    return tuple(
        deepcopy(inputs.get(parameter.name, parameter.default))
        for parameter in parameters[: max(given, default=-1) + 1]
    )


def parameters_of(function: Any) -> Sequence[inspect.Parameter]:
    """The parameters of a function that take one argument each; of a class, of its making."""
    try:
        found = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return ()
    single = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return tuple(parameter for parameter in found if parameter.kind in single)


def plan_of_loss(pair: Pair, inputs: Inputs) -> Plan:
    """The plan for a loss and its gradients, which may take their arguments in other orders."""
    loss, manual = pair.forward, pair.backward
    one_number_of(loss(*positional(loss, inputs)))
    order = [parameter.name for parameter in parameters_of(loss) if parameter.name in inputs]
    own_order = [parameter.name for parameter in parameters_of(manual) if parameter.name in inputs]
    params = differentiated(manual(*positional(manual, inputs)), inputs, order)
    if params == order[:1] and own_order == order:
        return Plan(False, loss, manual, positional(loss, inputs))

    def loss_of(params: Inputs) -> Any:
        return loss(*[params.get(name, inputs[name]) for name in order])

    def manual_of(params: Inputs) -> Any:
        return manual(*[params.get(name, inputs[name]) for name in own_order])

    if len(params) == 1:  # a container, or an array that is not the first argument
        name = params[0]

        def loss_of_one(value: Any) -> Any:
            return loss_of({name: value})

        def manual_of_one(value: Any) -> Any:
            return manual_of({name: value})

        for function in (loss_of_one, manual_of_one):
            function.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
                [inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD)]
            )
        loss_of_one.__name__ = loss.__name__
        return Plan(False, loss_of_one, manual_of_one, (deepcopy(inputs[name]),))
    loss_of.__name__ = loss.__name__
    return Plan(False, loss_of, manual_of, ({name: deepcopy(inputs[name]) for name in params},))


def one_number_of(result: Any) -> float:
    """The loss that a function returned, alone or first of several; UnfitError if it is none."""
    value = result[0] if isinstance(result, tuple | list) and result else result
    if isinstance(value, dict) or np.size(value) != 1:
        raise UnfitError("returned no single number for the loss")
    return float(np.reshape(value, ()))


def differentiated(result: Any, inputs: Inputs, order: list[str]) -> list[str]:
    """The names of the inputs of which a gradient's function returned the gradients."""
    if isinstance(result, tuple | list) and len(result) == 2 and np.ndim(first_leaf(result)) == 0:
        result = result[1]
    floats = [name for name in order if is_parameter(inputs[name])]
    trees = [name for name in order if isinstance(inputs[name], dict | list | tuple)]
    if isinstance(result, dict):
        plain = {*result} | {plain_name(str(key)) for key in result}
        named = [name for name in order if name in plain]
        named = named or [name for name in trees if plain & {*keys_of(inputs[name])}]
        if named:
            return named
    if trees and (order[0] in trees or not floats):
        return trees[:1]
    if isinstance(result, tuple | list) and len(result) > 1:
        return floats[: len(result)]
    shape = np.shape(first_leaf(result))
    return ([name for name in floats if np.shape(inputs[name]) == shape] or floats)[:1]


def keys_of(tree: Any) -> list[Any]:
    """The keys of a dict; none of anything else."""
    return list(tree) if isinstance(tree, dict) else []


def first_leaf(result: Any) -> Any:
    """The first array of a tree."""
    return next(iter(flatten(result).values()), None)


def plan_of_both(function: Any, inputs: Inputs) -> Plan:
    """The plan for a function that returns its loss and the gradients, in either order."""
    given = positional(function, inputs)
    result = function(*deepcopy(given))
    if not isinstance(result, tuple | list) or len(result) < 2:
        raise UnfitError("returned no pair of a loss and gradients")
    if len(result) == 2 and is_number(result[1]) and not is_number(result[0]):
        return plan_of_swapped(function, given)
    one_number_of(result)
    if not np.ndim(first_leaf(result[1])) and not isinstance(result[1], float):
        raise UnfitError("returned no gradients behind the loss")
    if given and isinstance(given[0], dict | list | tuple):
        return Plan(False, function, function, given)
    return Plan(True, function, None, given)


def is_number(value: Any) -> bool:
    """Whether a value is one number, and no array of it."""
    return not isinstance(value, dict | list | tuple) and np.shape(value) == ()


def plan_of_swapped(function: Any, given: tuple[Any, ...]) -> Plan:
    """The plan for a function that returns the gradients before the loss."""

    def both(*args: Any) -> Any:
        gradients, loss = function(*args)
        return loss, gradients

    both.__name__ = function.__name__
    both.__signature__ = inspect.signature(function)  # type: ignore[attr-defined]
    return Plan(True, both, None, given)


def with_passes_joined(pair: Pair) -> Pair:
    """A network's forward pass and loss as one loss, and both passes as its gradient."""
    taken = [*parameters_of(pair.forward)]
    own = inspect.signature(pair.loss).parameters
    taken += [own[name] for name in targets_of(pair.forward, pair.loss, pair.backward)]
    count = len(parameters_of(pair.forward))

    def after_forward(function: Any) -> Callable[..., Any]:
        def run(*inputs: Any) -> Any:
            given = dict(zip([each.name for each in taken], inputs, strict=True))
            leaves = [*flatten(inputs).values()]
            forward, after = (
                (verbatim(pair.forward), verbatim(function))
                if is_traced(leaves)
                else (pair.forward, function)
            )
            return after(*arguments_after(function, given, forward(*inputs[:count])))

        run.__name__ = function.__name__
        run.__signature__ = inspect.Signature(taken)  # type: ignore[attr-defined]
        return run

    return Pair("loss", after_forward(pair.loss), after_forward(pair.backward))


def plan_of_object(layer: Any, inputs: Inputs, its_loss: Any) -> Plan:
    """The plan for an object with both passes; of a loss, that of the loss by its first input.

    A backward pass that needs no incoming gradient is that of a loss, whose gradient is not to be
    multiplied by one.
    """
    methods = methods_of(layer, ())
    forward, backward = methods.forward, methods.backward or "backward"
    given = positional(getattr(layer, forward), inputs)
    if its_loss is not None:
        targets = targets_of(
            getattr(type(layer), forward), its_loss, getattr(type(layer), backward)
        )
        return Plan(True, layer, None, (*given, *[inputs[name] for name in targets]))
    result = getattr(deepcopy(layer), forward)(*deepcopy(given))
    needs = needed(getattr(layer, backward))
    if (
        needs
        or forward != "forward"
        or not given
        or not is_parameter(given[0])
        or not is_number(result)
    ):
        return Plan(True, layer, None, given)

    def loss(x: Any, *rest: Any) -> Any:
        here = deepcopy(layer)
        return (verbatim(here.forward) if is_traced([x]) else here.forward)(x, *rest)

    def manual(x: Any, *rest: Any) -> Any:
        here = deepcopy(layer)
        here.forward(x, *rest)
        return here.backward()

    loss.__name__ = type(layer).__name__
    return Plan(False, loss, manual, given)


def plan_of_model(model: Any, inputs: Inputs) -> Plan:
    """The plan for an object with a dict `params`, its loss, and the gradients with it or apart."""
    given = positional(model.loss, inputs)
    one_number_of(deepcopy(model).loss(*deepcopy(given)))
    return Plan(True, model.loss, getattr(model, "gradient", None), given)


def try_out(plan: Callable[[], Plan]) -> Trial:
    """Run a pair on inputs."""
    try:
        problem = plan().problem()
        value = problem.scalar(problem.arrays)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - the user's code may fail in any way
        return Trial(0, error)
    if not np.all(np.isfinite(value)):
        return Trial(0, ArithmeticError("the result is not finite"), finite=False)
    try:
        gradients = problem.manual().gradients
    except (Exception, SystemExit) as error:  # noqa: BLE001
        return Trial(1, error)
    fits = all(
        name in gradients and np.shape(gradients[name]) == array.shape
        for name, array in zip(problem.names, problem.arrays, strict=True)
    )
    return Trial(3 if fits else 2)
