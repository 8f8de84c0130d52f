"""What is audited: a scalar as a function of named arrays, and the gradient derived by hand.

`of_loss` and `of_layer` bring the forms in which people write both into one. Every call of the
user's code gets copies of its own, since many a backward pass overwrites what it is given.
"""

import inspect
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from typing import Any, NamedTuple

import numpy as np

from ...core.errors import describe, function_name, message
from ...core.trace import Traced, peel_all
from ...transforms.trees import flatten, rebuild
from ...transforms.verbatim.rebinding import verbatim
from .chance import repeatable

Exchange = Callable[[str, Any], Any]


def unchangeable(_: Exchange) -> "Problem":
    """For problems that are made of something else than arrays."""
    raise NotImplementedError


class Problem(NamedTuple):
    """A scalar function of arrays, and how its gradient is computed by hand.

    `scalar(arrays)` takes the arrays called `names`, or Tensors in their place, and returns the
    number that is differentiated. `calls(points, seed)` calls the user's code for the gradients at
    one point after the other, each given by its arrays; what an object or a module remembers of
    one call is there in the next. `forward` and `backward` are the user's functions. `lengths`
    says what has a length, for each length; `others` are problems that people take for this one,
    by a diagnosis: other labels, for example. `rebuilt(exchange)` is the problem of the same code
    with `exchange(name, array)` in the place of every array that it is given, data too; `inputs`
    are the names of those among them that may be a batch. `notes` are worth knowing in any case.
    `at_rest()` gives the gradients of a backward pass that takes a step with the parameters, if it
    takes none. If `unguarded`, the right gradients are those without the small constants of
    logarithms.
    """

    title: str
    names: tuple[str, ...]
    arrays: tuple[Any, ...]
    scalar: Callable[[Sequence[Any]], Any]
    calls: Callable[[Sequence[Sequence[Any]], int], Iterator["ByHand"]]
    forward: Any
    backward: Any
    lengths: dict[int, str]
    others: tuple["Other", ...] = ()
    rebuilt: Callable[["Exchange"], "Problem"] = unchangeable
    inputs: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    at_rest: Callable[[], dict[str, Any]] = dict
    unguarded: bool = False

    def manual(self) -> "ByHand":
        """What the user's code makes of the gradients here."""
        return next(self.calls([self.arrays], 0))


class ByHand(NamedTuple):
    """What a manual pass gave: gradients by name, and the names of what it changed in place.

    A name that is missing among the gradients has none. `kept` are names of gradients that were
    not returned: an object keeps them in attributes.
    """

    gradients: dict[str, Any]
    changed: tuple[str, ...]
    kept: tuple[str, ...] = ()


class Other(NamedTuple):
    """A problem that was perhaps solved instead, with the kind and text of the diagnosis."""

    kind: str
    text: str
    scalar: Callable[[Sequence[Any]], Any]


class FormError(TypeError):
    """Functions or arguments that do not fit together as an audit needs them."""


def is_parameter(value: Any) -> bool:
    """Whether a value is differentiated: an array of real numbers, or a Python float."""
    return isinstance(value, float) or (isinstance(value, np.ndarray) and value.dtype.kind == "f")


# A loss and its gradients


def of_loss(loss: Any, manual: Any, params: Any, data: tuple[Any, ...]) -> Problem:
    """The problem of `loss(params, *data)` and `manual(params, *data)`."""
    return LossAndManual(loss, manual, params, data).problem()


