"""From wrong gradients to their causes: the simplest hypothesis that explains every entry.

What one gradient's own numbers can tell comes first (`patterns`), then the problems that people
take for this one, then changes of the backward pass (`variants`), which must explain all gradients
together. A diagnosis is given for numbers only: names play no part.
"""

from collections.abc import Mapping, Sequence
from time import thread_time
from typing import Any

import numpy as np

from ..calls import sharing
from ..cases import Case, Diagnosis, close, same
from ..lines.finding import Located
from ..records import Change, Record, recorded
from ..repairs.repairing import Repair
from .classification import classified, proof
from .line_values import of_line
from .parts import is_penalty
from .patterns import FORM, NUMBERS, nice, wrong_shape
from .roles import has_ones
from .segments import slope_variants
from .telling import told
from .variants import Variant, cuts, penalties, variants

VAGUE = ("path", "operand", "shifted", "factor")  # a factor that is the same everywhere says more
COUNTED = ("scale", "twice", "path", "factor", "power", "eps", "operand")  # may be of a penalty
SWEEPS, SECONDS = 1500, 4.0  # for variants: how many are tried at most, and how long
RESHAPING = ("axis", "bias_column", "permuted", "shape", "transposed")  # what changes a shape


def diagnose(
    cases: Sequence[Case], record: Record | None, repair: Repair | None = None,
    place: Located | None = None,
) -> list[Diagnosis | None]:  # fmt: skip
    """The cause of each wrong gradient, None for those that are right.

    `repair` is the change of a line that makes all gradients right, if there is one; `place` the
    first wrong line, with what it assigns and ought to.
    """
    found: list[Diagnosis | None] = [None] * len(cases)
    wrong = [n for n, case in enumerate(cases) if case.is_wrong]
    wrong_cases = [cases[n] for n in wrong]
    of_repair = None if repair is None else classified(repair, wrong_cases, record)
    if repair is not None and of_repair is not None and of_repair.kind in COUNTED:
        of_repair = of_penalty(cases, record, repair) or of_repair
    for n in wrong:
        found[n] = first_of(FORM, cases[n])
        if found[n] is None and cases[n].has_shape:
            numbers = first_of(NUMBERS, cases[n]) if cases[n].parameter.size > 1 else None
            found[n] = together(numbers, of_repair, repair)
    open_ones = [n for n in wrong if found[n] is None]
    if open_ones:
        common = (
            of_other_problem(cases)
            or of_memory(cases)
            or of_repair
            or of_penalty(cases, record, None)
            or of_line(place, cases[0], record)
            or of_backward_pass(cases, record)
        )
        for n in open_ones:
            if cases[n].has_shape or (common is not None and common.kind in RESHAPING):
                found[n] = common
    for n in wrong:
        if found[n] is None and cases[n].has_shape:
            found[n] = first_of(NUMBERS, cases[n])
        if found[n] is None:
            found[n] = wrong_shape(cases[n]) or empty_edge(cases[n], record) or unknown(cases[n])
    return found


def of_penalty(
    cases: Sequence[Case], record: Record | None, repair: Repair | None
) -> Diagnosis | None:
    """Only the gradient of a penalty is wrong, of what is computed of parameters alone."""
    if record is None or not all(case.has_shape for case in cases):
        return None
    if is_penalty(record, record.end):
        return None  # there is nothing else
    right = [case.truth for case in cases]
    for variant in penalties(record):
        gradients = attempted(record, variant.change)
        factor = None if gradients is None else factor_in_front(cases, right, gradients)
        if factor is not None:
            found = with_factor(variant, factor, cases[0].problem.lengths)
            return found if repair is None else with_proof(found, repair)
    return None


def empty_edge(case: Case, record: Record | None) -> Diagnosis | None:
    """The first or last row or column is 0, and all else is right: that of a bias, perhaps."""
    for axis, length in enumerate(case.truth.shape if case.truth.ndim > 1 else ()):
        for index in (0, length - 1):
            due = np.array(case.truth)
            np.moveaxis(due, axis, 0)[index] = 0.0
            if length > 1 and case.explained_by(due):
                biased = record is not None and any(map(has_ones, record.values.values()))
                text = (
                    f"the entries with the index {index} along axis {axis} are 0, the others right"
                )
                return Diagnosis("bias_column" if biased else "path", text, {"axis": axis})
    return None


