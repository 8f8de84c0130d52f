"""Sorting, medians and quantiles at ties, at NaN, in empty arrays, and in the branch not taken."""

from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite.checking import check_gradients

from .slopes import slopes_at_edges

NAN = np.nan
MASK = np.array([False, True])


CONVENTIONS = [
    ("sort with ties", lambda x: np.sort(x) * [1, 2, 3], [1.0, 0.0, 1.0], [2, 1, 3]),
    ("sort with NaN", lambda x: np.sort(x) * [1, 2, 3], [NAN, 0.0, 1.0], [3, 1, 2]),
    ("sort of signed zeros", lambda x: np.sort(x) * [1, 2], [0.0, -0.0], [1, 2]),
    ("median with ties", np.median, [1.0, 2.0, 2.0, 5.0, 2.0], [0, 0, 1, 0, 0]),
    ("median of equals", np.median, [2.0, 2.0, 2.0, 2.0], [0, 0.5, 0.5, 0]),
    ("median with NaN", np.median, [1.0, NAN, 2.0], [0, 1, 0]),
    ("median of no axis", np.median, 3.0, 1),
    ("median of nothing", np.median, [], []),
    ("nanmedian", np.nanmedian, [1.0, NAN, 2.0, NAN, 7.0], [0, 0, 1, 0, 0]),
    ("nanmedian of NaN", np.nanmedian, [NAN, NAN], [0, 0]),
    ("nanmedian of nothing", np.nanmedian, [], []),
    ("quantile of ties", lambda x: np.quantile(x, 0.75), [3.0, 3.0, 3.0], [0, 0.5, 0.5]),
    ("quantile with NaN", lambda x: np.quantile(x, 0.25), [NAN, 3.0, 1.0], [1, 0, 0]),
    ("lowest quantile", lambda x: np.quantile(x, 0), [4.0, 3.0, 5.0], [0, 1, 0]),
    ("highest quantile", lambda x: np.quantile(x, 1.0), [4.0, 3.0, 5.0], [0, 0, 1]),
    ("below all", lambda x: np.quantile(x, 0.1, method="weibull"), [4.0, 3.0], [0, 1]),
    ("nanquantile", lambda x: np.nanquantile(x, 0.25), [NAN, 3.0, 1.0], [0, 0.25, 0.75]),
    ("nanquantile of NaN", lambda x: np.nanquantile(x, 0.2), [NAN], [0]),
    ("nanquantile of nothing", lambda x: np.nanquantile(x, 0.2), [], []),
    ("discrete quantile with NaN", lambda x: np.quantile(x, 0.2, method="lower"), [1, NAN], [0, 1]),
    ("discrete nanquantile of NaN", lambda x: np.nanquantile(x, 0.2, method="lower"), [NAN], [0]),
    ("median, infinite slope", lambda x: np.median(np.sqrt(x)), [0.0, 1.0, 4.0], [0, 0.5, 0]),
    ("sort, infinite slope", lambda x: np.sort(np.sqrt(x))[MASK], [0.0, 4.0], [0, 0.25]),
    (
        "quantile, infinite slope",
        lambda x: np.quantile(np.sqrt(x), 0.5),
        [0, 4, 16.0],
        [0, 0.25, 0],
    ),
]


@pytest.mark.parametrize(("name", "f", "point", "due"), CONVENTIONS, ids=lambda x: str(x)[:30])
def test_convention(name: str, f: Any, point: Any, due: Any) -> None:
    assert np.allclose(slopes_at_edges(f, point), due, rtol=1e-14, atol=0), name


def test_partition_gives_every_entry_its_own_gradient() -> None:
    x = np.random.default_rng(0).integers(9, size=101).astype(float)  # with many ties
    weights = np.partition(x, 40) ** 2
    found = slopes_at_edges(lambda t: np.partition(t, 40) * weights, x)
    assert np.array_equal(found, x**2)


def test_quantiles_have_mixed_derivatives_in_entries_and_q() -> None:
    a, q = np.random.default_rng(0).normal(size=(4, 3)), np.array([0.3, 0.55])
    check_gradients(lambda a, q: np.quantile(a, q, axis=0), a, q)
    check_gradients(lambda a, q: np.nanquantile(np.where(a == a[1, 1], NAN, a), q, 0), a, q)


@pytest.mark.parametrize("q", [0.0, 0.5, 1.0])
def test_slope_in_q_at_a_kink_is_that_to_the_right(q: float) -> None:
    a = np.array([0.0, 10.0, 40.0])
    assert slopes_at_edges(lambda t: np.quantile(a, t), q) == {0.0: 20.0, 0.5: 60.0, 1.0: 0.0}[q]
    assert slopes_at_edges(lambda t: np.percentile(a, t), 100 * q) == {0: 0.2, 0.5: 0.6, 1: 0.0}[q]


def test_weights_are_constants() -> None:
    a, weights = ag.Tensor([3.0, 1.0, 2.0]), ag.Tensor([1.0, 1.0, 4.0])
    result = np.quantile(a, 0.5, weights=weights, method="inverted_cdf")
    result.backward()
    assert (result.data, weights.grad) == (2.0, None)
    assert a.grad.tolist() == [0.0, 0.0, 1.0]


def test_q_may_be_a_list_of_tensors() -> None:
    q = ag.Tensor(0.25)
    np.quantile(ag.Tensor([0.0, 1.0, 4.0]), [q, 0.5]).sum().backward()
    assert q.grad == 2.0


def test_overwrite_input_leaves_a_tensor_alone() -> None:
    a = ag.Tensor([3.0, 1.0, 2.0])
    np.median(a, overwrite_input=True)
    np.quantile(a, 0.5, overwrite_input=True)
    assert a.data.tolist() == [3.0, 1.0, 2.0]


def test_sort_refuses_an_array_without_axes() -> None:
    with pytest.raises(np.exceptions.AxisError):
        np.sort(ag.Tensor(1.0))
    assert np.sort(ag.Tensor(1.0), axis=None).shape == (1,)


def test_two_axes_of_q_over_several_axes_are_refused_where_numpy_mixes_them_up() -> None:
    with pytest.raises(ValueError, match="arranges"):
        np.nanquantile(ag.Tensor(np.ones((2, 3, 4))), [[0.2]], axis=(0, 1))


def test_methods_of_arrays() -> None:
    a = np.array([[3.0, 1.0, 2.0], [0.0, 5.0, 4.0]])
    t = ag.Tensor(a)
    assert np.array_equal(t.argpartition(1, axis=0), a.argpartition(1, axis=0))
    t.trace(offset=1, dtype=np.float32).backward()
    assert t.grad.tolist() == [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
