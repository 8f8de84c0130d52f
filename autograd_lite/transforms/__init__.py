"""Transforms of functions: what `grad` and its kin do to a function of arrays."""

from .derivatives import elementwise_grad, hessian, hvp, jacobian
from .forward import jvp, linearize
from .gradient import grad, value_and_grad
from .rebinding import verbatim
from .reverse import vjp
from .trees import map_tree, register_tree
from .vmap import vmap

__all__ = [
    "elementwise_grad",
    "grad",
    "hessian",
    "hvp",
    "jacobian",
    "jvp",
    "linearize",
    "map_tree",
    "register_tree",
    "value_and_grad",
    "verbatim",
    "vjp",
    "vmap",
]
