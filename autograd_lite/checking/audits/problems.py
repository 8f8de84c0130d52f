"""What is audited: a scalar as a function of named arrays, and the gradient derived by hand.

`of_loss` and `of_layer` bring the forms in which people write both into one. Every call of the
user's code gets copies of its own, since many a backward pass overwrites what it is given.
"""

import inspect
from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import Any, NamedTuple

import numpy as np

from ...core.errors import describe, function_name, message
from ...core.trace import peel_all
from ...transforms import verbatim
from ...transforms.trees import flatten, rebuild


class Problem(NamedTuple):
    """A scalar function of arrays, and how its gradient is computed by hand.

    `scalar(arrays)` takes the arrays called `names`, or Tensors in their place, and returns the
    number that is differentiated. `manual()` returns what the user's code gives as gradients, by
    name; a name that is missing has none. `forward` and `backward` are the user's functions.
    """

    title: str
    names: tuple[str, ...]
    arrays: tuple[Any, ...]
    scalar: Callable[[Sequence[Any]], Any]
    manual: Callable[[], dict[str, Any]]
    forward: Any
    backward: Any


class FormError(TypeError):
    """Functions or arguments that do not fit together as an audit needs them."""


def is_parameter(value: Any) -> bool:
    """Whether a value is differentiated: an array of real numbers, or a Python float."""
    return isinstance(value, float) or (isinstance(value, np.ndarray) and value.dtype.kind == "f")


# A loss and its gradients


def of_loss(loss: Any, manual: Any, params: Any, data: tuple[Any, ...]) -> Problem:
    """The problem of `loss(params, *data)` and `manual(params, *data)`."""
    leaves = {name: leaf for name, leaf in flatten(params, first_name(loss)).items()}
    names = tuple(name for name, leaf in leaves.items() if is_parameter(leaf))
    if not names:
        raise FormError(
            message(
                f"audit of {function_name(loss)}: there is no array of real numbers in "
                f"{describe(params)}",
                remedy="give the parameters as float arrays, alone or in a dict, list or tuple",
            )
        )
    differentiable = verbatim(loss)

    def tree_of(arrays: Sequence[Any]) -> Any:
        given = iter(arrays)
        return rebuild(
            params, [next(given) if is_parameter(leaf) else leaf for leaf in leaves.values()]
        )

    def scalar(arrays: Sequence[Any]) -> Any:
        traced = any(not isinstance(array, np.ndarray | np.generic | float) for array in arrays)
        run = differentiable if traced else loss
        return one_number(loss, run(tree_of(arrays), *deepcopy(data)))

    def by_hand() -> dict[str, Any]:
        return gradients_by_name(names, leaves, manual(deepcopy(params), *deepcopy(data)))

    arrays = tuple(np.array(leaves[name]) for name in names)
    return Problem(function_name(loss), names, arrays, scalar, by_hand, loss, manual)


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
    if len(found) == len(names) + 1 and isinstance(result, tuple | list) and len(result) == 2:
        if np.size(result[0]) == 1:
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
    """`W` for `dW`, `grad_W`, `d_W`, `W_grad`, `gradW`, `dL_dW`."""
    for prefix in ("gradient_", "grad_", "dL_d", "dl_d", "delta_", "d_", "grad", "d"):
        if name.startswith(prefix) and len(name) > len(prefix):
            return name[len(prefix) :]
    for suffix in ("_gradient", "_grad", "_g", "grad"):
        if name.endswith(suffix) and len(name) > len(suffix):
            return name[: -len(suffix)]
    return name
