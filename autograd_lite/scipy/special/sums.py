"""Logarithms of sums of exponentials, along axes, as SciPy has them.

Conventions: infinities share the gradient of `logsumexp` evenly; where the sum is 0 nothing goes
back. The sign that `return_sign=True` asks for has no gradient.
"""

from typing import Any

import numpy as np

from ...core.operation import declare
from ...core.trace import newest, peel_all, primitive, unary_primitive
from ...rules.folds import shares
from ...rules.networks import log_softmax_rule, logsumexp_rule, softmax_rule
from ...rules.pairs import lead
from ...rules.reductions import keep_axes
from .functions import sp

log_sum = unary_primitive(sp.logsumexp)
softmax = unary_primitive(sp.softmax)
log_softmax = unary_primitive(sp.log_softmax)


@primitive
def log_weighted_sum(a: Any, b: Any, axis: Any, keepdims: bool, signed: bool) -> Any:
    """log(sum(b exp(a))), or that of its absolute value: `a` and `b` have one shape."""
    y = sp.logsumexp(a, axis, b, keepdims, signed)
    return y[0] if signed else y


def logsumexp(
    a: Any, axis: Any = None, b: Any = None, keepdims: bool = False, return_sign: bool = False
) -> Any:
    """log(sum(b exp(a))) over `axis`, without overflow: see `scipy.special.logsumexp`.

    >>> import autograd_lite as ag
    >>> ag.grad(lambda a: logsumexp(a, b=[1.0, -1.0]))(np.array([1000.0, 999.0]))
    array([ 1.58197671, -0.58197671])
    """
    if newest((a, b)) is None:
        return sp.logsumexp(a, axis, b, keepdims, return_sign)
    if b is None:
        y = log_sum(a, axis, keepdims=keepdims)
    else:
        a, b = np.broadcast_arrays(a, b)
        y = log_weighted_sum(a, b, axis, keepdims, return_sign)
    if not return_sign:
        return y
    return y, sp.logsumexp(peel_all(a), axis, peel_all(b), keepdims, True)[1]


def weights(a: Any, y: Any, b: Any, axis: Any, keepdims: bool) -> Any:
    """exp(a - y); an infinity of weight 0 is no part of the sum."""
    a = np.where((b == 0) & (a == np.inf), -np.inf, a)
    return np.exp(lead(a, keep_axes(y, a.shape, axis, keepdims)))


def values_rule(g: Any, a: Any, y: Any, b: Any, axis: Any, keepdims: bool) -> Any:
    """The gradient times b exp(a) over the sum of all of them, whatever its sign."""
    powers = b * weights(a, y, b, axis, keepdims)
    return keep_axes(g, a.shape, axis, keepdims) * shares(powers, axis)


def factors_rule(g: Any, a: Any, y: Any, b: Any, axis: Any, keepdims: bool) -> Any:
    """The gradient times exp(a) over the sum."""
    powers = weights(a, y, b, axis, keepdims)
    sign = np.sign(np.sum(b * powers, axis=axis, keepdims=True))
    return keep_axes(g, a.shape, axis, keepdims) * (sign * powers)


ALONG = ("x=(n, m + 1)", "x=(n, m + 1, k), axis=1", "x=(n + 1, m, k + 1), axis=(0, -1)")
declare(softmax, cases=ALONG, complex_operands=False, x=softmax_rule)
declare(log_softmax, cases=ALONG, complex_operands=False, x=log_softmax_rule)
declare(
    log_sum,
    cases=("a=(n, m + 1)", "a=(n, m + 1), axis=1", "a=(n + 1, m), axis=(0,), keepdims=True"),
    complex_operands=False,
    a=lambda g, a, y, axis, keepdims: logsumexp_rule(g, a, y, axis, keepdims),
)
declare(
    log_weighted_sum,
    cases=(
        "a=(n, m + 1), b=(n, m + 1), axis=None, keepdims=False, signed=True",
        "a=(n, m + 1), b=(n, m + 1), axis=(-1,), keepdims=True, signed=True",
    ),
    complex_operands=False,
    a=values_rule,
    b=factors_rule,
)
