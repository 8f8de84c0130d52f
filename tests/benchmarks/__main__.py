"""Measure everything in one run and print one Markdown table; exit code 1 if a bar is missed."""

import argparse
import platform
import sys
from importlib.metadata import version
from time import perf_counter

import numpy as np

from tests.benchmarks import (
    blog_step,
    chain,
    course_audit,
    import_time,
    mlp_step,
    namespace,
    operation,
    transforms,
)
from tests.benchmarks.contenders import PACKAGES, absent_packages
from tests.benchmarks.table import Row, markdown

# The sensitive ratios come first, before anything has fragmented the memory.
BENCHMARKS = {
    "blog_step": blog_step.measure,
    "operation": operation.measure,
    "mlp_step": mlp_step.measure,
    "namespace": namespace.measure,
    "transforms": transforms.measure,
    "chain": chain.measure,
    "import_time": import_time.measure,
    "course_audit": course_audit.measure,
}


METHOD = (
    "Ratio to the hand-written NumPy, median over interleaved rounds; in brackets the best round."
    " Chains and imports: CPU time, each in its own process. BLAS, torch and XLA on one thread,"
    " garbage collector on, malloc keeping freed memory."
)


def main() -> int:
    options = parse()
    rows: list[Row] = []
    for name in options.only or BENCHMARKS:
        start = perf_counter()
        rows += BENCHMARKS[name](options.quick)
        print(f"{name}: {perf_counter() - start:.0f} s", file=sys.stderr)
    print(report(rows))
    return 0 if all(bar.met for row in rows for bar in row.bars) else 1


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument(
        "--only",
        action="append",
        choices=BENCHMARKS,
        metavar="NAME",
        help=f"one of {', '.join(BENCHMARKS)}; may be repeated",
    )
    parser.add_argument("--quick", action="store_true", help="fewer rounds: figures less certain")
    return parser.parse_args()


def report(rows: list[Row]) -> str:
    """The table, what its figures mean, the versions, the peers left out."""
    lines = [markdown(rows), "", METHOD, f"{versions()}."]
    lines += [f"Skipped: {package} is not installed." for package in absent_packages()]
    return "\n".join(lines)


def versions() -> str:
    """Python, NumPy with its BLAS, and the peers that took part."""
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    absent = absent_packages()
    peers = [p for p in dict.fromkeys(PACKAGES.values()) if p not in absent]
    parts = [
        f"Python {platform.python_version()}",
        f"NumPy {np.__version__} ({blas['name']} {blas['version']})",
        *(f"{peer} {version(peer)}" for peer in peers),
    ]
    return ", ".join(parts)


if __name__ == "__main__":
    sys.exit(main())
