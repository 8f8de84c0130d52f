"""A chain of a million operations: time, bytes per node, and what is left for the collector.

    python -m tests.benchmarks.chain autograd_lite 1000000      one contender, JSON

Each contender runs in its own process: memory freed by one would be handed to the next and vanish
from the next one's account, and a recursion that overflows the stack takes nobody with it.

A chain runs for seconds and cannot take turns. So its time is CPU time, which on a virtual machine
leaves out what the host took away meanwhile (the elapsed time is printed beside it), and its ratio
is to hand-written chains run in the same process, one just before it and one just after.
"""

import gc
import json
import resource
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np

import autograd_lite as ag
from tests.benchmarks.contenders import AUTOGRAD, BY_HAND, MYGRAD, OURS, TORCH, present
from tests.benchmarks.table import Bar, Row, microseconds

CHECKOUT = Path(__file__).parents[2]
START = np.array([0.5, -1.25, 2.0])
G = np.ones(3)
SCALE = 1.0000001
SHIFT = 1e-7

# The two slow ones run a shorter chain; per operation the figures can be compared.
LENGTHS = {BY_HAND: 10**6, OURS: 10**6, TORCH: 10**6, AUTOGRAD: 10**5, MYGRAD: 10**5}

Forward = Callable[[], Any]
Backward = Callable[[Any], Any]


