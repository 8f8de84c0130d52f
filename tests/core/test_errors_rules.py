"""Errors of those who differentiate functions, and of those who declare rules."""
# ruff: noqa: ARG005 - functions are wrong here by not using their parameters

import copy
import math
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import ELEMENTWISE, GraphError, RuleError, Tensor
from autograd_lite.core.operation import OPERATIONS

from .error_cases import Case, case, check, ones


@pytest.fixture(autouse=True)
def undeclare() -> Iterator[None]:
    """Wrong rules are gone after the test: others go through the table of declarations."""
    before = dict(OPERATIONS)
    yield
    OPERATIONS.clear()
    OPERATIONS.update(before)


def square(x: Any) -> Any:
    return x * x


def backward_inside(x: Any) -> Any:
    (x * 2).backward()
    return x


def leaked(x: Any) -> Any:
    box: list[Any] = []
    ag.grad(lambda y: box.append(x * y) or y)(x)
    return box[0]


def declared(rule: Callable[..., Any]) -> Callable[[Any], Any]:
    """The function x * x with some rule."""

    @ag.primitive
    def wrong(x: Any) -> Any:
        return x * x

    ag.declare(wrong, x=rule)
    return wrong


def run(rule: Callable[..., Any]) -> None:
    loss = declared(rule)(ones(2, 3)).sum()
    loss.backward()


ONE_NUMBER = "needs one number|where one number is due|where one real number is due"

TRANSFORMS = [
    case("whole number", lambda: ag.grad(square)(3), TypeError,
         "grad: argument 0 is 3, which cannot be differentiated", "floating-point"),
    case("whole numbers", lambda: ag.grad(square)(np.ones((2, 3), int)), TypeError,
         r"array \(2, 3\) int64", "floating-point"),
    case("text", lambda: ag.grad(square)("a"), TypeError, r"dtype <U1"),
    case("many numbers", lambda: ag.grad(square)(np.ones((2, 3))), ValueError,
         r"square returned a result of shape \(2, 3\)", r"np.sum\(...\) or np.mean\(...\)"),
    case("None", lambda: ag.grad(lambda x: None)(1.0), TypeError, "returned None", ONE_NUMBER),
    case("result of text", lambda: ag.grad(lambda x: "a")(1.0), TypeError, "returned 'a'",
         ONE_NUMBER),
    case("tuple", lambda: ag.grad(lambda x: (x, x))(1.0), TypeError,
         r"returned \(Tensor \(\) float64, Tensor \(\) float64\)", ONE_NUMBER),
    case("complex", lambda: ag.grad(lambda x: np.complex128(1j))(1.0), TypeError, "complex128"),
    case("array of text", lambda: ag.grad(lambda x: np.array("a"))(1.0), TypeError, "<U1"),
    case("argnums too large", lambda: ag.grad(square, argnums=1)(1.0), ValueError,
         "argnums=1, but square was called with 1 positional", "counted from 0"),
    case("argnums too small", lambda: ag.grad(square, argnums=-2)(1.0), ValueError, "argnums=-2"),
    case("argument by name", lambda: ag.grad(square)(x=1.0), ValueError,
         "square was called with 0 positional arguments"),
    case("argnums as list", lambda: ag.grad(square, argnums=[0])(1.0), TypeError, r"argnums=\[0\]"),
    case("argnums as a name that it has not", lambda: ag.grad(square, argnums="y")(1.0), ValueError,
         "argnums='y'"),
    case("argnums twice", lambda: ag.grad(square, argnums=(0, 0))(1.0), ValueError,
         r"argnums=\(0, 0\)"),
    case("leaked Tensor", lambda: ag.grad(leaked)(3.0), GraphError, "leaked returned"),
]  # fmt: skip


@pytest.mark.parametrize("row", TRANSFORMS)
def test_transforms(row: Case) -> None:
    check(row)


def test_backward_inside_grad() -> None:
    with pytest.raises(GraphError, match="inside a function that") as caught:
        ag.grad(backward_inside)(1.0)
    assert re.search(r"line \d+: \(x \* 2\).backward\(\)", str(caught.value))
    assert "remedy:  return the value" in str(caught.value)


@pytest.mark.parametrize("convert", [float, int, math.sin, np.float64], ids=str)
def test_number_out_of_a_function_being_differentiated(convert: Callable[[Any], Any]) -> None:
    """The gradient would be zero without a word; item() asks for the value in so many words."""
    with pytest.raises(TypeError, match=r"(?s)gradient would be lost.*remedy:.*item\(\)"):
        ag.grad(lambda x: x * convert(x))(2.0)


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
def test_copy_inside_a_function_being_differentiated(copied: Callable[[Any], Any]) -> None:
    with pytest.raises(GraphError, match="cannot be copied"):
        ag.grad(lambda x: np.sum(copied(x) ** 2))(np.ones(2))


