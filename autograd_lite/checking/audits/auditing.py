"""`audit` and `audit_layer`: is a gradient that was derived by hand right, and if not, why not."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from .cases import Case, Diagnosis
from .judging import judged
from .layers import of_layer
from .lines.finding import located, why_no_line
from .lines.nonfinite import NotFinite, first_not_finite
from .lines.repeated import line_of_memory
from .opinions import Opinions
from .problems import Problem, of_loss
from .repairs.several import find_mistakes
from .reporting.findings import ParameterReport, WrongLine
from .reporting.originals import as_written
from .reports import Report
from .several import diagnosed, lines_of, note_on

PATIENCE = 5.0  # seconds to look for the line


def audit(loss: Any, manual: Any, params: Any, *data: Any) -> Report:
    """Compare a gradient derived by hand with the automatic and the numeric one.

    `loss(params, *data)` returns one real number, `manual(params, *data)` its gradients: a tree
    like `params` (float arrays, alone or in dicts, lists and tuples), a sequence in their order, a
    dict of `dW` for `W`, or any of these behind the loss. Both are plain NumPy and run unchanged,
    on copies of their own.

    The report says for every parameter whether its gradient is right, and of a wrong one why, with
    the first line at fault. Raises TypeError if the functions and arguments do not fit together;
    errors of the user's own code are his.

    >>> def loss(w, x, y):
    ...     return 0.5 * np.mean((x @ w - y) ** 2)
    >>> def gradient(w, x, y):
    ...     return x.T @ (x @ w - y)
    >>> x, y = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 7.0]]), np.array([1.0, 0.0, 2.0])
    >>> report = audit(loss, gradient, np.array([0.3, -0.2]), x, y)
    >>> report.ok, report.parameters[0].diagnosis.kind, report.parameters[0].diagnosis.evidence
    (False, 'scale', {'factor': 3.0})
    """
    return audited(of_loss(loss, manual, params, data))


def audit_layer(forward: Any, backward: Any, *inputs: Any, seed: int = 0) -> Report:
    """Audit the backward pass of a layer, as courses write them.

    `forward(*inputs)` returns `out` or `(out, cache)`, `backward(dout, cache)` the gradients of the
    float arrays among the inputs, in their order; or if the shapes do not fit so, in that of the
    names in its last line, `return dw, db, dx`. If it takes what `forward` takes and no incoming
    gradient, as `mse_prime(y_true, y_pred)`, that is 1. `backward=None` says that `forward` does
    both: it is a function or method that returns `(loss, gradients)`, in either order, or an object
    with methods `forward` and `backward`. If that has a method `loss` (or `cost`, `compute_loss`
    ...) as well, which takes inputs more, as in `audit_layer(network, None, x, y)`, the loss is
    differentiated; two methods of one object may also be given themselves:
    `audit_layer(network.cost, network.backprop, x, y)`.

    The arrays of an object are audited too, in lists, dicts and layers within as well; their
    gradients are returned, or stand beside them: `dW` beside `W`, `grads["W"]` beside
    `params["W"]`, `dW[0]` beside `W[0]`. Where `backward(dout, learning_rate)` updates them at
    once, what it takes from them over the rate is the gradient. The incoming gradient of a single
    number is 1, others are drawn by `seed`. A small constant in a logarithm, `log(p + 1e-7)`, may
    be left out of gradients. See `audit` for the report. Raises TypeError (FormError) where the
    passes do not fit together.

    >>> def forward(x, w):
    ...     return x @ w, (x, w)
    >>> def backward(dout, cache):
    ...     x, w = cache
    ...     return dout @ w.T, dout.T @ x
    >>> report = audit_layer(forward, backward, np.arange(6.0).reshape(2, 3), np.ones((3, 4)))
    >>> [(p.name, p.verdict) for p in report.parameters], report.parameters[1].diagnosis.kind
    ([('x', 'right'), ('w', 'wrong')], 'transposed')
    """
    return audited(of_layer(forward, backward, inputs, seed))


def audited(problem: Problem) -> Report:
    """The report on a problem."""
    judgement = judged(problem)
    cases, findings = judgement.cases, judgement.findings
    causes: Sequence[Diagnosis | None] = [None] * len(cases)
    line, notes = None, judgement.notes
    if any(case.is_wrong for case in cases):
        try:
            causes, lines = explained(judgement.problem, cases, judgement.opinions)
        except Exception as error:  # noqa: BLE001 - the verdict is known, and must not be lost
            causes, lines = [unexplained(case, error) for case in cases], []
        line = lines[0] if lines else None
        notes = (*notes, note_on(lines)) if len(lines) > 1 else notes
    remembered = line_of_memory(judgement.problem, [*findings.values(), *causes])
    line = line if remembered is None else as_written(remembered)
    if line is None and any(case.is_wrong for case in cases):
        notes = (*notes, why_no_line(judgement.problem))
    return Report(
        problem.title,
        tuple(
            replace(
                verdict(case, findings.get(case.name, cause), case.name in findings),
                manual=case.manual,
                right=case.truth,
            )
            for case, cause in zip(cases, causes, strict=True)
        ),
        line,
        notes,
    )


def explained(
    problem: Problem, cases: Sequence[Case], opinions: Opinions
) -> tuple[Sequence[Diagnosis | None], Sequence[WrongLine]]:
    """The cause of each wrong gradient, and the wrong lines that are known, the first one first."""
    place = None
    if opinions.record is not None:
        wrong = [case.name for case in cases if case.is_wrong]
        place = located(problem, opinions.record, wrong)
    line = None if place is None else place.line
    mistakes = find_mistakes(cases, opinions.record, line, PATIENCE)
    lines = [] if line is None else [line]
    if mistakes and (mistakes[0].repair.is_plausible or line is None):
        lines = lines_of(mistakes)
    causes = diagnosed(cases, opinions.record, mistakes, place)
    if any(cause is not None and cause.kind == "nan" for cause in causes):
        first = first_not_finite(problem)
        if first is not None:
            causes, lines = [with_operation(cause, first) for cause in causes], [first.line]
    return causes, list(map(as_written, lines))


def unexplained(case: Case, error: Exception) -> Diagnosis | None:
    """What is left to say where the search for the cause of a wrong gradient has failed."""
    if not case.is_wrong:
        return None
    text = f"the search for the cause failed ({type(error).__name__}: {error}); please report it"
    return Diagnosis("unknown", text, {})


def with_operation(cause: Diagnosis | None, first: NotFinite) -> Diagnosis | None:
    """The diagnosis of a gradient that is not finite, with the operation that made it so."""
    if cause is None or cause.kind != "nan":
        return cause
    given = f": {first.given}" if first.given else ""
    text = f"{cause.text}. `{first.operation}` in line {first.line.line} was the first{given}"
    evidence = {**cause.evidence, "operation": first.operation, "line": first.line.line}
    return Diagnosis(cause.kind, text, evidence)


def verdict(case: Case, cause: Diagnosis | None, at_fault: bool) -> ParameterReport:
    """The verdict on one gradient; `at_fault` says that it is wrong whatever its numbers are."""
    shape = np.shape(case.parameter)
    if case.truth is None:
        return ParameterReport(case.name, shape, "unknown", None, None)
    if case.manual is None:
        return ParameterReport(case.name, shape, "missing", None, None, cause)
    if not case.has_shape:
        return ParameterReport(case.name, shape, "wrong", None, None, cause)
    error, worst = largest_error(case)
    word = "right" if case.is_right and not at_fault else "wrong"
    if (
        word == "right"
        and case.opinion.kinks is not None
        and np.any(np.abs(case.manual - case.truth) > case.allowed)
    ):
        word = "unknown"
    return ParameterReport(case.name, shape, word, error, worst, cause)


def largest_error(case: Case) -> tuple[float | None, tuple[int, ...] | None]:
    """The largest error, relative to the largest entry, and where it is."""
    difference = np.abs(case.manual - case.truth)
    if not difference.size:
        return None, None
    worst = np.unravel_index(
        int(np.argmax(np.nan_to_num(difference, nan=np.inf))), case.truth.shape
    )
    scale = np.max(np.abs(case.truth))
    with np.errstate(all="ignore"):
        error = float(difference[worst] / scale) if scale else float(difference[worst])
    return error, tuple(int(n) for n in worst)
