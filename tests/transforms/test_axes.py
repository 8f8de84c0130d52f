"""`vmap`: along which axes the examples lie, in arguments and results."""

from typing import Any

import numpy as np
import pytest

import autograd_lite as ag


def test_axes_of_arguments_and_results() -> None:
    x, y = np.arange(6.0).reshape(2, 3), np.arange(3.0)
    assert ag.vmap(np.multiply, (1, 0))(x, y).tolist() == (x * y).T.tolist()
    assert ag.vmap(np.multiply, (1, 0), out_axes=1)(x, y).tolist() == (x * y).tolist()
    assert ag.vmap(np.add, (None, 0))(2.0, y).tolist() == [2.0, 3.0, 4.0]
    tree = {"a": y, "b": x.T}
    found = ag.vmap(lambda t: {"s": t["a"] + np.sum(t["b"])})(tree)
    assert found["s"].tolist() == (y + x.sum(axis=0)).tolist()
    assert (
        ag.vmap(lambda t: t["a"] * t["b"], ({"a": 0, "b": None},))({"a": y, "b": 3.0}).tolist()
        == (3 * y).tolist()
    )
    assert ag.vmap(lambda a, b: a + b)(y, b=y).tolist() == (2 * y).tolist()
    assert ag.vmap(lambda _: 5.0)(y).tolist() == [5.0, 5.0, 5.0]


def test_numbers_of_examples_must_agree() -> None:
    with pytest.raises(ValueError, match="same number of examples"):
        ag.vmap(np.add)(np.ones(2), np.ones(3))
    with pytest.raises(ValueError, match="same number of examples"):
        ag.vmap(np.sin, None)(np.ones(2))
    with pytest.raises(ValueError, match="no axis 0"):
        ag.vmap(np.sin)(1.0)
    with pytest.raises(ValueError, match="in_axes"):
        ag.vmap(np.add, (0,))(np.ones(2), np.ones(2))


def test_trees_of_axes_may_have_their_keys_in_any_order() -> None:
    square = np.arange(9.0).reshape(3, 3)
    tree = {"a": square, "b": square}
    pair = ag.vmap(lambda t: (t["a"], t["b"]), ({"b": 1, "a": 0},))
    assert np.array_equal(pair(tree), (square, square.T))
    found = ag.vmap(lambda x: {"a": x, "b": x}, out_axes={"b": 1, "a": 0})(square)
    assert np.array_equal(found["a"], square)
    assert np.array_equal(found["b"], square.T)


def test_examples_computed_one_by_one_may_return_their_keys_in_any_order() -> None:
    def f(x: Any) -> dict[str, Any]:
        return {"a": x, "b": -x} if x > 0 else {"b": -x, "a": x}

    x = np.array([1.0, -2.0])
    with pytest.warns(UserWarning, match="f in a loop"):
        found = ag.vmap(f)(x)
    assert found["a"].tolist() == [1.0, -2.0]
    assert found["b"].tolist() == [-1.0, 2.0]


def double(t: Any) -> Any:
    return {"y": 2 * t["a"]}


AXES: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"in_axes": ({"b": 0},)}, ValueError, "in_axes are not .*: a is missing, b is not there"),
    ({"in_axes": (["a"],)}, TypeError, r"in_axes has 'a' for \[0\], where the number of an axis"),
    ({"in_axes": 0.5}, TypeError, "in_axes has 0.5, where"),
    ({"out_axes": {"z": 0}}, ValueError, "out_axes are not .*: y is missing, z is not there"),
    ({"out_axes": 7}, ValueError, r"out_axes=7, for a result \(3,\) .*\n.*\n.*from -2 to 1"),
    ({"out_axes": None}, ValueError, "out_axes=None"),
    ({"out_axes": "first"}, TypeError, "out_axes has 'first'"),
]


@pytest.mark.parametrize(("axes", "kind", "text"), AXES)
def test_axes_that_do_not_fit_are_named(
    axes: dict[str, Any], kind: type[Exception], text: str
) -> None:
    with pytest.raises(kind, match=f"vmap of double: .*{text}"):
        ag.vmap(double, **axes)({"a": np.ones((2, 3))})


@pytest.mark.filterwarnings("ignore:vmap computes")
def test_results_that_differ_from_example_to_example_are_refused() -> None:
    x = np.array([1.0, -2.0])
    with pytest.raises(ValueError, match=r"<lambda> have different forms .* \[0\], \[1\]"):
        ag.vmap(lambda x: x if x > 0 else (x, x))(x)
    with pytest.raises(ValueError, match=r"<lambda> have different shapes .*: \(\), \(3,\)"):
        ag.vmap(lambda x: x if x > 0 else np.ones(3) * x)(x)
