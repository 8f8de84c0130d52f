"""The audit of gradients by hand in files: each pair by itself, then what became of all."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from ..checking.audits.reporting.pages import fragment, page
from ..checking.audits.reports import Report
from ..transforms.trees import flatten
from .errors import InputError
from .examples import make_inputs
from .pairs import Pair, find_pairs, named_pair
from .subjects import Inputs
from .user_files import in_one_line, inputs_of, load, quiet

WIDTH = 70  # of the progress line


class Audited(NamedTuple):
    """What became of a pair: a report, or why there is none."""

    file: str
    pair: str
    inputs: Inputs
    report: Report | None
    problem: str | None = None


def run(options: argparse.Namespace) -> int:
    """Audit all targets and print the reports; 0 all right, 1 some wrong, 2 some not usable."""
    results: list[Audited] = []
    for result in audited_targets(options.targets, options.inputs):
        results.append(result)
        if result.problem is not None:
            print("error:", *result.problem.splitlines(), file=sys.stderr)
        elif not options.json:
            show(result)
    if options.json:
        print(json.dumps([as_dict(result) for result in results], indent=2))
    else:
        print(summary(results))
    if options.html is not None:
        write_page(options.html, results)
    reports = [result.report for result in results]
    if any(report is not None and not report.ok for report in reports):
        return 1
    return 2 if None in reports else 0


def audited_targets(targets: list[str], inputs: str | None) -> Iterator[Audited]:
    """The results of all pairs of all targets, one after the other."""
    modules: dict[str, ModuleType] = {}
    for target in targets:
        file, names = split_target(target)
        try:
            if file not in modules:
                modules[file] = load(Path(file))
            module = modules[file]
            pairs = [named_pair(module, names)] if names else find_pairs(module)
            given = None if inputs is None else inputs_of(inputs, module)
        except InputError as problem:
            said = str(problem)
            yield Audited(file, names, {}, None, said if file in said else f"{target}: {said}")
            continue
        results = audited_pairs(file, module, pairs, given)
        first = next(results, None)
        if first is not None:
            yield first
            yield from results
        else:
            said = "no pair was found; name one, as in net.py:loss,gradients"
            yield Audited(file, names, {}, None, f"{file}: {said}")


def split_target(target: str) -> tuple[str, str]:
    """The file and the names of `net.py:loss,gradients`."""
    file, colon, names = target.rpartition(":")
    return (file, names) if colon and file.endswith(".py") else (target, "")


def audited_pairs(
    file: str, module: ModuleType, pairs: list[Pair], given: Any
) -> Iterator[Audited]:
    """The results of the pairs of one file; the guesses that were none are left out."""
    for number, pair in enumerate(pairs, start=1):
        progress(f"{number} of {len(pairs)}: {pair.title} ({file})")
        result = audited_pair(file, module, pair, given)
        progress("")
        if result.problem is None or pair.sure:
            yield result


def audited_pair(file: str, module: ModuleType, pair: Pair, given: Any) -> Audited:
    """The result of one pair."""
    inputs: Inputs = {}
    try:
        inputs, plan = make_inputs(pair, module, given)
        with quiet():
            return Audited(file, pair.title, inputs, plan.report())
    except InputError as problem:
        said = str(problem)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - the user's code may fail in any way
        said = f"fails on {described(inputs)}: {in_one_line(error)}"
    return Audited(file, pair.title, inputs, None, f"{file}: {pair.title}: {said}")


def progress(text: str) -> None:
    """Draw one line on stderr, or nothing where that is no terminal; an empty text takes it off."""
    if sys.stderr.isatty():
        print("\r" + text[:WIDTH].ljust(WIDTH), end="\r", file=sys.stderr, flush=True)


def show(result: Audited) -> None:
    """Print a report: in full where there is something to say, else one line."""
    report = result.report
    if report is None:
        return
    if report.ok and not report.notes:
        print(f"{report.splitlines()[0]} ({described(result.inputs)})", flush=True)
    else:
        print(f"\n{result.file}: {result.pair} ({described(result.inputs)})")
        report.show()
        print(flush=True)


def described(inputs: Inputs) -> str:
    """The shapes of the inputs, and those that are no arrays as they are."""
    return ", ".join(
        f"{name} {value.shape}" if isinstance(value, np.ndarray) else f"{name} = {value!r}"
        for name, value in flatten(inputs).items()
    )


def summary(results: list[Audited]) -> str:
    """How many pairs were found right, wrong, and not usable."""
    reports = [result.report for result in results]
    right = sum(report is not None and report.ok for report in reports)
    failed = reports.count(None)
    parts = [f"{right} right", f"{len(reports) - right - failed} wrong"]
    parts += [f"{failed} could not be used"] * bool(failed)
    return f"{len(reports)} audited: {', '.join(parts)}"


def as_dict(result: Audited) -> dict[str, Any]:
    """A result as JSON takes it: the report's own keys beside the names."""
    names: dict[str, Any] = {"file": result.file, "pair": result.pair}
    if result.report is None:
        return {**names, "ok": None, "error": result.problem}
    shapes = {name: list(np.shape(value)) for name, value in flatten(result.inputs).items()}
    return {**names, "inputs": shapes, **result.report.to_dict()}


def write_page(path: Path, results: list[Audited]) -> None:
    """Write the reports as one page."""
    fragments = [fragment(result.report) for result in results if result.report is not None]
    try:
        path.write_text(page("gradients by hand", fragments), encoding="utf-8")
    except OSError as error:
        raise InputError(f"--html {path}: {error.strerror or error}") from error
