"""`checkpoint`: what a function computes on its way is not kept, but computed again when needed.

    y = checkpoint(segment)(x)      # keeps x and y, not what lies between

The results of the function are recorded with edges that do not exist yet. When the backward sweep
asks for them, the function runs once more, on the same arguments, and the sweep goes on through
what that has recorded, back to whatever the function had reached: its arguments, and Tensors from
outside as well.
"""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, ParamSpec, TypeVar, final

import numpy as np

from ..core import recording
from ..core.errors import GraphError, function_name, message
from ..core.guards import LARGE, changed, copied, fingerprint
from ..core.node import Leaf, Node, make_node, next_index
from ..core.operation import ELEMENTWISE, declare
from ..core.structural_zeros.dependence import IN_PARTS
from ..core.structural_zeros.selected import Selected
from ..core.sweep import stale
from ..core.tensor import Tensor
from ..core.trace import Traced, paused, pausing, primitive
from ..core.witness import WITNESS
from .layers import renewed, same, tensors_within
from .randomness import random_states, restored, used
from .trees import flatten, rebuild

COLUMNS = 509  # prime, so that rows and columns of a result fall into different ones
P = ParamSpec("P")
R = TypeVar("R")


def checkpoint(f: Callable[P, R]) -> Callable[P, R]:
    """The same function, which needs less memory to be differentiated and more time.

    Of a call only the arguments and the results are kept. What the backward sweep needs of the
    values between, it computes anew by a second call of `f`: bit for bit the same, and so are the
    gradients. Arguments and results may be trees. Tensors that `f` takes from outside get their
    gradients as ever. It can be nested, and stand inside and around all transforms.

    The second call must do what the first one did. Random numbers of `np.random` and of generators
    that `f` is given or finds as a variable are drawn as before; if the results differ
    nevertheless, or an argument was changed in between, the sweep raises GraphError. In a
    derivative of a derivative only the innermost sweep saves memory.

    A chain of 64 layers as 8 segments of 8: the sweep needs the memory of 8 arrays between
    segments, and of the inside of one segment.

    >>> import numpy as np
    >>> import autograd_lite as ag
    >>> def segment(x, weights):
    ...     for w in weights:
    ...         x = np.tanh(x @ w) + 0.1 * x
    ...     return x
    >>> def loss(weights, x, segment):
    ...     for first in range(0, 64, 8):
    ...         x = segment(x, weights[first : first + 8])
    ...     return np.sum(x**2)
    >>> weights = [0.3 * np.eye(4) for _ in range(64)]
    >>> x = np.ones((1000, 4))
    >>> saving = ag.grad(loss)(weights, x, ag.checkpoint(segment))
    >>> all(map(np.array_equal, saving, ag.grad(loss)(weights, x, segment)))
    True
    >>> import tracemalloc
    >>> def peak(segment):
    ...     tracemalloc.start()
    ...     ag.grad(loss)(weights, x, segment)
    ...     return tracemalloc.get_traced_memory()[1], tracemalloc.stop()
    >>> peak(segment)[0] > 3 * peak(ag.checkpoint(segment))[0]
    True
    """

    @wraps(f)
    def segment(*args: P.args, **kwargs: P.kwargs) -> R:
        if getattr(WITNESS.get(), "whole_graph", WITNESS.get() is not None):
            # an audit is to see every step
            return f(*args, **kwargs)
        call = Call(f, args, kwargs)
        first = next_index()
        return call.joined(f(*args, **kwargs), first)  # type: ignore[no-any-return]

    return segment


@final
class Call:
    """What is needed to make a call once more."""

    __slots__ = ("f", "form", "inputs", "paused", "prints", "random", "sums")

    def __init__(self, f: Any, args: Any, kwargs: Any) -> None:
        self.f, self.form, self.paused = f, (args, kwargs), paused()
        leaves = list(flatten(self.form).values())
        self.random = random_states(f, leaves)
        self.prints = [(x, fingerprint(x)) for x in leaves if is_large(x)]
        self.inputs = [kept(x) for x in leaves]
        self.sums: list[Any] = []

    def joined(self, result: Any, first: int) -> Any:
        """The results of the call, recorded as if by one operation; `first` is its first node."""
        outputs = list(flatten(result).values())
        ends = ends_of(outputs, first)
        if not ends:
            return result
        self.sums = [checksum(y) for y in outputs]
        self.random = used(self.random)
        tails = {}  # of each trace, what its results are recorded with
        for trace, nodes in ends.items():
            edges: Any = Again(self, trace, nodes, first)
            tails[trace] = edges if len(nodes) == 1 else hub(edges)

        def exchange(tensor: Tensor, inner: Any) -> Tensor:
            nodes, node = ends.get(tensor._trace, ()), tensor._node
            if node is None or node not in nodes:
                return same(tensor, inner)
            edges = tails[tensor._trace]
            if len(nodes) > 1:
                edges = ((edges, PART, (nodes.index(node), len(nodes))),)
            return recording.attach(inner, node.dtype, tensor._trace, RECOMPUTED, edges)  # type: ignore[no-any-return]

        return rebuild(result, [renewed(y, exchange) for y in outputs])

    def again(self, trace: int) -> list[Node]:
        """The ends of what a second call records for a trace."""
        for array, before in self.prints:
            if fingerprint(array) != before:
                raise changed(RECOMPUTED, array)

        def exchange(tensor: Tensor, inner: Any) -> Any:  # newer traces have had theirs
            return inner if tensor._trace > trace else same(tensor, inner)

        args, kwargs = rebuild(self.form, [renewed(x, exchange) for x in self.inputs])
        with restored(self.random), pausing(self.paused):
            first = next_index()
            result = self.f(*args, **kwargs)
        outputs = list(flatten(result).values())
        ends = ends_of(outputs, first).get(trace, [])
        if len(outputs) != len(self.sums) or not all(map(agree, map(checksum, outputs), self.sums)):
            raise other_results(self.f)
        return ends


