"""Derivative rules, one file per family of functions. Importing this package declares them all."""

from . import (
    einsum,
    elementwise,
    networks,
    normal,
    padding,
    products,
    reductions,
    selections,
    shapes,
    without_gradient,
)

__all__ = [
    "einsum",
    "elementwise",
    "networks",
    "normal",
    "padding",
    "products",
    "reductions",
    "selections",
    "shapes",
    "without_gradient",
]
