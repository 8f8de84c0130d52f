"""A trace of reverse mode around some values, for as long as a transform runs a function on them.

with recorded([x, w]) as trace:
    y = f(*trace.tensors)
    gradients = sweep(y._node, g)
    value = trace.outside(y)           # y without the trace
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from ..core.node import Leaf
from ..core.recording import wrap
from ..core.trace import Traced, new_trace_id
from ..core.views import OUTSIDERS, end_trace
from .trees import flatten, rebuild


class Recording:
    """The Tensors of a trace that stand for some values."""

    def __init__(self, values: Sequence[Any]) -> None:
        self.number = new_trace_id()
        self.leaves = [Leaf(value.shape, value.dtype) for value in values]
        pairs = zip(values, self.leaves, strict=True)
        self.tensors = [wrap(value, leaf, self.number) for value, leaf in pairs]

    def outside(self, tree: Any) -> Any:
        """A result, or a tree of results, without this trace."""
        if isinstance(tree, Traced):
            return tree._value if tree._trace == self.number else tree
        if tree is None or isinstance(tree, np.ndarray | np.generic | float):
            return tree
        leaves = flatten(tree)
        if not any(isinstance(leaf, Traced) for leaf in leaves.values()):
            return tree
        return rebuild(tree, [self.outside(leaf) for leaf in leaves.values()])

    def by_leaf(self, gradients: Mapping[Leaf, Any]) -> list[Any]:
        """The gradients in the order of the values; zeros where there is none."""
        return [
            gradients[leaf] if leaf in gradients else np.zeros(leaf.shape, leaf.dtype)[()]
            for leaf in self.leaves
        ]


@contextmanager
def recorded(values: Sequence[Any]) -> Iterator[Recording]:
    """Tensors that stand for values of floating or complex dtype, and end with the block."""
    recording = Recording(values)
    OUTSIDERS[recording.number] = []
    try:
        yield recording
    finally:
        end_trace(recording.number)
