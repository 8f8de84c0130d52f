"""Shapes in symbols, and arrays that fit together: `{"X": ("N", "D"), "W": ("D", "H")}`.

A symbol stands for a length, the same wherever it occurs; `"D + 1"` and `"4*H"` are lengths too.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..core.errors import message

OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.FloorDiv)
SMALLEST, LARGEST = 0.2, 1.5  # entries, away from the kinks at 0


@dataclass(frozen=True)
class Labels:
    """Whole numbers from 0 to `classes` - 1 in an array of a shape."""

    shape: tuple[Any, ...]
    classes: Any


def labels(*shape: Any, classes: Any) -> Labels:
    """Labels for `given_gradients`: whole numbers below `classes`, as `labels("N", classes="C")`.

    >>> labels("N", classes="C")
    Labels(shape=('N',), classes='C')
    """
    return Labels(shape, classes)


def is_shape(form: Any) -> bool:
    """Whether something is a shape in symbols, or labels of such a shape."""
    lengths = form if isinstance(form, tuple) else None
    return isinstance(form, Labels) or (
        lengths is not None and all(isinstance(length, str | int) for length in lengths)
    )


def symbols_of(form: Any) -> Iterator[str]:
    """The symbols of a shape, in their order."""
    lengths = (*form.shape, form.classes) if isinstance(form, Labels) else form
    for length in lengths:
        if isinstance(length, str):
            yield from names_in(length)


def names_in(length: str) -> Iterator[str]:
    """The symbols of a length such as `"4*H + 1"`; ValueError for anything but arithmetic."""
    try:
        tree = ast.parse(length.strip(), mode="eval").body
    except SyntaxError:
        tree = ast.Tuple([])
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif not isinstance(node, (ast.BinOp, ast.Constant, ast.Load, *OPERATORS)):
            raise ValueError(
                message(
                    f"given_gradients: {length!r} is not a length",
                    remedy='a length is a whole number, or symbols with +, -, * and //, as "D + 1"',
                )
            )


def length_of(length: Any, sizes: dict[str, int]) -> int:
    """The number that a length is, by the sizes of its symbols."""
    if isinstance(length, str):
        return int(eval(length.strip(), {"__builtins__": {}}, dict(sizes)))
    return int(length)


def array_of(form: Any, sizes: dict[str, int], random: Any) -> Any:
    """Random numbers of a shape: of either sign, and none of them near 0; or labels."""
    if isinstance(form, Labels):
        shape = tuple(length_of(length, sizes) for length in form.shape)
        return random.integers(length_of(form.classes, sizes), size=shape)
    shape = tuple(length_of(length, sizes) for length in form)
    return random.uniform(SMALLEST, LARGEST, shape) * random.choice([-1.0, 1.0], shape)
