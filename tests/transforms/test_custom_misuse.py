"""`custom_rule` and `declare`: every misuse is an error that names the rule and its line."""
# ruff: noqa: ARG001, ARG005 - rules are called with what they may not need

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import RuleError, Tensor
from autograd_lite.core.operation import OPERATIONS

X = np.array([0.3, -0.7, 1.1])
ROWS = np.stack([X, 2 * X])


@pytest.fixture(autouse=True)
def undeclare() -> Iterator[None]:
    before = dict(OPERATIONS)
    yield
    OPERATIONS.clear()
    OPERATIONS.update(before)


def declared(backward: Any, function: Any = None) -> Any:
    def doubled(x: Any) -> Any:
        return 2 * x, x

    f = ag.custom_rule(function or doubled)
    f.backward(backward)
    return f


def in_place(saved: Any, g: Any) -> Any:
    g *= 2
    return g


def saved_in_place(saved: Any, g: Any) -> Any:
    saved[:] = 0.0
    return g


def failing(saved: Any, g: Any) -> Any:
    raise KeyError("no such thing")


MISUSES: dict[str, tuple[Any, str]] = {
    "wrong shape": (lambda saved, g: g[:2], r"(array|Tensor) \(2,\) float64 as the gradient of x"),
    "extra axis": (
        lambda saved, g: g[None],
        r"(array|Tensor) \(1, 3\) float64 as the gradient of x",
    ),
    "a number": (lambda saved, g: 2.0, "returned 2.0 as the gradient of x"),
    "sum": (lambda saved, g: np.sum(g), r"returned \w+ \(\) float64 as the gradient of x"),
    "None": (lambda saved, g: None, "returned None as the gradient of x"),
    "integers": (lambda saved, g: np.ones(3, int), r"array \(3,\) int64"),
    "truth values": (lambda saved, g: g > 0, r"array \(3,\) bool"),
    "complex": (lambda saved, g: g * 1j, r"(array|Tensor) \(3,\) complex128"),
    "a list": (lambda saved, g: [1.0, 2.0, 3.0], r"returned \[1.0, 2.0, 3.0\]"),
    "two": (lambda saved, g: (g, g), r"returned \((array|Tensor) .*as the gradient of x"),
    "changed gradient": (in_place, "raised ValueError|changed its incoming gradient"),
    "changed saved": (saved_in_place, "read-only"),
    "an error": (failing, "raised KeyError: 'no such thing'"),
}


@pytest.mark.parametrize(("rule", "text"), MISUSES.values(), ids=MISUSES)
@pytest.mark.parametrize("order", [1, 2, "jvp"])
def test_misuse_names_the_rule_and_its_line(rule: Any, text: str, order: Any) -> None:
    """Also where the gradient comes as a Tensor, to which could be assigned."""
    f = declared(rule)
    if order != 1 and text == "read-only":
        return  # a Tensor may be assigned to; nobody else has it
    gradient = ag.grad(lambda x: np.sum(f(x) ** 2))
    transforms = {
        1: gradient,
        2: ag.grad(lambda x: np.sum(gradient(x) ** 2)),
        "jvp": lambda x: ag.jvp(f, (x,), (x,)),
    }
    with pytest.raises(RuleError, match=text) as caught:
        transforms[order](X)
    first = rule.__code__.co_firstlineno
    places = re.findall(r"rule:    .*test_custom_misuse.py, line (\d+): (.*)", str(caught.value))
    assert first <= int(places[0][0]) <= first + 2
    assert "doubled" in str(caught.value)
    assert "remedy: " in str(caught.value)


def test_the_line_that_raised_is_named() -> None:
    with pytest.raises(RuleError, match=r"""rule: .*: raise KeyError\("no such thing"\)"""):
        ag.grad(lambda x: np.sum(declared(failing)(x)))(X)


def test_misuse_of_several_arguments() -> None:
    for returned, text in [
        (lambda g: g, "where a tuple of 2 gradients"),
        (lambda g: [g, g], "where a tuple of 2 gradients"),
        (lambda g: (g,), "where a tuple of 2 gradients"),
        (lambda g: ({"b": g[0]}, None), r"None as the gradient of p.W\[0\]"),
    ]:
        f = declared(lambda saved, g, r=returned: r(g), lambda p, n: (p["W"][0] * n, None))
        with pytest.raises(RuleError, match=text):
            ag.grad(lambda p, f=f: np.sum(f(p, 2)))({"W": [X]})


