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
from ...transforms.trees import flatten
from ...transforms.verbatim.rebinding import verbatim
from .chance import repeatable
from .methods import Methods, methods_of, prediction_among
from .objects import of_object
from .passes import (
    RATE,
    array_names,
    bind,
    contracted,
    in_precision_of,
    incoming_gradients,
    named_inputs,
    other_inputs,
    rates_of,
    split_result,
    upstream_names,
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
    plain_name,
)
from .returned import Due, gradients_of, returned_names

LOSSES = ("loss", "cost", "J", "L", "E", "error", "total_loss", "total_cost", "nll")


def of_layer(forward: Any, backward: Any, inputs: tuple[Any, ...], seed: int) -> Problem:
    """The problem of a layer: `forward(*inputs)` and `backward(dout, cache)`."""
    if isinstance(forward, type):
        raise FormError(
            message(
                f"audit_layer was given the class {forward.__name__}",
                remedy="make the layer first: audit_layer(Layer(...), None, x)",
            )
        )
    theirs = owner(backward)
    if not callable(forward) or hasattr(forward, "forward"):
        named = backward.__name__ if theirs is forward else None
        return of_object(forward, inputs, seed, methods_of(forward, inputs, backward=named))
    if owner(forward) is not None and backward is None:
        return of_object(owner(forward), inputs, seed, Methods(forward.__name__))
    if owner(forward) is not None and owner(forward) is theirs:
        methods = methods_of(theirs, inputs, forward.__name__, backward.__name__)
        return of_object(theirs, inputs, seed, methods)
    if type(owner(forward)) is type(theirs) and theirs is not None:
        raise FormError(
            message(
                f"audit_layer was given methods of two objects of class {type(theirs).__name__}",
                remedy="make one: network = Network(); audit_layer(network.loss, network.backward)",
            )
        )
    if backward is None:
        return of_both(forward, inputs)
    return ForwardAndBackward(forward, backward, inputs, seed).problem()


def owner(method: Any) -> Any:
    """The object of a method; None of a function, and of the method of a class."""
    there = method.__self__ if inspect.ismethod(method) else None
    return None if isinstance(there, type) else there


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
        self.count = max(1, len(self.wanted))
        outputs, _ = split_result(forward(*deepcopy(inputs)), self.count)
        self.incoming = incoming_gradients(outputs, seed)
        if not self.wanted:  # the derivative of an elementwise function is the gradient of its sum
            self.incoming = [np.ones_like(each) for each in self.incoming]
        self.differentiable = verbatim(forward)
        self.notes: tuple[str, ...] = ()
        if np.size(outputs[0]) == 1:
            self.leave_out_targets()

    def leave_out_targets(self) -> None:
        """Take the inputs of a loss that have no gradient for data."""
        found = next(self.calls([[self.given[name] for name in self.names]], 0)).gradients
        mine = tuple(found)
        if self.alone and len(found) == 1:
            mine = (prediction_among(self.names),)
        elif self.wanted or len(found) < 2:
            return
        rest = [name for name in self.names if name not in mine]
        self.names = mine
        if rest:
            text = f"not looked at, since no gradient of it was returned: {', '.join(rest)}"
            self.notes = (text,)

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
            array_names(given), self.notes,
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
                found, _ = split_result(run(*theirs), self.count)
            return contracted(found, self.incoming)

        return scalar

    def calls(self, points: Sequence[Sequence[Any]], seed: int) -> Iterator[ByHand]:
        """Calls of both functions at some points."""
        for arrays in points:
            here = self.given | dict(zip(self.names, arrays, strict=True))
            theirs = deepcopy(here)
            with repeatable(seed):
                found, rest = split_result(self.forward(*theirs.values()), self.count)
                incoming = in_precision_of(found, self.incoming)
                upstream = dict(zip(self.wanted, incoming, strict=False))
                rates = rates_of(self.backward, RATE)
                result = self.backward(*bind(self.backward, upstream | rates, rest, theirs, found))
            self.alone = len(self.names) > 1 and isinstance(result, np.ndarray)
            before = here | dict(zip(self.wanted, self.incoming, strict=False))
            changed = changed_names(before, theirs | upstream)
            yield ByHand(self.found_in(result), changed)

    def found_in(self, result: Any) -> dict[str, Any]:
        """The gradients that were returned: the order of the inputs is also theirs."""
        due = Due({name: np.shape(self.given[name]) for name in self.names})
        return gradients_of(result, due, returned_names(self.backward))


def of_both(function: Any, inputs: tuple[Any, ...]) -> Problem:
    """The problem of one function that returns `(loss, gradients)`, or the gradients first."""
    given = named_inputs(function, inputs)
    result = function(*deepcopy(inputs))
    labels = returned_names(function)
    loss, gradients = loss_and_gradients(result, labels)
    tree = tree_of_parameters(given, gradients)
    due = Due({name: np.shape(value) for name, value in given.items() if is_real(value)})
    called = [*labels]
    if called and len(called) == len(result):
        called.pop(0 if loss is result[0] else -1)
    differentiable = verbatim(function)

    def both(params: Any) -> Any:
        replaced = {tree: params} if tree is not None else params
        run = differentiable if is_traced(list(flatten(params).values())) else function
        inputs = [replaced.get(name, value) for name, value in given.items()]
        return loss_and_gradients(run(*inputs), labels)

    def manual(params: Any) -> Any:
        return gradients_of(both(params)[1], due, called)

    found = gradients_of(gradients, due, called) if tree is None else {}
    params: Any = {name: np.array(given[name]) for name in found} if tree is None else given[tree]
    problem = of_loss(both, manual if tree is None else both, params, ())
    return problem._replace(
        title=function_name(function), forward=function, backward=function,
        rebuilt=lambda exchange: of_both(function, other_inputs(given, exchange)),
        inputs=array_names(given),
    )  # fmt: skip


def is_real(value: Any) -> bool:
    """Whether a value is an array of real numbers, or one number that is not whole."""
    return is_parameter(value) or isinstance(value, float)


def tree_of_parameters(given: dict[str, Any], gradients: Any) -> str | None:
    """The input that is a dict or list of parameters, of which gradients were returned."""
    found = {plain_name(name) for name in flatten(gradients)}
    for name, value in given.items():
        leaves = flatten(value) if isinstance(value, dict | list | tuple) else {}
        if any(map(is_parameter, leaves.values())) and found & {*map(plain_name, leaves)}:
            return name
    return None


def loss_and_gradients(result: Any, labels: Sequence[str] = ()) -> tuple[Any, Any]:
    """The loss, which stands first or last in a tuple, and the gradients beside it.

    Where both may be the loss, the names in the source tell.
    """
    if not isinstance(result, tuple | list) or len(result) < 2:
        raise FormError(
            message(
                f"the function returned {describe(result)}, where (loss, gradients) is due",
                remedy="give the backward pass as well: audit_layer(forward, backward, *inputs)",
            )
        )
    last = is_one_number(result[-1]) and (
        not is_one_number(result[0])
        or (len(labels) == len(result) and labels[-1] in LOSSES and labels[0] not in LOSSES)
    )
    loss, rest = (result[-1], result[:-1]) if last else (result[0], result[1:])
    return loss, tuple(rest) if len(rest) > 1 else rest[0]


def is_one_number(value: Any) -> bool:
    """Whether a value may be a loss."""
    return not isinstance(value, dict | list | tuple) and np.size(value) == 1
