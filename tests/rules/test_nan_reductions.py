"""Reductions without NaN: what gets no gradient, slices of nothing but NaN, NaN replaced."""

import warnings
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite.checking import check_gradients

NAN, INF = np.nan, np.inf


def slopes(f: Any, point: Any) -> Any:
    """The gradient of the sum of f at a float64 point; warnings are of the value alone."""
    leaf = ag.Tensor(np.array(point, float))
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        y = f(leaf).sum()
    y.backward()
    return leaf.grad


CONVENTIONS = [
    ("max with ties", np.nanmax, [NAN, 2.0, 2.0, 1.0], [0, 0.5, 0.5, 0]),
    ("min with inf", np.nanmin, [NAN, -INF, 2.0], [0, 1, 0]),
    ("initial wins", lambda x: np.nanmax(x, initial=5.0), [NAN, 2.0], [0, 0]),
    ("prod with zero", np.nanprod, [NAN, 0.0, 3.0, 5.0], [0, 15, 0, 0]),
    ("cumprod with zero", np.nancumprod, [NAN, 2.0, 0.0, 3.0], [0, 1, 8, 0]),
    ("cumsum", np.nancumsum, [NAN, 2.0, NAN, 3.0], [0, 3, 0, 1]),
    ("std of equals", np.nanstd, [NAN, 2.0, 2.0], [0, 0, 0]),
    *((f"{f.__name__} of NaN", f, [NAN, NAN], [0, 0]) for f in (
        np.nansum, np.nanmean, np.nanprod, np.nanmax, np.nanmin, np.nanvar, np.nanstd,
        np.nancumsum, np.nancumprod)),
    *((f"{f.__name__} of nothing", f, [], []) for f in (
        np.nansum, np.nanmean, np.nanprod, np.nanvar, np.nancumsum, np.nancumprod)),
    ("infinite slope", lambda x: np.nansum(np.log(np.sqrt(x))), [-1.0, 1.0], [0, 0.5]),
    ("mean of logs", lambda x: np.nanmean(np.log(x)), [-1.0, 0.5, 1.0], [0, 1, 0.5]),
    ("nan_to_num", np.nan_to_num, [NAN, INF, -INF, 3.0], [0, 0, 0, 1]),
    ("nan_to_num of roots", lambda x: np.nan_to_num(np.sqrt(x)), [-1.0, 4.0], [0, 0.25]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "f", "point", "due"), CONVENTIONS)
def test_convention(name: str, f: Any, point: Any, due: Any) -> None:
    assert np.allclose(slopes(f, point), due, rtol=1e-14, atol=0), name


def test_initial_may_be_a_tensor() -> None:
    start = ag.Tensor(2.0)
    np.nanprod(ag.Tensor([NAN, 3.0]), initial=start).backward()
    np.nanmin(ag.Tensor([NAN, 2.0]), initial=start).backward()
    assert start.grad == 3.5


@pytest.mark.parametrize("f", [np.nanvar, np.nanstd])
def test_a_mean_that_depends_on_the_entries(f: Any) -> None:
    hole = np.array([[False, True], [False, False], [True, False]])

    def spread(x: Any) -> Any:
        x = np.where(hole, NAN, x)
        return f(x, axis=0, mean=np.nanmean(x, axis=0, keepdims=True))

    check_gradients(spread, np.array([[1.0, 2.0], [4.0, 3.0], [0.5, -1.0]]))


def test_nan_to_num_in_place() -> None:
    x = ag.Tensor([1.0, 4.0])
    with np.errstate(divide="ignore"):
        y = np.log(x - 1.0)
        assert np.nan_to_num(y, copy=False, neginf=0.0) is y
    y.sum().backward()
    assert (y.tolist(), x.grad.tolist()) == ([0.0, np.log(3.0)], [0.0, 1 / 3])


def test_nan_to_num_takes_what_replaces_from_tensors() -> None:
    low, high = ag.Tensor(-1.0), ag.Tensor(1.0)
    y = np.nan_to_num(ag.Tensor(np.array([INF, -INF, 0.5], np.float32)), posinf=high, neginf=low)
    y.sum().backward()
    assert (y.dtype, float(low.grad), float(high.grad)) == (np.float32, 1.0, 1.0)
