"""Shape functions where generated tests do not reach: what is not an operand, dtypes, memory."""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.lib.stride_tricks import as_strided, sliding_window_view

import autograd_lite as ag
from autograd_lite.checking import check_gradients

X = np.arange(6.0).reshape(2, 3) + 0.5


def tensor(shape: tuple[int, ...] = (2, 3), dtype: Any = float) -> ag.Tensor:
    return ag.Tensor(np.arange(np.prod(shape)).reshape(shape).astype(dtype) + 0.5)


# Arrays like another


@pytest.mark.parametrize("like", [np.zeros_like, np.ones_like, np.empty_like])
def test_arrays_like_a_tensor_are_constant_tensors(like: Callable[..., Any]) -> None:
    y = like(tensor(dtype=np.float32))
    assert isinstance(y, ag.Tensor)
    assert not y.requires_grad
    assert (y.shape, y.dtype) == ((2, 3), np.float32)
    assert like(tensor(), shape=(4,)).shape == (4,)


@pytest.mark.parametrize("dtype", [int, bool, "u1"])
def test_whole_numbers_like_a_tensor_are_plain(dtype: Any) -> None:
    assert type(np.zeros_like(tensor(), dtype=dtype)) is np.ndarray
    assert type(np.full_like(tensor(), 7, dtype=dtype)) is np.ndarray


def test_full_like_of_numbers_is_a_constant() -> None:
    y = np.full_like(tensor(), 7)
    assert isinstance(y, ag.Tensor)
    assert not y.requires_grad
    assert y.tolist() == [[7.0] * 3] * 2


@pytest.mark.parametrize("shape", [(), (3,), (2, 1), (1,)])
def test_full_like_is_differentiable_in_what_fills_it(shape: tuple[int, ...]) -> None:
    fill = np.arange(1.0, np.prod(shape) + 1).reshape(shape)
    found = np.full_like(tensor(dtype=np.float32), ag.Tensor(fill))
    assert found.dtype == np.float32
    assert np.array_equal(found.numpy(), np.full_like(X, fill))
    check_gradients(lambda fill: np.full_like(tensor(), fill) ** 2, fill, order=2)


def test_full_like_with_a_list_of_tensors() -> None:
    a, b = ag.Tensor(1.0), ag.Tensor(2.0)
    np.full_like(tensor((3, 2)), [a, b * 2]).sum().backward()
    assert (a.grad, b.grad) == (3.0, 6.0)


def test_whole_numbers_filled_with_a_tensor_have_no_gradient() -> None:
    assert np.array_equal(np.full_like(tensor(), ag.Tensor(2.7), dtype=int), np.full((2, 3), 2))


def test_a_plain_array_like_which_a_tensor_is_laid_out_is_refused() -> None:
    with pytest.raises((TypeError, ag.NotDifferentiableError)):
        np.full_like(np.zeros(2), ag.Tensor(1.0))


# Samples


def test_linspace_without_a_step() -> None:
    y, step = np.linspace(ag.Tensor(1.0), 2.0, 1, retstep=True)
    assert y.tolist() == [1.0]
    assert np.isnan(step)
    assert np.linspace(ag.Tensor(1.0), 4.0, 3, dtype=int).tolist() == [1, 2, 4]


@pytest.mark.parametrize(
    ("f", "error"),
    [
        (lambda t: np.linspace(t, 1.0, -1), ValueError),
        (lambda t: np.linspace(t, 1.0, 2.5), TypeError),
        (lambda t: np.geomspace(t * 0, 1.0, 3), ValueError),
        (lambda t: np.meshgrid(t, t, indexing="yx"), ValueError),
        (lambda t: np.ix_(t, t[None]), ValueError),
        (lambda t: np.block([[t], t]), ValueError),
        (lambda t: np.block([t, []]), ValueError),
        (lambda t: np.block([t, (t,)]), TypeError),
        (lambda t: np.insert(t, 9, 0.0), IndexError),
        (lambda t: np.insert(t, [[1]], 0.0), ValueError),
        (lambda t: np.delete(t, 9), IndexError),
        (lambda t: np.delete(t, 0, axis=1), np.exceptions.AxisError),
        (lambda t: np.apply_along_axis(np.sum, 1, t[:0, None]), ValueError),
        (lambda t: np.apply_over_axes(lambda x, _: x.sum(), t[None, None], 0), ValueError),
        (lambda t: sliding_window_view(t, 9), ValueError),
        (lambda t: sliding_window_view(t, (1, 1)), ValueError),
        (lambda t: np.resize(t, (-1,)), ValueError),
    ],
)
def test_impossible_calls_fail_as_with_numpy(f: Any, error: Any) -> None:
    for t in (np.ones(3), ag.Tensor(np.ones(3))):
        with pytest.raises(error):
            f(t)


