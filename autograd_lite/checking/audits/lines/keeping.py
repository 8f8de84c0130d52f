"""The statement that keeps something from one call to the next, as code says it.

`dict.setdefault`, `getattr(self, "buffer", np.zeros(n))`, `if self.mask is None:`.
"""

import ast
import linecache
from collections.abc import Iterator

from ..problems import Problem
from ..reporting.findings import WrongLine
from ..running.sources import Source, sources_of

DEFAULTS = 3  # arguments of `getattr` with a default


def keeping_line(problem: Problem, adds: bool) -> WrongLine | None:
    """The only statement of the backward pass that keeps something, or of all code.

    None if there are several. Where one of them `adds` to what is kept, it is that one.
    """
    sources, _ = sources_of(problem.backward, problem.manual)
    found = [(source, node) for source in sources for node in keeping(source)]
    found = [pair for pair in found if pair[0] is sources[0]] or found
    if len(found) != 1:
        return None
    source, node = found[0]
    node = adding(source, node) if adds else node
    text = linecache.getline(source.file, node.lineno).strip()
    return WrongLine(source.file, node.lineno, text, "", None)


def adding(source: Source, kept: ast.stmt) -> ast.stmt:
    """The statement that adds to what another keeps; that one itself if there is none."""
    names = set(map(ast.unparse, getattr(kept, "targets", ())))
    for node in ast.walk(source.definition):
        if isinstance(node, ast.AugAssign) and ast.unparse(node.target) in names:
            return node
    return kept


def keeping(source: Source) -> Iterator[ast.stmt]:
    """The statements of a function that keep something: of those with a body, its head."""
    for node in ast.walk(source.definition):
        if isinstance(node, ast.stmt) and node is not source.definition:
            head = [node.test] if isinstance(node, ast.If | ast.While) else [node]
            simple = not hasattr(node, "body") or isinstance(node, ast.If)
            if simple and any(keeps(each) for part in head for each in ast.walk(part)):
                yield node


def keeps(node: ast.AST) -> bool:
    """Whether an expression takes what was there before, if there was something."""
    if isinstance(node, ast.Call):
        function = node.func
        if isinstance(function, ast.Attribute):
            return function.attr == "setdefault"
        name = getattr(function, "id", "")
        return name == "hasattr" or (name == "getattr" and len(node.args) == DEFAULTS)
    if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Is | ast.IsNot):
        return isinstance(node.left, ast.Attribute)
    return False
