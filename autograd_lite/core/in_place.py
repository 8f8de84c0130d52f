"""Augmented assignment: `w -= step` on a leaf under no_grad(), and what it means elsewhere."""

import sys
from collections.abc import Callable
from typing import Any

from .errors import GraphError, describe, explained, message
from .node import Leaf
from .operands import FAILURES
from .trace import EAGER, paused, peel_all
from .variable import Variable


def in_place(function: Any, symbol: str) -> Callable[[Any, Any], Any]:
    """A method for `self <symbol>= other`.

    A computed Tensor leaves it to the plain operator, so that the name moves to a new Tensor. The
    array of a leaf is changed, which only no_grad() allows: its new values have no history.
    """

    def update(self: Variable, other: Any) -> Any:
        if self._trace != EAGER or self._node.__class__ is not Leaf:
            return NotImplemented
        if self._trace > paused():
            raise GraphError(
                message(
                    f"a leaf Tensor was changed in place by {symbol}= while it is being recorded",
                    call=f"{describe(self)} {symbol}= {describe(other)}",
                    remedy=f"update its data: w.data {symbol}= step; or make a new Tensor: "
                    f"w = w {symbol} step",
                )
            )
        try:
            function(self._value, peel_all(other), out=self._value)
        except FAILURES as error:
            remedy = f"the result of {symbol} must have the shape and dtype of the Tensor"
            raise explained(error, function, (self, other), {}, remedy) from None
        self._node.change(sys._getframe(1))
        return self

    return update