# Memory


LAYOUTS: list[Callable[[Any], Any]] = [
    lambda t: t,
    lambda t: t.T,
    lambda t: np.moveaxis(t, 0, 1),
    lambda t: t[:, ::-1],
    lambda t: t.swapaxes(0, 2)[:, 1:],
]


@pytest.mark.parametrize("order", ["A", "K", "F", "a", "k", None])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_orders_that_follow_memory(layout: Callable[[Any], Any], order: Any) -> None:
    x = np.arange(24.0).reshape(2, 3, 4)
    t = ag.Tensor(x)
    y = np.ravel(layout(t), order=order)
    due = np.ravel(layout(x), order=order)
    assert y.tolist() == due.tolist()
    (y * y).sum().backward()
    assert t.grad.tolist() == np.where(np.isin(x, due), 2 * x, 0.0).tolist()
    if order not in ("K", "k"):
        y = np.reshape(layout(t), (-1, 2), order=order)
        assert y.tolist() == np.reshape(layout(x), (-1, 2), order=order).tolist()
    ag.check_gradients(lambda t: np.ravel(layout(t), order=order) ** 3, x / 8, order=2)
    assert np.copy(t.T, order="K").tolist() == x.T.tolist()


def test_assignment_through_a_view_that_follows_memory() -> None:
    x = np.arange(6.0).reshape(2, 3)
    plain, t = x.copy().T, (ag.Tensor(x) * 1).T
    for array in (plain, t):
        np.ravel(array, order="K")[1] = 9.0
        np.reshape(array, (3, 2), order="A")[0, 1] = 8.0
    assert t.tolist() == plain.tolist()


REFUSED: list[Callable[[Any], Any]] = [
    np.ascontiguousarray, np.asfortranarray, np.asanyarray, np.require, np.asarray_chkfinite,
    np.array, np.asmatrix, as_strided, np.ndenumerate, lambda t: np.r_[t, 1.0],
    lambda t: np.c_[t, t], np.nditer, lambda t: np.bmat([[t, t]]), np.broadcast,
    lambda t: np.full((2, 3), t), lambda t: np.array([t, t]),
]  # fmt: skip


@pytest.mark.parametrize("f", REFUSED)
def test_what_does_not_look_for_tensors_refuses_them(f: Callable[[Any], Any]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PendingDeprecationWarning)
        with pytest.raises(TypeError):
            f(tensor())


def test_questions_about_indices() -> None:
    t = tensor((3, 3))
    for f in (np.tril_indices_from, np.triu_indices_from, np.diag_indices_from):
        assert np.array_equal(f(t), f(t.numpy()))


# Putting in, leaving out


def test_what_is_inserted_takes_the_dtype_of_the_array() -> None:
    value = ag.Tensor(2.7)
    assert np.insert(np.zeros(2, int), 1, value).tolist() == [0, 2, 0]
    y = np.insert(ag.Tensor(np.zeros(2, np.float32)), [0, 1], [value, value * 2])
    assert y.dtype == np.float32
    y.backward(np.array([1, 2, 4, 8], np.float32))
    assert value.grad == 9.0


def test_indices_may_be_tensors_that_are_constant() -> None:
    index = ag.Tensor(np.array(1), requires_grad=False)
    assert np.delete(tensor((3,)), index).tolist() == [0.5, 2.5]
    assert np.insert(tensor((2,)), index, 7.0).tolist() == [0.5, 7.0, 1.5]


# The user's functions


def test_functions_along_axes_see_tensors() -> None:
    w = ag.Tensor(2.0)
    y = np.apply_along_axis(lambda v, scale: scale * w * v[:2], 1, tensor(), 3.0)
    assert y.tolist() == (6.0 * X[:, :2]).tolist()
    y.sum().backward()
    assert w.grad == 3.0 * X[:, :2].sum()


