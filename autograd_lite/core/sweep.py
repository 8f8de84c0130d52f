"""The backward sweep: from the end of a graph to its leaves, newest node first.

The whole of backpropagation is the loop in `sweep`. For every node it takes the gradient that has
been collected, lets the rule of each operand turn it into that operand's gradient, and adds it to
what the operand has collected. The engine, not the rule, sums over broadcast axes, keeps the dtype
and checks shapes. There is no recursion, and a node is freed as soon as it has been passed.
"""

from _heapq import heappop, heappush, heapreplace
from functools import wraps
from typing import Any

from numpy import ndarray
from numpy.linalg import LinAlgError

from .errors import GraphError, MemberError, RuleError, describe, format_place, message
from .formulas import place_of
from .guards import without_guards
from .node import Leaf, Node
from .operation import Rule
from .shortcuts import sum_of_rows
from .structural_zeros.dependence import apply_to_selected
from .structural_zeros.selected import Selected, strip

# What is not the rule's fault, or says already what is.
PASSED_ON = (Warning, FloatingPointError, MemoryError, GraphError, RuleError)


def sweep(  # noqa: C901, PLR0915 - one loop: every call made out of it costs all of training
    root: Node, gradient: Any, retain_graph: bool = False
) -> dict[Leaf, Any]:
    """Carry `gradient` (of the shape and dtype of `root`) back to every leaf.

    Works alike on arrays and, when a gradient is being differentiated, on Tensors of older traces.
    Raises GraphError if a node has been freed by an earlier sweep, and RuleError if a rule
    returns what cannot be a gradient.
    """
    leaves: dict[Leaf, Any] = {}
    if isinstance(root, Leaf):
        leaves[root] = gradient
        return leaves
    suspects: list[tuple[Leaf, Node]] = []  # leaves that may have changed after a node used them
    pending: dict[Node, Any] = {}
    heap: list[tuple[int, Node]] = []
    node, g, g_following, unsettled = root, gradient, None, False
    while True:
        edges = node.edges
        if edges is None:
            raise freed(node)
        if not retain_graph:
            node.edges = None
        # One parent needs neither heap nor dictionary, and often is all there is.
        following = None
        for parent, rule, kept in edges:
            try:
                if g.__class__ is Selected:
                    gx = apply_to_selected(rule, g, kept, parent.__class__ is Leaf)
                else:
                    gx = rule.formula(g, *kept)
            except PASSED_ON:
                raise
            except MemberError as error:
                g_total = g.total() if g.__class__ is Selected else g
                gx = error.each(without_zeros(rule), (g_total, *kept), {})
            except Exception as error:
                raise failed(rule, g, error) from error
            try:
                if gx.shape != parent.shape or gx.dtype is not parent.dtype:
                    gx = fit(gx, g, parent, rule)
            except AttributeError:
                raise unfit(rule, gx, parent) from None
            if parent.__class__ is Leaf:
                if parent.exposed is not None or parent.changed_at > node.index:
                    suspects.append((parent, node))
                if gx.__class__ is Selected:
                    if gx.steep is not None or gx.parts is not None:
                        unsettled = True
                    else:
                        gx = gx.settled().copy() if gx is g else gx.settled()
                if parent in leaves:
                    leaves[parent] = leaves[parent] + gx
                elif gx is g or (gx.__class__ is ndarray and gx.base is not None):
                    # memory of its own, which may be changed in place
                    leaves[parent] = gx if gx.__class__ is Selected else gx.copy()
                else:
                    leaves[parent] = gx
            elif following is None and parent not in pending:
                following, g_following = parent, gx
            elif parent is following:
                g_following = g_following + gx
            elif parent in pending:
                pending[parent] = pending[parent] + gx
            else:
                pending[parent] = gx
                heappush(heap, (-parent.index, parent))
        if following is None:
            if not heap:
                if suspects:
                    refuse_stale(suspects)
                return totals(leaves) if unsettled else leaves
            node = heappop(heap)[1]
            g = pending.pop(node)
        elif heap and heap[0][0] < -following.index:  # a newer node comes first
            pending[following] = g_following
            node = heapreplace(heap, (-following.index, following))[1]
            g = pending.pop(node)
        else:
            node, g = following, g_following


def without_zeros(rule: Rule) -> Any:
    """The formula of a rule, whose result has its structural zeros as numbers."""

    @wraps(rule.formula)
    def formula(*args: Any) -> Any:
        gx = rule.formula(*args)
        return gx.total() if gx.__class__ is Selected else gx

    return formula


