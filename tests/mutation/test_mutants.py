"""Every formula of every operation, with an error in it: the tests of the operation must notice.

    python -m pytest tests/mutation                   # all of them: about a quarter of an hour
    python -m pytest tests/mutation -k "matmul"       # those of one operation

What survives is reported as the line that was changed. Then a case is missing in the declaration,
or a test of a convention in tests/rules; or the mutant computes the same as the original, and
belongs into `equivalent` with the reason why.
"""

from functools import cache

import pytest

from .equivalent import EQUIVALENT
from .subjects import Subject, subjects
from .survivors import candidates, generated_survivors, survivors

SUBJECTS = subjects()
LEAST = 1500  # fewer mutants would mean that something is not looked at


@pytest.mark.parametrize("subject", SUBJECTS, ids=[subject.name for subject in SUBJECTS])
def test_every_mutant_is_noticed(subject: Subject) -> None:
    found = candidates(subject)
    listed = [c for c in found if c.mutant.change in EQUIVALENT.get(c.part.name, {})]
    left = survivors(subject, [c for c in found if c not in listed])
    assert not left, "\n\n".join(map(str, left))
    # What is listed and noticed differs from the original after all.
    harmless = generated_survivors(subject, listed)
    assert harmless == listed, "not equivalent:\n" + "\n\n".join(
        str(c) for c in listed if c not in harmless
    )


@cache
def known() -> frozenset[tuple[str, str]]:
    """All mutants, by the name of what is changed and the change."""
    return frozenset((c.part.name, c.mutant.change) for s in SUBJECTS for c in candidates(s))


def test_there_are_enough_mutants() -> None:
    assert len(known()) >= LEAST


def test_what_is_listed_as_equivalent_is_a_mutant() -> None:
    """A table that outlives the code that it speaks of would hide new survivors."""
    listed = {(name, change) for name, changes in EQUIVALENT.items() for change in changes}
    assert not listed - known()
