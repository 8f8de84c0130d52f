"""`trace_nan`: the first operation that makes a NaN or an infinity is named, with its line."""

import threading
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import Tensor
from autograd_lite.core import recording
from autograd_lite.core.operation import OPERATIONS

ZEROS, HUGE = np.zeros(2), np.full((2, 2), 1e200)
LARGE = np.zeros(99_999)
WITH_NAN = np.array([[1.0, np.nan], [1.0, 1.0]])


def backward_of(f: Callable[[Any], Any], x: Any) -> Any:
    w = Tensor(x)
    f(w).backward()
    return w.grad


# What is done, and what is told: the operation, its expression, ranges, a remedy.
VALUES: dict[str, tuple[Callable[[], Any], list[str]]] = {
    "log of 0": (
        lambda: np.sum(np.log(Tensor([0.5, 0.0]))),
        ["value of np.log became -inf in 1 of 2", "[1]", "0 to 0.5, 1 zero", "log_softmax"],
    ),
    "quotient": (
        lambda: 1.0 / Tensor(ZEROS),
        ["value of a / b became inf in 2 of 2", "expression 1.0 / Tensor(ZEROS)", "denominator"],
    ),
    "reflected": (
        lambda: Tensor(ZEROS) / ZEROS,
        ["value of a / b became NaN in 2 of 2", "2 zeros"],
    ),
    "with a large array": (
        lambda: Tensor(LARGE + 1.0) / LARGE,
        ["value of a / b became inf in 99999 of 99999", "denominator"],
    ),
    "a large array by it": (
        lambda: LARGE / Tensor(LARGE),
        ["value of a / b became NaN in 99999 of 99999", "expression LARGE / Tensor(LARGE)"],
    ),
    "overflow": (
        lambda: np.exp(Tensor([1.0, 1000.0])),
        ["value of np.exp became inf", "from 1 to 1000", "ag.softmax"],
    ),
    "power": (lambda: Tensor([-8.0]) ** (1 / 3), ["value of np.power became NaN", "(1 / 3)"]),
    "sum": (lambda: np.sum(Tensor([1e308, 1e308])), ["value of np.sum became inf", "np.sum("]),
    "with options": (lambda: Tensor([1e308, 1e308]).sum(axis=0), ["np.sum became inf"]),
    "of a sequence": (
        lambda: np.stack([Tensor(ZEROS), 1 / Tensor(ZEROS)]),
        ["a / b became inf", "expression 1 / Tensor(ZEROS)"],
    ),
    "by keyword": (lambda: np.var(Tensor([1e200, -1e200]), axis=0), ["np.var became inf"]),
    "product of BLAS": (
        lambda: np.dot(Tensor(HUGE), HUGE),
        ["value of np.dot became inf in 4 of 4", "from 1e+200 to 1e+200", "learning rate"],
    ),
    "NaN in the data": (
        lambda: np.sum(np.tanh(WITH_NAN @ Tensor([1.0, 1.0]))),
        ["value of np.matmul became NaN", "1 NaN", "came in with the data"],
    ),
    "NaN in a parameter": (
        lambda: np.sum(Tensor([1.0, np.nan]) * Tensor([1.0, 2.0])),
        ["an operand of np.multiply became NaN in 1 of 2", "came in with the data"],
    ),
    "scalar": (lambda: np.log(Tensor(0.0)), ["value of np.log became -inf\n"]),
    "single precision": (
        lambda: np.exp(Tensor(np.float32([100.0]))),
        ["np.exp became inf", "(1,) float32"],
    ),
    "complex": (lambda: np.log(Tensor([0j])), ["value of np.log became", "sizes from 0 to 0"]),
    "composed": (lambda: np.linalg.norm(Tensor([1e200, 1e200]) ** 2), ["np.square became inf"]),
    "under grad": (
        lambda: ag.grad(lambda x: np.sum(np.log(x - x)))(np.ones(2)),
        ["value of np.log", "expression np.log(x - x)"],
    ),
    "under jvp": (
        lambda: ag.jvp(lambda x: np.log(x) * 2, (ZEROS,), (ZEROS,)),
        ["value of np.log became -inf in 2 of 2", "expression np.log(x)"],
    ),
    "a product under jvp": (
        lambda: ag.jvp(lambda x: x * 1e200, (np.array([1e200]),), (np.ones(1),)),
        ["value of np.multiply became inf", "expression x * 1e200"],
    ),
    "a product by it under jvp": (
        lambda: ag.jvp(lambda x: 1e200 * x, (np.ones(1),), (np.array([1e200]),)),
        ["tangent of np.multiply became inf", "expression 1e200 * x"],
    ),
    "under vmap": (
        lambda: ag.vmap(lambda x: np.log(x) * 2)(np.zeros((3, 2))),
        ["value of np.log became -inf in 6 of 6", "expression np.log(x)"],
    ),
    "in a checkpoint": (
        lambda: ag.grad(lambda x: np.sum(ag.checkpoint(lambda y: np.log(y - y))(x)))(np.ones(2)),
        ["value of np.log", "expression np.log(y - y)"],
    ),
    "a primitive of the user's": (
        lambda: scaled(Tensor([1e300])),
        ["value of scaled became inf", "expression scaled(Tensor([1e300]))"],
    ),
}
GRADIENTS: dict[str, tuple[Callable[[], Any], list[str]]] = {
    "root": (
        lambda: backward_of(lambda w: np.sum(np.sqrt(w) * 2.0), [0.0, 4.0]),
        ["gradient of np.sqrt for its operand x became inf in 1 of 2", "expression np.sqrt(w)",
         "gradient:", "from 2 to 2", "y: ", "0 to 2, 1 zero", "np.sqrt(q + 1e-12)"],
    ),
    "quotient": (
        lambda: backward_of(lambda w: np.sum(1.0 / w), [1e-200]),
        ["gradient of a / b for its operand b became", "expression 1.0 / w"],
    ),
    "product of BLAS": (
        lambda: backward_of(lambda w: np.sum(np.dot(w * 1e-300, HUGE) * 1e200), np.ones((2, 2))),
        ["gradient of np.dot for its operand a became inf", "expression np.dot(w * 1e-300, HUGE)"],
    ),
    "under grad": (
        lambda: ag.grad(lambda x: np.sum(np.sqrt(x)))(ZEROS),
        ["gradient of np.sqrt", "expression np.sqrt(x)"],
    ),
    "second derivative": (
        lambda: ag.hessian(lambda x: np.sum(x**1.5))(ZEROS),
        ["gradient of np.power", "expression x**1.5"],
    ),
    "grad of grad": (
        lambda: ag.grad(lambda x: np.sum(ag.grad(lambda y: np.sum(y**1.5))(x)))(ZEROS),
        ["became inf"],
    ),
    "tangent": (
        lambda: ag.jvp(lambda x: np.sqrt(x) * 2, (ZEROS,), (np.ones(2),)),
        ["tangent of np.sqrt became inf in 2 of 2", "expression np.sqrt(x)", "tangent 1:"],
    ),
    "a rule of the user's": (
        lambda: backward_of(lambda w: np.sum(scaled(w)), [0.0]),
        ["gradient of scaled for its operand x became inf", "expression scaled(w)"],
    ),
    "vmap of grad": (
        lambda: ag.vmap(ag.grad(lambda x: np.sum(1.0 / x)))(np.full((2, 2), 1e-200)),
        ["gradient of a / b", "expression 1.0 / x"],
    ),
}  # fmt: skip


