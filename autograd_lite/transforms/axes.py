"""Along which axes the examples of `vmap` lie, for every leaf of its arguments and results."""

from typing import Any

import numpy as np

from ..core.errors import describe, function_name, message
from .trees import flatten, mismatch

Placed = list[tuple[Any, int | None]]  # leaves, each with its axis; None: the same for all


def axes_of(f: Any, args: tuple[Any, ...], in_axes: Any) -> tuple[Any, ...]:
    """The axes of each argument."""
    if not isinstance(in_axes, tuple | list):
        return (in_axes,) * len(args)
    if len(in_axes) == len(args):
        return tuple(in_axes)
    raise ValueError(
        message(
            f"vmap of {function_name(f)}: in_axes={in_axes!r}, for {len(args)} positional "
            "arguments",
            remedy="give one number for all, or one for each of them",
        )
    )


def flat_axes(f: Any, tree: Any, axes: Any) -> Placed:
    """The leaves of an argument, each with the axis along which its examples lie."""
    leaves = flatten(tree)
    places = places_of(f, "in_axes", axes, leaves)
    return list(zip(leaves.values(), places, strict=True))


def places_of(f: Any, setting: str, axes: Any, leaves: dict[str, Any]) -> list[Any]:
    """The axis of each leaf, by its path; ValueError for paths that are not those of the leaves."""
    if axes is None or isinstance(axes, int | np.integer):
        return [axes] * len(leaves)
    given = flatten(axes)
    for path, axis in given.items():
        if axis is not None and not isinstance(axis, int | np.integer):
            raise TypeError(
                message(
                    f"vmap of {function_name(f)}: {setting} has {describe(axis)}"
                    f"{' for ' + path if path else ''}, where the number of an axis is due",
                    remedy=f"give a whole number, or a tree of them: {setting}=0",
                )
            )
    if given.keys() != leaves.keys():
        whose = "argument's" if setting == "in_axes" else "result's"
        raise ValueError(
            message(
                f"vmap of {function_name(f)}: the entries of {setting} are not those of the "
                f"{whose} leaves: {mismatch(leaves, given)}",
                remedy=f"give a tree of the {whose} form, or one number for all of it",
            )
        )
    return [given[path] for path in leaves]


def count_examples(f: Any, leaves: list[Placed]) -> int:
    """How many examples there are; ValueError if that is not the same everywhere."""
    counts: dict[int, str] = {}
    for value, axis in (pair for pairs in leaves for pair in pairs):
        if axis is None:
            continue
        shape = np.shape(value)
        if not -len(shape) <= axis < len(shape):
            raise ValueError(
                message(
                    f"vmap of {function_name(f)}: {describe(value)} has no axis {axis} of examples",
                    remedy="give in_axes=None for what is the same for all examples",
                )
            )
        counts[shape[axis]] = describe(value)
    if len(counts) == 1 and 0 not in counts:
        return next(iter(counts))
    found = ", ".join(f"{count} in {text}" for count, text in counts.items()) or "none"
    raise ValueError(
        message(
            f"vmap of {function_name(f)} needs the same number of examples everywhere, at least "
            f"one; found: {found}",
            remedy="check the shapes and in_axes",
        )
    )


def with_examples_at(f: Any, y: Any, axis: Any) -> Any:
    """A result whose examples lie along the first axis, with them along another one."""
    if axis is not None and -np.ndim(y) <= axis < np.ndim(y):
        return y if axis == 0 else np.moveaxis(y, 0, axis)
    raise ValueError(
        message(
            f"vmap of {function_name(f)}: out_axes={axis}, for a result {np.shape(y)[1:]} of each "
            f"example, {np.shape(y)[0]} together",
            remedy=f"give a number from {-np.ndim(y)} to {np.ndim(y) - 1}, the place of the "
            "examples among the axes of all results",
        )
    )
