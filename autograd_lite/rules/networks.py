"""The functions of a network that NumPy lacks, each for arrays and Tensors alike.

Convention: `relu` and `leaky_relu` take the slope left of 0 at 0 itself (as PyTorch does).
"""

from typing import Any

import numpy as np

from ..core.operation import ELEMENTWISE, NONZERO, declare
from ..core.primitives import as_float
from ..core.shortcuts import maxima_along, positive_part, sums_along, where_positive
from ..core.structural_zeros.selected import select
from ..core.trace import primitive, unary_primitive
from .folds import shares
from .normal import FAR, normal_cdf, normal_density
from .pairs import lead
from .reductions import keep_axes

# Numbers that NumPy need not convert at every call, which takes as long as the operation.
UNITS = {kind: (np.array(-1, kind), np.array(0, kind), np.array(1, kind)) for kind in "efdg"}

LIMITS = {kind: (np.array(np.finfo(kind).min), np.array(np.finfo(kind).max)) for kind in "efdg"}


# From here on exp(-x) is finite, and so is its sum with 1.
LOWEST = {kind: -float(np.log(np.finfo(kind).max)) + 1.0 for kind in "efdg"}
FEW = 100  # entries, up to which to look for the lowest takes longer than a second exp


@unary_primitive
def sigmoid(x: Any) -> Any:
    """1 / (1 + exp(-x)), elementwise.

    The result has the shape and dtype of `x`; whole numbers count as float64.
    Nothing overflows, and both tails are exact to the last bits. The gradient is y (1 - y), which
    is 0 where y has rounded to 1.

    >>> sigmoid(np.array([-1000.0, -40.0, 0.0, 1000.0]))
    array([0.00000000e+00, 4.24835426e-18, 5.00000000e-01, 1.00000000e+00])
    """
    if x.__class__ is not np.ndarray or x.dtype.kind != "f":
        x = as_float(x)
    minus, zero, one = UNITS[x.dtype.char]
    if x.size > FEW and x.item(x.argmin()) >= LOWEST[x.dtype.char]:  # faster than x.min()
        y = np.exp(-x)
        y += one
        return one / y
    small = np.exp(np.copysign(x, minus))
    return np.exp(np.minimum(x, zero)) / (one + small)  # 1 or `small`: faster than to choose


@unary_primitive
def relu(x: Any) -> Any:
    """max(x, 0), elementwise, with slope 0 at 0.

    The result has the shape and dtype of `x`; whole numbers count as float64. Where it is 0, so
    is the gradient, as a number: `np.maximum(x, 0)` is slower and stops an infinite slope there.

    >>> relu(np.array([-1.0, 0.0, 2.0]))
    array([0., 0., 2.])
    """
    x = as_float(x)
    return positive_part(x, UNITS[x.dtype.char][1])


@primitive
def leaky_relu(x: Any, negative_slope: Any = 0.01) -> Any:
    """x where it is positive, `negative_slope` times x elsewhere.

    The result has the shape and dtype of `x`; whole numbers count as float64. `negative_slope` is
    a number, or an array that broadcasts against `x`; a Tensor is differentiated as well.

    >>> leaky_relu(np.array([-1.0, 0.0, 2.0]))
    array([-0.01,  0.  ,  2.  ])
    """
    x = as_float(x)
    return np.where(x > 0, x, x * negative_slope)


@unary_primitive
def softplus(x: Any) -> Any:
    """log(1 + exp(x)), elementwise, without overflow.

    The result has the shape and dtype of `x`; whole numbers count as float64.

    >>> softplus(np.array([-1000.0, 0.0, 1000.0])).tolist()
    [0.0, 0.6931471805599453, 1000.0]
    """
    x = as_float(x)
    return np.logaddexp(x, UNITS[x.dtype.char][1])


@unary_primitive
def silu(x: Any) -> Any:
    """x sigmoid(x), elementwise (also called swish).

    The result has the shape and dtype of `x`; whole numbers count as float64.

    >>> silu(np.array([-1000.0, 0.0, 1.0]))
    array([-0.        ,  0.        ,  0.73105858])
    """
    x = as_float(x)
    return x * sigmoid(x)


@unary_primitive
def gelu(x: Any, approximate: str = "none") -> Any:
    """x Phi(x), Phi the distribution function of the standard normal (Hendrycks & Gimpel, 2016).

    The result has the shape and dtype of `x`; whole numbers count as float64.
    ``approximate="tanh"`` gives their approximation by tanh. ValueError for anything else.

    >>> gelu(np.array([-10.0, 0.0, 1.0]))
    array([-7.61985302e-23,  0.00000000e+00,  8.41344746e-01])
    """
    x = as_float(x)
    if approximate == "tanh":
        return x * sigmoid(2.0 * tanh_argument(x))
    if approximate == "none":
        return x * normal_cdf(x)
    raise ValueError(f"gelu: approximate={approximate!r}; allowed: 'none', 'tanh'")


def tanh_argument(x: Any) -> Any:
    """The argument of tanh in the approximation of gelu."""
    x = np.clip(x, -FAR, FAR)
    return np.sqrt(2 / np.pi).item() * (x + 0.044715 * x * x * x)


