"""Random numbers of a call that is made again: the same ones, and none used up by it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.random import Generator, RandomState

States = list[tuple[Any, Any]]


def random_states(f: Any, arguments: Iterable[Any]) -> States:
    """The states of NumPy's own generator, and of all that a function is given or refers to."""
    found = {id(each): each for each in (*arguments, *variables_of(f)) if is_source(each)}
    return [(source, state_of(source)) for source in (np.random, *found.values())]


def is_source(value: Any) -> bool:
    """Whether a value is a generator of random numbers."""
    return isinstance(value, Generator | RandomState)


def variables_of(f: Any) -> Iterator[Any]:
    """What a function refers to by name: variables around it and of its module, and attributes."""
    owner = getattr(f, "__self__", None)
    yield from vars(owner).values() if hasattr(owner, "__dict__") else ()
    function = getattr(f, "__func__", f)
    for cell in getattr(function, "__closure__", None) or ():
        try:
            yield cell.cell_contents
        except ValueError:  # a variable that has no value yet
            continue
    code, known = getattr(function, "__code__", None), getattr(function, "__globals__", {})
    for name in () if code is None else code.co_names:
        yield known.get(name)


def state_of(source: Any) -> Any:
    """The state of a generator, or of np.random."""
    if isinstance(source, Generator):
        return source.bit_generator.state
    return source.get_state(legacy=False)


def set_state(source: Any, state: Any) -> None:
    """Let a generator go on from a state."""
    if isinstance(source, Generator):
        source.bit_generator.state = state
    else:
        source.set_state(state)


def used(states: States) -> States:
    """Those of the generators that have been used since: to read a state is not quick."""
    return [(source, state) for source, state in states if not is_same(state_of(source), state)]


def is_same(one: Any, other: Any) -> bool:
    """Whether two states are the same, also of arrays in dicts."""
    if isinstance(one, dict):
        return all(is_same(one[key], other[key]) for key in one)
    return bool(np.array_equal(one, other)) if isinstance(one, np.ndarray) else one == other


@contextmanager
def restored(states: States) -> Iterator[None]:
    """Generators as they were; after the block they go on from where they are now."""
    now = [(source, state_of(source)) for source, _ in states]
    for source, state in states:
        set_state(source, state)
    try:
        yield
    finally:
        for source, state in now:
            set_state(source, state)
