"""Forward mode: the short way of products gives what the general one does."""

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite.core.operation import BINARY, OPERATIONS
from autograd_lite.transforms.dual import dual, push_any

TRACE = 1 << 60
FUNCTIONS = {operator.mul: np.multiply, operator.matmul: np.matmul}
X = np.arange(6.0).reshape(2, 3) - 2.5
OTHERS: dict[str, Any] = {
    "array": np.ones((3, 2)),
    "square": np.eye(3) * 2,
    "row": np.arange(3.0),
    "single": np.float32([1.0, 2.0, 3.0]),
    "whole": np.arange(3),
    "mask": np.array([True, False, True]),
    "complex": np.array([1j, 2.0, 3.0]),
    "number": 2.5,
    "int": 3,
    "numpy's": np.float32(0.5),
    "stack": np.ones((4, 1, 3)),
    "read-only": np.broadcast_to(2.0, (2, 3)),
    "empty": np.ones((3, 0)),
    "too long": np.ones(5),
    "text": np.array(["a", "b", "c"]),
    "objects": np.array([1, 2, 3], object),
}


def outcome(work: Callable[[], Any]) -> Any:
    """Values, tangents and dtypes of what a call returns; type and text of its error."""
    try:
        y = work()
    except Exception as error:  # noqa: BLE001 - of whatever type, it is to be the same
        return type(error), str(error).split("\n")[0]
    t = y._node.value
    return y._value.tolist(), y._value.dtype, y._value.shape, t.tolist(), t.dtype, t.shape


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16, np.complex128])
@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize("kernel", FUNCTIONS, ids=lambda kernel: kernel.__name__)
def test_products_are_those_of_the_general_way(kernel: Any, other: Any, dtype: Any) -> None:
    operation = OPERATIONS[FUNCTIONS[kernel]]
    x = dual(X.astype(dtype), np.cos(X).astype(dtype), TRACE)
    for pair in ((x, other), (other, x)):
        assert outcome(lambda p=pair: kernel(*p)) == outcome(
            lambda p=pair: push_any(operation, TRACE, p, {})
        )


def test_constants_and_pauses() -> None:
    c = np.arange(3.0)

    def paused(x: Any) -> Any:
        with ag.no_grad():
            return x * c

    _, t = ag.jvp(paused, (np.ones(3),), (np.ones(3),))
    assert t.tolist() == [0.0, 0.0, 0.0]
    _, t = ag.jvp(lambda x: c * x.detach() + x, (np.ones(3),), (np.ones(3),))
    assert t.tolist() == [1.0, 1.0, 1.0]


def test_tangents_that_a_user_declares_for_a_product_are_used() -> None:
    before = OPERATIONS[np.multiply]
    try:
        ag.declare(
            np.multiply, kind=ag.MULTILINEAR, tangents={"a": lambda t, b: 7 * t * b},
            a=lambda g, b: g * b, b=lambda g, a: g * a,
        )  # fmt: skip
        assert ag.jvp(lambda x: x * np.ones(2), (np.ones(2),), (np.ones(2),))[1].tolist() == [7, 7]
    finally:
        for table in (OPERATIONS, BINARY):
            table[np.multiply] = before


def test_tangents_of_other_traces_go_through_products() -> None:
    slope = ag.grad(lambda s: ag.jvp(lambda x: x * 3.0, (2.0,), (s * s,))[1])
    assert slope(5.0) == 30.0
    change = ag.vmap(lambda t: ag.jvp(lambda x: np.ones((2, 3)) @ x, (np.ones(3),), (t,))[1])
    assert change(np.eye(3)).tolist() == np.ones((3, 2)).tolist()


def test_the_slope_of_tanh_is_no_array_of_the_users() -> None:
    x = np.linspace(-30.0, 30.0, 7)
    y, pullback = ag.vjp(np.tanh, x)
    g = np.ones(7)
    g.flags.writeable = False
    first, second = pullback(g)[0], pullback(g)[0]
    assert np.array_equal(first, second)
    assert np.array_equal(y, np.tanh(x))
    assert np.allclose(first, np.cosh(x) ** -2.0, rtol=1e-14)
