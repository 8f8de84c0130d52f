"""Complex numbers: in the middle of a real computation, as leaves, and where they are refused."""

from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import Tensor
from autograd_lite.checking import check_gradients
from autograd_lite.core.errors import NotDifferentiableError

Z = np.array([1 + 2j, -0.5 + 0.25j, 3j])
X = np.array([0.5, -1.5, 2.0])


@ag.primitive
def length(z: Any) -> Any:
    return np.abs(z)


ag.declare(length, z=lambda g, z: g * np.sign(z))


@ag.primitive
def upper_half(z: Any) -> Any:
    return np.where(np.imag(z) < 0, np.conjugate(z), z)


ag.declare(upper_half, complex_operands=False, z=lambda g: g)


def gradient(f: Any, *points: Any) -> list[Any]:
    leaves = [Tensor(point) for point in points]
    f(*leaves).backward()
    return [leaf.grad for leaf in leaves]


def test_the_gradient_of_a_complex_leaf_descends() -> None:
    """dL/dx + i dL/dy, as in PyTorch."""
    (found,) = gradient(lambda z: np.sum(np.abs(z) ** 2), Z)
    assert found.dtype == np.complex128
    assert np.allclose(found, 2 * Z, rtol=1e-14, atol=0)
    (found,) = gradient(lambda z: np.sum(np.real(z * z)), Z)
    assert np.allclose(found, 2 * Z.conj(), rtol=1e-14, atol=0)


def test_a_real_leaf_has_a_real_gradient_through_complex_numbers() -> None:
    (found,) = gradient(lambda x: np.sum(np.real(np.exp(1j * x))), X)
    assert found.dtype == np.float64
    assert np.allclose(found, -np.sin(X), rtol=1e-14, atol=0)


def test_single_precision_stays_with_complex_numbers_in_the_middle() -> None:
    x = Tensor(X.astype(np.float32))
    middle = 1j * x
    assert middle.dtype == np.complex64
    np.abs(middle + 1).sum().backward()
    assert x.grad.dtype == np.float32
    assert np.allclose(x.grad, X / np.hypot(1, X), rtol=1e-6)


@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.abs(np.exp(1j * x) + x),
        lambda x: np.angle(np.sqrt(x + 2j)),
        lambda x: np.var(x * (1 + 1j * x)),
        lambda x: abs((2 - 1j) ** x / (x - 3j)),
        lambda x: (x.astype(complex) @ (1j * x + 1)).imag,
        lambda x: np.log(x + 0j).real,
        lambda x: x + np.array([1j, 2.0, 3.0]),
        lambda x: np.where(x > 0, x * 1j, 2.0).sum(),
        lambda x: np.concatenate([x, 1j * x])[[1, 4]],
        lambda x: np.sum(x, dtype=complex) ** 2,
    ],
)
def test_both_derivatives_with_complex_numbers_in_the_middle(f: Any) -> None:
    check_gradients(f, X, order=2)


@pytest.mark.parametrize(
    "f",
    [
        lambda z: z * np.conj(z),
        lambda z: np.sign(z),
        lambda z: z.real * z,
        lambda z: np.einsum("i,i", z, z.conj()),
        lambda z: np.std(z),
        lambda z: np.linspace(0, 1, 3) ** z[0],
        lambda z: (-1.5 - X**2) ** z,
        lambda z: z.astype(complex).sum(),
    ],
)
def test_derivatives_at_complex_numbers(f: Any) -> None:
    check_gradients(f, Z, order=2)


def test_the_branch_not_taken_stays_structurally_zero() -> None:
    z = Tensor(np.array([0j, 4 + 0j]))
    with np.errstate(all="ignore"):
        np.abs(np.where(z.data != 0, np.sqrt(z), 0)).sum().backward()
    assert np.array_equal(z.grad, [0, 0.25])


def test_making_complex_numbers_real_by_astype_keeps_the_real_part() -> None:
    z = Tensor(Z)
    with pytest.warns(np.exceptions.ComplexWarning):
        real = z.astype(float)
    (real * X).sum().backward()
    assert np.array_equal(z.grad, X.astype(complex))


def test_a_real_result_is_refused_unless_the_rule_is_for_complex_operands() -> None:
    assert length(Tensor(X)).requires_grad
    with pytest.raises(NotDifferentiableError, match=r"length of complex numbers(.|\n)*True"):
        length(Tensor(Z))
    with pytest.warns(np.exceptions.ComplexWarning), pytest.raises(NotDifferentiableError):
        np.prod(Tensor(Z), dtype=float)


def test_a_rule_for_real_operands_only_refuses_complex_ones() -> None:
    assert upper_half(Tensor(X)).requires_grad
    with pytest.raises(NotDifferentiableError, match="upper_half of complex numbers"):
        upper_half(Tensor(Z))
    with pytest.raises(NotDifferentiableError, match="upper_half of complex numbers"):
        upper_half(z=Tensor(Z))


def test_what_is_not_recorded() -> None:
    constant = Tensor(Z, requires_grad=False)
    assert not (constant * 2).requires_grad
    with ag.no_grad():
        assert not (Tensor(X) * 1j).requires_grad
    assert np.array_equal(np.iscomplex(Tensor(Z)), [True, True, True])
    assert np.iscomplexobj(Tensor(Z))
    assert complex(Tensor(Z)[0]) == Tensor(Z)[0].item() == 1 + 2j


def test_gradients_given_to_complex_tensors() -> None:
    z = Tensor(Z)
    (z * 2j).backward(np.ones(3))
    assert np.array_equal(z.grad, [-2j, -2j, -2j])
    z.grad = np.ones(3)
    assert z.grad.dtype == np.complex128


def test_grad_of_a_complex_argument_and_of_a_complex_result() -> None:
    assert np.allclose(ag.grad(lambda z: np.abs(z) ** 2)(1 + 2j), 2 + 4j, rtol=1e-14, atol=0)
    with pytest.raises(TypeError, match=r"one real number is due(.|\n)*np.abs"):
        ag.grad(lambda z: z * z)(1 + 2j)
