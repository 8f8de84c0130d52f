"""The checker itself, fed with wrong rules: a check that cannot fail is no check."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite.checking import GradientError, check_gradients
from autograd_lite.core import operation

X = np.array([[0.5, -1.25, 2.0], [3.0, 0.75, -0.5]])
SQUARE = np.array([[0.5, -1.25], [2.0, 3.0]])
TABLES = (operation.OPERATIONS, operation.UNARY, operation.BINARY)


@pytest.fixture(autouse=True)
def declarations() -> Iterator[None]:
    """Whatever a test declares is forgotten after it."""
    before = [dict(table) for table in TABLES]
    yield
    for table, old in zip(TABLES, before, strict=True):
        table.clear()
        table.update(old)


def cube(formula: Callable[..., Any], **options: Any) -> Callable[..., Any]:
    """x**3 with a rule of the test's own."""

    @ag.primitive
    def cube(x: Any) -> Any:
        return x * x * x

    ag.declare(cube, x=formula, **options)
    return cube


def product(a_rule: Callable[..., Any], b_rule: Callable[..., Any]) -> Callable[..., Any]:
    """a @ b with rules of the test's own."""

    @ag.primitive
    def product(a: Any, b: Any) -> Any:
        return np.matmul(a, b)

    ag.declare(product, kind=ag.MULTILINEAR, a=a_rule, b=b_rule)
    return product


def scaled_in_place(g: Any, x: Any) -> Any:
    g *= 3.0 * x * x
    return g


def operand_in_place(g: Any, x: Any) -> Any:
    gx = 3.0 * g * x * x
    x *= x
    return gx


def right_value_and_spoiled_gradient(g: Any, x: Any) -> Any:
    gx = 3.0 * g * x * x
    g *= 0.5
    return gx


WRONG = {
    "twice and a bit": (lambda g, x: g * 3 * x * x * 2.001, "is wrong at entry"),
    "one in ten million": (lambda g, x: g * 3 * x * x * (1 + 1e-7), "is wrong at entry"),
    "sign": (lambda g, x: -g * 3 * x * x, "is wrong at entry"),
    "missing factor": (lambda g, x: g * x * x, "is wrong at entry"),
    "gradient left out": (lambda g, x: 3 * x * x + 0 * g, "is wrong at entry"),
    "zero": (lambda g: 0.0 * g, "is wrong at entry"),
    "one entry": (lambda g, x: g * np.where(x == 2.0, 11.9, 3 * x * x), r"at entry \(0, 2\)"),
    "not a number": (lambda g, x: g * np.where(x < 0, np.nan, 3 * x * x), "is wrong at entry"),
    "transposed": (lambda g, x: np.transpose(g * 3 * x * x), "float64 is due"),
    "wrong shape": (lambda g, x: np.ravel(g * 3 * x * x), "float64 is due"),
    "extra axis": (lambda g, x: (g * 3 * x * x)[None], "float64 is due"),
    "summed": (lambda g, x: np.sum(g * 3 * x * x), "float64 is due"),
    "None": (lambda g: None, "returned None"),  # noqa: ARG005 - forgotten to return
    "integers": (lambda g, x: np.rint(g * 3 * x * x).astype(int), "int64"),
    "list": (lambda g, x: [g * 3 * x * x], "is due"),
    "misspelt inside": (lambda g, x: g * x.cubed, "raised AttributeError"),
    "gradient scaled in place": (scaled_in_place, "cannot be computed: .* read-only"),
    "gradient spoiled": (right_value_and_spoiled_gradient, "cannot be computed: .* read-only"),
    "operand in place": (operand_in_place, "writes into an argument"),
}


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("mistake", WRONG)
def test_wrong_rules_are_refused(mistake: str, order: int) -> None:
    formula, text = WRONG[mistake]
    with pytest.raises(GradientError, match=text):
        check_gradients(cube(formula), X, order=order)


@pytest.mark.parametrize("mistake", ["twice and a bit", "sign", "missing factor", "zero"])
def test_wrong_rules_are_refused_inside_other_functions(mistake: str) -> None:
    wrong = cube(WRONG[mistake][0])
    with pytest.raises(GradientError, match=r"is wrong at entry"):
        check_gradients(lambda x: np.tanh(x) + 0.01 * np.sum(wrong(x), axis=0), X)


def test_a_transposed_gradient_of_a_square_matrix_is_refused() -> None:
    with pytest.raises(GradientError, match=r"argument 0 is wrong at entry \(., .\)"):
        check_gradients(cube(lambda g, x: np.transpose(g * 3 * x * x)), SQUARE)


def test_swapped_operands_are_refused() -> None:
    right = product(lambda g, b: g @ b.T, lambda g, a: a.T @ g)
    check_gradients(right, SQUARE, SQUARE + 1)
    swapped = product(lambda g, a: g @ a.T, lambda g, b: b.T @ g)
    with pytest.raises(GradientError, match="argument 0 is wrong"):
        check_gradients(swapped, SQUARE, SQUARE + 1)
    second = product(lambda g, b: g @ b.T, lambda g, a: a @ g)
    with pytest.raises(GradientError, match="argument 1 is wrong"):
        check_gradients(second, SQUARE, SQUARE + 1)


