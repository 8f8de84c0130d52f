"""Derivatives of least-squares fits, by `np.polyfit` and the `fit` of every family of series.

The fit solves (A^H A) c = A^H b, with A the basis polynomials at x and b the values y, both times
the weights; A^H is the transposed, of complex numbers the conjugate as well. Since that is not
holomorphic, formulas for complex results are given the conjugates of what they need: the engine
takes those of their gradients.

The rules hold where A has full rank; where it has not, NumPy warns, and `backward` raises
LinAlgError.
"""

from typing import Any

import numpy as np

from ..core.operation import POSITIVE, Domain, declare
from ..core.trace import peel_all, primitive
from .matrices import adjoint, conjugate
from .series import basis, derivative_matrix, numpys

POWERS = "powers"  # the family of np.polyfit: powers of x, highest first


def mirrored(value: Any) -> Any:
    """The complex conjugate; None and real numbers as they are."""
    return None if value is None else conjugate(value)


@primitive
def normal_solve(a: Any, b: Any) -> Any:
    """The solution of (a^H a) x = b, without squaring a's condition number."""
    r: Any = np.linalg.qr(a, mode="r")
    return np.linalg.solve(r, np.linalg.solve(adjoint(r), b))


def normal_solve_a(g: Any, y: Any, a: Any) -> Any:
    """Both factors of a^H a change."""
    a, y = mirrored(a), mirrored(y)
    v = normal_solve(a, g)
    return -np.dot(np.dot(a, y), adjoint(v)) - np.dot(np.dot(a, v), adjoint(y))


declare(
    normal_solve,
    complex_operands=True,
    domain=POSITIVE,
    cases=("a=(4, 2), b=(2, n)", "a=(3, 1), b=(1, 2)"),
    a=normal_solve_a,
    b=lambda g, a: normal_solve(mirrored(a), g),
)


def degrees_of(deg: Any, family: str) -> list[int]:
    """The degrees of the fitted terms, in NumPy's order."""
    if family == POWERS:
        return list(range(int(deg), -1, -1))
    return list(range(int(deg) + 1)) if np.ndim(deg) == 0 else [int(n) for n in np.sort(deg)]


def terms(x: Any, degrees: list[int], family: str) -> Any:
    """The fitted terms at x, in columns."""
    return basis(x, max(degrees), of_series(family))[:, degrees]


def slopes(x: Any, degrees: list[int], family: str) -> Any:
    """The slopes of the fitted terms at x, in columns."""
    name, highest = of_series(family), max(degrees)
    lower = basis(x, max(highest - 1, 0), name)  # the slope of a constant is 0 times a constant
    return np.dot(lower, derivative_matrix(name, highest + 1)[:, degrees])


def of_series(family: str) -> str:
    """The family whose functions give the terms."""
    return "polynomial" if family == POWERS else family


@primitive
def fitted(x: Any, values: Any, w: Any, deg: Any, family: str, rcond: Any = None) -> Any:
    """The fitted coefficients: np.polyfit, chebfit etc."""
    if family == POWERS:
        return np.polyfit(x, values, deg, rcond, w=w)
    coefficients = numpys(family, "fit")(x, values, deg, rcond, False, w)
    return coefficients[np.sort(deg)] if np.ndim(deg) else coefficients


def columns(array: Any) -> Any:
    """Values or coefficients, those of several fits side by side, in double precision."""
    return doubled(np.reshape(array, (array.shape[0], -1)))


def doubled(array: Any) -> Any:
    """An array of real or complex numbers in double precision: fits need the digits."""
    return array.astype(np.result_type(array.dtype, np.float64))


class Fit:
    """What the rules of one fit have in common."""

    def __init__(self, x: Any, values: Any, w: Any, deg: Any, family: str, c: Any) -> None:
        self.resolution = len(x) * np.finfo(x.dtype).eps  # rcond, where none is given
        degrees, x = degrees_of(deg, family), doubled(x)
        self.weights = np.ones((x.shape[0], 1)) if w is None else columns(w)
        self.terms, self.slopes = terms(x, degrees, family), slopes(x, degrees, family)
        self.c = columns(c)
        self.misses = columns(values) - np.dot(self.terms, self.c)

    def back(self, g: Any, rcond: Any) -> Any:
        """(A^H A)^-1 g, where no singular value is small enough for NumPy to leave it away."""
        weighted = self.terms * self.weights
        lengths = np.linalg.norm(peel_all(weighted), axis=0)
        scaled = peel_all(weighted) / np.where(lengths == 0, 1.0, lengths)
        smallest = self.resolution if rcond is None else rcond
        if np.linalg.matrix_rank(scaled, rtol=smallest) < weighted.shape[1]:
            raise np.linalg.LinAlgError(
                "the fit has no full rank: fewer coefficients, or more different x"
            )
        return normal_solve(weighted, columns(g))

    def through_terms(self, g_terms: Any) -> Any:
        """The gradient in x, of that of the weighted terms."""
        return np.sum(g_terms * np.conjugate(self.weights * self.slopes), axis=1)


def fitted_x(g: Any, y: Any, x: Any, values: Any, w: Any, deg: Any, family: str, rcond: Any) -> Any:
    """By the misses, which the result is orthogonal to, and by the result's own terms."""
    fit = Fit(mirrored(x), mirrored(values), mirrored(w), deg, family, mirrored(y))
    z = fit.back(g, rcond)
    of_misses = np.dot(fit.weights * fit.misses, adjoint(z))
    of_result = np.dot(fit.weights * np.dot(fit.terms, z), adjoint(fit.c))
    return fit.through_terms(of_misses - of_result)


def fitted_values(g: Any, x: Any, values: Any, w: Any, deg: Any, family: str, rcond: Any) -> Any:
    """A (A^H A)^-1 g."""
    fit = Fit(mirrored(x), mirrored(values), mirrored(w), deg, family, g)
    gx = np.conjugate(fit.weights) * fit.weights * np.dot(fit.terms, fit.back(g, rcond))
    return np.reshape(gx, values.shape)


def fitted_w(g: Any, y: Any, x: Any, values: Any, w: Any, deg: Any, family: str, rcond: Any) -> Any:
    """A weight draws the result towards its value, as far as that is missed."""
    fit = Fit(mirrored(x), mirrored(values), mirrored(w), deg, family, mirrored(y))
    pull = np.dot(fit.terms, fit.back(g, rcond)) * np.conjugate(fit.misses)
    return np.sum(fit.weights * (pull + np.conjugate(pull)), axis=1)


PLACES = "np.array([-2.0, -1.25, 0.5, 1.0, 2.5])"
declare(
    fitted,
    complex_operands=True,
    domain=Domain(0.0, 2.0, ties=True),
    cases=(
        "x=(4,), values=(4,), w=(4,), deg=2, family='powers'",
        "x=(4,), values=(4, 2), w=(4,), deg=2, family='powers'",
        "x=(4,), values=(4,), w=None, deg=2, family='polynomial'",
        "x=(4,), values=(4, 2), w=(4,), deg=[3, 0], family='chebyshev'",
        "x=(4,), values=(4,), w=None, deg=0, family='legendre'",
        f"x={PLACES}, values=(5,), w=None, deg=2, family='hermite'",
        f"x={PLACES}, values=(5,), w=None, deg=1, family='hermite_e'",
        f"x={PLACES}, values=(5, 2), w=None, deg=3, family='laguerre'",
    ),
    x=fitted_x,
    values=fitted_values,
    w=fitted_w,
)
