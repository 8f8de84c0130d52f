"""What a name ought to equal, in the names of the person whose code it is.

    hidden_error should be (output_error @ output_weights.T)[:, 1:] * s * (1 - s)

The gradient of a node is written from the operations between it and gradients that have a name.
Chains of elementwise steps are recognised by their slope, as that of a sigmoid or of tanh.
"""

import ast
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from ....core.node import Node
from ..records import Edge
from ..running.sources import plain_function
from ..wording.names import Names, difference, names_of, slope_text
from ..wording.templates import factor, grouped
from .aligning import Run
from .recognition import ADJOINT, GIVEN, PART, SLOPE, VALUE, Match, Reference
from .replacements import near
from .truth import is_true

LONGEST = 160
DEEPEST = 4  # gradients without a name, of which each is written out


class Term(NamedTuple):
    """A number times a text, which is `scale` times what it stands for."""

    coefficient: float
    text: str
    scale: float


def joined(terms: list[Term]) -> tuple[str, float] | None:
    """The sum of terms as a text, with its factor."""
    scale = terms[0].scale
    if any(abs(term.scale - scale) > 1e-9 * abs(scale) for term in terms):
        whole = [plain(term) for term in terms]
        terms = [term for term in whole if term is not None]
        if len(terms) < len(whole):
            return None
        scale = 1.0
    sums: dict[str, float] = {}
    for term in terms:
        sums[term.text] = sums.get(term.text, 0.0) + term.coefficient
    text = " + ".join(times(value, text) for text, value in sums.items()).replace("+ -", "- ")
    return (text, scale) if len(text) <= LONGEST else None


def plain(term: Term) -> Term | None:
    """A term that is what it stands for: divided by its factor, if that is a length."""
    if abs(term.scale - 1) < 1e-9:
        return term
    length = round(term.scale)
    if length < 2 or abs(term.scale - length) > 1e-6 * length:
        return None
    return Term(term.coefficient, f"{grouped(term.text)} / {length}", 1.0)


def times(value: float, text: str) -> str:
    """A number times a text."""
    if abs(value - 1) < 1e-12 and text:
        return text
    if abs(value + 1) < 1e-12 and text:
        return f"-{grouped(text)}"
    digits = f"{value:.6g}"
    return f"{digits} * {text}" if text else digits


class Writer:
    """Writes gradients in the names that are known before an assignment."""

    def __init__(self, run: Run, number: int) -> None:
        self.run = run
        self.number = number
        before = [a for a in run.assignments[:number] if not run.is_bad(a.number)]
        params = zip(run.problem.names, run.problem.arrays, strict=True)
        function = run.assignments[number].function
        own = [assignment for assignment in before if assignment.function == function]
        others = [*names_of(before), *params, *names_of(run.forward)]
        self.names = Names(names_of(own), others)
        self.gradients = self.named_gradients()

    def named_gradients(self) -> dict[Node, tuple[str, float]]:
        """The nodes whose gradient has a name, with it and its factor."""
        found: dict[Node, tuple[str, float]] = {}
        for assignment in reversed(self.run.assignments[: self.number]):
            number = assignment.number
            if assignment.kind == "returned" or self.run.is_bad(number):
                continue
            for match in self.run.matches(number):
                reference = match.reference
                total = reference.kind == ADJOINT and not reference.form
                if total and reference.node is not None:
                    found.setdefault(reference.node, (assignment.name, match.scale))
        return found

    def gradient(self, node: Node, depth: int = 0) -> tuple[str, float] | None:
        """The gradient of a node as a text, and by which factor that is more."""
        if depth > 0 and node in self.gradients:
            return self.gradients[node]
        adjoints = self.run.gallery.adjoints
        edges = [e for e in self.run.record.children.get(node, ()) if e.step.node in adjoints]
        if depth > DEEPEST or not 0 < len(edges) <= 3:
            return None
        slope = self.by_slope(node, depth)
        if slope is not None:
            return slope
        terms = [self.term(edge, depth) for edge in edges]
        known = [term for term in terms if term is not None]
        return joined(known) if known and len(known) == len(terms) else None

    def term(self, edge: Edge, depth: int) -> Term | None:
        """What one edge carries."""
        text = factor(edge, self.names)
        if text is None:
            return None
        constant = self.constant(edge.step.node)
        if constant is not None:
            negative = text.startswith("-")
            text = text.removeprefix("-").replace("{g} * ", "").replace(" * {g}", "")
            text = "" if text.startswith("{g}.") or text == "{g}" else text
            return Term(-constant if negative else constant, text.format(g="1"), 1.0)
        above = self.gradient(edge.step.node, depth + 1)
        return None if above is None else Term(1.0, text.format(g=grouped(above[0])), above[1])

    def constant(self, node: Node) -> float | None:
        """The gradient of a node, if it is the same number everywhere and has no name."""
        if node in self.gradients:
            return None
        adjoint = np.asarray(self.run.gallery.adjoints[node])
        constant = adjoint.size > 0 and np.all(adjoint == adjoint.flat[0])
        return float(adjoint.flat[0]) if constant else None

    def by_slope(self, node: Node, depth: int) -> tuple[str, float] | None:
        """The gradient as that of a later node times a slope that is recognised."""
        adjoint = self.run.gallery.adjoints.get(node)
        for end, slope in self.slopes(node):
            later = self.run.gallery.adjoints.get(end)
            if later is None or not near(slope * later, adjoint):
                continue
            text = self.slope_text(slope)
            above = None if text is None else self.gradient(end, depth + 1)
            if text is not None and above is not None and above[0]:
                return f"{grouped(above[0])} * {text}", above[1]
        return None

    def slopes(self, node: Node) -> Iterator[tuple[Node, Any]]:
        """The later nodes that are made of a node entry by entry, with the slopes of it."""
        size = int(np.prod(node.shape, dtype=int))
        for reference in self.run.gallery.of_size(size):
            chosen = reference.kind == SLOPE and reference.node is node and not reference.form
            if chosen and reference.end is not None:
                yield reference.end, reference.value

    def slope_text(self, slope: Any) -> str | None:
        """A slope in names, if it is that of a common activation."""
        return slope_text(slope, self.named_like(slope))

    def named_like(self, slope: Any) -> Iterator[tuple[str, Any]]:
        """The named arrays of the shape of a slope, and those of recognised values."""
        shape = np.shape(slope)
        found = [pair for pair in self.names.own if pair[1].shape == shape]
        alike = [v for v in self.run.record.values.values() if np.shape(v) == shape]
        found += [(text, value) for value in alike if (text := self.names(value)) is not None]
        found += [pair for pair in self.names.named if pair[1].shape == shape]
        yield from (pair for pair in found if pair[1].dtype.kind == "f")


