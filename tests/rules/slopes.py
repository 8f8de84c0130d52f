"""Gradients at a point, for tests of conventions."""

import warnings
from typing import Any

import numpy as np

import autograd_lite as ag


def slopes(f: Any, *points: Any) -> list[Any]:
    """The gradients of the sum of f at float64 points."""
    leaves = [ag.Tensor(np.array(point, float)) for point in points]
    f(*leaves).sum().backward()
    return [leaf.grad.tolist() for leaf in leaves]


def slopes_at_edges(f: Any, point: Any) -> Any:
    """The gradient of the sum of f at a float64 point where warnings are due."""
    leaf = ag.Tensor(np.array(point, float))
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        f(leaf).sum().backward()
    return leaf.grad