class Again:
    """The edges of the results of a call, which are found by making it again."""

    __slots__ = ("call", "count", "leaves", "node", "trace")

    def __init__(self, call: Call, trace: int, ends: list[Node], first: int) -> None:
        self.call, self.trace, self.count = call, trace, len(ends)
        self.leaves = leaves_behind(ends, first)  # they note changes as long as somebody has them
        self.node = make_node(RECOMPUTED, (), ends[0])

    def __iter__(self) -> Iterator[Any]:
        for leaf in self.leaves:
            if leaf.is_stale_for(self.node):
                raise stale(leaf, self.node)
        ends = self.call.again(self.trace)
        if len(ends) != self.count:
            raise other_results(self.call.f)
        if self.count == 1:
            return iter([(ends[0], WHOLE, ())])
        return iter([(end, ITEM, (at, (end.shape, end.dtype))) for at, end in enumerate(ends)])


def leaves_behind(ends: list[Node], first: int) -> list[Leaf]:
    """The leaves from outside that results depend on by nodes not older than the first one."""
    seen, waiting = set(ends), list(ends)
    while waiting:
        for parent, _, _ in waiting.pop().edges or ():
            if parent not in seen:
                seen.add(parent)
                if parent.index >= first:
                    waiting.append(parent)
    return [node for node in seen if isinstance(node, Leaf)]


def ends_of(outputs: list[Any], first: int) -> dict[int, list[Node]]:
    """The nodes of results that are not older than the first one, by their traces."""
    found: dict[int, list[Node]] = {}
    for y in outputs:
        for tensor in tensors_within(y):
            node = tensor._node
            if node is not None and node.index >= first and node.edges is not None:
                nodes = found.setdefault(tensor._trace, [])
                if node not in nodes:
                    nodes.append(node)
    return found


class Parts:
    """The gradients of several results, as one that goes to the node that stands for all."""

    __slots__ = ("items",)
    shape = ()
    dtype = "gradients of several results"

    def __init__(self, items: list[Any]) -> None:
        self.items = items

    def __add__(self, other: "Parts") -> "Parts":
        pairs = zip(self.items, other.items, strict=True)
        return Parts([b if a is None else a if b is None else a + b for a, b in pairs])


def hub(edges: Any) -> Node:
    """The node that collects the gradients of several results."""
    return make_node(RECOMPUTED, edges, Parts)


def part(g: Any, at: int, count: int) -> Parts:
    """The gradient of one of several results, as one of all."""
    return Parts([g if n == at else None for n in range(count)])


def item(g: Any, at: int, shape: Any) -> Any:
    """The gradient of one of several results; structurally zero if it has none."""
    found = g.items[at]
    return Selected(np.zeros(*shape), np.False_) if found is None else found


@primitive
def recomputed(y: Any, at: int, count: int, shape: Any) -> Any:  # noqa: ARG001 - for its rules
    """What the results of a checkpointed function are recorded as."""
    return y


@primitive
def whole(y: Any) -> Any:
    """The only result of a checkpointed function."""
    return y


@primitive
def single(y: Any, at: int, shape: Any) -> Any:  # noqa: ARG001 - for its rule
    """One of the results of a checkpointed function."""
    return y


WHOLE = declare(whole, kind=ELEMENTWISE, y=lambda g: g).rules[0]
ITEM = declare(single, y=item).rules[0]
RECOMPUTED = declare(recomputed, y=part)
PART = RECOMPUTED.rules[0]
IN_PARTS[part] = part


# Whether a second call does what the first one did


def kept(value: Any) -> Any:
    """An argument for a second call, as it is now; a large array itself, to be watched."""
    if value.__class__ is np.ndarray and value.dtype != object:
        return value if is_large(value) else copied(value)
    return renewed(value, same)


def is_large(value: Any) -> bool:
    """Whether an argument is an array that takes too much memory to be copied."""
    return value.__class__ is np.ndarray and value.dtype != object and value.nbytes > LARGE


def checksum(y: Any) -> Any:
    """What is kept of a result to recognise it: sums of its entries in 509 columns."""
    while isinstance(y, Traced):
        y = y._value
    if getattr(y, "dtype", np.dtype(object)).kind not in "fc":
        return None
    flat = np.ravel(y)
    rows = flat.size // COLUMNS
    tail = flat[rows * COLUMNS :]
    with np.errstate(all="ignore"):
        sums = np.add.reduce(np.reshape(flat[: rows * COLUMNS], (rows, COLUMNS)), 0)
    return np.concatenate([sums, tail])


def agree(found: Any, before: Any) -> bool:
    """Whether two results are the same, but for what a parallel product may round otherwise."""
    if found is None or before is None:
        return found is before
    if found.tobytes() == before.tobytes():
        return True
    if found.shape != before.shape or found.dtype != before.dtype:
        return False
    rounding = 1000 * float(np.finfo(before.dtype).eps)
    size = np.max(np.abs(before), initial=0.0, where=np.isfinite(before))
    return np.allclose(found, before, rtol=rounding, atol=rounding * float(size), equal_nan=True)


def other_results(f: Any) -> GraphError:
    """The error for a function that does something else when it is called again."""
    return GraphError(
        message(
            f"backward: checkpoint called {function_name(f)} again, and its results were not those "
            "of the first call",
            remedy="let it depend on nothing that changes between the calls but its arguments; "
            "pass generators of random numbers as arguments",
        )
    )
