"""What the transforms say of calls that cannot be right: by the names that the user has used."""

from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from tests.core.error_cases import Case, case, check

X, Z, WHOLE = np.ones(3), np.ones(3) * 1j, np.arange(3)


def doubled(x: Any) -> Any:
    return 2 * x


def summed(x: Any) -> Any:
    return np.sum(x)


def nothing(*_: Any) -> None:
    return None


def text(*_: Any) -> str:
    return "text"


def of_tree(tree: Any) -> Any:
    return tree["W"] * 2


pushforward, pullback = ag.linearize(doubled, X)[1], ag.vjp(doubled, X)[1]
TREE = {"W": X, "name": "layer"}
NO_ARRAY = "returned None, where arrays are due"
NO_FLOATS = r"{}: argument 0 is array \(3,\) int64, which cannot be differentiated"

RESULTS = [
    case("jvp", lambda: ag.jvp(nothing, (X,), (X,)), TypeError, f"nothing {NO_ARRAY}"),
    case("jvp of text", lambda: ag.jvp(text, (X,), (X,)), TypeError, "text returned 'text', where"),
    case("jvp of one of two", lambda: ag.jvp(nothing, (X, X), (X, None)), TypeError, NO_ARRAY),
    case("jvp in a tree", lambda: ag.jvp(lambda x: [x, None], (X,), (X,)), TypeError, NO_ARRAY),
    case("vjp", lambda: ag.vjp(nothing, X), TypeError, f"nothing {NO_ARRAY}"),
    case("vjp of an array of text", lambda: ag.vjp(lambda _: np.array("a"), X), TypeError, "<U1"),
    case("linearize", lambda: ag.linearize(nothing, X), TypeError, f"nothing {NO_ARRAY}"),
    case("jacobian", lambda: ag.jacobian(nothing)(X), TypeError, f"nothing {NO_ARRAY}"),
    case("jacobian, forward", lambda: ag.jacobian(nothing, mode="forward")(X), TypeError,
         f"nothing {NO_ARRAY}"),
    case("hessian", lambda: ag.hessian(doubled)(X), ValueError,
         r"doubled returned a result of shape \(3,\), and hessian needs one number"),
    case("hvp", lambda: ag.hvp(doubled, (X,), (X,)), ValueError, "and hvp needs one number"),
    case("value_and_grad", lambda: ag.value_and_grad(doubled)(X), ValueError,
         "and value_and_grad needs one number"),
    case("elementwise_grad", lambda: ag.elementwise_grad(nothing)(X), TypeError,
         f"nothing {NO_ARRAY}"),
    case("jacobian with aux", lambda: ag.jacobian(summed, has_aux=True)(X), TypeError,
         "summed returned Tensor .*has_aux=True asks for a pair"),
]  # fmt: skip

ARGUMENTS = [
    case("jvp", lambda: ag.jvp(doubled, (WHOLE,), (X,)), TypeError, NO_FLOATS.format("jvp")),
    case("vjp", lambda: ag.vjp(doubled, WHOLE), TypeError, NO_FLOATS.format("vjp")),
    case("linearize", lambda: ag.linearize(doubled, WHOLE), TypeError,
         NO_FLOATS.format("linearize")),
    case("jacobian", lambda: ag.jacobian(doubled)(WHOLE), TypeError, NO_FLOATS.format("jacobian")),
    case("hessian", lambda: ag.hessian(summed)(WHOLE), TypeError, NO_FLOATS.format("hessian")),
    case("hvp", lambda: ag.hvp(summed, (WHOLE,), (X,)), TypeError, NO_FLOATS.format("hvp")),
    case("elementwise_grad", lambda: ag.elementwise_grad(doubled)(WHOLE), TypeError,
         NO_FLOATS.format("elementwise_grad")),
    case("vjp of nothing", lambda: ag.vjp(doubled), TypeError,
         "vjp of doubled was given no argument", r"vjp\(f, x\)"),
    case("jvp of a list", lambda: ag.jvp(doubled, [X], [X]), TypeError,  # type: ignore[arg-type]
         "jvp of doubled was given args", r"jvp\(f, \(x,\), \(t,\)\)"),
    case("hvp of an array", lambda: ag.hvp(summed, X, X), TypeError,  # type: ignore[arg-type]
         "hvp of summed was given args", r"hvp\(f, \(x,\), \(t,\)\)"),
    case("hvp of too many", lambda: ag.hvp(summed, (X,), (X, X)), TypeError,
         "hvp of summed was given args"),
]  # fmt: skip

