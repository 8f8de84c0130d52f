"""Random differentiable functions, drawn from a small grammar over NumPy, with arguments.

A program keeps a pool of arrays, the leaves of its argument to begin with, and adds to it by steps:
entrywise functions, products, reductions, shapes, selections, joins. All are smooth where they are
taken, so that every derivative of any order exists, and bounded, so that rounding stays small.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

import autograd_lite as ag

Step = Callable[[list[Any]], Any]


class Program(NamedTuple):
    """A function of a tree of arrays that returns one array, and a point to take it at."""

    function: Callable[[Any], Any]
    point: Any

    def scalar(self, weights: Any) -> Callable[[Any], Any]:
        """The function's result, weighed and summed."""
        return lambda tree: np.sum(self.function(tree) * weights)


UNARY: tuple[Callable[[Any], Any], ...] = (
    np.sin,
    np.cos,
    np.tanh,
    np.arctan,
    lambda x: np.exp(np.sin(x)),
    lambda x: np.log1p(x * x),
    lambda x: np.sqrt(1 + x**2),
    lambda x: 1 / (2 + np.cos(x)),
    lambda x: 0.3 * np.tanh(x) ** 3,
    lambda x: -x,
    lambda x: np.square(np.sin(x)),
    lambda x: ag.sigmoid(x),
    lambda x: ag.softplus(x),
    lambda x: np.where(np.arange(x.size).reshape(x.shape) % 2 == 0, np.sin(x), 0.5 * x),
)
BINARY: tuple[Callable[[Any, Any], Any], ...] = (
    np.add,
    np.subtract,
    np.multiply,
    lambda a, b: a / (2 + np.sin(b)),
    lambda a, b: np.logaddexp(a, b),
    lambda a, b: np.arctan2(a, 2 + np.cos(b)),
    lambda a, b: np.hypot(a, 2 + np.cos(b)),
    lambda a, b: np.where(np.arange(a.size).reshape(a.shape) % 3 == 0, a, b),
)


def draw_program(seed: int) -> Program:
    """A random program: two to six steps on a tree of two to three arrays."""
    random = np.random.default_rng(seed)
    n, m = (int(k) for k in random.integers(1, 4, 2))
    shapes = [(n, m), (m,), (n, m), ()][: int(random.integers(2, 5))]
    leaves = [random.uniform(-1.5, 1.5, shape) for shape in shapes]
    point = in_tree(leaves, random)
    pool: list[Any] = list(leaves)
    steps: list[Step] = []
    for _ in range(int(random.integers(2, 7))):
        step = draw_step(pool, random)
        steps.append(step)
        pool.append(step(pool))

    def function(tree: Any) -> Any:
        arrays = list(leaves_of(tree))
        for step in steps:
            arrays.append(step(arrays))
        return np.concatenate([np.ravel(np.tanh(array)) for array in arrays[-3:]])

    return Program(function, point)


def in_tree(leaves: list[Any], random: np.random.Generator) -> Any:
    """The leaves in a dict, a list, a tuple, or nested."""
    forms: tuple[Callable[[], Any], ...] = (
        lambda: list(leaves),
        lambda: tuple(leaves),
        lambda: {str(at): leaf for at, leaf in enumerate(leaves)},
        lambda: {"first": leaves[0], "rest": [tuple(leaves[1:])]},
    )
    return forms[int(random.integers(len(forms)))]()


def leaves_of(tree: Any) -> list[Any]:
    """The leaves of a tree in their order."""
    if isinstance(tree, dict):
        tree = list(tree.values())
    if isinstance(tree, list | tuple):
        return [leaf for branch in tree for leaf in leaves_of(branch)]
    return [tree]


def draw_step(pool: list[Any], random: np.random.Generator) -> Step:
    """A step that the arrays of the pool allow."""
    makers = (unary, unary, binary, binary, reduction, shape, selection, product, join)
    while True:
        step = makers[int(random.integers(len(makers)))](pool, random)
        if step is not None:
            return step


