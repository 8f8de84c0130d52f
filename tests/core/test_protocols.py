"""Tensors among arrays, numbers and lists, in NumPy's own functions and operators."""

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd_lite import Tensor

VALUES = np.array([0.53, 1.71, 2.37])  # no multiples of each other: remainders jump there
OTHERS: dict[str, Any] = {
    "array": np.array([2.0, 3.0, 0.7]),
    "integers": np.array([2, 3, 1]),
    "booleans": np.array([True, True, True]),
    "column": np.array([[2.0], [3.0]]),
    "without axes": np.array(2.0),
    "float": 2.0,
    "int": 3,
    "bool": True,
    "float64": np.float64(0.7),
    "float32": np.float32(0.5),
    "int64": np.int64(2),
    "uint8": np.uint8(2),
    "bool_": np.bool_(True),
    "list": [2.0, 3.0, 0.7],
    "tuple": (2, 3, 1),
    "Tensor": Tensor([2.0, 3.0, 0.7]),
    "constant": Tensor([2, 3, 1], requires_grad=False),
}
OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
    "%": operator.mod,
    "divmod": lambda a, b: divmod(a, b)[1],
}


def plain(value: Any) -> Any:
    return value.data if isinstance(value, Tensor) else value


def numeric(f: Callable[[Any], Any], x: Any, step: float = 1e-6) -> Any:
    """Central differences of sum(f)."""
    slopes = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        bump = np.zeros_like(x)
        bump[index] = step
        slopes[index] = (np.sum(f(x + bump)) - np.sum(f(x - bump))) / (2 * step)
    return slopes


def assert_like_numpy(f: Callable[[Any], Any], x: Any = VALUES) -> None:
    """Value, dtype and gradient of f at a Tensor are those of f at an array."""
    t = Tensor(x)
    result, expected = f(t), np.asarray(f(x))
    assert isinstance(result, Tensor)
    assert np.array_equal(result.data, expected)
    assert result.dtype == expected.dtype
    result.sum().backward()
    assert np.allclose(t.grad, numeric(f, x), rtol=1e-6, atol=1e-8)
    assert (t.grad.shape, t.grad.dtype) == (x.shape, x.dtype)


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize("operate", OPERATORS.values(), ids=OPERATORS)
def test_operators_take_what_numpy_takes_on_either_side(
    operate: Callable[[Any, Any], Any], other: Any
) -> None:
    for f in (lambda x: operate(x, other), lambda x: operate(other, x)):
        t = Tensor(VALUES)
        result = f(t)
        assert np.array_equal(result.data, plain(f(VALUES)))
        result.sum().backward()
        assert np.allclose(t.grad, numeric(lambda x, f=f: plain(f(x)), VALUES), rtol=1e-6)


@pytest.mark.parametrize("operate", [operator.neg, operator.pos, abs])
def test_unary_operators(operate: Callable[[Any], Any]) -> None:
    assert_like_numpy(operate, -VALUES)


MATRIX = np.arange(6.0).reshape(2, 3) - 2.5


@pytest.mark.parametrize(
    "f",
    [
        lambda t: MATRIX @ t,
        lambda t: t @ MATRIX.T,
        lambda t: t @ VALUES,
        lambda t: VALUES @ t,
        lambda t: t @ t,
        lambda t: np.dot(MATRIX, t),
        lambda t: t.dot(MATRIX.T),
        lambda t: [[1.0, 2.0, 3.0]] @ t,
        lambda t: t @ [1.0, 2.0, 3.0],
        lambda t: np.matmul([[1.0, 2.0, 3.0]], t),
        lambda t: np.tensordot(MATRIX, t, 1),
        lambda t: np.einsum("ij,j->i", MATRIX, t),
        lambda t: np.einsum("ij,j", [[1, 2, 3]], t),
        lambda t: np.outer(t, [1.0, 2.0]),
        lambda t: np.inner([[1.0, 2.0, 3.0]], t),
    ],
)
def test_products_with_plain_operands(f: Callable[[Any], Any]) -> None:
    assert_like_numpy(f)


