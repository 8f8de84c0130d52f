"""The derivative of `np.einsum`: for one operand, an einsum of all the others with the gradient.

In a_ij b_jk -> y_ik the operand and the result change places: g_ik b_jk -> gradient_ij. What is
left to do is notation: implicit results, the ellipsis, interleaved operands, indices that only
this operand has (multiplied with ones) and indices that it repeats (multiplied with a delta).
"""

from itertools import count
from typing import Any

import numpy as np

from ..core.operation import MULTILINEAR, declare
from ..core.primitives import expand
from ..core.structural_zeros.selected import Selected
from ..core.sweep import unbroadcast

Labels = list[Any]


def parse(operands: tuple[Any, ...]) -> tuple[list[Any], list[Labels], Labels]:
    """Arrays, the labels of each, and the labels of the result; ellipses are spelled out."""
    if isinstance(operands[0], str):
        inputs, _, output = operands[0].replace(" ", "").partition("->")
        arrays, terms = list(operands[1:]), [symbols(term) for term in inputs.split(",")]
        result = symbols(output) if "->" in operands[0] else None
    else:
        arrays, terms = list(operands[0:-1:2]), [list(term) for term in operands[1::2]]
        result = list(operands[-1]) if len(operands) % 2 else None
    widths = [np.ndim(array) - len(term) + 1 for array, term in zip(arrays, terms, strict=True)]
    width = max((w for w, term in zip(widths, terms, strict=True) if Ellipsis in term), default=0)
    if result is None:
        named = [label for term in terms for label in term if label is not Ellipsis]
        once = sorted(label for label in named if named.count(label) == 1)
        result = [Ellipsis, *once] if any(Ellipsis in term for term in terms) else once
    terms = [spell_out(term, w) for term, w in zip(terms, widths, strict=True)]
    return arrays, terms, spell_out(result, width)


def symbols(term: str) -> Labels:
    """`"i...j"` as a list of labels."""
    before, dots, after = term.partition("...")
    return [*before, Ellipsis, *after] if dots else list(before)


def spell_out(term: Labels, width: int) -> Labels:
    """An ellipsis as `width` labels, numbered from the right as broadcasting compares axes."""
    if Ellipsis not in term:
        return term
    at = term.index(Ellipsis)
    return [*term[:at], *(("axis", n) for n in range(width, 0, -1)), *term[at + 1 :]]


def einsum_rule(g: Any, member: int, operands: tuple[Any, ...]) -> Any:
    """An einsum in which operand number `member` and the result have changed places."""
    arrays, terms, result = parse(operands)
    which = member - 1 if isinstance(operands[0], str) else member // 2
    shape, own = np.shape(arrays[which]), terms[which]
    factors = [(g, result)]
    factors += [pair for n, pair in enumerate(zip(arrays, terms, strict=True)) if n != which]
    known = {label for _, labels in factors for label in labels}
    target: Labels = []
    for label, length in zip(own, shape, strict=True):
        if label in target:  # a diagonal: the delta of this axis and the first one of that name
            factors.append((np.eye(length, dtype=g.dtype), [label, ("copy", len(target))]))
            target.append(("copy", len(target)))
        else:
            if label not in known:
                factors.append((np.ones(length, dtype=g.dtype), [label]))
            target.append(label)
    numbers: dict[Any, int] = {}
    following = count()
    arguments: list[Any] = []
    for array, labels in factors:
        arguments += [array, [numbers.setdefault(label, next(following)) for label in labels]]
    arguments.append([numbers[label] for label in target])
    gx = unbroadcast(np.einsum(*arguments, optimize=len(factors) > 2), shape)
    if gx.shape != shape:  # the others were broadcast along an axis
        gx = expand(gx, shape)
    return Selected(gx, on_diagonal(own, shape)) if len(set(own)) < len(own) else gx


def on_diagonal(labels: Labels, shape: tuple[int, ...]) -> Any:
    """Which entries of an operand are read: those at which axes of one label agree."""
    numbers: Any = np.ogrid[tuple(slice(n) for n in shape)]
    read = np.ones(shape, bool)
    for number, label in zip(numbers, labels, strict=True):
        read &= number == numbers[labels.index(label)]
    return read


declare(
    np.einsum,
    kind=MULTILINEAR,
    cases=(
        "operands=['ij,jk->ik', (n, m), (m, k)]",
        "operands=['ij,jk', (n, m), (m, k)]",
        "operands=['ij,jk->ik', (n, 3), (1, m)]",
        "operands=['ij->ji', (n, m)]",
        "operands=['ij->', (n, m)]",
        "operands=['ii->i', (n, n)]",
        "operands=['iji->j', (n, m, n)]",
        "operands=['ii', (n, n)]",
        "operands=['i,i,i->', (n,), (n,), (n,)]",
        "operands=['ij,kl->il', (n, m), (k, 2)]",
        "operands=['...ij,...jk->...ik', (2, n, m), (m, k)]",
        "operands=['...ij,...jk', (2, 1, n, m), (3, m, k)]",
        "operands=['i...->...', (n, m, k)]",
        "operands=['b i, o i j, b j -> b o', (k, n), (2, n, m), (k, m)], optimize=True",
        "operands=[(n, m), [0, 1], (m, k), [1, 2], [0, 2]]",
        "operands=[(n, m), [0, 1], (m, k), [1, 2]]",
        "operands=[(2, n, m), [Ellipsis, 0, 1], [Ellipsis, 1, 0]]",
    ),
    remedy="an index must have the same length wherever it appears, and the result may only name "
    "indices of the operands",
    operands=einsum_rule,
)
