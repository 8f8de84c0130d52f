"""Repairs that are right with fewer samples too: not by two lengths that are equal by chance."""

import ast
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

import numpy as np

from ..problems import Problem
from ..records import gradients_at
from ..running.sources import Source
from ..variations import arrays_of, replacing
from .sites import Edit, Site, parsed, value_of
from .trials import Trials, are_arrays, is_near
from .vocabulary import is_number, is_whole

BY_LENGTH = ("near", "name", "count")  # forms by which a number stands in a place
FEWEST = 3  # samples, of which one may be left out
MOST = 200_000  # entries of what is given


class Shorter:
    """The problem of some trials without its last sample."""

    def __init__(self, trials: Trials) -> None:
        self.trials = trials
        self.problem: Problem | None = None
        self.truths: dict[str, Any] = {}
        self.is_made = False

    def is_right(self, source: Source) -> bool:
        """Whether the gradients are right with a changed source; so if there is none to try."""
        if not self.is_made:
            self.is_made = True
            self.make()
        if self.problem is None:
            return True
        with source.exchanged():
            found = self.trials.run_of(self.problem) or {}
        return are_arrays(found) and all(
            is_near(found.get(name), truth) for name, truth in self.truths.items()
        )

    def make(self) -> None:
        """Find arrays that are rows of samples, and the gradients without the last one.

        The functions have to go with fewer: what is right with all is right without one.
        """
        try:
            arrays = arrays_of(self.trials.problem)
            if sum(map(np.size, arrays.values())) > MOST:
                return
            for smaller in with_one_less(self.trials.problem, arrays):
                if self.try_with(smaller):
                    return
        except Exception:  # noqa: BLE001 - what cannot be rebuilt is not tried
            return

    def try_with(self, smaller: Mapping[str, Any]) -> bool:
        """Whether the functions go with smaller arrays, which are kept then."""
        try:
            problem = self.trials.problem.rebuilt(replacing(smaller))
            with np.errstate(all="ignore"):
                _, truths = gradients_at(problem, problem.arrays)
        except Exception:  # noqa: BLE001 - the code says which arrays go together
            return False
        found = self.trials.run_of(problem)
        if truths is None or not found or not are_arrays(found):
            return False
        named = dict(zip(problem.names, truths, strict=True))
        right = all(is_near(found.get(name), named[name]) for name in self.trials.right)
        if right and all(np.all(np.isfinite(truth)) for truth in truths):
            self.problem = problem
            self.truths = {case.name: named[case.name] for case in self.trials.cases}
        return self.problem is not None


def with_one_less(problem: Problem, arrays: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The arrays that may hold samples, with one less: data, or what a layer is given first."""
    data = [name for name in arrays if name not in problem.names]
    data = [name for name in data if arrays[name].ndim and not name.startswith("self.")]
    data = data or [name for name in problem.inputs[:1] if name in arrays and arrays[name].ndim]
    for axis in (0, -1):
        lengths = [arrays[name].shape[axis] for name in data]
        common = max(set(lengths), key=lengths.count, default=0)
        if common >= FEWEST:
            yield {
                name: np.take(arrays[name], range(common - 1), axis)
                for name in data
                if arrays[name].shape[axis] == common
            }


def with_other_lengths(edit: Edit) -> Iterator[Edit]:
    """The same change with other names for the number that it is about."""
    site, made = edit.site, edit.made
    whole = made.form in BY_LENGTH
    number = made.node if whole else made.piece
    value = value_of(site, number) if isinstance(number, ast.AST) else None
    if not is_number(value) or made.form not in ("factor added", *BY_LENGTH):
        return
    own = ast.unparse(number)
    for text in named_alike(site, value):
        new = Exchanged(own, text).visit(deepcopy(made.node))
        if text != own:
            yield Edit(site, made._replace(node=new, piece=made.piece if whole else parsed(text)),
                       edit.before)  # fmt: skip


class Exchanged(ast.NodeTransformer):
    """One expression in the place of another, wherever that stands."""

    def __init__(self, own: str, text: str) -> None:
        self.own, self.text = own, text

    def visit(self, node: ast.AST) -> Any:
        """The node, or what stands for it."""
        if isinstance(node, ast.expr) and ast.unparse(node) == self.own:
            return parsed(self.text)
        return self.generic_visit(node)


def named_alike(site: Site, value: Any) -> list[str]:
    """The lengths, and the whole numbers with names, that are equal to a number here."""
    words = site.words
    lengths = {
        f"{text}.shape[{axis}]": length
        for text, array in words.arrays.items()
        for axis, length in enumerate(array.shape)
    }
    named = {text: number for text, number in words.numbers.items() if is_whole(number)}
    every = {**named, **words.lengths, **lengths}
    return [text for text, number in every.items() if number == value]
