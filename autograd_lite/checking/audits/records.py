"""The recorded forward pass, with all its values, and backward passes over it that may be altered.

    record = recorded(problem)
    record.gradients()                                  # as they should be
    record.gradients(Change(lambda edge, g, gx: g))     # as they are if every slope is forgotten

A mistake in a backward pass is a change of what some edges carry; which change makes the gradients
that were derived by hand is what the hypotheses ask.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from types import FrameType
from typing import Any, NamedTuple

import numpy as np

from ...core.errors import Place, user_frame
from ...core.node import Leaf, Node
from ...core.operation import Rule
from ...core.recording import wrap
from ...core.structural_zeros.selected import Selected
from ...core.sweep import fit, sweep
from ...core.tensor import Tensor
from ...core.trace import new_trace_id, peel_all
from ...core.variable import root_gradient
from ...core.witness import witnessed
from .guards import leave_out_guards
from .problems import Problem

DEEPEST = 60  # frames that a site may take in


class Step(NamedTuple):
    """One recorded call: its node and value, and where in the user's code it happened.

    `site` is the instruction, which the rounds of a loop share; `place` its file and line;
    `calls` the places of the calls around it, the innermost first.
    """

    node: Any
    value: Any
    site: tuple[str, str, int]
    place: Place
    frame_code: Any
    calls: tuple[Place, ...]


class Edge(NamedTuple):
    """Where a gradient passes from the result of a step to one of its operands."""

    step: Step
    number: int  # among the edges of the step
    parent: Node
    rule: Rule
    kept: tuple[Any, ...]

    @property
    def key(self) -> tuple[Any, ...]:
        """What the edges of all rounds of a loop have in common."""
        return (*self.step.site, self.rule.operation.name, self.rule.operand, self.number)


class Change(NamedTuple):
    """A change of a backward pass.

    `carry(edge, g, gx)` gives what an edge is to carry, or None for nothing: `g` is the gradient of
    the step's result, `gx` what the rule makes of it. A node in `bypass` hands its gradient, times
    a slope, to an earlier node, and its edges carry nothing.
    """

    carry: Callable[[Edge, Any, Any], Any] | None = None
    bypass: Mapping[Node, tuple[Node, Any]] = {}


RIGHT = Change()


class Record:
    """The graph of one forward pass, newest step first."""

    def __init__(self, leaves: list[Leaf], arrays: list[Any], steps: list[Step], end: Node) -> None:
        self.leaves = leaves
        self.end = end
        reached = {end}
        self.steps: list[Step] = []
        self.edges: dict[Node, list[Edge]] = {}
        for step in sorted(steps, key=lambda step: -step.node.index):
            if step.node in reached and step.node.edges is not None:
                self.steps.append(step)
                edges = [Edge(step, number, *edge) for number, edge in enumerate(step.node.edges)]
                self.edges[step.node] = edges
                reached.update(edge.parent for edge in edges)
        self.values: dict[Node, Any] = {step.node: step.value for step in self.steps}
        self.values.update(zip(leaves, arrays, strict=True))
        self.step_of = {step.node: step for step in self.steps}
        self.children: dict[Node, list[Edge]] = {}
        for edges in self.edges.values():
            for edge in edges:
                self.children.setdefault(edge.parent, []).append(edge)

    def all_edges(self) -> list[Edge]:
        """Every edge, newest first."""
        return [edge for step in self.steps for edge in self.edges[step.node]]

    def sweep(self, change: Change = RIGHT) -> dict[Node, Any]:
        """The gradient at every node."""
        found: dict[Node, Any] = {self.end: np.ones(self.end.shape, self.end.dtype)[()]}

        def add(node: Node, gx: Any) -> None:
            found[node] = found[node] + gx if node in found else gx

        for step in self.steps:
            g = found.get(step.node)
            if g is None:
                continue
            if step.node in change.bypass:
                start, slope = change.bypass[step.node]
                add(start, g * slope)
                continue
            for edge in self.edges[step.node]:
                gx = carried(edge, g)
                if change.carry is not None:
                    gx = change.carry(edge, g, gx)
                if gx is not None:
                    add(edge.parent, gx)
        return found

    def gradients(self, change: Change = RIGHT) -> list[Any]:
        """The gradients of the parameters, in their order."""
        found = self.sweep(change)
        return [
            found[leaf] if leaf in found else np.zeros(leaf.shape, leaf.dtype)
            for leaf in self.leaves
        ]


def carried(edge: Edge, g: Any) -> Any:
    """What an edge makes of the gradient `g`, as a plain array of its operand's shape."""
    return fitted(edge, edge.rule.formula(g, *edge.kept), g)


