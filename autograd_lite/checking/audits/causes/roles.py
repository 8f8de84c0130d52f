"""What an array or a number of a manual pass is for: a label, a weight, a slope, a length, an eps.

Decided by values and by how they are used; names play a part only in telling what the values are
called.
"""

import ast
from collections.abc import Iterator
from typing import Any

import numpy as np

from ..cases import Case
from ..problems import Problem
from ..records import Record
from ..repairs.sites import Site, is_mask, names_in, value_of
from ..repairs.vocabulary import is_array, is_number
from ..variations import arrays_of
from .activations import slopes_of
from .likeness import alike, parallel
from .parts import penalty_gradients, penalty_parts

SMALL = 0.2  # an eps is smaller
TINY = 1e-6  # relative rounding
MANY = 1000  # rounds of a loop


class Roles:
    """The roles of values in one problem."""

    def __init__(self, case: Case, record: Record | None) -> None:
        self.problem: Problem = case.problem
        self.record = record
        self._slopes: list[tuple[str, Any]] | None = None
        self._penalties: list[Any] | None = None
        self._given: list[Any] | None = None

    @property
    def given(self) -> list[Any]:
        """The arrays that the user's code is given, data too; none if that is not known."""
        if self._given is None:
            try:
                self._given = [*arrays_of(self.problem).values()]
            except Exception:  # noqa: BLE001 - not everything can be rebuilt
                self._given = []
        return self._given

    @property
    def has_labels(self) -> bool:
        """Whether something that looks like labels may be among what the user's code is given."""
        return not self.given or any(map(is_label, self.given))

    def is_given(self, value: Any) -> bool:
        """Whether an array is one of those that the user's code is given."""
        return is_array(value) and any(alike(array, value) for array in self.given)

    def is_from_penalty(self, value: Any) -> bool:
        """Whether an array is a multiple of one that a penalty of the graph is made of."""
        if not is_array(value) or value.size < 2 or self.record is None:
            return False
        return any(parallel(value, part) for part in penalty_parts(self.record))

    def is_exponential(self, value: Any) -> bool:
        """Whether an array is a value of the graph that is its own derivative: exp(v)."""
        values = [] if self.record is None else [
            self.record.values[edge.step.node] for edge in self.record.all_edges()
            if edge.rule.operation.name == "exp"
        ]  # fmt: skip
        return any(parallel(value, each) for each in values)

    @property
    def slopes(self) -> list[tuple[str, Any]]:
        """The slopes of the activations in the graph, with the kinds of their mistakes."""
        if self._slopes is None:
            self._slopes = [] if self.record is None else list(slopes_of(self.record))
        return self._slopes

    def is_of_penalty(self, part: Any, position: int) -> bool:
        """Whether a part of the gradient of a parameter is that of a penalty."""
        own = self.problem.arrays[position]
        if self.penalty(part) is not None or is_counted(part, own):
            return True
        if self._penalties is None:
            found = None if self.record is None else penalty_gradients(self.record)
            self._penalties = found or []
        return bool(self._penalties) and parallel(part, self._penalties[position])

    def slope_kind(self, value: Any, where: Any = ...) -> str | None:
        """The kind of a mistake in a slope that has this value, or one over it; else None.

        `where` are the entries that count.
        """
        if not is_array(value) or value.dtype.kind not in "fb":
            return None
        value = np.asarray(value, np.float64)
        with np.errstate(all="ignore"):
            for form in (value, 1 / value, -value):
                for kind, slope in self.slopes:
                    if np.size(slope) == form.size and alike(
                        np.reshape(slope, form.shape)[where], form[where]
                    ):  # fmt: skip
                        return kind
        return None

    def is_value(self, value: Any) -> bool:
        """Whether an array is a value of the forward pass."""
        values = [] if self.record is None else self.record.values.values()
        return is_array(value) and any(alike(np.asarray(each), value) for each in values)

    def is_number_of_graph(self, value: Any) -> bool:
        """Whether a number is computed in the forward pass: a norm, say, and no length."""
        values = [] if self.record is None else self.record.values.values()
        return is_number(value) and any(
            np.size(each) == 1 and alike(np.reshape(each, ()), np.reshape(value, ()))
            for each in values
        )

    def is_added(self, value: Any) -> bool:
        """Whether the forward pass adds a number to what is positive, as to a variance."""
        for step in self.record.steps if self.record is not None and is_number(value) else ():
            edges = self.record.edges[step.node]  # type: ignore[union-attr]
            if step.node.operation.name == "add" and len(edges) == 1:
                own = self.record.values[edges[0].parent]  # type: ignore[union-attr]
                if np.all(own >= 0) and np.allclose(step.value - own, value, rtol=1e-6, atol=0):
                    return True
        return False

    def nearest(self, value: Any) -> str | None:
        """The name of the parameter that an array is but for a small step."""
        for name, array in zip(self.problem.names, self.problem.arrays, strict=True):
            if is_array(value) and value.shape == np.shape(array) and self.is_weight(name):
                step = np.max(np.abs(value - array), initial=0.0)
                if value.size > 1 and step < 0.5 * np.max(np.abs(array)):
                    return name
        return None

    def weight(self, value: Any) -> str | None:
        """The name of the parameter whose value this is, transposed, cut or scaled or not."""
        if not is_array(value) or value.size < 2:
            return None
        for name, array in zip(self.problem.names, self.problem.arrays, strict=True):
            if self.is_weight(name) and any(parallel(value, form) for form in cuts(array)):
                return name
        return None

    def is_weight(self, name: str) -> bool:
        """Whether a parameter is a weight, and not an input of a layer."""
        names, arrays = self.problem.names, self.problem.arrays
        if self.problem.forward is self.problem.backward or name.startswith("self."):
            return True
        if any(other.startswith("self.") for other in names):
            return False
        if not self.is_layer:
            return True
        first, own = np.shape(arrays[0]), np.shape(arrays[names.index(name)])
        return name != names[0] and own[:1] != first[:1]

    @property
    def is_layer(self) -> bool:
        """Whether the inputs of a layer are among the parameters."""
        code = getattr(self.problem.forward, "__code__", None)
        inputs = self.problem.inputs
        if code is None or (inputs and not set(inputs) & set(self.problem.names)):
            return False  # those of a loss are data
        return set(self.problem.names) <= set(code.co_varnames[: code.co_argcount])

    def penalty(self, value: Any) -> str | None:
        """The name of the parameter of which this is a multiple, or of whose signs."""
        if not is_array(value) or value.size < 2:
            return None
        for name, array in zip(self.problem.names, self.problem.arrays, strict=True):
            if self.is_weight(name):
                for form in (*cuts(array), np.sign(array)):
                    if value.shape == form.shape and parallel(value, form):
                        return name
        return None

    def single(self, value: Any) -> str | None:
        """The name of the parameter of one entry that has this value."""
        for name, array in zip(self.problem.names, self.problem.arrays, strict=True):
            real = isinstance(value, float | np.ndarray)
            alone = real and np.size(value) == 1 == array.size and np.all(value == array)
            if alone and self.is_weight(name):
                return name
        return None

    def length(self, value: Any) -> tuple[int, str] | None:
        """The length that a number is, or is one over, and what has it."""
        if not is_number(value) or not value:
            return None
        for number in (float(value), 1 / float(value)):
            whole = round(number)
            if whole > 1 and abs(number - whole) < 1e-9 * whole and whole in self.problem.lengths:
                return whole, self.problem.lengths[whole]
        return None


