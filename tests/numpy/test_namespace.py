"""The drop-in namespace: every name of NumPy; what it makes accepts Tensors."""

from collections.abc import Callable
from typing import Any

import numpy  # noqa: ICN001 - the namespace under test is np here
import pytest

import autograd_lite as ag
import autograd_lite.numpy as np
from autograd_lite import Tensor

PLAIN = numpy.array([1.5, 2.5, 4.0])


def test_every_public_name_is_there() -> None:
    assert set(np.__all__) == set(numpy.__all__)
    assert all(getattr(np, name) is not None for name in np.__all__ if name != "newaxis")
    assert set(dir(np)) >= set(numpy.__all__)
    assert np.newaxis is None


def test_functions_that_know_tensors_are_numpys_own() -> None:
    assert np.dot.__wrapped__ is numpy.dot
    assert np.exp is numpy.exp
    assert np.linalg.solve.__wrapped__ is numpy.linalg.solve
    assert np.linalg.LinAlgError is numpy.linalg.LinAlgError
    assert np.float64 is numpy.float64


def test_tensor_names_its_namespace() -> None:
    assert Tensor(1.0).__array_namespace__() is np


def test_unknown_name() -> None:
    with pytest.raises(AttributeError, match="zeroes"):
        _ = np.zeroes


MADE: tuple[Callable[[Any], Any], ...] = (
    lambda np: np.zeros(3),
    lambda np: np.ones(3, dtype=np.float32),
    lambda np: np.empty((3,)) * 0,
    lambda np: np.full(3, 2.5),
    lambda np: np.array([1.0, 2.0, 3.0]),
    lambda np: np.array([1, 2, 3], dtype=float, ndmin=2)[0],
    lambda np: np.asarray(PLAIN),
    lambda np: np.eye(3)[0],
    lambda np: np.identity(3)[1],
    lambda np: np.arange(3.0),
    lambda np: np.linspace(0.0, 1.0, 3),
    lambda np: np.zeros_like(PLAIN),
    lambda np: np.full_like(PLAIN, 3.0),
    lambda np: np.tri(3)[1],
    lambda np: np.fromfunction(lambda i: i * 2.0, (3,)),
    lambda np: np.ascontiguousarray(PLAIN),
    lambda np: np.hanning(3),
    lambda np: np.random.default_rng(0).normal(size=3),
    lambda np: np.random.RandomState(0).randn(3),
    lambda np: np.r_[0.0, 1.0, 2.0],
    lambda np: np.c_[PLAIN, PLAIN][:, 0],
)


@pytest.mark.parametrize("make", MADE)
def test_what_is_made_has_numpys_values_and_accepts_tensors(make: Callable[[Any], Any]) -> None:
    made, expected = make(np), make(numpy)
    assert isinstance(made, Tensor)
    assert (made.dtype, made.shape) == (expected.dtype, expected.shape)
    assert numpy.array_equal(made.numpy(), expected)
    t = Tensor([2.0])
    made[1] = t[0] * 3
    made.sum().backward()
    assert t.grad.tolist() == [3.0]


@pytest.mark.parametrize(
    "make",
    [
        lambda np: np.zeros(3, int),
        lambda np: np.array([1, 2]),
        lambda np: np.arange(3),
        lambda np: np.array(["a"]),
        lambda np: np.ones(2, dtype=bool),
        lambda np: np.zeros_like(PLAIN, dtype=int),
        lambda np: np.random.default_rng(0).integers(5, size=3),
        lambda np: np.r_[1:3],
    ],
)
def test_whole_numbers_are_plain_arrays(make: Callable[[Any], Any]) -> None:
    made, expected = make(np), make(numpy)
    assert type(made) is numpy.ndarray
    assert made.dtype == expected.dtype
    assert numpy.array_equal(made, expected)


ARRAYS_OF_TENSORS: tuple[Callable[[Any], Any], ...] = (
    lambda x: np.array([x[0], 2.0, x[1] * x[2]]),
    lambda x: np.array([[x[0], 1.0], [x[1], x[2]]]),
    lambda x: np.array([x, x * x]),
    lambda x: np.asarray(x) * 2,
    lambda x: np.array(x, ndmin=3) ** 2,
    lambda x: np.asarray([x[0]], dtype=np.float64),
    lambda x: np.full((2, 3), x),
    lambda x: np.full(2, x[1]),
    lambda x: np.full_like(PLAIN, x[0] * x[1]),
    lambda x: np.linspace(x[0], x[1], 4),
    lambda x: np.vectorize(lambda a, b: a * b if a > 2 else b)(x, x[::-1]),
    lambda x: np.r_[x[0], 5.0, x[1:]],
    lambda x: np.zeros(3, like=x) + x,
    lambda x: np.asarray_chkfinite(x) ** 2,
    lambda x: np.arange(x[0], 4.6, x[1]),
    lambda x: np.fromiter((a * a for a in x), float, 2),
    lambda x: np.pad(PLAIN, 1, constant_values=x[0]),
    lambda x: np.insert(PLAIN, 1, x[1]),
)


@pytest.mark.parametrize("f", ARRAYS_OF_TENSORS)
def test_arrays_of_tensors(f: Callable[[Any], Any]) -> None:
    ag.check_gradients(lambda x: np.sin(f(x)), PLAIN, order=2)


def test_array_copies_and_asarray_does_not() -> None:
    t = Tensor(PLAIN) * 1
    assert np.asarray(t) is t
    copied = np.array(t)
    copied[0] = 100.0
    assert t.tolist() == PLAIN.tolist()


def test_types() -> None:
    assert isinstance(np.zeros(2), np.ndarray)
    assert isinstance(PLAIN, np.ndarray)
    assert not isinstance([1.0], np.ndarray)
    assert issubclass(Tensor, np.ndarray)
    assert np.ndarray((2, 3)).shape == (2, 3)


def test_finite_is_checked() -> None:
    with pytest.raises(ValueError, match="infs or NaNs"):
        np.asarray_chkfinite(Tensor([numpy.nan]))


def test_vectorize_refuses_what_it_cannot_do() -> None:
    f = np.vectorize(lambda a, b: a * b, excluded=["b"])
    assert f(PLAIN, b=2.0).tolist() == (PLAIN * 2).tolist()
    with pytest.raises(TypeError, match="in a loop"):
        f(Tensor(PLAIN), 2.0)


def test_random_numbers_are_those_of_numpy() -> None:
    np.random.seed(3)
    mine = np.random.rand(2, 3)
    numpy.random.seed(3)
    assert numpy.array_equal(mine.numpy(), numpy.random.rand(2, 3))
    assert isinstance(np.random.rand(), float)
    assert np.random.permutation(4).dtype == int