def fitted(edge: Edge, gx: Any, g: Any) -> Any:
    """A gradient in the shape and dtype of the operand."""
    if gx.shape != edge.parent.shape or gx.dtype is not edge.parent.dtype:
        gx = fit(gx, g, edge.parent, edge.rule)
    return gx.total() if gx.__class__ is Selected else gx


def recorded(problem: Problem) -> tuple[Any, Record | None]:
    """The value of a problem's scalar and the record of its forward pass.

    The record is None if the scalar depends on none of the arrays by what was recorded.
    """
    trace = new_trace_id()
    leaves = [Leaf(np.shape(array), np.asarray(array).dtype) for array in problem.arrays]
    arrays = [np.array(array) for array in problem.arrays]
    steps: list[Step] = []

    def witness(tensor: Tensor) -> None:
        if tensor._trace == trace:
            steps.append(step_of(tensor))

    with witnessed(witness):
        tensors = [wrap(array, leaf, trace) for array, leaf in zip(arrays, leaves, strict=True)]
        value = problem.scalar(tensors)
    if not isinstance(value, Tensor) or value._trace != trace or value._node is None:
        return peel_all(value), None
    originals = [np.array(array) for array in problem.arrays]
    record = Record(leaves, originals, steps, value._node)
    if problem.unguarded:
        leave_out_guards(record)
    return peel_all(value), record


def gradients_at(problem: Problem, arrays: Sequence[Any]) -> tuple[Any, list[Any] | None]:
    """The value of a problem's scalar and its gradients at other arrays, without a record.

    The gradients are None if the scalar depends on none of the arrays by what was recorded.
    """
    if problem.unguarded:
        value, record = recorded(problem._replace(arrays=tuple(arrays)))
        return value, None if record is None else record.gradients()
    trace = new_trace_id()
    leaves = [Leaf(np.shape(array), np.asarray(array).dtype) for array in arrays]
    tensors = [
        wrap(np.array(array), leaf, trace) for array, leaf in zip(arrays, leaves, strict=True)
    ]
    value = problem.scalar(tensors)
    if not isinstance(value, Tensor) or value._trace != trace or value._node is None:
        return peel_all(value), None
    found = sweep(value._node, root_gradient(value._node, None))
    return peel_all(value), [
        found[leaf] if leaf in found else np.zeros(leaf.shape, leaf.dtype) for leaf in leaves
    ]


def step_of(tensor: Tensor) -> Step:
    """The step that has just been recorded."""
    frame = user_frame()
    if frame is None:
        frame = sys._getframe()
    code = frame.f_code
    site = (code.co_filename, code.co_qualname, frame.f_lasti)
    place = (code.co_filename, frame.f_lineno or code.co_firstlineno)
    return Step(tensor._node, tensor._value, site, place, code, calls_around(frame))


def calls_around(frame: FrameType) -> tuple[Place, ...]:
    """The places of the calls that led to a frame, the innermost first."""
    places: list[Place] = []
    outer = frame.f_back
    while outer is not None and len(places) < DEEPEST:
        places.append((outer.f_code.co_filename, outer.f_lineno))
        outer = outer.f_back
    return tuple(places)
