"""The command line, `python -m autograd_lite`."""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from .commands import audit, blog
from .commands.errors import InputError

DESCRIPTION = """
Trains the network of the blog post by hand-derived and by automatic gradients, side by side, and
says whether they agree. Exit code 0: they do; 1: they do not; 2: the input cannot be used.
"""
# What a shell reports for a process that SIGINT or SIGPIPE ended.
INTERRUPTED, BROKEN_PIPE = 130, 141


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line: argparse prints the usage before them."""

    def error(self, message: str) -> NoReturn:
        """Raise the error that `main` reports."""
        raise InputError(message)


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of every job; the one chosen is in `run`.

    The main job needs no name. A further job is a sub-parser with a `run` default of its own,
    which takes the place of this one.
    """
    parser = Parser(prog="python -m autograd_lite", description=DESCRIPTION, allow_abbrev=False)
    blog.add_options(parser)
    parser.set_defaults(run=blog.run)
    jobs = parser.add_subparsers(
        title="further jobs", metavar="JOB", prog="python -m autograd_lite"
    )
    audit.add_options(
        jobs.add_parser(
            "audit",
            help="audit the gradients derived by hand in files",
            description=audit.DESCRIPTION,
            allow_abbrev=False,
        )
    )
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the job that the arguments name (default: those of the process) and return its code."""
    try:
        options = build_parser().parse_args(arguments)
        code = int(options.run(options))
        sys.stdout.flush()  # here, where a reader that has gone can still be dealt with
    except InputError as problem:
        # One line, also where NumPy's own explanation or the name of a file has several.
        print("error:", *str(problem).splitlines(), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader, say `head`, has seen enough. What is left must not be flushed at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    return code


if __name__ == "__main__":
    sys.exit(main())
