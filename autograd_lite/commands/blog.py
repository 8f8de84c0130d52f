"""The main job: the blog network trained by hand and automatically, and whether they agree."""

import argparse
import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

from .comparison import compare
from .errors import InputError
from .report import report_lines
from .samples import read_samples


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the main job; the defaults are the post's own numbers."""
    option = parser.add_argument
    option(
        "--iterations",
        type=_whole(1),
        default=10_000,
        metavar="N",
        help="how long to train (%(default)s)",
    )
    option(
        "--hidden",
        type=_whole(1, 1_000_000),
        default=3,
        metavar="N",
        help="number of hidden units (%(default)s)",
    )
    option(
        "--seed",
        type=_whole(0, 2**32 - 1),
        default=1,
        metavar="N",
        help="of the random weights that both trainings start from (%(default)s)",
    )
    option(
        "--learning-rate",
        type=_positive,
        default=0.1,
        metavar="RATE",
        help="step along the gradient (%(default)s)",
    )
    option(
        "--data",
        type=Path,
        metavar="FILE",
        help="samples of your own: a .csv, with or without a header line, whose last column is "
        "the label; or an .npz with the arrays X and y, or with one 2-D array like the .csv "
        "(default: the six samples of the post)",
    )


def run(options: argparse.Namespace) -> int:
    """Train, print the report and return 0 where both trainings agree, 1 where they do not."""
    network = load_network()
    X, y = network.post_data() if options.data is None else read_samples(options.data)
    settings = network.Settings(
        options.hidden, options.learning_rate, options.seed, options.iterations
    )
    print(
        f"{_count(len(X), 'sample')}, {_count(X.shape[1], 'feature')}, "
        f"{_count(options.hidden, 'hidden unit')}, {_count(y.shape[1], 'output')}; "
        f"{_count(options.iterations, 'iteration')}, "
        f"learning rate {options.learning_rate:g}, seed {options.seed}\n",
        flush=True,  # so that it stands before the progress on stderr
    )
    try:
        with progress_line(options.iterations) as progress:
            comparison = compare(network, X, y, settings, progress)
    except MemoryError as problem:
        raise InputError(f"not enough memory for a network of this size ({problem})") from problem
    for line in report_lines(comparison, y):
        print(line)
    return 0 if comparison.agree else 1


def load_network() -> ModuleType:
    """Return the blog network's module: the one source, shipped or in the checkout.

    A wheel carries `examples/blog_network.py` inside the package, a checkout beside it.
    """
    package = Path(__file__).parents[1]
    folders = (package, package.parent)
    paths = [folder / "examples" / "blog_network.py" for folder in folders]
    loader = SourceFileLoader("blog_network", str(next(filter(Path.is_file, paths))))
    network = ModuleType(loader.name)
    loader.exec_module(network)
    return network


@contextmanager
def progress_line(iterations: int) -> Iterator[Callable[[Any], None]]:
    """Yield what shows each iteration on stderr: one line redrawn, or four where none can be."""
    terminal = sys.stderr.isatty()
    every = math.ceil(iterations / (100 if terminal else 4))
    end = "\r" if terminal else "\n"

    def show(iteration: Any) -> None:
        if iteration.number % every == 0 or iteration.number == iterations:
            done = f"iteration {iteration.number:,} of {iterations:,}"
            line = f"{done}, difference {iteration.relative:.1e}"
            print(line.ljust(60) if terminal else line, end=end, file=sys.stderr, flush=True)

    yield show
    if terminal:
        print(file=sys.stderr)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + "s" * (number != 1)


def _whole(lowest: int, highest: float = math.inf) -> Callable[[str], int]:
    allowed = f"{lowest} to {highest:,}" if math.isfinite(highest) else f"{lowest} or more"

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = lowest - 1
        if not lowest <= number <= highest:
            raise argparse.ArgumentTypeError(
                f"{text!r} is not allowed; a whole number, {allowed}, is"
            )
        return number

    return read


def _positive(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 < number < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is not allowed; a finite number above 0 is")
    return number