def test_a_mistake_that_only_nested_mode_sees_is_refused_at_order_two() -> None:
    frozen = cube(lambda g, x: g * 3 * (x * x if isinstance(x, np.ndarray) else x.numpy() ** 2))
    check_gradients(frozen, X, order=1)
    with pytest.raises(GradientError, match="the second derivative of cube"):
        check_gradients(frozen, X, order=2)


@pytest.mark.parametrize(("mode", "way"), [("backward", "Tensor.backward"), ("grad", "grad")])
def test_each_mode_is_checked_by_itself(mode: str, way: str) -> None:
    wrong = cube(lambda g, x: g * x)
    with pytest.raises(GradientError, match=f"by {way}:"):
        check_gradients(wrong, X, modes=(mode,))
    check_gradients(cube(lambda g, x: g * 3 * x**2), np.float32(X), modes=(mode,))


@pytest.mark.parametrize("modes", [(), "grad", ("forward",), ("backward", "fwd")])
def test_modes_that_are_not_known_are_refused(modes: Any) -> None:
    with pytest.raises(ValueError, match=r"'backward', 'grad'.* both are reverse mode"):
        check_gradients(np.sin, X, modes=modes)


def test_a_gradient_lost_on_the_way_is_refused() -> None:
    with pytest.raises(GradientError, match=r"the first derivative .* by Tensor.backward: 0.0"):
        check_gradients(lambda x: np.sin(getattr(x, "data", x)), np.float64(1.0))


def test_tensors_that_the_function_holds_are_constants() -> None:
    weights, bias = ag.Tensor(SQUARE), ag.Tensor([0.5, -0.5])

    def layer(x: Any) -> Any:
        return np.tanh(x @ weights) + bias, bias * 2

    check_gradients(layer, SQUARE + 1)
    assert weights.grad is None
    assert bias.grad is None
    wrong = cube(WRONG["missing factor"][0])
    with pytest.raises(GradientError, match="is wrong at entry"):
        check_gradients(lambda x: wrong(x @ weights), SQUARE + 1)


def test_a_result_that_differs_on_tensors_is_refused() -> None:
    with pytest.raises(GradientError, match="another value on Tensors"):
        check_gradients(lambda x: x * (2.0 if isinstance(x, ag.Tensor) else 1.0), X)


def test_lost_precision_is_refused() -> None:
    coarse = cube(lambda g, x: g * (3 * x * x if x.dtype == np.float64 else np.rint(3 * x * x)))
    check_gradients(coarse, X)
    with pytest.raises(GradientError, match="loses its precision"):
        check_gradients(coarse, X.astype(np.float32))


@pytest.mark.parametrize(
    ("f", "x"),
    [
        (np.sqrt, 0.0),
        (np.floor, 2.0),
        (lambda x: np.random.default_rng().normal() * x, 1.0),
        (lambda x: np.where(x > 1.0, 2.0 * x, x), 1.0),
    ],
    ids=["end of the domain", "jump", "noise", "jump of a selection"],
)  # fmt: skip
def test_where_no_numeric_derivative_can_be_relied_on_nothing_passes(f: Any, x: float) -> None:
    with (
        pytest.raises(GradientError, match=r"cannot be checked here|another value"),
        np.errstate(all="ignore"),
    ):
        check_gradients(f, x)


def test_arguments_without_a_float_are_refused() -> None:
    with pytest.raises(TypeError, match="no float argument"):
        check_gradients(np.sum, np.arange(3))


# What is right must pass


def blog_loss(hidden: Any, output: Any, features: Any, labels: Any) -> Any:
    ones = np.ones((len(features), 1))
    active = ag.sigmoid(np.hstack((ones, features)) @ hidden)
    return 0.5 * np.mean((np.hstack((ones, active)) @ output - labels) ** 2)


def test_functions_of_several_arguments_pass_to_the_third_order() -> None:
    random = np.random.default_rng(1)
    weights = random.normal(size=(3, 2)), random.normal(size=(3, 1))
    check_gradients(blog_loss, *weights, random.normal(size=(6, 2)), np.eye(6)[:, :1], order=3)


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
def test_every_precision_passes(dtype: Any) -> None:
    check_gradients(cube(lambda g, x: g * 3 * x * x), X.astype(dtype))
    check_gradients(np.tanh, X.astype(dtype))


@pytest.mark.parametrize(
    "f",
    [
        np.conjugate,  # takes complex numbers and is not analytic
        lambda x: np.real(x) * x if not isinstance(x, ag.Tensor) else x * x,
        lambda x: np.split(x, 3, axis=1),
        lambda x: (x, np.sum(x), np.argmax(x)),
        lambda _: np.zeros(3),
        lambda x: x - x,
        lambda x: 1e6 + 1e-3 * np.sin(x),
        lambda x: np.abs(x - 0.75 - 1e-3),  # a kink, not far away
        lambda x: x[:, :0],
        lambda x: np.exp(30.0 * x),
    ],
)
def test_unusual_functions_pass(f: Any) -> None:
    check_gradients(f, X)


def test_tensors_numbers_and_other_arguments_are_taken() -> None:
    check_gradients(np.sum, X, 1)
    check_gradients(np.multiply, ag.Tensor(X), 2.5)
    check_gradients(np.where, X > 0, X, X + 1)
    check_gradients(np.exp, np.zeros((0, 3)))
