"""The methods of ufuncs and their keywords, called through NumPy: as NumPy's own, and right."""

from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite.checking import check_gradients
from autograd_lite.core.errors import NotDifferentiableError
from autograd_lite.core.folds import fold, fold_slices
from autograd_lite.core.tensor import Tensor

A = np.array([[0.7, 1.3, 0.9], [1.1, 0.6, 1.7]])
B = np.array([1.2, 0.8])
MASK = np.array([[True, False, True], [True, True, False]])
WIDE = np.array([[2.0, -3.0, 0.5], [1.0, 4.0, -1.0]])  # log of some of it is not to be computed


def plain(value: Any) -> Any:
    return value.numpy() if isinstance(value, Tensor) else value


def assert_as_numpy(call: Any, *arrays: Any) -> None:
    """The value is NumPy's to the last bit, and both derivatives are the numeric ones."""
    expected, found = call(*arrays), call(*map(ag.Tensor, arrays))
    assert isinstance(found, Tensor)
    assert (found.dtype, found.shape) == (expected.dtype, np.shape(expected))
    assert plain(found).tobytes() == expected.tobytes()
    check_gradients(call, *arrays, order=2)


METHODS = [
    lambda a: np.add.reduce(a),
    lambda a: np.add.reduce(a, 1, None, None, True, 2.0, MASK),
    lambda a: np.add.reduce(a, axis=(0, 1), keepdims=True),
    lambda a: np.add.reduce(a, axis=None, dtype=np.float32),
    lambda a: np.multiply.reduce(a, -1, initial=3.0),
    lambda a: np.multiply.reduce(a, axis=0, where=MASK),
    lambda a: np.maximum.reduce(a, 1),
    lambda a: np.maximum.reduce(a, 1, dtype=np.float32),
    lambda a: np.minimum.reduce(a, axis=None, initial=5.0),
    lambda a: np.subtract.reduce(a, 1),
    lambda a: np.divide.reduce(a, axis=0, keepdims=True),
    lambda a: np.float_power.reduce(a, axis=0),
    lambda a: np.hypot.reduce(a, (1, 0)),
    lambda a: np.logaddexp.reduce(a, axis=-1, dtype=np.float32),
    lambda a: np.logaddexp2.reduce(a, axis=None),
    lambda a: np.fmax.reduce(a, 1),
    lambda a: np.remainder.reduce(a, 1),
    lambda a: np.add.accumulate(a),
    lambda a: np.multiply.accumulate(a, 1),
    lambda a: np.subtract.accumulate(a, -1),
    lambda a: np.power.accumulate(a, 0),
    lambda a: np.maximum.accumulate(a, axis=1),
    lambda a: np.add.reduceat(a, [0, 2, 1], axis=1),
    lambda a: np.multiply.reduceat(a, np.array([0, 1]), 0),
    lambda a: np.add.reduceat(a, indices=[1, 0], axis=0, dtype=np.float32),
    lambda a: np.multiply.outer(a, [1.0, 2.0]),
    lambda a: np.divide.outer(2.0, a),
    lambda a: np.subtract.outer(a[0], a),
    lambda a: np.hypot.outer(a, 3),
    lambda a: np.add.outer(a, a[1], dtype=np.float32),
    lambda a: np.multiply.outer(a[:, 0], a[0], where=MASK, out=None),
    lambda a: np.ldexp.outer(a, [1, -2]),
    lambda a: np.divmod.outer(a, [0.4, 0.52])[1],
]


@pytest.mark.filterwarnings("ignore:'where' used without 'out'")
@pytest.mark.parametrize("number", range(len(METHODS)))
def test_methods(number: int) -> None:
    call = METHODS[number]
    if number == 30:  # NumPy leaves what was in memory where the mask is false
        check_gradients(lambda a: np.where(MASK, np.multiply.outer(a[:, 0], a[0]), 0), A)
        assert np.array_equal(plain(call(ag.Tensor(A))), np.where(MASK, np.outer(A[:, 0], A[0]), 0))
    elif number in (3, 7, 13, 24, 29):  # float32 is too coarse for a numeric derivative
        expected, found = call(A), call(ag.Tensor(A))
        assert found.dtype == expected.dtype == np.float32
        assert plain(found).tobytes() == expected.tobytes()
        leaf = ag.Tensor(A)
        call(leaf).sum().backward()
        assert leaf.grad.dtype == np.float64
    else:
        assert_as_numpy(call, A)


