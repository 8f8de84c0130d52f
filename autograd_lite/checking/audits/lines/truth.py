"""Whether what is said of a line is true: the text is computed in the values of its names."""

import ast
from typing import Any

import numpy as np

from ..running.sources import plain_function
from .aligning import Run


class Lookup(ast.NodeTransformer):
    """Puts values in the place of the names, attributes and entries that are known."""

    def __init__(self, known: dict[str, Any]) -> None:
        self.known = known
        self.found: dict[str, Any] = {}

    def visit(self, node: ast.AST) -> Any:
        """The name of a value for what is known, and what is inside of anything else."""
        if isinstance(node, ast.Name | ast.Attribute | ast.Subscript):
            text = ast.unparse(node)
            if text in self.known:
                name = f"value_{len(self.found)}"
                self.found[name] = self.known[text]
                return ast.Name(name, ast.Load())
        return self.generic_visit(node)


def is_true(run: Run, text: str, named: list[tuple[str, Any]], value: Any) -> bool:
    """Whether a text, in the values of the names that it was written in, is a value."""
    known = {normal(name): found for name, found in reversed(named)}
    lookup = Lookup(known)
    scope = getattr(plain_function(run.problem.forward), "__globals__", {})
    try:
        tree = ast.fix_missing_locations(lookup.visit(ast.parse(text, mode="eval")))
        code = compile(tree, "<should be>", "eval")
        with np.errstate(all="ignore"):
            found = eval(code, {**scope, "np": np, **lookup.found})
    except Exception:  # noqa: BLE001 - a text that cannot be computed is not printed
        return False
    if np.shape(found) != np.shape(value):
        return False
    found, value = np.asarray(found), np.asarray(value)
    return bool(np.allclose(found, value, 1e-6, 1e-9 * np.max(np.abs(value), initial=0.0)))


def normal(name: str) -> str:
    """A name as Python spells it."""
    try:
        return ast.unparse(ast.parse(name, mode="eval"))
    except SyntaxError:
        return name