def together(
    of_numbers: Diagnosis | None, of_repair: Diagnosis | None, repair: Repair | None
) -> Diagnosis | None:
    """What the numbers of one gradient tell, and what the change of a line tells of all."""
    if of_repair is None or repair is None:
        return of_numbers
    if of_numbers is None:
        return of_repair
    if of_numbers.kind != of_repair.kind:
        simple = of_numbers.kind == "scale" and of_repair.kind in VAGUE
        simple = simple or of_numbers.kind in ("regularisation", "dtype")
        return of_repair if repair.is_plausible and not simple else of_numbers
    return with_proof(of_numbers, repair)


def with_proof(diagnosis: Diagnosis, repair: Repair) -> Diagnosis:
    """A diagnosis with the change of a line that makes all gradients right."""
    return diagnosis._replace(text=f"{diagnosis.text}. {proof(repair)}")


def first_of(hypotheses: Any, case: Case) -> Diagnosis | None:
    """The first hypothesis that holds."""
    for hypothesis in hypotheses:
        diagnosis: Diagnosis | None = hypothesis(case)
        if diagnosis is not None:
            return diagnosis
    return None


def of_memory(cases: Sequence[Case]) -> Diagnosis | None:
    """A wrong gradient lies in the memory of another one, which is to hold other numbers."""
    pairs = sharing(cases[0].problem.manual().gradients)
    by_name = {case.name: case for case in cases}
    for one, other in pairs:
        both = [by_name[name] for name in (one, other) if name in by_name]
        wrong = any(case.is_wrong for case in both)
        if len(both) == 2 and wrong and not same(both[0].truth, both[1].truth):
            text = f"the gradients of {one} and {other} are kept in the same array"
            return Diagnosis("aliased", text, {"shared": [one, other]})
    return None


def of_other_problem(cases: Sequence[Case]) -> Diagnosis | None:
    """All gradients are right for another problem, with other labels for example."""
    problem = cases[0].problem
    for other in problem.others:
        try:
            _, record = recorded(problem._replace(scalar=other.scalar))
        except Exception:  # noqa: BLE001 - another problem need not make sense
            continue
        if record is not None and explains(cases, record.gradients()):
            return Diagnosis(other.kind, other.text, {})
    return None


def explains(cases: Sequence[Case], gradients: Sequence[Any]) -> bool:
    """Whether these are the gradients that were derived by hand, right ones and wrong ones."""
    return all(
        case.explained_by(gradient)
        if case.is_wrong
        else case.truth is None or close(gradient, case.truth, case.allowed)
        for case, gradient in zip(cases, gradients, strict=True)
    )  # fmt: skip


def of_backward_pass(cases: Sequence[Case], record: Record | None) -> Diagnosis | None:
    """The change of the backward pass that makes all gradients what they are."""
    if record is None or not all(case.has_shape for case in cases):
        return None
    right = [case.truth for case in cases]
    parameters = {case.name: case.parameter for case in cases}
    tried, end = 0, thread_time() + SECONDS
    alone: Diagnosis | None = None
    for source in (cuts(record), slope_variants(record), variants(record, parameters)):
        for variant in source:
            tried += 1
            if tried > SWEEPS or thread_time() > end:
                return alone
            gradients = attempted(record, variant.change)
            if gradients is None:
                continue
            if explains(cases, gradients):
                text = told(variant, cases[0].problem)
                return Diagnosis(variant.kind, text, evidence(variant))
            if variant.linear:
                factor = factor_in_front(cases, right, gradients)
                if factor is not None and is_telling(1.0 - factor, cases[0]):
                    return with_factor(variant, factor, cases[0].problem.lengths)
            if alone is None and variant.kind == "path" and explains_wrong(cases, gradients):
                alone = Diagnosis("path", f"{variant.text} in it", evidence(variant))
    return alone


def explains_wrong(cases: Sequence[Case], gradients: Sequence[Any]) -> bool:
    """Whether the wrong gradients are these, and not only by being 0; others may be right.

    A gradient that goes on from the right one of a node may be derived from a part of it.
    """
    return all(
        case.explained_by(gradient) and case.parameter.size > 1 and bool(np.any(gradient))
        for case, gradient in zip(cases, gradients, strict=True)
        if case.is_wrong
    )


