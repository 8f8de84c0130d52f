"""Rules of the user's own: `primitive`, `defvjp`, `defjvp` and their kin; vector spaces."""

from typing import Any

import numpy as plain
import pytest

import autograd_lite as ag
import autograd_lite.compat.autograd.numpy as np
from autograd_lite.compat.autograd import elementwise_grad, grad, jacobian, make_jvp, make_vjp
from autograd_lite.compat.autograd.extend import (
    JVPNode,
    SparseObject,
    VJPNode,
    VSpace,
    def_linear,
    defjvp,
    defjvp_argnums,
    defvjp,
    defvjp_argnum,
    defvjp_argnums,
    notrace_primitive,
    primitive,
    register_notrace,
    vspace,
)
from autograd_lite.compat.autograd.misc.fixed_points import fixed_point
from autograd_lite.compat.autograd.numpy.numpy_vjps import (
    match_complex,
    repeat_to_match_shape,
    unbroadcast_f,
)
from autograd_lite.compat.autograd.primitives import MADE
from autograd_lite.compat.autograd.test_util import check_grads, check_jvp, check_vjp, combo_check
from autograd_lite.core.errors import RuleError
from autograd_lite.core.trace import HANDLERS

X = plain.array([0.5, -1.5, 2.0])


@primitive
def logsumexp(x: Any) -> Any:
    """The example of autograd's tutorial, with a rule for each mode."""
    top = plain.max(x)
    return top + plain.log(plain.sum(plain.exp(x - top)))


defvjp(logsumexp, lambda ans, x: lambda g: g * np.exp(x - ans))
defjvp(logsumexp, lambda g, ans, x: np.sum(g * np.exp(x - ans)))


@primitive
def scaled(x: Any, power: int, scale: Any = 1.0) -> Any:
    return scale * x**power


defvjp(
    scaled,
    lambda ans, x, power, scale=1.0: unbroadcast_f(
        x, lambda g: g * scale * power * x ** (power - 1)
    ),
    None,
    lambda ans, x, power, scale=1.0: unbroadcast_f(scale, lambda g: g * x**power),
)


def test_rules_by_autograd_lite() -> None:
    """The engine's own checks know nothing of these rules."""
    ag.check_gradients(logsumexp, X)
    ag.check_gradients(lambda x, s: scaled(x, 3, s), X, plain.array(2.0))
    assert logsumexp(X) == logsumexp.fun(X)
    assert logsumexp.__doc__.startswith("The example")


def test_both_modes() -> None:
    check_grads(logsumexp)(X)
    check_grads(lambda x, s: scaled(x, 3, s), (0, 1))(X, 2.0)
    check_grads(lambda x: scaled(x, 2, 3.0), modes=["rev"], order=3)(X)
    hessian = jacobian(jacobian(logsumexp))(X)
    p = plain.exp(X - logsumexp(X))
    plain.testing.assert_allclose(hessian, plain.diag(p) - plain.outer(p, p))
    w = ag.Tensor(X)
    logsumexp(w).backward()
    plain.testing.assert_allclose(w.grad, p)


def wrong(mode: str) -> Any:
    """A primitive with a wrong rule for one mode."""

    @primitive
    def cube(x: Any) -> Any:
        return x**3

    defvjp(cube, lambda ans, x: lambda g: g * x**2 * (2.0 if mode == "rev" else 3.0))
    defjvp(cube, lambda g, ans, x: g * x**2 * (2.0 if mode == "fwd" else 3.0))
    return cube


@pytest.mark.parametrize("mode", ["fwd", "rev"])
def test_wrong_rules_are_found(mode: str) -> None:
    other = {"fwd": "rev", "rev": "fwd"}[mode]
    with pytest.raises(AssertionError):
        check_grads(wrong(mode), modes=[mode], order=1)(2.0)
    check_grads(wrong(mode), modes=[other], order=1)(2.0)
    with pytest.raises(AssertionError):
        (check_jvp if mode == "fwd" else check_vjp)(wrong(mode), X)
    with pytest.raises(AssertionError):
        combo_check(wrong(mode))([1.0, 2.0])
    combo_check(logsumexp, modes=["fwd", "rev"])([X, X + 1])


