"""`python -m autograd_lite audit`: its options. What it does is in `auditing`."""

import argparse
from importlib import import_module
from pathlib import Path

DESCRIPTION = """
Runs Python files and audits the gradients in them that were derived by hand: functions
x_forward and x_backward, loss and gradients (or f and f_grad), functions that return both, and
classes with methods forward and backward. Only give files that you would run yourself: their
code is executed. Exit code 0: all gradients are right; 1: some are wrong; 2: none is known to be
wrong, but something could not be used.
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the job."""
    option = parser.add_argument
    option(
        "targets",
        nargs="+",
        metavar="FILE[:NAMES]",
        help="a Python file, which is executed; NAMES are a pair in it, as in "
        "net.py:loss,gradients, or one function or class of both (default: all that are found)",
    )
    option(
        "--inputs",
        metavar="FILE|EXPR",
        help="the arguments: an .npz, .npy or .py file that has them by their names, or a Python "
        "expression, evaluated in the audited file, for a dict or a tuple of them (default: "
        "variables of these names, a function make_inputs(), else guesses by names and defaults)",
    )
    option("--json", action="store_true", help="print a list of the reports as JSON")
    option("--html", type=Path, metavar="FILE", help="write the reports into a page as well")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Audit all targets; see `auditing.run`, which the main job shall not wait for."""
    return int(import_module(".auditing", __package__).run(options))
