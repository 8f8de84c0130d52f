"""Derivative rules, one file per family of functions. Importing this package declares them all."""

from . import (
    angles,
    bessel,
    einsum,
    elementwise,
    networks,
    normal,
    padding,
    pairs,
    powers,
    products,
    reductions,
    remainders,
    selections,
    shapes,
    without_gradient,
)

__all__ = [
    "angles",
    "bessel",
    "einsum",
    "elementwise",
    "networks",
    "normal",
    "padding",
    "pairs",
    "powers",
    "products",
    "reductions",
    "remainders",
    "selections",
    "shapes",
    "without_gradient",
]