@ag.primitive
def scaled(x: Any) -> Any:
    return x * 1e10


ag.declare(scaled, kind=ag.ELEMENTWISE, x=lambda g, x: g / x)


@pytest.mark.parametrize("row", [*VALUES.values(), *GRADIENTS.values()],
                         ids=[*VALUES, *(f"gradient: {name}" for name in GRADIENTS)])  # fmt: skip
def test_the_operation_is_named(row: Any) -> None:
    action, texts = row
    with pytest.raises(FloatingPointError) as caught, ag.trace_nan():
        action()
    for text in texts:
        assert text in str(caught.value)
    assert f"{__file__}, line " in str(caught.value)
    assert "\n  remedy:    " in str(caught.value)


FINE: dict[str, Callable[[], Any]] = {
    "branch not taken": lambda: backward_of(
        lambda w: np.sum(np.where(w.data > 0, np.sqrt(w), 0.0)), ZEROS
    ),
    "networks": lambda: backward_of(
        lambda w: np.sum(ag.softplus(w) + ag.sigmoid(w * 1000) + ag.softmax(w) + ag.gelu(w)),
        [-1000.0, 1000.0],
    ),
    "large in single precision": lambda: backward_of(
        lambda w: np.sum(w @ w), np.full((2, 2), 1e18, np.float32)
    ),
    "a mask": lambda: backward_of(
        lambda w: np.sum(ag.softmax(np.where(np.arange(2) > 0, -np.inf, w))), ZEROS
    ),
    "norm at 0": lambda: backward_of(np.linalg.norm, ZEROS),
    "underflow": lambda: backward_of(lambda w: np.sum(np.exp(w)), [-1e5]),
}


