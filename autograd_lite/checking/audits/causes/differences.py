"""A repair with what is known of its parts: the places, values and roles before and after."""

import ast
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from ..cases import Case
from ..records import Record
from ..repairs.repairing import Repair
from ..repairs.sites import Made, Site
from ..wording.changes import only_difference
from .roles import Roles, label_names, value_or_none

Found = tuple[str, str] | None  # kind and text
REDUCTIONS = ("sum", "mean", "max", "min", "prod", "average", "std", "var", "argmax", "cumsum")
MAKING = ("len", "eye", "zeros", "ones", "full", "arange", "range", "identity")  # of lengths
PRODUCTS = ("dot", "matmul", "tensordot", "einsum", "outer", "multi_dot")


class Difference:
    """A repair with what is known of its parts."""

    def __init__(self, repair: Repair, cases: Sequence[Case], record: Record | None) -> None:
        self.repair = repair
        self.cases = cases
        self.site: Site = repair.edit.site
        self.made: Made = repair.edit.made
        self.old: Any = repair.edit.before
        self.new: Any = self.made.node
        self.form = self.made.form
        self.roles = Roles(cases[0], record)
        self.piece: Any = self.made.piece
        self.piece_value = value_or_none(self.site, self.piece)
        self.old_value = value_or_none(self.site, self.old)
        self.new_value = value_or_none(self.site, self.new)
        self.labels = label_names(self.site) if self.roles.has_labels else set()
        self.around = list(self.ancestors())
        self.updated = list(self.total())

    def ancestors(self) -> Any:
        """The expressions around the place, from the inside: each as it was and as it is to be."""
        statement = self.site.statement
        chain = path_to(statement, self.old) or []
        for node in reversed(chain):
            if isinstance(node, ast.expr):
                before = value_or_none(self.site, node)
                with self.repair.edit.applied():
                    yield node, before, value_or_none(self.site, node)

    def total(self) -> Any:
        """What a statement that adds something makes of its target: as it was, as it is to be."""
        statement = self.site.statement
        if not isinstance(statement, ast.AugAssign):
            return

        def value() -> Any:
            held = ast.parse(ast.unparse(statement.target), mode="eval").body
            return value_or_none(self.site, ast.BinOp(held, statement.op, statement.value))

        before = value()
        with self.repair.edit.applied():
            yield statement.target, before, value()

    @property
    def spelled(self) -> str:
        """The factor, term or name as the user spells it."""
        return ast.unparse(self.piece) if isinstance(self.piece, ast.AST) else str(self.piece or "")

    def is_inside(self, kinds: Any) -> bool:
        """Whether the place is part of an expression of some kinds."""
        chain = path_to(self.site.statement, self.old) or []
        return any(isinstance(node, kinds) for node in chain)

    @property
    def chain(self) -> list[ast.AST]:
        """The nodes from the statement down to the place."""
        return [*(path_to(self.site.statement, self.old) or []), self.old]

    @property
    def in_matrices(self) -> bool:
        """Whether the place is part of a product of matrices."""
        return any(isinstance(getattr(node, "op", None), ast.MatMult) for node in self.chain[:-1])

    @property
    def in_axis(self) -> bool:
        """Whether the place is in the axis of a reduction."""
        return any(
            (isinstance(outer, ast.keyword) and outer.arg in ("axis", "axes"))
            or (isinstance(outer, ast.Call) and inner in outer.args and is_axis(outer, inner))
            for outer, inner in pairwise(self.chain)
        )

    @property
    def in_index(self) -> bool:
        """Whether the place is in the index of an array."""
        return self.indexed is not None

    @property
    def indexed(self) -> ast.Subscript | None:
        """The entry or part of an array in whose index the place is."""
        for outer, inner in pairwise(self.chain):
            if isinstance(outer, ast.Subscript) and inner is outer.slice:
                return outer
        return None

    @property
    def target(self) -> Any:
        """What the statement assigns to, or adds to."""
        targets = getattr(self.site.statement, "targets", None)
        return targets[0] if targets else getattr(self.site.statement, "target", None)

    def value(self, node: Any) -> Any:
        """The value of an expression before the statement, None if it has none."""
        return value_or_none(self.site, node)

    def values(self) -> list[tuple[Any, Any, Any]]:
        """The expressions from the place outwards, each with its value as it was and should be."""
        return [(self.old, self.old_value, self.new_value), *self.around]


def is_axis(call: ast.Call, argument: Any) -> bool:
    """Whether an argument of a call is the axis of a reduction: `x.sum(0)`, `np.sum(x, 0)`."""
    name = getattr(call.func, "attr", "")
    module = ast.unparse(getattr(call.func, "value", call.func)) in ("np", "numpy")
    return name in REDUCTIONS and call.args.index(argument) == int(module)


def path_to(tree: ast.AST, node: Any) -> list[ast.AST] | None:
    """The nodes from a tree down to what holds a node; None if it does not."""
    if tree is node:
        return []
    for child in ast.iter_child_nodes(tree):
        below = path_to(child, node)
        if below is not None:
            return [tree, *below]
    return None


def is_factor(d: Difference) -> bool:
    """Whether a factor comes or goes."""
    return d.form in ("factor dropped", "factor added", "inverse")


def plain(node: Any) -> str:
    """The text of a node."""
    return ast.unparse(node) if isinstance(node, ast.AST) else str(node)


def narrowed(old: Any, new: Any) -> tuple[Any, Any] | None:
    """The smallest expressions in which two differ; None if they differ in several."""
    if not isinstance(old, ast.expr) or not isinstance(new, ast.expr):
        return None
    found: tuple[Any, Any] = old, new
    deeper: tuple[Any, Any] | None = found
    while deeper is not None:
        found = deeper if isinstance(deeper[0], ast.expr) else found
        deeper = only_difference(*deeper)
    return found


def in_product(d: Difference) -> bool:
    """Whether the place is an operand of a product of matrices."""
    parent = d.site.slot.parent
    if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Attribute):
        return parent.func.attr in PRODUCTS
    if isinstance(parent, ast.Attribute):
        return parent.attr in ("dot", "T")
    return isinstance(parent, ast.BinOp | ast.Starred)


def is_multiplied(d: Difference) -> bool:
    """Whether the place is an operand of a product of matrices, by `@` or a call."""
    parent = d.site.slot.parent
    product = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.MatMult)
    return product or (in_product(d) and not isinstance(parent, ast.BinOp))


def factors_of(node: Any) -> list[Any]:
    """The factors of a product, also below a line, and what powers and calls are taken of."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div):
        return [*factors_of(node.left), *factors_of(node.right)]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        return factors_of(node.left)
    if isinstance(node, ast.UnaryOp):
        return factors_of(node.operand)
    if not isinstance(node, ast.Call):
        return [node]
    if getattr(node.func, "attr", getattr(node.func, "id", "")) in MAKING:
        return []
    return [each for arg in node.args for each in factors_of(arg)]
