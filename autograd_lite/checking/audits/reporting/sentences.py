"""The words of a report, for text and page alike: verdict, causes, examples, numbers."""

import ast
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from ..cases import Diagnosis
from .findings import Findings, ParameterReport, WrongLine

LEFT_OUT = "pass"  # in the place of a statement that is too much
MOST_NAMES = 6
MOST_WRONG = 40  # with a cause in common
# What is wrong, by the kind of a diagnosis.
CAUSES = {
    "scale": "a constant factor",
    "slope": "the derivative of an activation",
    "mask": "a mask is missing or another one",
    "eps": "eps is not that of the forward pass",
    "power": "a wrong power",
    "factor": "a factor is missing or one too many",
    "transposed": "transposed",
    "operand": "a product with a wrong operand",
    "weights": "the wrong weights",
    "axis": "the wrong axis",
    "bias_column": "the column of the bias",
    "shifted": "entries are shifted",
    "permuted": "entries in another order",
    "path": "a path through the graph is missing",
    "twice": "a path through the graph counts more than once",
    "regularisation": "the penalty is not that of the loss",
    "accumulated": "gradients of earlier calls are still in it",
    "overwritten": "assigned where it should be added",
    "labels": "the labels",
    "overflow": "a value overflows",
    "shape": "the wrong shape",
    "dtype": "digits are lost to a shorter type of number",
    "integer": "cut to whole numbers",
    "missing": "there is none",
    "nan": "not a number",
    "random": "another one at every call",
    "modified": "an array is changed in place",
    "aliased": "memory that changes later",
    "stale": "computed from an earlier forward pass",
    "unknown": "no cause was found",
}


class Cause(NamedTuple):
    """A kind of mistake, and the diagnoses of it, each with the parameters that it is about."""

    kind: str
    parts: list[tuple[Diagnosis, list[ParameterReport]]]

    @property
    def heading(self) -> str:
        """What is wrong, in a few words, naming all parameters."""
        names = [parameter.name for _, parameters in self.parts for parameter in parameters]
        words = CAUSES.get(self.kind, self.kind)
        subject = f"{listed(names, most=MOST_WRONG)} {'is' if len(names) == 1 else 'are'}"
        if self.kind == "missing":
            return f"{subject} missing"
        return f"{subject} wrong: {words if words == self.kind else f'{words} ({self.kind})'}"

    def texts(self, words: Sequence[str]) -> list[str]:
        """The diagnoses in sentences, each with an example; `words` keep their small letters."""
        found = []
        for diagnosis, parameters in self.parts:
            names = [parameter.name for parameter in parameters]
            who = f"{listed(names, most=MOST_WRONG)}: " if len(self.parts) > 1 else ""
            found.append(who + sentence(diagnosis.text, words))
            shown = example(parameters[0])
            if shown is not None:
                found.append(shown)
        return found


def causes(findings: Findings) -> list[Cause]:
    """The diagnoses; parameters with one in common share it, and those of one kind a heading."""
    kinds: dict[str, dict[str, tuple[Diagnosis, list[ParameterReport]]]] = {}
    for parameter in findings.parameters:
        diagnosis = parameter.diagnosis
        if diagnosis is not None:
            texts = kinds.setdefault(diagnosis.kind, {})
            texts.setdefault(diagnosis.text, (diagnosis, []))[1].append(parameter)
    return [Cause(kind, list(texts.values())) for kind, texts in kinds.items()]


def headline(findings: Findings) -> str:
    """The verdict in words."""
    wrong, count = findings.wrong, len(findings.parameters)
    open_ones = [p.name for p in findings.parameters if p.verdict == "unknown"]
    if wrong:
        text = wrong_ones([parameter.name for parameter in wrong], count)
    elif len(open_ones) == count:
        text = f"no verdict on the gradient of {listed(open_ones)}"
    elif open_ones:
        text = f"no gradient is wrong, but there is no verdict on {listed(open_ones)}"
    elif count == 1:
        text = f"the gradient of {findings.parameters[0].name} is right"
    else:
        text = f"{'both' if count == 2 else f'all {count}'} gradients are right"
    return f"{findings.subject}: {text}."


