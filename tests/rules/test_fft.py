"""Fourier transforms in the middle of a real computation, to second order, and their arguments."""

from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import Tensor
from autograd_lite.checking import check_gradients

FORWARD = ("fft", "ifft", "rfft", "ihfft", "fft2", "ifft2", "rfft2", "fftn", "ifftn", "rfftn")
BACKWARD = ("ifft", "fft", "irfft", "hfft", "ifft2", "fft2", "irfft2", "ifftn", "fftn", "irfftn")
X = np.random.default_rng(0).normal(size=(3, 4))


@pytest.mark.parametrize(("there", "back"), list(zip(FORWARD, BACKWARD, strict=True)))
def test_to_second_order_between_real_leaves_and_a_real_loss(there: str, back: str) -> None:
    forward, backward = getattr(np.fft, there), getattr(np.fft, back)
    check_gradients(lambda x: np.sum(np.abs(forward(x)) ** 3), X, order=2)
    check_gradients(lambda x: np.sum(np.abs(backward(forward(x) ** 2)) ** 2), X, order=2)


@pytest.mark.parametrize("name", sorted({*FORWARD, *BACKWARD}))
def test_single_precision(name: str) -> None:
    x = Tensor(X.astype(np.float32))
    y = getattr(np.fft, name)(x)
    assert y.dtype in (np.complex64, np.float32)
    np.abs(y).sum().backward()
    assert x.grad.dtype == np.float32


def test_a_filter_in_the_frequencies_is_a_convolution() -> None:
    """The loss of a circular convolution by FFT has the gradient of the direct one."""
    x, kernel = np.random.default_rng(1).normal(size=(2, 8))
    circulant = np.stack([np.roll(kernel, k) for k in range(8)], axis=1)
    by_fft = ag.grad(lambda x: np.sum(np.fft.irfft(np.fft.rfft(x) * np.fft.rfft(kernel), 8) ** 2))(
        x
    )
    assert np.allclose(by_fft, 2 * circulant.T @ (circulant @ x), rtol=1e-13, atol=1e-13)


def test_parseval() -> None:
    x = Tensor(X)
    np.sum(np.abs(np.fft.fftn(x, norm="ortho")) ** 2).backward()
    assert np.allclose(x.grad, 2 * X, rtol=1e-14, atol=1e-14)


@pytest.mark.parametrize("name", ["fft", "ifft", "rfft", "irfft", "hfft", "ihfft"])
@pytest.mark.parametrize(
    "options", [{"n": 0}, {"axis": 2}, {"axis": -3}, {"norm": "unitary"}, {"n": 2.5}]
)
def test_arguments_that_numpy_refuses(name: str, options: dict[str, Any]) -> None:
    transform = getattr(np.fft, name)
    with pytest.raises(Exception) as expected:  # noqa: PT011 - which one, NumPy says
        transform(X, **options)
    with pytest.raises(expected.type):
        transform(Tensor(X), **options)


def test_complex_numbers_where_numpy_takes_real_ones() -> None:
    with pytest.raises(TypeError):
        np.fft.rfft(Tensor(X + 1j))


def test_shapes_given_without_axes_are_deprecated_as_in_numpy() -> None:
    with pytest.warns(DeprecationWarning, match="`axes` should not be `None`"):
        y = np.fft.fftn(Tensor(X), s=(2,))
    np.abs(y).sum().backward()


def test_transform_of_no_axes() -> None:
    x = Tensor(X)
    np.fft.fftn(x, axes=()).sum().backward()
    assert np.array_equal(x.grad, np.ones_like(X))


def test_frequencies_are_plain_arrays() -> None:
    assert type(np.fft.fftfreq(4)) is np.ndarray
    spectrum = np.fft.fft(Tensor(X)) * np.fft.fftfreq(4)
    assert spectrum.requires_grad
