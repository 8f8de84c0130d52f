"""Modules of a test's own whose source can be read, and the report on one with a mistake."""

from autograd_lite.checking.audits.auditing import audit
from tests.checking.audits.modules import module_of


def undone(text, right, wrong, params, *data):
    """The line that is named for a mistake in a module, and the line at which it was made."""
    assert text.count(right) == 1
    module = module_of(text.replace(right, wrong), f"undone_{abs(hash((right, wrong)))}")
    line = audit(module.loss, module.gradients, params, *data).first_wrong_line
    return line, text[: text.index(right)].count("\n") + 1