def test_rules_for_any_argument() -> None:
    @primitive
    def total(*args: Any) -> Any:
        return sum(n * x for n, x in enumerate(args, 1))

    defvjp_argnum(total, lambda argnum, ans, args, kwargs: lambda g: g * (argnum + 1))
    check_grads(total, (0, 2))(X, X, X)

    @primitive
    def product(a: Any, b: Any) -> Any:
        return a * b

    defvjp_argnums(product, lambda argnums, ans, args, kwargs: lambda g: [
        g * args[1 - n] for n in argnums
    ])  # fmt: skip
    defjvp_argnums(product, lambda argnums, gs, ans, args, kwargs: sum(
        g * args[1 - n] for n, g in zip(argnums, gs, strict=True)
    ))  # fmt: skip
    check_grads(product, (0, 1))(X, X + 1)
    assert grad(lambda x: np.sum(product(x, x)))(X).tolist() == (2 * X).tolist()
    def_linear(product)
    check_grads(product, (0, 1))(X, X + 1)

    @primitive
    def third(a: Any, b: Any, x: Any) -> Any:
        return a + b + x**2

    defvjp(third, lambda ans, a, b, x: lambda g: 2 * g * x, argnums=[2])
    check_grads(lambda x: third(1, 2, x))(X)
    with pytest.raises(NotImplementedError, match="VJP of third wrt argnum 0 not defined"):
        elementwise_grad(third)(1.0, 2.0, 3.0)


def test_same_and_none() -> None:
    @primitive
    def rows(x: Any, n: Any) -> Any:
        return x * (1.0 + 0 * n)

    defvjp(rows, lambda ans, x, n: lambda g: g, None)
    defjvp(rows, "same", None)
    check_grads(rows, (0, 1))(X, X)


def test_containers() -> None:
    @primitive
    def combine(params: Any, scale: Any) -> Any:
        assert type(params["x"]) is plain.ndarray
        return {"sum": scale * (params["x"] + params["ys"][0]), "count": 2, "pair": (params["x"],)}

    def of_params(ans: Any, params: Any, scale: Any) -> Any:
        assert ans["count"] == 2
        return lambda g: {
            "ys": [scale * g["sum"], 0.0 * params["ys"][1]],
            "x": scale * g["sum"] + g["pair"][0],
        }

    defvjp(combine, of_params, lambda ans, params, scale: lambda g: np.sum(g["sum"] * (
        params["x"] + params["ys"][0]
    )))  # fmt: skip
    defjvp(
        combine,
        lambda t, ans, params, scale: {
            "pair": (t["x"],), "count": 0, "sum": scale * (t["x"] + t["ys"][0]),
        },
        lambda t, ans, params, scale: {
            "pair": (0 * params["x"],), "count": 0, "sum": t * (params["x"] + params["ys"][0]),
        },
    )  # fmt: skip

    def f(x: Any, y: Any, scale: Any) -> Any:
        found = combine({"x": x, "ys": [y, plain.ones(3)]}, scale)
        assert found["count"] == 2
        return np.sum(found["sum"] ** 2 * found["pair"][0])

    check_grads(f, (0, 1, 2), modes=["rev"])(X, X + 1, 2.0)
    check_grads(f, (0, 1), modes=["fwd"], order=1)(X, X + 1, 2.0)


def test_sparse_gradients() -> None:
    @primitive
    def take(x: Any, n: int) -> Any:
        return x[n]

    def vjp(ans: Any, x: Any, n: int) -> Any:
        space = vspace(x)

        def add(to: Any, g: Any) -> Any:
            to[n] = to[n] + g
            return to

        return lambda g: SparseObject(space, lambda to: add(to, g))

    defvjp(take, vjp)
    check_grads(lambda x: take(x, 1) ** 2 * take(x, 0))(X)
    assert vspace(SparseObject(vspace(X), None)) == vspace(X)


def test_complex_rules() -> None:
    """Rules follow the convention of autograd: g f'(z) for holomorphic f, dx - i dy for real f."""

    @primitive
    def square(z: Any) -> Any:
        return z * z

    @primitive
    def size(z: Any) -> Any:
        return plain.abs(z) ** 2

    defvjp(square, lambda ans, z: lambda g: g * 2 * z)
    defvjp(size, lambda ans, z: lambda g: g * 2 * np.conj(z))
    z = plain.array([1 + 2j, 0.5 - 1j])
    for own, numpys in ((square, np.square), (size, lambda z: np.abs(z) ** 2)):
        vjp, y = make_vjp(own)(z)
        expected, _ = make_vjp(numpys)(z)
        g = y * (1 - 2j) if y.dtype.kind == "c" else y
        plain.testing.assert_allclose(vjp(g), expected(g))
        check_grads(own)(z)


