"""What an import costs beyond NumPy's own, each in a fresh interpreter, the contenders in turn.

Times are CPU time: on a virtual machine that leaves out what the host took away meanwhile.
"""

import os
import statistics
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.contenders import AUTOGRAD, BY_HAND, JAX_JIT, MYGRAD, OURS, TORCH, present
from tests.benchmarks.table import Bar, Row

# Without cached bytecode the figure would be that of the compiler.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
CHECKOUT = Path(__file__).parents[2]
MODULES = {
    OURS: "autograd_lite",
    TORCH: "torch",
    AUTOGRAD: "autograd",
    MYGRAD: "mygrad",
    JAX_JIT: "jax",
}
# Both figures come from the same interpreter: their ratio is free of the noise between two.
CHILD = """
from time import process_time
start = process_time()
import numpy
middle = process_time()
import {module}
print(middle - start, process_time() - middle)
"""


def measure(quick: bool) -> list[Row]:
    """One row: the ratio to `import numpy` alone, and the CPU seconds beyond it."""
    modules = {column: module for column, module in MODULES.items() if present(column)}
    runs: dict[str, list[tuple[float, float]]] = {column: [] for column in modules}
    for turn in range(4 if quick else 16):
        for column, module in modules.items():
            if turn > 4 and column != OURS:
                continue  # seconds each, and nothing is promised about them
            times = import_seconds(module)
            if turn > 0:  # the first run writes the bytecode and fills the page cache
                runs[column].append(times)
    everybody = [times for column in runs for times in runs[column]]
    cells = {BY_HAND: f"1.00 ({statistics.median(t for t, _ in everybody):.3f} s)"}
    cells |= {column: cell(times) for column, times in runs.items()}
    beyond_numpy = statistics.median(extra for _, extra in runs[OURS])
    return [Row("`import` after `import numpy`", cells, [Bar("", beyond_numpy, 0.05, " s")])]


def import_seconds(module: str) -> tuple[float, float]:
    """CPU seconds for `import numpy`, and then for `import module`."""
    command = [sys.executable, "-c", CHILD.format(module=module)]
    process = subprocess.run(
        command, cwd=CHECKOUT, env=ENVIRONMENT, check=True, stdout=subprocess.PIPE, text=True
    )
    numpy_seconds, module_seconds = process.stdout.split()
    return float(numpy_seconds), float(module_seconds)


def cell(times: list[tuple[float, float]]) -> str:
    """`ratio (+seconds)`: both imports over NumPy's alone, and what came on top."""
    ratio = statistics.median((numpy + extra) / numpy for numpy, extra in times)
    return f"{ratio:.2f} (+{statistics.median(extra for _, extra in times):.3f} s)"