@pytest.mark.parametrize("ufunc", [np.power, np.arctan2])
def test_chains_that_numpy_folds_wrongly_on_some_processors(ufunc: Any) -> None:
    due = ufunc.accumulate(A, axis=1)[:, -1]
    assert np.allclose(plain(ufunc.reduce(ag.Tensor(A), axis=1)), due, rtol=1e-15, atol=0)
    assert ufunc.reduce(ag.Tensor(A), 1, keepdims=True).shape == (2, 1)
    check_gradients(lambda a: fold(a, ufunc, axis=1), A)
    rows = np.array([[1.3, 1.2, 1.1, 1.4], [0.5, 0.7, 0.9, 0.8]])
    slices = [ufunc.accumulate(rows[:, i:j], axis=1)[:, -1] for i, j in [(0, 3), (3, 4), (1, 4)]]
    found = plain(ufunc.reduceat(ag.Tensor(rows), [0, 3, 1], 1))
    assert np.allclose(found, np.stack(slices, axis=1), rtol=1e-15, atol=0)
    check_gradients(lambda a: fold_slices(a, ufunc, [0, 3, 1], axis=1), rows)


def test_a_first_value_may_be_a_tensor() -> None:
    check_gradients(lambda a, s: np.add.reduce(a, initial=s), A, np.array(2.0))
    check_gradients(lambda a, s: np.hypot.reduce(a, axis=1, initial=s), A, np.array(2.0))
    check_gradients(lambda s: fold(A, np.divide, initial=s), np.array(2.0))


PLAIN = [
    lambda a: np.logical_or.reduce(a, axis=1),
    lambda a: np.logical_and.accumulate(a),
    lambda a: np.less.outer(a, a),
    lambda a: np.greater(a, 1.0, where=a > 0),
    lambda a: np.floor_divide.outer(a, [2.0]),
    lambda a: np.equal(a, 1, dtype=bool),
]


@pytest.mark.filterwarnings("ignore:'where' used without 'out'")
@pytest.mark.parametrize("call", PLAIN)
def test_methods_without_gradient_give_plain_arrays(call: Any) -> None:
    found = call(ag.Tensor(A))
    assert isinstance(found, np.ndarray)
    assert np.array_equal(found, call(A))
    assert found.dtype == call(A).dtype


REFUSED = [
    lambda a: np.subtract.reduce(a, axis=(0, 1)),
    lambda a: np.divide.reduce(a[:0]),
    lambda a: np.add.reduce(a, axis=3),
    lambda a: np.add.accumulate(a[0, 0]),
    lambda a: np.add.accumulate(a, axis=None),
    lambda a: np.maximum.reduce(a[:, :0], axis=1),
    lambda a: np.maximum.reduce(a, where=MASK),
    lambda a: np.exp.reduce(a),
    lambda a: np.exp.outer(a, a),
    lambda a: np.divmod.reduce(a),
    lambda a: np.matmul.reduce(a),
    lambda a: np.matmul.outer(a, a),
    lambda a: np.ldexp.reduce(a),
    lambda a: np.gcd.reduce(a),
    lambda a: np.bitwise_and.reduce(a),
    lambda a: np.add.reduceat(a, [5]),
    lambda a: np.add.reduceat(a, np.array([0.5])),
    lambda a: np.exp(a, dtype=int),
    lambda a: np.exp(a, dtype=np.float32, casting="safe"),
    lambda a: np.exp(a, where=np.array(1)),
    lambda a: np.exp(a, where=np.array([0.5])),
    lambda a: np.exp(a, where=np.ones(5, bool)),
    lambda a: np.exp(a, order="Z"),
    lambda a: np.exp(a, signature="i->i"),
    lambda a: np.exp(a, axis=0),
    lambda a: np.matmul(a, a.T, axes=[(0, 1), (0, 1)]),
    lambda a: np.matmul(a, a.T, axes=[(0, 5), (0, 1), (0, 1)]),
    lambda a: np.matmul(a, a.T, where=MASK),
    lambda a: np.gcd(a, a),
    lambda a: np.lcm(a, 2),
    lambda a: a & 1,
    lambda a: np.bitwise_xor(a, 3),
    lambda a: np.invert(a),
    lambda a: np.left_shift(a, 1),
    lambda a: np.isnat(a),
]


@pytest.mark.filterwarnings("ignore:'where' used without 'out'")
@pytest.mark.parametrize("number", range(len(REFUSED)))
def test_calls_that_numpy_refuses_are_refused_alike(number: int) -> None:
    call = REFUSED[number]
    with pytest.raises(Exception) as expected:  # noqa: PT011 - which one it is, is the question
        call(A)
    with pytest.raises(Exception) as found:  # noqa: PT011
        call(ag.Tensor(A))
    kinds = (ValueError, TypeError, IndexError, RuntimeError)
    assert [issubclass(found.type, k) for k in kinds] == [
        issubclass(expected.type, k) for k in kinds
    ]