class LossAndManual:
    """A loss and the function of its gradients, which are called alike."""

    def __init__(self, loss: Any, manual: Any, params: Any, data: tuple[Any, ...]) -> None:
        self.loss, self.manual, self.params, self.data = loss, manual, params, data
        self.first = first_name(loss)
        self.data_names = data_names(loss, data)
        self.leaves = flatten(params, self.first)
        self.names = tuple(name for name, leaf in self.leaves.items() if is_parameter(leaf))
        if not self.names:
            raise FormError(
                message(
                    f"audit of {function_name(loss)}: there is no array of real numbers in "
                    f"{describe(params)}",
                    remedy="give the parameters as float arrays, alone or in a dict, list or tuple",
                )
            )
        self.differentiable = verbatim(loss)

    def problem(self) -> Problem:
        """The problem of the two functions."""
        arrays = tuple(np.array(self.leaves[name]) for name in self.names)
        named = named_arrays(self.data_names, self.data)
        others = tuple(
            Other(kind, text, self.scalar_of(changed))
            for kind, text, changed in other_data(self.data_names, self.data)
        )
        return Problem(
            function_name(self.loss), self.names, arrays, self.scalar_of(self.data), self.calls,
            self.loss, self.manual, lengths_of(dict(zip(self.names, arrays, strict=True)) | named),
            others, self.rebuilt, tuple(named),
        )  # fmt: skip

    def rebuilt(self, exchange: Exchange) -> Problem:
        """The problem with other arrays."""
        data = zip(self.data_names, self.data, strict=True)
        return of_loss(
            self.loss, self.manual, exchanged(self.params, exchange, self.first),
            tuple(exchanged(each, exchange, name) for name, each in data),
        )  # fmt: skip

    def tree_of(self, arrays: Sequence[Any]) -> Any:
        """The parameters as the functions take them."""
        given = iter(arrays)
        leaves = self.leaves.values()
        return rebuild(
            self.params, [next(given) if is_parameter(leaf) else leaf for leaf in leaves]
        )

    def scalar_of(self, data: tuple[Any, ...]) -> Callable[[Sequence[Any]], Any]:
        """The loss as a function of the arrays, with some data."""

        def scalar(arrays: Sequence[Any]) -> Any:
            traced = is_traced(arrays)
            run, given = (self.differentiable, arrays) if traced else (self.loss, own(arrays))
            with repeatable():
                return one_number(self.loss, run(self.tree_of(given), *deepcopy(data)))

        return scalar

    def calls(self, points: Sequence[Sequence[Any]], seed: int) -> Iterator["ByHand"]:
        """Calls of the manual function at some points."""
        for arrays in points:
            given = self.tree_of(arrays)
            theirs, their_data = deepcopy(given), deepcopy(self.data)
            with repeatable(seed):
                result = self.manual(theirs, *their_data)
            changed = changed_names(
                flatten(given, self.first) | named_arrays(self.data_names, self.data),
                flatten(theirs, self.first) | named_arrays(self.data_names, their_data),
            )
            yield ByHand(gradients_by_name(self.names, self.leaves, result), changed)


def exchanged(tree: Any, exchange: Exchange, name: str) -> Any:
    """A tree with other arrays in the place of its own."""
    leaves = flatten(tree, name)
    return rebuild(tree, [
        exchange(path, leaf) if isinstance(leaf, np.ndarray) and leaf.dtype.kind in "fiub" else leaf
        for path, leaf in leaves.items()
    ])  # fmt: skip


def is_traced(arrays: Sequence[Any]) -> bool:
    """Whether there is a Tensor among the arrays."""
    return any(isinstance(array, Traced) for array in arrays)


def own(arrays: Sequence[Any]) -> list[Any]:
    """Copies of arrays: many a function overwrites what it is given."""
    return [np.array(array) for array in arrays]


def data_names(function: Any, data: tuple[Any, ...]) -> list[str]:
    """The names of the parameters that take the data, behind that of the parameters."""
    try:
        names = list(inspect.signature(function).parameters)[1:]
    except (TypeError, ValueError):
        names = []
    return names[: len(data)] + [f"argument {n + 1}" for n in range(len(names), len(data))]


def named_arrays(names: Sequence[str], data: tuple[Any, ...]) -> dict[str, Any]:
    """The arrays in the data, by the names of the parameters that take them."""
    tree = dict(zip(names, data, strict=True))
    return {path: leaf for path, leaf in flatten(tree).items() if isinstance(leaf, np.ndarray)}


def lengths_of(arrays: dict[str, Any]) -> dict[int, str]:
    """What has a length, for each length of an axis: `{6: "axis 0 of X"}`; data comes first."""
    found: dict[int, str] = {}
    for name, array in reversed(arrays.items()):
        for axis, length in enumerate(np.shape(array)):
            found.setdefault(length, f"axis {axis} of {name}")
    return found


