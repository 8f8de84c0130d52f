"""Derivatives of `np.polyfit`: residuals, covariances and singular values besides the fit itself.

The residual is holomorphic in nothing, the covariances in everything; the singular values are for
real numbers.
"""

from typing import Any

import numpy as np

from ..core.operands import as_array
from ..core.operation import Domain, declare
from ..core.trace import compose, peel_all, primitive
from .fitting import PLACES, POWERS, Fit, degrees_of, fitted
from .matrices import adjoint
from .series import numpys


@primitive
def residual(x: Any, values: Any, w: Any, deg: Any, family: str, rcond: Any = None) -> Any:
    """The sums of squares that a fit leaves; empty where it leaves none, or has no full rank."""
    if family == POWERS:
        return np.polyfit(x, values, deg, rcond, True, w)[1]
    return numpys(family, "fit")(x, values, deg, rcond, True, w)[1][0]


def residual_parts(
    g: Any, x: Any, values: Any, w: Any, deg: Any, family: str, rcond: Any
) -> tuple[Fit, Any]:
    """The fit, and twice its misses times the gradient, zero where NumPy gives no residual."""
    fit = Fit(x, values, w, deg, family, fitted(x, values, w, deg, family, rcond))
    return fit, 2.0 * (fit.misses * g if g.shape[0] else 0.0 * fit.misses)


def residual_x(g: Any, x: Any, values: Any, w: Any, deg: Any, family: str, rcond: Any) -> Any:
    """The result's own change does not count, since it is the best there is."""
    fit, pulls = residual_parts(g, x, values, w, deg, family, rcond)
    return -fit.through_terms(np.dot(fit.weights * pulls, adjoint(fit.c)))


def residual_values(g: Any, x: Any, values: Any, w: Any, deg: Any, family: str, rcond: Any) -> Any:
    """The misses."""
    fit, pulls = residual_parts(g, x, values, w, deg, family, rcond)
    return np.reshape(np.conjugate(fit.weights) * fit.weights * pulls, values.shape)


def residual_w(g: Any, x: Any, values: Any, w: Any, deg: Any, family: str, rcond: Any) -> Any:
    """The squares of the misses."""
    fit, pulls = residual_parts(g, x, values, w, deg, family, rcond)
    return np.sum(fit.weights * pulls * np.conjugate(fit.misses), axis=1)


declare(
    residual,
    complex_operands=True,
    domain=Domain(0.0, 2.0, ties=True),
    cases=(
        "x=(4,), values=(4,), w=(4,), deg=1, family='powers'",
        "x=(4,), values=(4, 2), w=(4,), deg=1, family='chebyshev'",
        f"x={PLACES}, values=(5,), w=None, deg=[0, 2], family='laguerre'",
        f"x={PLACES}, values=(5, 2), w=None, deg=4, family='powers'",
    ),
    x=residual_x,
    values=residual_values,
    w=residual_w,
)


@primitive
def inverse_gram(x: Any, w: Any, deg: int) -> Any:
    """The covariances of np.polyfit's coefficients, `cov="unscaled"`."""
    nothing = np.zeros(len(x), np.result_type(x, 0.0 if w is None else w))
    return np.polyfit(x, nothing, deg, w=w, cov="unscaled")[1]


def inverse_gram_terms(g: Any, y: Any, x: Any, w: Any, deg: int) -> tuple[Fit, Any]:
    """The fit of nothing, and the gradient of its weighted terms."""
    fit = Fit(x, np.zeros(x.shape), w, deg, POWERS, np.zeros(deg + 1))
    return fit, -np.dot(fit.terms * fit.weights, np.dot(np.dot(y, g + g.T), y))


def inverse_gram_x(g: Any, y: Any, x: Any, w: Any, deg: int) -> Any:
    """Through the terms."""
    fit, g_terms = inverse_gram_terms(g, y, x, w, deg)
    return np.sum(g_terms * fit.weights * fit.slopes, axis=1)