def wrong_ones(names: Sequence[str], count: int) -> str:
    """Which of so many gradients are wrong."""
    if count == 1:
        return f"the gradient of {names[0]} is wrong"
    if len(names) == count:
        return f"{'both' if count == 2 else f'all {count}'} gradients are wrong"
    if len(names) == 1:
        return f"1 of {count} gradients is wrong, that of {names[0]}"
    return f"{len(names)} of {count} gradients are wrong, those of {listed(names)}"


def listed(names: Sequence[str], most: int = MOST_NAMES) -> str:
    """`a`, `a and b`, `a, b and c`; of many only the first ones."""
    shown = list(names)
    if len(shown) > most:
        shown = [*shown[: most - 1], f"{len(shown) - most + 1} more"]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def example(parameter: ParameterReport) -> str | None:
    """The worst entry, or the shape: what it is, and what it should be."""
    manual, right, at = parameter.manual, parameter.right, parameter.worst_index
    if manual is None or right is None:
        return None
    if np.shape(manual) != np.shape(right):
        told = parameter.diagnosis is not None and parameter.diagnosis.kind == "shape"
        text = f"Its shape is {np.shape(manual)} and should be {np.shape(right)}."
        return None if told else text
    if at is None:
        return None
    here, due = np.asarray(manual)[at], np.asarray(right)[at]
    for digits in (3, 6, 9):
        if number(here, digits) != number(due, digits):
            found, wanted = number(here, digits), number(due, digits)
            return f"{entry(parameter.name, at)} is {found} and should be {wanted}."
    return None  # what is wrong is nothing that numbers show


def entry(name: str, index: Sequence[int]) -> str:
    """An entry as NumPy spells it: `w[0, 1]`."""
    return f"{name}[{', '.join(map(str, index))}]" if len(index) else name


def number(value: Any, digits: int = 3) -> str:
    """A number with so many digits.

    >>> [number(value) for value in (5.0, 1234.5, -2 / 3, 1.7321e-17, -0.0, np.nan)]
    ['5.00', '1.23e+03', '-0.667', '1.73e-17', '0', 'nan']
    """
    if np.iscomplexobj(value):
        return f"{value:.{digits}g}"
    if not np.isfinite(value):
        return f"{value:g}"
    return f"{value:#.{digits}g}".rstrip(".") if value else "0"


def no_verdict(parameter: ParameterReport) -> str:
    """Why nothing is said about a gradient."""
    if parameter.max_relative_error is None:
        return (
            f"There is no verdict on {parameter.name}: neither automatic nor numeric derivatives "
            "could be had."
        )
    return (
        f"There is no verdict on {parameter.name}: the function has a kink at this point, where "
        "more than one slope is as right as another."
    )


def sentence(text: str, names: Sequence[str] = ()) -> str:
    """A text with a capital, unless it begins with a name, and a full stop."""
    first = re.match(r"[a-z]{2,}(?=[ ,])", text)
    if first and first[0] not in names:
        text = text[0].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."


def words_of(findings: Findings) -> set[str]:
    """The names that a text may begin with, which keep their small letters."""
    line = findings.first_wrong_line
    code = "" if line is None else f"{line.source} {line.should_be or ''}"
    return {parameter.name for parameter in findings.parameters} | set(re.findall(r"\w+", code))


def corrected(line: WrongLine) -> str | None:
    """The statement that should stand in the place of a wrong one."""
    due = line.should_be
    if due is not None and is_expression(due) and line.name:
        due = f"return {due}" if line.name == "return" else f"{line.name} = {due}"
    return None if due is None or spelling(due) == spelling(line.source) else due


def spelling(code: str) -> str:
    """Code without its spaces, to see whether two pieces are the same."""
    return "".join(code.split())


def is_expression(code: str) -> bool:
    """Whether a piece of code is a value and no statement."""
    try:
        ast.parse(code, mode="eval")
    except (SyntaxError, ValueError):
        return False
    return True