def totals(leaves: dict[Leaf, Any]) -> dict[Leaf, Any]:
    """Gradients of leaves as plain values, where they came in parts or by infinite slopes."""
    return {leaf: gx.total() if gx.__class__ is Selected else gx for leaf, gx in leaves.items()}


def fit(gx: Any, g: Any, parent: Node, rule: Rule) -> Any:
    """A rule's result with the shape and dtype of the operand; RuleError if it cannot be."""
    if gx.dtype.kind != "f":
        whole = g.dtype.kind == "c" or rule.operation.complex_operands
        if gx.dtype.kind != "c" or not (whole or parent.dtype.kind == "c"):
            raise unfit(rule, gx, parent)
    if gx.shape != parent.shape:
        if not rule.elementwise or gx.shape != g.shape:
            raise unfit(rule, gx, parent)
        gx = unbroadcast(gx, parent.shape)
    return gx if gx.dtype == parent.dtype else cast(gx, parent.dtype)


def cast(gx: Any, dtype: Any) -> Any:
    """The gradient in the dtype of its operand: float32 stays float32, and real what is real."""
    if gx.__class__ is Selected:
        return gx.changed(lambda values: cast(values, dtype))
    if gx.dtype.kind == "c" and dtype.kind == "f":
        gx = gx.real
    return gx.astype(dtype)


def unbroadcast(gx: Any, shape: tuple[int, ...]) -> Any:
    """Sum over the axes along which an operand of `shape` was broadcast.

    >>> import numpy as np
    >>> unbroadcast(np.ones((4, 3)), (3,)).tolist()
    [4.0, 4.0, 4.0]
    """
    if gx.__class__ is Selected:
        return gx.carried(lambda values: unbroadcast(values, shape))
    extra = len(gx.shape) - len(shape)
    if extra:
        gx = sum_of_rows(gx) if extra == 1 else gx.sum(axis=tuple(range(extra)))
    if gx.shape != shape:
        stretched = [axis for axis, n in enumerate(shape) if n == 1 and gx.shape[axis] != 1]
        gx = gx.sum(axis=tuple(stretched), keepdims=True)
    return gx


def freed(node: Node) -> GraphError:
    """The error for a sweep through a part of a graph that an earlier sweep has freed."""
    name = node.operation.name if node.operation else "leaf"
    return GraphError(
        message(
            f"backward: the graph behind this result has been freed (at {name!r}) by an earlier "
            f"backward(), or by one that failed",
            remedy="compute the result again, or call the earlier one as "
            "backward(retain_graph=True)",
        )
    )


def refuse_stale(suspects: list[tuple[Leaf, Node]]) -> None:
    """Raise GraphError if the array of a leaf was changed after a node had used it."""
    oldest = dict(suspects)  # nodes come newest first, so that the oldest stays
    for leaf, node in oldest.items():
        if leaf.is_stale_for(node):
            raise stale(leaf, node)


def stale(leaf: Leaf, node: Node) -> GraphError:
    """The error for a leaf whose array was changed after the graph recorded it."""
    name = node.operation.name if node.operation else "leaf"
    return GraphError(
        message(
            f"backward: the data of a leaf Tensor {leaf.shape} {leaf.dtype} was changed after "
            f"{name!r} had used it, at {format_place(leaf.changed_place())}",
            remedy="call backward() before updating the data, or compute the result again",
        )
    )


def failed(rule: Rule, g: Any, error: Exception) -> Exception:
    """The error for a rule that raised; a singular matrix is not the formula's fault."""
    singular = isinstance(error, LinAlgError)
    text = message(
        f"the rule of {rule.operation.name} for operand {rule.operand!r} raised "
        f"{type(error).__name__}: {error}",
        call=f"formula({', '.join([f'g: {describe(strip(g))}', *rule.names])})",
        rule=place_of(without_guards(rule, ())[0].formula, error),
        remedy="there is no derivative at these values: take it elsewhere"
        if singular
        else "correct the formula given to declare",
    )
    return LinAlgError(text) if singular else RuleError(text)


def unfit(rule: Rule, gx: Any, parent: Any, due: str = "gradient of an operand") -> RuleError:
    """The error for a rule whose result cannot be the gradient of its operand."""
    return RuleError(
        message(
            f"the rule of {rule.operation.name} for operand {rule.operand!r} returned "
            f"{describe(strip(gx))}, where the {due} {parent.shape} {parent.dtype} is due",
            rule=place_of(without_guards(rule, ())[0].formula),
            remedy="return a float array of that shape (an elementwise rule may return the "
            "result's shape: it is summed over broadcast axes)",
        )
    )
