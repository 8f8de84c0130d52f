"""What several mistakes at once are: each gets its own diagnosis."""

from collections.abc import Sequence

from .cases import Case, Diagnosis
from .causes.diagnoses import diagnose
from .lines.finding import Located
from .records import Record
from .repairs.several import Mistake, applied
from .reporting.findings import WrongLine


def diagnosed(
    cases: Sequence[Case], record: Record | None, mistakes: Sequence[Mistake],
    place: Located | None,
) -> list[Diagnosis | None]:  # fmt: skip
    """The cause of each wrong gradient, None for those that are right."""
    if not mistakes:
        return diagnose(cases, record, None, place)
    if len(mistakes) == 1 and not mistakes[0].is_partial:
        return diagnose(cases, record, mistakes[0].repair, place)
    each = []
    for mistake in mistakes:
        with applied(mistake.before):
            each.append(diagnose(mistake.cases, record, mistake.repair))
    found = [joined([d for d in several if d is not None]) for several in zip(*each, strict=True)]
    if all(
        cause is not None or not case.is_wrong for cause, case in zip(found, cases, strict=True)
    ):
        return found
    rest = [case if cause is None else case._replace(given=case.truth)
            for cause, case in zip(found, cases, strict=True)]  # fmt: skip
    if any(case.is_wrong for case in rest):
        found = [one or other for one, other in zip(found, diagnose(rest, record), strict=True)]
    return found


def joined(causes: Sequence[Diagnosis]) -> Diagnosis | None:
    """The causes of one gradient as one."""
    if len(causes) < 2:
        return causes[0] if causes else None
    parts = [f"({number}) {cause.text}" for number, cause in enumerate(causes, 1)]
    text = f"{len(causes)} mistakes are in it: {'. '.join(parts)}"
    return Diagnosis(causes[0].kind, text, causes[0].evidence)


def lines_of(mistakes: Sequence[Mistake]) -> list[WrongLine]:
    """The lines of mistakes, in the order in which they are run; none twice."""
    found: dict[tuple[str, int], WrongLine] = {}
    for mistake in sorted(mistakes, key=lambda each: each.repair.order):
        r = mistake.repair
        key = r.file, r.line
        before = found[key].source if key in found else r.before
        found[key] = WrongLine(r.file, r.line, before, r.name, r.after)
    return list(found.values())


def note_on(lines: Sequence[WrongLine]) -> str:
    """That there are several wrong lines, as a note."""
    places = [f"line {line.line}, `{line.source}`" for line in lines]
    return f"{len(lines)} lines are wrong, each by itself: {'; '.join(places)}"
