"""Repairs made by hand, to see what they are taken for: no search, so they are fast and sure."""

import ast
from types import SimpleNamespace
from typing import Any

from autograd_lite.checking.audits.causes.classification import classified
from autograd_lite.checking.audits.causes.diagnoses import diagnose
from autograd_lite.checking.audits.judging import judged
from autograd_lite.checking.audits.layers import of_layer
from autograd_lite.checking.audits.problems import of_loss
from autograd_lite.checking.audits.repairs.moments import Moments
from autograd_lite.checking.audits.repairs.repairing import repair_of, weights_test
from autograd_lite.checking.audits.repairs.sites import Edit, Made, sites_of
from autograd_lite.checking.audits.running.sources import sources_of
from tests.checking.audits.modules import module_of


def problem_of(text: str, *inputs: Any) -> Any:
    """The problem of a text with `loss` and `gradients`, or `forward` and `backward`."""
    module = module_of(text)
    if hasattr(module, "loss"):
        return of_loss(module.loss, module.gradients, inputs[0], inputs[1:])
    return of_layer(module.forward, module.backward, inputs, 0)


def edit_of(problem: Any, lines: set[int], old: str, made: Made) -> Edit:
    """The change of an expression, or statement, of the manual pass in one of some lines."""
    sources, _ = sources_of(problem.backward, problem.manual)
    moments = Moments(sources)
    moments.watch(problem.manual)
    is_weight = weights_test(problem.arrays)
    for source in sources:
        for group in sites_of(source, moments.values, is_weight).values():
            for site in group:
                here = site.statement.lineno in lines and isinstance(site.node, ast.AST)
                stored = isinstance(getattr(site.node, "ctx", None), ast.Store)
                if here and not stored and ast.unparse(site.node) == old:
                    own = isinstance(made.piece, ast.AST) and ast.unparse(made.piece) == old
                    piece = site.node if own else made.piece
                    return Edit(site, made._replace(piece=piece), site.node)
    raise LookupError(old)


def made_by(
    text: str, mistake: tuple[str, str], inputs: Any,
    old: str, new: str, form: str, piece: str | None = None,
) -> tuple[Any, Any]:  # fmt: skip
    """What is known of a text with a mistake, and the repair that puts `new` in place of `old`.

    A mistake is a piece of the text and what stands there; `piece` is the factor, term or call that
    the change is about.
    """
    assert text.count(mistake[0]) == 1, mistake[0]
    changed = text.replace(*mistake)
    first = text[: text.index(mistake[0])].count("\n") + 1
    lines = set(range(first, first + mistake[1].count("\n") + 1))
    problem = problem_of(changed, *inputs)
    edit = edit_of(problem, lines, old, Made(parsed(new), form, piece and parsed(piece)))
    repair = repair_of(0, SimpleNamespace(edit=edit))  # type: ignore[arg-type]
    return judged(problem, elsewhere=False), repair


def parsed(text: str) -> Any:
    """The node of an expression, a slice like `:1`, or a statement."""
    if text.replace("-", "").replace("1", "").strip(":") == "" and ":" in text:
        return ast.parse(f"x[{text}]", mode="eval").body.slice  # type: ignore[attr-defined]
    node: Any = ast.parse(text).body[0]
    return node.value if isinstance(node, ast.Expr) else node


def told(*arguments: Any) -> list[Any]:
    """The diagnoses of a text with a mistake that a repair undoes."""
    judgement, repair = made_by(*arguments)
    record = judgement.opinions.record
    return [each for each in diagnose(judgement.cases, record, repair) if each is not None]


def kinds(*arguments: Any) -> set[str]:
    """The kinds of these diagnoses."""
    return {each.kind for each in told(*arguments)}


def named(*arguments: Any) -> Any:
    """What the repair alone is taken for, whatever the numbers of a gradient tell."""
    judgement, repair = made_by(*arguments)
    wrong = sorted(judgement.cases, key=lambda case: not case.is_wrong)
    return classified(repair, wrong, judgement.opinions.record)
