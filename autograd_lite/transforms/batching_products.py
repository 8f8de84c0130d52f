"""Products of whole batches at once, by `np.matmul` and `np.einsum`."""

from typing import Any

import numpy as np

from .batched import Members
from .batching import only_first, rule_of

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


@rule_of(np.matmul, np.dot)
def multiplied(function: Any, members: Members, args: Any, kwargs: dict[str, Any]) -> Any:
    """`np.matmul`, and `np.dot` of up to two axes."""
    if len(args) != 2 or kwargs:
        return NotImplemented
    a, b = args
    axes = np.ndim(a), np.ndim(b)
    if function is np.dot and (min(axes) == 0 or max(axes) > 2):
        return np.multiply(*apart(members, a, b, max(axes))) if min(axes) == 0 else NotImplemented
    if min(axes) == 0:
        return NotImplemented
    if axes[1] <= 2 and not members.has(b):
        return flat_product(a, b)
    left, right = members.raw(a), members.raw(b)
    if axes[0] == 1:
        left = left[..., None, :]
    if axes[1] == 1:
        right = right[..., :, None]
    most = max(*axes, 2)
    left, right = stacked(members, a, left, most), stacked(members, b, right, most)
    product = np.matmul(left, right)
    if axes[0] == 1:
        product = product[..., 0, :]
    return product[..., 0] if axes[1] == 1 else product


def flat_product(a: Any, b: Any) -> Any:
    """The product of a batch with one matrix or vector: the batch is nothing but more rows."""
    raw, rest = a._value, a._value.shape[:-1]
    if a.ndim == 1:
        return np.dot(raw, b)
    rows = np.reshape(raw, (int(np.prod(rest)), raw.shape[-1]))
    return np.reshape(np.dot(rows, b), (*rest, *np.shape(b)[1:]))


def stacked(members: Members, value: Any, matrices: Any, axes: int) -> Any:
    """Matrices with the batch in front of the axes of members, of which there are so many."""
    missing = axes + 1 - matrices.ndim
    if not members.has(value) or not missing:
        return matrices
    return np.reshape(matrices, (members.size, *(1,) * missing, *matrices.shape[1:]))


def apart(members: Members, a: Any, b: Any, axes: int) -> tuple[Any, Any]:
    """Two operands, of which one is a number, with as many axes behind the batch."""
    return tuple(
        np.reshape(x._value, (members.size, *(1,) * (axes - x.ndim), *x.shape))
        if members.has(x) else x
        for x in (a, b)
    )  # type: ignore[return-value]  # fmt: skip


@rule_of(np.vecdot if hasattr(np, "vecdot") else np.inner, np.inner)
def inner(function: Any, members: Members, args: Any, kwargs: dict[str, Any]) -> Any:
    """The inner product of two vectors."""
    if len(args) != 2 or kwargs or {np.ndim(x) for x in args} != {1}:
        return NotImplemented
    a, b = args
    if function is np.inner or np.result_type(members.raw(a)).kind == "f":
        return np.einsum("...i,...i->...", members.raw(a), members.raw(b))
    return NotImplemented


@rule_of(np.outer)
def outer(_: Any, members: Members, args: Any, kwargs: dict[str, Any]) -> Any:
    """`np.outer`."""
    if len(args) != 2 or kwargs:
        return NotImplemented
    a, b = (np.reshape(members.full(x), (members.size, -1)) for x in args)
    return a[:, :, None] * b[:, None, :]


@rule_of(np.einsum)
def einsum(_: Any, members: Members, args: Any, kwargs: dict[str, Any]) -> Any:
    """`np.einsum` with subscripts in a text that names all axes."""
    text = args[0]
    if not isinstance(text, str) or "." in text or set(kwargs) - {"optimize"}:
        return NotImplemented
    text = text.replace(" ", "")
    inputs, arrow, output = text.partition("->")
    if not arrow:
        counted = {letter: inputs.count(letter) for letter in set(inputs) - {","}}
        output = "".join(sorted(letter for letter, count in counted.items() if count == 1))
    free = next((letter for letter in LETTERS if letter not in text), None)
    if free is None:
        return NotImplemented
    terms = [
        free + term if members.has(value) else term
        for term, value in zip(inputs.split(","), args[1:], strict=True)
    ]
    values = [members.raw(value) for value in args[1:]]
    return np.einsum(f"{','.join(terms)}->{free}{output}", *values, **kwargs)


@rule_of(np.tensordot)
def tensordot(_: Any, members: Members, args: Any, kwargs: dict[str, Any]) -> Any:
    """`np.tensordot`, by einsum."""
    a, b = args[:2]
    axes = kwargs.get("axes", args[2] if len(args) > 2 else 2)
    if isinstance(axes, int):
        pairs = (range(np.ndim(a) - axes, np.ndim(a)), range(axes))
    else:
        first, second = ((n,) if isinstance(n, int) else tuple(n) for n in axes)
        pairs = ([n % np.ndim(a) for n in first], [n % np.ndim(b) for n in second])  # type: ignore[assignment]
    if np.ndim(a) + np.ndim(b) > len(LETTERS) - 1:
        return NotImplemented
    left, right = list(LETTERS[: np.ndim(a)]), list(LETTERS[np.ndim(a) :][: np.ndim(b)])
    for one, other in zip(*pairs, strict=True):
        right[other] = left[one]
    common = {left[n] for n in pairs[0]}
    output = [letter for letter in (*left, *right) if letter not in common]
    text = f"{''.join(left)},{''.join(right)}->{''.join(output)}"
    return einsum(np.einsum, members, (text, a, b), {"optimize": True})


@rule_of(np.linalg.solve)
def solved(_: Any, members: Members, args: Any, kwargs: dict[str, Any]) -> Any:
    """`np.linalg.solve` of one matrix, or of one for each member."""
    a, b = args
    if np.ndim(a) != 2 or np.ndim(b) > 2:
        return NotImplemented
    if only_first(members, (b, a), {}) and np.ndim(b) == 1:
        return np.transpose(np.linalg.solve(a, np.transpose(b._value)))
    if np.ndim(b) == 1:
        column = members.full(b)[..., None]
        return np.linalg.solve(members.full(a), column)[..., 0]
    return np.linalg.solve(members.full(a), members.full(b))
