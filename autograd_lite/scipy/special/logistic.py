"""The logistic function, its inverse and its logarithm, with both tails exact."""

from ...core.operation import Domain
from .functions import sp, unary

unary("expit", lambda g, x, y: g * (y * sp.expit(-x)))
unary("logit", lambda g, x: g / x + g / (1.0 - x), Domain(0.0, 1.0))
unary("log_expit", lambda g, x: g * sp.expit(-x))