RULES = [
    case("wrong shape", lambda: run(lambda g, x: np.ones(4)), RuleError,
         r"rule of wrong for operand 'x' returned array \(4,\) float64",
         r"operand \(2, 3\) float64 is due"),
    case("transposed", lambda: run(lambda g, x: (2 * g * x).T), RuleError,
         r"returned array \(3, 2\) float64, where the gradient of an operand \(2, 3\) float64"),
    case("another axis", lambda: run(lambda g, x: (2 * g * x)[None]), RuleError,
         r"returned array \(1, 2, 3\) float64"),
    case("None returned", lambda: run(lambda g, x: None), RuleError,
         "returned None", "remedy:  return a float array"),
    case("number", lambda: run(lambda g, x: 2.0), RuleError, "returned 2.0"),
    case("whole numbers returned", lambda: run(lambda g, x: np.ones((2, 3), int)), RuleError,
         r"returned array \(2, 3\) int64"),
    case("complex returned", lambda: run(lambda g, x: g * 1j), RuleError, "complex128"),
    case("list", lambda: run(lambda g, x: [[1.0] * 3] * 2), RuleError, r"returned \[\[1.0, 1.0"),
    case("raised", lambda: run(lambda g, x: g @ x), RuleError,
         "rule of wrong for operand 'x' raised ValueError: matmul",
         r"formula\(g: array \(2, 3\) float64, x\)", "remedy:  correct the formula"),
]  # fmt: skip


@pytest.mark.parametrize("row", RULES)
def test_wrong_rules(row: Case) -> None:
    with pytest.raises(row.error) as caught:
        row.action()
    assert "line:    " + __file__ in str(caught.value)
    for pattern in row.patterns:
        assert caught.match(pattern)


def test_gradient_changed_in_place_by_a_rule_is_refused() -> None:
    """It would change the gradient of every other operand as well."""

    def doubled(g: Any, x: Any) -> Any:
        g *= 2 * x
        return g

    a, b = ones(3), ones(3)
    with pytest.raises(RuleError, match="read-only"):
        (declared(doubled)(a) + b).backward(np.ones(3))


@pytest.mark.parametrize("name", ["xx", "gg", "y_shap"])
def test_misspelt_name_in_a_formula_fails_when_it_is_declared(name: str) -> None:
    formula = eval(f"lambda g, {name}: g")
    with pytest.raises(NameError, match=rf"declare\(square\): unknown name '{name}'.*allowed: .*x"):
        ag.declare(ag.primitive(square), x=formula)


def test_unknown_operand_fails_when_it_is_declared() -> None:
    with pytest.raises(NameError, match=r"declare\(square\): unknown operand 'z'; allowed: x"):
        ag.declare(ag.primitive(square), z=lambda g, x: g * x)


def test_numeric_warnings_are_not_taken_for_errors_of_the_rule() -> None:
    """NumPy's own report, as its user set it up: the formula of sqrt is right at 0."""
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        np.sqrt(Tensor(0.0)).backward()
    with pytest.raises(FloatingPointError), np.errstate(all="raise"):
        np.sqrt(Tensor(0.0)).backward()


def test_gradient_of_what_does_not_depend_on_the_input_is_zeros() -> None:
    """Documented in `value_and_grad`: not an error."""
    gradient = ag.grad(lambda x: np.sum(np.ones(3)))(np.ones((2, 3), np.float32))
    assert np.array_equal(gradient, np.zeros((2, 3)))
    assert gradient.dtype == np.float32


def test_nothing_is_collected_when_backward_fails() -> None:
    a, b = ones(2), ones(2)
    loss = np.sum(declared(lambda g, x: None)(a) * b)
    with pytest.raises(RuleError):
        loss.backward()
    assert a.grad is None
    assert b.grad is None


def test_elementwise_rule_may_return_the_shape_of_the_result() -> None:
    @ag.primitive
    def product(a: Any, b: Any) -> Any:
        return a * b

    ag.declare(product, kind=ELEMENTWISE, a=lambda g, b: g * b, b=lambda g, a: g * a)
    a = Tensor(np.ones((3, 1)))
    product(a, np.ones(4)).sum().backward()
    assert np.array_equal(a.grad, np.full((3, 1), 4.0))


def test_formula_must_begin_with_the_incoming_gradient() -> None:
    with pytest.raises(TypeError, match="first parameter is g"):
        ag.declare(ag.primitive(square), x=lambda x: 2 * x)
    with pytest.raises(TypeError, match="first parameter is g"):
        ag.declare(ag.primitive(square), x=np.cos)


def test_operand_may_be_called_y() -> None:
    @ag.primitive
    def weighted(x: Any, y: Any) -> Any:
        return x * y * y

    ag.declare(
        weighted, kind=ag.ELEMENTWISE, x=lambda g, y: g * y * y, y=lambda g, x, y: 2 * g * x * y
    )
    ag.check_gradients(weighted, np.array([1.0, 2.0]), np.array([3.0, 0.5]))


def test_redeclared_function_follows_its_new_rule() -> None:
    doubled = ag.primitive(lambda x: 2 * x)
    ag.declare(doubled, kind=ag.ELEMENTWISE, x=lambda g: g)
    ag.declare(doubled, kind=ag.ELEMENTWISE, x=lambda g: 2 * g)
    assert ag.grad(doubled)(1.0) == 2.0


def test_function_of_several_results_is_refused() -> None:
    both = ag.primitive(lambda x: (x, x * x))
    ag.declare(both, x=lambda g, x: g)
    with pytest.raises(ag.NotDifferentiableError, match="where a rule needs one array"):
        both(ones(2))


def test_function_that_does_not_look_for_tensors_cannot_be_declared() -> None:
    with pytest.raises(TypeError, match=r"made by @primitive"):
        ag.declare(square, x=lambda g, x: 2 * g * x)
