"""Choices by masks and numbers, and sets: conventions, and what the branch not taken gets."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag


def slope(f: Callable[..., Any], *points: Any) -> list[Any]:
    """The gradients of the sum of f."""
    leaves = [ag.Tensor(np.array(point, float)) for point in points]
    with np.errstate(all="ignore"):
        f(*leaves).sum().backward()
    return [None if leaf.grad is None else leaf.grad.tolist() for leaf in leaves]


X = [0.0, 4.0, 1.0]
FLAGS = np.array([False, True, True])


@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.select([FLAGS], [np.sqrt(x)], 0.0),
        lambda x: np.choose(FLAGS.astype(int), [np.zeros(3), np.sqrt(x)]),
        lambda x: np.piecewise(np.sqrt(x), [FLAGS], [lambda y: y, 0.0]),
        lambda x: np.piecewise(x, [FLAGS], [np.sqrt, 0.0]),
        lambda x: np.compress(FLAGS, np.sqrt(x)),
        lambda x: np.extract(FLAGS, np.sqrt(x)),
        lambda x: np.take_along_axis(np.sqrt(x), np.array([2, 1]), axis=0),
        lambda x: np.take_along_axis(np.sqrt(x), np.array([2, 1]), axis=None),
        lambda x: np.trim_zeros(np.sqrt(x)),
        lambda x: np.setdiff1d(np.sqrt(x), [0.0]),
        lambda x: np.unique(np.sqrt(x))[1:],
    ],
)
def test_nothing_flows_into_the_branch_not_taken(f: Any) -> None:
    assert slope(f, X) == [[0.0, 0.25, 0.5]]


def test_the_default_of_select_is_differentiated() -> None:
    x = ag.Tensor(np.array([1.0, 2.0, 3.0]))
    default = ag.Tensor(np.array(5.0))
    np.select([FLAGS], [x], default).sum().backward()
    assert (x.grad.tolist(), default.grad.tolist()) == ([0.0, 1.0, 1.0], 1.0)


def test_choices_may_be_stacked_in_one_tensor() -> None:
    choices = ag.Tensor(np.arange(6.0).reshape(2, 3))
    y = np.choose([1, 0, 1], choices)
    assert y.tolist() == [3.0, 1.0, 5.0]
    y.sum().backward()
    assert choices.grad.tolist() == [[0, 1, 0], [1, 0, 1]]
    stacked = ag.Tensor(np.arange(6.0).reshape(2, 3))
    np.select(np.stack([FLAGS, ~FLAGS]), stacked).sum().backward()
    assert stacked.grad.tolist() == [[0, 1, 1], [1, 0, 0]]


def test_piecewise_takes_tensors_as_constants_and_keeps_float32() -> None:
    x = ag.Tensor(np.array([1.0, 2.0, 3.0], np.float32))
    constant = ag.Tensor(np.array(7.0))
    y = np.piecewise(x, [FLAGS], [lambda v, k: v**2 * k, constant], 3)
    assert (y.dtype, y.tolist()) == (np.float32, [7.0, 12.0, 27.0])
    y.sum().backward()
    assert (x.grad.dtype, x.grad.tolist(), constant.grad) == (np.float32, [0, 12, 18], 1.0)


def test_functions_of_piecewise_see_all_entries_of_their_condition() -> None:
    """Also those that a later condition overwrites: a mean depends on them."""
    both = [np.array([True, True, True]), FLAGS]
    due = np.piecewise(np.array([1.0, 2.0, 6.0]), both, [np.mean, 0.0])
    x = ag.Tensor(np.array([1.0, 2.0, 6.0]))
    y = np.piecewise(x, both, [np.mean, 0.0])
    y.sum().backward()
    assert y.tolist() == due.tolist() == [3.0, 0.0, 0.0]
    assert np.allclose(x.grad, 1 / 3)


def test_conditions_may_be_tensors() -> None:
    x = ag.Tensor(np.array([0.0, 2.0, np.nan]))
    assert np.compress(x, x).tolist()[0] == 2.0
    assert np.extract(x, [5.0, 6.0, 7.0]).tolist() == [6.0, 7.0]
    assert slope(lambda x: np.extract(x, x) ** 2, X) == [[0.0, 8.0, 2.0]]


@pytest.mark.parametrize("trim", ["fb", "f", "b", "BF"])
@pytest.mark.parametrize("values", [[0, 0, 1, 0, 2, 0], [0, 0], [], [1], [0, np.nan, 0]])
def test_trim_zeros(values: list[float], trim: str) -> None:
    array = np.array(values, float)
    due = np.trim_zeros(array, trim)
    x = ag.Tensor(array)
    y = np.trim_zeros(x, trim)
    assert np.array_equal(y.data, due, equal_nan=True)
    y.sum().backward()
    at = np.nonzero(array)[0]
    first = at[0] if "f" in trim.lower() and at.size else 0
    assert x.grad.tolist() == [float(first <= n < first + due.size) for n in range(array.size)]


@pytest.mark.skipif(np.lib.NumpyVersion(np.__version__) < "2.2.0", reason="one axis only")
@pytest.mark.parametrize("axis", [None, 0, -1, (0, 1), ()])
def test_trim_zeros_of_several_axes(axis: Any) -> None:
    array = np.zeros((4, 5))
    array[1:3, 2:5] = [[0, 1, 0], [2, 0, 0]]
    x = ag.Tensor(array)
    for trim in ("fb", "f", "b"):
        assert np.array_equal(np.trim_zeros(x, trim, axis).data, np.trim_zeros(array, trim, axis))
    np.trim_zeros(x, axis=0).sum().backward()
    assert x.grad.sum(axis=1).tolist() == [0, 5, 5, 0]


# Sets

TIED = [3.0, 1.0, 3.0, 1.0, 2.0]


def test_gradients_of_equal_entries_go_to_the_first() -> None:
    weights = np.array([1.0, 10.0, 100.0])
    due = [[100.0, 1.0, 0.0, 0.0, 10.0]]
    assert slope(lambda x: np.unique(x) * weights, TIED) == due
    assert slope(lambda x: np.unique(x, return_counts=True)[0] * weights, TIED) == due
    assert slope(lambda x: np.unique_all(x).values * weights, TIED) == due
    assert slope(lambda x: np.union1d(x, [2.0, 3.0]) * weights, TIED) == due
    rows = [[1.0, 2.0], [1.0, 2.0], [0.0, 5.0]]
    assert slope(lambda x: np.unique(x, axis=0), rows) == [[[1, 1], [0, 0], [1, 1]]]
    assert slope(lambda x: np.unique(np.stack([x, x]), axis=0), X) == [[1, 1, 1]]


@pytest.mark.skipif(np.lib.NumpyVersion(np.__version__) < "2.3.0", reason="sorted= is newer")
@pytest.mark.parametrize("axis", [None, 0])
def test_unsorted_values_have_their_own_gradients(axis: Any) -> None:
    array = np.random.default_rng(0).integers(0, 40, 60).astype(float)
    x = ag.Tensor(array)
    y = np.unique(x, sorted=False, axis=axis)
    assert np.array_equal(y.data, np.unique(array, sorted=False, axis=axis))
    (y**2).sum().backward()
    firsts = np.unique(array, return_index=True)[1]
    due = np.zeros(60)
    due[firsts] = 2 * array[firsts]
    assert np.array_equal(x.grad, due)


def test_indices_and_counts_are_numpys() -> None:
    array = np.array([0.5, np.nan, -0.0, 0.0, np.nan, 0.5])
    for found, due in zip(np.unique_all(ag.Tensor(array)), np.unique_all(array), strict=True):
        assert np.asarray(getattr(found, "data", found)).tobytes() == due.tobytes()
    for equal_nan in (True, False):
        x = ag.Tensor(array)
        y, *rest = np.unique(x, True, True, True, equal_nan=equal_nan)
        due, *expected = np.unique(array, True, True, True, equal_nan=equal_nan)
        assert y.data.tobytes() == due.tobytes()
        assert all(map(np.array_equal, rest, expected))
        y.backward(np.arange(1.0, y.size + 1))
        first = np.unique(array, return_index=True, equal_nan=equal_nan)[1]
        assert x.grad[first].tolist() == list(range(1, y.size + 1))


A, B = [2.0, 1.0, 2.0, 5.0], [5.0, 7.0, 2.0]


def test_sets_of_two() -> None:
    assert slope(np.intersect1d, A, B) == [[1, 0, 0, 1], [0, 0, 0]]
    assert slope(np.setdiff1d, A, B) == [[0, 1, 0, 0], None]
    assert slope(np.setxor1d, A, B) == [[0, 1, 0, 0], [0, 1, 0]]
    assert slope(np.union1d, A, B) == [[1, 1, 0, 1], [0, 1, 0]]
    a, b = ag.Tensor(np.array(A)), ag.Tensor(np.array(B))
    for assume_unique in (False, True):
        found = np.intersect1d(a, b, assume_unique, True)
        due = np.intersect1d(A, B, assume_unique, True)
        assert found[0].tolist() == due[0].tolist()
        assert all(map(np.array_equal, found[1:], due[1:]))
        for f in (np.setdiff1d, np.setxor1d, np.intersect1d):
            assert f(a, b, assume_unique).tolist() == f(A, B, assume_unique).tolist()
            assert f(a, B, assume_unique).tolist() == f(A, B, assume_unique).tolist()
    nothing = ag.Tensor(np.zeros(0))
    assert np.setxor1d(nothing, nothing).shape == np.setdiff1d(nothing, a).shape == (0,)
    assert np.intersect1d(nothing, a).shape == np.unique(nothing).shape == (0,)
    assert np.isin(a, B).tolist() == [True, False, True, True]


def test_signs_of_zeros_are_those_that_numpy_chooses() -> None:
    zeros = np.array([0.0, -0.0, 0.0, 1.0])
    for f in (np.unique, lambda x: np.intersect1d(x, [-0.0, 1.0]), np.unique_values):
        assert f(ag.Tensor(zeros)).data.tobytes() == f(zeros).tobytes()


@pytest.mark.parametrize(
    "f", [np.histogram, np.histogram_bin_edges, lambda x: np.histogramdd([x, x]),
          lambda x: np.histogram2d(x, x), lambda x: np.histogram([1.0], weights=x)]
)  # fmt: skip
def test_histograms_are_refused(f: Any) -> None:
    with pytest.raises(ag.NotDifferentiableError, match=r"remedy: .*bincount"):
        f(ag.Tensor(np.array([1.0])))


@pytest.mark.parametrize(
    "f", [np.bitwise_and, np.gcd, np.lcm, np.left_shift, np.bitwise_xor, lambda x, _: np.invert(x),
          lambda x, _: np.packbits(x), lambda x, y: np.choose(x, [y, y]), np.bincount,
          lambda x, y: np.take(y, x)]
)  # fmt: skip
def test_floats_are_refused_where_numpy_refuses_them(f: Any) -> None:
    x = np.array([1.0, 0.0])
    with pytest.raises((TypeError, IndexError)) as due:
        f(x, x)
    public = IndexError if isinstance(due.value, IndexError) else TypeError
    with pytest.raises(public):
        f(ag.Tensor(x), ag.Tensor(x))


@pytest.mark.parametrize("make", [
    lambda t: np.vectorize(lambda v: v * 2)(t),
    lambda t: np.vectorize(lambda v: v * t[0])(np.arange(3.0)),
    lambda t: np.vectorize(lambda v: v * t[0], otypes=[float])(np.arange(3.0)),
    lambda t: np.frompyfunc(lambda v: v * 2, 1, 1)(t),
    lambda t: np.ma.array(t), lambda t: np.ma.sum(t),
    lambda t: np.select([FLAGS], [np.ones(3)], t),
])  # fmt: skip
def test_what_cannot_be_recorded_is_refused(make: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        make(ag.Tensor(np.array([1.0, 2.0, 3.0])))


def test_fromfunction_hands_out_what_the_function_returns() -> None:
    t = ag.Tensor(np.array(3.0))
    np.fromfunction(lambda i, j: i * t + j, (2, 3)).sum().backward()
    assert t.grad == 3.0