@pytest.mark.parametrize(
    "f",
    [
        lambda t: np.hstack((np.ones(2), t)),
        lambda t: np.hstack([t, 1.0, t]),
        lambda t: np.vstack((t, [1, 2, 3])),
        lambda t: np.column_stack([t, VALUES]),
        lambda t: np.stack([t, VALUES, [1, 2, 3]], axis=-1),
        lambda t: np.concatenate([[1.0], t, t]),
        lambda t: np.average(t, axis=0),
        lambda t: np.average(t, weights=[1, 2, 3]),
        lambda t: np.average([1, 2, 3], weights=t),
        lambda t: np.where([True, False, True], t, [7, 8, 9]),
        lambda t: np.where(t > 1, t, 0.0) * np.where([0, 1, 1], t, 2),
        lambda t: np.clip(t, [0.0, 2.0, 0.0], 2.0),
        lambda t: np.maximum([1.0, 1.0, 1.0], t),
        lambda t: np.add.reduce(t),
        lambda t: np.multiply.outer(VALUES, t),
        lambda t: np.add(t, 1, dtype=np.float64),
        lambda t: np.exp(t, out=None, where=True),
        lambda t: np.roll(t, (1, 2)),
        lambda t: np.transpose(t, 0),
        lambda t: np.reshape(t, (3, 1), "F"),
        lambda t: np.tile(t, [2, 2]),
        lambda t: t[[0, 0, 2]] * t[np.array([2, 2, 1])],
        lambda t: t[..., None][t > 1],
    ],
)
def test_functions_with_lists_and_plain_arguments(f: Callable[[Any], Any]) -> None:
    assert_like_numpy(f)


@pytest.mark.parametrize("join", [np.concatenate, np.stack, np.vstack, np.hstack])
def test_joining_the_rows_of_one_tensor(join: Callable[[Any], Any]) -> None:
    assert_like_numpy(lambda t: join(t) ** 2, MATRIX)


@pytest.mark.parametrize(
    "f",
    [
        lambda t, u, v: t * [u, v],
        lambda t, u, v: np.dot(t, [u, v]),
        lambda t, u, v: np.where([True, False], [u, v], t),
        lambda t, u, v: np.add([v, u], t),
        lambda t, u, v: np.stack([u * t[0], v]),
        lambda t, u, v: np.hstack([t, u, v]) ** 2,
    ],
)
def test_lists_of_tensors_record(f: Callable[[Any, Any, Any], Any]) -> None:
    arrays = [np.array([1.0, 2.0]), np.array(3.0), np.array(4.0)]
    tensors = [Tensor(array) for array in arrays]
    f(*tensors).sum().backward()
    for number, tensor in enumerate(tensors):

        def of_one(x: Any, number: int = number) -> Any:
            return f(*arrays[:number], x, *arrays[number + 1 :])

        assert np.allclose(tensor.grad, numeric(of_one, arrays[number]), rtol=1e-6, atol=1e-8)


COMPARISONS = [operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge]


@pytest.mark.parametrize("compare", COMPARISONS)
@pytest.mark.parametrize("other", [1.5, VALUES[::-1], [1.5, 1.5, 1.5], Tensor(VALUES[::-1])])
def test_comparisons_give_plain_arrays(compare: Callable[[Any, Any], Any], other: Any) -> None:
    for result, expected in (
        (compare(Tensor(VALUES), other), compare(VALUES, np.asarray(plain(other)))),
        (compare(other, Tensor(VALUES)), compare(np.asarray(plain(other)), VALUES)),
    ):
        assert type(result) is np.ndarray
        assert np.array_equal(result, expected)


@pytest.mark.parametrize(
    "f", [np.sign, np.floor, np.argmax, np.isnan, np.argsort, lambda t: t // 2]
)
def test_functions_without_gradient_give_plain_values(f: Callable[[Any], Any]) -> None:
    assert not isinstance(f(Tensor(VALUES)), Tensor)
    assert np.array_equal(f(Tensor(VALUES)), f(VALUES))


def test_questions_about_shape_and_type_are_answered() -> None:
    t = Tensor(MATRIX)
    assert (np.shape(t), np.ndim(t), np.size(t)) == ((2, 3), 2, 6)
    assert np.result_type(t, np.float32) == np.float64
    assert not np.iscomplexobj(t)
