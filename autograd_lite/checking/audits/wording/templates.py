"""How the gradient of an operand is written in NumPy, operation by operation.

    factor(edge, names)          # "{g} @ output_weights.T"

`{g}` stands for the gradient of the result, the other names for what the rule of the operation
keeps. Where a shape or an axis decides, a function writes the text.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from ..records import Edge

Naming = Callable[[Any], str | None]

TEMPLATES = {
    ("add", "a"): "{g}",
    ("add", "b"): "{g}",
    ("subtract", "a"): "{g}",
    ("subtract", "b"): "-{g}",
    ("multiply", "a"): "{g} * {b}",
    ("multiply", "b"): "{g} * {a}",
    ("divide", "a"): "{g} / {b}",
    ("divide", "b"): "-{g} * {y} / {b}",
    ("negative", "x"): "-{g}",
    ("reciprocal", "x"): "-{g} * {y} ** 2",
    ("exp", "x"): "{g} * {y}",
    ("expm1", "x"): "{g} * np.exp({x})",
    ("log", "x"): "{g} / {x}",
    ("log1p", "x"): "{g} / (1 + {x})",
    ("sqrt", "x"): "{g} / (2 * {y})",
    ("square", "x"): "2 * {g} * {x}",
    ("power", "a"): "{g} * {b} * {a} ** ({b} - 1)",
    ("power", "c"): "{g} * {exponent} * {c} ** ({exponent} - 1)",
    ("absolute", "x"): "{g} * np.sign({x})",
    ("sin", "x"): "{g} * np.cos({x})",
    ("cos", "x"): "-{g} * np.sin({x})",
    ("tanh", "x"): "{g} * (1 - {y} ** 2)",
    ("sigmoid", "x"): "{g} * {y} * (1 - {y})",
    ("maximum", "a"): "{g} * ({a} > {b})",
    ("maximum", "b"): "{g} * ({b} > {a})",
    ("minimum", "a"): "{g} * ({a} < {b})",
    ("minimum", "b"): "{g} * ({b} < {a})",
    ("where", "a"): "np.where({condition}, {g}, 0)",
    ("where", "b"): "np.where({condition}, 0, {g})",
    ("clip", "a"): "{g} * ({a} > {low}) * ({a} < {high})",
    ("logaddexp", "a"): "{g} / (1 + np.exp({b} - {a}))",
    ("logaddexp", "b"): "{g} / (1 + np.exp({a} - {b}))",
    ("max", "a"): "{g} * ({a} == {y})",
    ("min", "a"): "{g} * ({a} == {y})",
    ("outer", "a"): "{g} @ {b}",
    ("outer", "b"): "{a} @ {g}",
}
RESHAPING = ("reshape", "ravel", "squeeze", "expand_dims")


def factor(edge: Edge, name_of: Naming) -> str | None:
    """What an edge makes of the gradient `{g}`, in names; None where they do not suffice."""
    name, operand = edge.rule.operation.name, edge.rule.operand
    kept = dict(zip(edge.rule.names, edge.kept, strict=True))
    special = SPECIAL.get(name)
    if special is not None:
        text = special(edge, kept, name_of)
    else:
        template = TEMPLATES.get((name, operand))
        text = None if template is None else filled(template, kept, name_of)
    reduced = edge.rule.elementwise and edge.step.node.shape != edge.parent.shape
    if text is None or not reduced:
        return text
    return f"{grouped(text)}{summed_over(edge.step.node.shape, edge.parent.shape)}"


def filled(template: str, kept: dict[str, Any], name_of: Naming) -> str | None:
    """A template with the names of what was kept."""
    names: dict[str, str] = {"g": "{g}"}
    for key, value in kept.items():
        if f"{{{key}}}" in template:
            text = name_of(value)
            if text is None:
                return None
            names[key] = grouped(text)
    return template.format(**names)


def grouped(text: str) -> str:
    """A text in parentheses, if an operator could tear it apart."""
    depth = 0
    for character in text:
        depth += (character in "([") - (character in ")]")
        if character == " " and depth == 0:
            return f"({text})"
    return f"({text})" if text.startswith("-") else text


def summed_over(shape: tuple[int, ...], target: tuple[int, ...]) -> str:
    """The sum over the axes along which an operand was broadcast."""
    extra = len(shape) - len(target)
    axes = [*range(extra)]
    axes += [n + extra for n, size in enumerate(target) if size == 1 != shape[n + extra]]
    axis = axes[0] if len(axes) == 1 else tuple(axes)
    keep = ", keepdims=True" if any(axis >= extra for axis in axes) else ""
    return ".sum()" if len(axes) == len(shape) and not keep else f".sum(axis={axis}{keep})"


def product(edge: Edge, kept: dict[str, Any], name_of: Naming) -> str | None:
    """`np.dot` and `np.matmul` of matrices and vectors."""
    first = edge.rule.operand == "a"
    other = kept["b" if first else "a"]
    name = name_of(other)
    if name is None or np.ndim(other) > 2 or len(edge.parent.shape) > 2:
        return None
    name = grouped(name)
    if edge.step.node.shape == ():
        return f"{{g}} * {name}"
    if np.ndim(other) == 1:
        return f"np.outer({{g}}, {name})" if first else f"np.outer({name}, {{g}})"
    flipped = name.removesuffix(".T") if name.endswith(".T") else f"{name}.T"
    return f"{{g}} @ {flipped}" if first else f"{flipped} @ {{g}}"


def total(edge: Edge, kept: dict[str, Any], _: Naming) -> str:
    """`np.sum` and `np.mean`."""
    axis = kept.get("axis")
    whole = not isinstance(axis, int | tuple) or kept.get("keepdims") is True or axis == 0
    text = "{g}" if whole else f"np.expand_dims({{g}}, {axis})"
    if edge.rule.operation.name == "mean":
        count = np.prod(edge.parent.shape, dtype=int) // max(1, np.prod(edge.step.node.shape))
        text = f"{text} / {count}"
    return text


def reshaped(edge: Edge, _: dict[str, Any], __: Naming) -> str:
    """What only changes the shape."""
    return f"{{g}}.reshape({edge.parent.shape})"


def transposed(edge: Edge, kept: dict[str, Any], _: Naming) -> str:
    """`np.transpose`."""
    axes = kept.get("axes")
    if axes is None or len(edge.parent.shape) == 2:
        return "{g}.T"
    return f"{{g}}.transpose({tuple(int(axis) for axis in np.argsort(axes))})"


def piece(edge: Edge, kept: dict[str, Any], _: Naming) -> str | None:
    """The part of a joined array that came from one operand."""
    shapes = kept.get("tup_shapes") or kept.get("arrays_shapes")
    member = kept.get("member")
    if shapes is None or member is None or any(len(shape) == 0 for shape in shapes):
        return None
    last = len(shapes[0]) - 1
    places = {"hstack": min(1, last), "vstack": 0, "concatenate": kept.get("axis", 0)}
    axis = places[edge.rule.operation.name] % (last + 1)
    start = sum(shape[axis] for shape in shapes[:member])
    stop = start + shapes[member][axis]
    whole = sum(shape[axis] for shape in shapes)
    ends = f"{start or ''}:{'' if stop == whole else stop}"
    return f"{{g}}[{':, ' * axis}{ends}]"


SPECIAL: dict[str, Callable[[Edge, dict[str, Any], Naming], str | None]] = {
    "matmul": product,
    "dot": product,
    "sum": total,
    "mean": total,
    "transpose": transposed,
    "hstack": piece,
    "vstack": piece,
    "concatenate": piece,
    **dict.fromkeys(RESHAPING, reshaped),
}