def gelu_slope(x: Any, approximate: str) -> Any:
    """d gelu / dx."""
    if approximate == "none":
        return normal_cdf(x) + x * normal_density(x)
    x = np.clip(x, -FAR, FAR)
    s = sigmoid(2.0 * tanh_argument(x))
    return s + x * s * (1.0 - s) * (np.sqrt(8 / np.pi).item() * (1.0 + 3 * 0.044715 * x * x))


def silu_slope(x: Any, y: Any) -> Any:
    """d silu / dx."""
    s = sigmoid(x)
    return s + y * (1.0 - s)


declare(sigmoid, kind=ELEMENTWISE, x=lambda g, y: g * (y * (UNITS[y.dtype.char][2] - y)))
declare(relu, kind=ELEMENTWISE, domain=NONZERO, x=lambda g, y: where_positive(g, y))
declare(
    leaky_relu,
    kind=ELEMENTWISE,
    domain=NONZERO,
    cases=("x=(n, m)", "x=(n, m), negative_slope=0.2", "x=(n, m), negative_slope=(m,)"),
    x=lambda g, x, negative_slope: np.where(x > 0, g, negative_slope * g),
    negative_slope=lambda g, x: select(g * x, np.logical_not(x >= 0)),  # at 0 it does not matter
)
declare(softplus, kind=ELEMENTWISE, x=lambda g, x: g * sigmoid(x))
declare(silu, kind=ELEMENTWISE, x=lambda g, x, y: g * silu_slope(x, y))
declare(
    gelu,
    kind=ELEMENTWISE,
    cases=("x=(n, m)", "x=(n, m), approximate='tanh'"),
    x=lambda g, x, approximate: g * gelu_slope(x, approximate),
)

# Along an axis


@unary_primitive
def softmax(x: Any, axis: int | tuple[int, ...] = -1) -> Any:
    """exp(x) / sum(exp(x)) along `axis`, without overflow; the result has the shape of `x`.

    >>> softmax(np.array([1000.0, 1000.0, 0.0]))
    array([0.5, 0.5, 0. ])
    """
    x = as_float(x)
    powers = np.exp(x - finite_max(x, axis))
    powers /= sums_along(powers, axis)
    return powers


@unary_primitive
def log_softmax(x: Any, axis: int | tuple[int, ...] = -1) -> Any:
    """log(softmax(x)) along `axis`, without overflow; the result has the shape of `x`.

    >>> log_softmax(np.array([1000.0, 0.0]))
    array([    0., -1000.])
    """
    x = as_float(x)
    shifted = x - finite_max(x, axis)
    total = sums_along(np.exp(shifted), axis)
    if x.size:
        shifted -= np.log(total)
    return shifted


@unary_primitive
def logsumexp(x: Any, axis: int | tuple[int, ...] | None = -1, keepdims: bool = False) -> Any:
    """log(sum(exp(x))) over `axis` (None for all), without overflow; -inf where that is empty.

    >>> logsumexp(np.array([[1000.0, 1000.0], [-np.inf, -np.inf]]))
    array([1000.69314718,          -inf])
    """
    x = as_float(x)
    shift = finite_max(x, axis)
    total = np.exp(x - shift).sum(axis=axis, keepdims=keepdims)
    with np.errstate(divide="ignore"):  # log(0) is due where all entries are -inf
        return np.log(total) + np.reshape(shift, np.shape(total))


def finite_max(x: Any, axis: Any) -> Any:
    """The maximum along `axis` (kept), the largest number for infinity: a shift without NaN."""
    low, high = LIMITS[x.dtype.char]
    return np.minimum(np.maximum(maxima_along(x, axis), low), high)


def log_softmax_rule(g: Any, y: Any, axis: Any) -> Any:
    """g - softmax(x) sum(g)."""
    return g - np.exp(y) * sums_along(g, axis)


def softmax_rule(g: Any, y: Any, axis: Any) -> Any:
    """y (g - sum(g y))."""
    weighted = g * y
    return weighted - y * np.sum(weighted, axis=axis, keepdims=True)


def logsumexp_rule(g: Any, x: Any, y: Any, axis: Any, keepdims: bool) -> Any:
    """The gradient times softmax(x); all of it where x is inf, nothing where all x are -inf."""
    powers = np.exp(lead(x, keep_axes(y, x.shape, axis, keepdims)))
    return keep_axes(g, x.shape, axis, keepdims) * shares(powers, axis)


ALONG = ("x=(n, m)", "x=(n, m, k), axis=1", "x=(n, m, k), axis=(0, -1)")
declare(softmax, cases=ALONG, x=softmax_rule)
declare(log_softmax, cases=ALONG, x=log_softmax_rule)
declare(
    logsumexp,
    cases=(
        "x=(n, m + 1)",
        "x=(n, m + 1, k), axis=1",
        "x=(n + 1, m, k + 1), axis=(0, -1)",
        "x=(n + 1, m + 1), axis=None",
        "x=(n + 1, m), axis=0, keepdims=True",
    ),
    x=logsumexp_rule,
)
