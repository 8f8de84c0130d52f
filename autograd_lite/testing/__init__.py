"""Gradients under hypothesis: strategies for what they need, and tests of those written by hand.

    from autograd_lite.testing import given_gradients, labels

    @given_gradients(W=("D", "C"), b=("C",), X=("N", "D"), y=labels("N", classes="C"))
    def test_softmax_regression(W, b, X, y):
        return loss, gradients, {"W": W, "b": b}, X, y

hypothesis is needed here only: `pip install 'autograd_lite[testing]'`.
"""

from ..checking import GradientError, check_gradients
from .arrays import arrays_like, away_from_kinks, broadcastable
from .given import Layer, given_gradients
from .matrix import matrices
from .network import Network, networks
from .shapes import labels

__all__ = [
    "GradientError",
    "Layer",
    "Network",
    "arrays_like",
    "away_from_kinks",
    "broadcastable",
    "check_gradients",
    "given_gradients",
    "labels",
    "matrices",
    "networks",
]