def test_errors() -> None:
    @primitive
    def nothing(x: Any, scale: Any = 1.0) -> Any:
        return x * scale

    with pytest.raises(NotImplementedError, match="VJP of nothing is not defined"):
        grad(nothing)(1.0)
    defvjp(nothing, lambda ans, x, scale=1.0: lambda g: plain.ones(7))
    with pytest.raises(RuleError, match="nothing"):
        grad(nothing)(1.0)
    with pytest.raises(TypeError, match="give it by position"):
        grad(lambda s: nothing(s, scale=s))(2.0)
    assert grad(lambda s: nothing(3.0, scale=s))(2.0) == 3  # records itself
    assert nothing(2.0, scale=3.0) == 6
    with ag.no_grad():
        assert nothing(ag.Tensor(2.0).detach(), 3.0) == 6


def test_rules_for_functions_of_numpy() -> None:
    """A gradient that goes straight through a step, as networks of bits have."""
    handlers = dict(HANDLERS)
    try:
        defvjp(np.sign, lambda ans, x: lambda g: g)
        assert grad(lambda x: np.sum(np.sign(x) * X))(X).tolist() == X.tolist()
        assert make_jvp(plain.sign)(X)(X)[1].tolist() == X.tolist()
        assert np.sign(X).tolist() == [1, -1, 1]
    finally:
        HANDLERS.clear()
        HANDLERS.update(handlers)
        MADE.clear()
    doubled = primitive(plain.sin)
    defvjp(doubled, lambda ans, x: lambda g: 2 * g * np.cos(x))
    assert grad(doubled)(0.0) == 2
    assert grad(np.sin)(0.0) == 1
    for known in (np.sin, np.mean, np.vstack):
        with pytest.raises(TypeError, match="has derivatives already"):
            defvjp(known, None)


def test_no_trace() -> None:
    @notrace_primitive
    def show(x: Any) -> Any:
        assert type(x) is plain.ndarray
        return x.tolist()

    assert grad(lambda x: np.sum(x) * len(show(x)))(X).tolist() == [3, 3, 3]

    @primitive
    def steps(x: Any) -> Any:
        return plain.floor(x)

    for node in (VJPNode, JVPNode):
        register_notrace(node, steps)
    assert elementwise_grad(steps)(X).tolist() == [0, 0, 0]
    assert make_jvp(steps)(X)(X)[1].tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    "value",
    [1.0, 1j, plain.ones((2, 3)), plain.ones(2) * 1j, [1.0, plain.ones(2)],
     {"a": (1.0, 2j), "b": plain.ones(3)}],
    ids=str,
)  # fmt: skip
def test_vector_spaces(value: Any) -> None:
    space = vspace(value)
    basis = list(space.standard_basis())
    assert len(basis) == space.size
    gram = [[space.inner_prod(a, b) for a in basis] for b in basis]
    assert plain.array_equal(gram, plain.eye(space.size))
    x, y = space.randn(), space.randn()
    assert vspace(x) == space
    assert plain.isclose(space.inner_prod(space.add(x, y), x),
                         space.inner_prod(x, x) + space.inner_prod(y, x))  # fmt: skip
    assert plain.isclose(space.inner_prod(space.scalar_mul(x, 3.0), y), 3 * space.inner_prod(x, y))
    assert space.inner_prod(space.mut_add(None, space.zeros()), x) == 0
    assert space.inner_prod(space.ones(), space.ones()) == space.size
    assert repr(space)
    assert vspace(space.covector(x)) == space
    assert space != vspace(plain.ones(77))


def test_a_space_of_ones_own() -> None:
    class Pair:
        pass

    class PairSpace(VSpace):
        def zeros(self) -> Any:
            return 0

    PairSpace.register(Pair)
    assert vspace(Pair()) == PairSpace(None)
    assert vspace(Pair()).mut_add(None, 2) == 2
    with pytest.raises(TypeError, match="no vector space is known for 'text'"):
        vspace("text")


def test_fixed_point() -> None:
    """The square root by Newton's method."""

    def newton(a: Any) -> Any:
        return lambda x: (x + a / x) / 2

    def root(a: Any, start: Any) -> Any:
        return fixed_point(newton, a, start, lambda x, y: np.max(np.abs(x - y)), 1e-12)

    assert plain.isclose(grad(root)(2.0, 1.0), 0.5 / 2**0.5)
    assert plain.isclose(grad(grad(root))(2.0, 1.0), -0.25 / 2**1.5)
    assert grad(root, 1)(2.0, 1.0) == 0


def test_small_rules() -> None:
    assert match_complex(1.0, 2j) == 0
    assert np.iscomplexobj(match_complex(1j, 2.0))
    for axis in (None, 1, (0, 1), -1):
        for keepdims in (False, True):
            total = plain.sum(plain.ones((2, 3)), axis, keepdims=keepdims)
            g, times = repeat_to_match_shape(total, (2, 3), float, axis, keepdims)
            assert plain.array_equal(g, plain.full((2, 3), times))