def chain(x: Any, length: int) -> Any:
    """`length` operations on `x`, multiplications and additions in turn."""
    y = x
    for _ in range(length // 2):
        y = y * SCALE
        y = y + SHIFT
    return y


def by_hand(length: int) -> tuple[Forward, Backward]:
    def backward(_: Any) -> Any:
        g = G
        for _ in range(length // 2):
            g = g * SCALE  # the derivative of the addition is 1
        return g

    return lambda: chain(START, length), backward


def ours(length: int) -> tuple[Forward, Backward]:
    x = ag.Tensor(START, requires_grad=True)

    def backward(y: Any) -> Any:
        y.backward(G)
        return x.grad

    return lambda: chain(x, length), backward


def torch_eager(length: int) -> tuple[Forward, Backward]:
    torch = import_module("torch")
    x = torch.tensor(START, requires_grad=True)

    def backward(y: Any) -> Any:
        y.backward(torch.tensor(G))
        return x.grad.numpy()

    return lambda: chain(x, length), backward


def hips_autograd(length: int) -> tuple[Forward, Backward]:
    make_vjp = import_module("autograd").make_vjp
    pull_back_at = make_vjp(lambda x: chain(x, length))
    return lambda: pull_back_at(START)[0], lambda pull_back: pull_back(G)


def with_mygrad(length: int) -> tuple[Forward, Backward]:
    mg = import_module("mygrad")
    mg.turn_memory_guarding_off()  # the setting its documentation gives for speed
    x = mg.tensor(START)

    def backward(y: Any) -> Any:
        y.backward(G)
        return x.grad

    return lambda: chain(x, length), backward


BUILDERS = {
    BY_HAND: by_hand,
    OURS: ours,
    TORCH: torch_eager,
    AUTOGRAD: hips_autograd,
    MYGRAD: with_mygrad,
}


def run(column: str, length: int) -> dict[str, float]:
    """Forward, backward and release of one chain, with what they took."""
    warm_up_forward, warm_up_backward = BUILDERS[column](100)
    warm_up_backward(warm_up_forward())
    forward, backward = BUILDERS[column](length)
    gc.collect()
    recursion_limit, garbage, resident = sys.getrecursionlimit(), collected(), resident_bytes()

    by_hand_before = seconds_by_hand()
    elapsed, start = perf_counter(), process_time()
    y = forward()
    held = resident_bytes() - resident
    gradient = backward(y)
    seconds, elapsed = process_time() - start, perf_counter() - elapsed
    by_hand_after = seconds_by_hand()
    del y
    check_gradient(column, gradient, length)
    BUILDERS[column](length // 10)[0]()  # a graph dropped without ever going back through it
    gc.collect()
    return {
        "seconds": seconds,
        "elapsed": elapsed,
        "ratio": seconds / length / ((by_hand_before + by_hand_after) / 2),
        "bytes": held / length,
        "peak": (peak_bytes() - resident) / length,
        "garbage": collected() - garbage,
        "recursion": sys.getrecursionlimit() - recursion_limit,
    }


def seconds_by_hand(length: int = 100_000) -> float:
    """CPU seconds per operation of a hand-written chain, forward and backward."""
    forward, backward = by_hand(length)
    start = process_time()
    backward(forward())
    return (process_time() - start) / length


def check_gradient(column: str, gradient: Any, length: int) -> None:
    """Raise unless the gradient is the closed form's."""
    if not np.allclose(gradient, SCALE ** (length // 2) * G, rtol=1e-7):
        raise AssertionError(f"{column} computes something else: {gradient}")


def collected() -> int:
    """Objects the garbage collector has had to free so far, on its own initiative included."""
    return sum(generation["collected"] for generation in gc.get_stats())


def resident_bytes() -> int:
    """Memory the process holds now, seen by the system: libraries in C++ hide nothing from it."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def peak_bytes() -> int:
    """The most memory the process has ever held.

    Not `ru_maxrss`: a child process inherits that figure from its parent.
    """
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def run_in_own_process(column: str, length: int) -> dict[str, float] | None:
    """What `run` reports, or None if the process died."""
    command = [sys.executable, "-m", "tests.benchmarks.chain", column, str(length)]
    process = subprocess.run(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True, check=False)
    return json.loads(process.stdout) if process.returncode == 0 else None


def measure(quick: bool) -> list[Row]:
    """Three rows: time per operation, bytes per node, objects left for the collector."""
    lengths = {column: n // 10 if quick else n for column, n in LENGTHS.items() if present(column)}
    reports = {column: run_in_own_process(column, n) for column, n in lengths.items()}
    alive = {column: report for column, report in reports.items() if report is not None}
    dead = {column: "crashed" for column, report in reports.items() if report is None}
    time_bars, memory_bars, garbage_bars = bars(reports[OURS] or unmeasured())
    memory = {column: f"{report['bytes']:.0f} B" for column, report in alive.items()}
    garbage = {column: f"{report['garbage']:,}" for column, report in alive.items()}
    return [
        # A tenth of the chain says nothing about the promise made for the whole.
        Row("long chain, per operation", times(alive, lengths) | dead, [] if quick else time_bars),
        Row("long chain, memory per node", memory | dead, memory_bars),
        Row("long chain, objects left to the garbage collector", garbage | dead, garbage_bars),
    ]


def bars(report: dict[str, float]) -> tuple[list[Bar], list[Bar], list[Bar]]:
    """What is promised of the time, the memory, and the traces left behind."""
    elapsed = f"10⁶ operations (elapsed {report['elapsed']:.1f} s)"
    return (
        [Bar(elapsed, report["seconds"], 8, " s")],
        [
            Bar("after forward", report["bytes"], 1000, " B"),
            Bar("at the peak", report["peak"], 1000, " B"),
        ],
        [Bar("", report["garbage"], 0), Bar("recursion limit raised by", report["recursion"], 0)],
    )


def unmeasured() -> dict[str, float]:
    """The report of a process that died: it keeps no promise."""
    figures = ("seconds", "elapsed", "ratio", "bytes", "peak", "garbage", "recursion")
    return dict.fromkeys(figures, float("nan"))


def times(reports: dict[str, dict[str, float]], lengths: dict[str, int]) -> dict[str, str]:
    """Cells `ratio (time per operation, length)`: time grows a little with the length."""
    ratios = {column: report["ratio"] for column, report in reports.items()} | {BY_HAND: 1.0}
    return {
        column: f"{ratios[column]:.2f} ({microseconds(report['seconds'] / lengths[column])},"
        f" n = {lengths[column]:,})"
        for column, report in reports.items()
    }


if __name__ == "__main__":
    print(json.dumps(run(sys.argv[1], int(sys.argv[2]))))
