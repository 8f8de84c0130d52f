"""What a call costs more in `autograd_lite.numpy` than in NumPy, on plain arrays.

Functions that make arrays return constant Tensors, all others what NumPy returns.
"""

from collections.abc import Callable
from functools import partial
from statistics import median
from typing import Any

import numpy as np

import autograd_lite.numpy as namespace
from tests.benchmarks.contenders import BY_HAND, OURS
from tests.benchmarks.table import Bar, Row
from tests.benchmarks.timing import interleave

X = np.linspace(0.1, 2.0, 3)
Calls = dict[str, tuple[Any, ...]]
OF_ARRAYS: Calls = {
    "exp": (X,), "maximum": (X, 0.0), "sum": (X,), "mean": (X,), "dot": (X, X), "sort": (X,),
    "concatenate": ((X, X),), "where": (X > 1, X, 0.0), "reshape": (X, (3, 1)), "argmax": (X,),
}  # fmt: skip
MAKING_ARRAYS: Calls = {
    "zeros": (3,), "ones": (3,), "empty": (3,), "full": (3, 2.0), "array": ([1.0, 2.0],),
    "asarray": (X,), "eye": (3,), "arange": (3.0,), "zeros_like": (X,), "linspace": (0, 1, 3),
}  # fmt: skip


def measure(quick: bool) -> list[Row]:
    """A row for functions of plain arrays, and one for functions that make what takes Tensors."""
    rounds = 20 if quick else 60
    of_arrays, making = extra_times(OF_ARRAYS, rounds), extra_times(MAKING_ARRAYS, rounds)
    slowest = max(of_arrays, key=lambda name: of_arrays[name])
    bar = Bar(f"`{slowest}`", of_arrays[slowest], 0.3, " µs")
    return [
        Row(
            "functions of arrays in `autograd_lite.numpy`, more a call",
            {BY_HAND: "0 µs", OURS: f"{median(of_arrays.values()):+.2f} µs in the median"},
            [bar],
        ),
        Row(
            "functions that make arrays, more a call",
            {BY_HAND: "0 µs", OURS: f"{median(making.values()):+.2f} µs in the median"},
        ),
    ]


def extra_times(calls: Calls, rounds: int) -> dict[str, float]:
    """What calls cost more, in microseconds, in the best rounds of both."""
    found = {}
    for name, arguments in calls.items():
        steps: dict[str, Callable[[], Any]] = {
            module.__name__: partial(getattr(module, name), *arguments)
            for module in (np, namespace)
        }
        timings = interleave(steps, rounds)
        found[name] = 1e6 * (timings.best(namespace.__name__) - timings.best("numpy"))
    return found
