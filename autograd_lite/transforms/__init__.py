"""Transforms of functions: what `grad` and its kin do to a function of arrays."""

from .forward import jvp, linearize
from .gradient import grad, value_and_grad
from .rebinding import verbatim
from .reverse import vjp
from .trees import map_tree, register_tree

__all__ = [
    "grad",
    "jvp",
    "linearize",
    "map_tree",
    "register_tree",
    "value_and_grad",
    "verbatim",
    "vjp",
]