def pick(pool: list[Any], random: np.random.Generator) -> int:
    return int(random.integers(len(pool)))


def unary(pool: list[Any], random: np.random.Generator) -> Step:
    at, function = pick(pool, random), UNARY[int(random.integers(len(UNARY)))]
    return lambda arrays: function(arrays[at])


def binary(pool: list[Any], random: np.random.Generator) -> Step | None:
    one, other = pick(pool, random), pick(pool, random)
    function = BINARY[int(random.integers(len(BINARY)))]
    try:
        together = np.broadcast_shapes(pool[one].shape, pool[other].shape)
    except ValueError:
        return None
    return lambda arrays: function(*(np.broadcast_to(arrays[n], together) for n in (one, other)))


def reduction(pool: list[Any], random: np.random.Generator) -> Step | None:
    at = pick(pool, random)
    if not pool[at].ndim:
        return None
    axis = int(random.integers(-pool[at].ndim, pool[at].ndim))
    choices: tuple[Callable[[Any], Any], ...] = (
        lambda x: np.sum(x, axis=axis),
        lambda x: np.mean(x, axis=axis, keepdims=True),
        lambda x: np.cumsum(x, axis=axis),
        lambda x: np.prod(np.sin(x), axis=axis),
        lambda x: ag.softmax(x, axis=axis),
        lambda x: ag.logsumexp(x, axis=axis),
        lambda x: np.var(x, axis=axis),
        lambda x: np.sqrt(np.sum(1 + x * x)),
    )
    chosen = choices[int(random.integers(len(choices)))]
    return lambda arrays: chosen(arrays[at])


def shape(pool: list[Any], random: np.random.Generator) -> Step:
    at = pick(pool, random)
    choices: tuple[Callable[[Any], Any], ...] = (
        lambda x: x.T,
        lambda x: np.reshape(x, (-1,)),
        lambda x: x[..., None],
        lambda x: np.broadcast_to(x, (2, *x.shape)),
        lambda x: np.flip(np.ravel(x), 0),
        lambda x: np.repeat(np.ravel(x), 2),
    )
    chosen = choices[int(random.integers(len(choices)))]
    return lambda arrays: chosen(arrays[at])


def selection(pool: list[Any], random: np.random.Generator) -> Step | None:
    at = pick(pool, random)
    if not pool[at].ndim or not len(pool[at]):
        return None
    rows = random.integers(len(pool[at]), size=3)
    choices: tuple[Callable[[Any], Any], ...] = (
        lambda x: x[rows],
        lambda x: x[0],
        lambda x: x[::-1],
        lambda x: np.take(x, rows, axis=0),
        lambda x: x[rows] * x[rows[::-1]],
    )
    chosen = choices[int(random.integers(len(choices)))]
    return lambda arrays: chosen(arrays[at])


def product(pool: list[Any], random: np.random.Generator) -> Step | None:
    one, other = pick(pool, random), pick(pool, random)
    if not pool[one].ndim or pool[one].shape != pool[other].shape or pool[one].ndim > 2:
        return None
    choices: tuple[Callable[[Any, Any], Any], ...] = (
        lambda a, b: np.dot(a, b.T),
        lambda a, b: a @ np.transpose(b),
        lambda a, b: np.einsum("...i,...i->...", a, b),
        lambda a, b: np.tensordot(a, b, a.ndim),
        lambda a, b: np.outer(a, b),
    )
    chosen = choices[int(random.integers(len(choices)))]
    return lambda arrays: chosen(arrays[one], arrays[other])


def join(pool: list[Any], random: np.random.Generator) -> Step | None:
    one, other = pick(pool, random), pick(pool, random)
    if not pool[one].ndim or pool[one].shape[1:] != pool[other].shape[1:]:
        return None
    if pool[one].ndim != pool[other].ndim:
        return None
    return lambda arrays: np.concatenate([arrays[one], np.cos(arrays[other])])