FUNCTIONS: dict[str, tuple[Any, str]] = {
    "no pair": (lambda x: x * 2, "where a pair is due"),
    "a list": (lambda x: [x, x], "where a pair is due"),
    "whole numbers": (lambda x: (np.arange(3), None), "arrays of floats are due"),
    "text": (lambda x: ("text", None), "arrays of floats are due"),
    "None": (lambda x: (None, None), "arrays of floats are due"),
    "a Tensor from outside": (lambda x: (x * Tensor(X), None), "none of its arguments"),
}


@pytest.mark.parametrize(("function", "text"), FUNCTIONS.values(), ids=FUNCTIONS)
def test_misuse_of_the_function(function: Any, text: str) -> None:
    f = declared(lambda saved, g: g, function)
    with pytest.raises(RuleError, match=text) as caught:
        ag.grad(lambda x: np.sum(f(x)))(X)
    assert "test_custom_misuse.py" in str(caught.value)


def test_no_gradient_and_keywords() -> None:
    f = ag.custom_rule(lambda x: (x, None))
    with pytest.raises(RuleError, match="has no gradient"):
        ag.grad(lambda x: np.sum(f(x)))(X)
    with pytest.raises(RuleError, match="by the keyword x"):
        ag.grad(lambda w: np.sum(f(x=w)))(X)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (lambda saved, t: t[:2], r"returned array \(2,\) float64, where a tangent"),
        (lambda saved, t: None, "returned None, where a tangent"),
        (lambda saved, t: np.ones(3, int), "where a tangent"),
        (lambda saved, t: t.undefined, "raised AttributeError"),
    ],
)
def test_misuse_of_tangents(rule: Any, text: str) -> None:
    f = declared(lambda saved, g: g)
    f.tangent(rule)
    with pytest.raises(RuleError, match=text) as caught:
        ag.jvp(f, (X,), (X,))
    assert "test_custom_misuse.py" in str(caught.value)


@pytest.mark.parametrize("form", [lambda axes, x: x[0], lambda axes, x: 2.0, lambda axes, x: None])
def test_misuse_of_batches(form: Any) -> None:
    f = declared(lambda saved, g: g)
    f.batched(form)
    with pytest.raises(
        RuleError, match=r"2 members along the first axis|arrays of floats"
    ) as error:
        ag.vmap(f)(ROWS)
    assert "test_custom_misuse.py" in str(error.value)


@pytest.mark.parametrize("kind", [ag.ELEMENTWISE, ag.GENERAL])
@pytest.mark.parametrize("wrong", [lambda t: t[:2], lambda t: None, lambda t: np.ones(3, int)])
def test_misuse_of_declared_forms(kind: Any, wrong: Any) -> None:
    @ag.primitive
    def f(x: Any) -> Any:
        return 2 * x

    ag.declare(f, kind=kind, x=lambda g: 2 * g, tangents={"x": wrong}, batched=lambda a, x: x[0])
    with pytest.raises(RuleError, match=r"rule of f for operand 'x' returned(.|\n)*rule:    /"):
        ag.jvp(f, (X,), (X,))
    with pytest.raises(RuleError, match=r"2 members along the first axis are due(.|\n)*rule:    /"):
        ag.vmap(f)(ROWS)


def test_names_of_declared_forms() -> None:
    @ag.primitive
    def f(x: Any) -> Any:
        return x

    for tangents, error in [
        ({"z": lambda t: t}, NameError),
        ({"x": lambda t, z: t}, NameError),
        ({"x": lambda g: g}, TypeError),
    ]:
        with pytest.raises(error):
            ag.declare(f, x=lambda g: g, tangents=tangents)


def test_a_declared_rule_that_changes_a_tensor() -> None:
    @ag.primitive
    def f(x: Any) -> Any:
        return 2 * x

    ag.declare(f, x=in_place_rule)
    gradient = ag.grad(lambda x: np.sum(f(x) * x))
    for transform in (gradient, ag.grad(lambda x: np.sum(gradient(x) ** 2))):
        with pytest.raises(RuleError, match=r"changed its incoming|read-only") as caught:
            transform(X)
        assert "test_custom_misuse.py, line" in str(caught.value)


def in_place_rule(g: Any) -> Any:
    g *= 2
    return g
