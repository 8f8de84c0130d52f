"""Numeric derivatives, each with an estimate of its error: the judge of all other derivatives.

    directional_derivative(np.exp, x, direction).value       # d/dt exp(x + t direction) at t = 0

Two independent methods. The *complex step* (Squire & Trapp, SIAM Review 40, 1998) evaluates
f(x + ih d) and takes the imaginary part: nothing cancels, so it is exact to rounding, but only for
functions that are analytic and take complex numbers. *Richardson's extrapolation* of central
differences (Ridders, Advances in Engineering Software 4, 1982) needs real values only. Many NumPy
functions take complex numbers and are not analytic (`abs`, `conjugate`, `real`), so the complex
step counts only where the other method agrees with it.
"""

import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

Function = Callable[[Any], Any]
EPSILON = float(np.finfo(np.float64).eps)
ROUNDING = 4 * EPSILON  # of a value that took several operations
IMAGINARY_STEP = 1e-50  # its square vanishes beside any number that is not tiny itself
FIRST_STEP = 0.125  # steps are powers of two, so that dividing by them is exact
LEVELS = 24  # the last step is 1.5e-8; later ones would be all rounding
COLUMNS = 8


class Estimate(NamedTuple):
    """A numeric derivative and, entry by entry, how far off it may be."""

    value: Any
    error: Any


def directional_derivative(f: Function, x: Any, direction: Any) -> Estimate:
    """d/dt f(x + t direction) at t = 0.

    `x` and `direction` are float64 arrays of one shape; `f` takes an array of that shape and
    returns a real array of any shape, which is the shape of the estimate's value and error.
    Good to 1e-11 of the derivative where `f` is smooth within 1e-3 of `x`. Where it is not
    (at a kink, a jump, the end of its domain) the error is large, infinite or NaN.

    >>> estimate = directional_derivative(np.sin, np.array([0.0, 1.0]), np.array([1.0, 2.0]))
    >>> np.allclose(estimate.value, [1.0, 2.0 * np.cos(1.0)], rtol=1e-14, atol=0)
    True
    >>> estimate = directional_derivative(np.abs, np.array(0.01), np.array(1.0))
    >>> round(float(estimate.value), 9), bool(estimate.error < 1e-9)
    (1.0, True)
    """
    real = richardson(f, x, direction)
    exact = complex_step(f, x, direction)
    if exact is None:
        return real
    scale = np.max(np.abs(real.value), initial=0.0)
    agrees = np.abs(exact - real.value) <= 10 * real.error + 1e-9 * scale
    if not np.all(agrees):
        return real
    # Beside rounding of its own size there is that of terms that cancel, as in w * a / w.
    return Estimate(exact, 2 * ROUNDING * (np.abs(exact) + np.abs(f(x))))


def numeric_gradient(f: Function, x: Any, cotangent: Any) -> Estimate:
    """The gradient of sum(cotangent * f(x)), entry by entry of `x`; see `directional_derivative`.

    >>> numeric_gradient(np.cumsum, np.array([1.0, 2.0]), np.array([1.0, 10.0])).value.round(9)
    array([11., 10.])
    """
    value, error = np.zeros(x.shape), np.zeros(x.shape)
    for entry in np.ndindex(x.shape):
        direction = np.zeros(x.shape)
        direction[entry] = 1.0
        estimate = directional_derivative(f, x, direction)
        value[entry] = np.sum(cotangent * estimate.value)
        error[entry] = np.sum(np.abs(cotangent) * estimate.error)
    return Estimate(value, error)


def complex_step(f: Function, x: Any, direction: Any) -> Any:
    """Im f(x + ih d) / h, or None where `f` does not take complex numbers as it takes real ones.

    >>> float(complex_step(np.exp, np.float64(0.0), np.float64(1.0)))
    1.0
    >>> complex_step(np.abs, np.float64(1.0), np.float64(1.0)) is None    # the result is real
    True
    """
    with np.errstate(all="ignore"), warnings.catch_warnings():
        expected = f(x)
        warnings.simplefilter("error", np.exceptions.ComplexWarning)
        try:
            found = np.asarray(f(x + 1j * IMAGINARY_STEP * direction))
        except Exception:  # noqa: BLE001 - a function may refuse complex numbers in any way
            return None
        if found.dtype.kind != "c" or found.shape != np.shape(expected):
            return None
        same = np.abs(found.real - expected) <= 1e-12 * np.max(np.abs(expected), initial=0.0)
    return found.imag / IMAGINARY_STEP if np.all(same) else None


def richardson(f: Function, x: Any, direction: Any) -> Estimate:
    """Central differences with halved steps, extrapolated to step 0.

    Every entry of the result takes, from the triangle of extrapolations, the one that differs
    least from its neighbours. Large steps that reach over a kink spoil only the extrapolations
    that they are part of.

    >>> float(richardson(np.exp, np.float64(0.0), np.float64(1.0)).value)
    1.000000000000
    """
    with np.errstate(all="ignore"):  # a first, large step may leave the domain
        centre, reach = np.abs(f(x)), np.max(np.abs(x), initial=0.0)
        value, error = np.full(centre.shape, np.nan), np.full(centre.shape, np.inf)
        step = FIRST_STEP
        above: list[Any] = []
        for _ in range(LEVELS):
            forward, backward = f(x + step * direction), f(x - step * direction)
            slope = np.asarray((forward - backward) / (2 * step))
            magnitude = np.maximum(centre, np.maximum(np.abs(forward), np.abs(backward)))
            rounding = ROUNDING * (magnitude + np.abs(slope) * reach) / step
            row = extrapolate(slope, above)
            for left, older, newer in zip(row, above, row[1:], strict=False):
                guess = np.maximum(np.abs(newer - left), np.abs(newer - older)) + rounding
                better = guess < error
                value, error = np.where(better, newer, value), np.where(better, guess, error)
            scale = np.max(np.abs(value), initial=0.0)
            if np.all((error <= 1e-11 * scale) | (error <= 2 * rounding)):
                break
            step, above = step / 2, row
    return Estimate(value, error)


def extrapolate(slope: Any, above: list[Any]) -> list[Any]:
    """One row of the triangle: `slope` less its error terms in step^2, step^4, ..."""
    row = [slope]
    for order, older in enumerate(above[:COLUMNS], 1):
        row.append(row[-1] + (row[-1] - older) / (4**order - 1))
    return row
