"""Time several ways of doing the same work so that their ratios can be trusted on a busy machine.

The contenders take turns in many short rounds (A B C, B C A, C A B, ...). A neighbour's burst of
work then falls on all of them alike, and the ratio *within* a round hardly notices it; the median
over the rounds discards the rounds in which it fell on one of them alone.
"""

import gc
import statistics
import tracemalloc
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import perf_counter

Step = Callable[[], object]

# Long enough that most steps find the caches as their own kind left them, as in a training loop.
BURST_SECONDS = 0.01
WARM_UP_STEPS = 10


@dataclass(frozen=True)
class Timings:
    """Seconds per step: one list per contender, one entry per round, the rounds aligned."""

    rounds: Mapping[str, list[float]]

    def ratio(self, name: str, reference: str) -> float:
        """The median over the rounds of (time of `name`) / (time of `reference`)."""
        pairs = zip(self.rounds[name], self.rounds[reference], strict=True)
        return statistics.median(a / b for a, b in pairs)

    def best(self, name: str) -> float:
        """The fastest round, in seconds per step: the figure least touched by the neighbours."""
        return min(self.rounds[name])


def interleave(steps: Mapping[str, Step], rounds: int) -> Timings:
    """Run all steps in turn for `rounds` rounds, each long enough in its turn to be timed.

    The garbage collector stays on: what a library leaves for it is part of its price.
    """
    repeats = {name: repeats_per_burst(step) for name, step in steps.items()}
    times: dict[str, list[float]] = {name: [] for name in steps}
    order = list(steps)
    for _ in range(rounds):
        order.append(order.pop(0))  # nobody always follows the same neighbour's cache
        for name in order:
            times[name].append(time_burst(steps[name], repeats[name]))
    return Timings(times)


def repeats_per_burst(step: Step) -> int:
    """How many steps fill one burst (at least one), after a warm-up."""
    for _ in range(WARM_UP_STEPS):
        step()
    single = min(time_burst(step, 1) for _ in range(3))
    return max(1, round(BURST_SECONDS / single))


def time_burst(step: Step, repeats: int) -> float:
    """Seconds per step over `repeats` steps in a row."""
    start = perf_counter()
    for _ in range(repeats):
        step()
    return (perf_counter() - start) / repeats


def peak_memory(step: Step) -> int:
    """The most bytes one step held at once beyond what it found, NumPy's buffers included.

    Only what goes through Python's allocators is seen: nothing of torch or JAX.
    """
    step()
    gc.collect()
    tracemalloc.start()
    step()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak
