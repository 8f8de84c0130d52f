"""The branch not taken: 0 times infinity is 0 where nothing flows, and nowhere else."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite.core.structural_zeros import collection, dependence, liveness, selected
from autograd_lite.core.structural_zeros.dependence import Outline, filled, over_arrays
from autograd_lite.core.structural_zeros.liveness import Live, answer
from autograd_lite.core.structural_zeros.selected import Selected, select

Function = Callable[[Any], Any]
INF, NAN = np.inf, np.nan
ROW = np.array([[True], [False]])
BROKEN = np.array([[1.0, 2.0], [NAN, INF]])  # data with a row that is missing


def slopes(f: Function, point: Any, order: int) -> list[Any]:
    """The gradient of the sum of f, the gradient of the sum of that, and so on."""
    x = np.array(point, float)
    results = []
    with np.errstate(all="ignore"):
        for _ in range(order):
            f = ag.grad(lambda x, f=f: np.sum(f(x)))
            results.append(f(x).tolist())
    return results


def column(x: Any) -> Any:
    return np.reshape(x, (-1, 1))


def square(x: Any) -> Any:
    return np.reshape(x, (2, 2))


# Name, function, point, first and second derivative
NOT_TAKEN = [
    ("where", lambda x: np.where(x > 0, np.sqrt(x), 0), [0, 4], [0, 1 / 4], [0, -1 / 32]),
    ("where, steep later", lambda x: np.where(x > 0, x**1.5, 0), [0, 4], [0, 3], [0, 3 / 8]),
    ("where, a log", lambda x: np.where(x > 0, np.log(x), 0), [0, 2], [0, 1 / 2], [0, -1 / 4]),
    ("where, a norm", lambda x: np.where(x > 0, np.sqrt(np.sum(x * x)), 0), [0, 0], [0, 0], [0, 0]),
    ("slice", lambda x: np.sqrt(x)[1:], [0, 4], [0, 1 / 4], [0, -1 / 32]),
    ("slice, steep later", lambda x: (x**1.5)[1:], [0, 4], [0, 3], [0, 3 / 8]),
    ("slice, backwards", lambda x: np.sqrt(x)[:0:-1], [0, 4], [0, 1 / 4], [0, -1 / 32]),
    ("sum of a slice", lambda x: np.sum(np.log(x)[1:]), [0, 2], [0, 1 / 2], [0, -1 / 4]),
    ("integer", lambda x: np.sqrt(x)[-1], [0, 4], [0, 1 / 4], [0, -1 / 32]),
    ("integer array", lambda x: np.sqrt(x)[[1, 1]], [0, 4], [0, 1 / 2], [0, -1 / 16]),
    ("mask", lambda x: np.sqrt(x)[x > 0], [0, 4], [0, 1 / 4], [0, -1 / 32]),
    ("mask in a tuple", lambda x: np.sqrt(square(x))[[False, True], 0], [0, 0, 4, 0],
     [0, 0, 1 / 4, 0], [0, 0, -1 / 32, 0]),
    ("tuple", lambda x: np.sqrt(square(x))[None, 1, ..., [1]], [0, 0, 0, 4],
     [0, 0, 0, 1 / 4], [0, 0, 0, -1 / 32]),
    ("take", lambda x: np.take(np.sqrt(x), [1, 1]), [0, 4], [0, 1 / 2], [0, -1 / 16]),
    ("repeat", lambda x: np.repeat(np.sqrt(x), [0, 3]), [0, 4], [0, 3 / 4], [0, -3 / 32]),
    ("split", lambda x: np.split(np.sqrt(x), 2)[1], [0, 4], [0, 1 / 4], [0, -1 / 32]),
    ("delete", lambda x: np.delete(np.sqrt(x), 0), [0, 4], [0, 1 / 4], [0, -1 / 32]),
    ("compress", lambda x: np.compress([0, 1], np.sqrt(x)), [0, 4], [0, 1 / 4], [0, -1 / 32]),
    ("extract", lambda x: np.extract([0, 1], np.sqrt(x)), [0, 4], [0, 1 / 4], [0, -1 / 32]),
    ("tril", lambda x: np.tril(np.sqrt(square(x))), [1, 0, 1, 1], [1 / 2, 0, 1 / 2, 1 / 2],
     [-1 / 4, 0, -1 / 4, -1 / 4]),
    ("diagonal", lambda x: np.diagonal(np.sqrt(square(x))), [4, 0, 0, 4], [1 / 4, 0, 0, 1 / 4],
     [-1 / 32, 0, 0, -1 / 32]),
    ("trace", lambda x: np.trace(np.log(square(x))), [2, 0, 0, 2], [1 / 2, 0, 0, 1 / 2],
     [-1 / 4, 0, 0, -1 / 4]),
    ("resize", lambda x: np.resize(np.sqrt(x), 1), [4, 0], [1 / 4, 0], [-1 / 32, 0]),
    ("sum with where", lambda x: np.sum(np.sqrt(x), where=[False, True]), [0, 4],
     [0, 1 / 4], [0, -1 / 32]),
    ("mean with where", lambda x: np.mean(np.sqrt(x), where=[False, True]), [0, 4],
     [0, 1 / 4], [0, -1 / 32]),
    ("clip", lambda x: np.clip(np.sqrt(x), 1, None), [0, 4], [0, 1 / 4], [0, -1 / 32]),
    ("clip, overflow", lambda x: np.clip(np.exp(x), None, 2), [800, 0], [0, 1], [0, 1]),
    ("max", lambda x: np.max(np.sqrt(x)), [0, 4], [0, 1 / 4], [0, -1 / 32]),
    ("maximum", lambda x: np.maximum(np.sqrt(x), 1), [0, 4], [0, 1 / 4], [0, -1 / 32]),
    ("minimum, overflow", lambda x: np.minimum(np.exp(x), 2), [800, 0], [0, 1], [0, 1]),
    ("put", lambda x: assigned(np.sqrt(x)), [0, 4], [0, 1 / 4], [0, -1 / 32]),
]  # fmt: skip

CARRIED_ON = [
    ("two slices", lambda x: both_ends(np.sqrt(x)), [1, 0, 4], [1 / 2, 0, 1 / 4],
     [-1 / 4, 0, -1 / 32]),
    ("slice of a mask", lambda x: np.sqrt(x)[x < 9][1:], [0, 4, 9], [0, 1 / 4, 0], [0, -1 / 32, 0]),
    ("transpose", lambda x: np.sqrt(square(x)).T[0], [4, 0, 4, 0], [1 / 4, 0, 1 / 4, 0],
     [-1 / 32, 0, -1 / 32, 0]),
    ("concatenate", lambda x: np.concatenate([np.sqrt(x), x])[1:], [0, 4], [1, 5 / 4],
     [0, -1 / 32]),
    ("broadcast", lambda x: (np.sqrt(x) * np.ones((3, 2)))[:, 1], [0, 4], [0, 3 / 4], [0, -3 / 32]),
    ("mean of rows", lambda x: np.mean(np.sqrt(column(x)), axis=1)[1:], [0, 4],
     [0, 1 / 4], [0, -1 / 32]),
    ("cumsum", lambda x: np.cumsum(np.sqrt(x)[::-1])[:1], [0, 4], [0, 1 / 4], [0, -1 / 32]),
    ("diff", lambda x: np.diff(np.sqrt(x))[1:], [0, 4, 1], [0, -1 / 4, 1 / 2], [0, 1 / 32, -1 / 4]),
    ("matmul", lambda x: (np.sqrt(column(x)) @ np.ones((1, 2)))[1], [0, 4], [0, 1 / 2],
     [0, -1 / 16]),
    ("matmul and a mask", lambda x: np.where(ROW[::-1], np.sqrt(column(x)) @ np.ones((1, 2)), 0),
     [0, 4], [0, 1 / 2], [0, -1 / 16]),
    ("einsum", lambda x: np.einsum("i,j->ij", np.sqrt(x), np.ones(3))[1], [0, 4], [0, 3 / 4],
     [0, -3 / 32]),
    ("var of rows", lambda x: np.var(np.sqrt(square(x)), axis=1)[1:], [0, 0, 1, 1], [0, 0, 0, 0],
     [0, 0, 0, 0]),
    ("prod of rows", lambda x: np.prod(np.sqrt(square(x)), axis=1)[1:], [0, 0, 1, 4],
     [0, 0, 1, 1 / 4], [0, 0, -3 / 8, 3 / 32]),
    ("data with a missing row", lambda x: np.where(ROW, BROKEN @ column(x**2), 0.0), [3, 4],
     [6, 16], [2, 4]),
    ("its rows that are there", lambda x: np.dot(BROKEN, x**2)[:1], [3, 4], [6, 16], [2, 4]),
    ("its columns", lambda x: np.tensordot(x**2, BROKEN.T, 1)[:1], [3, 4], [6, 16], [2, 4]),
    ("einsum of it", lambda x: np.einsum("ij,j,j->i", BROKEN, x, x)[:1], [3, 4], [6, 16], [2, 4]),
]  # fmt: skip


def assigned(x: Any) -> Any:
    """`x` with its first entry overwritten."""
    x = x + 0.0
    x[0] = 3.0
    return x


def both_ends(x: Any) -> Any:
    """The sum of two slices that leave out the middle."""
    return x[:1] + x[2:]


@pytest.mark.parametrize("row", NOT_TAKEN + CARRIED_ON, ids=lambda row: row[0])
def test_nothing_flows_into_the_branch_not_taken(row: Any) -> None:
    _, f, point, first, second = row
    found = slopes(f, point, 3)
    np.testing.assert_allclose(found[0], first, rtol=1e-12, atol=0)
    np.testing.assert_allclose(found[1], second, rtol=1e-12, atol=0)
    assert np.all(np.isfinite(found[2]))


# Name, function, point, first derivative
NOT_SILENCED = [
    ("sqrt", np.sqrt, [0, 4], [INF, 1 / 4]),
    ("log", np.log, [0, 2], [INF, 1 / 2]),
    ("taken", lambda x: np.where(x >= 0, np.sqrt(x), 0), [0, 4], [INF, 1 / 4]),
    ("taken by a slice", lambda x: np.sqrt(x)[:1], [0, 4], [INF, 0]),
    ("taken twice", lambda x: np.sqrt(x)[[0, 0]], [0, 4], [INF, 0]),
    ("taken once of twice", lambda x: np.sqrt(x)[1:].sum() + np.sqrt(x)[0], [0, 4], [INF, 1 / 4]),
    ("taken by one of two", lambda x: ends_overlapping(np.sqrt(x)), [0, 4], [INF, 1 / 4]),
    ("taken behind a product", lambda x: (np.sqrt(column(x)) @ np.ones((1, 2)))[0], [0, 4],
     [INF, 0]),
    ("times a numeric 0", lambda x: np.sqrt(x) * np.array([0.0, 1.0]), [0, 4], [NAN, 1 / 4]),
    ("a product with 0", lambda x: np.log(x) @ np.array([0.0, 1.0]), [0, 2], [NAN, 1 / 2]),
    ("softplus by hand, overflow", lambda x: np.log(1 + np.exp(x)), [800, 0], [NAN, 1 / 2]),
    ("the same in a slice", lambda x: np.log(1 + np.exp(x))[:1], [800, 0], [NAN, 0]),
    ("softplus", ag.softplus, [800, 0], [1, 1 / 2]),
    ("reciprocal", lambda x: 1 / x, [0, 1], [-INF, -1]),
    ("of a square", lambda x: 1 / x**2, [0, 1], [NAN, -2]),
    ("log of a square", lambda x: np.log(x * x), [0, 1], [NAN, 2]),
    ("cube root of a square", lambda x: np.cbrt(x * x), [0, 1], [NAN, 2 / 3]),
    ("missing data that is used", lambda x: BROKEN @ x, [3, 4], [NAN, INF]),
    ("missing data, one row", lambda x: (BROKEN @ x)[1:], [3, 4], [NAN, INF]),
]  # fmt: skip


def ends_overlapping(x: Any) -> Any:
    """The sum of a slice and of all entries, so that each is alive in one of them."""
    return np.sum(x[1:]) * 0.5 + np.sum(np.concatenate([x[:1], 0.5 * x[1:]]))


@pytest.mark.parametrize("row", NOT_SILENCED, ids=lambda row: row[0])
def test_infinities_that_are_there_stay(row: Any) -> None:
    _, f, point, first = row
    np.testing.assert_allclose(slopes(f, point, 1)[0], first, rtol=1e-12, atol=0)


@pytest.mark.parametrize("f", [np.sqrt, lambda x: x**0.5, lambda x: np.where(x > -1, x**0.5, 0)])
def test_second_derivatives_of_an_infinite_slope_are_not_silenced(f: Function) -> None:
    assert slopes(f, [0, 1], 2)[1] == [-INF, -1 / 4]


def test_second_derivative_of_a_gradient_that_is_not_known_is_not_known() -> None:
    assert np.isnan(slopes(lambda x: np.sqrt(x) * 0.0, [0], 2)).all()


# Square roots at 0, their least value: name, function, point, first derivative
AT_MINIMA = [
    ("sum of squares", lambda x: np.sqrt(np.sum(x**2)), [0, 0], [0, 0]),
    ("np.square", lambda x: np.sqrt(np.sum(np.square(x))), [0, 0], [0, 0]),
    ("x * x", lambda x: np.sqrt(np.sum(x * x)), [0, 0], [0, 0]),
    ("of absolute values", lambda x: np.sqrt(np.sum(np.abs(x) ** 2)), [0, 0], [0, 0]),
    ("dot", lambda x: np.sqrt(np.dot(x, x)), [0, 0], [0, 0]),
    ("@", lambda x: np.sqrt(x @ x), [0, 0], [0, 0]),
    ("einsum", lambda x: np.sqrt(np.einsum("i,i->", x, x)), [0, 0], [0, 0]),
    ("a power of 0.5", lambda x: np.sum(x**2) ** 0.5, [0, 0], [0, 0]),
    ("a power that is an array", lambda x: np.sum(x**2) ** np.array(0.5), [0, 0], [0, 0]),
    ("a norm of order 3", lambda x: np.sum(np.abs(x) ** 3) ** (1 / 3), [0, 0], [0, 0]),
    ("rows", lambda x: np.sqrt(np.sum(square(x) ** 2, 1)), [0, 0, 3, 4], [0, 0, 0.6, 0.8]),
    ("distances", lambda x: np.sqrt((x[:, None] - x) ** 2), [0, 2, 5], [-4, 0, 4]),
    ("distances, expanded", lambda x: np.sqrt(x[:, None] ** 2 - 2 * x[:, None] * x + x * x),
     [0, 2, 5], [-4, 0, 4]),
    ("variance", lambda x: np.sqrt(np.var(x)), [2, 2], [0, 0]),
    ("and more", lambda x: np.sqrt(np.sum(x * x)) + x.sum(), [0, 0], [1, 1]),
    ("squared again", lambda x: np.sqrt(np.sum(x * x)) ** 2, [0, 0], [0, 0]),
    ("twice a root", lambda x: np.sqrt(np.sqrt(np.sum(x**4))), [0, 0], [0, 0]),
    ("less itself", lambda x: np.sqrt(x) - np.sqrt(x), [0, 4], [0, 0]),
    ("one factor is 0", lambda x: np.sqrt(x[0] * x[1]), [0, 4], [INF, 0]),
    ("a root of a root", lambda x: np.sqrt(np.sqrt(x)), [0, 1], [INF, 1 / 4]),
    ("times itself", lambda x: np.sqrt(x) * np.sqrt(x), [0, 4], [NAN, 1]),
]  # fmt: skip


@pytest.mark.parametrize("row", AT_MINIMA, ids=lambda row: row[0])
def test_a_root_at_its_minimum_has_slope_0(row: Any) -> None:
    _, f, point, first = row
    found = slopes(f, point, 2)
    np.testing.assert_allclose(found[0], first, rtol=1e-12, atol=0)
    assert np.all(np.isfinite(found[1])) == np.all(np.isfinite(first))


@pytest.mark.parametrize("dtype", ["float16", "float32"])
@pytest.mark.parametrize("order", [1, 2])
def test_dtypes_stay(dtype: str, order: int) -> None:
    for _, f, point, *_ in AT_MINIMA[:2] + NOT_TAKEN[:5] + CARRIED_ON[-4:-3]:
        gradient = f
        for _ in range(order):
            gradient = ag.grad(lambda x, f=gradient: np.sum(f(x)))
        with np.errstate(all="ignore"):
            assert gradient(np.array(point, dtype)).dtype == dtype


def test_complex_numbers() -> None:
    z = ag.Tensor(np.array([0.0, 1.0j]))
    with np.errstate(all="ignore"):
        np.sum(np.abs(np.log(z)[1:]) ** 2).backward()
    assert np.all(np.isfinite(z.grad))
    assert z.grad[0] == 0
    assert z.grad[1] != 0


def test_no_warning_where_nothing_is_infinite() -> None:
    with np.errstate(all="raise"):
        x = ag.Tensor([0.0, 0.0, 4.0])
        (np.sqrt(x)[2] + np.sqrt(np.sum(x[:2] ** 2))).backward()
    assert x.grad.tolist() == [0.0, 0.0, 0.25]


# What it costs


def test_ordinary_code_never_asks_which_entries_are_live(monkeypatch: Any) -> None:
    def refused(_: Any) -> Any:
        raise AssertionError("somebody asked")

    monkeypatch.setattr(selected, "answer", refused)
    monkeypatch.setattr(dependence, "answer", refused)
    monkeypatch.setattr(collection, "answer", refused)
    x, w = ag.Tensor(np.ones((4, 6, 3))), ag.Tensor(np.ones((3, 3)))
    y, h = np.tanh(x), np.zeros((4, 3))
    for i in range(6):
        h = np.tanh(y[:, i] @ w + h @ w)
    loss = np.sum(h[:, :2] * np.maximum(h[:, 1:], 0.0)) + np.mean(np.where(h > 0, h, -h)[[1, 2]])
    loss.backward()
    assert x.grad is not None


def test_a_gradient_without_zeros_is_plain_again() -> None:
    x = np.ones(4)
    halves = [select(x, np.arange(4) < 2), select(x, np.arange(4) >= 2)]
    assert (halves[0] + halves[1]).__class__ is np.ndarray
    assert (halves[0] + halves[0]).__class__ is Selected
    assert (halves[0] + x).__class__ is np.ndarray
    assert (x + halves[0]).__class__ is np.ndarray


@pytest.mark.parametrize("steps", [10, 3 * liveness.DEEPEST])
def test_long_chains_are_worked_out_without_recursion(steps: int) -> None:
    x = ag.Tensor([0.0, 4.0, 4.0])
    y = np.sqrt(x)
    for _ in range(steps):
        y = y[::-1][::-1] if steps % 2 else np.flip(np.flip(y))
    with np.errstate(all="ignore"):
        y[1:2].backward()
    assert x.grad.tolist() == [0.0, 0.25, 0.0]


def test_a_live_is_worked_out_once_and_keeps_nothing() -> None:
    asked = []
    source = Live(lambda: asked.append(1) or np.array([True, False]))
    either = Live(np.logical_or, source, Live(np.logical_and, source, source))
    for _ in range(2):
        assert answer(either).tolist() == [True, False]
    assert asked == [1]
    assert either.depth == source.depth == 0


def test_what_a_probe_keeps_of_a_factor_is_its_outline() -> None:
    kept = (np.full((2, 3), 7.0), [np.float32(7.0), "ij"], (1, 2), None)
    outlines = over_arrays(kept, lambda factor: Outline(factor.shape, factor.dtype))
    array, (number, text), *rest = filled(outlines)
    assert array.tolist() == [[1.0] * 3] * 2
    assert (number, number.dtype, text, rest) == (1.0, np.float32, "ij", [(1, 2), None])


def test_leaves_do_not_share_memory() -> None:
    a, b = ag.Tensor(np.zeros(3)), ag.Tensor(np.zeros(3))
    (a + b)[1:].sum().backward()
    a.grad += 1.0
    assert b.grad.tolist() == [0.0, 1.0, 1.0]


@pytest.mark.parametrize("kind", [ag.ELEMENTWISE, ag.GENERAL, ag.MULTILINEAR])
def test_a_rule_that_returns_no_array_is_refused_behind_a_selection_as_well(kind: Any) -> None:
    wrong = ag.primitive(lambda x: x + 0.0)
    ag.declare(wrong, kind=kind, signature="x", x=lambda g, x: [g, x])
    with pytest.raises(ag.RuleError, match="returned"):
        wrong(ag.Tensor(np.ones(3)))[1:].sum().backward()
