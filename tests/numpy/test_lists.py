"""The namespace: lists of Tensors, generators of random numbers, comparisons of tests."""

from collections.abc import Callable
from typing import Any

import numpy  # noqa: ICN001 - the namespace under test is np here
import pytest

import autograd_lite as ag
import autograd_lite.numpy as np
from autograd_lite import Tensor
from autograd_lite.core.operation import OPERATIONS

X = numpy.array([[0.4, 0.7], [1.3, -1.6], [2.1, 0.2], [0.9, 3.1]])


@pytest.mark.parametrize("name", ["amax", "average", "cumsum", "mean", "median", "ptp", "std"])
def test_reduction_of_a_list_of_tensors(name: str) -> None:
    function = getattr(np, name)
    ag.check_gradients(lambda x: function([row[0] * row[1] for row in x]), X, order=1)
    ag.check_gradients(lambda x: function([2 * row for row in x], axis=0), X, order=1)
    assert numpy.array_equal(function(X, axis=0), getattr(numpy, name)(X, axis=0))


OVERLOOKED: tuple[Callable[[Any], Any], ...] = (
    lambda s: np.sum(X, initial=s[0]),
    lambda s: np.max(X, axis=0, initial=9 * s[0]),
    lambda s: np.select([X > 0], [X], default=s[0]),
    lambda s: np.piecewise(X, [X > 1], [s[0], lambda x: x * s[1]]),
    lambda s: np.interp(X, [0.5, 1.0], [1.0, 2.0], left=s[0], right=s[1]),
    lambda s: np.pad(X, 1, constant_values=s[0]),
    lambda s: np.nan_to_num(X * numpy.nan, nan=s[0]),
    lambda s: np.polyint(X[:, 0], 2, k=[s[0], s[1]]),
    lambda s: np.apply_along_axis(lambda row: row * s, 1, X),
    lambda s: np.vectorize(lambda x: x * s[0])(X),
    lambda s: np.concatenate([[s[0]], [1.0, s[1]]]),
    lambda s: np.dot([s[0], 2 * s[1]], [1.0, 2.0]),
    lambda s: np.tile([s[0], 1.0], 2),
    lambda s: np.linalg.norm([s[0], s[1], 1.0]),
    lambda s: np.linalg.det([[s[0], 1.0], [2.0, s[1]]]),
    lambda s: np.real(np.fft.fft([s[0], s[1], 1.0])),
)


@pytest.mark.parametrize("f", OVERLOOKED)
def test_tensors_that_numpy_does_not_look_at(f: Callable[[Any], Any]) -> None:
    slopes = numpy.array([0.75, 1.5])
    assert numpy.array_equal(f(Tensor(slopes)).numpy(), f(slopes), equal_nan=True)
    ag.check_gradients(f, slopes, order=2)


def test_errors_of_reductions_are_numpys() -> None:
    with pytest.raises(TypeError, match="unexpected keyword"):
        np.sum([Tensor(1.0)], axes=0)
    with pytest.raises(TypeError):
        np.sum(["a", "b"])


REORDER: tuple[Callable[[Any, Any], Any], ...] = (
    lambda np, x: np.random.default_rng(0).shuffle(x),
    lambda np, x: np.random.default_rng(0).shuffle(x, axis=1),
    lambda np, x: np.random.default_rng(0).shuffle(x[:, 0]),
    lambda np, x: np.random.RandomState(0).shuffle(x),
    lambda np, x: (np.random.seed(0), np.random.shuffle(x)),
    lambda np, x: x.__setitem__(slice(None), np.random.default_rng(0).permutation(x)),
    lambda np, x: x.__setitem__(slice(None), np.random.RandomState(0).permutation(x)),
)


@pytest.mark.parametrize("reorder", REORDER)
def test_rows_are_shuffled_as_those_of_an_array(reorder: Callable[[Any, Any], Any]) -> None:
    """NumPy would exchange rows that are views, and so have some of them twice."""
    places, expected = numpy.arange(8.0).reshape(4, 2), X.copy()
    reorder(numpy, places)
    reorder(numpy, expected)
    x = Tensor(X)
    y = x * 1
    reorder(np, y)
    assert numpy.array_equal(y.numpy(), expected)
    (y * places).sum().backward()
    slope = numpy.empty(8)
    slope[places.astype(int).ravel()] = places.ravel()
    assert numpy.array_equal(x.grad.ravel(), slope)


def test_comparisons_of_tests_look_at_values() -> None:
    y = Tensor(X) * 2
    np.testing.assert_allclose(y, 2 * X)
    with pytest.raises(AssertionError):
        np.testing.assert_array_equal(y, X)


def test_what_is_made_of_numbers_alone_accepts_tensors() -> None:
    """As the arrays of zeros() and array() do; what is made of arrays is NumPy's own."""
    made = [
        lambda: np.stack([0.0, 1.0, 2.0]), lambda: np.repeat(0.0, 3), lambda: np.tile(0.0, 3),
        lambda: np.concatenate([[0.0], (1.0, 2.0)]), lambda: np.copy([0.0, 1.0, 2.0]),
        lambda: np.fft.ifft([0.0, 1.0, 2.0]),
        lambda: np.linalg.solve(((2.0,),), [[1.0, 2.0, 3.0]])[0],
    ]  # fmt: skip
    for make in made:
        x, filled = ag.Tensor(3.0), make()
        filled[1] = x**2
        np.real(filled[1]).backward()
        assert x.grad == 6.0
    assert type(np.stack([numpy.zeros(2), numpy.ones(2)])) is numpy.ndarray
    assert type(np.repeat([0, 1], 2)) is numpy.ndarray


def test_rule_of_a_function_of_the_namespace_is_that_of_numpys() -> None:
    operation = ag.declare(np.shape, kind=ag.SHAPE, a=lambda g: g)
    assert OPERATIONS.pop(operation.function) is operation
    assert operation.function is numpy.shape


def test_functions_of_plain_arrays_are_called_as_numpys() -> None:
    for numbers in ((1.0, (2,)), (X, [2, 4]), (X, (2, 4)), (X, numpy.array([2, 4])), (X, 8)):
        assert numpy.array_equal(np.resize(*numbers), numpy.resize(*numbers))
    assert type(np.concatenate([X, [[1.0, 2.0]]])) is numpy.ndarray
    assert type(np.concatenate((X, Tensor(X)))) is Tensor
    assert type(np.where(X > 0, X, Tensor(1.0))) is Tensor
    assert type(np.sum(X, initial=Tensor(1.0))) is Tensor
    assert type(np.interp(X, [0.0, 1.0], [0.0, 1.0], Tensor(2.0))) is Tensor
    with pytest.raises(TypeError, match=r"sort\(\) missing 1 required positional argument: 'a'"):
        np.sort()
