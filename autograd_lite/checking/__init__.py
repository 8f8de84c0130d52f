"""Are these gradients right? Numeric derivatives, and the check of a function against them."""

from .gradients import check_gradients
from .numeric import Estimate, directional_derivative, numeric_gradient
from .verdicts import GradientError

__all__ = [
    "Estimate",
    "GradientError",
    "check_gradients",
    "directional_derivative",
    "numeric_gradient",
]
