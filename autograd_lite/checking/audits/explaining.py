"""`explain`: the chain of factors from the loss down to each parameter, as the graph has it."""

import linecache
import re
from collections.abc import Callable, Iterator
from itertools import islice, zip_longest
from typing import Any, NamedTuple

import numpy as np

from ...core.errors import function_name, message
from ...core.node import Node
from .problems import FormError, Problem, of_loss
from .records import Edge, Record, carried, recorded
from .running.watching import watch
from .wording.names import Names, difference, names_of, slope_text
from .wording.templates import factor, grouped

MOST_PATHS = 8
LONGEST_PATH = 60
MOST_COLUMNS = 56


WORDS = {  # of operations that NumPy has no expression for on the way back
    "getitem": "g at the entries taken, 0 elsewhere",
    "take": "g added up at the entries taken",
    "pad": "g without the padding",
    "einsum": "g summed with the other operands",
}


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
        text = WORDS.get(last.rule.operation.name) or (
            f"g through {last.rule.operation.name} to its operand {last.rule.operand}"
        )
    else:
        text = text.format(g="g")
    return Factor(namer.of(last.parent), last.parent.shape, text, last.step.place)


def described(title: str, name: str, paths: list[list[Factor]]) -> str:
    """The chains of one parameter as text: those that read alike once, with their number."""
    if not paths:
        return f"{title} does not depend on {name}"
    texts: dict[str, int] = {}
    for path in paths:
        text = "\n".join(lines_of(path, name))
        texts[text] = texts.get(text, 0) + 1
    whole = f"the gradient of {title} in {name} {paths[0][-1].shape}"
    if len(paths) == 1:
        return f"{whole}, step by step:\n{next(iter(texts))}"
    blocks = [f"{whole} is the sum over {len(paths)} paths:"]
    start = 1
    for text, count in texts.items():
        blocks.append(f"path {start}:" if count == 1 else f"paths {start} to {start + count - 1}:")
        blocks.append(text)
        start += count
    return "\n".join(blocks)


def lines_of(path: list[Factor], name: str) -> list[str]:
    """One chain as text: each gradient made of the one before, with the line it comes from."""
    rows: list[tuple[str, str, tuple[str, int]]] = []
    before = "1"
    steps = telling(path)
    for step, following in zip_longest(steps, steps[1:]):
        text = with_gradient(step.text, before)
        if following is not None and (step.shape == () or takes_number(following.text, text)):
            before = text  # a number: it is written into the next step
            continue
        before = f"d_{spelled(step.name)}"
        rows.append((f"{before} {step.shape}", text, step.place))
    left = max(len(row[0]) for row in rows)
    right = min(MOST_COLUMNS, max(len(row[1]) for row in rows))
    found, place = [], None
    for target, text, where in rows:
        source = "" if where == place else f"line {where[1]}: {source_of(where)}"
        found.append(f"  {target:{left}} = {text:{right}}  {source}".rstrip())
        place = where
    return found if path[-1].name == name else [*found, f"  d_{name} = {before}"]


def takes_number(text: str, number: str) -> bool:
    """Whether a number may stand in a step for an array that holds nothing else."""
    is_number = re.fullmatch(r"[-+*/.()\d\se]+", number) is not None
    return is_number and re.search(r"@|g\.|g\[|g,|\(-?g\)|, g| at ", text) is None


def telling(path: list[Factor]) -> list[Factor]:
    """The steps of a chain without those that change nothing, by the best name of each gradient."""
    found: list[Factor] = []
    for step in path:
        if step.text != "g" or not found or step.shape != found[-1].shape:
            found.append(step)
        elif step is path[-1] or (found[-1].name.endswith("(...)") and step.name.isidentifier()):
            found[-1] = found[-1]._replace(name=step.name)
    if found[-1] is not path[-1] and found[-1].name == path[-1].name:
        path[-1] = found[-1]
    return found


def with_gradient(text: str, before: str) -> str:
    """The text of a step with the gradient before it in the place of `g`."""
    if before == "1" and "@" not in text:
        text = re.sub(r"\bg \* ", "", text).removeprefix("1 * ")
    return re.sub(r"\bg\b", lambda _: grouped(before), text)


def spelled(name: str) -> str:
    """The name of a node; of one without a name, the call that made it."""
    return name.removesuffix("(...)")


def source_of(place: tuple[str, int]) -> str:
    """The source text of a line."""
    return linecache.getline(*place).strip()
