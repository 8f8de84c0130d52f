"""The mutation test by itself: what it makes of a formula, and that it notices blind tests."""

import ast
from collections.abc import Iterator
from typing import Any

import pytest

import autograd_lite as ag
from autograd_lite.core.operation import ELEMENTWISE, OPERATIONS

from .mutants import mutants, parsed
from .subjects import Part, Subject, formula_names, in_place, source
from .survivors import candidates, generated_survivors


@pytest.mark.parametrize(
    ("formula", "change", "mutated"),
    [
        ("lambda g: -g", "-g -> --g", "lambda g: --g"),
        ("lambda g: -g", "-g -> g", "lambda g: g"),
        ("lambda g: -g", "-g -> 2.0 * -g", "lambda g: 2.0 * -g"),
        ("lambda g, x: g - x", "g - x -> x - g", "lambda g, x: x - g"),
        ("lambda g, x: g - x", "g - x -> -x", "lambda g, x: -x"),
        ("lambda g, x: g * x**2", "x ** 2 -> x * 2", "lambda g, x: g * (x * 2)"),
        ("lambda g, x: g * 0.5", "g * 0.5 -> g * 1.0", "lambda g, x: g * 1.0"),
        ("lambda g: np.sum(g, axis=-1)", "np.sum(g, axis=-1) -> np.sum(g, axis=-2)",
         "lambda g: np.sum(g, axis=-2)"),
        ("lambda g: np.sum(g, axis=0)", "np.sum(g, axis=0) -> np.sum(g)", "lambda g: np.sum(g)"),
        ("lambda g, a: g @ a", "g @ a -> a @ g", "lambda g, a: a @ g"),
        ("lambda g, a: np.dot(g, a)", "np.dot(g, a) -> np.dot(a, g)", "lambda g, a: np.dot(a, g)"),
        ("lambda g, x: g * (x > 0)", "x > 0 -> x >= 0", "lambda g, x: g * (x >= 0)"),
        ("lambda g, x: g if x else -g", "g if x else -g -> -g if x else g",
         "lambda g, x: -g if x else g"),
        ("lambda g, x: f(g, not x)", "f(g, not x) -> f(g, x)", "lambda g, x: f(g, x)"),
        ("lambda g, x: f(g, x and g)", "x and g -> x or g", "lambda g, x: f(g, x or g)"),
    ],
)  # fmt: skip
def test_mutants_of_a_formula(formula: str, change: str, mutated: str) -> None:
    found = {mutant.change: ast.unparse(mutant.function) for mutant in mutants(parsed(formula))}
    assert found[change] == ast.unparse(parsed(mutated))


def test_changes_are_unique_and_say_what_changes() -> None:
    found = mutants(parsed("lambda g, x: (g + 1) * (g + 1)"))
    changes = [mutant.change for mutant in found]
    assert len(set(changes)) == len(changes)
    assert "g + 1 -> g + 2" in changes
    assert "g + 1 -> g + 2 #2" in changes


PAIR = (lambda g, x: g * x, lambda g, x: g + x)  # two on one line


def test_lambdas_on_one_line_are_told_apart() -> None:
    assert [ast.unparse(source(f.__code__)) for f in PAIR] == [
        "lambda g, x: g * x",
        "lambda g, x: g + x",
    ]


def test_a_mutant_takes_the_place_of_a_function_with_its_closure() -> None:
    factor = 3.0

    def tripled(x: float, by: float = 2.0) -> float:
        """Known by its object, which stays the same."""
        return factor * x * by

    known = tripled
    found = mutants(source(tripled.__code__))
    (mutant,) = [mutant for mutant in found if mutant.change == "factor * x * by -> by"]
    with in_place(Part("tripled", (tripled,)), mutant.function):
        assert known(5.0) == 2.0
    assert known(5.0) == 30.0


@pytest.fixture(params=["x=(0,)", "x=(n, m)"], ids=["blind", "seeing"])
def square(request: Any) -> Iterator[Subject]:
    """A square with one case; if that has no entries, nothing that is wrong can be seen."""

    @ag.primitive
    def square(x: Any) -> Any:
        return x * x

    x = lambda g, x: g * x * 2.0  # noqa: E731 - declared by a function of the rules, as it were
    operation = ag.declare(square, kind=ELEMENTWISE, cases=(request.param,), x=x)
    operation.rules[0].formula = x
    parts = [Part(name, (formula,)) for formula, name in formula_names(operation).items()]
    yield Subject("square", tuple(parts), (operation,))
    del OPERATIONS[square]


def test_mutants_that_a_blind_test_misses_are_reported(square: Subject) -> None:
    left = {str(c) for c in generated_survivors(square, candidates(square))}
    wrong = "square/x: g * x -> g / x\n-lambda g, x: g * x * 2.0\n+lambda g, x: g / x * 2.0"
    assert (wrong in left) == (square.operations[0].cases == ("x=(0,)",))
    assert left or square.operations[0].cases == ("x=(n, m)",)