def test_gaps_between_numbers_are_refused() -> None:
    for call in (np.spacing, lambda t: np.nextafter(t, 1.0)):
        with pytest.raises(NotDifferentiableError, match="gaps between floating-point numbers"):
            call(ag.Tensor(A))


# Keywords


def test_where_computes_only_what_it_is_asked_for() -> None:
    """No warning, which is an error in these tests, and nothing flows back from the others."""
    x, mask = ag.Tensor(WIDE), WIDE > 0
    y = np.log(x, where=mask)
    due = np.log(WIDE, where=mask, out=np.zeros(WIDE.shape))
    assert plain(y).tobytes() == due.tobytes()
    np.sqrt(y, where=y.data > 0).sum().backward()
    slope = np.zeros(WIDE.shape)
    above = WIDE > 1
    slope[above] = 0.5 / np.sqrt(np.log(WIDE[above])) / WIDE[above]
    assert np.allclose(x.grad, slope, rtol=1e-14, atol=0)


def test_where_takes_part_in_broadcasting() -> None:
    a, mask = np.array([1.0, 2.0]), np.array([[True], [False]])
    found = np.divide(ag.Tensor(a), ag.Tensor(B), where=mask)
    assert np.array_equal(plain(found), np.where(mask, a / B, 0.0))
    assert np.log(ag.Tensor(-1.0), where=False).numpy() == 0.0
    assert np.log(ag.Tensor([]), where=np.array([], bool)).shape == (0,)


def test_where_and_two_results() -> None:
    mask = np.array([True, False])
    fraction, whole = np.modf(ag.Tensor([2.5, 3.5]), where=mask)
    assert plain(fraction).tolist() == [0.5, 0.0]
    assert whole.tolist() == [2.0, 0.0]


KEYWORDS = [
    lambda a, b: np.add(a, b, dtype=np.float32),
    lambda a, b: np.add(a, b, dtype="f4", casting="same_kind", order="F", subok=False),
    lambda a, b: np.multiply(a + b, 2, dtype=np.float64),
    lambda a, b: np.divide(a, b, signature="ff->f"),
    lambda a, b: np.divide(a, b, signature=(None, None, np.float32)),
    lambda a, b: np.add([1.0, 2.0], a - b, dtype=np.float32),
    lambda a, b: np.add(a, b, dtype=int, casting="unsafe"),
    lambda a, b: np.less(a, b, dtype=bool),
    lambda a, b: np.ldexp((a - b).astype("f4"), [1, 2], dtype=np.float32),
]


@pytest.mark.parametrize("number", range(len(KEYWORDS)))
def test_keywords_that_choose_the_dtype(number: int) -> None:
    a, b = np.array([1.5, 2.5]), np.array([0.3, 7.0])
    expected, found = KEYWORDS[number](a, b), KEYWORDS[number](ag.Tensor(a), ag.Tensor(b))
    assert found.dtype == expected.dtype
    assert plain(found).tobytes() == expected.tobytes()
    if isinstance(found, Tensor):
        leaf = ag.Tensor(a)
        KEYWORDS[number](leaf, ag.Tensor(b)).sum().backward()
        assert leaf.grad is None or leaf.grad.dtype == np.float64


MATRICES = [
    lambda a, b: np.matmul(a, b, axes=[(0, 2), (1, 0), (0, 1)]),
    lambda a, b: np.matmul(a, b, axes=[(-3, 1), (0, 1), (-1, -2)]),
    lambda a, b: np.matmul(a, b[0], axes=[(1, 2), (0,), (0,)]),
]


@pytest.mark.parametrize("call", MATRICES)
def test_matrices_along_other_axes(call: Any) -> None:
    random = np.random.default_rng(0)
    assert_as_numpy(call, random.normal(size=(2, 3, 4)), random.normal(size=(3, 4)))


def test_out_of_a_method_is_none_or_refused() -> None:
    assert np.add.reduce(ag.Tensor(A), axis=0, out=None).shape == (3,)
    for call in (
        lambda t: np.add.reduce(t, axis=0, out=np.zeros(3)),
        lambda t: np.add.accumulate(t, out=np.zeros((2, 3))),
    ):
        with pytest.raises(TypeError, match="assign the result"):
            call(ag.Tensor(A))
