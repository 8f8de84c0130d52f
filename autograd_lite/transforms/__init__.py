"""Transforms of functions: what `grad` and its kin do to a function of arrays."""

from .gradient import grad, value_and_grad

__all__ = ["grad", "value_and_grad"]
