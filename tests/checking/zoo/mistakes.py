"""Mistakes that people make in hand-written gradients, as substitutions in the source of a network.

A network of the zoo is a module that says `STYLE = "loss"` (`make`, `loss`, `gradients`) or
`STYLE = "layer"` (`make`, `forward`, `backward`), and ends with its `MISTAKES`.
"""

import linecache
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

FOLDER = Path(__file__).parent
END_OF_CODE = "\nMISTAKES = "


@dataclass(frozen=True)
class Mistake:
    """A piece of a network's source, and what stands there instead of it.

    `kind` is the diagnosis, or several that are equally true. `parameters` are exactly those whose
    gradient becomes wrong: keys of `params`, or names of parameters of `forward`. `right` occurs
    once in the source, or `occurrence` (from 1) says which one is meant. `line` is the text of the
    first wrong line where that is not where the substitution begins. `make` are keyword arguments
    for the network's `make` without which the mistake cannot be seen.
    """

    name: str
    right: str
    wrong: str
    kind: str | tuple[str, ...]
    parameters: tuple[str, ...]
    line: str | None = None
    occurrence: int | None = None
    make: Mapping[str, Any] = field(default_factory=dict)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The diagnoses that are true of it."""
        return (self.kind,) if isinstance(self.kind, str) else self.kind

    def position(self, code: str) -> int:
        """Where in `code` the right piece begins."""
        count = code.count(self.right)
        if count != 1 and self.occurrence is None:
            raise ValueError(f"{self.name}: {self.right!r} occurs {count} times")
        start = -1
        for _ in range(self.occurrence or 1):
            start = code.index(self.right, start + 1)
        return start

    def substituted(self, code: str) -> str:
        """`code` with this mistake in it."""
        start = self.position(code)
        return code[:start] + self.wrong + code[start + len(self.right) :]

    def line_number(self, code: str) -> int:
        """The number of the first wrong line of the substituted `code`, from 1."""
        right, wrong = code.splitlines(), self.substituted(code).splitlines()
        if self.line is None:
            pairs = enumerate(zip(right, wrong, strict=False), start=1)
            return next(number for number, (one, other) in pairs if one != other)
        numbers = [n for n, text in enumerate(wrong, start=1) if text.strip() == self.line]
        if len(numbers) != 1:
            raise ValueError(f"{self.name}: the line {self.line!r} occurs {len(numbers)} times")
        return numbers[0]

    def lines_at_fault(self, code: str) -> tuple[int, ...]:
        """The numbers of the lines that may be called the first wrong one.

        Where a line was left out, these are the line before it, the line after it, and the nearest
        ones before and after that speak of what it assigned.
        """
        number = self.line_number(code)
        whole = self.right.endswith("\n") and not self.wrong.strip()
        if self.line is not None or not whole:
            return (number,)
        lines = dict(enumerate(self.substituted(code).splitlines(), start=1))
        assigned = re.split(r"\s[^\s=]?=\s", self.right.strip())[0]
        base = re.split(r"\W", assigned)[0]
        found = [self._neighbours(lines, number, text) for text in ("", assigned, base)]
        return tuple(sorted(set().union(*found)))

    @staticmethod
    def _neighbours(lines: Mapping[int, str], number: int, text: str) -> set[int]:
        """The nearest lines that hold `text`, before `number` and from it; no empty ones."""
        holding = [n for n, line in lines.items() if line.strip() and text in line]
        before, after = [n for n in holding if n < number], [n for n in holding if n >= number]
        return {*before[-1:], *after[:1]}


@cache
def source(name: str) -> str:
    """The text of a network's module."""
    return (FOLDER / f"{name}.py").read_text(encoding="utf-8")


def code_of(name: str) -> str:
    """A network's code, without the list of its mistakes."""
    return source(name).split(END_OF_CODE)[0] + "\n"


def first_wrong_line(name: str, mistake: Mistake) -> int:
    """The number of the first wrong line in the module that `load(name, mistake)` gives."""
    return mistake.line_number(code_of(name))


def lines_at_fault(name: str, mistake: Mistake) -> tuple[int, ...]:
    """The numbers of the lines of that module that may be called the first wrong one."""
    return mistake.lines_at_fault(code_of(name))


def load(name: str, mistake: Mistake | None = None) -> ModuleType:
    """A fresh module of a network, with one mistake in it or none, whose source can be inspected.

    With a mistake the module has no `MISTAKES`; its lines are numbered as in the file.
    """
    text = source(name) if mistake is None else mistake.substituted(code_of(name))
    label = name if mistake is None else f"{name}~{mistake.name.replace(' ', '_')}"
    file = str(FOLDER / f"{label}.py")
    module = ModuleType(f"{__package__}.{label}")
    module.__file__, module.__package__ = file, __package__
    if mistake is not None:
        linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    exec(compile(text, file, "exec"), vars(module))
    return module


def zoo(style: str | None = None) -> list[str]:
    """The names of all networks, or of those of one style ("loss" or "layer")."""
    named = "STYLE = " if style is None else f'STYLE = "{style}"'
    names = sorted(file.stem for file in FOLDER.glob("*.py"))
    return [name for name in names if f"\n{named}" in source(name)]