TANGENTS = [
    case("none", lambda: ag.jvp(doubled, (X,), (None,)), TypeError,
         "jvp of doubled was given no tangent"),
    case("none for hvp", lambda: ag.hvp(summed, (X,), (None,)), TypeError,
         "hvp of summed was given no tangent"),
    case("shape", lambda: ag.jvp(doubled, (X,), (np.ones(2),)), ValueError,
         r"jvp of doubled: a tangent array \(2,\) float64 was given for argument 0, array \(3,\)"),
    case("shape for hvp", lambda: ag.hvp(summed, (X,), (np.ones(2),)), ValueError,
         "hvp of summed: a tangent"),
    case("shape for the pushforward", lambda: pushforward(np.ones(2)), ValueError,
         "the pushforward of doubled: a tangent"),
    case("shape in a tree", lambda: ag.jvp(of_tree, (TREE,), ({"W": np.ones(2)},)), ValueError,
         "was given for W in argument 0"),
    case("other leaves", lambda: ag.jvp(of_tree, (TREE,), ({"W": X, "b": X},)), ValueError,
         "jvp of of_tree: the tangent of argument 0 has other leaves: b is not there"),
    case("no leaf", lambda: ag.jvp(of_tree, (TREE,), ({"V": X},)), ValueError, "W is missing"),
    case("text", lambda: ag.jvp(doubled, (1.0,), ("a",)), TypeError, "a tangent 'a' was given"),
    case("a dict", lambda: ag.jvp(doubled, (1.0,), ({},)), TypeError, "a tangent {} was given"),
    case("two to the pushforward", lambda: pushforward(X, X), TypeError,
         "the pushforward of doubled was given 2 tangents, for 1 arguments"),
]  # fmt: skip

REAL = "give real tangents for real arguments"
LOST = [
    case("jvp", lambda: ag.jvp(doubled, (X,), (Z,)), TypeError,
         r"jvp of doubled: a tangent array \(3,\) complex128 was given for argument 0", REAL),
    case("jvp of a number", lambda: ag.jvp(doubled, (1.0,), (1j,)), TypeError, REAL),
    case("jvp in a tree", lambda: ag.jvp(of_tree, (TREE,), ({"W": Z},)), TypeError,
         "W in argument 0", REAL),
    case("linearize", lambda: pushforward(Z), TypeError, "the pushforward of doubled", REAL),
    case("hvp", lambda: ag.hvp(summed, (X,), (Z,)), TypeError, "hvp of summed", REAL),
    case("vjp", lambda: pullback(Z), TypeError,
         r"the pullback of doubled was given array \(3,\) complex128, for a result array \(3,\) fl",
         "imaginary part would be lost"),
    case("vjp of a tree", lambda: ag.vjp(lambda x: {"y": x}, X)[1]({"y": Z}), TypeError, "at y"),
    case("vmap of jvp", lambda: ag.vmap(lambda t: ag.jvp(doubled, (1.0,), (t,)))(Z), TypeError,
         REAL),
]  # fmt: skip

PLAIN = [
    case("array", lambda: ag.jvp(lambda x: np.array([x[0], x[1]]), (X,), (X,)), TypeError,
         r"a value of forward mode \(jvp\) of shape \(\) cannot become a plain array"),
    case("number", lambda: ag.jvp(lambda x: float(x[0]), (X,), (X,)), TypeError,
         r"a value of forward mode \(jvp\) cannot become a plain number"),
    case("array in grad", lambda: ag.grad(lambda x: np.array([x[0], x[1]]))(X), TypeError,
         "a Tensor of shape"),
]  # fmt: skip


@pytest.mark.parametrize("row", RESULTS)
def test_results_without_a_derivative(row: Case) -> None:
    check(row)


@pytest.mark.parametrize("row", ARGUMENTS)
def test_arguments_that_cannot_be_differentiated(row: Case) -> None:
    check(row)


@pytest.mark.parametrize("row", TANGENTS)
def test_tangents_that_do_not_fit(row: Case) -> None:
    check(row)


@pytest.mark.parametrize("row", LOST)
def test_imaginary_parts_are_not_lost(row: Case) -> None:
    check(row)


@pytest.mark.parametrize("row", PLAIN)
def test_what_would_lose_its_derivative(row: Case) -> None:
    check(row)


def test_what_does_not_change_may_be_none_anywhere() -> None:
    tree = {"a": X, "b": 2 * X}
    _, t = ag.jvp(lambda tree: tree["a"] * tree["b"], (tree,), ({"a": None, "b": X},))
    assert t.tolist() == X.tolist()
    _, push = ag.linearize(lambda a, b: a * b, X, 2 * X)
    assert push(None, X).tolist() == X.tolist()
    assert push(X, None).tolist() == (2 * X).tolist()
    assert ag.linearize(lambda _: 3, X)[1](X) == 0.0