@pytest.mark.parametrize("action", FINE.values(), ids=FINE)
def test_what_is_right_is_left_alone(action: Callable[[], Any]) -> None:
    due = action()
    with ag.trace_nan():
        assert np.array_equal(action(), due)


def test_infinities_may_be_allowed() -> None:
    with ag.trace_nan(infinities=False), np.errstate(divide="ignore"):
        y = np.log(Tensor(ZEROS))
        with pytest.raises(FloatingPointError, match=r"a - b|np.subtract became NaN"):
            y - y


def test_plain_arrays_warn_as_ever() -> None:
    with ag.trace_nan(), warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        np.log(ZEROS)
        with np.errstate(all="ignore"):
            np.log(ZEROS)
    assert [str(each.message) for each in seen] == ["divide by zero encountered"]
    with np.errstate(all="raise"), ag.trace_nan(), pytest.raises(FloatingPointError):
        np.log(ZEROS)
    with np.errstate(all="ignore"), ag.trace_nan():
        np.log(ZEROS)


def test_as_a_decorator_and_one_in_another() -> None:
    @ag.trace_nan()
    def step(x: Any) -> Any:
        with ag.trace_nan(infinities=False):
            pass
        return np.log(Tensor(x))

    assert step([1.0]).item() == 0.0
    with pytest.raises(FloatingPointError, match=r"np\.log"):
        step([0.0])


def test_nothing_is_left_behind() -> None:
    attach = recording.attach
    formulas = [rule.formula for operation in OPERATIONS.values() for rule in operation.rules]
    with pytest.raises(FloatingPointError), ag.trace_nan():
        np.log(Tensor([0.0]))
    assert recording.attach is attach
    assert formulas == [r.formula for operation in OPERATIONS.values() for r in operation.rules]
    with np.errstate(all="ignore"):
        assert np.log(Tensor([0.0])).item() == -np.inf


def test_other_threads_are_left_alone() -> None:
    found: list[Any] = []

    def work() -> None:
        with np.errstate(all="ignore"):
            found.append(backward_of(lambda w: np.sum(np.dot(w, HUGE) * 1e200), HUGE))

    with ag.trace_nan():
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert np.all(np.isinf(found[0]))


def test_checkpoint_still_saves_memory_inside() -> None:
    calls: list[int] = []

    def f(x: Any) -> Any:
        calls.append(1)
        return np.sum(np.sin(x))

    with ag.trace_nan():
        ag.grad(ag.checkpoint(f))(np.ones(2))
    assert len(calls) == 2
