"""The normal distribution of vectors."""

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.stats

from ...numpy.numpy_vjps import unbroadcast_f
from ...primitives import defvjp, primitive

pdf = primitive(scipy.stats.multivariate_normal.pdf)
logpdf = primitive(scipy.stats.multivariate_normal.logpdf)
entropy = primitive(scipy.stats.multivariate_normal.entropy)
Slope = Callable[..., Any]


def as_matrix(cov: Any, size: int) -> Any:
    """A covariance, of which SciPy also takes one variance or the diagonal."""
    return cov if np.ndim(cov) == 2 else cov * np.eye(size)


def of_cov(g: Any, cov: Any) -> Any:
    """The gradient of a covariance in its own form, by that of the matrix."""
    if np.ndim(cov) == 2:
        return g
    diagonal = np.diagonal(g)
    return diagonal if np.ndim(cov) else np.sum(diagonal)


def solved(x: Any, mean: Any, cov: Any, allow_singular: bool) -> tuple[Any, Any]:
    """The deviations from the mean times the inverse of the covariance, and that inverse."""
    size = max(np.shape(cov)[0] if np.ndim(cov) else 1, np.shape(mean)[0] if np.ndim(mean) else 1)
    invert = np.linalg.pinv if allow_singular else np.linalg.inv
    inverse = invert(as_matrix(cov, size))
    deviation = x - mean
    if size == 1 and (np.ndim(deviation) == 0 or np.shape(deviation)[-1] != 1 or np.ndim(x) < 2):
        deviation = np.reshape(deviation, (*np.shape(deviation), 1))
    return np.matmul(deviation, inverse), inverse


def by_x(x: Any, mean: Any, cov: Any = 1, allow_singular: bool = False) -> Slope:
    """The gradient of `x`."""

    def gradient(g: Any) -> Any:
        rows = -solved(x, mean, cov, allow_singular)[0]
        return np.reshape(np.expand_dims(g, -1) * rows, np.shape(x))

    return gradient


def by_mean(x: Any, mean: Any, cov: Any = 1, allow_singular: bool = False) -> Slope:
    """The gradient of the mean."""
    return unbroadcast_f(
        mean, lambda g: np.expand_dims(g, -1) * solved(x, mean, cov, allow_singular)[0]
    )


def by_cov(x: Any, mean: Any, cov: Any = 1, allow_singular: bool = False) -> Slope:
    """The gradient of the covariance."""
    if allow_singular:
        raise NotImplementedError("a singular covariance has no derivative of the density")

    def gradient(g: Any) -> Any:
        rows, inverse = solved(x, mean, cov, False)
        rows = np.reshape(rows, (-1, np.shape(rows)[-1]))
        g = np.reshape(g, (-1, 1))
        return of_cov((np.matmul(np.transpose(g * rows), rows) - np.sum(g) * inverse) / 2, cov)

    return gradient


def of_pdf(rule: Callable[..., Slope]) -> Callable[..., Slope]:
    """A rule of `logpdf` as one of `pdf`."""
    return lambda ans, *args, **kwargs: lambda g: rule(*args, **kwargs)(ans * g)


def of_logpdf(rule: Callable[..., Slope]) -> Callable[..., Slope]:
    """A rule as `defvjp` expects it, which does not need the result."""
    return lambda _, *args, **kwargs: rule(*args, **kwargs)


defvjp(logpdf, *map(of_logpdf, (by_x, by_mean, by_cov)))
defvjp(pdf, *map(of_pdf, (by_x, by_mean, by_cov)))
defvjp(
    entropy,
    None,
    lambda _, mean, cov: (
        lambda g: of_cov(g / 2 * np.transpose(np.linalg.inv(as_matrix(cov, np.size(mean)))), cov)
    ),
)
