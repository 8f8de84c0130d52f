"""`explain`: the chain of factors from the loss down to each parameter, as the graph has it."""

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from ...core.errors import format_place, function_name, message
from ...core.node import Node
from .problems import FormError, Problem, of_loss
from .records import Edge, Record, carried, recorded
from .running.watching import watch
from .wording.names import Names, difference, names_of, slope_text
from .wording.templates import factor

MOST_PATHS = 8
LONGEST_PATH = 60


class Factor(NamedTuple):
    """One step of a chain: the gradient of `name`, made of that of the step before.

    `text` says how, with `g` for the gradient of the step before; `place` is the file and line of
    the step of the forward pass through which it goes.
    """

    name: str
    shape: tuple[int, ...]
    text: str
    place: tuple[str, int]


class Explanation:
    """The chains of factors of every parameter: `chains[name]` has a list for each path."""

    def __init__(self, title: str, chains: dict[str, list[list[Factor]]]) -> None:
        self.title = title
        self.chains = chains

    def __str__(self) -> str:
        return "\n\n".join(described(self.title, n, paths) for n, paths in self.chains.items())

    __repr__ = __str__


def explain(loss: Callable[..., Any], params: Any, *data: Any) -> Explanation:
    """How the gradient of each parameter comes about: the factors from the loss down to it.

    `loss(params, *data)` is plain NumPy; `params` is an array, or a dict, list or tuple of them.
    Raises TypeError if the loss does not depend on the parameters by what could be recorded.

    >>> import numpy as np
    >>> def loss(w, x, y):
    ...     error = x @ w - y
    ...     return np.mean(error**2)
    >>> explanation = explain(loss, np.ones(2), np.eye(3, 2), np.zeros(3))
    >>> [factor.text for factor in explanation.chains["w"][0]]
    ['1 / 3', '2 * g * error', 'g', 'x.T @ g']
    """
    problem = of_loss(loss, loss, params, data)
    _, record = recorded(problem)
    if record is None:
        raise FormError(
            message(
                f"explain: {function_name(loss)} does not depend on its parameters",
                remedy="compute the loss from the parameters by NumPy's functions",
            )
        )
    return Explanation(problem.title, chains_of(problem, record))


class Namer:
    """Names of the arrays of a recorded forward pass; the call that made it for one without."""

    def __init__(self, problem: Problem, record: Record) -> None:
        _, assignments = watch(lambda: problem.scalar(problem.arrays))
        self.record = record
        self.names = Names(names_of(assignments), zip(problem.names, problem.arrays, strict=True))

    def __call__(self, value: Any) -> str | None:
        """The name of a value, or what can be said of it."""
        found = self.names(value)
        if found is None and (found := difference(value, self.names.named)) is None:
            made = [step.node.operation for step in self.record.steps if step.value is value]
            return f"{made[0].name}(...)" if made and made[0] is not None else None
        return found

    def of(self, node: Node) -> str:
        """The name of a node's value, or of the call that made it."""
        value = self.record.values[node]
        name = self.names(value) if np.ndim(value) else None
        operation = node.operation
        return name or ("a parameter" if operation is None else f"{operation.name}(...)")

    def is_named(self, node: Node) -> bool:
        """Whether the value of a node has a name."""
        value = self.record.values[node]
        return node.operation is None or (np.ndim(value) > 0 and self.names(value) is not None)


def chains_of(problem: Problem, record: Record) -> dict[str, list[list[Factor]]]:
    """The chains of factors of all parameters."""
    namer = Namer(problem, record)
    result: dict[str, list[list[Factor]]] = {}
    for name, leaf in zip(problem.names, record.leaves, strict=True):
        result[name] = []
        for path in islice(paths_to(record, leaf), MOST_PATHS):
            steps = [factor_of(edges, namer) for edges in grouped_steps(path, namer)]
            if steps:  # the gradient of the loss itself is 1
                steps[0] = steps[0]._replace(text=re.sub(r"\bg\b", "1", steps[0].text))
                steps[-1] = steps[-1]._replace(name=name)
            result[name].append(steps)
    return result


def grouped_steps(path: list[Edge], namer: Namer) -> Iterator[list[Edge]]:
    """The edges of a path, of which those between two names work entry by entry together."""
    waiting: list[Edge] = []
    for edge in path:
        if is_nothing(edge):
            continue
        entrywise = edge.rule.elementwise and edge.step.node.shape == edge.parent.shape
        waiting.append(edge)
        if not entrywise:
            yield from ([each] for each in waiting)
            waiting = []
        elif namer.is_named(edge.parent):
            whole = slope_of(waiting, namer) is not None
            yield from [waiting] if whole else ([each] for each in waiting)
            waiting = []
    yield from ([each] for each in waiting)


def is_nothing(edge: Edge) -> bool:
    """Whether an edge only makes a number of a number: the audit's own, of any loss."""
    same = edge.step.node.shape == edge.parent.shape == ()
    return same and edge.rule.operation.name == "reshape"


def slope_of(edges: list[Edge], namer: Namer) -> str | None:
    """The product of the slopes of several edges in names."""
    if len(edges) < 2:
        return None
    slope = np.ones(edges[0].step.node.shape, edges[0].step.node.dtype)
    for edge in edges:
        slope = carried(edge, slope)
    return slope_text(slope, namer.names.named)


def paths_to(record: Record, leaf: Node) -> Iterator[list[Edge]]:
    """The ways of edges from the end of a graph to a leaf."""
    waiting: list[tuple[Node, list[Edge]]] = [(leaf, [])]
    while waiting:
        node, path = waiting.pop()
        if node is record.end and path:
            yield path
        elif len(path) < LONGEST_PATH:
            edges = reversed(record.children.get(node, ()))
            waiting.extend((edge.step.node, [edge, *path]) for edge in edges)


def factor_of(edges: list[Edge], namer: Namer) -> Factor:
    """What an edge makes of a gradient, or several that work entry by entry."""
    last = edges[-1]
    several = len(edges) > 1
    text = f"{{g}} * {slope_of(edges, namer)}" if several else factor(last, namer)
    if text is None:
        text = f"g through {last.rule.operation.name} to its operand {last.rule.operand}"
    else:
        text = text.format(g="g")
    return Factor(namer.of(last.parent), last.parent.shape, text, last.step.place)


def described(title: str, name: str, paths: list[list[Factor]]) -> str:
    """The chains of one parameter as text."""
    if not paths:
        return f"{title} does not depend on {name}"
    blocks = []
    for count, path in enumerate(paths, start=1):
        several = f", path {count} of {len(paths)}" if len(paths) > 1 else ""
        lines = [f"the gradient of {title} in {name} {path[-1].shape}{several}:"]
        width = max(len(f"{step.name} {step.shape}") for step in path)
        for step in path:
            left = f"{step.name} {step.shape}"
            lines.append(f"  {left:{width}}  g = {step.text}")
            lines.append(f"  {'':{width}}      {format_place(step.place)}")
        blocks.append("\n".join(lines))
    if len(paths) > 1:
        blocks.append("  and the sum of these paths")
    return "\n".join(blocks)