def is_counted(part: Any, array: Any) -> bool:
    """Whether entries are whole multiples of those of an array: of a penalty added in a loop."""
    if np.shape(part) != np.shape(array) or np.size(part) < 3 or not np.all(array):
        return False
    ratios = part / array
    least = np.min(np.abs(ratios), where=np.abs(ratios) > TINY, initial=np.inf)
    counts = ratios / least
    if not np.any(counts) or np.max(np.abs(counts - np.round(counts))) > TINY:
        return False
    return bool(np.ptp(np.sign(counts)) < 2 and np.max(np.abs(counts)) < MANY)


def cuts(array: Any) -> Iterator[Any]:
    """An array, transposed, and without its bias row or column."""
    yield array
    if array.ndim == 1:
        yield from (array[1:], array[:-1])
    if array.ndim == 2:
        yield array.T
        for part in (array[:, 1:], array[1:], array[:, :-1], array[:-1]):
            yield part
            yield part.T


def is_label(value: Any) -> bool:
    """Whether an array looks like labels: whole numbers, or zeros and ones that are data."""
    if not is_array(value):
        return False
    if value.dtype.kind in "iu":
        return True
    return value.dtype.kind in "fb" and bool(np.all((value == 0) | (value == 1)))


def label_names(site: Site) -> set[str]:
    """The names of labels in reach: whole numbers, one-hot rows, zeros and ones that are given."""
    code = site.source.function.__code__
    given = code.co_varnames[: code.co_argcount]
    return {
        name
        for name, value in site.values.items()
        if is_label(value) and (value.dtype.kind in "iu" or name in given or is_one_hot(value))
    }