def other_data(
    names: Sequence[str], data: tuple[Any, ...]
) -> Iterator[tuple[str, str, tuple[Any, ...]]]:
    """Data with labels that are off by one, or in another order: kind, text and the data."""
    for at, value in enumerate(data):
        if not isinstance(value, np.ndarray) or not value.size:
            continue
        label = names[at]
        changes: list[tuple[str, Any]] = []
        if value.dtype.kind in "iu":
            low, high = value.min(), value.max()
            changes += [
                (f"{label} + 1", np.where(value < high, value + 1, low)),
                (f"{label} - 1", np.where(value > low, value - 1, high)),
            ]
        elif np.all((value == 0) | (value == 1)) and value.ndim > 1:
            changes += [
                (f"{label} shifted by one column", np.roll(value, 1, axis=-1)),
                (f"{label} shifted by one column the other way", np.roll(value, -1, axis=-1)),
            ]
        if value.ndim and len(value) > 1:
            changes.append((f"{label} in the opposite order of its rows", value[::-1].copy()))
        for text, changed in changes:
            yield "labels", f"the labels are off: it is the gradient for {text}", (
                *data[:at], changed, *data[at + 1 :],
            )  # fmt: skip


def changed_names(before: dict[str, Any], after: dict[str, Any]) -> tuple[str, ...]:
    """The arrays that are not what they were."""
    return tuple(
        name
        for name, value in before.items()
        if isinstance(value, np.ndarray)
        and name in after
        and not np.array_equal(value, after[name], equal_nan=value.dtype.kind in "fc")
    )


def first_name(function: Any) -> str:
    """The name of a function's first parameter."""
    try:
        return next(iter(inspect.signature(function).parameters), "params")
    except (TypeError, ValueError):
        return "params"


def one_number(function: Any, value: Any) -> Any:
    """What a loss returns, alone or first of several, as a number; FormError for anything else."""
    if isinstance(value, tuple | list) and value:
        value = value[0]
    if np.size(peel_all(value)) != 1:
        raise FormError(
            message(
                f"{function_name(function)} returned {describe(value)}, where one number is due",
                remedy="return the scalar loss, alone or as the first of a tuple; for a layer use "
                "audit_layer(forward, backward, *inputs)",
            )
        )
    return np.reshape(value, ())


def gradients_by_name(
    names: tuple[str, ...], leaves: dict[str, Any], result: Any
) -> dict[str, Any]:
    """What a manual function returned, as gradients of the names.

    It may be a tree like the parameters, a sequence in their order, a dict whose keys say of what
    (`dW`, `grad_W`, `W_grad`), or any of these behind the loss.
    """
    found = flatten(result, names[0]) if result is not None else {}
    if isinstance(result, tuple | list) and len(result) == 2 and len(found) == len(names) + 1:
        found = flatten(result[1], names[0])
    if not set(names) <= set(found):
        renamed = {plain_name(name): value for name, value in found.items()}
        if set(names) & set(renamed):
            found = renamed
        elif len(found) in (len(names), len(leaves)):
            order = names if len(found) == len(names) else tuple(leaves)
            found = dict(zip(order, found.values(), strict=True))
    return {name: found[name] for name in names if found.get(name) is not None}


def plain_name(name: str) -> str:
    """`W` for `dW`, `grad_W`, `d_W`, `W_grad`, `gradW`, `dL_dW`, `nabla_W`."""
    for prefix in (
        "gradient_", "grad_", "nabla_", "dL_d", "dl_d", "dJ_d", "dj_d", "dC_d", "dE_d", "dloss_d",
        "dcost_d", "delta_", "d_", "grad", "d",
    ):  # fmt: skip
        if name.startswith(prefix) and len(name) > len(prefix):
            return name[len(prefix) :]
    for suffix in ("_gradient", "_grad", "_g", "grad"):
        if name.endswith(suffix) and len(name) > len(suffix):
            return name[: -len(suffix)]
    return name


def in_long_double(problem: Problem) -> Problem:
    """The problem in the longest precision there is, with its data."""

    def longer(array: Any) -> Any:
        return array.astype(np.longdouble) if array.dtype.kind == "f" else array

    long = problem.rebuilt(lambda _, array: longer(array))
    return long._replace(arrays=tuple(map(longer, problem.arrays)))
