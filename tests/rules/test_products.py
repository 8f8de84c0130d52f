"""Products where the generated cases do not reach: deprecated vectors, keywords, dtypes, paths."""

from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite.checking import check_gradients

from .cases import VERSION

random = np.random.default_rng(1)


def entries(*shape: int) -> Any:
    return random.standard_normal(shape)


def assert_right(f: Any, *arrays: Any) -> None:
    """NumPy's value to the last bit, and gradients to the second order."""
    due = f(*arrays)
    found = f(*map(ag.Tensor, arrays))
    assert (found.shape, found.dtype) == (due.shape, due.dtype)
    assert found.data.tobytes() == due.tobytes()
    check_gradients(f, *arrays, order=2)


def test_cross_of_vectors_in_the_plane_warn_or_raise_as_numpy_does() -> None:
    if VERSION >= (2, 5):
        with pytest.raises(ValueError, match="3-dimensional vectors"):
            np.cross(ag.Tensor(entries(2)), entries(2))
        return
    with pytest.warns(DeprecationWarning, match="2-dimensional vectors"):
        np.cross(ag.Tensor(entries(2)), entries(2))


@pytest.mark.parametrize("optimize", [
    True, "greedy", "optimal", ("greedy", 50), ["einsum_path", (0, 1), (0, 1)],
], ids=str)  # fmt: skip
def test_einsum_by_any_path(optimize: Any) -> None:
    def chain(a: Any, b: Any, c: Any) -> Any:
        return np.einsum("ij,jk,kl->il", a, b, c, optimize=optimize)

    assert_right(chain, entries(3, 4), entries(4, 2), entries(2, 3))


@pytest.mark.parametrize("f", [
    lambda x: np.einsum("ij,->ji", x, 2.0), lambda x: np.einsum("ij->j...", x),
    lambda x: np.einsum(x, [0, 1], x, [1, 0], []), lambda x: np.einsum("...ii->...i", x),
    lambda x: np.einsum("ij,ij,ij->i", x, x, x), lambda x: np.einsum("ij", x, order="F"),
    lambda x: np.tensordot(x, 2.0, axes=0), lambda x: np.tensordot(x, x, axes=-1),
    lambda x: np.dot(x, 2.0), lambda x: np.inner(2.0, x), lambda x: np.outer(x, 2.0),
    lambda x: np.kron(x, 2.0), lambda x: np.vdot(x, [[1.0, 2.0], [3.0, 4.0]]),
    lambda x: np.dot([[1.0, 2.0], [3.0, 4.0]], x), lambda x: np.kron([1, 2], x),
    lambda x: np.vecdot(x, [1.0, 2.0]), lambda x: np.vecdot([1, 2], x, axis=0, keepdims=True),
    lambda x: np.matmul(x, [[1.0, 2.0], [3.0, 4.0]], axes=[(1, 0), (0, 1), (1, 0)]),
])  # fmt: skip
def test_products_with_numbers_lists_and_themselves(f: Any) -> None:
    assert_right(f, entries(2, 2))


def test_the_path_of_einsum_is_a_plain_answer() -> None:
    x = ag.Tensor(entries(2, 3))
    assert np.einsum_path("ij,kj->ik", x, x)[0] == ["einsum_path", (0, 1)]


def test_einsum_in_another_dtype() -> None:
    x = ag.Tensor(np.ones((2, 3), np.float32))
    y = np.einsum("ij->", x, dtype=np.float64)
    y.backward()
    assert (y.dtype, x.grad.dtype) == (np.float64, np.float32)


@pytest.mark.parametrize("f", [
    lambda x: np.matmul(x, x, axis=0), lambda x: np.matmul(x, x, keepdims=True),
    lambda x: np.matmul(x, x, axes=[0]), lambda x: np.matmul(x, x, axes=3),
    lambda x: np.vecdot(x, x, axes=[0, 0], axis=0), lambda x: np.vecdot(x, x, axis=5),
    lambda x: np.vecdot(x, x, axis=None), lambda x: np.vecdot(x, x, axes=[(0,), (0,), (0,)]),
    lambda x: np.add(x, x, axis=0), lambda x: np.cross(x, x), lambda x: np.vdot(x, [1.0]),
    lambda x: np.einsum("ijk", x), lambda x: np.tensordot(x, x, axes=3), lambda x: np.kron(x),
])  # fmt: skip
def test_impossible_calls_fail_as_those_of_numpy(f: Any) -> None:
    x = entries(2, 4)
    with pytest.raises(Exception) as due:  # noqa: PT011 - which one it is, is the question
        f(x)
    with pytest.raises(due.type) as found:
        f(ag.Tensor(x))
    assert found.type is due.type


@pytest.mark.parametrize("f", [np.dot, np.inner, np.vdot, np.outer])
@pytest.mark.parametrize("x", [np.ones(0, np.float16), np.float16(2), np.ones((2, 0), np.float16)])
@pytest.mark.parametrize("other", [[], (), [[], []], 2.0])
@pytest.mark.parametrize("swapped", [False, True])
def test_lists_without_entries_have_the_dtype_that_numpy_gives_them(
    f: Any, x: Any, other: Any, swapped: bool
) -> None:
    def call(value: Any) -> Any:
        try:
            return f(other, value) if swapped else f(value, other)
        except ValueError as error:
            return type(error)

    due, found = call(x), call(ag.Tensor(x))
    if isinstance(due, type):
        assert found is due
    else:
        assert (found.dtype, found.shape) == (due.dtype, due.shape)