def inverse_gram_w(g: Any, y: Any, x: Any, w: Any, deg: int) -> Any:
    """Through the weights of the terms."""
    fit, g_terms = inverse_gram_terms(g, y, x, w, deg)
    return np.sum(g_terms * fit.terms, axis=1)


declare(
    inverse_gram,
    domain=Domain(0.0, 2.0, ties=True),
    cases=("x=(4,), w=(4,), deg=1", "x=(3,), w=None, deg=2"),
    x=inverse_gram_x,
    w=inverse_gram_w,
)


@primitive
def singular_values(x: Any, w: Any, deg: Any, family: str, dtype: Any = None) -> Any:
    """Those of the weighted terms, each scaled to length one; `dtype` is that of the values."""
    nothing = np.zeros(len(x), np.result_type(dtype or float, 0.0 if w is None else w))
    if family == POWERS:
        return np.polyfit(x, nothing, deg, full=True, w=w)[3]
    return numpys(family, "fit")(x, nothing, deg, None, True, w)[1][2]


def singular_values_terms(g: Any, x: Any, w: Any, deg: Any, family: str) -> tuple[Fit, Any]:
    """A fit, and the gradient of its weighted terms."""
    fit = Fit(x, np.zeros(x.shape), w, deg, family, np.zeros(len(degrees_of(deg, family))))
    weighted = fit.terms * fit.weights
    lengths = np.sqrt(np.sum(weighted * weighted, axis=0))
    scaled = weighted / lengths
    left, _, right = np.linalg.svd(scaled, full_matrices=False)
    gs = np.dot(left * g, right)
    return fit, (gs - scaled * np.sum(gs * scaled, axis=0)) / lengths


def singular_values_x(g: Any, x: Any, w: Any, deg: Any, family: str) -> Any:
    """Through the terms."""
    fit, g_terms = singular_values_terms(g, x, w, deg, family)
    return fit.through_terms(g_terms)


def singular_values_w(g: Any, x: Any, w: Any, deg: Any, family: str) -> Any:
    """Through the weights of the terms."""
    fit, g_terms = singular_values_terms(g, x, w, deg, family)
    return np.sum(g_terms * fit.terms, axis=1)


declare(
    singular_values,
    complex_operands=False,
    domain=Domain(0.0, 2.0, ties=True),
    cases=(
        "x=(4,), w=(4,), deg=1, family='powers'",
        "x=(4,), w=None, deg=[0, 2], family='chebyshev'",
    ),
    x=singular_values_x,
    w=singular_values_w,
)


def polyfit(
    x: Any, y: Any, deg: Any, rcond: Any = None, full: bool = False, w: Any = None,
    cov: Any = False,
) -> Any:  # fmt: skip
    """np.polyfit, one result after the other; rank and rcond are plain numbers."""
    x, y = as_array(x), as_array(y)
    w = None if w is None else as_array(w)
    plain = [peel_all(value) for value in (x, y, deg, rcond, full, w, cov)]
    results = np.polyfit(*plain)  # refuses and warns
    c = fitted(x, y, w, deg, POWERS, rcond)
    if full:
        spectrum = singular_values(x, w, deg, POWERS, y.dtype)
        return c, residual(x, y, w, deg, POWERS, rcond), results[2], spectrum, results[4]
    if not cov:
        return c
    covariance = inverse_gram(x, w, int(deg))
    if y.ndim == 2:
        covariance = covariance[:, :, np.newaxis]
    if cov == "unscaled":
        return c, covariance
    return c, covariance * (residual(x, y, w, deg, POWERS, rcond) / (len(x) - int(deg) - 1))


compose(
    np.polyfit,
    polyfit,
    operands=("x", "y", "w"),
    domain=Domain(0.0, 2.0, ties=True),
    cases=(
        "x=(4,), y=(4,), deg=2",
        "x=(4,), y=(4, n), deg=1, w=(4,)",
        "x=(4,), y=(4,), deg=1, w=(4,), cov=True",
        "x=(4,), y=(4, 2), deg=1, cov='unscaled'",
        "x=(4,), y=(4,), deg=1, w=(4,), full=True",
    ),
)