def test_rows_take_shape_and_dtype_of_the_first_result() -> None:
    def jumpy(v: Any) -> Any:
        return v.astype(np.float32) if v.data[0] < 1 else v[:1]

    assert np.apply_along_axis(jumpy, 1, tensor()).dtype == np.float32
    assert np.array_equal(
        np.apply_along_axis(jumpy, 1, tensor()).numpy(),
        [[0.5, 1.5, 2.5], [3.5, 3.5, 3.5]],
    )
    assert np.apply_along_axis(lambda _: 1, 1, tensor()).tolist() == [1, 1]


# The branch not taken


@pytest.mark.parametrize(
    "choose",
    [np.tril, lambda y: np.triu(y, 1), np.diagonal, np.diag, lambda y: np.resize(y, (1,)),
     lambda y: np.delete(y, [3, 1])],
)  # fmt: skip
def test_what_is_not_chosen_gets_nothing_back(choose: Callable[[Any], Any]) -> None:
    """Not even where the slope is infinite."""
    x = np.array([[4.0, 9.0], [16.0, 25.0]])
    mask = np.zeros(4, bool)
    mask[np.asarray(choose(np.arange(1.0, 5.0).reshape(2, 2))).ravel().astype(int) - 1] = True
    left = choose(np.ones((2, 2)))
    if left.ndim == 2:
        mask = left.ravel() != 0
    t = ag.Tensor(np.where(mask.reshape(2, 2), x, 0.0))
    with np.errstate(divide="ignore"):
        choose(np.sqrt(t)).sum().backward()
    due = np.where(mask.reshape(2, 2), 0.5 / np.sqrt(x), 0.0)
    assert np.array_equal(t.grad, due)


# Entries one after another


def test_flat_is_read_as_that_of_an_array() -> None:
    t = tensor()
    assert [x.item() for x in t.flat] == X.ravel().tolist()
    assert len(t.flat) == 6
    assert t.flat[3].item() == 3.5
    assert t.flat[1::2].tolist() == [1.5, 3.5, 5.5]
    assert t.flat[[0, -1]].tolist() == [0.5, 5.5]
    assert (t.flat == X.flat).all()
    assert (t.flat > 3).tolist() == (X.flat > 3).tolist()
    assert t.flat.copy().tolist() == X.ravel().tolist()
    assert np.sum(t.flat).item() == X.sum()
    assert np.concatenate([t.flat, t.flat]).shape == (12,)
    assert np.exp(t.flat).shape == (6,)
    with pytest.raises(TypeError, match="gradient would be lost"):
        np.asarray(t.flat)
    with pytest.raises(IndexError):
        t.flat[6]


def test_flat_knows_where_it_is() -> None:
    flat, plain = tensor().flat, X.flat
    for _ in range(4):
        next(flat)
        next(plain)
        assert (flat.index, flat.coords) == (plain.index, plain.coords)
    assert len(list(flat)) == 2
    assert [x.item() for x in ag.Tensor(2.0).flat] == [2.0]


def test_flat_is_assigned_to_as_that_of_an_array() -> None:
    for index, value in [
        (4, 9.0), (slice(1, None, 2), [1.0, 2.0]), (slice(None), [7.0, 8.0]), ([0, -1], 3.0),
        (slice(0, 2), [1.0, 2.0, 3.0]),
    ]:  # fmt: skip
        t, plain = tensor() * 1.0, X.copy()
        t.flat[index] = value
        plain.flat[index] = value
        assert t.tolist() == plain.tolist()
    w = ag.Tensor([1.0, 2.0])
    y = np.zeros_like(tensor())
    y.flat = w
    (y * X).sum().backward()
    assert w.grad.tolist() == [X.ravel()[::2].sum(), X.ravel()[1::2].sum()]


def test_views() -> None:
    t = tensor()
    (t.view() * X).sum().backward()
    assert np.array_equal(t.grad, X)
    assert t.view(np.ndarray).shape == t.view(float).shape == (2, 3)
    with pytest.raises(TypeError, match=r"t\.astype"):
        t.view(int)


def test_diagonal_as_a_method() -> None:
    assert tensor().diagonal(1).tolist() == X.diagonal(1).tolist()
    assert tensor((2, 3, 4)).diagonal(axis1=1, axis2=2).shape == (2, 3)
