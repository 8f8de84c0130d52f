"""Automatic differentiation of plain NumPy code.

Wrap the arrays you want gradients for in a `Tensor`; every NumPy call records itself.

>>> import numpy as np
>>> import autograd_lite as ag
>>> w = ag.Tensor([1.0, 2.0])
>>> np.sum(np.exp(w) * 3).backward()
>>> np.allclose(w.grad, 3 * np.exp([1.0, 2.0]))
True
"""

from importlib import import_module
from typing import Any

from . import numpy as numpy
from . import rules as rules  # declares the derivatives
from .core.errors import GraphError, NotDifferentiableError, RuleError
from .core.operation import (
    ELEMENTWISE,
    GENERAL,
    LINEAR,
    MULTILINEAR,
    SHAPE,
    Domain,
    declare,
)
from .core.tensor import Tensor
from .core.trace import no_grad, primitive
from .rules.networks import (
    gelu,
    leaky_relu,
    log_softmax,
    logsumexp,
    relu,
    sigmoid,
    silu,
    softmax,
    softplus,
)
from .transforms import grad, value_and_grad

__version__ = "0.1.0"
__all__ = [
    "ELEMENTWISE",
    "GENERAL",
    "LINEAR",
    "MULTILINEAR",
    "SHAPE",
    "Domain",
    "GradientError",
    "GraphError",
    "NotDifferentiableError",
    "RuleError",
    "Tensor",
    "audit",
    "audit_layer",
    "check_gradients",
    "checkpoint",
    "custom_rule",
    "declare",
    "elementwise_grad",
    "explain",
    "gelu",
    "grad",
    "hessian",
    "hvp",
    "jacobian",
    "jvp",
    "leaky_relu",
    "linearize",
    "log_softmax",
    "logsumexp",
    "map_tree",
    "minimize",
    "no_grad",
    "primitive",
    "ravel",
    "register_tree",
    "relu",
    "sigmoid",
    "silu",
    "softmax",
    "softplus",
    "stop_gradient",
    "trace_nan",
    "value_and_grad",
    "verbatim",
    "vjp",
    "vmap",
]

# What is not needed to compute gradients is imported when it is first asked for.
LATER = {
    "GradientError": "checking.verdicts",
    "audit": "checking.audits.auditing",
    "audit_layer": "checking.audits.auditing",
    "check_gradients": "checking.gradients",
    "checkpoint": "transforms.checkpointing",
    "custom_rule": "transforms.custom_rules",
    "elementwise_grad": "transforms.derivatives",
    "explain": "checking.audits.explaining",
    "hessian": "transforms.derivatives",
    "hvp": "transforms.derivatives",
    "jacobian": "transforms.derivatives",
    "jvp": "transforms.forward",
    "linearize": "transforms.forward",
    "map_tree": "transforms.trees",
    "minimize": "scipy.optimize",
    "ravel": "transforms.raveling",
    "register_tree": "transforms.trees",
    "stop_gradient": "transforms.layers",
    "trace_nan": "transforms.nan_tracing",
    "verbatim": "transforms.verbatim.rebinding",
    "vjp": "transforms.reverse",
    "vmap": "transforms.mapping",
}
MODULES_LATER = {"checking", "testing"}  # testing needs hypothesis


def __getattr__(name: str) -> Any:
    if name in MODULES_LATER:
        return import_module(f".{name}", __name__)
    if name not in LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(f".{LATER[name]}", __name__), name)
    return found  # at once from now on


def __dir__() -> list[str]:
    return sorted({*globals(), *LATER})
