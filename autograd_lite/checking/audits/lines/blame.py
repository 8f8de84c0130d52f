"""Which assignments may be wrong, and which of them is to be named."""

from collections.abc import Iterable

import numpy as np

from .aligning import Run, same


def keys_of(run: Run, numbers: Iterable[int]) -> set[tuple[str, int, str]]:
    """The keys of assignments."""
    return {run.assignments[number].key for number in numbers}


def shared(run: Run) -> list[int]:
    """The assignments, in their order, that all wrong gradients and no right ones come from."""
    slices = [run.slices[name] for name in run.wrong if name in run.slices]
    common = set.intersection(*[keys_of(run, each) for each in slices])
    numbers = set().union(*slices) - run.exonerated
    return [number for number in sorted(numbers) if run.assignments[number].key in common]


def suspects(run: Run, before: int | None) -> list[int]:
    """The assignments that may be wrong, in their order, up to one that surely is."""
    return [
        number
        for number in shared(run)
        if (before is None or number <= before)
        and number not in run.cleared
        and may_be_wrong(run, number)
    ]


def may_be_wrong(run: Run, number: int) -> bool:
    """Whether an assignment does not just hold a value of the forward pass."""
    assignment = run.assignments[number]
    if run.is_given(assignment):
        return False
    is_value = any(match.is_value for match in run.matches(number))
    passed = any(same(run.assignments[read].value, assignment.value) for read in assignment.reads)
    changes = passed and any(
        run.assignments[user].kind == "updated" and run.assignments[user].name == assignment.name
        for user in run.users.get(number, ())
    )
    return assignment.kind == "argument" or changes or not is_value


def similar(run: Run, bad: int, every: list[int]) -> list[int]:
    """The frontier's assignments that were computed from the same as a bad one."""
    reads = set(run.assignments[bad].reads)
    return [number for number in every if reads & set(run.assignments[number].reads)]


def common_parent(run: Run, front: list[int]) -> int | None:
    """The last gradient that several bad assignments were computed from, and nothing right."""
    if len(keys_of(run, front)) < 2:
        return None
    first_of_key = {run.assignments[n].key: n for n in reversed(front)}
    above = set.intersection(*[run.slice_of(n) - {n} for n in first_of_key.values()])
    found = [
        n
        for n in above - run.cleared
        if run.is_gradient(n)
        and not is_given(run, n)
        and (run.stems_from_gradient(n) or not any(m.is_value for m in run.matches(n)))
    ]
    return max(found, default=None)


def is_given(run: Run, number: int) -> bool:
    """Whether an assignment is an argument from outside."""
    return run.is_given(run.assignments[number])


def settled_at(run: Run, number: int) -> int:
    """The assignment that is to be named for a wrong value: not one that passed it on."""
    is_value = any(match.is_value for match in run.matches(number))
    if number in run.last or (is_value and not run.is_gradient(number)):
        number = run.origin(number)
    elif not run.is_bad(number) and run.is_gradient(number):
        number = last_of_value(run, number)
    found = run.assignments[number]
    while found.kind == "argument" and found.reads and not run.is_bad(number):
        before = [n for n in found.reads if same(run.assignments[n].value, found.value)]
        if not before:
            break
        number = before[0]
        found = run.assignments[number]
    inner = [run.assignments[read] for read in found.reads]
    if found.kind == "assigned" and len(inner) == 1 and inner[0].kind == "returned":
        return inner[0].number
    return number


def last_of_value(run: Run, number: int) -> int:
    """The last assignment that passed on a value which nothing but that was done with."""
    value = run.assignments[number].value
    users = run.users.get(number, [])
    if len(users) != 1 or users[0] in run.last:
        return number
    return last_of_value(run, users[0]) if same(run.assignments[users[0]].value, value) else number


def shared_origin(run: Run) -> int | None:
    """The last assignment that all wrong gradients were computed from."""
    numbers = [n for n in shared(run) if run.assignments[n].kind != "argument"]
    arrays = [
        n
        for n in numbers
        if np.ndim(run.assignments[n].value) > 0
        and n not in run.last
        and not any(match.is_value for match in run.matches(n))
    ]
    if not arrays:
        scalars = [n for n in numbers if isinstance(run.assignments[n].value, float)]
        return max(scalars, default=None)
    return run.origin(max(arrays))
