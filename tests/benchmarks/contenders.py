"""Who takes part. A contender is built by a function; one whose package is absent is left out.

All contenders of a benchmark start from the same numbers and must still agree after a few steps:
a fast wrong answer is no contender.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np

BY_HAND = "NumPy by hand"
OURS = "autograd_lite"
TORCH = "torch"
AUTOGRAD = "autograd"
MYGRAD = "mygrad"
JAX_JIT = "jax jit"
JAX_EAGER = "jax"

PACKAGES = {
    TORCH: "torch",
    AUTOGRAD: "autograd",
    MYGRAD: "mygrad",
    JAX_JIT: "jax",
    JAX_EAGER: "jax",
}
COLUMNS = (BY_HAND, OURS, *PACKAGES)


@dataclass(frozen=True)
class Contender:
    """One way of doing the work: `step()` does it once, `state()` is what all must agree on."""

    step: Callable[[], object]
    state: Callable[[], Sequence[Any]]


def present(column: str) -> bool:
    """Whether the package behind a column of the table is installed."""
    return column not in PACKAGES or find_spec(PACKAGES[column]) is not None


def absent_packages() -> list[str]:
    """The peers that are not installed, each once."""
    return sorted({PACKAGES[column] for column in PACKAGES if not present(column)})


def assemble(
    builders: Mapping[str, Callable[[], Contender]], relative_tolerance: float, steps: int = 3
) -> dict[str, Contender]:
    """Build the contenders that are installed and check that they agree with the first one."""
    names = [name for name in builders if present(name)]
    contenders = {name: builders[name]() for name in names}
    for contender in contenders.values():
        for _ in range(steps):
            contender.step()
    reference = contenders[names[0]].state()
    for name in names[1:]:
        check_agreement(name, contenders[name].state(), reference, relative_tolerance)
    return contenders


def check_agreement(
    name: str, state: Sequence[Any], reference: Sequence[Any], relative_tolerance: float
) -> None:
    """Raise unless every array of `state` is, up to rounding, that of the reference."""
    for mine, theirs in zip(state, reference, strict=True):
        if np.shape(mine) != np.shape(theirs):
            raise AssertionError(f"{name}: shape {np.shape(mine)}, not {np.shape(theirs)}")
        difference = np.max(np.abs(np.asarray(mine) - np.asarray(theirs)))
        if not difference <= relative_tolerance * np.max(np.abs(theirs)):
            raise AssertionError(f"{name} is off by {difference:.3g}: it computes something else")
