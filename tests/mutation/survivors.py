"""Which mutants of a subject are not noticed by the tests of its operations.

Three stages of the generated tests come first, the quickest first; what survives them is left to
the further tests that run it. Numeric derivatives are computed before a mutant takes its
place, by the right rules.
"""

import ast
from collections.abc import Collection
from difflib import unified_diff
from functools import cache
from typing import NamedTuple

from autograd_lite.core.operation import Operation

from ..rules.cases import declared
from . import checks, further
from .mutants import Mutant, mutants
from .subjects import Part, Subject, in_place, source


class Candidate(NamedTuple):
    """A mutant of one part of a subject."""

    part: Part
    mutant: Mutant

    def __str__(self) -> str:
        """The change, by which it may be listed as equivalent, and the lines that it changes."""
        before = ast.unparse(source(self.part.code)).splitlines()
        after = ast.unparse(self.mutant.function).splitlines()
        lines = list(unified_diff(before, after, lineterm="", n=0))[3:]
        return "\n".join([f"{self.part.name}: {self.mutant.change}", *lines])


def candidates(subject: Subject) -> list[Candidate]:
    """All mutants of a subject."""
    return [Candidate(part, mutant) for part in subject.parts
            for mutant in mutants(source(part.code))]  # fmt: skip


def survivors(subject: Subject, suspects: Collection[Candidate]) -> list[Candidate]:
    """Those of the suspects that no check notices."""
    left = generated_survivors(subject, suspects)
    return [suspect for suspect in left if survives_further(suspect)]


def generated_survivors(subject: Subject, suspects: Collection[Candidate]) -> list[Candidate]:
    """Those of the suspects that pass the generated tests of the subject's operations."""
    left = list(suspects)
    for stage in checks.STAGES:
        if left:
            for operation in subject.operations:
                assert is_passed(operation, stage), f"{operation} fails as it is: {stage.__name__}"
            left = [suspect for suspect in left if passes_stage(subject, suspect, stage)]
    return left


@cache
def is_passed(operation: Operation, stage: checks.Stage) -> bool:
    """Whether an operation passes a stage as it is: else its mutants would die of that.

    With it the numeric derivatives are computed, by the right rules.
    """
    stage(declared(operation))
    return checks.passes((operation,), stage)


def passes_stage(subject: Subject, suspect: Candidate, stage: checks.Stage) -> bool:
    """Whether the checks of a stage do not notice a mutant."""
    with in_place(suspect.part, suspect.mutant.function):
        return checks.passes(subject.operations, stage)


def survives_further(suspect: Candidate) -> bool:
    """Whether no further test notices a mutant."""
    further.tests()  # with the right rules
    code = suspect.part.code
    with in_place(suspect.part, suspect.mutant.function):
        return further.passes(code)
