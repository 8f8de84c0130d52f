"""Repairs made by hand, to see what they are taken for: no search, so they are fast and sure."""

import ast
from types import SimpleNamespace
from typing import Any

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
                    return Edit(site, made, site.node)
    raise LookupError(old)


def told(
    text: str, mistake: tuple[str, str], inputs: Any,
    old: str, new: str, form: str, piece: str | None = None,
) -> list[Any]:  # fmt: skip
    """The diagnoses of a text with a mistake: its gradients are right with `new` for `old`.

    A mistake is a piece of the text and what stands there; `piece` is the factor, term or call that
    the change is about.
    """
    assert text.count(mistake[0]) == 1, mistake[0]
    changed = text.replace(*mistake)
    first = text[: text.index(mistake[0])].count("\n") + 1
    lines = set(range(first, first + mistake[1].count("\n") + 1))
    problem = problem_of(changed, *inputs)
    judgement = judged(problem, elsewhere=False)
    node: Any = ast.parse(new).body[0]
    node = node.value if isinstance(node, ast.Expr) else node
    part = None if piece is None else ast.parse(piece, mode="eval").body
    edit = edit_of(problem, lines, old, Made(node, form, part))
    repair = repair_of(0, SimpleNamespace(edit=edit))  # type: ignore[arg-type]
    record = judgement.opinions.record
    return [each for each in diagnose(judgement.cases, record, repair) if each is not None]


def kinds(*arguments: Any) -> set[str]:
    """The kinds of these diagnoses."""
    return {each.kind for each in told(*arguments)}
