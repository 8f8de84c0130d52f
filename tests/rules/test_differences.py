"""Differences, interpolation and convolution: conventions, and calls that the cases leave out."""

from typing import Any

import numpy as np
import pytest

import autograd_lite as ag

from .slopes import slopes

X = np.array([0.0, 1.0, 3.0, 4.0])
F = np.array([1.0, 3.0, 2.0, 0.0])


def test_interp_at_the_knots_and_beyond_them() -> None:
    x = [-1.0, 0.0, 1.0, 2.0, 4.0, 5.0]
    found = slopes(lambda x: np.interp(x, X, F), x)[0]
    assert found == [0.0, 2.0, -0.5, -0.5, -2.0, 0.0]
    at_knots = slopes(lambda fp: np.interp(X, X, fp), F)[0]
    assert at_knots == [1.0, 1.0, 1.0, 1.0]
    beyond = slopes(lambda fp: np.interp([-1.0, 5.0, 6.0], X, fp), F)[0]
    assert beyond == [1.0, 0.0, 0.0, 2.0]
    assert slopes(lambda fp: np.interp([-1.0, 5.0], X, fp, left=7.0), F)[0] == [0, 0, 0, 1.0]


def test_interp_in_its_knots() -> None:
    places = np.array([-1.0, 0.25, 1.5, 2.5, 3.25, 9.0])
    ag.check_gradients(np.interp, places, X, F, order=2)
    ag.check_gradients(
        lambda x, xp, fp: np.interp(x, xp, fp, period=5), places + 0.3, X, F, order=2
    )


def test_interp_with_tensors_beyond_the_ends() -> None:
    def f(x: Any, left: Any, right: Any) -> Any:
        return np.interp(x, X, F, left=left, right=right)

    x = np.array([-1.0, 0.5, 9.0])
    at_the_ends = ag.Tensor(np.append(x, [0.0, 4.0]))
    found = f(at_the_ends, ag.Tensor(7.0), ag.Tensor(8.0))
    assert found.data.tolist() == [7.0, 2.0, 8.0, 1.0, 0.0]
    ag.check_gradients(f, x, 7.0, 8.0)
    with pytest.raises(TypeError, match="single numbers"):
        f(ag.Tensor(x), ag.Tensor([1.0, 2.0]), None)


def test_interp_where_knots_coincide() -> None:
    """At a jump of fp the piece to the right counts; at the last knot nothing is infinite."""
    x, xp, fp = [1.0], [0.0, 1.0, 1.0, 2.0], [0.0, 1.0, 3.0, 7.0]
    assert slopes(lambda x: np.interp(x, xp, fp), x)[0] == [4.0]
    assert slopes(lambda x: np.interp(x, xp[:3], fp[:3]), x)[0] == [2.0]


def test_unwrap_at_jumps() -> None:
    p = np.array([0.0, 3.0, 6.5, -3.0, 9.0, np.pi, 0.0])
    found = slopes(lambda p: np.unwrap(p) * np.arange(7.0), p)[0]
    assert found == list(range(7))
    assert np.array_equal(np.unwrap(ag.Tensor(p)).data, np.unwrap(p))


def test_gradient_in_coordinates_that_are_evenly_spaced() -> None:
    """There NumPy takes a simpler formula, whose own derivative would be another."""
    for edge_order in (1, 2):
        for x in (np.arange(4.0), X, X[::-1].copy()):
            near = [np.gradient(F, x + e, edge_order=edge_order) for e in 1e-6 * np.eye(4)]
            before = [np.gradient(F, x - e, edge_order=edge_order) for e in 1e-6 * np.eye(4)]
            numeric = [np.sum(b - a) / 2e-6 for a, b in zip(before, near, strict=True)]
            f = slopes(lambda x: np.gradient(F, x, edge_order=edge_order), x)[0]  # noqa: B023
            assert np.allclose(f, numeric, rtol=1e-8, atol=1e-8)
    ag.check_gradients(lambda f, x: np.gradient(f, x, edge_order=2), F, X, order=2)


def test_gradient_of_two_values_and_of_unsigned_numbers() -> None:
    ag.check_gradients(lambda f, h: np.gradient(f, h), F[:2], 0.3, order=2)
    counts = np.array([5, 3, 250, 0], np.uint8)
    ag.check_gradients(lambda h: np.gradient(counts, h), 0.3)
    ag.check_gradients(lambda x: np.gradient(counts, x), X)
    with pytest.raises(ValueError, match="too small"):
        np.gradient(ag.Tensor([1.0]))


def test_gradient_of_several_axes_is_a_tuple() -> None:
    t = ag.Tensor(np.ones((2, 3)))
    assert isinstance(np.gradient(t), tuple)
    assert isinstance(np.gradient(t, axis=0), ag.Tensor)
    assert np.gradient(ag.Tensor(2.0)) == np.gradient(2.0) == ()


def test_diff_of_no_rows_and_of_truth_values() -> None:
    t = ag.Tensor(F)
    assert np.diff(t, n=7).shape == (0,)
    np.diff(t, n=7).sum().backward()
    assert t.grad.tolist() == [0.0] * 4
    mask = np.array([True, False])
    assert slopes(lambda t: np.diff(mask, prepend=t), 0.5) == [-1.0]
    assert np.diff(ag.Tensor(F.astype(np.float32)), prepend=0).dtype == np.float64
    with pytest.raises(TypeError, match="to_begin"):
        np.ediff1d(np.arange(3), to_begin=ag.Tensor([0.5]))


def test_lists_with_tensors_in_them() -> None:
    t = ag.Tensor(1.0)
    assert np.diff(ag.Tensor([1.0, 2.0]), prepend=[t]).data.tolist() == [0.0, 1.0]
    with pytest.raises(TypeError, match="its gradient would be lost"):  # NumPy does not ask us
        np.diff([t, t])


def test_convolve_and_correlate_of_every_length() -> None:
    rng = np.random.default_rng(0)
    for function in (np.convolve, np.correlate):
        for mode in ("full", "same", "valid"):
            for n, m in ((1, 1), (1, 4), (2, 5), (5, 2), (4, 3), (3, 4), (4, 4)):
                a, v = rng.normal(size=n), rng.normal(size=m)
                ag.check_gradients(lambda a, v: function(a, v, mode), a, v)  # noqa: B023