def should_be(run: Run, number: int, reference: Reference | None, value: Any) -> str | None:
    """What an assignment ought to be, given what would make it right; None if that is not so."""
    if isinstance(value, int):
        return str(value)
    if run.assignments[number].name in run.problem.names:
        return None  # a parameter itself has been changed
    if reference is None:
        return None
    if reference.kind in (VALUE, GIVEN):
        text = forward_text(run, number, reference.value)
    else:
        text = gradient_text(run, number, reference, value)
    named = Writer(run, number).names.named
    return text if text is not None and is_true(run, text, named, value) else None


def gradient_text(run: Run, number: int, reference: Reference, value: Any) -> str | None:
    """A gradient or a slope in the names that are known before an assignment."""
    if reference.form:
        return None
    writer = Writer(run, number)
    if reference.kind == SLOPE:
        return writer.slope_text(reference.value)
    simple = difference(value, writer.names.named)
    if simple is not None or reference.node is None:
        return simple
    found = writer.gradient(reference.node)
    return None if found is None else scaled(run, found, reference, value)


def wanted(run: Run, number: int) -> tuple[Reference | None, Any]:
    """The gradient that an assignment ought to be: that of the parameter, or the one it is like."""
    name = run.assignments[number].name
    absent = [parameter for parameter in run.wrong if run.gradients.get(parameter) is None]
    for parameter in [*absent, *run.wrong]:
        end = run.ends.get(parameter)
        chain = run.passed_on(end)
        if number in chain or (end is not None and run.assignments[end].name == name):
            leaf = run.record.leaves[run.problem.names.index(parameter)]
            adjoint = run.gallery.adjoints.get(leaf)
            return Reference(ADJOINT, leaf, None, None, adjoint, ""), adjoint
    found: list[Match] = [m for m in run.matches(number) if m.reference.kind in (ADJOINT, PART)]
    for match in found:
        if match.reference.kind == ADJOINT and not match.reference.form:
            usual = run.scales[0] if run.scales else match.scale / final_scale(run)
            return match.reference, usual * match.reference.value
    return None, None


def final_scale(run: Run) -> float:
    """The factor by which the first wrong gradient is wrong, or 1."""
    for name in run.wrong:
        end = run.ends.get(name)
        leaf = run.record.leaves[run.problem.names.index(name)]
        for match in run.matches(end) if end is not None else ():
            if match.reference.node is leaf and match.reference.kind == ADJOINT:
                return match.scale
    return 1.0


def scaled(run: Run, found: tuple[str, float], reference: Reference, value: Any) -> str | None:
    """A text for a gradient with the factor that it has in this pass."""
    text, scale = found
    whole = np.ravel(reference.value)
    ratio = scale * float(whole @ whole) / (float(np.ravel(value) @ whole) or 1.0)
    if abs(ratio - 1) < 1e-6:
        return text
    lengths = sorted({*run.gallery.lengths, 2})
    for length in lengths:
        for sign, mark in ((1, ""), (-1, "-")):
            if abs(ratio - sign * length) < 1e-6 * length:
                return f"{mark}{grouped(text)} / {length}"
            if abs(ratio * length - sign) < 1e-6:
                return f"{mark}{length} * {grouped(text)}"
    return f"-{grouped(text)}" if abs(ratio + 1) < 1e-6 else None


def forward_text(run: Run, number: int, value: Any) -> str | None:
    """How the forward pass has made a value, or what it calls it."""
    own, function = run.assignments[number].name, run.assignments[number].function
    here = {a.name for a in run.assignments[:number] if a.function == function}
    for assignment in run.forward:
        other = assignment.value
        if assignment.kind == "assigned" and isinstance(other, np.ndarray) and near(other, value):
            source = assignment.source.partition(" = ")[2].strip()
            if assignment.name != own and assignment.name in here:
                return assignment.name
            scope = getattr(plain_function(run.problem.forward), "__globals__", {})
            return source if names_in(source) <= {*here, *scope} else None
    return Names(names_of(run.assignments[:number]), ())(value)


def names_in(text: str) -> set[str]:
    """The names that an expression reads; one that no scope has for what is no expression."""
    try:
        tree = ast.parse(text, mode="eval")
    except SyntaxError:
        return {""}
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
