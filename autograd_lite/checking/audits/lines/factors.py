"""Gradients that are right but for a constant factor, a dtype or a shape: where that came in."""

from collections.abc import Callable
from typing import Any

import numpy as np

from .aligning import Run, same
from .blame import common_parent, settled_at, shared_origin, suspects
from .recognition import ADJOINT, GIVEN, VALUE
from .replacements import Repairs

FORMAL = ("", "transposed")


def wrong_form(run: Run, name: str, end: int) -> int | None:
    """The assignment that gave a gradient another dtype, or right values another shape."""
    leaf = run.record.leaves[run.problem.names.index(name)]
    value = run.assignments[end].value
    if run.gradients.get(name) is None:
        return end
    if not isinstance(value, np.ndarray) or (value.shape, value.dtype) == (leaf.shape, leaf.dtype):
        return None
    if value.dtype != leaf.dtype:
        return first_like(run, end, lambda other: other.dtype == value.dtype)
    if is_another(run, end, value):
        return last_before_return(run, end)
    exact = [m for m in run.matches(end) if m.is_exact and m.reference.node is leaf]
    if any(m.reference.kind == ADJOINT and m.reference.form in FORMAL for m in exact):
        return first_like(run, end, lambda other: other.shape == value.shape)
    return None


def is_another(run: Run, end: int, value: Any) -> bool:
    """Whether a value is right, but the gradient of something else."""
    return any(
        m.is_exact and m.reference.kind == ADJOINT and m.reference.node.shape == value.shape
        for m in run.matches(end)
        if not m.reference.form and m.reference.node is not None
    )


def last_before_return(run: Run, end: int) -> int:
    """The last assignment that passed on what is returned, or else the end."""
    chain = run.passed_on(end)
    plain = [n for n in chain if run.assignments[n].kind in ("assigned", "updated")]
    looped = plain and run.counts[run.assignments[plain[0]].key] > 1
    return plain[0] if plain and not looped else end


def first_like(run: Run, number: int, is_like: Callable[[Any], bool]) -> int:
    """The first assignment of which an array has what `is_like` asks of it."""
    for read in run.assignments[number].reads:
        before = run.assignments[read]
        is_array = isinstance(before.value, np.ndarray) and before.value.dtype.kind != "b"
        passed = before.name == run.assignments[number].name or same(
            before.value, run.assignments[number].value
        )
        if is_array and is_like(before.value) and passed:
            return first_like(run, read, is_like)
    return number


def is_scaled_last(run: Run, name: str, end: int) -> bool:
    """Whether a gradient was right before it was multiplied at last."""
    leaf = run.record.leaves[run.problem.names.index(name)]
    number = run.origin(end)
    return any(
        match.is_exact and match.reference.node is leaf and match.reference.kind == ADJOINT
        for read in run.assignments[number].reads
        for match in run.matches(read)
    )


def common_scale(run: Run, ends: dict[str, int]) -> float | None:
    """The factor by which all wrong gradients are wrong, if it is the same."""
    found: list[float] = []
    for name, end in ends.items():
        leaf = run.record.leaves[run.problem.names.index(name)]
        scales = [
            match.scale
            for match in run.matches(end)
            if match.reference.node is leaf
            and match.reference.kind == ADJOINT
            and not match.reference.form
        ]
        if not scales or abs(scales[0] - 1) < 1e-6:
            return None
        found.append(scales[0])
    return found[0] if all(abs(s - found[0]) < 1e-6 * abs(s) for s in found) else None


def first_with_scale(
    run: Run, repairs: Repairs, scale: float, bad: int | None, every: list[int]
) -> int | None:
    """Where a factor came in that all wrong gradients have."""
    numbers = repairs.first([n for n in suspects(run, None) if is_length(run, n)])
    if numbers is not None:
        return numbers.number
    if bad is not None and not run.matches(bad) and len(every) == 1:
        bad = run.origin(max(run.last))
    if bad is not None and not in_loop(run, bad):
        return bad
    keys: dict[Any, int] = {}
    for number in suspects(run, None) if bad is None or in_loop(run, bad) else []:
        value = run.assignments[number].value
        plain = run.assignments[number].kind in ("assigned", "argument")
        if isinstance(value, np.ndarray) and value.dtype.kind == "f" and plain:
            keys.setdefault(run.assignments[number].key, number)
    working = [n for n in keys.values() if repairs.of_line(n, scale)]
    if working:
        return settled_at(run, first_of_scale(run, max(working)))
    parent = common_parent(run, every)
    if parent is not None and bad is None:
        return first_of_scale(run, parent)
    origin = shared_origin(run)
    return bad if bad is not None or origin is None else first_of_scale(run, origin)


def in_loop(run: Run, number: int) -> bool:
    """Whether an assignment was computed by a loop that collects something."""
    return any(
        run.assignments[n].kind == "updated" and run.counts[run.assignments[n].key] > 1
        for n in (number, *run.assignments[number].reads)
    )


def is_length(run: Run, number: int) -> bool:
    """Whether an assignment is of a whole number."""
    value = run.assignments[number].value
    return isinstance(value, int) and not isinstance(value, bool)


def first_of_scale(run: Run, number: int) -> int:
    """The first of the gradients an array was computed from that has the factor of that array."""
    matches = run.matches(number)
    if not matches or not matches[0].is_gradient:
        return number
    scale = matches[0].scale
    for read in run.assignments[number].reads:
        if is_scaled_value(run, read):
            return read
        scales = [match.scale for match in run.matches(read) if match.is_gradient]
        if any(abs(other - scale) < 1e-6 * abs(scale) for other in scales):
            return first_of_scale(run, read)
    return number


def is_scaled_value(run: Run, number: int) -> bool:
    """Whether an array is a value of the forward pass but for a factor."""
    values = [m for m in run.matches(number) if m.reference.kind in (VALUE, GIVEN)]
    gradient = run.is_gradient(number) or number in run.cleared
    return bool(values) and not gradient and not any(match.is_exact for match in values)
