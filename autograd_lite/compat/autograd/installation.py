"""`install()`: programs that `import autograd` get this one."""

import sys
from importlib import import_module

PACKAGE = __name__.rpartition(".")[0]
MODULES = (
    "", "builtins", "core", "differential_operators", "extend", "misc", "misc.fixed_points",
    "misc.flatten", "misc.optimizers", "misc.tracers", "numpy", "numpy.fft", "numpy.linalg",
    "numpy.numpy_boxes", "numpy.numpy_vjps", "numpy.numpy_vspaces", "numpy.numpy_wrapper",
    "numpy.random", "test_util", "tracer", "util", "wrap_util",
)  # fmt: skip
SCIPY = (
    "scipy", "scipy.integrate", "scipy.linalg", "scipy.signal", "scipy.special", "scipy.stats",
    *(f"scipy.stats.{name}" for name in (
        "beta", "chi2", "dirichlet", "gamma", "multivariate_normal", "norm", "poisson", "t",
    )),
)  # fmt: skip


def install() -> None:
    """Let `import autograd`, also in packages of others, find these modules from now on.

    Call it before anything imports autograd: RuntimeError if that has happened. `autograd.scipy`
    is there if SciPy is.
    """
    present = sys.modules.get("autograd")
    if present is not None and present.__name__ != PACKAGE:
        raise RuntimeError(
            f"autograd is imported already, from {present.__file__}; call install() before that"
        )
    for name in MODULES:
        alias(name)
    try:
        import_module("scipy")
    except ImportError:
        return
    for name in SCIPY:
        alias(name)


def alias(name: str) -> None:
    """Let a module of this package be found as one of autograd."""
    own, there = f"{PACKAGE}.{name}".rstrip("."), f"autograd.{name}".rstrip(".")
    sys.modules[there] = import_module(own)
