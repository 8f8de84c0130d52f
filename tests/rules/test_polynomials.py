"""NumPy's polynomial functions: nasty points, and calls that the cases leave out."""

from typing import Any

import numpy as np
import pytest

import autograd_lite as ag

from .slopes import slopes

P = np.array([2.0, -3.0, 1.0, 0.5])


def test_polyval_without_coefficients_and_of_whole_numbers() -> None:
    x = np.array([0.5, 2.0])
    assert np.polyval(ag.Tensor(np.zeros(0)), x).data.tolist() == [0.0, 0.0]
    assert slopes(lambda x: np.polyval([], x), x) == [[0.0, 0.0]]
    assert slopes(lambda x: np.polyval([3, 0, 1], x), x) == [[3.0, 12.0]]
    assert slopes(lambda p: np.polyval(p, 0), P) == [[0.0, 0.0, 0.0, 1.0]]
    assert slopes(lambda p: np.polyval(p, 2), [1.0, 0.0]) == [[2.0, 1.0]]


def test_trimmed_coefficients_keep_their_gradient() -> None:
    """A leading zero of a factor is trimmed; it counts in what is left of the product."""
    a, b = [0.0, 1.0, 2.0], [3.0, 4.0]
    assert np.polymul(ag.Tensor(a), b).data.tolist() == np.polymul(a, b).tolist() == [3, 10, 8]
    assert slopes(lambda a: np.polymul(a, b), a)[0] == [4.0, 7.0, 7.0]
    assert np.polymul(ag.Tensor([0.0, 0.0]), b).data.tolist() == [0.0, 0.0]
    assert np.polymul(ag.Tensor(np.zeros(0)), b).data.tolist() == [0.0, 0.0]
    assert slopes(lambda a: np.polyadd(a, [1.0]), a)[0] == [1.0, 1.0, 1.0]


def test_polydiv_of_every_length() -> None:
    for n, m in ((4, 2), (4, 4), (4, 1), (2, 4), (1, 1)):
        u, v = P[:n], P[::-1][:m]
        for found, due in zip(np.polydiv(ag.Tensor(u), v), np.polydiv(u, v), strict=True):
            assert np.array_equal(found.data, due)
        ag.check_gradients(np.polydiv, u, v, order=2)
    exact = np.polymul([1.0, 2.0], [3.0, 1.0])
    quotient, remainder = np.polydiv(ag.Tensor(exact), [3.0, 1.0])
    assert (quotient.shape, remainder.shape) == ((2,), (1,))


def test_roots_real_and_complex() -> None:
    ag.check_gradients(np.roots, np.array([1.0, -4.0, -15.0, 18.0]), order=2)
    ag.check_gradients(np.roots, np.array([2.0, -6.0, 3.0, 7.0]), order=2)
    ag.check_gradients(lambda p: np.abs(np.roots(p)), np.array([1.0, 1.0, 2.0]))
    # A trailing 0 is a root at 0, a leading one a root that is infinite: NumPy trims both.
    found = slopes(lambda p: np.roots(p), [0.0, 1.0, -3.0, 2.0, 0.0])[0]
    assert np.allclose(found, [-7.0, -3.0, -1.0, 0.0, 0.0], rtol=0, atol=1e-14)
    t = ag.Tensor(np.zeros(3))
    assert np.roots(t).shape == (0,)


def test_poly_of_roots_and_of_matrices() -> None:
    assert np.poly(ag.Tensor(np.zeros(0))) == 1.0
    turn = np.array([[0.0, -2.0], [1.0, 0.0]])  # its eigenvalues are complex, the result is real
    ag.check_gradients(np.poly, turn, order=2)
    ag.check_gradients(np.poly, np.eye(3), order=2)  # and here they are all equal
    ag.check_gradients(lambda r: np.poly(r), np.array([1.0, 1.0, 2.0]), order=2)
    assert np.poly([ag.Tensor(1.0), 2.0]).data.tolist() == [1.0, -3.0, 2.0]
    with pytest.raises(ValueError, match="1d or non-empty square"):
        np.poly(ag.Tensor(np.ones((2, 3))))


def test_polyint_in_its_constants() -> None:
    ag.check_gradients(lambda p, k: np.polyint(p, 2, k), P, [5.0, 7.0])
    ag.check_gradients(lambda p, k: np.polyint(p, 2, k), P, 5.0)
    with pytest.raises(ValueError, match="Order of derivative"):
        np.polyder(ag.Tensor(P), -1)


def test_polyfit_of_each_kind() -> None:
    x, y, w = np.linspace(-1, 2, 6), np.sin(np.arange(6.0)), np.array([1.0, 2, 1, 0.5, 1, 1])
    full = np.polyfit(ag.Tensor(x), y, 2, w=w, full=True)
    due = np.polyfit(x, y, 2, w=w, full=True)
    assert [type(part) for part in full[2:5:2]] == [type(part) for part in due[2:5:2]]
    for found, part in zip(full, due, strict=True):
        assert np.array_equal(getattr(found, "data", found), part)
    for options in ({}, {"cov": True}, {"cov": "unscaled"}):
        ag.check_gradients(lambda x, y, w: np.polyfit(x, y, 2, w=w, **options), x, y, w)  # noqa: B023
    with pytest.raises(TypeError, match="expected x and y to have same length"):
        np.polyfit(ag.Tensor(x), y[1:], 2)


@pytest.mark.parametrize(("x", "rcond"), [(np.ones(4), None), (np.arange(4.0), 0.9)])
def test_polyfit_without_full_rank_warns_and_has_no_gradient(x: Any, rcond: Any) -> None:
    with pytest.warns(np.exceptions.RankWarning):
        c = np.polyfit(x, ag.Tensor(np.arange(4.0)), 1, rcond)
    with pytest.raises(np.linalg.LinAlgError, match=r"no full rank[^!]*no derivative"):
        c.sum().backward()


def test_poly1d_keeps_tensors_as_its_coefficients() -> None:
    """Its constructor and methods call functions that we are asked for."""
    x = np.array([0.5, 2.0])

    def value(p: Any) -> Any:
        f = np.poly1d(p)
        return ((f * f + 2.0).deriv() - f.integ())(x)

    ag.check_gradients(value, P, order=2)
    assert isinstance(np.polyadd(np.poly1d([1.0]), ag.Tensor(P)), np.poly1d)
    with pytest.raises(TypeError, match="its gradient would be lost"):
        np.polymul(np.poly1d(ag.Tensor(P)), [1.0, 2.0])
    with pytest.raises(TypeError, match="its gradient would be lost"):
        np.asarray(np.poly1d(ag.Tensor(P)))


@pytest.mark.parametrize("u", [np.ones((2, 3)), np.arange(1.0, 3.0)])
def test_polydiv_by_a_longer_polynomial_leaves_the_dividend(u: Any) -> None:
    """NumPy does not look at the axes of u then."""
    quotient, remainder = np.polydiv(ag.Tensor(u), ag.Tensor(P[:3]))
    expected = np.polydiv(u, P[:3])
    assert np.array_equal(quotient.data, expected[0])
    assert np.array_equal(remainder.data, expected[1])
    assert np.array_equal(ag.grad(lambda u: np.sum(np.polydiv(u, P[:3])[1] ** 2))(u), 2 * u)