def attempted(record: Record, change: Change) -> list[Any] | None:
    """The gradients of a changed backward pass; None where the change makes no sense."""
    with np.errstate(all="ignore"):
        try:
            return record.gradients(change)
        except Exception:  # noqa: BLE001 - an operand may not fit
            return None


def factor_in_front(cases: Sequence[Case], right: Sequence[Any], gradients: Sequence[Any]) -> Any:
    """c, if the gradients are the right ones plus c times what the variant changes."""
    above = below = 0.0
    for case, truth, gradient in zip(cases, right, gradients, strict=True):
        if not case.has_shape or not np.all(np.isfinite(gradient)):
            return None
        difference = gradient - truth
        above += float(np.sum((case.manual - truth) * difference))
        below += float(np.sum(difference * difference))
    if not below:
        return None
    factor = above / below
    mixed = [truth + factor * (gradient - truth)
             for truth, gradient in zip(right, gradients, strict=True)]  # fmt: skip
    return factor if explains(cases, mixed) else None


def is_telling(times: float, case: Case) -> bool:
    """Whether a path counts a number of times that means something: 0, 2, ½, -1, a length.

    That some multiple of a path explains a gradient says little if it is any number.
    """
    lengths = {0, 1, 2, 3, 4, 5, *case.problem.lengths}
    known = [*lengths, *(1 / length for length in lengths if length)]
    return any(abs(abs(times) - number) <= 1e-6 * max(1.0, number) for number in known)


def with_factor(variant: Variant, factor: float, lengths: Mapping[int, str]) -> Diagnosis:
    """The diagnosis of a path that counts more or less often than once.

    What counts as often as something is long was summed where it should be averaged.
    """
    times = nice(1.0 - factor)
    kind, text = variant.kind, variant.text
    if text.endswith(" is missing"):
        what = text.removesuffix(" is missing")
        text = f"{what} counts {times:.3g} times"
        if kind == "path":
            again = times > 1 and times == round(times)
            summed = again and times > 2 and round(times) in lengths
            kind = "twice" if again and not summed else "scale"
            if summed:
                text = f"{text}: {round(times)} is the length of {lengths[round(times)]}"
    return Diagnosis(kind, text, {**evidence(variant), "factor": times})


def evidence(variant: Variant) -> dict[str, Any]:
    """Where the forward pass does what the backward pass got wrong."""
    file, line = variant.edge.step.place
    return {"operation": variant.edge.rule.operation.name, "file": file, "line": line}


def unknown(case: Case) -> Diagnosis:
    """No hypothesis explains the gradient: the pattern of the ratio is what is left to say."""
    right = case.right_entries
    texts = ["no mistake that is known here explains every entry"]
    if np.any(right):
        verb = "is" if np.sum(right) == 1 else "are"
        texts.append(f"{np.sum(right)} of {right.size} entries {verb} right{confined(~right)}")
    with np.errstate(all="ignore"):
        ratio = (case.manual / case.truth)[~right]
    finite = ratio[np.isfinite(ratio)]
    if not finite.size:
        return Diagnosis("unknown", "; ".join(texts), {})
    low, middle, high = (float(q) for q in np.quantile(finite, [0, 0.5, 1]))
    wrong = "the others" if np.any(right) else "the entries"
    if low == high == 0:
        texts.append(f"{wrong} are 0 and should not be")
    else:
        texts.append(
            f"{wrong} are between {low:.3g} and {high:.3g} times what they should be, half of them "
            f"less than {middle:.3g} times"
        )
    return Diagnosis(
        "unknown", "; ".join(texts), {"least": low, "median": middle, "greatest": high}
    )


def confined(wrong: Any) -> str:
    """Where the wrong entries are, if all are in a few rows, columns or other slices."""
    for axis, length in enumerate(wrong.shape):
        others = tuple(n for n in range(wrong.ndim) if n != axis)
        where = np.flatnonzero(np.any(wrong, axis=others))
        if wrong.ndim > 1 and 2 * len(where) <= length and len(where) <= 3:
            index = " or ".join(map(str, where))
            return f", and all wrong ones have the index {index} along axis {axis}"
    return ""