def is_one_hot(value: Any) -> bool:
    """Whether each row, or each column, of an array of zeros and ones has a single one."""
    if value.ndim != 2 or min(value.shape) < 2:
        return False
    return any(bool(np.all(value.sum(axis=axis) == 1)) for axis in (0, 1))


def axes_of_distribution(value: Any) -> set[int]:
    """The axes along which the entries of an array are probabilities that add up to 1."""
    if not is_array(value) or value.ndim < 2 or value.dtype.kind != "f" or np.min(value) < 0:
        return set()
    axes = {axis for axis in range(value.ndim) if value.shape[axis] > 1}
    return {axis for axis in axes if is_positive(value) and np.allclose(value.sum(axis=axis), 1)}


def is_positive(value: Any) -> bool:
    """Whether an array has no zeros beside probabilities, as one-hot labels have."""
    return bool(np.mean(np.asarray(value) > 0) > 0.5)


def is_selection(value: Any) -> bool:
    """Whether a value says only what counts: comparisons, zeros and one other number."""
    if not is_array(value):
        return is_number(value) or isinstance(value, bool | np.bool_)
    return value.dtype.kind == "b" or is_mask(value) or len(np.unique(value)) == 1


def speaks_of(node: ast.AST, names: set[str]) -> bool:
    """Whether one of some names is read in a tree."""
    return bool(names_in(node) & names)


def is_eps(value: Any) -> bool:
    """Whether a number is small enough to keep a quotient finite."""
    return is_number(value) and 0 < abs(float(value)) < SMALL


def is_slope_text(node: ast.AST) -> bool:
    """Whether an expression looks like v * (1 - v) or 1 - v**2."""
    text = ast.unparse(node)
    for each in ast.walk(node):
        if isinstance(each, ast.BinOp) and isinstance(each.op, ast.Sub):
            one = isinstance(each.left, ast.Constant) and each.left.value in (1, 1.0)
            squared = isinstance(each.right, ast.BinOp | ast.Call)
            again = text.count(ast.unparse(each.right)) > 1
            if one and not isinstance(each.right, ast.Constant) and (squared or again):
                return True
    return False


def value_or_none(site: Site, node: Any) -> Any:
    """The value of an expression before its statement; None for what is no expression."""
    return value_of(site, node) if isinstance(node, ast.expr) else None


def has_ones(value: Any) -> bool:
    """Whether an array has a bias column: a first or last column of ones, or row."""
    if not is_array(value) or value.ndim != 2 or min(value.shape) < 2 or value.dtype.kind != "f":
        return False
    edges = (value[:, 0], value[:, -1], value[0], value[-1])
    return any(bool(np.all(edge == 1)) for edge in edges) and not is_mask(value)
