"""Trees: which leaf is which, whatever the keys are called and however they are ordered."""

from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite.transforms.trees import flatten, rebuild


class Alike:
    """A key that looks like all others of its kind."""

    def __repr__(self) -> str:
        return "key"


ONE, OTHER = Alike(), Alike()


@pytest.mark.parametrize(
    "tree",
    [
        {"a": {"b": 1.0}, "a.b": 2.0},
        {"a.b": 1.0, "a": {"b": 2.0}},
        {"a": [1.0], "a[0]": 2.0},
        {"": {"a": 1.0}, "a": 2.0},
        {ONE: 1.0, OTHER: 2.0},
        {"x": {"a": {"b": {"c": 1.0}}, "a.b": {"c": 2.0}}},
    ],
)
def test_no_leaf_is_lost_where_keys_look_alike(tree: Any) -> None:
    leaves = flatten(tree)
    assert list(leaves.values()) == [1.0, 2.0]
    assert rebuild(tree, leaves.values()) == tree
    vector, unravel = ag.ravel(tree)
    assert vector.tolist() == [1.0, 2.0]
    assert unravel(vector) == tree
    gradient = ag.grad(lambda t: np.sum(ag.ravel(t)[0] * np.array([1.0, 3.0])))(tree)
    assert list(flatten(gradient).values()) == [1.0, 3.0]


def test_keys_that_look_alike_are_told_apart_in_any_order() -> None:
    one, other = {"a": {"b": 1.0}, "a.b": 2.0}, {"a.b": 20.0, "a": {"b": 10.0}}
    assert ag.map_tree(lambda x, y: x + y, one, other) == {"a": {"b": 11.0}, "a.b": 22.0}


def test_names_with_dots_stay_readable_where_they_are_clear() -> None:
    assert list(flatten({"conv1.weight": 1.0, "conv1.bias": 2.0})) == ["conv1.weight", "conv1.bias"]


def test_gradients_of_results_may_have_their_keys_in_any_order() -> None:
    _, pullback = ag.vjp(lambda x: {"a": 2 * x, "b": 3 * x}, 1.0)
    assert pullback({"b": 1.0, "a": 0.0}) == (3.0,)
    with pytest.raises(ValueError, match="pullback of <lambda>"):
        pullback({"a": 1.0, "c": 0.0})


def test_trees_of_other_forms_are_refused_by_what_differs() -> None:
    with pytest.raises(ValueError, match=r"map_tree: .*: b is missing, c is not there"):
        ag.map_tree(np.add, {"a": 1.0, "b": 2.0}, {"a": 1.0, "c": 2.0})
    many = {str(n): 1.0 for n in range(5)}
    with pytest.raises(
        ValueError, match=r"0, 1, 2, \.\.\. are missing, an array alone is not there"
    ):
        ag.map_tree(np.add, many, 1.0)
